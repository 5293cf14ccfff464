"""The columns of a filing's lines: dictionary names, what each holds, and every heading people write for it.

The headings here are read, never shown: a file is understood in whichever language it was filled in. What a reader
sees is ``reporting.queries.line_words``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Holds = Literal["kind", "product", "counterparty", "country", "kilograms", "yuan", "whole", "day", "text"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, the fields of ``Line`` that keep it, its longest text, its headings."""

    name: str
    holds: Holds
    fields: tuple[str, ...]
    longest: int = 0  # characters; 0 = as long as a cell may be
    headings: tuple[str, ...] = ()


CELL_LONGEST: Final = 32_767

COLUMNS: Final[tuple[Column, ...]] = (
    Column("kind", "kind", ("kind",), headings=("Kind", "What happened", "Movement", "类型", "种类", "业务类型", "变动类型")),
    Column("product", "product", ("product_id",), headings=("Product", "Product code", "产品", "产品代码", "产品编码")),
    Column(
        "quantity_kg", "kilograms", ("quantity_g", "quantity_dp"),
        headings=("Quantity (kg)", "Quantity", "Weight (kg)", "Net weight (kg)", "数量（千克）", "数量", "重量（千克）", "净重（千克）", "数量（公斤）"),
    ),
    Column(
        "value_cny", "yuan", ("value_fen", "value_dp"),
        headings=("Value (CNY)", "Value", "Value (CNY, ex VAT)", "Amount (CNY)", "金额（元）", "金额", "金额（元，不含税）", "不含税金额", "价值（元）"),
    ),
    Column("counterparty", "counterparty", ("counterparty_id",), headings=("Counterparty", "Counterparty code", "Client or supplier", "交易对方", "交易对方代码", "客户", "供应商", "客户或供应商")),
    Column("destination", "country", ("destination",), 2, ("Destination", "Country of destination", "Final destination", "目的国", "最终目的国", "目的地", "最终目的地")),
    Column("licence_no", "text", ("licence_no",), 60, ("Licence number", "Licence no.", "Export licence", "许可证号", "许可证编号", "出口许可证号")),
    Column("licence_line_no", "whole", ("licence_line_no",), headings=("Licence line", "Line of the licence", "许可证项号", "许可证行号")),
    Column("declaration_no", "text", ("declaration_no",), 60, ("Customs declaration", "Customs declaration no.", "Declaration number", "报关单号", "报关单编号")),
    Column("invoice_no", "text", ("invoice_no",), 60, ("Invoice number", "Invoice no.", "Invoice", "发票号", "发票号码")),
    Column("date", "day", ("date",), headings=("Date", "Transaction date", "日期", "交易日期", "业务日期")),
    Column("batch", "text", ("batch",), 100, ("Lot", "Batch", "Lot number", "批号", "批次", "批次号")),
    Column("from_batches", "text", ("from_batches",), headings=("Made from lots", "From lots", "From batches", "原料批号", "来源批号", "投料批号")),
    Column("note", "text", ("note",), headings=("Note", "Notes", "Remark", "Remarks", "备注", "说明")),
)  # fmt: skip
"""In the order in which grids, templates and files show them."""

BY_NAME: Final[Mapping[str, Column]] = {column.name: column for column in COLUMNS}
NAMES: Final = tuple(BY_NAME)

ADDRESSING: Final[Mapping[str, tuple[str, ...]]] = {
    "organisation": (
        "Organisation",
        "USCC",
        "Unified social credit code",
        "填报单位",
        "企业",
        "统一社会信用代码",
    ),
    "period": ("Period", "Reporting month", "Month", "申报月份", "月份", "所属月份"),
    "version": ("Version", "版本", "版次"),
    "line_no": ("Line", "Line number", "Line no.", "No.", "行号", "序号", "行次"),
}
"""Columns that say which line of which filing a row is. A producer's file may leave them out; if they stand, they must agree."""

KIND_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "opening": ("opening stock", "期初库存", "期初"),
    "produced": ("production", "生产", "产出", "自产", "生产入库"),
    "purchased": ("purchase", "采购", "购进", "购入", "外购"),
    "imported": ("import", "进口"),
    "returned_in": ("returned by a client", "return in", "客户退回", "客户退货", "退货入库"),
    "tolled_in": (
        "tolling, received",
        "tolling in",
        "受托加工收进",
        "受托加工收入",
        "来料加工收入",
        "加工收回",
    ),
    "gained": ("gained at a count", "gain", "盘盈"),
    "consumed": ("consumption", "used", "消耗", "耗用", "领用", "生产领用"),
    "sold": ("sale", "domestic sale", "销售", "内销", "售出", "国内销售"),
    "exported": ("export", "出口"),
    "returned_out": ("returned to a supplier", "return out", "退回供应商", "退供应商", "采购退货"),
    "tolled_out": (
        "tolling, sent out",
        "tolling out",
        "受托加工发出",
        "受托加工交付",
        "委托加工发出",
        "加工发出",
    ),
    "lost": ("loss", "损耗", "损失", "盘亏"),
    "closing": ("closing stock", "期末库存", "期末"),
}
"""What people write for each kind besides the dictionary's own word."""

PREFILLED_KINDS: Final = (
    "produced",
    "purchased",
    "imported",
    "tolled_in",
    "consumed",
    "sold",
    "exported",
    "tolled_out",
)
"""The kinds that recur from month to month: a filing begun from the last one offers their lines again."""
