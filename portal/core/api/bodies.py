"""Reading what was sent: strict JSON, and members by name with a pointer to each that cannot be used."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from portal.core.api.problems import Fault, Problem, invalid
from portal.core.months import Month


class StrictJson(BaseParser):
    """JSON as RFC 8259 has it: no NaN, no text that no database holds (NUL, half of a surrogate pair)."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read()
        if not raw.strip():
            return {}
        try:
            data = json.loads(codecs.decode(raw, "utf-8-sig"), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        lowered = raw.lower()
        if b"\\u0000" in lowered or b"\\ud" in lowered:
            _require_storable(data)
        return data


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _require_storable(data: Any) -> None:
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
                words = _("A text holds a character that cannot be kept (NUL, or half of a surrogate pair).")
                raise Problem(400, "unusable_character", words)
        elif isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value


def pointer(*parts: str | int) -> str:
    """A JSON pointer of these parts (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def members(request: Request, known: Iterable[str]) -> dict[str, Any]:
    """The members of the JSON object that was sent. Raises the problem 422 for no object, and for unknown members."""
    data = request.data
    if not isinstance(data, Mapping):
        raise invalid([Fault("", "not_an_object", _("Send a JSON object: { … }."))])
    names = set(known)
    unknown = [
        Fault(pointer(name), "unknown_member", _("There is no “%(name)s” here.") % {"name": str(name)[:60]})
        for name in data
        if name not in names
    ]
    if unknown:
        raise invalid(unknown)
    return dict(data)


def text(given: Mapping[str, Any], name: str, *, longest: int, required: bool = False) -> str:
    """A member that is a text, blank where it is absent or null. Raises the problem 422."""
    value = given.get(name)
    if value is None and not required:
        return ""
    if value is None:
        raise invalid([Fault(pointer(name), "required", _("This is needed."))])
    if not isinstance(value, str):
        raise invalid([Fault(pointer(name), "not_a_text", _("Write it as a JSON string."))])
    if len(value) > longest:
        words = _("Keep it under %(limit)s characters.") % {"limit": longest}
        raise invalid([Fault(pointer(name), "too_long", words)])
    if required and not value.strip():
        raise invalid([Fault(pointer(name), "required", _("This is needed."))])
    return value


def flag(given: Mapping[str, Any], name: str) -> bool:
    """A member that is true or false; false where it is absent. Raises the problem 422."""
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise invalid([Fault(pointer(name), "not_a_flag", _("Write true or false."))])
    return value


def whole(given: Mapping[str, Any], name: str) -> int | None:
    """A member that is a whole number from 0 on; None where it is absent. Raises the problem 422."""
    value = given.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value < 2**31:
        raise invalid([Fault(pointer(name), "not_a_whole_number", _("Write a whole number from 0 on."))])
    return value


def month(given: Mapping[str, Any], name: str) -> Month:
    """A member that is a month. Raises the problem 422."""
    written = text(given, name, longest=7, required=True)
    try:
        found = Month.parse(written)
    except ValueError as error:
        raise invalid(
            [Fault(pointer(name), "not_a_month", _("Write the month as YYYY-MM, for example 2026-05."))]
        ) from error
    return _in_reach(found, name)


def _in_reach(found: Month, name: str) -> Month:
    if not 1990 <= found.year <= 2199:
        raise invalid([Fault(pointer(name), "not_a_month", _("Write a year from 1990 to 2199."))])
    return found
