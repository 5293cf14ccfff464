"""On which days a licence holds, and which of its lines goods are drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

NOT_HELD = frozenset({"suspended", "revoked", "surrendered", "expired"})


@dataclass(frozen=True, slots=True)
class Days:
    """The days that decide about a licence; ``status`` is today's."""

    issued_on: date
    expires_on: date
    status: str = "valid"
    suspended_from: date | None = None
    suspended_until: date | None = None
    revoked_on: date | None = None
    surrendered_on: date | None = None
    earlier: tuple[
        tuple[date, date], ...
    ] = ()  # suspensions that were over before the latest: first and last day


def fault_on(days: Days, day: date, today: date) -> str:
    """Why the licence does not hold on a day; empty where it does.

    A day that is past is judged by the dates alone, today and later by today's status as well: a suspension without
    a written day acts at once and on nothing that has left.
    """
    suspended = days.suspended_from is not None and days.suspended_from <= day <= (
        days.suspended_until or date.max
    )
    suspended = suspended or any(first <= day <= last for first, last in days.earlier)
    told = (
        ("not_yet_valid", day < days.issued_on),
        ("revoked", days.revoked_on is not None and day >= days.revoked_on),
        ("surrendered", days.surrendered_on is not None and day >= days.surrendered_on),
        ("suspended", suspended),
        ("expired", day > days.expires_on),
        (days.status, day >= today and days.status in NOT_HELD),
    )
    return next((code for code, true in told if true), "")


@dataclass(frozen=True, slots=True)
class LineOffer:
    """One line of a licence as far as choosing goes."""

    line_no: int
    codes: frozenset[str]
    hs_code: str


def line_for(
    lines: Sequence[LineOffer], *, named: int | None, codes: Iterable[str], hs_code: str
) -> tuple[int | None, str]:
    """The number of the line that goods draw, or why there is none: never two.

    The line that was named; where none is, the one line whose control codes the goods classify to, then by HS code.
    """
    wanted = frozenset(codes)
    if named is not None:
        found = next((line for line in lines if line.line_no == named), None)
        if found is None:
            return None, "line_unknown"
        if wanted and found.codes and not _covers(found.codes, wanted):
            return None, "entry_other"
        return named, ""
    fitting = [line for line in lines if wanted and _covers(line.codes, wanted)]
    if not fitting and not (wanted and any(line.codes for line in lines)):
        fitting = [line for line in lines if _same_goods(line.hs_code, hs_code)]
        if not fitting and not wanted and not hs_code and len(lines) == 1:
            fitting = list(lines)
    if len(fitting) > 1:
        narrowed = [line for line in fitting if _same_goods(line.hs_code, hs_code)]
        fitting = narrowed or fitting
    if len(fitting) == 1:
        return fitting[0].line_no, ""
    return None, "line_ambiguous" if fitting else "entry_other"


def _covers(line_codes: frozenset[str], wanted: frozenset[str]) -> bool:
    """Whether one of the goods' codes is one of the line's, or lies below one (1C905.a covers 1C905.a.4)."""
    return any(code == own or code.startswith(f"{own}.") for code in wanted for own in line_codes)


def _same_goods(one: str, other: str) -> bool:
    """Whether two customs codes name the same goods as far as both go (6, 8 or 10 digits)."""
    shared = min(len(one), len(other))
    return shared >= 6 and one[:shared] == other[:shared]
