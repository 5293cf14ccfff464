"""CSV and pasted text: encodings, separators, decimals, dates; nothing is guessed where two readings remain."""

from __future__ import annotations

import gzip

import pytest

from portal.core.tabular.reading import read_pasted, read_table
from portal.core.tabular.tables import Limits, RawTable, Reading
from tests.portal.core.tabular.samples import LINES

PLAIN = "类别,产品代码,数量（千克）,note\nsold,P-01,120.5,钕铁硼磁体\n"


def read(data: bytes | str, name: str = "filing.csv") -> Reading:
    return read_table(data.encode() if isinstance(data, str) else data, name, LINES)


def lines(data: bytes | str) -> RawTable:
    reading = read(data)
    assert reading.refusal is None, reading.refusal
    return reading.tables["lines"]


def refusal(data: bytes | str) -> tuple[str, int | None]:
    refused = read(data).refusal
    assert refused is not None
    return refused.code, refused.row


@pytest.mark.holds("uploads-odd-text")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_encodings_that_prove_themselves(encoding: str) -> None:
    plain_head = "kind,product,quantity_kg,note\nsold,P-01,120.5,钕铁硼磁体\n"
    text = plain_head if encoding.startswith("utf-16-") else PLAIN
    assert lines(text.encode(encoding)).rows == [["sold", "P-01", "120.5", "钕铁硼磁体"]]


@pytest.mark.holds("uploads-odd-text")
@pytest.mark.parametrize("encoding", ["cp1252", "big5"])
def test_other_encodings_are_refused_rather_than_garbled(encoding: str) -> None:
    words = {"cp1252": "Müller Köln", "big5": "磁鐵業務聯絡"}[encoding]
    data = f"kind,product,quantity_kg,note\nsold,P,1,x\nsold,P,1,{words}\n".encode(encoding)
    assert refusal(data) == ("encoding_unknown", 3)


def test_a_torn_utf16_file_is_refused_with_its_row() -> None:
    data = "kind,product,quantity_kg\nsold,P,1\n".encode("utf-16") + b"\x00\xd8\x00"
    assert refusal(data) == ("encoding_unknown", 3)


def test_packed_csv() -> None:
    assert read(gzip.compress(PLAIN.encode()), "filing.csv.gz").tables["lines"].column("product") == ["P-01"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(separator: str) -> None:
    assert lines(PLAIN.replace(",", separator)).rows[0][:3] == ["sold", "P-01", "120.5"]
    told = f"sep={separator}\r\n" + PLAIN.replace(",", separator)
    table = lines(told)
    assert table.rows[0][:2] == ["sold", "P-01"]
    assert table.address(0, "kind") == "A3"


def test_quotes_newlines_and_trailing_blanks() -> None:
    text = 'kind,product,quantity_kg,note\r\nsold,"P ""1""",1,"two\r\nlines, one cell"\r\n\r\n,,,\r\nsold,Q,2,\r\n'
    table = lines(text)
    assert table.rows == [["sold", 'P "1"', "1", "two\nlines, one cell"], ["sold", "Q", "2", ""]]
    assert table.row_numbers == [2, 5]


def test_an_open_quote_is_refused_with_its_row() -> None:
    assert refusal('kind,product,quantity_kg\nsold,P,1\nsold,"P,1\nsold,P,1\n') == ("quotes_do_not_match", 3)


def test_nul_characters_are_refused_with_their_row() -> None:
    assert refusal(b"kind,product,quantity_kg\nsold,P\x00,1\n") == ("nul_characters", 2)


@pytest.mark.holds("uploads-bombs")
def test_a_million_columns_are_refused() -> None:
    assert refusal("kind,product,quantity_kg\n" + "1," * 1_000_000)[0] == "too_many_columns"


def test_too_many_rows_are_refused() -> None:
    data = b"kind,product,quantity_kg\n" + b"sold,P,1\n" * 500
    refused = read_table(data, "a.csv", LINES, limits=Limits(max_rows=200)).refusal
    assert refused is not None
    assert refused.code == "too_many_rows"


def test_a_cell_beyond_the_last_column_is_a_fault() -> None:
    reading = read("kind,product,quantity_kg\nsold,P,1,,astray,2\nsold,P,1,,,\n")
    assert [(fault.code, fault.address) for fault in reading.faults] == [("extra_cells", "E2")]


@pytest.mark.holds("uploads-odd-text")
def test_unseen_characters_go_and_names_stay() -> None:
    text = (
        "kind,product,quantity_kg,note\n\u200bsold\u00a0,\u202eＰ－０１\u202c,\u3000１２０．５ ,ＡＢＣ磁材（宁波）有限公司\n"
        "sold,P,1,ب\u200cپ 👩\u200d🔬\n"
    )
    table = lines(text)
    assert table.rows[0] == ["sold", "P-01", "120.5", "ＡＢＣ磁材（宁波）有限公司"]
    assert table.rows[1][3] == "ب\u200cپ 👩\u200d🔬"


@pytest.mark.holds("uploads-odd-text")
def test_control_characters_are_a_fault_and_gone() -> None:
    reading = read("kind,product,quantity_kg\nsold,P\x07Q,1\n")
    assert [(fault.code, fault.address) for fault in reading.faults] == [("control_characters", "B2")]
    assert reading.tables["lines"].rows[0][1] == "PQ"


def test_marks_of_text_are_taken_away() -> None:
    text = 'kind,product,quantity_kg,note\nsold,"=""00123""",\'5,\'=1+1\nsold,\'tHooft,-5,\'\'+x\n'
    assert lines(text).rows == [["sold", "00123", "5", "=1+1"], ["sold", "'tHooft", "-5", "'+x"]]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["120,5"], ["120.5"]),
        (["1.234,5", "2,345"], ["1234.5", "2.345"]),
        (["1,234.50", "2,345"], ["1234.50", "2345"]),
        (["1,234,567"], ["1234567"]),
        (["1 234,5"], ["1234.5"]),
        (["0,125"], ["0.125"]),
        (["1234,567"], ["1234.567"]),
        (["−5", "+7"], ["-5", "7"]),
        (["1.2E+3"], ["1200"]),
        (["1.234"], ["1.234"]),
        (["abc", "5 kg"], ["abc", "5 kg"]),
        (["2,345"], [None]),
        (["120,5", "1,234.50", "2,345"], ["120.5", "1234.50", None]),
        (["120,5", "1.234"], ["120.5", "1234"]),
        (["NaN", "1e308"], [None, "1e308"]),
    ],
)
def test_decimals_are_settled_by_the_table_or_left_as_a_fault(
    typed: list[str], meant: list[str | None]
) -> None:
    reading = read("kind;product;quantity_kg\n" + "".join(f"sold;P;{text}\n" for text in typed))
    table = reading.tables["lines"]
    got = [None if kinds[2] == "u" else row[2] for row, kinds in zip(table.rows, table.kinds, strict=True)]
    assert got == meant
    for row, text, value in zip(table.rows, typed, meant, strict=True):
        assert value is not None or row[2] == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (
            ["2026-05-03", "2026/5/3", "2026.5.3", "20260503", "2026年5月3日", "2026-05-03 00:00:00"],
            ["2026-05-03"] * 6,
        ),
        (["3 May 2026", "3-May-26", "May 3, 2026", "46145"], ["2026-05-03"] * 4),
        (["13/05/2026", "03/05/2026"], ["2026-05-13", "2026-05-03"]),
        (["05/13/2026", "05/03/2026"], ["2026-05-13", "2026-05-03"]),
        (["03/05/2026"], [None]),
        (["05/05/2026"], ["2026-05-05"]),
        (["3/5/26"], [None]),
        (["2026-02-30", "soon", "99999"], ["2026-02-30", "soon", "99999"]),
    ],
)
def test_dates_are_settled_by_their_column_or_left_as_a_fault(
    typed: list[str], meant: list[str | None]
) -> None:
    rows = "".join(f'sold,P,1,"{text}"\n' for text in typed)
    table = read("kind,product,quantity_kg,date\n" + rows).tables["lines"]
    got = [None if kinds[3] == "u" else row[3] for row, kinds in zip(table.rows, table.kinds, strict=True)]
    assert got == meant


def test_a_long_number_mangled_by_a_spreadsheet_is_a_fault() -> None:
    reading = read("kind,product,quantity_kg,declaration_no\nsold,P,1,2.2302E+17\n")
    assert [(fault.code, fault.address) for fault in reading.faults] == [("digits_lost", "D2")]


def test_a_pasted_block_with_and_without_headings() -> None:
    with_head = read_pasted("kind\tproduct\tquantity_kg\r\nsold\tP-01\t5\r\n", LINES)
    assert with_head.tables["lines"].rows == [["sold", "P-01", "5"]]
    bare = read_pasted("sold\tP-01\t5\nsold\tP-02\t1,5\n", LINES, columns=["kind", "product", "quantity_kg"])
    assert bare.tables["lines"].rows == [["sold", "P-01", "5"], ["sold", "P-02", "1.5"]]
    assert bare.tables["lines"].row_numbers == [1, 2]


def test_four_thousand_pasted_lines() -> None:
    block = "".join(f"sold\tP-{i % 7}\t{i}.5\n" for i in range(4_000))
    assert len(read_pasted(block, LINES, columns=["kind", "product", "quantity_kg"]).tables["lines"]) == 4_000


@pytest.mark.parametrize(
    ("text", "code"), [(" \n", "empty_file"), ("a\tb\n", "header_not_found"), ("a\x00b", "nul_characters")]
)
def test_a_paste_that_cannot_be_placed_is_refused(text: str, code: str) -> None:
    refused = read_pasted(text, LINES).refusal
    assert refused is not None
    assert refused.code == code
