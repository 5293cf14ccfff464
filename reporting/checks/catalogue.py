"""The catalogue of the checks as plain data: for the pages, the command line and whoever writes software to file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reporting.checks.core import Check, every_check
from reporting.checks.examples import AnyExample
from reporting.checks.laws import LAWS

__all__ = ["catalogue", "entry"]


def _unchanged(words: str) -> str:
    return words


def entry(item: Check, translate: Callable[[str], str] = _unchanged) -> dict[str, Any]:
    """Return one check as JSON-able data, its words in the language of `translate`."""
    return {
        "code": item.code,
        "name": item.name,
        "family": item.family,
        "severity": str(item.severity),
        "queue": str(item.queue),
        "title": translate(item.title),
        "message": translate(item.message),
        "explanation": translate(item.explanation),
        "remedy": translate(item.remedy),
        "legal_basis": [
            {"id": law, "citation": translate(LAWS[law].citation), "url": LAWS[law].url}
            for law in item.legal_basis
        ],
        "per": item.per,
        "reads": list(item.reads),
        "in_force_from": item.in_force_from or None,
        "in_force_until": item.in_force_until or None,
        "national": item.national,
        "nightly": item.nightly,
        "method": translate(item.method) if item.method else "",
        "source": f"reporting/checks/{'national' if item.national else 'rules'}/{item.code.lower()}_{item.name}.py",
        "passes": [_example(example) for example in item.passes],
        "fails": [_example(example) for example in item.fails],
    }


def _example(example: AnyExample) -> list[dict[str, Any]]:
    return [
        {"name": part.name, "columns": list(part.columns), "rows": [list(row) for row in part.rows]}
        for part in example.drawn()
    ]


def catalogue(translate: Callable[[str], str] = _unchanged) -> list[dict[str, Any]]:
    """Return every check in the order of their codes."""
    return [entry(item, translate) for item in every_check()]
