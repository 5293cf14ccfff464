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

FORM = "lodestone-filing-2"

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
COUNTERPARTY = (
    "code",
    "name",
    "name_local",
    "country",
    "id_type",
    "id_number",
    "address",
    "city",
    "end_use",
    "end_user_name",
    "end_user_country",
)
ELEMENTS = ("la", "ce", "pr", "nd", "sm", "eu", "gd", "tb", "dy", "ho", "er", "tm", "yb", "lu", "sc", "y")
PRODUCT = (
    "code",
    "name",
    "stage",
    "family",
    "hs_code",
    "grade",
    "processing_level",
    "partners",
    *(f"{element}_pct" for element in ELEMENTS),
    "assay_rel_uncertainty_pct",
)
Rows = Iterable[Mapping[str, Any]]


def canonical_bytes(
    head: Mapping[str, Any], lines: Rows, explanations: Rows, *, counterparties: Rows, products: Rows
) -> bytes:
    """The canonical bytes of one version of one filing.

    ``head`` has the keys of HEAD, each line those of LINE (the data dictionary's names and formats), each explanation
    those of EXPLANATION; ``counterparties`` and ``products`` are those that the lines name, with the keys of
    COUNTERPARTY and PRODUCT. None and "" count as no value; other keys are ignored; the order given does not matter.
    """
    document = {
        "form": FORM,
        **_kept(head, HEAD),
        "lines": sorted((_kept(line, LINE) for line in lines), key=lambda line: line["line_no"]),
        "explanations": sorted(
            (_kept(row, EXPLANATION) for row in explanations),
            key=lambda row: (row.get("check", ""), row.get("subject", "")),
        ),
        **_named(counterparties, products),
    }
    return _bytes(document)


def named_bytes(counterparties: Rows, products: Rows) -> bytes:
    """What a filing names, in the form that it has there; by itself, to see whether it is still what was read."""
    return _bytes(_named(counterparties, products))


def digest_of(canonical: bytes) -> str:
    """SHA-256 in 64 small hexadecimal digits."""
    return hashlib.sha256(canonical).hexdigest()


def _named(counterparties: Rows, products: Rows) -> dict[str, Any]:
    return {
        "counterparties": sorted((_kept(row, COUNTERPARTY) for row in counterparties), key=_code),
        "products": sorted((_kept(row, PRODUCT) for row in products), key=_code),
    }


def _code(row: Mapping[str, Any]) -> str:
    return str(row["code"])


def _bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _kept(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    values = ((name, row.get(name)) for name in names)
    return {name: value for name, value in values if value is not None and value != ""}
