"""Goods as programs send them, with the words of what cannot be used."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.domain.classification import Good
from licensing.domain.classification.reading import Unusable, read_good
from portal.registry.models import ELEMENT_SYMBOLS

WORDS: dict[str, str | Promise] = {
    "not_an_object": _("Send a JSON object: { … }."),
    "unknown_member": _("There is no “%(name)s” here."),
    "not_a_text": _("Write it as a JSON string."),
    "too_long": _("Keep it under %(limit)s characters."),
    "unknown_code": _("Choose one of: %(codes)s."),
    "not_a_day": _("Write the day as YYYY-MM-DD, from 1990 to 2199."),
    "unknown_element": _("This is no symbol of a rare earth. There are: %(codes)s."),
    "element_twice": _("This element stands here already."),
    "not_a_per_cent": _("Write mass per cent from 0 to 100, for example 0.42."),
    "over_hundred": _("The contents are more than 100 % together."),
    "not_a_list_of_symbols": _("Write a list of symbols, for example [“fe”, “b”]."),
    "not_a_symbol": _("Write the symbol of a metal, for example fe."),
    "not_an_hs_code": _("Write 6, 8 or 10 digits."),
}


def read(data: Any) -> tuple[Good, list[Unusable]]:
    """The good that was sent, and what of it cannot be used."""
    return read_good(data, ELEMENT_SYMBOLS)


def words_of(fault: Unusable) -> str:
    """What is to be done about it, in the reader's language."""
    words = str(WORDS[fault.code])
    return words % fault.values if fault.values else words
