"""The faults of a load in words, in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.exchange.domain.faults import LoadFault

WORDS: Final[Mapping[str, str | Promise]] = {
    "table_twice": _("the table lies here twice, also as %(other)s; keep one"),
    "no_header": _("the file is empty: the first row must name the columns"),
    "unknown_column": _("no such column; the table has %(known)s"),
    "column_twice": _("the column stands in the header twice"),
    "column_missing": _("the column is missing"),
    "not_utf8": _("the file is not UTF-8 from here on"),
    "not_csv": _("not comma-separated text with quotes as RFC 4180 has them: %(reason)s"),
    "unreadable_file": _("the file cannot be read: %(reason)s"),
    "cells_in_row": _("%(count)s cells in the row, the header has %(expected)s"),
    "value_missing": _("a value is needed here"),
    "too_long": _("at most %(longest)s characters"),
    "nul_character": _("holds a NUL character"),
    "unknown_code": _("“%(typed)s” is no code of this column: %(known)s"),
    "unknown_key": _("“%(typed)s” is not known"),
    "duplicate_key": _("the key stands in row %(first)s already"),
    "not_a_uscc": _("“%(typed)s” is not 18 digits and capital letters"),
    "not_a_country": _("“%(typed)s” is not two capital letters (ISO 3166-1)"),
    "not_digits": _("“%(typed)s” is not digits only"),
    "not_a_period": _("“%(typed)s” is not a month written YYYY-MM"),
    "not_a_date": _("“%(typed)s” is not a date written YYYY-MM-DD"),
    "not_an_instant": _("“%(typed)s” is not an instant such as 2026-06-10T17:30:00+08:00"),
    "no_offset": _("“%(typed)s” does not say its offset, such as +08:00"),
    "not_a_whole_number": _("“%(typed)s” is not a whole number"),
    "not_true_or_false": _("“%(typed)s” is neither true nor false"),
    "not_a_number": _("“%(typed)s” is not a decimal number"),
    "too_many_decimals": _("“%(typed)s” has more decimals than are kept"),
    "too_large": _("“%(typed)s” is too large"),
    "not_in_order": _("lies before %(first)s"),
    "too_late": _("is more than a hundred years after %(period)s"),
    "below_zero": _("“%(typed)s” is below 0"),
    "below_one": _("“%(typed)s” is below 1"),
    "not_a_share": _("“%(typed)s” is not between 0 and 100"),
    "below_drawn": _("line %(line)s has drawn more than that"),
    "other_licence_status": _("the licence is %(stored)s and cannot become %(typed)s"),
    "other_record": _("this customs record is kept with other content; customs corrects it, a load does not"),
    "version_not_positive": _("versions are counted from 1, not %(typed)s"),
    "draft_open": _("a draft of %(period)s is being worked on in the portal; submit or discard it first"),
    "other_content": _("this version is filed with other content; a filed version never changes"),
    "other_status": _("the version is %(stored)s and cannot become %(typed)s"),
}


def message_of(fault: LoadFault) -> str:
    """What is wrong, in words."""
    return str(WORDS[fault.code]) % dict(fault.values)


def line_of(fault: LoadFault) -> str:
    """``FILE:ROW:COLUMN: CODE: message``."""
    return f"{fault.file}:{fault.row}:{fault.column}: {fault.code}: {message_of(fault)}"
