"""What makes a finding the same finding, and what makes its figures the same figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

MOVING: Final = frozenset({"as_of"})
"""Figures that change by themselves from night to night; they say nothing new."""


def fingerprint(code: str, organisation: str, period: str, subject: str) -> str:
    """SHA-256 (hex) of check, organisation (its USCC), month and subject: equal over reruns and amendments."""
    return _digest([code, organisation, period, subject])


def resting(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures that a finding rests on, without those that move by themselves."""
    return {name: value for name, value in figures.items() if name not in MOVING}


def figures_digest(figures: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the figures that a finding rests on: a person's decision holds while it stays the same."""
    return _digest(resting(figures))


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
