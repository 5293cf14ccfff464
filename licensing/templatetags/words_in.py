"""``{% load words_in %}``: of words kept in both languages, those of the reader."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def in_language(words: Mapping[str, str] | str) -> str:
    """Of ``{"en": …, "zh": …}`` the reader's; nothing where nothing is said."""
    if not isinstance(words, Mapping):
        return ""
    first, second = ("zh", "en") if (get_language() or "").startswith("zh") else ("en", "zh")
    return words.get(first) or words.get(second, "")
