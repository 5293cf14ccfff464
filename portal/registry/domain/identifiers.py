"""Identity numbers: their shape, and their check characters where the kind has one.

A verdict never forbids: some genuine unified social credit codes fail their check character, so a
failing one is a warning to look again. Sources: GB 32100-2015 (USCC), ISO 17442 and ISO 7064 MOD 97-10
(LEI), python-stdnum for VAT numbers by country; EORI and DUNS have no check character that holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from stdnum import get_cc_module
from stdnum.eu.vat import MEMBER_STATES
from stdnum.exceptions import InvalidChecksum, ValidationError

State = Literal["valid", "fails_check", "malformed", "not_checked"]

ID_TYPES = ("USCC", "LEI", "VAT", "EORI", "DUNS", "OTHER")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(f"[{_USCC_ALPHABET}]{{2}}[0-9]{{6}}[{_USCC_ALPHABET}]{{10}}")
_USCC_FORBIDDEN = re.compile("[IOSVZ]")
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")
_EORI = re.compile(r"[A-Z]{2}[A-Z0-9]{1,15}")
_DUNS = re.compile(r"[0-9]{9}")
_FILLERS = re.compile(r"[\s\-‐-―−._/·]+")
#: Where the prefix of a VAT number is not the country's ISO code.
_VAT_PREFIX = {"GR": "EL"}
_PREFIXED = frozenset(MEMBER_STATES) | {"gb"}
_VAT_COUNTRY = {"EL": "GR", "XI": "GB"}


def _(text: str) -> str:
    """Mark words for translation; they are translated where they are shown."""
    return text


HINTS = {
    "none": "",
    "empty": _("Give the number, or choose no kind of number."),
    "uscc_length": _("A unified social credit code has 18 characters; this one has %(count)s."),
    "uscc_letters": _("The letters I, O, S, V and Z do not occur in it; a digit may be meant."),
    "uscc_shape": _("Characters 3 to 8 are digits, and only digits and capital letters occur."),
    "uscc_check": _("The last character does not fit the others. Compare it with the business licence."),
    "lei_shape": _("An LEI has 20 characters: 18 letters or digits and two digits."),
    "lei_check": _("The two last digits do not fit the others. Compare it with the LEI register."),
    "vat_shape": _("A VAT number of this country looks different. Compare it with the invoice."),
    "vat_check": _("The check digit does not fit the others. Compare the number with the invoice."),
    "vat_country": _("Choose the country first: the number's form depends on it."),
    "eori_shape": _("An EORI number begins with two letters of a country, then up to 15 letters or digits."),
    "duns_shape": _("A D-U-N-S number has nine digits."),
    "no_check": _("This kind of number cannot be verified by itself."),
}


@dataclass(frozen=True, slots=True)
class IdentityVerdict:
    """What can be said of a number: its state, how it is stored, and a hint (words are in ``HINTS``)."""

    state: State
    normalised: str
    hint: str = "none"
    count: int = 0

    @property
    def words(self) -> str:
        """The hint's words to translate; ``%(count)s`` is filled from ``count``."""
        return HINTS[self.hint]

    @property
    def warns(self) -> bool:
        """Whether the person should look again."""
        return self.state in ("fails_check", "malformed")


def normalise(number: str) -> str:
    """Half-width capitals without blanks, dashes, dots and slashes."""
    return _FILLERS.sub("", unicodedata.normalize("NFKC", number)).upper()


def verify(id_type: str, number: str, country: str = "") -> IdentityVerdict:
    """Judge a number by its kind (``ID_TYPES`` or empty) and country (alpha-2). Raises ``ValueError`` for other kinds."""
    if id_type and id_type not in ID_TYPES:
        raise ValueError(f"unknown kind of identity number {id_type!r}")
    text = normalise(number)
    if not text:
        return IdentityVerdict("malformed", "", "empty") if id_type else IdentityVerdict("not_checked", "")
    if id_type == "VAT":
        return _vat(text, country.upper())
    if id_type in _JUDGES:
        return _JUDGES[id_type](text)
    return IdentityVerdict("not_checked", unicodedata.normalize("NFKC", number).strip(), "no_check")


def uscc_check_character(first_seventeen: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015, weights 3^(i-1) mod 31)."""
    total = sum(_USCC_ALPHABET.index(letter) * pow(3, i, 31) for i, letter in enumerate(first_seventeen))
    return _USCC_ALPHABET[-total % 31]


def lei_check_digits(first_eighteen: str) -> str:
    """The last two digits of an LEI (ISO 7064 MOD 97-10)."""
    return f"{98 - _mod97(first_eighteen + '00'):02}"


def _uscc(text: str) -> IdentityVerdict:
    if len(text) != 18:
        return IdentityVerdict("malformed", text, "uscc_length", len(text))
    if _USCC_FORBIDDEN.search(text):
        return IdentityVerdict("malformed", text, "uscc_letters")
    if not _USCC.fullmatch(text):
        return IdentityVerdict("malformed", text, "uscc_shape")
    if uscc_check_character(text[:17]) != text[17]:
        return IdentityVerdict("fails_check", text, "uscc_check")
    return IdentityVerdict("valid", text)


def _lei(text: str) -> IdentityVerdict:
    if not _LEI.fullmatch(text):
        return IdentityVerdict("malformed", text, "lei_shape")
    if _mod97(text) != 1:
        return IdentityVerdict("fails_check", text, "lei_check")
    return IdentityVerdict("valid", text)


def _mod97(text: str) -> int:
    return int("".join(str(int(letter, 36)) for letter in text)) % 97


def _shape(text: str, pattern: re.Pattern[str], hint: str) -> IdentityVerdict:
    if not pattern.fullmatch(text):
        return IdentityVerdict("malformed", text, hint)
    return IdentityVerdict("not_checked", text, "no_check")


def _vat(text: str, country: str) -> IdentityVerdict:
    """A VAT number with or without its prefix. In China the number is the unified social credit code."""
    if not country and text[:2].isalpha():
        country = _VAT_COUNTRY.get(text[:2], text[:2])
    if country == "CN":
        return _uscc(text)
    if not country:
        return IdentityVerdict("not_checked", text, "vat_country")
    module = get_cc_module(country.lower(), "vat")
    if module is None:
        return IdentityVerdict("not_checked", text, "no_check")
    bare = text.removeprefix("XI") if country == "GB" else text
    try:
        compact = str(module.validate(bare))
    except InvalidChecksum:
        return IdentityVerdict("fails_check", text, "vat_check")
    except ValidationError:
        return IdentityVerdict("malformed", text, "vat_shape")
    return IdentityVerdict("valid", _with_prefix(normalise(compact), text, country))


def _with_prefix(compact: str, text: str, country: str) -> str:
    """European numbers are kept with their prefix, so that one number is stored in one way."""
    if country.lower() not in _PREFIXED:
        return compact
    prefix = "XI" if text.startswith("XI") else _VAT_PREFIX.get(country, country)
    return compact if compact.startswith(prefix) else prefix + compact


_JUDGES: dict[str, Callable[[str], IdentityVerdict]] = {
    "USCC": _uscc,
    "LEI": _lei,
    "EORI": lambda text: _shape(text, _EORI, "eori_shape"),
    "DUNS": lambda text: _shape(text, _DUNS, "duns_shape"),
}
