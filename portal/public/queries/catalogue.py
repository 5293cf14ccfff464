"""Checks as the public reads them, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reporting.checks import core
from reporting.checks.catalogue import entry
from reporting.checks.words import KIND_WORDS, STAGE_WORDS

FAMILIES: dict[str, tuple[str | Promise, str | Promise]] = {
    "CMP": (_("Completeness"), _("Required fields, unknown codes, dates outside the month.")),
    "ARI": (_("Arithmetic"), _("What came in equals what went out, for each product.")),
    "STK": (_("Stock"), _("This month opens with what last month closed with.")),
    "DUP": (_("Duplicates"), _("The same line, invoice or declaration twice.")),
    "IDN": (_("Identity"), _("Identity numbers of clients and suppliers.")),
    "YLD": (_("Yield"), _("What a stage can give, and what one's own past shows.")),
    "MIX": (_("Composition"), _("Elements that go out were in what came in.")),
    "TRD": (_("Trend"), _("Sudden changes against one's own past.")),
    "LAT": (_("Lateness"), _("Filings that are missing or came late.")),
    "MBL": (_("Material balance"), _("What work should have given against what it gave, over months.")),
    "MIR": (_("Mirror"), _("What the seller reports against what the buyer reports.")),
    "QTA": (_("Quotas and capacity"), _("A year's output against what was granted and declared.")),
    "CUS": (_("Customs"), _("Exports filed against exports declared to customs.")),
    "TAX": (_("Invoices"), _("Filed sales and purchases against the tax authority's invoices.")),
}
SEVERITIES = {
    "error": _("must be mended before signing"),
    "warning": _("asks for an explanation"),
    "notice": _("for information"),
}
TABLE_WORDS = {
    "products": _("Products"),
    "counterparties": _("Counterparties"),
    "obligations": _("Due and filed"),
    "lines": _("Lines of the months"),
    "invoices": _("Tax authority's invoices"),
    "declarations": _("Customs records"),
    "quotas": _("Quotas"),
    "duties": _("Due and filed"),
    "organisations": _("Organisations"),
}
COLUMN_WORDS = {
    "kind": _("What happened"),
    "product": _("Product"),
    "quantity_kg": _("Quantity (kg)"),
    "value_cny": _("Value (CNY)"),
    "counterparty": _("Counterparty"),
    "destination": _("Destination"),
    "declaration_no": _("Customs declaration"),
    "invoice_no": _("Invoice number"),
    "licence_no": _("Licence number"),
    "line_no": _("Line"),
    "date": _("Date"),
    "batch": _("Lot"),
    "from_batches": _("Made from lots"),
    "note": _("Note"),
    "code": _("Code"),
    "name": _("Name"),
    "stage": _("Stage"),
    "family": _("Family"),
    "hs_code": _("HS code"),
    "grade": _("Grade"),
    "country": _("Country"),
    "id_type": _("Kind of identity number"),
    "id_number": _("Identity number"),
    "end_use": _("End use"),
    "due": _("Due"),
    "submitted": _("Filed"),
    "as_of": _("Looked at"),
    "enterprise": _("Enterprise"),
    "months": _("Months"),
    "month": _("Month"),
    "party": _("Counterparty"),
    "seller": _("Seller"),
    "buyer": _("Buyer"),
    "exporter": _("Exporter"),
    "item_no": _("Item"),
    "day": _("Day"),
    "value": _("Value (CNY)"),
    "year": _("Year"),
    "status": _("State"),
    "state": _("Filed"),
    "capacity_kg_year": _("Capacity (kg a year)"),
    "nd_pct": _("Nd (%)"),
    "pr_pct": _("Pr (%)"),
}


@dataclass(frozen=True)
class FamilyOfChecks:
    """Checks that ask the same kind of question."""

    code: str
    title: str
    words: str
    checks: list[dict[str, Any]]


def total() -> int:
    """How many checks there are."""
    return len(core.every_check())


def families(words: str = "", severity: str = "") -> list[FamilyOfChecks]:
    """The checks by family that hold all the words and have the severity."""
    found: dict[str, list[dict[str, Any]]] = {}
    wanted = words.casefold().split()
    for item in core.every_check():
        shown = entry(item, gettext)
        text = " ".join([shown["code"], shown["title"], shown["explanation"]]).casefold()
        if (not severity or shown["severity"] == severity) and all(word in text for word in wanted):
            found.setdefault(item.family, []).append(shown)
    known = [code for code in FAMILIES if code in found] + sorted(set(found) - set(FAMILIES))
    return [_family(code, found[code]) for code in known]


def _family(code: str, checks: list[dict[str, Any]]) -> FamilyOfChecks:
    title, words = FAMILIES.get(code, (code, ""))
    return FamilyOfChecks(code, str(title), str(words), checks)


def check(code: str) -> dict[str, Any] | None:
    """One check with its examples ready to draw, or None where the code is unknown."""
    core.every_check()
    if code not in core.REGISTRY:
        return None
    shown = entry(core.REGISTRY[code], gettext)
    for kind in ("passes", "fails"):
        shown[kind] = [[_table(part) for part in example] for example in shown[kind]]
    shown["family_title"] = str(FAMILIES.get(shown["family"], (shown["family"], ""))[0])
    shown["severity_words"] = str(SEVERITIES[shown["severity"]])
    return shown


def _table(part: dict[str, Any]) -> dict[str, Any]:
    """An example's table with its headings in words."""
    headings = [str(COLUMN_WORDS.get(name, name)) for name in part["columns"]]
    title = str(TABLE_WORDS.get(part["name"], part["name"])).replace("(nil)", gettext("(nil return)"))
    return {
        "title": title,
        "headings": headings,
        "rows": [_cells(part["columns"], row) for row in part["rows"]],
    }


def _cells(columns: list[str], row: list[str]) -> list[str]:
    """Kinds and stages in words; what was typed as it was typed."""
    words = {"kind": KIND_WORDS, "stage": STAGE_WORDS}
    return [
        gettext(words[name][cell]) if cell in words.get(name, {}) else cell
        for name, cell in zip(columns, row, strict=True)
    ]
