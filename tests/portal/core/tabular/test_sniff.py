"""What a file really is: everything that is no table is turned away with its own code."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib

import pytest

from portal.core.tabular.reading import read_tables
from portal.core.tabular.tables import Limits
from tests.portal.core.tabular.samples import HEAD, LINES, part_of, with_part, workbook

GOOD = workbook([HEAD, ["sold", "P-01", 5]])
LIMITS = Limits()
SHEET = "xl/worksheets/sheet1.xml"


def refusal(data: bytes, filename: str = "filing.xlsx", limits: Limits = LIMITS) -> str:
    reading = read_tables(data, filename, [LINES], limits=limits)
    assert not reading.tables
    assert reading.refusal is not None
    return reading.refusal.code


def archive(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def test_a_plain_workbook_is_read_whatever_its_name() -> None:
    assert read_tables(GOOD, "filing.csv", [LINES]).refusal is None


@pytest.mark.holds("uploads-by-content")
@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "a.xlsx", "empty_file"),
        (b" \r\n\t", "a.csv", "empty_file"),
        (b"%PDF-1.7\n...", "a.xlsx", "pdf"),
        (b"\xef\xbb\xbf%PDF-1.4", "a.csv", "pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "a.xlsx", "not_a_table"),
        (b"<html><table><tr><td>kind</td></tr></table></html>", "a.xls", "not_a_table"),
        (b"<?xml version='1.0'?><Workbook/>", "a.csv", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "a.xls", "old_excel"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99 + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "encrypted",
        ),
        (b"kind,product,quantity_kg\nsold,P,1\n", "a.xlsx", "wrong_extension"),
        (bytes(range(1, 32)) * 40, "a.csv", "not_a_table"),
        (GOOD[: len(GOOD) // 2], "a.xlsx", "damaged"),
        (archive(a=b"x"), "a.xlsx", "not_a_table"),
        (archive(**{"filing.xlsx": GOOD}), "a.zip", "nested_archive"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "a.ods", "open_document"),
        (gzip.compress(b"%PDF-1.7", mtime=0), "a.csv.gz", "pdf"),
        (gzip.compress(gzip.compress(b"kind,product\n", mtime=0), mtime=0), "a.csv.gz", "nested_archive"),
        (gzip.compress(b"kind,product\n" * 9, mtime=0)[:-12], "a.csv.gz", "damaged"),
        (gzip.compress(b"\n", mtime=0), "a.csv.gz", "empty_file"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, filename: str, code: str) -> None:
    assert refusal(data, filename) == code


@pytest.mark.holds("uploads-by-content")
def test_macros_are_refused_by_part_and_by_type() -> None:
    assert refusal(with_part(GOOD, "xl/vbaProject.bin", b"macro")) == "macros"
    types = part_of(GOOD, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    assert refusal(with_part(GOOD, "[Content_Types].xml", types), "renamed.xlsx") == "macros"


@pytest.mark.holds("uploads-bombs")
def test_files_inside_are_refused() -> None:
    assert refusal(with_part(GOOD, "xl/embeddings/object1.bin", b"any")) == "embedded_files"
    assert refusal(with_part(GOOD, "xl/media/image1.png", GOOD)) == "embedded_files"


@pytest.mark.holds("uploads-by-content")
def test_a_binary_workbook_and_a_text_document_are_refused() -> None:
    binary = b"<Types><Override ContentType='application/vnd.ms-excel.sheet.binary.macroFree.main'/></Types>"
    assert refusal(with_part(GOOD, "[Content_Types].xml", binary)) == "binary_workbook"
    assert (
        refusal(with_part(GOOD, "[Content_Types].xml", b"<Types>wordprocessingml</Types>")) == "not_a_table"
    )


@pytest.mark.holds("uploads-bombs")
def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert refusal(with_part(GOOD, "xl/media/a.bin", bytes(80_000_000))) == "packed_too_tightly"
    limits = Limits(max_unpacked_bytes=1_000_000, max_ratio=10**9)
    assert refusal(with_part(GOOD, "xl/media/a.bin", bytes(2_000_000)), limits=limits) == "too_large_unpacked"
    assert refusal(gzip.compress(bytes(50_000_000), mtime=0), "a.csv.gz") == "packed_too_tightly"
    assert refusal(gzip.compress(bytes(3_000_000), mtime=0), "a.csv.gz", limits) == "too_large_unpacked"


@pytest.mark.holds("uploads-bombs")
def test_a_directory_that_lies_about_sizes_is_refused() -> None:
    bomb = with_part(GOOD, "xl/media/a.bin", bytes(30_000_000))
    size = (30_000_000).to_bytes(4, "little")
    assert refusal(bomb.replace(size, (1_000).to_bytes(4, "little"))) == "damaged"


def test_parts_too_many_or_twice_are_refused() -> None:
    assert refusal(GOOD, limits=Limits(max_parts=3)) == "too_many_parts"
    target = io.BytesIO(GOOD)
    with zipfile.ZipFile(target, "a") as made, pytest.warns(UserWarning, match="Duplicate name"):
        made.writestr(SHEET, b"<worksheet/>")
    assert refusal(target.getvalue()) == "damaged"


@pytest.mark.holds("uploads-by-content")
def test_encrypted_parts_are_refused() -> None:
    flagged = bytearray(GOOD)
    at = flagged.index(b"PK\x01\x02")
    flagged[at + 8] |= 1
    assert refusal(bytes(flagged)) == "encrypted"


@pytest.mark.holds("uploads-bombs")
@pytest.mark.parametrize(
    "start",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        b"<!-- " + b"x" * 1_048_560 + b" --><!DOCTYPE a>",
    ],
)
def test_entities_are_refused_wherever_they_stand(start: bytes) -> None:
    sheet = part_of(GOOD, SHEET)
    assert refusal(with_part(GOOD, SHEET, start + sheet)) in {"xml_entities", "packed_too_tightly"}
    assert refusal(with_part(GOOD, "xl/styles.xml", start + part_of(GOOD, "xl/styles.xml"))) in {
        "xml_entities",
        "packed_too_tightly",
    }


@pytest.mark.holds("uploads-bombs")
def test_xml_in_another_encoding_cannot_hide_anything() -> None:
    sheet = part_of(GOOD, SHEET).decode()
    assert refusal(with_part(GOOD, SHEET, sheet.encode("utf-16"))) == "damaged"
    assert (
        refusal(with_part(GOOD, SHEET, b'<?xml version="1.0" encoding="UTF-7"?>' + sheet.encode()))
        == "damaged"
    )


def test_a_file_larger_than_the_limit_is_refused() -> None:
    assert refusal(GOOD, limits=Limits(max_bytes=1_000)) == "too_large"


def test_a_part_packed_in_an_unknown_way_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as source, zipfile.ZipFile(target, "w") as made:
        for part in source.infolist():
            made.writestr(part.filename, source.read(part))
    broken = target.getvalue().replace(
        zlib.crc32(part_of(GOOD, SHEET)).to_bytes(4, "little"), b"\x01\x02\x03\x04"
    )
    assert refusal(broken) == "damaged"
