"""``make fuzz``: every operation of the OpenAPI document, all phases of schemathesis, as three roles, against a running portal.

``EXAMPLES=5 make fuzz`` asks less. What went wrong is printed with the command that asks for it again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.accounts.models import Organisation, User
from tests import factories
from tests.calling import token_for
from tests.hostile import figures
from tests.reporting.api.months import registered

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
PHASES = "examples,coverage,fuzzing,stateful"
EXAMPLES = os.environ.get("EXAMPLES", "30")
SECONDS = 3_600


@pytest.mark.django_db(transaction=True)
def test_no_call_as_any_role_is_answered_as_the_document_does_not_say(
    aurora: Organisation, alma: User, bruno: User, ada: User, live_server: Any, tmp_path: Path
) -> None:
    registered(aurora)
    factories.filing(aurora, "2026-02", created_by=alma)
    found: dict[str, Any] = {}
    wrong = []
    for role, person in {"preparer": alma, "certifier": bruno, "organisation administrator": ada}.items():
        report = tmp_path / f"{person.username}.json"
        ended, said = ask(f"{live_server.url}/api/v1/schema/", token_for(person), report)
        print(said, flush=True)
        found[role] = summary(report, said)
        if ended != 0:
            wrong.append(f"{role}:\n{said}")
    figures.write("fuzz-api", "Every call of the API as three roles", found)
    assert not wrong, "\n".join(wrong)


def ask(url: str, token: str, report: Path) -> tuple[int, str]:
    """One run of schemathesis: how it ended, and what it said."""
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", url, "--header", f"Authorization: Bearer {token}", "--checks", CHECKS,
        "--phases", PHASES, "--max-examples", EXAMPLES, "--seed", "7", "--suppress-health-check", "all", "--continue-on-failure",
        "--warnings", "off", "--report-json-path", str(report), "--generation-database", "none", "--no-color",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=report.parent)
    return done.returncode, done.stdout + done.stderr


def summary(report: Path, said: str) -> dict[str, Any]:
    """The counts of one run."""
    return {"said": said.splitlines()[-12:]} if not report.exists() else json.loads(report.read_text())
