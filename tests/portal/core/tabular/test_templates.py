"""The template workbook and the annotated workbook, looked at as a spreadsheet program sees them."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl

from portal.core.tabular.annotating import Remark, annotate
from portal.core.tabular.reading import read_table
from portal.core.tabular.tables import Limits
from portal.core.tabular.template import AUTHOR, TemplateColumn, TemplateSheet, write_template
from tests.portal.core.tabular.samples import HEAD, LINES, workbook


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def template() -> bytes:
    columns = [
        TemplateColumn(
            "类别",
            12,
            choices=["销售", "出口"],
            hint="发生的业务类别",
            required=True,
            refusal="请从列表中选择",
        ),
        TemplateColumn(
            "产品代码", 16, choices=[f"P-{i:03}" for i in range(400)], required=True, strict=False
        ),
        TemplateColumn("数量（千克）", 14, "number", hint="千克，最多三位小数", required=True),
        TemplateColumn("日期", 12, "date"),
        TemplateColumn("note", 30),
    ]
    rows = [
        ["销售", "P-001", Decimal("120.5"), dt.date(2026, 5, 3), "=1+1"],
        ["出口", "P-002", None, None, None],
    ]
    return write_template(
        [TemplateSheet("申报明细", columns, rows)],
        instructions_title="说明",
        instructions=["填表说明", "请勿改动列标题。"],
        choices_sheets={"交易对方": [["code", "name"], ["C-1", "=危险"]]},
        marks={"period": "2026-05", "organisation": "91330201MADFQE5E01"},
        title="2026年5月申报",
    )


def test_the_template_has_drop_downs_hints_and_a_fixed_heading() -> None:
    book = opened(template())
    page = book["申报明细"]
    assert book.active is page
    assert page.freeze_panes == "A2"
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    kind, product = rules["A2:A10001"], rules["B2:B10001"]
    assert (kind.type, kind.formula1, kind.showErrorMessage) == ("list", "Lists!$A$1:$A$2", True)
    assert kind.prompt == "发生的业务类别"
    assert (product.formula1, product.showErrorMessage) == ("Lists!$B$1:$B$400", False)
    assert rules["D2:D10001"].type == "date"
    assert book["Lists"].sheet_state == "hidden"
    assert page.column_dimensions["B"].number_format == "@"
    assert page["A1"].comment.text == "发生的业务类别"
    assert page["D2"].number_format == "yyyy-mm-dd"
    assert page["E2"].value == "=1+1"
    assert page["E2"].data_type == "s"
    assert book["交易对方"]["B2"].data_type == "s"
    assert book["说明"]["A2"].value == "请勿改动列标题。"


def test_the_template_reads_back_with_its_marks() -> None:
    reading = read_table(template(), "a.xlsx", LINES)
    assert reading.clean
    assert reading.marks == {"period": "2026-05", "organisation": "91330201MADFQE5E01"}
    assert reading.tables["lines"].rows == [
        ["销售", "P-001", "120.5", "2026-05-03", "=1+1"],
        ["出口", "P-002", "", "", ""],
    ]


def test_remarks_stand_in_their_cells_and_go_when_mended() -> None:
    remarks = [
        Remark("申报明细", 2, 3, "数量有误"),
        Remark("申报明细", 2, 3, "请核对"),
        Remark("申报明细", 3, None, "整行"),
        Remark("nowhere", None, None, "整张表"),
    ]
    first = annotate(template(), "a.xlsx", remarks)
    page = opened(first)["申报明细"]
    assert page["C2"].comment.text == "— Lodestone —\n数量有误\n请核对"
    assert page["C2"].comment.author == AUTHOR
    assert page["C2"].fill.fgColor.rgb == "FFFFD9C7"
    assert page["A3"].comment.text == "— Lodestone —\n整行"
    assert page["A1"].comment.text == "发生的业务类别\n— Lodestone —\n整张表"
    second = opened(annotate(first, "a.xlsx", [Remark("申报明细", 3, 2, "新的")]))["申报明细"]
    assert second["C2"].comment is None
    assert second["C2"].fill.fgColor.rgb != "FFFFD9C7"
    assert second["B3"].comment.text == "— Lodestone —\n新的"
    assert second["A1"].comment.text == "发生的业务类别"
    assert second["A1"].fill.fgColor.rgb == "FF1F3A5F"
    assert len(second.data_validations.dataValidation) == 4
    assert read_table(first, "a.xlsx", LINES).clean


def test_a_remark_in_a_merged_cell_stands_in_its_first() -> None:
    book = openpyxl.Workbook()
    page = book.active
    for row in (HEAD, ["sold", "P", 1], ["sold", None, 2]):
        page.append(row)
    page.merge_cells("B2:B3")
    target = io.BytesIO()
    book.save(target)
    assert (
        opened(annotate(target.getvalue(), "a.xlsx", [Remark("", 3, 2, "x")])).active["B2"].comment.text
        == "— Lodestone —\nx"
    )


def test_a_csv_comes_back_as_a_workbook() -> None:
    data = "kind,product,quantity_kg\nsold,'=P,abc\n".encode("utf-16")
    page = opened(annotate(data, "a.csv", [Remark("", 2, 3, "No number")])).active
    assert page["C2"].comment.text == "— Lodestone —\nNo number"
    assert page["B2"].value == "=P"
    assert page["B2"].data_type == "s"


def test_a_large_workbook_is_copied_by_value() -> None:
    data = workbook([HEAD, *([["sold", "=1+1", 1]] * 20_050)])
    page = opened(annotate(data, "a.xlsx", [Remark("Lines", 20_000, 2, "x")], Limits()))["Lines"]
    assert page["B20000"].comment.text == "— Lodestone —\nx"
    assert page["C20000"].value == 1
