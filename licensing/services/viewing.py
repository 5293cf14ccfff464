"""That the regulator looked at the parties of an application is in the applicant's trail, without a name."""

from __future__ import annotations

from licensing.models import Application
from portal.audit.services import record
from portal.core.actors import Actor


def application_viewed(*, by: Actor, application: Application, what: str = "case") -> None:
    """The applicant sees that the regulator read it; one's own reading leaves no trace."""
    if by.organisation_id != application.organisation_id:
        record(
            "identity.viewed",
            by=by,
            organisation_id=application.organisation_id,
            subject=("application", application.pk),
            data={"number": application.number or "", "what": what},
        )
