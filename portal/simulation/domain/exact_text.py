"""Exact whole grams and fen as the text of a file."""

import numpy as np

from portal.simulation.domain.chance import Ints, Texts


def kilograms(grams: int, decimals: int) -> str:
    """Grams as decimal kilograms with so many places; the grams must be whole at that place."""
    whole, rest = divmod(grams, 1000)
    if decimals == 0:
        return str(whole)
    return f"{whole}.{rest // 10 ** (3 - decimals):0{decimals}d}"


def kilogram_texts(grams: Ints, decimals: Ints) -> Texts:
    """The same, row by row."""
    texts = [kilograms(g, d) for g, d in zip(grams.tolist(), decimals.tolist(), strict=True)]
    return np.array([*texts, ""], dtype=object)[:-1]


def yuan_texts(fen: Ints) -> Texts:
    """Fen as decimal CNY with two places; negative means there is no value."""
    texts = ["" if f < 0 else f"{f // 100}.{f % 100:02d}" for f in fen.tolist()]
    return np.array([*texts, ""], dtype=object)[:-1]
