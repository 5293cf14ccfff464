"""Recompute the SHA-256 of a receipt from the filing's JSON. Needs Python 3.8 or newer and nothing else.

    python verify_receipt.py filing.json                 prints the digest
    python verify_receipt.py filing.json DIGEST          says whether it is that digest; exit 1 if not

The file is the one offered on the receipt's page. It may have been formatted anew, its keys put in another order,
its empty values written out or left away: the digest is the same. The form is described in canonical-form.md.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

FORM = "lodestone-filing-2"
HEAD = ["organisation", "period", "version", "nil", "amendment_reason"]
LINE = [
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
]
EXPLANATION = ["check", "subject", "text"]
COUNTERPARTY = [
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
]
ELEMENTS = ["la", "ce", "pr", "nd", "sm", "eu", "gd", "tb", "dy", "ho", "er", "tm", "yb", "lu", "sc", "y"]
PRODUCT = [
    "code",
    "name",
    "stage",
    "family",
    "hs_code",
    "grade",
    "processing_level",
    "partners",
    *[element + "_pct" for element in ELEMENTS],
    "assay_rel_uncertainty_pct",
]


def kept(row: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: row[name] for name in names if row.get(name) not in (None, "")}


def canonical(filing: dict[str, Any]) -> bytes:
    document = kept(filing, HEAD)
    document["form"] = FORM
    document["lines"] = sorted(
        (kept(line, LINE) for line in filing["lines"]), key=lambda line: line["line_no"]
    )
    explanations = [kept(row, EXPLANATION) for row in filing["explanations"]]
    document["explanations"] = sorted(
        explanations, key=lambda row: (row.get("check", ""), row.get("subject", ""))
    )
    for name, columns in (("counterparties", COUNTERPARTY), ("products", PRODUCT)):
        document[name] = sorted((kept(row, columns) for row in filing[name]), key=lambda row: row["code"])
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def main() -> None:
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    filing = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8-sig"))
    if filing.get("form") != FORM:
        sys.exit(f"This file is of the form {filing.get('form')!r}; this script knows {FORM!r}.")
    digest = hashlib.sha256(canonical(filing)).hexdigest()
    sys.stdout.write(digest + "\n")
    if len(sys.argv) == 3:
        same = digest == sys.argv[2].strip().lower()
        sys.stdout.write("This is the filed data.\n" if same else "This is NOT the filed data.\n")
        sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
