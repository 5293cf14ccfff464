"""A sweep of every check, from the database to stored findings, beside the joins somebody would write by hand.

Nations of growing size are made up, loaded and swept, each in a database of its own. Beside the sweep: the same four
families (stock, licences, mirror, prices) by our checks and by polars on the same loaded columns, and row by row in
Python with Django's models over fewer lines, scaled by the line. ``SIZES=100000,1000000`` (also 5000000, which takes an
hour), ``ROWS=`` lines for the row-by-row version.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.load.bench_nation import AS_OF, MONTHS, ROOT, SEED, START
from tests.servers import Postgresql

SIZES = [int(size) for size in os.environ.get("SIZES", "100000,1000000").split(",")]
ROWS = int(os.environ.get("ROWS", "3000"))
CHECKS = ("of it checks of filings s", "of it national checks s")  # without what every family shares
LINES_OF_ONE = 2_800  # lines of an enterprise in two years, about


def measure() -> dict[str, Any]:
    """Seconds, shares, ratios and memory of each size, and how they grow."""
    figures: dict[str, Any] = {}
    for size in SIZES:
        figures[f"{size:,} lines"] = _size(size)
    times = [(one["by hand"]["lines"], one["sweep"]["seconds"]) for one in figures.values()]
    for (few, short), (many, long) in pairwise(times):
        figures[f"exponent from {few:,} to {many:,} lines"] = math.log(long / short) / math.log(many / few)
    return figures


def _size(size: int) -> dict[str, Any]:
    server = Postgresql("shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=1h")
    server.start()
    with tempfile.TemporaryDirectory(prefix="lodestone-bench-", ignore_cleanup_errors=True) as name:
        nation = Path(name) / "nation"
        (Path(name) / "static").mkdir()
        environment = {
            **os.environ, "DATABASE_URL": server.url, "LODESTONE_VAR": name, "LODESTONE_MODE": "test", "REDIS_URL": "",
            "DJANGO_SETTINGS_MODULE": "portal.config.settings", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        enterprises = max(12, size // LINES_OF_ONE)
        made = [
            "--seed",
            str(SEED),
            "--enterprises",
            str(enterprises),
            "--months",
            str(MONTHS),
            "--start",
            START,
        ]
        _said(environment, "manage.py", "migrate", "--verbosity", "0")
        _said(environment, "manage.py", "simulate", *made, "--out", str(nation))
        _said(environment, "manage.py", "load", str(nation))
        swept, memory = _told(environment, "sweep", AS_OF)
        beside, _memory = _told(environment, "joins", AS_OF)
        rows, _memory = _told(environment, "rows", str(ROWS))
    server.end()
    lines, ours = beside["by hand"]["lines"], beside["ours, same families"]
    return {
        "enterprises": enterprises,
        "sweep": {**swept, "lines a second": round(lines / swept["seconds"]), "peak memory MB": memory},
        **beside,
        "ratio of joins, ours to by hand": ours["joins s"] / beside["by hand"]["joins s"],
        "the same, by our checks alone": sum(ours[name] for name in CHECKS) / beside["by hand"]["joins s"],
        "row by row": rows,
        "row by row to the whole sweep, by the line": rows["seconds"]
        / rows["lines"]
        / (swept["seconds"] / lines),
    }


def _told(environment: dict[str, str], what: str, given: str) -> tuple[dict[str, Any], float]:
    said, memory = _said(environment, "-m", "tests.load.sweep_measured", what, given)
    return json.loads(said.split("FIGURES ")[1]), memory


def _said(environment: dict[str, str], *arguments: str) -> tuple[str, float]:
    """What a program said, and its peak memory in MB."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=out)
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
    if process.returncode:
        raise RuntimeError(f"{arguments}: {said[-3000:]}")
    return said, used.ru_maxrss / 1024
