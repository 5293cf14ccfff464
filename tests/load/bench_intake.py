"""Files of 5,000 and 50,000 lines: read, checked, stored and answered, beside a bare read with calamine and a bare COPY.

Ours is what happens after a file is handed in, in one process: it is kept, read in a child process with limits, judged cell
by cell, stored, checked as a filing, compared with the upload before, and its faults placed. The other opens the same file,
makes text of its cells, and copies them into a table of texts: the least that any program must do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.servers import start_postgresql

ROOT = Path(__file__).resolve().parents[2]
FIGURES = "intake"


def measure() -> dict[str, Any]:
    """Seconds of both, and the median of the ratios of three pairs, for each file."""
    with tempfile.TemporaryDirectory(prefix="lodestone-bench-", ignore_cleanup_errors=True) as name:
        (Path(name) / "static").mkdir()
        environment = {
            **os.environ, "DATABASE_URL": start_postgresql(), "REDIS_URL": "", "LODESTONE_VAR": name,
            "LODESTONE_MODE": "test", "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "portal.config.settings",
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env=environment,
            check=True,
        )
        done = subprocess.run(
            [sys.executable, "-m", "tests.load.intake_measured", name],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures
