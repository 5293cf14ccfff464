"""Figures of ``make fuzz``, written by the command to docs/figures/ as JSON and as tables."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.load.bench import FIGURES, machine


def write(name: str, title: str, figures: dict[str, Any]) -> None:
    """Both files of one measurement: plain figures in one table, each table of figures in its own."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    (FIGURES / f"{name}.json").write_text(
        json.dumps({"machine": machine(), "figures": figures}, indent=1) + "\n"
    )
    where = ", ".join(f"{key} {value}" for key, value in machine().items())
    parts = [f"# {title}", "", f"Measured by `make fuzz`: {where}.", ""]
    parts += _table("what", ((key, value) for key, value in figures.items() if not isinstance(value, dict)))
    for key, value in figures.items():
        if isinstance(value, dict):
            parts += _table(key.replace("_", " "), value.items())
    (FIGURES / f"{name}.md").write_text("\n".join(parts))


def _table(title: str, rows: Iterable[tuple[str, Any]]) -> list[str]:
    lines = [f"| {str(key).replace('_', ' ')} | {value} |" for key, value in rows]
    return [f"| {title} | figure |", "|---|---|", *lines, ""]
