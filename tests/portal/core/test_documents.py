"""Official documents: they show Chinese, hold both languages, repeat themselves to the byte, and stay small."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils.translation import gettext_lazy

from portal.core import documents
from portal.core.documents import Bilingual, Column, FontMissingError, OfficialDocument, both, pages
from portal.core.documents.lines import break_lines, chinese_pieces

WHEN = dt.datetime(2026, 5, 10, 9, 30, tzinfo=dt.UTC)
TITLE = Bilingual("Receipt for a monthly filing", "月度申报回执")
OFFICE = Bilingual("Rare Earth Office", "稀土办公室")


def receipt(rows: int = 3, created_at: dt.datetime = WHEN) -> bytes:
    document = OfficialDocument(TITLE, issuer=OFFICE, created_at=created_at, number="R-2026-000123")
    document.facts([(Bilingual("Organisation", "申报单位"), "曙光磁材有限公司 Aurora Magnets Co., Ltd.")])
    document.heading(Bilingual("What was filed", "申报内容"))
    document.paragraph(Bilingual("Received on time. " * 12, "兹证明上述申报系按期收到。" * 12))
    columns = [
        Column(Bilingual("Product", "产品"), 2),
        Column(Bilingual("Quantity (kg)", "数量（千克）"), 1, "RIGHT"),
    ]
    document.table(columns, [[f"P-{i:02} 钕铁硼", f"{i}.500"] for i in range(rows)])
    document.rule()
    document.code("https://portal.example/verify/abc/", Bilingual("Scan to check.", "扫码查验。"))
    return document.output()


def words(pdf: bytes, tmp_path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.fail("install poppler-utils: the text of the document is read back with pdftotext")
    path = tmp_path / "document.pdf"
    path.write_bytes(pdf)
    run = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return run.stdout.decode()


def test_both_languages_can_be_read_back(tmp_path: Path) -> None:
    text = words(receipt(), tmp_path)
    for expected in (
        "月度申报回执",
        "Receipt for a monthly filing",
        "曙光磁材有限公司",
        "数量（千克）",
        "扫码查验。",
    ):
        assert expected in text


def test_the_type_is_embedded_in_part_only() -> None:
    pdf = receipt(rows=60)
    assert len(pdf) < 300_000
    assert b"NotoSansCJKSC" in pdf


def test_language_title_and_pages_are_told(tmp_path: Path) -> None:
    pdf = receipt(rows=120)
    assert b"/Lang" in pdf
    assert b"zh-CN" in pdf
    assert b"/DisplayDocTitle true" in pdf
    text = words(pdf, tmp_path)
    assert "Page 1 of 4" in text
    assert "Page 4 of 4" in text
    assert text.count("Quantity (kg)") >= 3


def test_the_same_document_is_the_same_bytes() -> None:
    assert receipt() == receipt()
    assert receipt() != receipt(created_at=WHEN + dt.timedelta(seconds=1))


def test_words_in_both_languages_at_once() -> None:
    pair = both(gettext_lazy("Page %(page)s of %(pages)s"), page=1, pages=2)
    assert pair.en == "Page 1 of 2"
    assert both(gettext_lazy("Yes")).zh == "是"


def test_chinese_lines_never_begin_with_punctuation_and_keep_words_whole() -> None:
    lines = break_lines(chinese_pieces("兹证明上述申报，由Aurora公司（宁波）提交。"), 9, len)
    assert "".join(lines) == "兹证明上述申报，由Aurora公司（宁波）提交。"
    assert not any(line[0] in "，。）" or line[-1] == "（" for line in lines)
    assert any("Aurora" in line for line in lines)


def test_a_piece_wider_than_the_line_is_cut() -> None:
    assert break_lines(["abcdefgh "], 3, len) == ["abc", "def", "gh"]
    assert break_lines([], 3, len) == []


def test_without_a_typeface_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def absent(name: str) -> Path:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(pages, "files", absent)
    debian = tmp_path / "font.ttc"
    debian.touch()
    monkeypatch.setattr(pages, "_DEBIAN_FONTS", ((str(debian), 2),))
    assert documents.find_font() == (debian, 2)
    monkeypatch.setattr(pages, "_DEBIAN_FONTS", ())
    with pytest.raises(FontMissingError, match="fonts-noto-cjk"):
        documents.find_font()
