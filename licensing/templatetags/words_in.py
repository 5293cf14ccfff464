"""``{% load words_in %}``: of words kept in both languages, those of the reader."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from portal.core.words import said_here

register = template.Library()


@register.filter
def in_language(words: Mapping[str, str] | str) -> str:
    """Of ``{"en": …, "zh": …}`` the reader's; nothing where nothing is said."""
    if not isinstance(words, Mapping):
        return ""
    return said_here(words.get("en", ""), words.get("zh", ""))
