"""How urgently a person should look at a finding: one number from 0 to 100, comparable across checks.

A plain table for now: what kind of check it is says how urgent it is. Severity gives the ground (an error contradicts
the filing itself, a warning asks for an explanation, a notice informs); the queue adds what hangs on it: a plain
breach of a duty, or a case that an officer should see, comes before a slip to be asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

GROUND: Final[Mapping[str, int]] = {"error": 60, "warning": 40, "notice": 10}
ADDED: Final[Mapping[str, int]] = {"block": 20, "case": 25, "query": 0}


def score_of(severity: str, queue: str) -> int:
    """The urgency of a finding of that severity and queue, 0 to 100. KeyError for a code that is neither."""
    return GROUND[severity] + ADDED[queue]
