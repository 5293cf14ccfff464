"""The guide does what it says: the client in Python and the lines of curl, run against the portal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.accounts.models import Organisation, User
from portal.accounts.scopes import SCOPES
from reporting.models import Filing, FilingStatus
from tests.calling import token_for
from tests.reporting.api.months import PERIOD, month, registered
from tests.reporting.api.test_files import as_csv

DOCS = Path(__file__).resolve().parents[3] / "docs"
GUIDE = (DOCS / "api.md").read_text(encoding="utf-8")


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "lines.csv"
    path.write_bytes(as_csv(month(quantity_kg="4.0")))
    return path


def run_client(url: str, file: Path, *options: str, **tokens: str) -> Any:
    command = [
        sys.executable,
        str(DOCS / "examples/file_a_month.py"),
        "--url",
        url,
        "--period",
        PERIOD,
        str(file),
        *options,
    ]
    return subprocess.run(command, env={**os.environ, **tokens}, capture_output=True, text=True, timeout=60)


@pytest.mark.django_db(transaction=True)
def test_the_client_files_a_month_mends_a_fault_and_gets_the_receipt(
    live_server: Any, aurora: Organisation, alma: User, bruno: User, csv_file: Path
) -> None:
    registered(aurora)
    preparer, certifier = token_for(alma), token_for(bruno)
    faulty = run_client(live_server.url, csv_file, LODESTONE_TOKEN=preparer)
    assert faulty.returncode == 1
    pointer = re.search(r":5:quantity_kg: error ARI001.*\[(.*)\]", faulty.stdout)[1]  # type: ignore[index]
    mended = run_client(
        live_server.url, csv_file, "--mend", f"{pointer}=40.0",
        LODESTONE_TOKEN=preparer, LODESTONE_CERTIFIER_TOKEN=certifier,
    )  # fmt: skip
    assert mended.returncode == 0, mended.stderr
    receipt = json.loads(mended.stdout[mended.stdout.index("{") :])
    filing = Filing.objects.get()
    assert filing.status == FilingStatus.SUBMITTED
    assert (receipt["number"], receipt["sha256"]) == (filing.receipt_no, filing.sha256)
    again = run_client(live_server.url, csv_file, LODESTONE_TOKEN=preparer)
    assert (again.returncode, "already_filed" in again.stderr) == (1, True)


@pytest.mark.django_db(transaction=True)
def test_the_lines_of_curl_do_what_they_say(
    live_server: Any, aurora: Organisation, alma: User, csv_file: Path
) -> None:
    registered(aurora)
    script = re.search(r"```sh\n(.*?)```", GUIDE, re.DOTALL)[1]  # type: ignore[index]
    names = {"URL": live_server.url, "TOKEN": token_for(alma), "FILE": str(csv_file)}
    done = subprocess.run(
        ["sh", "-euc", script], env={**os.environ, **names}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    decoder, rest, answers = json.JSONDecoder(), done.stdout, []
    while rest.strip():
        answer, end = decoder.raw_decode(rest.strip())
        answers.append(answer)
        rest = rest.strip()[end:]
    due, draft, tried = answers
    assert due["results"][0]["period"] == PERIOD
    assert draft["faults"][0]["pointer"] == "/lines/1/quantity_kg"
    assert tried["faults"][0]["cell"] == "C5"
    assert Filing.objects.get().line_count == 2


def test_the_guide_names_every_scope_and_limit(settings: Any) -> None:
    assert all(f"`{code}`" in GUIDE for code in SCOPES)
    assert f"{settings.LINES_AT_ONCE:,} lines are answered at once. Up to {settings.LINES_MAX:,}" in GUIDE
    assert f"for {SCOPES['filing.sign'].longest} days at most" in GUIDE
