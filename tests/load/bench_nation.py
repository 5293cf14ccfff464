"""A nation of 300 enterprises and 24 months on PostgreSQL: loaded, swept twice, its findings exported.

Each step is the command that an operator would type, in a process and a database of its own. Lateness is compared with
what the simulator knows; the second sweep must open and close nothing.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.servers import start_postgresql

ROOT = Path(__file__).resolve().parents[2]
ENTERPRISES, MONTHS, SEED = 300, 24, 7
START = "2024-01"
AS_OF = "2026-02-08"  # the last month is due, what was late has come, the next month is not due yet
STATES = {"LAT001": "missing", "LAT002": "late"}
SWEPT = re.compile(
    r"(\d+) opened, (\d+) reopened, (\d+) closed, (\d+) unchanged\n(\d+) filings, (\d+) lines in ([\d.]+) s"
)


class Failed(RuntimeError):
    """A command did not end well."""


def measure() -> dict[str, Any]:
    """Seconds, lines a second and peak memory of each step, and how exactly lateness was found."""
    with tempfile.TemporaryDirectory(prefix="lodestone-bench-") as name:
        folder = Path(name)
        environment = {
            **os.environ,
            "DATABASE_URL": start_postgresql(),
            "LODESTONE_VAR": str(folder / "var"),
            "LODESTONE_MODE": "test",
            "REDIS_URL": "",
        }
        return _measured(folder, environment)


def _measured(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    def run(*arguments: str) -> tuple[str, float, float]:
        return _run(environment, *arguments)

    run("migrate", "--verbosity", "0")
    nation, truth, found = folder / "nation", folder / "truth", folder / "findings.jsonl"
    size = ["--seed", str(SEED), "--enterprises", str(ENTERPRISES), "--months", str(MONTHS), "--start", START]
    run("simulate", *size, "--out", str(nation), "--truth", str(truth))
    lines = sum(1 for _line in (nation / "lines.csv").open("rb")) - 1
    loaded, load_seconds, load_memory = run("load", str(nation))
    first, first_wall, first_memory = run("sweep", "--as-of", AS_OF)
    second, _wall, _memory = run("sweep", "--as-of", AS_OF)
    _said, export_seconds, export_memory = run("findings", "--export", str(found))
    return {
        "enterprises": ENTERPRISES,
        "months": MONTHS,
        "lines": lines,
        "load": _step(_seconds_of(loaded), lines, load_memory, load_seconds),
        "sweep": {
            **_swept(first),
            "seconds with start of the process": first_wall,
            "peak memory MB": first_memory,
        },
        "second sweep": _swept(second),
        "findings export": {
            "seconds with start of the process": export_seconds,
            "peak memory MB": export_memory,
        },
        "lateness": _lateness(truth / "lateness.csv", found),
    }


def _run(environment: dict[str, str], *arguments: str) -> tuple[str, float, float]:
    """Run a command of the portal; what it said, the seconds it took, and its peak memory in MB."""
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, stdout=out
        )
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
    if process.returncode:
        raise Failed(f"{arguments[0]}: {said}")
    return said, time.monotonic() - begun, used.ru_maxrss / 1024


def _seconds_of(said: str) -> float:
    """The seconds that the load tells of itself."""
    return float(re.findall(r"in ([\d.]+) s", said)[-1])


def _step(seconds: float, lines: int, memory: float, wall: float) -> dict[str, float]:
    return {
        "seconds": seconds,
        "lines a second": round(lines / seconds),
        "seconds for a million lines": round(seconds * 1e6 / lines, 1),
        "seconds with start of the process": wall,
        "peak memory MB": memory,
    }


def _swept(said: str) -> dict[str, float]:
    match = SWEPT.search(said)
    if match is None:
        raise Failed(said)
    names = ("opened", "reopened", "closed", "unchanged", "filings", "lines")
    counts: dict[str, float] = {name: int(text) for name, text in zip(names, match.groups(), strict=False)}
    seconds = float(match[7])
    return {**counts, "seconds": seconds, "lines a second": round(counts["lines"] / seconds)}


def _lateness(truth: Path, found: Path) -> dict[str, int]:
    """Late and missing filings: planted, found, overlooked, and found where there was nothing."""
    with truth.open(encoding="utf-8", newline="") as file:
        planted = {(row["organisation"], row["period"], row["state"]) for row in csv.DictReader(file)}
    findings = (json.loads(line) for line in found.open(encoding="utf-8"))
    told = {
        (row["organisation"], row["period"], STATES[row["check"]])
        for row in findings
        if row["check"] in STATES
    }
    return {
        "planted": len(planted),
        "found": len(told),
        "overlooked": len(planted - told),
        "accused wrongly": len(told - planted),
    }
