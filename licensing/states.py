"""States of all that licensing keeps: which there are, and which may follow which. The database refuses the rest."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class LicenceState(StrEnum):
    """Codes of the data dictionary. A licence also expires by its date, whatever its row says."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SURRENDERED = "surrendered"
    EXHAUSTED = "exhausted"
    EXPIRED = "expired"


_S = LicenceState
LICENCE_MOVES: Final[Mapping[str, frozenset[str]]] = {
    _S.VALID: frozenset({_S.SUSPENDED, _S.REVOKED, _S.SURRENDERED, _S.EXHAUSTED, _S.EXPIRED}),
    _S.SUSPENDED: frozenset({_S.VALID, _S.REVOKED, _S.SURRENDERED, _S.EXPIRED}),
    # a draw that is reversed, or an amendment, gives an exhausted licence its balance back
    _S.EXHAUSTED: frozenset({_S.VALID, _S.SUSPENDED, _S.REVOKED, _S.SURRENDERED, _S.EXPIRED}),
    # what was used before the last day and is told after it may still be found to have been wrong
    _S.EXPIRED: frozenset({_S.REVOKED}),
    _S.SURRENDERED: frozenset({_S.REVOKED}),
    _S.REVOKED: frozenset(),
}


class ListState(StrEnum):
    """States of a version of the control list."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"


LIST_MOVES: Final[Mapping[str, frozenset[str]]] = {
    ListState.DRAFT: frozenset({ListState.PUBLISHED, ListState.DISCARDED}),
    ListState.PUBLISHED: frozenset(),
    ListState.DISCARDED: frozenset(),
}


class DeclarationState(StrEnum):
    """What became of one item of a customs declaration."""

    DRAWN = "drawn"
    FREE = "free"
    REFUSED = "refused"
    REVERSED = "reversed"


_D = DeclarationState
DECLARATION_MOVES: Final[Mapping[str, frozenset[str]]] = {
    # a record that is corrected is judged anew; what was taken back stays so
    _D.DRAWN: frozenset({_D.REVERSED, _D.REFUSED}),
    _D.FREE: frozenset({_D.DRAWN, _D.REFUSED, _D.REVERSED}),
    _D.REFUSED: frozenset({_D.DRAWN, _D.FREE, _D.REVERSED}),
    _D.REVERSED: frozenset(),
}


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted_for_processing"
    IN_REVIEW = "in_review"
    REQUESTED = "information_requested"
    RECOMMENDED = "recommended"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


_A = ApplicationState
APPLICATION_MOVES: Final[Mapping[str, frozenset[str]]] = {
    _A.DRAFT: frozenset({_A.SUBMITTED}),
    # the office may close what it cannot accept: sent to the wrong place, or nothing in it is controlled
    _A.SUBMITTED: frozenset({_A.ACCEPTED, _A.WITHDRAWN, _A.CLOSED}),
    _A.ACCEPTED: frozenset({_A.IN_REVIEW, _A.WITHDRAWN}),
    _A.IN_REVIEW: frozenset({_A.REQUESTED, _A.RECOMMENDED, _A.WITHDRAWN}),
    _A.REQUESTED: frozenset({_A.IN_REVIEW, _A.WITHDRAWN}),
    # a recommendation that the second person does not sign goes back to the first
    _A.RECOMMENDED: frozenset({_A.IN_REVIEW, _A.DECIDED, _A.WITHDRAWN}),
    # the appeal window is over, or the licence lives no more
    _A.DECIDED: frozenset({_A.CLOSED}),
    _A.WITHDRAWN: frozenset(),
    _A.CLOSED: frozenset(),
}
LIVE_APPLICATIONS: Final = frozenset({_A.SUBMITTED, _A.ACCEPTED, _A.IN_REVIEW, _A.REQUESTED, _A.RECOMMENDED})
IN_THE_OFFICE: Final = frozenset({_A.ACCEPTED, _A.IN_REVIEW, _A.REQUESTED, _A.RECOMMENDED})


class Outcome(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    REFUSED = "refused"
