"""Files broken at any byte: always an answer in codes, never an exception."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.tabular.delimited import decode
from portal.core.tabular.faults import CODES, RefusalError
from portal.core.tabular.reading import read_tables
from tests.portal.core.tabular.samples import HEAD, LINES, part_of, with_part, workbook

BOOK = workbook([HEAD, ["sold", "磁钢", 5.5], ["sold", "=1+1", "x"]])
TEXT = 'kind,product,quantity_kg,note\nsold,P,1,"磁\n钢"\nsold,P,"2,5",x\n'.encode()
PARTS = zipfile.ZipFile(io.BytesIO(BOOK)).namelist()
CHANGES = st.lists(
    st.tuples(
        st.floats(0, 0.999), st.sampled_from([b"", b"\x00", b"<", b'"', b"NaN", b"\xff\xfe", b"&#0;", b"\r"])
    ),
    min_size=1,
    max_size=4,
)


def broken(data: bytes, changes: list[tuple[float, bytes]]) -> bytes:
    for place, piece in changes:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + 1 :]
    return data


def answer(data: bytes, name: str) -> None:
    reading = read_tables(data, name, [LINES])
    assert all(fault.code in CODES for fault in reading.faults)
    assert (reading.refusal is None) == bool(reading.tables)


@pytest.mark.holds("uploads-cannot-hurt")
@given(CHANGES)
def test_a_broken_archive(changes: list[tuple[float, bytes]]) -> None:
    answer(broken(BOOK, changes), "a.xlsx")


@pytest.mark.holds("uploads-cannot-hurt")
@given(st.sampled_from(PARTS), CHANGES)
def test_a_broken_part(part: str, changes: list[tuple[float, bytes]]) -> None:
    answer(with_part(BOOK, part, broken(part_of(BOOK, part), changes)), "a.xlsx")


@pytest.mark.holds("uploads-cannot-hurt")
@given(CHANGES)
def test_a_broken_text(changes: list[tuple[float, bytes]]) -> None:
    answer(broken(TEXT, changes), "a.csv")


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    answer(data, "a.xlsx")
    answer(data, "a.csv")


def test_a_utf8_file_with_one_bad_byte_is_not_shown_garbled() -> None:
    words = "宁波金鸡强磁股份有限公司销售烧结钕铁硼永磁材料与稀土氧化物给包头北方稀土，备注：按合同约定交货"
    for cut in range(20):
        data = words[cut:].encode() * 3
        for at in (1, len(data) // 2, len(data) - 1):
            with pytest.raises(RefusalError, match="encoding_unknown"):
                decode(data[:at] + b"\xb0" + data[at:])
