"""The figures that a finding rests on, as a small table: columns named and units written as the reader expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.core.figures import format_quantity
from portal.core.quantities import CNY_PLACES, KG_PLACES
from portal.core.templatetags.lodestone import figure
from reporting.checks.words import show
from reporting.queries.line_words import LABELS

_UNITS = {"_halfg": "kg", "_g": "kg", "_kg": "kg", "_fen": "CNY", "_pct": "%", "_cny_kg": "CNY/kg"}


@dataclass(frozen=True)
class Figure:
    """One figure: the check's own name for the column, its value in words, its unit."""

    name: str
    value: str
    unit: str
    number: bool


def figures_of(evidence: Mapping[str, Any], translate: Any = _) -> list[Figure]:
    """The figures in the order the check read them; the numbers of decimals beside them are left out."""
    return [_figure(name, value, translate) for name, value in evidence.items() if not name.endswith("_dp")]


def _figure(name: str, value: Any, translate: Any) -> Figure:
    unit = next((unit for suffix, unit in _UNITS.items() if name.endswith(suffix)), "")
    stem = next((name.removesuffix(suffix) for suffix in _UNITS if name.endswith(suffix)), name)
    label = str(LABELS.get(stem, stem.replace("_", " ")))
    return Figure(
        label,
        _value(name, value, translate),
        unit if value is not None else "",
        isinstance(value, int | float),
    )


def _value(name: str, value: Any, translate: Any) -> str:
    if value is None or isinstance(value, bool):
        return "–" if value is None else (_("yes") if value else _("no"))
    if isinstance(value, int):
        if name.endswith("_halfg"):
            return format_quantity(value * 5, KG_PLACES + 1, 0)
        if name.endswith("_g"):
            return format_quantity(value, KG_PLACES, 0)
        return format_quantity(value, CNY_PLACES, 0) if name.endswith("_fen") else figure(value)
    if isinstance(value, float):
        return f"{value:,.6g}"
    return show(name, value, translate) if isinstance(value, str) else str(value)
