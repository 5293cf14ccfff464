"""Sweeps at national size and the re-check of one amended filing, on PostgreSQL: time, memory, growth, one against two workers.

A nation of BASE enterprises is simulated and loaded by the commands that an operator types; the large one is that nation
beside itself. ``ENTERPRISES=`` and ``MONTHS=`` ask for less.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from portal.core.months import Month
from tests.servers import start_postgresql

ROOT: Final = Path(__file__).resolve().parents[2]
ENTERPRISES: Final = int(os.environ.get("ENTERPRISES", "3000"))
MONTHS: Final = int(os.environ.get("MONTHS", "36"))
AMENDED: Final = int(os.environ.get("AMENDED", "20"))
SEED: Final = 11
TENTH: Final = 10
WITHIN: Final = 5.0  # seconds for one amended filing
STEEPEST: Final = 1.1
LEAST_GAIN: Final = 1.5
MOST_MB: Final = 2048
PROMISED_LINES: Final = 5_000_000


def measure() -> dict[str, Any]:
    """The figures at a tenth and at the whole size, and what is promised of them."""
    base = max(ENTERPRISES // TENTH, 12)
    with tempfile.TemporaryDirectory(prefix="lodestone-bench-") as name:
        environment = {
            **os.environ, "DATABASE_URL": start_postgresql(), "LODESTONE_VAR": str(Path(name) / "var"), "LODESTONE_MODE": "test",
            "REDIS_URL": "", "DJANGO_SETTINGS_MODULE": "portal.config.settings",
        }  # fmt: skip
        bench = _Bench(environment)
        small = bench.loaded(Path(name) / "nation", base)
        few = bench.swept(1) | {"amended": bench.amended()}
        begun = time.perf_counter()
        large = bench.step("multiplied", str(TENTH))["lines"]
        copied = time.perf_counter() - begun
        one, two = bench.swept(1), bench.swept(2)
        many = bench.amended()
    grown = math.log(one["seconds"] / few["seconds"]) / math.log(large / small)
    return {
        "months": MONTHS,
        "small": {"enterprises": base, "lines in all": small, **few},
        "large": {"enterprises": base * TENTH, "lines in all": large, "seconds to copy": copied, "one worker": one, "two workers": two, "amended": many},
        "exponent of growth": grown, "one against two workers": one["seconds"] / two["seconds"],
        f"peak memory MB at {PROMISED_LINES:,} lines, between the two sizes": _between(few, one),
        "promised": _promised(one, two, many, grown, _between(few, one)),
    }  # fmt: skip


def _promised(
    one: dict[str, Any], two: dict[str, Any], many: dict[str, Any], grown: float, memory: float
) -> dict[str, bool]:
    return {
        f"one amended filing within {WITHIN:.0f} s": many["longest seconds"] < WITHIN,
        f"exponent of growth at most {STEEPEST}": grown <= STEEPEST,
        f"two workers {LEAST_GAIN} times as fast": one["seconds"] >= LEAST_GAIN * two["seconds"],
        f"peak memory below {MOST_MB} MB at {PROMISED_LINES:,} lines": memory < MOST_MB,
    }


def _between(few: dict[str, Any], many: dict[str, Any]) -> float:
    """Peak memory at the promised size, on the straight line through both sizes."""
    steep = (many["peak memory MB"] - few["peak memory MB"]) / (many["lines"] - few["lines"])
    return float(few["peak memory MB"] + steep * (PROMISED_LINES - few["lines"]))


class _Bench:
    """One database and what is done with it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    def loaded(self, folder: Path, enterprises: int) -> int:
        """A simulated nation put into the database; its lines."""
        start = Month.of(datetime.now(UTC).date()) - MONTHS
        size = [
            "--seed",
            str(SEED),
            "--enterprises",
            str(enterprises),
            "--months",
            str(MONTHS),
            "--start",
            str(start),
        ]
        self._run("manage.py", "migrate", "--verbosity", "0")
        self._run("manage.py", "simulate", *size, "--out", str(folder))
        self._run("manage.py", "load", str(folder))
        return int(self.step("multiplied", "1")["lines"])

    def swept(self, workers: int) -> dict[str, Any]:
        """A sweep from nothing by so many processes, their start left out."""
        sweep = str(self.step("begin")["sweep"])
        working = [self._started("work", sweep) for _number in range(workers)]
        told = [_told(process) for process in working]
        seconds = max(one["seconds"] for one in told)
        came = self.step("swept", sweep)
        came.pop("peak memory MB")
        return came | {
            "seconds": seconds, "lines a second": round(came["lines"] / seconds),
            "peak memory MB": max(one["peak memory MB"] for one in told),
        }  # fmt: skip

    def amended(self) -> dict[str, Any]:
        """Filings amended one after the other and checked again."""
        told = self.step("recheck", str(AMENDED))
        seconds = told["seconds"]
        return {
            "filings": len(seconds), "median seconds": statistics.median(seconds), "longest seconds": max(seconds),
            "first seconds": seconds[0], "peak memory MB": told["peak memory MB"],
        }  # fmt: skip

    def step(self, *arguments: str) -> dict[str, Any]:
        """What a step tells."""
        return _told(self._started(*arguments))

    def _started(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.load.amended_steps", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, text=True)

    def _run(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def _told(process: subprocess.Popen[str]) -> dict[str, Any]:
    said, _errors = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{process.args}: {said}")
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found
