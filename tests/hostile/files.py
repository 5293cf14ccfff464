"""The n-th odd file: always the same for the same number."""

from __future__ import annotations

from random import Random

from tests.hostile import books, texts

NAMES = {
    "books": ("a.xlsx", "a.xlsx", "a.xlsx", "a.xlsm", "a.csv", "a.xls", "a"),
    "texts": ("a.csv", "a.csv", "a.csv", "a.txt", "a.csv.gz", "a.xlsx", "a"),
}
_MAKERS = [("books", maker, share) for maker, share in books.MAKERS] + [
    ("texts", maker, share) for maker, share in texts.MAKERS
]


def every_kind() -> list[int]:
    """For each kind of file a number that makes one."""
    first: dict[str, int] = {}
    for number in range(5_000):
        first.setdefault(kind_of(number), number)
    return list(first.values())


def kind_of(number: int) -> str:
    """What sort of oddness the file of this number has."""
    family, maker = _chosen(number)
    return f"{family}: {maker.__name__.replace('_', ' ')}"


def file(number: int) -> tuple[str, bytes]:
    """Name and content."""
    family, maker = _chosen(number)
    rng = Random(f"{family} {number}")
    return rng.choice(NAMES[family]), maker(rng)


def _chosen(number: int) -> tuple[str, texts.Maker]:
    rng = Random(number)
    family, maker, _share = rng.choices(_MAKERS, [share for *_rest, share in _MAKERS])[0]
    return family, maker
