"""What the table ``exports`` says of each line: whether its goods are controlled, and how it stands with its licence."""

from __future__ import annotations

from typing import Final

import numpy as np

from reporting.checks.columns import NA
from reporting.checks.derive.context import Array, Context, Ints, find, provide, take, take_text

__all__ = ["line_export"]

_FLAGS: Final = ("controlled", "destination_other", "party_other", "entry_other", "uses_over")


def line_export(context: Context) -> Ints:
    """Return for each line the position of its row in ``exports``, -1 where it has none.

    Of lines with one number only the first is told of; the numbers are mended first.
    """
    filing, number = context.array("exports", "filing_id"), context.array("exports", "line_no")
    if not len(filing):
        return np.full(len(context.array("lines", "line_no")), -1, dtype=np.int64)
    filings = np.unique(np.concatenate((filing, context.array("lines", "filing_id"))))
    width = np.int64(2**32)
    keys = np.searchsorted(filings, filing) * width + number
    wanted = np.searchsorted(filings, context.array("lines", "filing_id")) * width
    wanted = wanted + context.array("lines", "line_no")
    distinct, first = np.unique(keys, return_index=True)
    places = find(distinct, wanted)
    found: Ints = np.where(places >= 0, first[places], -1)
    return found


def _flag(name: str) -> None:
    provide("line", name, lambda c: take(c.array("exports", name), c.once(line_export), False))


def _text(name: str, column: str) -> None:
    provide("line", name, lambda c: take_text(c.text("exports", column), c.once(line_export)))


def _over(context: Context) -> Array:
    grams: Array = take(context.array("exports", "over_g"), context.once(line_export), NA)
    return np.where(grams > 0, grams, NA)


for _name in _FLAGS:
    _flag(_name)
_text("control_code", "control_code")
_text("licence_fault", "fault")
provide("line", "over_g", _over)
