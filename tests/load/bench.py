"""``make bench``: every long measurement, one after the other; figures go to docs/figures/ as JSON and as a table.

``python -m tests.load.bench NAME`` runs one. A measurement is a module ``bench_NAME`` with ``measure() -> dict``.
``make load-test`` does the same with the modules ``load_NAME`` (``python -m tests.load.load``).
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tests.load
from tests.load.quoted import quote

FIGURES = Path(__file__).resolve().parents[2] / "docs" / "figures"


def names(kind: str) -> list[str]:
    """The measurements of one kind that there are."""
    found = (module.name for module in pkgutil.iter_modules(tests.load.__path__))
    return sorted(name.removeprefix(f"{kind}_") for name in found if name.startswith(f"{kind}_"))


def machine() -> dict[str, Any]:
    """Where and when it was measured: figures compare within one run only."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def table(name: str, figures: dict[str, Any], verb: str) -> str:
    """The figures as Markdown."""
    rows = [f"| {key.replace('_', ' ')} | {value} |" for key, value in _flat(figures)]
    where = ", ".join(f"{key} {value}" for key, value in machine().items())
    return "\n".join(
        [
            f"# {name.replace('_', ' ')}",
            "",
            f"Measured by `{verb}`: {where}.",
            "",
            "| what | figure |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def _flat(figures: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for key, value in figures.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{prefix}{key}: ")
        else:
            rows.append((f"{prefix}{key}", round(value, 3) if isinstance(value, float) else value))
    return rows


def main(kind: str = "bench", verb: str = "make bench") -> None:
    FIGURES.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or names(kind):
        print(f"measuring {name} …", flush=True)
        measurement = importlib.import_module(f"tests.load.{kind}_{name}")
        figures = measurement.measure()
        name = getattr(measurement, "FIGURES", name)  # noqa: PLW2901 - a measurement may call its figures otherwise
        (FIGURES / f"{name}.json").write_text(
            json.dumps({"machine": machine(), "figures": figures}, indent=1) + "\n"
        )
        (FIGURES / f"{name}.md").write_text(table(name, figures, verb))
        quote()
        print(table(name, figures, verb))


if __name__ == "__main__":
    main()
