"""Odd CSV files: encodings, separators, quotes, endless rows and cells, and cells that nobody means."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from random import Random

HEAD = ["kind", "product", "quantity_kg", "value_cny", "counterparty", "date", "invoice_no", "note"]
ROW = ["sold", "P-01", "1.5", "900", "C-01", "2026-05-03", "4401", "磁钢"]
CELLS = [
    "NaN", "nan", "-inf", "Infinity", "1e308", "1e309", "-1e-308", "9" * 400, "0x10", "１２．５", "1,5", "1.234.567,8", "1_000", "−5", "٣",
    "=1+1", '=HYPERLINK("http://127.0.0.1","x")', "+SUM(A1)", "-2+3", "@cmd", "\t=1", "＝1", "'=1", "''", '="00123"', "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7*7 }}", "%(typed)s", "%n%s", "${7*7}", "'; DROP TABLE x; --", "O'Brien",
    "\u202egpj.exe", "\u2066abc\u2069", "a\u200bb", "\ufeffP-01", "\u00adP", "e\u0301" * 50, "Z\u0300\u0301\u0302" * 200, "🧲" * 99, "\u2028", "\x85",
    "\x0b", "\x1b[31m", "\x7f", "\ufffe", "\U000e0041", "0000-00-00", "9999-12-31", "31/02/2026", "2026-13-01", "44927", "-44927", "1e5",
    "true", "#REF!", "#N/A", "NULL", "None", "", " ", "　", "x" * 40_000, "../../etc/passwd", "a\nb", 'a"b', "a\rb",
]  # fmt: skip
ENCODINGS = [
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk", "big5", "shift_jis", "euc-kr", "latin-1",
    "cp1251", "utf-7", "cp037", "hz",
]  # fmt: skip

Maker = Callable[[Random], bytes]


def rows(rng: Random, most: int = 30) -> list[list[str]]:
    """Lines of a filing, some cells of which hold what nobody means."""
    made = [list(HEAD)]
    for _ in range(rng.randint(1, most)):
        row = list(ROW)
        for _ in range(rng.choice((0, 0, 1, 2, 8))):
            row[rng.randrange(len(row))] = rng.choice(CELLS)
        made.append(row)
    if rng.random() < 0.2:
        made[0][rng.randrange(len(HEAD))] = rng.choice(CELLS)
    return made


def joined(table: list[list[str]], separator: str = ",", end: str = "\r\n") -> str:
    """The table as text, quoted where it must be."""

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if set(text) & {'"', separator, "\n", "\r"} else text

    return end.join(separator.join(map(cell, row)) for row in table) + end


def odd_cells(rng: Random) -> bytes:
    return joined(rows(rng), rng.choice(",;\t|:"), rng.choice(("\r\n", "\n", "\r"))).encode(
        "utf-8", "surrogatepass"
    )


def odd_encoding(rng: Random) -> bytes:
    written, read = rng.choice(ENCODINGS), rng.choice(ENCODINGS)
    data = joined(rows(rng)).encode(written, "replace")
    mark = "".encode(read) if rng.random() < 0.3 else b""
    return mark + data + (b"\x00" * rng.randint(0, 3) if rng.random() < 0.2 else b"")


def flipped(rng: Random) -> bytes:
    return flip(rng, joined(rows(rng)).encode())


def flip(rng: Random, data: bytes, most: int = 40) -> bytes:
    """Bytes changed, taken out, put in, doubled, cut off."""
    odd = (
        b"\x00",
        b'"',
        b"\xff\xfe",
        b"\r",
        b"\n",
        b"<",
        b"&",
        b"\xef\xbb\xbf",
        b"\x1a",
        b"\xed\xa0\x80",
        b"PK\x03\x04",
    )
    changed = bytearray(data)
    for _ in range(rng.randint(1, most)):
        at = rng.randrange(len(changed) + 1)
        match rng.randrange(6):
            case 0:
                changed[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del changed[at : at + rng.randint(1, 20)]
            case 2:
                changed[at:at] = rng.choice(odd)
            case 3:
                changed[at:at] = rng.randbytes(rng.randint(1, 30))
            case 4:
                changed[at:at] = changed[at : at + rng.randint(1, 200)]
            case _:
                changed[at : at + 1] = (
                    bytes([changed[at] ^ 1 << rng.randrange(8)]) if at < len(changed) else b""
                )
    return bytes(changed[: rng.randrange(len(changed) + 1)]) if rng.random() < 0.1 else bytes(changed)


def odd_quotes(rng: Random) -> bytes:
    text = list(joined(rows(rng)))
    for _ in range(rng.randint(1, 9)):
        text.insert(rng.randrange(len(text)), rng.choice(('"', '""', "'", '"\r\n', ',"', "sep=;\n")))
    return "".join(text).encode("utf-8", "replace")


def first_lines(rng: Random) -> bytes:
    said = rng.choice(
        ("sep=;", "sep=", "sep=ab", "sep=\x00", 'sep="', "sep=\n", "Report\r\n\r\n", "," * 300, "\n" * 500)
    )
    return (said + "\r\n" + joined(rows(rng), rng.choice(",;"))).encode()


def a_million_columns(rng: Random) -> bytes:
    count = rng.choice((300, 10_000, 1_000_000))
    wide = [",".join(HEAD), ",".join(ROW)]
    wide[rng.randrange(2)] += rng.choice((",", ",x")) * count
    return "\n".join(wide).encode()


def very_many_rows(rng: Random) -> bytes:
    line = rng.choice((",".join(ROW) + "\n", "\n", ",,,,\n", "x\n", '"a\nb",\n')).encode()
    return joined([HEAD]).encode() + line * rng.choice((60_000, 120_000, 400_000))


def one_endless_cell(rng: Random) -> bytes:
    filling = rng.choice(("x", "磁", '""', "e\u0301", "\n", " ", "9"))
    opened = rng.choice(('"', ""))
    return (
        joined([HEAD])
        + "sold,P-01,1,1,C-01,2026-05-03,1,"
        + opened
        + filling * rng.choice((50_000, 2_000_000))
        + opened
    ).encode()


def packed(rng: Random) -> bytes:
    data = gzip.compress(joined(rows(rng)).encode(), mtime=0)
    match rng.randrange(5):
        case 0:
            return flip(rng, data, 5)
        case 1:
            return data[: rng.randrange(len(data))]
        case 2:
            return data + data
        case 3:
            return gzip.compress(data, mtime=0)
        case _:
            return data


def packed_bomb(rng: Random) -> bytes:
    return gzip.compress(
        joined([HEAD]).encode() + b"sold,P-01,1\n" * rng.choice((500_000, 20_000_000)), 9, mtime=0
    )


def other_kinds(rng: Random) -> bytes:
    """The first bytes of something else, before or instead of a table."""
    start = rng.choice(
        (
            b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf1", b"<!DOCTYPE html><html>", b"<?xml version='1.0'?>",
            b"MZ\x90\x00", b"\x7fELF", b"GIF89a", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"BZh9", b"#!/bin/sh\n", b"\xef\xbb\xbf<html>", b"SQLite format 3\x00",
        )
    )  # fmt: skip
    return start + rng.choice((b"", joined(rows(rng)).encode(), rng.randbytes(3_000)))


def nothing_at_all(rng: Random) -> bytes:
    return rng.choice(
        (
            b"",
            b"\x00" * 5_000,
            b"\n" * 9_000,
            b" ",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            joined([HEAD]).encode(),
            rng.randbytes(2_000),
        )
    )


#: Each with its share: what is large to make comes seldom.
MAKERS: list[tuple[Maker, int]] = [
    (odd_cells, 160), (odd_encoding, 120), (flipped, 160), (odd_quotes, 80), (first_lines, 40), (a_million_columns, 12), (very_many_rows, 8),
    (one_endless_cell, 12), (packed, 40), (packed_bomb, 3), (other_kinds, 40), (nothing_at_all, 25),
]  # fmt: skip
