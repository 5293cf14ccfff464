"""The examples of the OpenAPI document: one month of one enterprise, told through."""

from __future__ import annotations

from typing import Any

LINE: dict[str, Any] = {
    "line_no": 2,
    "kind": "sold",
    "product": "P-07",
    "quantity_kg": "60.0",
    "value_cny": "19800.00",
    "counterparty": "C-01",
    "invoice_no": "B-118",
    "date": "2026-05-20",
}
OPENING: dict[str, Any] = {"line_no": 1, "kind": "opening", "product": "P-07", "quantity_kg": "100.0"}
CLOSING: dict[str, Any] = {"line_no": 3, "kind": "closing", "product": "P-07", "quantity_kg": "40.0"}
LINES = [OPENING, LINE, CLOSING]
RECEIPT: dict[str, Any] = {
    "number": "LS202605-7K3MX-Q9DTW",
    "sha256": "3b1c" * 16,
    "submitted_at": "2026-06-05T10:12:31.402113+08:00",
    "on_time": True,
}
FILING: dict[str, Any] = {
    "id": 118,
    "organisation": "91330201MADFQE5E01",
    "period": "2026-05",
    "version": 1,
    "status": "draft",
    "nil": False,
    "amendment_reason": "",
    "submitted_at": None,
    "revision": 3,
    "line_count": 3,
    "receipt": None,
}
FILED = FILING | {"status": "submitted", "submitted_at": RECEIPT["submitted_at"], "receipt": RECEIPT}
FAULT: dict[str, Any] = {
    "pointer": "/lines/2/quantity_kg",
    "code": "STK004",
    "message": "P-07: 100.0 kg came in and 60.0 kg went out, so 40.0 kg should be left, not 4.0 kg.",
    "severity": "error",
    "line_no": None,
    "column": None,
    "product": "P-07",
    "subject": "product:P-07",
    "explained": None,
}
VERDICT: dict[str, Any] = {
    "faults": [FAULT],
    "fault_counts": {"error": 1, "warning": 0, "notice": 0, "unexplained": 0},
}
JUDGED = FILING | VERDICT
_COLUMNS = ("line_no kind product quantity_kg value_cny counterparty destination licence_no licence_line_no declaration_no "
            "invoice_no date batch from_batches note").split()  # fmt: skip
WHOLE = JUDGED | {"lines": [{name: line.get(name) for name in _COLUMNS} for line in LINES]}
JOB: dict[str, Any] = {
    "id": 41,
    "kind": "upload",
    "state": "queued",
    "done": 0,
    "total": 0,
    "created_at": "2026-06-05T10:12:31.402113+08:00",
    "finished_at": None,
    "url": "https://lodestone.example/api/v1/jobs/41/",
    "filing": "https://lodestone.example/api/v1/filings/118/",
    "refusal": None,
}
QUESTION: dict[str, Any] = {
    "id": 7,
    "text": "Which furnace run does line 2 come from?",
    "asked_at": "2026-06-12T09:00:00+08:00",
    "due_on": "2026-06-19",
    "state": "open",
    "period": "2026-05",
    "line_no": 2,
    "finding": 93,
    "answers": [],
}
FINDING: dict[str, Any] = {
    "id": 93,
    "check": "TRD005",
    "severity": "warning",
    "queue": "query",
    "period": "2026-05",
    "first_period": "2026-05",
    "lines": [2],
    "counterparty": "C-01",
    "licence_no": None,
    "declaration_no": None,
    "message": "Line 2: 330 yuan a kilogram, where your own last twelve months say 210 to 250.",
    "first_seen": "2026-06-06T02:10:00+08:00",
    "state": "asked",
    "questions": [QUESTION],
}
OBLIGATION: dict[str, Any] = {
    "period": "2026-05",
    "due_on": "2026-06-10",
    "due_at": "2026-06-11T00:00:00+08:00",
    "extended": False,
    "rule": "Due on Wednesday 10 June 2026, 24:00 Beijing time.",
    "state": "due",
    "submitted_at": None,
    "nil": False,
    "filing": None,
    "draft": 118,
}
