"""Organisations, their catalogues and their lists of clients and suppliers, as files and as look-up arrays."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from portal.core.months import Month
from portal.simulation.domain.chance import Chance, Ints, Texts
from portal.simulation.domain.elements import SYMBOLS
from portal.simulation.domain.materials import Material
from portal.simulation.domain.network import Network, Product
from portal.simulation.domain.organisations import Organisation, Outsider

ORGANISATION_COLUMNS: Final = (
    "uscc", "name_zh", "name_en", "activities", "province", "reports_from", "reports_until", "capacity_kg_year",
)  # fmt: skip
CONTENT_COLUMNS: Final = tuple(f"{symbol}_pct" for symbol in SYMBOLS)
PRODUCT_COLUMNS: Final = (
    "organisation", "code", "name", "stage", "family", "hs_code", "grade", "processing_level", "partners",
    *CONTENT_COLUMNS, "assay_rel_uncertainty_pct",
)  # fmt: skip
COUNTERPARTY_COLUMNS: Final = (
    "organisation", "code", "name", "name_local", "country", "id_type", "id_number", "address", "city", "end_use",
    "end_user_name", "end_user_country",
)  # fmt: skip
_CODE_PREFIX: Final = {
    "concentrate": "KS", "mixed_carbonate": "TS", "oxide": "YH", "metal": "JS", "alloy": "HJ", "magnet_block": "MP",
    "magnet": "CT", "assembly": "ZJ", "scrap": "FL", "compound": "HH",
}  # fmt: skip


@dataclass(frozen=True)
class Registers:
    """The three tables, and arrays by organisation, by product and by partner (organisations, then outsiders)."""

    organisations: pd.DataFrame
    products: pd.DataFrame
    counterparties: pd.DataFrame
    uscc: Texts
    product_code: Texts
    decimals: Ints
    local_number: Ints
    destination: Texts
    _pair_keys: Ints
    _pair_codes: Texts
    _partners: int

    def counterparty_codes(self, organisation: Ints, partner: Ints) -> Texts:
        """The code under which each organisation lists the partner; empty where the partner is -1."""
        at = np.searchsorted(self._pair_keys, organisation * self._partners + np.maximum(partner, 0))
        return np.where(partner >= 0, self._pair_codes[np.minimum(at, len(self._pair_codes) - 1)], "")


def registers(net: Network, seed: int, first: Month) -> Registers:
    """Everything that is registered before the first filing. Capacities are filled in at the end (`with_capacity`)."""
    chance = Chance(seed, 9)
    cast = net.cast
    local = _local_numbers(net)
    codes = [
        f"{_CODE_PREFIX[p.material.stage]}{number:03d}"
        for p, number in zip(net.products, local.tolist(), strict=True)
    ]
    pairs = _pairs(net)
    table, pair_codes = _counterparties(net, pairs)
    partners = len(cast.organisations) + len(cast.outsiders)
    ends = ["CN"] * len(cast.organisations) + [o.end_user_country or o.country for o in cast.outsiders] + [""]
    return Registers(
        organisations=_organisations(cast.organisations, first),
        products=_products(net, codes, chance),
        counterparties=table,
        uscc=np.array([o.uscc for o in cast.organisations], dtype=object),
        product_code=np.array(codes, dtype=object),
        decimals=np.array([p.material.decimals for p in net.products], dtype=np.int64),
        local_number=local,
        destination=np.array(ends, dtype=object),
        _pair_keys=np.array([owner * partners + partner for owner, partner in pairs], dtype=np.int64),
        _pair_codes=np.array(pair_codes, dtype=object),
        _partners=partners,
    )


def _local_numbers(net: Network) -> Ints:
    """1, 2, 3... within each organisation's catalogue."""
    seen: dict[int, int] = {}
    numbers = []
    for product in net.products:
        seen[product.organisation] = seen.get(product.organisation, 0) + 1
        numbers.append(seen[product.organisation])
    return np.array(numbers, dtype=np.int64)


def _organisations(organisations: tuple[Organisation, ...], first: Month) -> pd.DataFrame:
    rows = [
        (
            o.uscc, o.name_zh, o.name_en, ";".join(o.activities), o.place.province,
            str(first + o.start) if o.files else "", "", "",
        )
        for o in organisations
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(ORGANISATION_COLUMNS), dtype=object)


def with_capacity(table: pd.DataFrame, largest_year_kg: Ints, chance: Chance) -> pd.DataFrame:
    """Declared capacities above the largest output of any twelve months; one in eight has never declared any."""
    texts = []
    for kg in largest_year_kg.tolist():
        declared = int(kg * chance.one(1.08, 1.45)) // 1000 * 1000 + 2000
        texts.append(str(declared) if kg > 0 and not chance.happens(0.12) else "")
    return table.assign(capacity_kg_year=np.array(texts, dtype=object))


def _products(net: Network, codes: list[str], chance: Chance) -> pd.DataFrame:
    rows = []
    for product, code in zip(net.products, codes, strict=True):
        owner, material = net.cast.organisations[product.organisation], product.material
        name = f"{material.zh} {product.variant}" if product.variant else material.zh
        rows.append((
            owner.uscc, code, name, material.stage, material.family, material.hs_code, material.grade, material.level,
            ";".join(material.partners), *_assay(chance, owner, product), f"{owner.uncertainty:.1f}",
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(PRODUCT_COLUMNS), dtype=object)


def _assay(chance: Chance, owner: Organisation, product: Product) -> list[str]:
    """What the owner's laboratory makes of the contents: its own bias, and an error of each measurement.

    Purity is measured by difference, so a pure metal or oxide is known far better than an alloy.
    """
    material: Material = product.material
    pure = material.stage in ("metal", "oxide", "compound")
    scale = 0.1 if pure else 1.0
    shared = owner.lab_bias * scale
    found = {}
    for symbol, true in material.contents.items():
        error = shared + 0.0035 * scale * float(chance.bell(1)[0])
        found[symbol] = true * (1.0 + error)
    whole = sum(found.values())
    shrink = min(1.0, 99.98 / whole)
    texts = {symbol: f"{value * shrink:.4f}" for symbol, value in found.items()}
    return [texts.get(symbol, "0" if symbol in material.absent else "") for symbol in SYMBOLS]


def assay_text(chance: Chance, true: float, uncertainty_pct: float) -> str:
    """One measurement of a content, with no bias, to four places."""
    return f"{min(true * (1.0 + uncertainty_pct / 100 * float(chance.bell(1)[0])), 99.9):.4f}"


def _pairs(net: Network) -> list[tuple[int, int]]:
    """Who knows whom: organisation and partner, sorted."""
    many = len(net.cast.organisations)
    found: set[tuple[int, int]] = set()
    for trade in net.trades:
        giver = net.products[trade.giver].organisation if trade.giver >= 0 else many + trade.outsider
        taker = net.products[trade.taker].organisation if trade.taker >= 0 else many + trade.outsider
        found.update(pair for pair in ((giver, taker), (taker, giver)) if pair[0] < many)
    for toll in net.tolls:
        owner, worker = (
            net.products[toll.owner_metal].organisation,
            net.products[toll.toller_metal].organisation,
        )
        found.update(((owner, worker), (worker, owner)))
    return sorted(found)


def _counterparties(net: Network, pairs: list[tuple[int, int]]) -> tuple[pd.DataFrame, list[str]]:
    cast, many = net.cast, len(net.cast.organisations)
    known = [_as_party(o) for o in cast.organisations] + list(cast.outsiders)
    rows, codes = [], []
    number, last = 0, -1
    for owner, partner in pairs:
        number = number + 1 if owner == last else 1
        last = owner
        party = known[partner]
        letter = "N" if partner < many else ("W" if party.country != "CN" else "K")
        codes.append(f"{letter}{number:04d}")
        rows.append((
            cast.organisations[owner].uscc, codes[-1], party.name, party.name_local, party.country, party.id_type,
            party.id_number, party.address, party.city, party.end_use, party.end_user_name, party.end_user_country,
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COUNTERPARTY_COLUMNS), dtype=object), codes


def _as_party(organisation: Organisation) -> Outsider:
    return Outsider(
        organisation.name_zh,
        "",
        "CN",
        "USCC",
        organisation.uscc,
        organisation.address,
        organisation.place.city,
    )
