"""The goods of an application judged by the list in force: the same classification as everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from licensing.domain.classification import ASSAY_REQUIRED, LICENCE_REQUIRED, Verdict
from licensing.models import ApplicationLine
from licensing.queries import control_list
from licensing.queries.classification import verdicts_of

_WANTED = {LICENCE_REQUIRED: "yes", ASSAY_REQUIRED: "unknown"}


def judge_lines(lines: Sequence[ApplicationLine], on: date) -> int:
    """Each line, not saved yet, carries its verdict of that day; the number of the list's version."""
    listed = control_list.in_force()
    verdicts = verdicts_of(lines, on=on, control_list=listed)
    for line, verdict in zip(lines, verdicts, strict=True):
        line.verdict = verdict.verdict
        line.control_codes = ";".join(codes_of(verdict))
        line.reasoning = _telling(verdict)
    return listed.version


def judge_line(line: ApplicationLine, on: date) -> None:
    """One line carries its verdict of that day; not saved yet."""
    judge_lines([line], on)


def codes_of(verdict: Verdict) -> list[str]:
    """The entries that control the good that day; where an assay decides, those that it would decide."""
    wanted = _WANTED.get(verdict.verdict, "")
    return [one.control_code for one in verdict.entries if one.decides and one.applies == wanted]


def _telling(verdict: Verdict) -> dict[str, Any]:
    """The verdict with the entries that say something: those that apply, may apply, or would."""
    plain = verdict.plain()
    plain["entries"] = [entry for entry in plain["entries"] if entry["applies"] != "no"]
    return plain
