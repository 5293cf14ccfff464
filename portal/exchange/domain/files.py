"""A table's file as blocks of columns: RFC 4180, UTF-8, a header row, packed or not. A block at a time is in memory."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from portal.exchange.domain.dictionary import TABLES, Table
from portal.exchange.domain.faults import LoadFault

SUFFIXES: Final = (".csv", ".csv.gz")
ROWS_AT_ONCE: Final = 50_000


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies in a folder: the files of the tables that are taken, those that are none, and faults of the folder."""

    files: dict[str, Path]
    unknown: list[str]  # files that are no table of the dictionary
    faults: list[LoadFault]


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file by column; a column that the file does not have is absent. ``rows`` are their numbers."""

    rows: Sequence[int]
    cells: dict[str, Sequence[str]]


def look_into(folder: Path) -> Folder:
    """Find the dictionary's tables in a folder. NotADirectoryError where there is none."""
    found = Folder({}, [], [])
    for path in sorted(folder.iterdir()):
        stem = next(
            (path.name.removesuffix(suffix) for suffix in reversed(SUFFIXES) if path.name.endswith(suffix)),
            None,
        )
        if stem is None or not path.is_file():
            continue
        if stem not in TABLES:
            found.unknown.append(path.name)
        elif stem in found.files:
            found.faults.append(LoadFault(path.name, 1, "", "table_twice", {"other": found.files[stem].name}))
        else:
            found.files[stem] = path
    return found


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        stream = gzip.GzipFile(fileobj=raw) if path.name.endswith(".gz") else raw
        with io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8-sig", newline="") as text:  # type: ignore[type-var]
            yield text


def blocks(path: Path, table: Table, faults: list[LoadFault]) -> Iterator[Block]:
    """Read a file block by block; what is wrong with its form is added to ``faults``, and the sound rows go on."""
    row = 0
    try:
        with _opened(path) as text:
            reader = csv.reader(text, strict=True)
            header = next(reader, None)
            row = 1
            names = _header(path.name, header, table, faults)
            if names is None:
                return
            while chunk := list(islice(reader, ROWS_AT_ONCE)):
                yield _block(path.name, chunk, row + 1, names, faults)
                row += len(chunk)
    except UnicodeDecodeError:
        faults.append(LoadFault(path.name, row + 1, "", "not_utf8"))
    except csv.Error as error:
        faults.append(LoadFault(path.name, row + 1, "", "not_csv", {"reason": str(error)}))
    except (OSError, EOFError, zlib.error) as error:
        faults.append(LoadFault(path.name, row + 1, "", "unreadable_file", {"reason": str(error)}))


def _header(file: str, header: list[str] | None, table: Table, faults: list[LoadFault]) -> list[str] | None:
    """The columns of a file; None where it cannot be read by them."""
    if not header:
        faults.append(LoadFault(file, 1, "", "no_header"))
        return None
    before = len(faults)
    for place, name in enumerate(header):
        if name not in table.names:
            faults.append(LoadFault(file, 1, name, "unknown_column", {"known": ", ".join(table.names)}))
        elif name in header[:place]:
            faults.append(LoadFault(file, 1, name, "column_twice"))
    faults += [LoadFault(file, 1, name, "column_missing") for name in table.needed if name not in header]
    return header if len(faults) == before else None


def _block(file: str, chunk: list[list[str]], first: int, names: list[str], faults: list[LoadFault]) -> Block:
    numbers: Sequence[int] = range(first, first + len(chunk))
    if any(len(row) != len(names) for row in chunk):
        pairs = [
            (number, row) for number, row in zip(numbers, chunk, strict=True) if row
        ]  # a blank line is no row
        faults += [
            LoadFault(file, number, "", "cells_in_row", {"count": len(row), "expected": len(names)})
            for number, row in pairs
            if len(row) != len(names)
        ]
        pairs = [(number, row) for number, row in pairs if len(row) == len(names)]
        numbers, chunk = [number for number, _row in pairs], [row for _number, row in pairs]
    columns = zip(*chunk, strict=True) if chunk else ((),) * len(names)
    return Block(numbers, dict(zip(names, columns, strict=True)))
