"""500 export checks, each sent five times at once, half of the sendings cut: 500 draws, equal answers, other bodies refused."""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.load.load_idempotency import count, manage
from tests.load.sent_again import SENDERS, Post, send_all, summary, with_another_body
from tests.load.serving import gunicorn
from tests.servers import start_postgresql, start_redis

CHECKS = 500
GOODS = {
    "form": "magnet",
    "family": "ndfeb",
    "contents": {"dy": "0.42", "nd": "29.1", "tb": "0"},
    "hs_code": "8505111000",
}
_PREPARE = """
from tests import factories
from tests.calling import token_for
from tests.conftest import with_second_factor
from tests.licensing import issued
from portal.accounts.roles import Kind
issued.licence(factories.organisation(), issued.line_terms(kg=1_000), licence_no="AGAIN")
customs = factories.organisation(None, "Customs", kind=Kind.CUSTOMS)
gus = with_second_factor(factories.user("gus", (customs, "customs")))
for _ in range({senders}):
    print(token_for(gus))
"""


def body_of(number: int, name: str = "Ring") -> bytes:
    """The question of this number; under another name it is about another quantity."""
    asked = {
        "exporter": "91330201MADFQE5E01", "licence_no": "AGAIN", "goods": GOODS, "consignee_name": "Rheinmotor GmbH",
        "quantity_kg": "0.250" if name == "Ring" else "0.500", "destination": "DE", "declaration_no": f"D-{number}", "item_no": 1,
    }  # fmt: skip
    return json.dumps(asked).encode()


QUESTION = Post("/api/v1/export-checks/", body_of, 200)


def measure() -> dict[str, Any]:
    """Draws, answers and times on PostgreSQL behind gunicorn with two workers."""
    url, redis = start_postgresql(), start_redis()
    with tempfile.TemporaryDirectory(prefix="lodestone-load-") as folder:
        environment = {**os.environ, "DATABASE_URL": url, "LODESTONE_VAR": folder, "LODESTONE_MODE": "test"}
        (Path(folder) / "static").mkdir()
        manage(environment, "migrate", "--verbosity", "0")
        script = _PREPARE.format(senders=SENDERS)
        tokens = manage(environment, "shell", "--no-imports", "--command", script).split()
    with gunicorn(url, redis) as address:
        begun = time.perf_counter()
        seen = send_all(address, tokens, CHECKS, QUESTION)
        seconds = time.perf_counter() - begun
        others = with_another_body(address, tokens[0], CHECKS, QUESTION)
    figures = summary(seen, CHECKS, seconds)
    figures["draws"] = count(url, "licensing_movement WHERE kind = 'draw'")
    figures["declarations"] = count(url, "licensing_declaration")
    figures["grams_drawn"] = count(url, "licensing_movement WHERE kind = 'draw' AND grams = 250") * 250
    figures["the_key_with_another_body"] = dict(others)
    exactly = {"draws": CHECKS, "declarations": CHECKS, "posts_whose_answers_are_the_same_bytes": CHECKS}
    broken = {name: figures[name] for name, wanted in exactly.items() if figures[name] != wanted}
    if broken or figures["the_key_with_another_body"] != {"422 idempotency_key_reused": CHECKS}:
        raise AssertionError(f"the promise is broken: {broken or figures['the_key_with_another_body']}")
    return figures
