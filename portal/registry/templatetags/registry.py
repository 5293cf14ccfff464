"""Template filters of the registry: countries by name, contents without idle zeros."""

from __future__ import annotations

from decimal import Decimal

from django import template

from portal.registry.countries import country_name

register = template.Library()


@register.filter
def country(code: str) -> str:
    """``DE`` → ``Germany``, in the reader's language; nothing as a dash."""
    return country_name(code) if code else "–"


@register.filter
def content(share: Decimal | None) -> str:
    """A content in mass per cent, exact, without zeros that say nothing."""
    if share is None:
        return "–"
    text = format(share, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
