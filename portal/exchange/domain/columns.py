"""A block's cells as values, column by column; a text is understood once, however often it stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from portal.exchange.domain.dictionary import Column, Table
from portal.exchange.domain.faults import LoadFault, Unparsable
from portal.exchange.domain.files import Block
from portal.exchange.domain.parsing import exact, parse

NA: Final = -(2**63)
_SCALES: Final = {places: [10 ** (places - count) for count in range(places + 1)] for places in (2, 3)}


@dataclass(frozen=True, slots=True)
class _Bad:
    fault: Unparsable


def values(file: str, table: Table, block: Block, faults: list[LoadFault]) -> dict[str, list[Any]]:
    """Every column of a block as values: None where a cell is empty or was refused."""
    return {
        column.name: read(file, column, block, faults)
        if column.name in block.cells
        else [None] * len(block.rows)
        for column in table.columns
    }


def read(file: str, column: Column, block: Block, faults: list[LoadFault]) -> list[Any]:
    """One column as values. A cell that must be there and is not is a fault, as is one that cannot be understood."""
    known: dict[str, Any] = {"": _Bad(Unparsable("value_missing")) if column.needed else None}
    read: list[Any] = []
    for row, text in zip(block.rows, block.cells[column.name], strict=True):
        if text not in known:
            known[text] = _understood(column, text)
        value = known[text]
        if isinstance(value, _Bad):
            faults.append(LoadFault(file, row, column.name, value.fault.code, value.fault.values))
            value = None
        read.append(value)
    return read


def _understood(column: Column, text: str) -> Any:
    try:
        return parse(column, text)
    except Unparsable as fault:
        return _Bad(fault)


def exact_column(
    file: str, column: Column, places: int, block: Block, faults: list[LoadFault]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """A column of quantities as whole units and decimals reported; NA where empty or refused.

    Plain figures go a quick way; everything else goes through the strict reader.
    """
    size = len(block.rows)
    units, decimals = np.full(size, NA, dtype=np.int64), np.full(size, NA, dtype=np.int64)
    if column.name not in block.cells:
        return units, decimals
    scales = _SCALES[places]
    whole_units, counts = [NA] * size, [NA] * size
    for place, text in enumerate(block.cells[column.name]):
        if not text:
            continue
        whole, _, fraction = text.partition(".")
        count = len(fraction)
        if (
            text.isascii()
            and whole.isdigit()
            and len(whole) < 12
            and count <= places
            and (not count or fraction.isdigit())
        ):
            whole_units[place], counts[place] = int(whole + fraction) * scales[count], count
            continue
        try:
            value = exact(text, places)
        except Unparsable as fault:
            faults.append(LoadFault(file, block.rows[place], column.name, fault.code, fault.values))
            continue
        whole_units[place], counts[place] = value.units, value.decimals
    units[:], decimals[:] = whole_units, counts
    return units, decimals


def text_column(file: str, column: Column, block: Block, faults: list[LoadFault]) -> pd.Categorical:
    """A column of text as a Categorical; the empty text is no category."""
    if column.name not in block.cells:
        return pd.Categorical.from_codes([-1] * len(block.rows), categories=pd.Index([], dtype=object))
    codes, words = pd.factorize(np.asarray(block.cells[column.name], dtype=object))
    understood = [None if word == "" else _understood(column, word) for word in words.tolist()]
    refused = np.array([isinstance(word, _Bad) for word in understood], dtype=bool)
    for place in np.flatnonzero(refused[codes]).tolist() if refused.any() else ():
        bad = understood[codes[place]].fault
        faults.append(LoadFault(file, block.rows[place], column.name, bad.code, bad.values))
    return _categories(codes, [None if isinstance(word, _Bad) else word for word in understood])


def _categories(codes: npt.NDArray[np.int64], words: Sequence[str | None]) -> pd.Categorical:
    """Codes into words that may be equal or None, as a Categorical of distinct words."""
    places, distinct = pd.factorize(np.asarray(words, dtype=object))
    return pd.Categorical.from_codes(
        places[codes] if len(words) else codes, categories=pd.Index(distinct, dtype=object)
    )
