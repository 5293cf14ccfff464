"""A nation that no program of the portal wrote: three commands lead from its tables to the findings, and again to the same."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.portal.exchange.folders import LINES_HEADER, OTHER, OWNER, TABLES, write

OPENING = f"{OWNER},2026-03,1,1,opening,P-01,9.75,,,,,,,,,,,"  # February closed with 6.5
FEBRUARY = (
    "ARI001",
    "CMP008",
    "CMP010",
    "CMP022",
    "CUS501",
    "LAT002",
    "LIC002",
)  # what is wrong with the lines there
FILED = f"{OWNER},2026-03,1,2026-04-25T09:00:00+08:00,false,,"  # due on the 20th, by its extension


@pytest.mark.django_db
def test_load_sweep_and_export_without_hand_work(tmp_path: Path) -> None:
    february = f"{OWNER},2026-02,2,3,closing,P-01,6.5,,,,,,,,,,,"
    closing = f"{OWNER},2026-03,1,2,closing,P-01,9.75,,,,,,,,,,,"
    folder = write(
        tmp_path / "nation",
        filings=[*TABLES["filings"], FILED],
        lines=[LINES_HEADER, *TABLES["lines"][1:], february, OPENING, closing],
    )
    call_command("load", str(folder), stdout=StringIO())
    first = swept(tmp_path)
    told = {(row["check"], row["organisation"], row["period"]) for row in first}
    assert told == {(code, OWNER, "2026-02") for code in FEBRUARY} | {
        ("LAT002", OWNER, "2026-03"),
        ("STK001", OWNER, "2026-03"),
        ("LAT001", OTHER, "2026-03"),
    }
    assert swept(tmp_path) == first


def swept(folder: Path) -> list[dict[str, Any]]:
    """The findings as exported after a sweep."""
    out = folder / "findings.jsonl"
    call_command("sweep", "--from", "2026-01", "--to", "2026-03", "--as-of", "2026-05-04", stdout=StringIO())
    call_command("findings", "--export", str(out), stdout=StringIO())
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]
