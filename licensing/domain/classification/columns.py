"""Verdicts on many goods at once: the form that the filing check, the sweep and the bench use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from licensing.domain.classification.control_list import ControlList, Entry, Standing
from licensing.domain.classification.evaluate import NO, YES, Rule, Subset, answer
from licensing.domain.classification.goods import FORMS, MISSING, Codes, Columns, Integers, metals

NOT_CONTROLLED: Final = "not_controlled"
ASSAY_REQUIRED: Final = "assay_required"
LICENCE_REQUIRED: Final = "licence_required"
VERDICTS: Final = (NOT_CONTROLLED, ASSAY_REQUIRED, LICENCE_REQUIRED)
"""In the order of the answers: no, unknown, yes."""


@dataclass(frozen=True)
class Judged:
    """For each good the place of its verdict in ``VERDICTS``, and of the deciding entry in the list (-1 = none)."""

    verdict: Codes
    entry: Integers


def rule_of(control_list: ControlList, entry: Entry, on: date) -> Rule:
    """The entry with the settings of the day."""
    definition = control_list.threshold_for(entry, on, "definition")
    return Rule(entry, control_list.threshold_for(entry, on), definition)


def groups(
    goods: Columns, bits: dict[str, int], turns: Sequence[int] | None = None
) -> Iterator[tuple[date, str, Subset]]:
    """The goods by day and form; the form is empty where it is not said.

    With ``turns`` all days between two of them are together, under one that a good among them has.
    """
    times = goods.on if turns is None else np.searchsorted(np.asarray(turns), goods.on, side="right")
    key = times * (len(FORMS) + 1) + goods.form + 1
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))[: len(key)])
    for start, end in zip(starts, [*starts[1:], len(key)], strict=False):
        form = int(ordered[start]) % (len(FORMS) + 1)
        word = FORMS[form - 1] if form - 1 != MISSING else ""
        rows = order[start:end]
        yield date.fromordinal(int(goods.on[rows[0]])), word, Subset(goods, rows, bits)


def considered(control_list: ControlList, form: str) -> list[tuple[int, Entry]]:
    """The entries that a good of this form is held against: those of the form, for assemblies also the magnets'.

    Where the form is not said, every entry about goods is.
    """
    wanted = {form, "magnet"} if form == "assembly" else {form} if form else set(FORMS)
    return [(place, entry) for place, entry in enumerate(control_list.entries) if entry.form in wanted]


def classify_columns(goods: Columns, control_list: ControlList) -> Judged:
    """The verdict on every good. Only what is in force on the good's day decides."""
    verdict = np.zeros(len(goods), np.int8)
    deciding = np.full(len(goods), -1, np.int64)
    bits = metals(control_list)
    for on, form, subset in groups(goods, bits, control_list.turns):
        best = np.full(len(subset.rows), NO)
        by = np.full(len(subset.rows), -1, np.int64)
        for place, entry in considered(control_list, form):
            if control_list.status_of_entry(entry, on).standing != Standing.IN_FORCE:
                continue
            found = answer(rule_of(control_list, entry, on), subset)
            better = found > best
            best[better], by[better] = found[better], place
        verdict[subset.rows], deciding[subset.rows] = best, np.where(best == YES, by, -1)
    return Judged(verdict, deciding)
