"""Countries by their two-letter code (ISO 3166-1), named in the reader's language from Unicode's CLDR."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language

# CLDR also names regions, groups and codes that ISO has not assigned to a country.
_NO_COUNTRY = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())


@lru_cache(maxsize=4)
def _names(language: str) -> Mapping[str, str]:
    territories = Locale.parse("zh_Hans" if language.startswith("zh") else "en").territories
    names = {code: name for code, name in territories.items() if len(code) == 2 and code not in _NO_COUNTRY}
    return dict(sorted(names.items(), key=lambda item: item[0]))


def countries() -> Mapping[str, str]:
    """Every country's name by its code, in the reader's language."""
    return _names(get_language() or "en")


def country_name(code: str) -> str:
    """The country's name, or the code itself where there is none."""
    return countries().get(code, code)


def country_choices() -> list[tuple[str, str]]:
    """For drop-downs: an empty choice, then ``DE Germany`` in the order of the codes."""
    return [("", "–"), *((code, f"{code} {name}") for code, name in countries().items())]
