"""Words in both official languages at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import override


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same words in both official languages."""

    en: str
    zh: str


def both(words: object, **values: object) -> Bilingual:
    """A lazy translation (``gettext_lazy``) in both languages, its named placeholders filled."""
    texts = []
    for language in ("en", "zh-hans"):
        with override(language):
            texts.append(str(words) % values if values else str(words))
    return Bilingual(*texts)
