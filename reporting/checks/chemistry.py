"""What an oxide holds of its metal, and what magnets usually hold: plain figures with their sources."""

from __future__ import annotations

from typing import Final

import numpy as np

from reporting.checks.columns import ELEMENTS

__all__ = ["GRADE_HEAVY_PCT", "METAL_FRACTION", "METAL_FRACTIONS", "YIELD_BOUNDS"]

METAL_FRACTION: Final = {
    "la": 0.8527, "ce": 0.8141, "pr": 0.8277, "nd": 0.8574, "sm": 0.8624, "eu": 0.8636, "gd": 0.8676, "tb": 0.8502,
    "dy": 0.8713, "ho": 0.8730, "er": 0.8745, "tm": 0.8756, "yb": 0.8782, "lu": 0.8794, "sc": 0.6520, "y": 0.7874,
}  # fmt: skip
"""Element -> mass fraction of the metal in its usual oxide (IUPAC weights; CeO2, Pr6O11, Tb4O7, else M2O3)."""

METAL_FRACTIONS: Final = np.array([METAL_FRACTION[element] for element in ELEMENTS])

YIELD_BOUNDS: Final = {
    "oxide": 0.80, "metal": 0.80, "alloy": 0.85, "magnet_block": 0.75, "magnet": 0.45, "assembly": 0.80,
    "scrap": 0.0, "target": 0.50, "compound": 0.80, "concentrate": 0.50, "mixed_carbonate": 0.70,
}  # fmt: skip
"""Stage of the output -> least share of the rare earth consumed that comes out. Published yields (separation
> 0.94, electrolysis 0.95, casting 0.97, pressing 0.96, slicing and grinding 0.60) less a margin for work in
progress; below it a loss, a recording fault or something unsaid."""

GRADE_HEAVY_PCT: Final = {
    "N": (0.0, 0.6), "M": (0.0, 1.5), "H": (0.0, 3.5), "SH": (0.2, 5.5), "UH": (0.5, 8.0), "EH": (1.2, 10.0),
    "TH": (2.5, 12.5), "AH": (2.5, 12.5),
}  # fmt: skip
"""Class of a sintered NdFeB grade -> plausible Dy + Tb in mass per cent, from diffused (low) to bulk alloyed
(high), both with a margin. Classes by GB/T 13560-2017. The class does not fix the contents: a notice, no more."""
