"""The canonical form of a filing: the bytes over which a receipt's SHA-256 is taken.

One JSON object written as RFC 8785 says (keys sorted, no spaces, UTF-8, nothing escaped that need not be). It holds
texts, whole numbers and true/false only: quantities are decimal texts with the decimals that were reported. What has
no value is left out. Described for third parties in docs/canonical-form.md; docs/verify_receipt.py recomputes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

FORM = "lodestone-filing-1"

HEAD = ("organisation", "period", "version", "nil", "amendment_reason")
LINE = (
    "line_no",
    "kind",
    "product",
    "quantity_kg",
    "value_cny",
    "counterparty",
    "destination",
    "licence_no",
    "declaration_no",
    "invoice_no",
    "licence_line_no",
    "date",
    "batch",
    "from_batches",
    "note",
)
EXPLANATION = ("check", "subject", "text")


def canonical_bytes(
    head: Mapping[str, Any], lines: Iterable[Mapping[str, Any]], explanations: Iterable[Mapping[str, Any]]
) -> bytes:
    """The canonical bytes of one version of one filing.

    ``head`` has the keys of HEAD, each line those of LINE (the data dictionary's names and formats), each explanation
    those of EXPLANATION. None and "" count as no value; other keys are ignored; the order given does not matter.
    """
    document = {
        "form": FORM,
        **_kept(head, HEAD),
        "lines": sorted((_kept(line, LINE) for line in lines), key=lambda line: line["line_no"]),
        "explanations": sorted(
            (_kept(row, EXPLANATION) for row in explanations),
            key=lambda row: (row.get("check", ""), row.get("subject", "")),
        ),
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(canonical: bytes) -> str:
    """SHA-256 in 64 small hexadecimal digits."""
    return hashlib.sha256(canonical).hexdigest()


def _kept(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    values = ((name, row.get(name)) for name in names)
    return {name: value for name, value in values if value is not None and value != ""}
