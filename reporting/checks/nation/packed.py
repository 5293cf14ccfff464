"""What was gathered of a part of the nation as bytes, so that another process puts the parts together; no code is in them."""

from __future__ import annotations

import io
import json
from dataclasses import fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.nation.gather import Gathered

__all__ = ["packed", "unpacked"]

_CODES: Final = "codes"
_WORDS: Final = "words"
_KIND: Final = "kind"


def packed(gathered: Gathered) -> bytes:
    """The tables column by column; of words each distinct one once."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for item in fields(Gathered):
        frame: pd.DataFrame = getattr(gathered, item.name)
        for place, name in enumerate(frame.columns):
            key = f"{item.name}/{place:02}/{name}"
            column = frame[name].to_numpy()
            if column.dtype == object:
                codes, words = pd.factorize(column)
                text = json.dumps(words.tolist(), ensure_ascii=False).encode()
                arrays[f"{key}/{_CODES}"] = codes.astype(np.int32)
                arrays[f"{key}/{_KIND}"] = np.array(str(frame[name].dtype))
                arrays[f"{key}/{_WORDS}"] = np.frombuffer(text, dtype=np.uint8)
            else:
                arrays[key] = column
    body = io.BytesIO()
    np.savez_compressed(body, **arrays)  # type: ignore[arg-type]
    return body.getvalue()


def unpacked(body: bytes) -> Gathered:
    """The same tables again."""
    tables: dict[str, dict[str, Any]] = {item.name: {} for item in fields(Gathered)}
    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        for key in sorted(arrays.files):
            table, _place, name, *part = key.split("/")
            if not part:
                tables[table][name] = arrays[key]
            elif part[0] == _CODES:
                column = key.removesuffix(_CODES)
                words = json.loads(arrays[column + _WORDS].tobytes())
                values = np.array([*words, None], dtype=object)[arrays[key]]
                tables[table][name] = pd.Series(values, dtype=str(arrays[column + _KIND]))
    return Gathered(**{name: pd.DataFrame(columns, copy=False) for name, columns in tables.items()})
