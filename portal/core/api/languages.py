"""The language of an answer: the header's, else the person's own. Cookies have no say."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header


def language_for(header: str, fallback: str) -> str:
    """The first language of ``Accept-Language`` that the portal speaks; ``fallback`` where it asks for none of them."""
    for asked, _quality in parse_accept_lang_header(header):
        if asked == "*":
            break
        try:
            return get_supported_language_variant(asked)
        except LookupError:
            continue
    return fallback if fallback in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
