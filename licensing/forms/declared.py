"""An item of a declaration as programs, forms and files write it, read strictly: what cannot be used is told by its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.domain.declared import DeclaredItem
from portal.core import clock
from portal.core.quantities import CNY_PLACES, KG_PLACES, Exact, QuantityError, parse_quantity

ITEM_MEMBERS: Final = (
    "declaration_no", "item_no", "declared_on", "exporter", "licence_no", "licence_line_no", "hs_code", "description",
    "quantity_kg", "value_cny", "destination", "consignee_name",
)  # fmt: skip
"""The dictionary's columns of ``declarations``."""

LONGEST: Final = {
    "declaration_no": 60, "exporter": 18, "licence_no": 60, "hs_code": 10, "description": 2_000, "destination": 2,
    "consignee_name": 300, "quantity_kg": 40, "value_cny": 40, "declared_on": 10, "unit": 10,
}  # fmt: skip
WORDS: Final[dict[str, str | Promise]] = {
    "required": _("This is needed."),
    "not_a_text": _("Write it as a JSON string."),
    "decimal_not_text": _('Write decimals as JSON strings, for example "12.400".'),
    "too_long": _("Keep it under %(limit)s characters."),
    "unusable_character": _("It holds a character that cannot be kept or is not seen."),
    "not_a_number": _("Write a decimal number with a point, for example 12.400."),
    "too_many_decimals": _("At most %(places)s decimals."),
    "too_large": _("This is more than there can be."),
    "quantity_not_positive": _("A quantity is more than 0."),
    "value_negative": _("A value is not below 0."),
    "unit_unknown": _("Quantities are in kilograms: kg."),
    "not_a_day": _("Write the day as YYYY-MM-DD, from 1990 to 2199."),
    "day_in_future": _("The day is not over yet: a declaration is of today or earlier."),
    "not_a_whole_number": _("Write a whole number from 1 on."),
    "not_a_uscc": _("A unified social credit code has 18 digits and capital letters."),
    "not_a_country": _("Write two capital letters (ISO 3166-1)."),
    "not_an_hs_code": _("Write 6, 8 or 10 digits."),
}
_USCC: Final = re.compile(r"[0-9A-Z]{18}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_HS: Final = re.compile(r"(\d{6}|\d{8}|\d{10})", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Unusable:
    """A member that cannot be used, and why."""

    name: str
    code: str
    limit: int = 0

    def words(self) -> str:
        """What is to be done about it, in the reader's language."""
        return str(WORDS[self.code]) % {"limit": self.limit, "places": self.limit}


class Reader:
    """Members of one object, read one by one; ``faults`` gathers what cannot be used."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.faults: list[Unusable] = []

    def fault(self, name: str, code: str, limit: int = 0) -> None:
        self.faults.append(Unusable(name, code, limit))

    def text(self, name: str, *, required: bool = False, longest: int = 0) -> str:
        """The text without blanks around it; blank where it is absent or cannot be used."""
        value = self.given.get(name)
        if value is None or value == "":
            if required:
                self.fault(name, "required")
            return ""
        most = longest or LONGEST.get(name, 300)
        if not isinstance(value, str):
            self.fault(name, "not_a_text")
        elif len(value) > most:
            self.fault(name, "too_long", most)
        elif any(not sign.isprintable() for sign in value):
            self.fault(name, "unusable_character")
        elif required and not value.strip():
            self.fault(name, "required")
        else:
            return value.strip()
        return ""

    def shaped(self, name: str, shape: re.Pattern[str], code: str, *, required: bool = False) -> str:
        """A text of a certain shape."""
        value = self.text(name, required=required)
        if value and not shape.fullmatch(value):
            self.fault(name, code)
            return ""
        return value

    def number(self, name: str, *, required: bool = False) -> int | None:
        """A whole number from 1 on."""
        value = self.given.get(name)
        if (
            isinstance(value, str)
            and value.strip().isascii()
            and value.strip().isdecimal()
            and len(value) < 11
        ):
            value = int(value)
        if value is None or value == "":
            if required:
                self.fault(name, "required")
            return None
        if type(value) is not int or not 1 <= value < 2**31:
            self.fault(name, "not_a_whole_number")
            return None
        return value

    def exact(self, name: str, places: int, *, required: bool = False) -> Exact | None:
        """A decimal in its smallest unit."""
        value = self.given.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.fault(name, "decimal_not_text")
            return None
        written = self.text(name, required=required)
        if not written:
            return None
        try:
            return parse_quantity(written, places)
        except QuantityError as error:
            self.fault(name, error.code, places)
            return None

    def day(self, name: str) -> date:
        """A day of the past, today where none is given."""
        written = self.text(name)
        today = clock.today()
        if not written:
            return today
        try:
            day = date.fromisoformat(written) if _DAY.fullmatch(written) else date.min
        except ValueError:
            day = date.min
        if not 1990 <= day.year <= 2199:
            self.fault(name, "not_a_day")
            return today
        if day > today:
            self.fault(name, "day_in_future")
        return day


def read_item(reader: Reader, *, numbered: bool) -> DeclaredItem:
    """The item that stands in the reader's object. Without ``numbered`` it may do without a declaration's number."""
    quantity = reader.exact("quantity_kg", KG_PLACES, required=True)
    if quantity is not None and quantity.units <= 0:
        reader.fault("quantity_kg", "quantity_not_positive")
    value = reader.exact("value_cny", CNY_PLACES)
    if value is not None and value.units < 0:
        reader.fault("value_cny", "value_negative")
    named = numbered or bool(reader.given.get("declaration_no"))
    return DeclaredItem(
        declaration_no=reader.text("declaration_no", required=numbered),
        item_no=reader.number("item_no", required=named) or 0,
        declared_on=reader.day("declared_on"),
        exporter=reader.shaped("exporter", _USCC, "not_a_uscc", required=True),
        licence_no=reader.text("licence_no"),
        licence_line_no=reader.number("licence_line_no"),
        hs_code=reader.shaped("hs_code", _HS, "not_an_hs_code"),
        description=reader.text("description"),
        quantity_g=None if quantity is None else quantity.units,
        quantity_dp=0 if quantity is None else quantity.decimals,
        value_fen=None if value is None else value.units,
        value_dp=0 if value is None else value.decimals,
        destination=reader.shaped("destination", _COUNTRY, "not_a_country"),
        consignee_name=reader.text("consignee_name"),
    )
