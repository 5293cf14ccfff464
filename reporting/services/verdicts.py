"""The same content is not judged twice: what the checks said of it is kept for an hour, under a digest of all they read.

A draft is opened, checked, looked at once more and signed, and between these nothing changes. The checks are pure
functions of their tables, so what they said needs no rule of when it is out of date: other content has another digest.
Months with exports are judged anew each time, because licences, their ledger and customs are asked then; they are
never kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.core.cache import caches

from reporting.checks.columns import Tables
from reporting.frames import Sources

__all__ = ["judged"]

_SECONDS: Final = 3_600
_MANY: Final = 200  # of so many faults it is not worth it: they take longer to carry than to find
_OURS: Final = ("portal", "reporting", "licensing")
_KINDS: Final = {".py", ".json", ".csv"}


def judged(sources: Sources, judge: Callable[[Tables], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return what ``judge`` says of the tables, in values of JSON: at once where this edition judged them before."""
    key = f"{_edition()}:{sources.digest}"
    signer = signing.Signer(salt=f"verdict:{key}")
    if (found := _read(signer, caches["verdicts"].get(key))) is not None:
        return found
    tables = sources.tables()
    said = judge(tables)
    if tables.exports.empty and len(said) < _MANY:
        caches["verdicts"].set(key, signer.sign_object(said), _SECONDS)
    return said


def _read(signer: signing.Signer, kept: Any) -> list[dict[str, Any]] | None:
    """What was kept, if it was kept by us under this very key: a verdict decides whether a month can be signed."""
    try:
        found: list[dict[str, Any]] | None = None if kept is None else signer.unsign_object(kept)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return found


@cache
def _edition() -> str:
    """What the program is made of: another edition may judge otherwise."""
    content = hashlib.sha256()
    for file in _files(_OURS):
        content.update(file.read_bytes())
    return content.hexdigest()[:16]


def _files(packages: Sequence[str]) -> list[Path]:
    found = (path for name in packages for path in (settings.BASE_DIR / name).rglob("*"))
    return sorted(path for path in found if path.suffix in _KINDS)
