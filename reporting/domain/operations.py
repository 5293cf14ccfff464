"""What a page asks to change in the lines of a draft, as operations on lines of typed text. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from reporting.domain.cells import known_columns, tidy

Verb = Literal["set", "insert", "delete"]
VERBS: Final = ("set", "insert", "delete")
LARGEST_LINE_NO: Final = 2**31 - 1


class OperationError(ValueError):
    """An operation that cannot be done; ``code`` says why, ``values`` where."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Operation:
    """Set some cells of a line, put a line in, or take one out."""

    verb: Verb
    line_no: int
    cells: Mapping[str, str]


def parse_operations(raw: Any, *, most: int) -> list[Operation]:
    """Operations from JSON. Raises OperationError: not_operations, too_many_operations, unknown_column."""
    if not isinstance(raw, list):
        raise OperationError("not_operations")
    if len(raw) > most:
        raise OperationError("too_many_operations", limit=most)
    return [_parse(one) for one in raw]


def _parse(one: Any) -> Operation:
    if not isinstance(one, dict) or one.get("op") not in VERBS:
        raise OperationError("not_operations")
    line_no, cells = one.get("line_no"), one.get("cells", {})
    if type(line_no) is not int or not 1 <= line_no <= LARGEST_LINE_NO:
        raise OperationError("line_number_unusable", line_no=str(line_no)[:20])
    if not isinstance(cells, dict) or not all(isinstance(text, str) for text in cells.values()):
        raise OperationError("not_operations")
    if unknown := sorted(set(cells) - known_columns(cells)):
        raise OperationError("unknown_column", column=unknown[0][:40])
    return Operation(one["op"], line_no, {name: tidy(text) for name, text in cells.items()})


@dataclass(slots=True)
class Outcome:
    """The touched lines afterwards (None = taken out), and which cells were typed anew."""

    lines: dict[int, dict[str, str] | None]
    typed: set[tuple[int, str]]


def perform(before: Mapping[int, Mapping[str, str]], operations: Sequence[Operation]) -> Outcome:
    """Do the operations, in order, to the lines they touch. Raises OperationError: no_such_line, line_exists."""
    outcome = Outcome({}, set())
    for operation in operations:
        number = operation.line_no
        stored = before.get(number)
        now = outcome.lines[number] if number in outcome.lines else (None if stored is None else dict(stored))
        if operation.verb == "delete":
            outcome.lines[number] = None
            continue
        if operation.verb == "set" and now is None:
            raise OperationError("no_such_line", line_no=number)
        if operation.verb == "insert" and now is not None:
            raise OperationError("line_exists", line_no=number)
        outcome.lines[number] = {**(now or {}), **operation.cells}
        outcome.typed |= {(number, name) for name in operation.cells}
    return outcome
