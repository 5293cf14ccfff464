"""Lines as JSON: read strictly into rows of text for the one reader of lines, and shown as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from portal.core.api.bodies import pointer
from portal.core.api.problems import Fault, Problem, invalid
from reporting.domain.cells import Row
from reporting.domain.line_columns import BY_NAME, COLUMNS
from reporting.domain.operations import LARGEST_LINE_NO
from reporting.models import Filing

FAULTS_TOLD = 500
ADDRESSING = ("organisation", "period", "version", "line_no")
WHOLE = frozenset({"licence_line_no"})


def rows_of(given: Any, filing: Mapping[str, str]) -> list[Row]:
    """The rows of ``lines`` in the order sent, each with its number: its own, or one after all others.

    ``filing`` says what organisation, period and version must be where a line repeats them. Raises the problem 422
    with a pointer to each place that has the wrong type or name: what merely cannot be read is kept as it was typed.
    """
    if not isinstance(given, list):
        raise invalid([Fault("/lines", "not_a_list", _("Send the lines as a JSON array of objects."))])
    if len(given) > settings.LINES_MAX:
        words = _("A filing holds at most %(limit)s lines.") % {"limit": settings.LINES_MAX}
        raise Problem(422, "too_many_lines", words, errors=[Fault("/lines", "too_many_lines", words)])
    faults: list[Fault] = []
    numbers = _numbers(given, faults)
    rows: list[Row] = [
        (number, _cells(at, line, filing, faults))
        for at, (number, line) in enumerate(zip(numbers, given, strict=True))
    ]
    if faults:
        raise invalid(faults[:FAULTS_TOLD])
    return rows


def _numbers(lines: Sequence[Any], faults: list[Fault]) -> list[int]:
    """A number for every line: its own, or one that follows all others. Two alike are a fault."""
    own: dict[int, int] = {}  # number -> place
    for at, line in enumerate(lines):
        number = line.get("line_no") if isinstance(line, dict) else None
        if number is None:
            continue
        if type(number) is not int or not 1 <= number <= LARGEST_LINE_NO:
            faults.append(
                Fault(pointer("lines", at, "line_no"), "not_a_line_no", _("Write a whole number from 1 on."))
            )
        elif own.setdefault(number, at) != at:
            words = _("Line %(line_no)s stands here twice.") % {"line_no": number}
            faults.append(Fault(pointer("lines", at, "line_no"), "line_no_twice", words))
    given = {at: number for number, at in own.items()}
    following = count(max(own, default=0) + 1)
    return [given[at] if at in given else next(following) for at in range(len(lines))]


def _cells(at: int, line: Any, filing: Mapping[str, str], faults: list[Fault]) -> dict[str, str]:
    """One line as typed text by column."""
    if not isinstance(line, dict):
        faults.append(Fault(pointer("lines", at), "not_an_object", _("A line is a JSON object: { … }.")))
        return {}
    cells: dict[str, str] = {}
    for name, value in line.items():
        if value is None or name == "line_no":
            continue
        if name in ADDRESSING:
            _same_filing(at, name, value, filing, faults)
        elif name not in BY_NAME:
            words = _("There is no column “%(column)s”.") % {"column": str(name)[:60]}
            faults.append(Fault(pointer("lines", at, name), "unknown_column", words))
        elif isinstance(value, str):
            if value:
                cells[name] = value
        elif name in WHOLE and type(value) is int:
            cells[name] = str(value)
        else:
            faults.append(Fault(pointer("lines", at, name), *_mistyped(name, value)))
    return cells


def _mistyped(name: str, value: Any) -> tuple[str, str]:
    if (
        name in {"quantity_kg", "value_cny"}
        and isinstance(value, int | float)
        and not isinstance(value, bool)
    ):
        return "decimal_not_text", _('Write decimals as JSON strings, for example "12.400".')
    return "not_a_text", _("Write it as a JSON string.")


def _same_filing(at: int, name: str, value: Any, filing: Mapping[str, str], faults: list[Fault]) -> None:
    expected = filing.get(name)
    if expected is not None and str(value) != expected:
        words = _("The line says %(typed)s, the filing is %(expected)s.") % {
            "typed": str(value)[:40],
            "expected": expected,
        }
        faults.append(Fault(pointer("lines", at, name), f"other_{name}", words))


def about(filing: Filing) -> dict[str, str]:
    """What a line may repeat of its filing."""
    return {
        "organisation": filing.organisation.code,
        "period": str(filing.period),
        "version": str(filing.version),
    }


def shown_lines(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Lines as the dictionary has them: every column, null where it is empty; what could not be read as it was typed."""
    return [
        {
            "line_no": number,
            **{column.name: _shown(column.name, cells.get(column.name)) for column in COLUMNS},
        }
        for number, cells in rows
    ]


def _shown(name: str, text: str | None) -> str | int | None:
    if text is None:
        return None
    return int(text) if name in WHOLE and text.isascii() and text.isdecimal() else text
