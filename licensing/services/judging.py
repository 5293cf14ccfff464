"""The goods of an application judged by the list in force: the same classification as everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from licensing.domain.classification import STAGE_FORMS, Good, Verdict, classify
from licensing.models import ApplicationLine
from licensing.queries import control_list
from portal.registry.models import ProductDetails


def good_of(product: ProductDetails, key: str = "") -> Good:
    """A product of the catalogue, or a frozen copy of one, as classification takes it."""
    return Good(
        id=key or product.code,
        form=STAGE_FORMS.get(product.stage),
        family=product.family or None,
        grade=product.grade,
        processing_level=product.processing_level or None,
        contents=product.contents,
        partners=tuple(symbol for symbol in product.partners.split(";") if symbol),
        hs_code=product.hs_code,
        description=product.name,
    )


def judge_lines(lines: Sequence[ApplicationLine], on: date) -> int:
    """Each line, not saved yet, carries its verdict of that day; the number of the list's version."""
    listed = control_list.in_force()
    verdicts = classify([good_of(line, str(line.line_no)) for line in lines], listed, on=on)
    for line, verdict in zip(lines, verdicts, strict=True):
        line.verdict = verdict.verdict
        line.control_codes = ";".join(_codes(verdict))
        line.reasoning = _plain(verdict)
    return int(listed.version)


def judge_line(line: ApplicationLine, on: date) -> None:
    """One line carries its verdict of that day; not saved yet."""
    judge_lines([line], on)


def _codes(verdict: Verdict) -> list[str]:
    """The entries that control the good that day; where an assay decides, those that it would decide."""
    wanted = {"licence_required": "yes", "assay_required": "unknown"}.get(verdict.verdict, "")
    return [
        entry.control_code
        for entry in verdict.entries
        if entry.applies == wanted and entry.status == "in_force"
    ]


def _plain(verdict: Verdict) -> dict[str, Any]:
    return {
        "verdict": verdict.verdict,
        "list_version": verdict.list_version,
        "entries": [
            {
                "control_code": entry.control_code,
                "instrument": entry.instrument,
                "status": entry.status,
                "applies": entry.applies,
                "because": {"en": entry.because.en, "zh": entry.because.zh},
            }
            for entry in verdict.entries
            if entry.applies != "no" or entry.status != "in_force"
        ],
        "missing": list(verdict.missing),
        "contradictions": [{"en": words.en, "zh": words.zh} for words in verdict.contradictions],
    }
