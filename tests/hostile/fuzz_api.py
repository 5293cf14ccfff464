"""``make fuzz``: every operation of the OpenAPI document, all phases of schemathesis, as three roles, against a running portal.

``EXAMPLES=5 make fuzz`` asks less. What went wrong is printed with the command that asks for it again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished
from django.test import Client

from portal.accounts.models import Organisation, User
from tests import factories
from tests.calling import token_for
from tests.hostile import figures
from tests.reporting.api.months import registered

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
PHASES = "examples,coverage,fuzzing,stateful"
EXAMPLES = os.environ.get("EXAMPLES", "30")


@pytest.mark.django_db(transaction=True)
def test_no_call_as_any_role_is_answered_as_the_document_does_not_say(
    aurora: Organisation, alma: User, bruno: User, ada: User, live_server: Any, tmp_path: Path
) -> None:
    registered(aurora)
    factories.filing(aurora, "2026-02", created_by=alma)
    people = {"preparer": alma, "certifier": bruno, "organisation administrator": ada}
    tokens = {role: token_for(person) for role, person in people.items()}
    Client().get("/api/v1/schema/")  # made once, before three wait for it
    counted = Counter[str]()
    request_finished.connect(lambda **_: counted.update(["calls"]), weak=False)
    with ThreadPoolExecutor(len(tokens)) as pool:
        answers = dict(
            zip(
                tokens,
                pool.map(lambda token: ask(live_server.url, token, tmp_path), tokens.values()),
                strict=True,
            )
        )
    for role, (_ended, said) in answers.items():
        print(f"{role}:\n{said}", flush=True)
    found = {
        "phases": PHASES,
        "checks": CHECKS,
        "examples_of_each_operation": EXAMPLES,
        "calls_as_all_roles": counted["calls"],
        "what_schemathesis_said": {role: _last(said) for role, (_ended, said) in answers.items()},
    }
    figures.write("fuzz-api", "Every call of the API as three roles", found)
    assert not any(ended for ended, _said in answers.values())


def ask(url: str, token: str, folder: Path) -> tuple[int, str]:
    """One run of schemathesis: how it ended, and what it said."""
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", f"{url}/api/v1/schema/", "--header", f"Authorization: Bearer {token}",
        "--checks", CHECKS, "--phases", PHASES, "--max-examples", EXAMPLES, "--seed", "7", "--suppress-health-check", "all",
        "--continue-on-failure", "--request-timeout", "60", "--warnings", "off", "--generation-database", "none", "--no-shrink", "--no-color",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    return done.returncode, done.stdout + done.stderr


def _last(said: str) -> str:
    """The summary's own lines."""
    lines = [line.strip() for line in said.splitlines() if line.strip().strip("=_ ")]
    return "; ".join(lines[-6:])
