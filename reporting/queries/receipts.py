"""What a receipt says about a filing, and finding a filing by what its receipt says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from reporting.domain.canonical import canonical_bytes
from reporting.models import Explanation, Filing, Obligation
from reporting.queries.draft_lines import all_rows
from reporting.queries.filed import named_texts

_DIGEST = re.compile(r"[0-9a-f]{64}")


def canonical_of(filing: Filing) -> bytes:
    """The canonical bytes of a filing as it stands: what is signed, and what the receipt's digest is taken over.

    What it names is read where it was kept; of a draft, and of a filing that was loaded, from the register.
    """
    head = {
        "organisation": _named(filing),
        "period": str(filing.period),
        "version": filing.version,
        "nil": filing.nil,
        "amendment_reason": filing.amendment_reason,
    }
    lines = ({"line_no": number, **_with_whole_numbers(cells)} for number, cells in all_rows(filing))
    rows = Explanation.objects.filter(filing=filing).values_list("code", "subject", "text")
    explanations = ({"check": code, "subject": subject, "text": text} for code, subject, text in rows)
    return canonical_bytes(head, lines, explanations, **named_texts(filing))


def _named(filing: Filing) -> str:
    """The organisation's code. A sandbox's is no code, so that no digest of its filings is ever that of a real one."""
    return (
        f"SANDBOX-{filing.organisation.code}" if filing.organisation.is_sandbox else filing.organisation.code
    )


def _with_whole_numbers(cells: Mapping[str, str]) -> dict[str, Any]:
    line: dict[str, Any] = dict(cells)
    if cells.get("licence_line_no", "").isdecimal():
        line["licence_line_no"] = int(cells["licence_line_no"])
    return line


def was_on_time(filing: Filing) -> bool:
    """Whether the month was filed on time: by its first version not withdrawn, and by extensions given since."""
    row = Obligation.objects.filter(organisation_id=filing.organisation_id, period=filing.period).first()
    if not filing.is_filed or row is None or row.submitted_at is None:
        return bool(filing.on_time)
    return row.submitted_at <= row.due_at


def first_filed_at(filing: Filing) -> datetime | None:
    """When the month was first filed, by the first version not withdrawn: being on time is judged by it."""
    filed = Filing.objects.filed().filter(organisation_id=filing.organisation_id, period=filing.period)
    return filed.order_by("version").values_list("submitted_at", flat=True).first()


def normal_proof(text: str) -> str:
    """A receipt's number or digest as it is kept, whatever blanks, dashes and letters it was typed with."""
    plain = "".join(text.split())
    return (
        plain.lower()
        if _DIGEST.fullmatch(plain.lower())
        else plain.upper().replace("–", "-").replace("—", "-")
    )


def filing_of_proof(text: str) -> Filing | None:
    """The submitted filing with this receipt number or SHA-256, if there is one; none of a sandbox's is ever found."""
    proof = normal_proof(text)
    found = Q(sha256=proof) if _DIGEST.fullmatch(proof) else Q(receipt_no=proof)
    return Filing.objects.real().exclude(submitted_at=None).filter(found).first()


def is_superseded(filing: Filing) -> bool:
    """Whether a later version that was not withdrawn stands in this one's place."""
    later = Filing.objects.filed().filter(
        organisation_id=filing.organisation_id, period=filing.period, version__gt=filing.version
    )
    return later.exists()
