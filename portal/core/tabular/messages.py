"""The words for every fault of reading: what happened, why, what to do. One table, both languages by gettext."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from portal.core.tabular.faults import ReadFault

MESSAGES: dict[str, str] = {
    "empty_file": _("There is nothing to read. Choose the file again, or fill it in first."),
    "too_large": _("The file is larger than %(megabytes)s MB. Divide it, or send it as CSV."),
    "too_large_unpacked": _(
        "Unpacked, the file is larger than %(megabytes)s MB. Remove the sheets and pictures that are not needed."
    ),
    "packed_too_tightly": _(
        "The file unpacks to far more than a table would. Save it again from your spreadsheet program."
    ),
    "too_many_parts": _("The workbook has too many parts. Copy the table into a new workbook and save that."),
    "embedded_files": _(
        "The workbook holds other files inside. Remove them, or copy the table into a new workbook."
    ),
    "nested_archive": _("This is an archive with files in it. Unpack it and upload the table itself."),
    "macros": _("The workbook holds macros, which are not accepted. Save it as an Excel workbook (.xlsx)."),
    "encrypted": _("The file is protected by a password. Save it without the password and upload it again."),
    "old_excel": _("This is a workbook of the old format (.xls). Save it as an Excel workbook (.xlsx)."),
    "binary_workbook": _("This is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx)."),
    "open_document": _("This is an OpenDocument file. Save it as an Excel workbook (.xlsx) or as CSV."),
    "pdf": _("This is a PDF document, not a table. Upload the workbook or CSV it was made from."),
    "not_a_table": _("This file is neither a workbook nor a CSV. Save the table as .xlsx or .csv."),
    "wrong_extension": _(
        "The name ends in %(extension)s, but the content is plain text. Name it .csv, or save it as .xlsx."
    ),
    "xml_entities": _(
        "The workbook holds definitions that no spreadsheet program writes. Save it again from yours."
    ),
    "damaged": _(
        "The file is damaged or incomplete. Open it in your spreadsheet program, save it and upload it again."
    ),
    "too_many_rows": _("There are more than %(limit)s rows. Divide the table into several files."),
    "too_many_columns": _("A row has more than %(limit)s columns. Remove what is not part of the table."),
    "too_many_cells": _(
        "Something stands far away, in row %(last)s. Delete the empty rows and columns around the table."
    ),
    "encoding_unknown": _(
        "The characters cannot be read for certain. Save the file as “CSV UTF-8” or as .xlsx."
    ),
    "nul_characters": _(
        "The file holds characters that are no text. Save it again as “CSV UTF-8” or as .xlsx."
    ),
    "quotes_do_not_match": _(
        "A quotation mark opens and is not closed, or closes too early. Write a quotation mark inside a cell twice."
    ),
    "no_table": _("No sheet has anything in it. Fill in the table and upload it again."),
    "header_not_found": _(
        "No row has the headings of the table (%(expected)s). Keep the headings of the template."
    ),
    "sheet_not_found": _("There is no sheet “%(name)s” in the workbook."),
    "took_too_long": _("Reading the file took too long. Divide it, or send it as CSV."),
    "too_much_memory": _("The file is too large to read. Divide it, or send it as CSV."),
    "reader_failed": _("The file could not be read. Copy the table into a new workbook, or send it as CSV."),
    "unknown_column": _("“%(heading)s” is no column of this table. Rename it or remove the column."),
    "duplicate_column": _("The column “%(heading)s” stands twice. Remove one of the two."),
    "missing_column": _("The column “%(heading)s” is missing. Add it with its heading."),
    "unnamed_column": _(
        "“%(typed)s” stands in a column without a heading. Give the column its heading or empty it."
    ),
    "sheet_not_read": _(
        "The sheet “%(name)s” looks like the table but was not read. Put all rows on one sheet."
    ),
    "extra_cells": _("“%(typed)s” stands beyond the last column. Move it into its column or remove it."),
    "error_value": _("The cell shows the error %(typed)s. Mend its formula or type the value."),
    "formula_not_calculated": _(
        "The cell has a formula without a result. Open the file in your spreadsheet program and save it, or type the value."
    ),
    "digits_lost": _(
        "The number “%(typed)s” is too long for a spreadsheet, which has changed its last digits. Format the cell as text and type it again."
    ),
    "number_not_finite": _("“%(typed)s” is no number. Type the figure."),
    "ambiguous_number": _(
        "“%(typed)s” can be read in two ways. Write decimals with a point and no thousands separators."
    ),
    "ambiguous_date": _(
        "“%(typed)s” can be read as two dates. Write it as year-month-day, such as 2026-05-10."
    ),
    "cell_too_long": _("The cell holds more than %(limit)s characters. Shorten it."),
    "control_characters": _("The cell holds characters that cannot be seen or stored. Type it again."),
    "more_faults": _("%(count)s more faults are not shown. Mend these first and upload again."),
    "merged_cells": _("The cells %(range)s are merged: the value counts for the first of them alone."),
}


def fault_text(fault: ReadFault) -> str:
    """The fault in words, in the reader's language."""
    return gettext(MESSAGES[fault.code]) % fault.values
