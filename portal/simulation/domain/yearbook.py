"""What is known once the months have run: quotas, capacities, price bands and some lots' assays."""

from typing import Final

import numpy as np
import pandas as pd

from portal.core.months import Month
from portal.simulation.domain.chance import Bools, Chance, Ints, Texts
from portal.simulation.domain.elements import METAL_IN_OXIDE, SYMBOLS
from portal.simulation.domain.flows import MonthFlows
from portal.simulation.domain.materials import MATERIALS, Material, main_element, price
from portal.simulation.domain.moves import sum_by
from portal.simulation.domain.network import Network
from portal.simulation.domain.registers import CONTENT_COLUMNS, Registers, assay_text

LOT_COLUMNS: Final = (
    "organisation", "batch", "product", *CONTENT_COLUMNS, "assay_rel_uncertainty_pct", "assay_no", "laboratory",
    "assayed_on",
)  # fmt: skip
QUOTA_COLUMNS: Final = ("organisation", "year", "stage", "quantity_kg")
PRICE_COLUMNS: Final = ("period", "stage", "family", "main_element", "market", "low_cny_kg", "high_cny_kg")
_LABORATORIES: Final = (
    "国家钨与稀土产品质量检验检测中心",
    "包头稀土研究院分析中心",
    "本厂检测中心",
    "通标标准技术服务有限公司",
)
_QUOTA_STAGES: Final = {
    "concentrate": ("concentrate", "mixed_carbonate"),
    "oxide": ("oxide", "compound"),
}


def reo_part(material: Material) -> float:
    """Kilograms of rare earth oxide in a kilogram."""
    return sum(value / 100 / METAL_IN_OXIDE[symbol] for symbol, value in material.contents.items())


class Yearbook:
    """Gathers, month by month, what the closing tables need."""

    def __init__(self, net: Network, known: Registers, seed: int) -> None:
        self._net, self._known, self._chance = net, known, Chance(seed, 10)
        self._owner = np.array([p.organisation for p in net.products], dtype=np.int64)
        self._primary = np.array([p.material.stage != "scrap" for p in net.products])
        self._reo = np.array([reo_part(p.material) for p in net.products])
        self._made: list[Ints] = []
        self._years: dict[int, list[Ints]] = {}
        self._lots: list[tuple[str, ...]] = []

    def add(self, done: MonthFlows, labels: Texts, files: Bools) -> None:
        """Take in a month; `labels` are the lots of its outputs, `files` says which organisations file it."""
        made = sum_by(done.runs.out_product, done.runs.out_grams, len(self._owner))
        kg = np.where(self._primary, made, 0) // 1000
        self._made.append(sum_by(self._owner, kg, len(self._net.cast.organisations)))
        self._years.setdefault(done.month.year, []).append(made)
        for row in np.flatnonzero(labels != "").tolist():
            product = int(done.runs.out_product[row])
            if files[self._owner[product]] and self._chance.happens(0.04):
                self._lots.append(self._assay(done.month, product, str(labels[row])))

    def _assay(self, month: Month, product: int, label: str) -> tuple[str, ...]:
        """A finer assay of one lot than the catalogue's."""
        material = self._net.products[product].material
        found = {s: assay_text(self._chance, true, 0.05) for s, true in material.contents.items()}
        contents = [found.get(s, "0" if s in material.absent else "") for s in SYMBOLS]
        day = (month + 1).first.replace(day=self._chance.whole(1, 8))
        return (
            str(self._known.uscc[self._owner[product]]), label, str(self._known.product_code[product]), *contents, "0.4",
            f"RE{month.year % 100:02d}{len(self._lots) + 1:06d}", self._chance.pick(_LABORATORIES), day.isoformat(),
        )  # fmt: skip

    def lots(self) -> pd.DataFrame:
        """Assays of lots, the one of the sale's paper above the catalogue's."""
        return pd.DataFrame(self._lots, columns=list(LOT_COLUMNS), dtype=object)

    def largest_year(self) -> Ints:
        """By organisation the largest output in kg of any twelve months, a shorter time scaled up."""
        months = np.array(self._made)
        window = min(12, len(months))
        sums = np.array([months[i : i + window].sum(axis=0) for i in range(len(months) - window + 1)])
        largest: Ints = sums.max(axis=0) * 12 // window
        return largest

    def quotas(self) -> pd.DataFrame:
        """Yearly quotas in kg of oxide for mines and separators, a little above what an honest year needs."""
        rows = []
        for year, months in sorted(self._years.items()):
            reo = np.array(months).sum(axis=0) / 1000 * self._reo * (12 / len(months))
            for stage, stages in _QUOTA_STAGES.items():
                role = "mine" if stage == "concentrate" else "separator"
                counts = np.array([p.material.stage in stages for p in self._net.products])
                for organisation in self._net.cast.of(role):
                    kg = sum(reo[counts & (self._owner == organisation)].tolist())
                    granted = int(kg * self._chance.one(1.04, 1.22)) // 10_000 * 10_000 + 10_000
                    rows.append((str(self._known.uscc[organisation]), str(year), stage, str(granted)))
        return pd.DataFrame(rows, columns=list(QUOTA_COLUMNS), dtype=object)


def reference_prices(first: Month, months: int) -> pd.DataFrame:
    """The bands of each month, by stage, family, main element and market; a fifth either way of the list."""
    rows = []
    for period in (first + offset for offset in range(months)):
        bands: dict[tuple[str, str, str, str], tuple[float, float]] = {}
        for material in MATERIALS.values():
            element = main_element(material, period.index)
            for market in ("home", "export"):
                listed = price(material, period.index, market)
                key = (material.stage, material.family, element, market)
                low, high = bands.get(key, (listed, listed))
                bands[key] = (min(low, listed), max(high, listed))
        for key, (low, high) in sorted(bands.items()):
            rows.append((str(period), *key, f"{low * 0.85:.2f}", f"{high * 1.15:.2f}"))
    return pd.DataFrame(rows, columns=list(PRICE_COLUMNS), dtype=object)
