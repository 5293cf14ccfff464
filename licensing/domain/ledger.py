"""The arithmetic of a licence's ledger: accounts of one line in integer grams, and which movement may post where.

Double entry: every movement takes grams from one account and gives them to another. ``granted`` stands for the
authority outside the licence; the four others are the line's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Final


class Account(StrEnum):
    """Where grams are. Codes are stored."""

    GRANTED = "granted"  # the authority: what it gave, negative by what it gave
    AVAILABLE = "available"  # authorised and neither promised nor gone
    RESERVED = "reserved"  # promised to shipments that are not declared yet
    DRAWN = "drawn"  # has left
    CARRIED = "carried"  # went over to the licence that replaces this one


class MovementKind(StrEnum):
    """What happened. Codes are stored and scripted against."""

    AUTHORISE = "authorise"
    RESERVE = "reserve"
    RELEASE = "release"
    DRAW = "draw"
    REVERSE = "reverse"
    ADJUST = "adjust"
    CARRY = "carry"


_K, _A = MovementKind, Account
POSTINGS: Final[Mapping[str, frozenset[tuple[str, str]]]] = {
    _K.AUTHORISE: frozenset({(_A.GRANTED, _A.AVAILABLE)}),
    _K.RESERVE: frozenset({(_A.AVAILABLE, _A.RESERVED)}),
    _K.RELEASE: frozenset({(_A.RESERVED, _A.AVAILABLE)}),
    _K.DRAW: frozenset({(_A.AVAILABLE, _A.DRAWN), (_A.RESERVED, _A.DRAWN)}),
    # what a replaced licence drew and is taken back goes on to its successor
    _K.REVERSE: frozenset({(_A.DRAWN, _A.AVAILABLE), (_A.DRAWN, _A.CARRIED)}),
    _K.ADJUST: frozenset(
        {
            (_A.AVAILABLE, _A.DRAWN),
            (_A.DRAWN, _A.AVAILABLE),
            (_A.DRAWN, _A.CARRIED),
            (_A.CARRIED, _A.DRAWN),
            (_A.GRANTED, _A.AVAILABLE),
            (_A.AVAILABLE, _A.GRANTED),
        }
    ),
    _K.CARRY: frozenset(
        {
            (_A.AVAILABLE, _A.CARRIED),
            (_A.RESERVED, _A.CARRIED),
            (_A.AVAILABLE, _A.DRAWN),
            (_A.AVAILABLE, _A.RESERVED),
        }
    ),
}
"""Kind -> the pairs (from, to) that it may post; the database knows the same table."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The balances of one line in grams."""

    authorised: int = 0
    reserved: int = 0
    drawn: int = 0
    carried: int = 0

    @property
    def available(self) -> int:
        """Authorised and neither promised nor gone; below zero by what the tolerance let out."""
        return self.authorised - self.reserved - self.drawn - self.carried

    def after(self, source: str, target: str, grams: int) -> Accounts:
        """The balances once ``grams`` have gone from one account to the other."""
        change = dict.fromkeys(Account, 0)
        change[Account(source)] -= grams
        change[Account(target)] += grams
        return Accounts(
            self.authorised - change[Account.GRANTED],
            self.reserved + change[Account.RESERVED],
            self.drawn + change[Account.DRAWN],
            self.carried + change[Account.CARRIED],
        )

    def hold(self, ceiling: int) -> bool:
        """Whether nothing is below zero and no more is promised and gone than may leave."""
        own = (self.authorised, self.reserved, self.drawn, self.carried)
        return min(own) >= 0 and self.reserved + self.drawn + self.carried <= ceiling


def draw_key(declaration: tuple[str, int]) -> str:
    """The key by which an item of a declaration draws once, whichever door it comes by."""
    return f"draw:{declaration[0]}:{declaration[1]}"


def ceiling_of(authorised_g: int, tolerance_pct: Decimal) -> int:
    """What may leave with the tolerance: authorised grams and their share, cut down to the whole gram.

    The share is never rounded up: the last gram is the authority's.
    """
    share = Decimal(authorised_g) * tolerance_pct / 100
    return authorised_g + int(share.to_integral_value(ROUND_FLOOR))
