"""Text -> value, strictly: what the dictionary does not allow is refused, never guessed.

A value that is wrong in fact but right in form (a negative quantity, a date outside the month) is read as it stands:
the checks are there for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from portal.core.months import Month
from portal.core.quantities import CNY_PLACES, KG_PLACES, Exact, QuantityError, parse_quantity
from portal.core.tabular.escaping import unmark
from portal.exchange.domain.dictionary import Column
from portal.exchange.domain.faults import Unparsable

_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,10}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_USCC: Final = re.compile(r"[0-9A-Z]{18}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_DIGITS: Final = re.compile(r"[0-9]+")
_TRUTH: Final = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_PER_CENT_STEP: Final = Decimal("0.000001")
_PER_CENT_LIMIT: Final = 1000
_FIRST_YEAR, _LAST_YEAR = 1900, 2199  # as months have them
_WHOLE_LIMIT: Final = 2**31


def parse(column: Column, text: str) -> Any:
    """The value of a cell that is not empty. Raises Unparsable."""
    return _PARSERS[column.holds](column, text)


def _text(column: Column, text: str) -> str:
    plain = unmark(text)
    if len(plain) > column.longest:
        raise Unparsable("too_long", longest=column.longest)
    if "\x00" in plain:
        raise Unparsable("nul_character")
    return plain


def _code(column: Column, text: str) -> str:
    if text not in column.codes:
        raise Unparsable("unknown_code", typed=text, known=", ".join(column.codes))
    return text


def _codes(column: Column, text: str) -> str:
    parts = [part.strip() for part in text.split(";") if part.strip()]
    return ";".join(_code(column, part) for part in parts)


def _shaped(pattern: re.Pattern[str], code: str) -> Callable[[Column, str], str]:
    def read(column: Column, text: str) -> str:
        if not pattern.fullmatch(text):
            raise Unparsable(code, typed=text)
        return _text(column, text)

    return read


def _period(_column: Column, text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise Unparsable("not_a_period", typed=text) from error


def _day(_column: Column, text: str) -> date:
    if not _DAY.fullmatch(text):
        raise Unparsable("not_a_date", typed=text)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unparsable("not_a_date", typed=text) from error


def _instant(_column: Column, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unparsable("not_an_instant", typed=text) from error
    if moment.tzinfo is None:
        raise Unparsable("no_offset", typed=text)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:  # at the ends of time no other offset can be had
        raise Unparsable("not_an_instant", typed=text)
    return moment


def _whole(_column: Column, text: str) -> int:
    if not _WHOLE.fullmatch(text) or abs(int(text)) >= _WHOLE_LIMIT:
        raise Unparsable("not_a_whole_number", typed=text)
    return int(text)


def _truth(_column: Column, text: str) -> bool:
    try:
        return _TRUTH[text.lower()]
    except KeyError as error:
        raise Unparsable("not_true_or_false", typed=text) from error


def _per_cent(_column: Column, text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise Unparsable("not_a_number", typed=text)
    value = Decimal(text)
    if abs(value) >= _PER_CENT_LIMIT:
        raise Unparsable("too_large", typed=text)
    return value.quantize(_PER_CENT_STEP)


def exact(text: str, places: int) -> Exact:
    """A quantity in its smallest unit, with the decimals reported. Raises Unparsable."""
    if not _DECIMAL.fullmatch(text):
        raise Unparsable("not_a_number", typed=text)
    try:
        return parse_quantity(text, places)
    except QuantityError as error:
        raise Unparsable(error.code, typed=text) from error


_PARSERS: Final[Mapping[str, Callable[[Column, str], Any]]] = {
    "text": _text,
    "code": _code,
    "codes": _codes,
    "uscc": _shaped(_USCC, "not_a_uscc"),
    "country": _shaped(_COUNTRY, "not_a_country"),
    "digits": _shaped(_DIGITS, "not_digits"),
    "period": _period,
    "day": _day,
    "instant": _instant,
    "whole": _whole,
    "truth": _truth,
    "per_cent": _per_cent,
    "kilograms": lambda _column, text: exact(text, KG_PLACES),
    "yuan": lambda _column, text: exact(text, CNY_PLACES),
}
