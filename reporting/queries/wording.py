"""Findings and faults in words: a check's title and message in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from reporting.checks.core import REGISTRY, all_checks
from reporting.checks.words import message


def title_of(code: str) -> str:
    """The title of a check in the active language; the code itself where no such check exists any more."""
    all_checks()
    return gettext(REGISTRY[code].title) if code in REGISTRY else code


def message_of(code: str, values: Mapping[str, Any]) -> str:
    """What a finding says, in the active language; the title alone where its values no longer fit the message."""
    all_checks()
    if code not in REGISTRY:
        return code
    try:
        return message(code, values, gettext)
    except KeyError:
        return title_of(code)
