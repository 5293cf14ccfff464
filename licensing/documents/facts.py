"""Values of official papers as both languages write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import translation

from portal.accounts.models import Organisation
from portal.core.templatetags.lodestone import day as day_words
from portal.registry.countries import country_name


def in_both(words: object, value: object) -> str:
    """What a function of words makes of a value, in Chinese and in English."""
    texts = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            texts.append(str(words(value)))  # type: ignore[operator]
    return " / ".join(dict.fromkeys(texts))


def day(value: date) -> str:
    """A day in both languages."""
    return in_both(day_words, value)


def names(organisation: Organisation) -> str:
    """The Chinese and the English name, where they stand."""
    return " / ".join(dict.fromkeys(name for name in (organisation.name_zh, organisation.name_en) if name))


def countries(codes: Iterable[str]) -> str:
    """Countries in both languages, a line each."""
    return "\n".join(f"{code} {in_both(country_name, code)}" for code in codes) or none()


def none() -> str:
    """Nothing is said, or nothing is limited."""
    return "–"
