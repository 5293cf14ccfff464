"""Rows as text that is the same whatever database they come from: PostgreSQL's ``COPY`` form, with each kind of value pinned.

Columns are separated by tabs, rows end with a newline, NULL is ``\\N``. Instants are UTC to the microsecond, decimals have
their column's places, booleans are t and f, bytes are ``\\x`` and hex, JSON has sorted keys and no spaces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

NULL: Final = "\\N"
_SIGNS: Final = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_ESCAPES: Final = str.maketrans(_SIGNS)
_PLAIN: Final = {escaped: sign for sign, escaped in _SIGNS.items()}
_ESCAPED: Final = re.compile(r"\\.", re.DOTALL)
_EXACT_FLOATS: Final = 1e15  # above this PostgreSQL writes whole numbers where Python writes exponents

Kind = str  # integer, boolean, text, instant, date, json, bytes, uuid, or decimal:PLACES


def escape(text: str) -> str:
    """A text as one column of a row."""
    return text.translate(_ESCAPES)


def unescape(column: str) -> str:
    """The text that a column stands for."""
    return _ESCAPED.sub(lambda found: _PLAIN[found[0]], column) if "\\" in column else column


def same_json(text: str) -> str:
    """A JSON text in the one form that every database's JSON of the same value is brought into."""
    value = json.loads(text, parse_float=_number)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _number(written: str) -> float | int:
    value = float(written)
    if value.is_integer() and abs(value) >= _EXACT_FLOATS:
        return int(value)
    return value or 0.0


def json_mended(row: bytes, places: Sequence[int]) -> bytes:
    """A row as PostgreSQL copies it out, with the JSON columns at ``places`` in the one form."""
    columns = row[:-1].split(b"\t")
    for place in places:
        if columns[place] != b"\\N":
            columns[place] = escape(same_json(unescape(columns[place].decode()))).encode()
    return b"\t".join(columns) + b"\n"


def rows_from(values: Iterable[Sequence[Any]], kinds: Sequence[Kind]) -> Iterator[bytes]:
    """Rows of the values that SQLite's driver gives."""
    writers = [_writer(kind) for kind in kinds]
    for row in values:
        columns = [NULL if value is None else write(value) for write, value in zip(writers, row, strict=True)]
        yield ("\t".join(columns) + "\n").encode()


def values_from(lines: Iterable[bytes], kinds: Sequence[Kind]) -> Iterator[list[Any]]:
    """The values that SQLite's driver takes for rows; each line with its end."""
    readers = [_reader(kind) for kind in kinds]
    for line in lines:
        columns = line[:-1].decode().split("\t")
        yield [
            None if column == NULL else read(column) for read, column in zip(readers, columns, strict=True)
        ]


def lines_of(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Whole rows, each with its end, out of blocks cut anywhere."""
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            yield line + b"\n"
    if rest:
        yield rest


def _writer(kind: Kind) -> Callable[[Any], str]:
    if kind.startswith("decimal:"):
        places = kind.partition(":")[2]
        return lambda value: format(Decimal(str(value)), f".{places}f")
    return _WRITERS[kind]


def _instant(value: Any) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    text: str = moment.isoformat(timespec="microseconds")
    return text[:-6] + "Z"


def _uuid(value: Any) -> str:
    digits = str(value).replace("-", "")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


_WRITERS: Final[dict[Kind, Callable[[Any], str]]] = {
    "integer": str,
    "boolean": lambda value: "t" if value else "f",
    "text": escape,
    "instant": _instant,
    "date": lambda value: value.isoformat() if isinstance(value, date) else value,
    "json": lambda value: escape(same_json(value)),
    "bytes": lambda value: "\\\\x" + bytes(value).hex(),
    "uuid": _uuid,
}


def _reader(kind: Kind) -> Callable[[str], Any]:
    return str if kind.startswith("decimal:") else _READERS[kind]


def _stored_instant(column: str) -> str:
    """As Django stores it in SQLite: no zone, no fraction where there is none."""
    text = f"{column[:10]} {column[11:-1]}"
    return text.removesuffix(".000000")


_READERS: Final[dict[Kind, Callable[[str], Any]]] = {
    "integer": int,
    "boolean": lambda column: int(column == "t"),
    "text": unescape,
    "instant": _stored_instant,
    "date": str,
    "json": unescape,
    "bytes": lambda column: bytes.fromhex(column[3:]),
    "uuid": lambda column: column.replace("-", ""),
}
