"""The chain written out, so that somebody else can recompute it without our database and our code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portal.audit.canonical import event_bytes
from portal.audit.queries import chained_rows, plain_row


def write_chain(file: Path) -> int:
    """Write one line a sealed event: its seal's digest in hex, a space, its canonical bytes; the number of lines.

    FileExistsError where the file is there already. An event that is missing, or none any more, leaves its place empty.
    """
    count = 0
    with file.open("xb") as out:
        for _sequence, _event_id, digest, stored in chained_rows():
            out.write(digest.hex().encode() + b" " + _body(stored) + b"\n")
            count += 1
    return count


def _body(stored: tuple[Any, ...] | None) -> bytes:
    try:
        return b"" if stored is None else event_bytes(plain_row(stored))
    except ValueError:
        return b""
