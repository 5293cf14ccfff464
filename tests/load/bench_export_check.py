"""Export checks that draw, beside an endpoint that does one indexed SELECT: rates at full load, and answers at 200 a second.

A portal of its own: gunicorn with two processes (two cores), PostgreSQL beside it reached as the web's role, behind the
fence, the client on the same machine. Both endpoints are asked by the same token of the same server, in turn, in short
pairs: what else the machine does falls on both. Every licence is for a product of its own. And the race for one
licence: 20 processes × 150 draws of 7 g from 10,000 g.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from tests.servers import AS_IN_USE, WEB, as_role, free_port, make_roles, start_postgresql, start_redis

ROOT = Path(__file__).resolve().parents[2]
LICENCES, HANDS, RATE = 200, 8, 200
PAIRS, SECONDS, SECONDS_AT_RATE = 9, 4.0, 20.0
PREPARE = f"""
from datetime import timedelta
from tests import factories
from tests.conftest import with_second_factor
from tests.calling import token_for
from tests.licensing import issued
from portal.accounts.roles import Kind
from portal.core import fencing
fencing.draw()
aurora = factories.organisation()
customs = factories.organisation(None, "Customs", kind=Kind.CUSTOMS)
gus = with_second_factor(factories.user("gus", (customs, "customs")))
for n in range({LICENCES}):
    issued.licence(aurora, issued.line_terms(kg=1_000_000), licence_no=f"REL-{{n}}")
issued.licence(aurora, issued.line_terms(grams=10_000), licence_no="RACE")
print("TOKEN", token_for(gus))
"""
RACER = """
import sys
from licensing.services import ledger
from portal.core.errors import Refused
from tests.licensing import issued
line = issued.LicenceLine.objects.get(licence__licence_no="RACE")
hand, taken = sys.argv[-1], 0
print("up", flush=True)
sys.stdin.readline()
for turn in range(150):
    try:
        ledger.draw(by=issued.CUSTOMS, line_id=line.pk, grams=7, declaration=(f"RACE-{hand}", turn + 1))
        taken += 1
    except Refused:
        pass
print("TAKEN", taken)
"""
AFTER = """
from django.db.models import Sum
from licensing.models import Movement
from licensing.queries.reconciliation import differences
from tests.licensing import issued
line = issued.LicenceLine.objects.get(licence__licence_no="RACE")
total = Movement.objects.filter(line=line, kind="draw").aggregate(sum=Sum("grams"))["sum"]
print("FIGURES", total, line.drawn_g, len(differences()))
"""


def measure() -> dict[str, Any]:
    """Rates, milliseconds and what the race left."""
    with tempfile.TemporaryDirectory(prefix="lodestone-bench-", ignore_cleanup_errors=True) as name:
        (Path(name) / "static").mkdir()
        owner = start_postgresql()
        make_roles(owner)
        environment = {
            **os.environ, "DATABASE_URL": owner, "REDIS_URL": start_redis(), "LODESTONE_VAR": name,
            "LODESTONE_MODE": "test", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        _python(environment, "manage.py", "migrate", "--verbosity", "0")
        token = _script(environment, PREPARE).split("TOKEN ")[1].split()[0]
        port = free_port()
        served = environment | {
            "DATABASE_URL": as_role(owner, WEB), "DJANGO_SETTINGS_MODULE": "tests.load.one_select_settings",
        }  # fmt: skip
        web = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "portal.config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2",
             *AS_IN_USE, "--log-level", "error"],
            cwd=ROOT, env=served,
        )  # fmt: skip
        try:
            figures = _served(port, token)
        finally:
            web.terminate()
            web.wait(timeout=20)
        return figures | {"one licence, 20 processes": _race(environment)}


def _served(port: int, token: str) -> dict[str, Any]:
    _wait(port)
    before, numbers = os.getloadavg()[0], count(1)
    authorised = {"Authorization": f"Bearer {token}"}

    def check(connection: http.client.HTTPConnection) -> int:
        number = next(numbers)
        headers = authorised | {"Content-Type": "application/json", "Idempotency-Key": f"key-{number}"}
        connection.request("POST", "/api/v1/export-checks/", json.dumps(_question(number)), headers)
        answer = connection.getresponse()
        data = answer.read()
        return answer.status if json.loads(data).get("decision") == "permit" else 0

    def select(connection: http.client.HTTPConnection) -> int:
        connection.request("GET", f"/api/v1/one-select/REL-{next(numbers) % LICENCES}/", headers=authorised)
        answer = connection.getresponse()
        data = answer.read()
        return answer.status if json.loads(data).get("status") == "valid" else 0

    for work in (check, select):  # warm
        _closed(port, work, 3.0)
    pairs = [(_closed(port, select, SECONDS), _closed(port, check, SECONDS)) for _turn in range(PAIRS)]
    return {
        "export checks a second (median)": round(median(mine for _theirs, mine in pairs), 1),
        "one indexed SELECT a second (median)": round(median(theirs for theirs, _mine in pairs), 1),
        f"ratio of rates (median of {PAIRS} pairs)": median(mine / theirs for theirs, mine in pairs),
        f"at {RATE} a second": _open(port, check),
        "load of the machine": f"{before:.1f} before, {os.getloadavg()[0]:.1f} after",
    }


def _question(number: int) -> dict[str, Any]:
    licence = number % LICENCES
    contents = {"dy": f"{(200 + licence) / 1000:.3f}", "nd": "29.1", "tb": "0"}
    goods = {"form": "magnet", "family": "ndfeb", "contents": contents, "hs_code": "8505111000"}
    return {
        "exporter": "91330201MADFQE5E01", "licence_no": f"REL-{licence}", "goods": goods, "quantity_kg": "0.250",
        "consignee_name": "Rheinmotor GmbH", "destination": "DE", "declaration_no": f"D-{number}", "item_no": 1,
    }  # fmt: skip


def _closed(port: int, work: Any, seconds: float) -> float:
    """Answers a second with every hand asking again as soon as it was answered."""
    end = time.monotonic() + seconds

    def hand(_number: int) -> int:
        connection, done = http.client.HTTPConnection("127.0.0.1", port), 0
        while time.monotonic() < end:
            if work(connection) != 200:
                raise RuntimeError("not answered as it should be")
            done += 1
        return done

    with ThreadPoolExecutor(HANDS) as hands:
        return sum(hands.map(hand, range(HANDS))) / seconds


def _open(port: int, work: Any) -> dict[str, float]:
    """Milliseconds from when a question was due, at a fixed rate, whether the ones before are answered or not."""
    begun, asked = time.monotonic() + 0.5, int(RATE * SECONDS_AT_RATE)
    turns = count()

    def hand(_number: int) -> list[float]:
        connection, taken = http.client.HTTPConnection("127.0.0.1", port), []
        while (turn := next(turns)) < asked:
            due = begun + turn / RATE
            time.sleep(max(0.0, due - time.monotonic()))
            if work(connection) != 200:
                raise RuntimeError("not answered as it should be")
            taken.append((time.monotonic() - due) * 1000)
        return taken

    with ThreadPoolExecutor(32) as hands:
        times = sorted(one for taken in hands.map(hand, range(32)) for one in taken)
    return {
        "p50 ms": times[len(times) // 2],
        "p95 ms": times[len(times) * 95 // 100],
        "longest ms": times[-1],
    }


def _race(environment: dict[str, str]) -> dict[str, Any]:
    """Twenty processes that begin together, once all are up: starting them is no part of the race."""
    command = [sys.executable, "-c", _within(RACER)]
    environment = environment | {"DJANGO_SETTINGS_MODULE": "portal.config.settings"}
    begun = time.monotonic()
    racers = [
        subprocess.Popen(
            [*command, str(hand)], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for hand in range(20)
    ]  # fmt: skip
    for racer in racers:
        assert racer.stdout is not None
        racer.stdout.readline()
    up = time.monotonic()
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    taken = sum(int(racer.communicate()[0].split("TAKEN ")[1]) for racer in racers)
    over = time.monotonic()
    total, drawn, differing = _script(environment, AFTER).split("FIGURES ")[1].split()
    return {
        "accepted of 3,000": taken, "ledger g": int(total), "drawn g": int(drawn), "figures that differ": int(differing),
        "seconds to start the processes": up - begun, "seconds": over - up,
    }  # fmt: skip


def _within(script: str) -> str:
    return f"import django; django.setup()\n{script}"


def _script(environment: dict[str, str], script: str) -> str:
    return _python(environment, "-c", _within(script))


def _python(environment: dict[str, str], *arguments: str) -> str:
    environment = environment | {"DJANGO_SETTINGS_MODULE": "portal.config.settings"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the portal does not answer")
