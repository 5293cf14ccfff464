"""The lines of a filing as a workbook to fill in, with its drop-downs and instructions, and as CSV."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _

from portal.core.errors import Refused
from portal.core.tabular.template import TemplateColumn, TemplateSheet, write_template
from portal.core.tabular.writing import Value, write_csv
from portal.core.templatetags.lodestone import month, name_here
from portal.registry.models import Counterparty
from reporting.domain.cells import Row
from reporting.domain.line_columns import COLUMNS, NAMES
from reporting.models import Filing
from reporting.queries.draft_lines import all_rows
from reporting.queries.line_words import ALWAYS_REQUIRED, HINTS, choices_of, column_label, kind_words

_WIDTHS = {
    "note": 40,
    "from_batches": 28,
    "counterparty": 18,
    "declaration_no": 22,
    "invoice_no": 22,
    "licence_no": 22,
}
_EXACT_DIGITS = 15  # what a spreadsheet keeps of a number

Cells = Literal["text", "number", "money", "whole", "date"]
_KINDS: dict[str, Cells] = {"kilograms": "number", "yuan": "money", "whole": "whole", "day": "date"}


def workbook_of(filing: Filing) -> bytes:
    """The .xlsx to fill in, in the reader's language: the lines as they stand, and room for more.

    Refused for very many lines: a workbook takes half a second a thousand to write; the CSV serves for those.
    """
    if filing.line_count > settings.LINES_AT_ONCE:
        words = _("The filing has too many lines for a workbook. Download it as CSV instead.")
        raise Refused("too_many_for_a_workbook", words, status=422)
    choices, kinds = choices_of(filing.organisation_id), kind_words()
    sheet = TemplateSheet(_("Lines"), _columns(choices), [_cells(row, kinds) for row in all_rows(filing)])
    heading = {"month": month(filing.period), "organisation": name_here(filing.organisation)}
    return write_template(
        [sheet],
        instructions_title=_("How to fill in"),
        instructions=_instructions(heading),
        choices_sheets=_registers(filing, choices),
        marks={"period": str(filing.period), "organisation": filing.organisation.code},
        title=_("%(organisation)s, %(month)s") % heading,
    )


def _columns(choices: dict[str, list[tuple[str, str]]]) -> list[TemplateColumn]:
    columns = [TemplateColumn(column_label("line_no"), 7, "whole", hint=_("Leave it empty for a new line."))]
    for column in COLUMNS:
        offered = choices.get(column.name, [])
        named = [label if column.name == "kind" else value for value, label in offered]
        columns.append(
            TemplateColumn(
                column_label(column.name),
                _WIDTHS.get(column.name, 16),
                _KINDS.get(column.holds, "text"),
                choices=named,
                hint=str(HINTS[column.name]),
                required=column.name in ALWAYS_REQUIRED,
                strict=column.name == "kind",
                refusal=_("Choose one from the list.") if column.name == "kind" else "",
            )
        )
    return columns


def _cells(row: Row, kinds: dict[str, str]) -> list[Value]:
    number, cells = row
    return [number, *(_value(column.holds, kinds, cells.get(column.name, "")) for column in COLUMNS)]


def _value(holds: str, kinds: dict[str, str], text: str) -> Value:
    """A cell as a spreadsheet keeps it; what could not be read, and what it would round, stays text."""
    read = _READ.get(holds)
    if not text or read is None:
        return (kinds.get(text, text) if holds == "kind" else text) or None
    try:
        return read(text)
    except (ValueError, InvalidOperation):
        return text


def _number(text: str) -> Value:
    number = Decimal(text)
    return number if number.is_finite() and len(number.as_tuple().digits) <= _EXACT_DIGITS else text


_READ: dict[str, Callable[[str], Value]] = {
    "day": dt.date.fromisoformat,
    "whole": int,
    "kilograms": _number,
    "yuan": _number,
}


def _registers(
    filing: Filing, choices: dict[str, list[tuple[str, str]]]
) -> dict[str, Sequence[Sequence[str]]]:
    """Sheets to look codes up in."""
    parties = Counterparty.objects.filter(organisation_id=filing.organisation_id, retired_at=None)
    head = (_("Code"), _("Name"))
    return {
        _("Products"): [head, *choices["product"]],
        _("Counterparties"): [(*head, _("Country")), *parties.values_list("code", "name", "country")],
    }


def _instructions(heading: dict[str, str]) -> list[str]:
    return [
        _("Filing of %(organisation)s for %(month)s") % heading,
        _("One line is one movement of one product in the month: what was there at the start, what came in, what went out, what is left."),
        _("For each product, what comes in equals what goes out: opening stock and all that was received or made, against all that was used, sold, exported or lost and the closing stock."),
        _("Kind, product, counterparty and destination have lists: choose from them. Codes of new products or clients may be typed and added in the portal later."),
        _("Quantities are kilograms with up to 3 decimals; values are yuan without VAT. Write decimals as your spreadsheet does, without a unit."),
        _("Dates are days of the month reported on. Purchases, sales, imports, exports, returns and tolling need a counterparty and a date."),
        _("Exports need the country of final destination and the customs declaration; controlled goods need the licence number."),
        _("Keep the headings as they are. Columns you do not need may be removed; their order does not matter."),
        _("Save the workbook as .xlsx or .csv and upload it to the filing. Faults come back as remarks in the cells."),
    ]  # fmt: skip


def csv_of(filing: Filing) -> bytes:
    """The lines as CSV with the dictionary's headings, marked so that spreadsheets read its Chinese."""
    target = io.BytesIO()
    rows: Iterator[list[Value]] = (
        [number, *(cells.get(name, "") for name in NAMES)] for number, cells in all_rows(filing)
    )
    write_csv(target, ["line_no", *NAMES], rows, for_excel=True)
    return target.getvalue()
