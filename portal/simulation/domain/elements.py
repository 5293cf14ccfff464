"""The rare earth elements: symbols, what part of their oxide is metal, and what a kilogram of them cost."""

from itertools import pairwise
from typing import Final

from portal.core.months import Month

SYMBOLS: Final = (
    "la",
    "ce",
    "pr",
    "nd",
    "sm",
    "eu",
    "gd",
    "tb",
    "dy",
    "ho",
    "er",
    "tm",
    "yb",
    "lu",
    "sc",
    "y",
)

#: Mass of metal in one mass of the usual oxide, from IUPAC weights (La2O3, CeO2, Pr6O11, ... Tb4O7 ...).
METAL_IN_OXIDE: Final = {
    "la": 0.852683, "ce": 0.814088, "pr": 0.827704, "nd": 0.857356, "sm": 0.862361, "eu": 0.863616,
    "gd": 0.867593, "tb": 0.850216, "dy": 0.871321, "ho": 0.872976, "er": 0.874523, "tm": 0.875612,
    "yb": 0.878207, "lu": 0.879383, "sc": 0.651966, "y": 0.787444,
}  # fmt: skip

#: CNY per kg of oxide at home, at the months named, straight lines between. Sources: Argus and SMM
#: for Nd-Pr, Dy, Tb, Gd, Y, Sm; the small ones are the author's estimate.
OXIDE_PRICE_PATH: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "nd": (
        ("2024-06", 380.0),
        ("2025-03", 440.0),
        ("2025-08", 610.0),
        ("2025-12", 606.0),
        ("2026-10", 640.0),
    ),
    "pr": (
        ("2024-06", 385.0),
        ("2025-03", 445.0),
        ("2025-08", 615.0),
        ("2025-12", 610.0),
        ("2026-10", 645.0),
    ),
    "dy": (("2024-06", 1837.0), ("2025-03", 1700.0), ("2025-12", 1340.0), ("2026-10", 1400.0)),
    "tb": (("2024-06", 5789.0), ("2025-03", 6500.0), ("2025-12", 6040.0), ("2026-10", 6200.0)),
    "gd": (("2024-06", 160.0), ("2025-03", 164.0), ("2026-10", 175.0)),
    "sm": (("2024-06", 14.0), ("2025-12", 16.0), ("2026-10", 18.0)),
    "ho": (("2024-06", 440.0), ("2026-10", 480.0)),
    "y": (("2024-06", 45.0), ("2025-03", 56.0), ("2026-10", 60.0)),
    "la": (("2024-06", 4.0), ("2026-10", 4.2)),
    "ce": (("2024-06", 7.0), ("2026-10", 9.5)),
    "er": (("2024-06", 290.0), ("2026-10", 310.0)),
    "eu": (("2024-06", 180.0), ("2026-10", 185.0)),
    "tm": (("2024-06", 600.0), ("2026-10", 600.0)),
    "yb": (("2024-06", 95.0), ("2026-10", 98.0)),
    "lu": (("2024-06", 5000.0), ("2026-10", 5200.0)),
}


def oxide_price(symbol: str, month: int) -> float:
    """CNY per kg of the element's oxide in the month (an index), at home, without VAT."""
    anchors = [(Month.parse(at).index, price) for at, price in OXIDE_PRICE_PATH[symbol]]
    if month <= anchors[0][0]:
        return anchors[0][1]
    for (left, low), (right, high) in pairwise(anchors):
        if month <= right:
            return low + (high - low) * (month - left) / (right - left)
    return anchors[-1][1]


def element_price(symbol: str, month: int) -> float:
    """CNY per kg of the element contained in its oxide."""
    return oxide_price(symbol, month) / METAL_IN_OXIDE[symbol]
