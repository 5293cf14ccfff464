"""Work for the workers that follows from a review."""

from __future__ import annotations

from portal.core.actors import Actor
from portal.core.durable import durable
from reporting.services import findings


@durable("reporting.question_closed")
def question_closed(question_id: int) -> None:
    """A question needs nothing more: the finding it was about waits for its reviewer again."""
    findings.question_closed(by=Actor.system("questions"), question_id=question_id)
