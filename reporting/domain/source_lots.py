"""The lots that a line says its product was made from: ``LOT``, ``LOT:KG`` or, for a supplier's lot, ``USCC/LOT:KG``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.core.quantities import parse_quantity

LONGEST = 100  # as the number of a lot itself

_SOURCE = re.compile(r"\s*(?:([0-9A-Z]{18})/)?([^;:/]+)(?::(\d+(?:\.\d{1,3})?))?\s*")


@dataclass(frozen=True, slots=True)
class SourceLot:
    """One of them; ``uscc`` is empty for a lot of one's own, ``grams`` None where no weight was given."""

    uscc: str
    batch: str
    grams: int | None


def source_lots(text: str) -> list[SourceLot]:
    """The lots of a cell in their order. What cannot be read is left out: a check tells of it (CMP028)."""
    found = []
    for part in text.split(";"):
        match = _SOURCE.fullmatch(part)
        if match is None or not (batch := match[2].strip()) or len(batch) > LONGEST:
            continue
        grams = None if match[3] is None or len(match[3]) > 12 else parse_quantity(match[3]).units
        found.append(SourceLot(match[1] or "", batch, grams))
    return found
