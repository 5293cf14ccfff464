"""The rows of one version of the list as plain text, as files hold them and as pure rules read them."""

from __future__ import annotations

from datetime import date
from typing import Any

from licensing.domain.classification import contents, reference_codes
from licensing.domain.classification.list_rows import TABLES, Row
from licensing.domain.classification.reference_codes import DatedCode
from licensing.models import (
    CustomsMeaning,
    Entry,
    Instrument,
    ListVersion,
    ReferenceCode,
    Regime,
    Suspension,
    Threshold,
)


def tables_of(version: ListVersion) -> dict[str, list[Row]]:
    """Every table of the version, in the order of its keys."""
    codes: dict[int, list[DatedCode]] = {}
    for code in ReferenceCode.objects.filter(version=version):
        codes.setdefault(code.entry_id, []).append(DatedCode(code.hs_code, code.valid_from, code.valid_until))
    suspensions = Suspension.objects.filter(version=version).select_related("instrument", "by")
    entries = Entry.objects.filter(version=version).select_related("instrument")
    return {
        "instruments": [_row("instruments", one) for one in Instrument.objects.filter(version=version)],
        "suspensions": [
            _row("suspensions", one, instrument=one.instrument.code, by=one.by.code) for one in suspensions
        ],
        "entries": [entry_row(one, codes.get(one.pk, [])) for one in entries],
        "thresholds": [
            _row("thresholds", one, content_pct=contents.per_cent(one.content_upct))
            for one in Threshold.objects.filter(version=version)
        ],
        "regimes": [_row("regimes", one) for one in Regime.objects.filter(version=version)],
        "customs_meanings": [
            _row("customs_meanings", one) for one in CustomsMeaning.objects.filter(version=version)
        ],
    }


def entry_row(entry: Entry, codes: list[DatedCode]) -> Row:
    """One entry as a row of its file."""
    return _row(
        "entries", entry, instrument=entry.instrument.code, reference_hs=reference_codes.written(codes)
    )


def _row(table: str, one: Any, **given: str) -> Row:
    return {
        name: given[name] if name in given else _text(getattr(one, name)) for name in TABLES[table].columns
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
