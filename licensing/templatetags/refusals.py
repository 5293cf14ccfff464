"""``{% load refusals %}``: words of codes that are kept bare."""

from __future__ import annotations

from django import template

from licensing.models import LicenceKind, RefusalReason

register = template.Library()


@register.filter
def refusal_words(code: str) -> str:
    """Why a licence is refused."""
    return str(RefusalReason(code).label) if code in RefusalReason.values else code


@register.filter
def licence_kind(code: str) -> str:
    """The kind of a licence."""
    return str(LicenceKind(code).label) if code in LicenceKind.values else code
