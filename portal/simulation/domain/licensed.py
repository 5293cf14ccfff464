"""What customs and the licensing office know of the honest nation's exports: a licence with enough on it, a declaration each."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from portal.core.months import Month
from portal.simulation.domain.chance import Chance, Ints, Texts
from portal.simulation.domain.exact_text import kilograms, yuan_texts
from portal.simulation.domain.materials import Material
from portal.simulation.domain.moves import EXPORT, Moves
from portal.simulation.domain.network import Network
from portal.simulation.domain.organisations import Outsider
from portal.simulation.domain.registers import Registers

LICENCE_COLUMNS: Final = (
    "licence_no", "exporter", "kind", "issued_on", "expires_on", "status", "suspended_from", "suspended_until",
    "revoked_on", "max_uses", "tolerance_pct", "consignee_name", "consignee_id", "end_user_name", "end_user_id",
    "destination",
)  # fmt: skip
LICENCE_LINE_COLUMNS: Final = (
    "licence_no",
    "line_no",
    "control_code",
    "hs_code",
    "description",
    "quantity_kg",
)
DECLARATION_COLUMNS: Final = (
    "declaration_no", "item_no", "declared_on", "exporter", "licence_no", "licence_line_no", "hs_code", "description",
    "quantity_kg", "value_cny", "destination", "consignee_name",
)  # fmt: skip
#: The categories of the list of April 2025 by element, and its items by what the goods are.
_CATEGORY: Final = {
    "sm": "1C902", "gd": "1C903", "tb": "1C904", "dy": "1C905", "lu": "1C906", "sc": "1C907", "y": "1C908",
}  # fmt: skip
_ITEM: Final = {
    "metal": "a.1", "alloy": "a.2", "target": "a.3", "magnet_block": "a.4", "magnet": "a.4", "oxide": "b", "compound": "c",
}  # fmt: skip
_IN_MAGNETS: Final = ("sm", "tb", "dy")
_FIRST_DAY: Final = "2025-04-04"
_STEP: Final = 100_000  # grams: licences are granted in hundreds of kilograms


def control_codes(material: Material) -> str:
    """The entries of the list that the goods fall under, as a `;`-list."""
    item = _ITEM.get(material.stage, "")
    listed = _IN_MAGNETS if material.stage in ("magnet", "magnet_block") else tuple(_CATEGORY)
    found = [symbol for symbol in listed if material.contents.get(symbol, 0.0) > 0]
    return ";".join(f"{_CATEGORY[symbol]}.{item}" for symbol in found) if item else ""


@dataclass
class _Licence:
    """One licence while its year goes by."""

    exporter: int
    client: Outsider
    material: Material
    year: int
    grams: int = 0


@dataclass
class Office:
    """What is granted and declared, month by month; `licences` and `lines` are right once all months are in."""

    net: Network
    known: Registers
    seed: int
    _granted: dict[str, _Licence] = field(default_factory=dict)
    _declared: list[tuple[str, ...]] = field(default_factory=list)
    _last: Month | None = None

    def add(self, month: Month, moves: Moves, declaration: Texts, licence: Texts) -> None:
        """A month's exports, each with the numbers on its papers."""
        self._last = month
        partners = len(self.net.cast.organisations)
        for row in np.flatnonzero(moves.what == EXPORT).tolist():
            self._export(month, moves, row, str(declaration[row]), str(licence[row]), partners)

    def _export(
        self, month: Month, moves: Moves, row: int, declaration: str, licence: str, partners: int
    ) -> None:
        product, outsider = int(moves.giver[row]), int(moves.outsider[row])
        material, client = self.net.products[product].material, self.net.cast.outsiders[outsider]
        exporter, grams = int(moves.giver_org[row]), int(moves.grams[row])
        if licence:
            year = month.year if month.month >= 4 else month.year - 1
            held = self._granted.setdefault(licence, _Licence(exporter, client, material, year))
            held.grams += grams
        self._declared.append(
            (
                declaration,
                "1",
                f"{month}-{int(moves.day[row]):02d}",
                str(self.known.uscc[exporter]),
                licence,
                "1" if licence else "",
                material.hs_code,
                material.zh,
                kilograms(grams, int(self.known.decimals[product])),
                yuan_texts(_one(int(moves.fen[row])))[0],
                str(self.known.destination[partners + outsider]),
                client.name,
            )
        )

    def licences(self) -> pd.DataFrame:
        """Each runs from April to March, as the list did; what is over says so."""
        rows = []
        end = "" if self._last is None else self._last.last.isoformat()
        for number, held in self._granted.items():
            issued = _FIRST_DAY if held.year == 2025 else f"{held.year}-04-01"
            expires = f"{held.year + 1}-03-31"
            client = held.client
            identity = f"{client.id_type}:{client.id_number}" if client.id_number else ""
            rows.append(
                (
                    number, str(self.known.uscc[held.exporter]), "individual", issued, expires,
                    "expired" if expires < end else "valid", "", "", "", "", "5", client.name, identity,
                    client.end_user_name, "", client.end_user_country or client.country,
                )
            )  # fmt: skip
        return pd.DataFrame(rows, columns=list(LICENCE_COLUMNS), dtype=object)

    def lines(self) -> pd.DataFrame:
        """One line each, for somewhat more than the year took."""
        chance = Chance(self.seed, 12)
        rows = []
        for number, held in self._granted.items():
            granted = (int(held.grams * chance.one(1.05, 1.45)) // _STEP + 1) * _STEP
            material = held.material
            rows.append(
                (number, "1", control_codes(material), material.hs_code, material.zh, kilograms(granted, 0))
            )
        return pd.DataFrame(rows, columns=list(LICENCE_LINE_COLUMNS), dtype=object)

    def declarations(self) -> pd.DataFrame:
        """Every export as it was declared, whether it was filed or not."""
        return pd.DataFrame(self._declared, columns=list(DECLARATION_COLUMNS), dtype=object)


def _one(value: int) -> Ints:
    return np.array([value], dtype=np.int64)
