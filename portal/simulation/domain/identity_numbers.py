"""Identity numbers with true check characters: USCC, LEI, VAT, EORI, DUNS."""

from typing import Final

from stdnum.eu import vat as eu_vat

from portal.simulation.domain.chance import Chance

_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_BODY_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BODY_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
#: Digits in a VAT number, country by country, for those whose number is digits alone.
_VAT_DIGITS: Final = {
    "DE": 9,
    "IT": 11,
    "PL": 10,
    "HU": 8,
    "SI": 8,
    "SK": 10,
    "FI": 8,
    "DK": 8,
    "BE": 10,
    "PT": 9,
}


def uscc(chance: Chance, region: str) -> str:
    """A Unified Social Credit Code (GB 32100-2015) of an enterprise registered in the region (GB/T 2260)."""
    body = "MA" + "".join(chance.pick(_BODY_ALPHABET) for _ in range(6))
    if chance.happens(0.45):
        body = chance.digits(8)
    rest = 11 - sum(_value(c) * w for c, w in zip(body, _BODY_WEIGHTS, strict=True)) % 11
    unit = body + {10: "X", 11: "0"}.get(rest, str(rest))
    front = "91" + region + unit
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(front, _USCC_WEIGHTS, strict=True))
    return front + _USCC_ALPHABET[(31 - total) % 31]


def _value(character: str) -> int:
    """The worth of a character of an organisation code (GB 11714): digits, then A = 10 to Z = 35."""
    return int(character, 36)


def lei(chance: Chance) -> str:
    """A Legal Entity Identifier (ISO 17442) whose check digits hold (ISO 7064, mod 97-10)."""
    front = chance.digits(4) + "00" + "".join(chance.pick(_LETTERS + "0123456789") for _ in range(12))
    number = int("".join(str(int(c, 36)) for c in front) + "00")
    return f"{front}{98 - number % 97:02d}"


def vat(chance: Chance, country: str) -> str:
    """A VAT number that the country's own rule accepts, or an empty text where none is known here."""
    length = _VAT_DIGITS.get(country)
    for _ in range(400 if length else 0):
        front = country + chance.digits(length or 0)[:-2]
        for tail in range(100):
            if eu_vat.is_valid(f"{front}{tail:02d}"):
                return f"{front}{tail:02d}"
    return ""


def eori(chance: Chance, country: str) -> str:
    """An Economic Operators Registration number: the country and up to 15 characters, no check digit."""
    return vat(chance, country) or country + chance.digits(12)


def duns(chance: Chance) -> str:
    """A nine-digit D-U-N-S number."""
    return str(chance.whole(1, 9)) + chance.digits(8)
