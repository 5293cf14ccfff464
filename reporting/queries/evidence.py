"""The figures that a finding rests on, as a small table in the reader's language.

Evidence is kept as the check read it: column names, whole grams and fen, codes. What only steers a check (a mask, an id)
is left out; every other column has its words here, which a test sees to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.figures import format_quantity
from portal.core.months import Month
from portal.core.quantities import CNY_PLACES, KG_PLACES
from portal.core.templatetags.lodestone import day, figure, moment, month
from portal.registry.models import Stage
from reporting.checks.columns import STAGES
from reporting.models import Kind
from reporting.queries.figure_words import LEFT_OUT, WITHHELD, WORDS

_UNITS: dict[str, str | Promise] = {
    "_halfg": "kg",
    "_cny_kg": gettext_lazy("CNY a kg"),
    "_g": "kg",
    "_kg": "kg",
    "_fen": "CNY",
    "_cny": "CNY",
    "_pct": "%",
    "_times": gettext_lazy("times"),
}


MOST_LETTERS: Final = 24


@dataclass(frozen=True)
class Figure:
    """One figure: what is compared, its value in words, its unit."""

    name: str
    value: str
    unit: str

    @property
    def is_long(self) -> bool:
        """Whether it is more than fits into a column of figures."""
        return len(self.value) > MOST_LETTERS


def own_figures_of(evidence: Mapping[str, Any]) -> list[Figure]:
    """What an organisation is shown of them: none that others reported."""
    return figures_of({name: value for name, value in evidence.items() if name not in WITHHELD})


def figures_of(evidence: Mapping[str, Any]) -> list[Figure]:
    """The figures in the order the check read them, each with the decimals it was reported with where they are known."""
    return [
        _figure(name, evidence)
        for name in evidence
        if name not in LEFT_OUT and not name.endswith("_dp") and evidence[name] not in (None, "")
    ]


def _figure(name: str, evidence: Mapping[str, Any]) -> Figure:
    value = evidence[name]
    suffix = next((suffix for suffix in _UNITS if name.endswith(suffix)), "")
    decimals = evidence.get(f"{name.removesuffix(suffix)}_dp")
    shown = _shown(name, value, decimals if isinstance(decimals, int) else 0)
    return Figure(str(WORDS.get(name, name)), shown, str(_UNITS.get(suffix, "")))


def _shown(name: str, value: Any, decimals: int) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return _whole(name, value, decimals)
    if isinstance(value, float):
        return _estimate(value)
    return str(value).capitalize() if name == "element" else str(value)


def _estimate(value: float) -> str:
    """An estimate says no more than it knows: whole from a thousand on, else four digits."""
    return number_format(f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}", force_grouping=True)


def _whole(name: str, value: int, decimals: int) -> str:
    if name.endswith("_halfg"):
        return format_quantity(value * 5, KG_PLACES + 1, decimals)
    if name.endswith("_g"):
        return format_quantity(value, KG_PLACES, decimals)
    if name.endswith("_fen"):
        return format_quantity(value, CNY_PLACES, decimals)
    writer = next((writer for end, writer in _CODES.items() if name.endswith(end)), figure)
    return writer(value)


def _stage(code: int) -> str:
    return str(Stage(STAGES[code - 1]).label) if 0 < code <= len(STAGES) else "–"


def _kind(code: int) -> str:
    return str(Kind(code).label) if code in Kind else "–"


def _day(days: int) -> str:
    return day(date(1970, 1, 1) + timedelta(days=days))


def _instant(seconds: int) -> str:
    return moment(datetime.fromtimestamp(seconds, UTC))


_CODES: dict[str, Callable[[int], str]] = {
    "kind": _kind,
    "stage": _stage,
    "period": lambda index: month(Month(index)),
    "date": _day,
    "_day": _day,
    "due": _instant,
    "submitted": _instant,
    "as_of": _instant,
    "_line_no": str,
}
"""How a whole number that is a code is written, by the end of its column's name."""
