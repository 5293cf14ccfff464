"""Words for verbs of the trail, and for values that come as JSON: ``{% load trail %}``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template

from portal.accounts import trail_words
from portal.core.words import said_here

register = template.Library()


@register.filter
def verb_words(verb: str) -> str:
    """What was done, as a sentence without its subject: "Password changed"."""
    return trail_words.title(verb)


@register.filter
def instant(written: str) -> datetime | date:
    """A day or an instant as JSON holds it (ISO 8601)."""
    return (
        date.fromisoformat(written) if len(written) == len("2026-05-10") else datetime.fromisoformat(written)
    )


@register.filter
def name_of(names: Mapping[str, Any]) -> str:
    """Of ``{"name_zh": …, "name_en": …}`` the one in the reader's language if it stands, else the other."""
    chinese, english = str(names.get("name_zh") or ""), str(names.get("name_en") or "")
    return said_here(english, chinese)
