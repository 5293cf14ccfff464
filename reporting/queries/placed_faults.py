"""Where the faults of a filing stand in its lines as JSON has them: a pointer to each cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from portal.core.api.bodies import pointer
from reporting.models import Filing, Kind, Line
from reporting.queries.wording import message_of

TOLD = 1_000  # faults in one answer; all are counted


class CheckFault(Protocol):
    """What the checks say of a filing (``reporting.services.checking.Fault``, which stands a floor above)."""

    @property
    def code(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def line_no(self) -> int | None: ...
    @property
    def column(self) -> str | None: ...
    @property
    def product_code(self) -> str | None: ...
    @property
    def subject(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def explained(self) -> str | None: ...


def stock_lines(filing: Filing) -> dict[str, int]:
    """For each product code the line where a fault of its month is best seen: its closing stock, else its first line."""
    rows = Line.objects.filter(filing=filing, product__isnull=False).order_by("line_no")
    return stock_lines_of(rows.values_list("product__code", "line_no", "kind"))


def stock_lines_of(lines: Iterable[tuple[str, int, Any]]) -> dict[str, int]:
    """The same from (product code, line number, kind)."""
    chosen: dict[str, int] = {}
    for code, number, kind in lines:
        if code not in chosen or kind in {Kind.CLOSING, Kind.CLOSING.code}:
            chosen[code] = number
    return chosen


def placed(
    faults: Iterable[CheckFault], numbers: Sequence[int], stock: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Faults in words, each with the pointer to its cell; ``numbers`` are the line numbers in the order of the array."""
    at = {number: place for place, number in enumerate(numbers)}
    return [_placed(fault, at, stock) for fault in faults]


def _placed(fault: CheckFault, at: Mapping[int, int], stock: Mapping[str, int]) -> dict[str, Any]:
    number, column = fault.line_no, fault.column
    if number is None and fault.product_code is not None:
        number, column = stock.get(fault.product_code), "quantity_kg"
    place = None if number is None else at.get(number)
    where = "/lines" if place is None else pointer("lines", place, *([column] if column else []))
    return {
        "pointer": where,
        "code": fault.code,
        "message": message_of(fault.code, fault.values),
        "severity": fault.severity,
        "line_no": fault.line_no,
        "column": fault.column,
        "product": fault.product_code,
        "subject": fault.subject,
        "explained": fault.explained,
    }


def counted(faults: Iterable[CheckFault]) -> dict[str, int]:
    """How many there are of each severity, and how many warnings wait for an explanation."""
    counts = {"error": 0, "warning": 0, "notice": 0, "unexplained": 0}
    for fault in faults:
        counts[fault.severity] += 1
        counts["unexplained"] += fault.severity == "warning" and not fault.explained
    return counts
