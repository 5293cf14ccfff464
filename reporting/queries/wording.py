"""Findings and faults in words: a check's title and message in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils import formats
from django.utils.translation import gettext

from portal.core.months import Month
from portal.core.templatetags.lodestone import day, deadline, moment, month
from reporting.checks.core import REGISTRY, every_check
from reporting.checks.words import message, show

MEASURES: Final = ("_kg", "_cny", "_cny_kg")


def title_of(code: str) -> str:
    """The title of a check in the active language; the code itself where no such check exists any more."""
    every_check()
    return gettext(REGISTRY[code].title) if code in REGISTRY else code


def message_of(code: str, values: Mapping[str, Any]) -> str:
    """What a finding says, in the active language; the title alone where its values no longer fit the message."""
    every_check()
    if code not in REGISTRY:
        return code
    try:
        return message(code, values, gettext, _shown)
    except KeyError:
        return title_of(code)


def _shown(name: str, value: Any) -> str:
    """One value as the reader writes it: months, days and deadlines in words, thousands grouped; what was typed as typed."""
    write = None if value is None or name.startswith("unread_") else _writer(name)
    try:
        return write(str(value)) if write else show(name, value, gettext)
    except (ValueError, InvalidOperation):
        return show(name, value, gettext)


def _writer(name: str) -> Callable[[str], str] | None:
    """How values of this name are written; None where as they are."""
    if name.endswith(MEASURES):
        return _grouped
    return _month if name.endswith("_period") else WRITERS.get(name)


def _month(text: str) -> str:
    return month(Month.parse(text))


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


def _deadline(text: str) -> str:
    return deadline(datetime.fromisoformat(text))


def _moment(text: str) -> str:
    return moment(datetime.fromisoformat(text))


def _grouped(text: str) -> str:
    return formats.number_format(Decimal(text), force_grouping=True)


WRITERS: Final[Mapping[str, Callable[[str], str]]] = {
    "period": _month,
    "due": _deadline,
    "as_of": _deadline,
    "submitted": _moment,
    "date": _day,
    "month_first_day": _day,
    "month_last_day": _day,
}
