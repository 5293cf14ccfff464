"""The figures that a finding rests on, as a small table: columns named and units written as the reader expects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
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


def figures_of(evidence: Mapping[str, Any], translate: Callable[[str], str] = _) -> list[Figure]:
    """The figures in the order the check read them, each with the decimals it was reported with where they are known."""
    return [_figure(name, evidence, translate) for name in evidence if not name.endswith("_dp")]


def _figure(name: str, evidence: Mapping[str, Any], translate: Callable[[str], str]) -> Figure:
    value = evidence[name]
    suffix = next((suffix for suffix in _UNITS if name.endswith(suffix)), "")
    stem = name.removesuffix(suffix)
    label = str(LABELS.get(stem, stem.replace("_", " ")))
    decimals = evidence.get(f"{stem}_dp")
    shown = _shown(name, value, decimals if isinstance(decimals, int) else 0, translate)
    return Figure(
        label, shown, "" if value is None else _UNITS.get(suffix, ""), isinstance(value, int | float)
    )


def _shown(name: str, value: Any, decimals: int, translate: Callable[[str], str]) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return _whole(name, value, decimals)
    if isinstance(value, float):
        return number_format(f"{value:.6g}", force_grouping=True)
    return show(name, value, translate) if isinstance(value, str) else str(value)


def _whole(name: str, value: int, decimals: int) -> str:
    """Grams as kilograms, half-grams too (of the allowance for rounding), fen as yuan, anything else as a count."""
    if name.endswith("_halfg"):
        return format_quantity(value * 5, KG_PLACES + 1, decimals)
    if name.endswith("_g"):
        return format_quantity(value, KG_PLACES, decimals)
    return format_quantity(value, CNY_PLACES, decimals) if name.endswith("_fen") else figure(value)
