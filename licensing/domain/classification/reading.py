"""A good out of what a program sent: every member that cannot be used is told with its place and a code."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from licensing.domain.classification.goods import FAMILIES, FORMS, LEVELS, Good

MEMBERS: Final = (
    "id", "on", "form", "family", "grade", "processing_level", "contents", "partners", "hs_code", "description",
)  # fmt: skip
LONGEST: Final = {"id": 100, "grade": 40, "description": 2_000}
MOST_PARTNERS: Final = 20
_HS_CODE: Final = re.compile(r"\d{6}|\d{8}|\d{10}", re.ASCII)
_SYMBOL: Final = re.compile(r"[A-Za-z]{1,2}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,3}(\.\d{1,30})?", re.ASCII)
FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Unusable:
    """One member that cannot be used: where it stands, a stable code, and what the words of that code need."""

    place: tuple[str | int, ...]
    code: str
    values: Mapping[str, str]


def read_good(data: Any, symbols: Sequence[str]) -> tuple[Good, list[Unusable]]:
    """The good that was sent, and what of it cannot be used. ``symbols`` are the rare earths."""
    if not isinstance(data, Mapping):
        return Good(), [Unusable((), "not_an_object", {})]
    faults = [
        Unusable((name,), "unknown_member", {"name": str(name)[:60]}) for name in data if name not in MEMBERS
    ]
    given = _Given(data, faults)
    good = Good(
        id=given.label("id"),
        on=given.day("on"),
        form=given.code("form", FORMS),
        family=given.code("family", tuple(FAMILIES)),
        grade=given.label("grade"),
        processing_level=given.code("processing_level", LEVELS),
        contents=given.contents(symbols),
        partners=given.partners(),
        hs_code=given.hs_code(),
        description=given.label("description"),
    )
    return good, faults


class _Given:
    """The members of one good; what cannot be used goes to ``faults``."""

    def __init__(self, data: Mapping[str, Any], faults: list[Unusable]) -> None:
        self._data, self._faults = data, faults

    def _fault(self, code: str, *place: str | int, **values: str) -> None:
        self._faults.append(Unusable(place, code, values))

    def label(self, name: str) -> str:
        value = self._data.get(name)
        if value is None:
            return ""
        if name == "id" and type(value) is int:
            value = str(value)
        if not isinstance(value, str):
            self._fault("not_a_text", name)
            return ""
        if len(value) > LONGEST[name]:
            self._fault("too_long", name, limit=str(LONGEST[name]))
            return ""
        return value

    def code(self, name: str, known: Sequence[str]) -> str | None:
        value = self._data.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or value not in known:
            self._fault("unknown_code", name, codes=", ".join(known))
            return None
        return value

    def day(self, name: str) -> date | None:
        value = self._data.get(name)
        if value is None or value == "":
            return None
        try:
            found = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None or not FIRST <= found <= LAST:
            self._fault("not_a_day", name)
            return None
        return found

    def contents(self, symbols: Sequence[str]) -> dict[str, Decimal]:
        value = self._data.get("contents")
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self._fault("not_an_object", "contents")
            return {}
        found: dict[str, Decimal] = {}
        for name, given in value.items():
            symbol = name.strip().lower()
            if symbol not in symbols:
                self._fault("unknown_element", "contents", name, codes=", ".join(symbols))
            elif symbol in found:
                self._fault("element_twice", "contents", name)
            elif given is not None:
                amount = _per_cent(given)
                if amount is None:
                    self._fault("not_a_per_cent", "contents", name)
                else:
                    found[symbol] = amount
        if sum(found.values()) > 100:
            self._fault("over_hundred", "contents")
        return found

    def partners(self) -> tuple[str, ...]:
        value = self._data.get("partners")
        if value is None:
            return ()
        parts = value.split(";") if isinstance(value, str) else value
        if not isinstance(parts, list) or len(parts) > MOST_PARTNERS:
            self._fault("not_a_list_of_symbols", "partners")
            return ()
        found = []
        for place, part in enumerate(parts):
            if not isinstance(part, str) or not _SYMBOL.fullmatch(part.strip()):
                if part != "" or not isinstance(value, str):
                    self._fault("not_a_symbol", "partners", place)
                continue
            found.append(part.strip().lower())
        return tuple(dict.fromkeys(found))

    def hs_code(self) -> str:
        value = self._data.get("hs_code")
        if value is None or value == "":
            return ""
        if not isinstance(value, str) or not _HS_CODE.fullmatch(value):
            self._fault("not_an_hs_code", "hs_code")
            return ""
        return value


def _per_cent(given: Any) -> Decimal | None:
    """A content as it was written: a number, or its text. None where it is no per cent."""
    if isinstance(given, bool) or not isinstance(given, int | float | str | Decimal):
        return None
    if isinstance(given, float) and not math.isfinite(given):
        return None
    try:
        # a float's shortest text is what was written in the JSON
        found = Decimal(repr(given) if isinstance(given, float) else str(given).strip())
    except InvalidOperation:
        return None
    if isinstance(given, str) and not _NUMBER.fullmatch(given.strip()):
        return None
    return found if found.is_finite() and 0 <= found <= 100 else None
