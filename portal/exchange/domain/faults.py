"""What can be wrong with a file of the bulk load: where, a stable code, and the values of its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class LoadFault:
    """One fault. ``row`` counts records with the header as 1, as a spreadsheet does; ``column`` may be empty."""

    file: str
    row: int
    column: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Unparsable(ValueError):
    """A text that is not what its column holds; ``code`` says how."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
