"""The form of a backup: rows that are the same from every database, and a file that only its key opens."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.exchange.domain.archive import ArchiveReader, ArchiveWriter
from portal.exchange.domain.portable import (
    NULL,
    escape,
    json_mended,
    lines_of,
    rows_from,
    same_json,
    unescape,
    values_from,
)
from portal.exchange.domain.sealed_file import PIECE, SealedFault, SealedWriter, opened
from portal.exchange.services.state_tables import LEFT_OUT, SEEDED, state_tables

KEY = "a key for the tests that nobody guesses"
TEXTS = some.text(some.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


def sealed(data: bytes, step: int = 700_000) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, KEY)
    for start in range(0, len(data), step):
        writer.write(data[start : start + step])
    writer.close()
    return file.getvalue()


def read(data: bytes, key: str = KEY) -> bytes:
    return b"".join(opened(io.BytesIO(data), key))


@given(TEXTS)
def test_a_text_comes_back_from_a_column(text: str) -> None:
    column = escape(text)
    assert unescape(column) == text
    assert not {"\t", "\n", "\r"} & set(column)
    assert column != NULL


@given(
    some.lists(some.tuples(some.none() | some.integers(), some.none() | TEXTS, some.booleans()), max_size=5)
)
def test_rows_come_back_from_blocks_cut_anywhere(rows: list[tuple[Any, ...]]) -> None:
    kinds = ["integer", "text", "boolean"]
    data = b"".join(rows_from(rows, kinds))
    for size in (1, 7, 1000):
        blocks = [data[start : start + size] for start in range(0, len(data), size)]
        assert list(values_from(lines_of(blocks), kinds)) == [list(row) for row in rows]


@pytest.mark.parametrize(
    ("kind", "value", "column", "stored"),
    [
        ("instant", "2026-05-18 01:02:03", "2026-05-18T01:02:03.000000Z", "2026-05-18 01:02:03"),
        ("instant", "2026-05-18 01:02:03.000400", "2026-05-18T01:02:03.000400Z", "2026-05-18 01:02:03.000400"),
        ("instant", datetime(2026, 5, 18, tzinfo=UTC), "2026-05-18T00:00:00.000000Z", "2026-05-18 00:00:00"),
        ("date", date(2026, 5, 18), "2026-05-18", "2026-05-18"),
        ("date", "2026-05-18", "2026-05-18", "2026-05-18"),
        ("decimal:6", 23.5, "23.500000", "23.500000"),
        ("decimal:6", 1e-06, "0.000001", "0.000001"),
        ("decimal:4", 1, "1.0000", "1.0000"),
        ("decimal:6", Decimal("140.90766"), "140.907660", "140.907660"),
        ("bytes", b"\x00\xff", "\\\\x00ff", b"\x00\xff"),
        ("boolean", 0, "f", 0),
        ("json", '{"b": [1.0, 1e22], "a": "\\u7b2c\\n"}', '{"a":"第\\\\n","b":[1.0,10000000000000000000000]}', None),
        ("uuid", "0" * 31 + "1", "00000000-0000-0000-0000-000000000001", "0" * 31 + "1"),
    ],
)  # fmt: skip
def test_each_kind_of_value_has_one_form(kind: str, value: Any, column: str, stored: Any) -> None:
    [row] = rows_from([[value]], [kind])
    assert row.decode() == column + "\n"
    [[back]] = values_from([row], [kind])
    assert back == (stored if kind != "json" else '{"a":"第\\n","b":[1.0,10000000000000000000000]}')


@given(
    some.recursive(
        some.none()
        | some.booleans()
        | some.integers()
        | some.floats(allow_nan=False, allow_infinity=False)
        | TEXTS,
        lambda inner: some.lists(inner, max_size=3) | some.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=8,
    )
)
@settings(max_examples=60)
@pytest.mark.django_db
def test_json_is_the_same_after_a_way_through_the_database(value: Any) -> None:
    """PostgreSQL's JSON forgets the order of keys and writes numbers its own way; the one form does not notice."""
    once = same_json(json.dumps(value))
    kind = "jsonb" if connection.vendor == "postgresql" else "text"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST(CAST(%s AS {kind}) AS text)", [once])
        assert same_json(cursor.fetchone()[0]) == once
    column = escape(once).encode()
    assert json_mended(b"7\t" + column + b"\n", [1]) == b"7\t" + column + b"\n"


def test_every_kind_of_column_of_the_portal_can_be_carried() -> None:
    names = {table.name for table in state_tables()}
    assert names >= SEEDED
    assert not LEFT_OUT & names
    assert {"audit_event", "accounts_user", "reporting_line", "mfa_authenticator"} <= names


@pytest.mark.django_db
def test_every_table_of_the_database_is_backed_up_or_left_out_for_a_reason() -> None:
    """``cache`` is made anew, ``django_migrations`` is the database's shape, which is compared."""
    there = set(connection.introspection.table_names())
    assert there - {table.name for table in state_tables()} <= LEFT_OUT | {"cache", "django_migrations"}


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_opens(size: int) -> None:
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert read(sealed(data)) == data


def test_every_file_is_sealed_with_a_key_of_its_own() -> None:
    assert sealed(b"same")[-20:] != sealed(b"same")[-20:]


@pytest.mark.holds("backups-encrypted")
def test_no_piece_can_be_left_out_swapped_or_brought_from_another_file() -> None:
    head, step = 51, PIECE + 16
    data = sealed(b"a" * 3 * PIECE + b"b")
    pieces = [data[start : start + step] for start in range(head, len(data), step)]
    other = sealed(b"c" * 3 * PIECE + b"b")
    for changed in (
        pieces[:-1],
        pieces[1:],
        [pieces[1], pieces[0], *pieces[2:]],
        [*pieces, pieces[-1]],
        [other[head : head + step], *pieces[1:]],
    ):
        with pytest.raises(SealedFault, match="damaged"):
            read(data[:head] + b"".join(changed))


def test_another_key_is_told_from_damage() -> None:
    with pytest.raises(SealedFault, match="wrong_key"):
        read(sealed(b"x"), KEY + ".")


def test_an_archive_gives_back_its_sections() -> None:
    out = io.BytesIO()
    writer = ArchiveWriter(out, {"form": "x"})
    contents = {"a": b"1\n2\n", "b": b"", "c": b"z" * 1_000_000}
    for name, content in contents.items():
        writer.section(name, {"of": name})
        writer.write(content)
    writer.close()
    reader = ArchiveReader(
        [out.getvalue()[start : start + 999] for start in range(0, len(out.getvalue()), 999)]
    )
    found = {section.name: (section.about, b"".join(section.blocks)) for section in reader.sections()}
    assert found == {name: ({"of": name}, content) for name, content in contents.items()}
    assert reader.manifest == writer.manifest
    assert [reader.manifest[name].lines for name in "abc"] == [2, 0, 0]


@pytest.mark.parametrize("cut", [0, 1, 20])
def test_an_archive_that_ends_early_is_damaged(cut: int) -> None:
    out = io.BytesIO()
    writer = ArchiveWriter(out, {"form": "x"})
    writer.section("a")
    writer.write(b"content")
    if cut:
        writer.close()
    with pytest.raises(SealedFault, match="damaged"):
        list(ArchiveReader([out.getvalue()[: len(out.getvalue()) - cut]]).sections())
