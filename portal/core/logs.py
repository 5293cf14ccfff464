"""What a log says of a fault: its kind and where it happened. Never its message, which may quote a client's name."""

from __future__ import annotations

from typing import Any

from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import ExcInfo


class Whereabouts:
    """An exception as kinds and places, the causes after it; of the database's also its code (SQLSTATE)."""

    def __init__(self) -> None:
        self._told = ExceptionDictTransformer(show_locals=False)

    def __call__(self, exc_info: ExcInfo) -> list[dict[str, Any]]:
        stacks = [_plain(stack) for stack in self._told(exc_info)]
        codes = [code for one in _chain(exc_info[1]) if (code := getattr(one, "pgcode", None))]
        if stacks and codes:
            stacks[0]["sqlstate"] = codes[0]
        return stacks


def _plain(stack: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {
        name: stack[name] for name in ("exc_type", "is_cause", "frames", "is_group") if name in stack
    }
    kept["exceptions"] = [[_plain(one) for one in group] for group in stack.get("exceptions", [])]
    return kept


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
