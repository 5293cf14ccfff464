"""The network as arrays: what the months are computed on."""

from dataclasses import dataclass

import numpy as np

from portal.simulation.domain.chance import Bools, Chance, Floats, Ints
from portal.simulation.domain.materials import MATERIALS
from portal.simulation.domain.network import ABROAD, AT_HOME, Network

#: How many months of use an organisation likes to hold.
_COVER = (1.5, 2.1)
#: Months of the year, January first: the Spring Festival is quiet, the year's end busy.
SEASON = (0.95, 0.84, 1.03, 1.0, 1.0, 1.01, 0.99, 1.0, 1.02, 0.96, 1.04, 1.08)


@dataclass(frozen=True)
class Trades:
    """Standing trades; -1 where there is no product on that side or no outsider."""

    kind: Ints
    giver: Ints
    taker: Ints
    outsider: Ints
    giver_org: Ints
    taker_org: Ints
    grams: Floats
    share: Floats
    most_lines: Ints
    frequency: Floats
    bargain: Floats


@dataclass(frozen=True)
class Works:
    """Processes and, one row each, their inputs and outputs."""

    organisation: Ints
    base: Floats
    driver: Ints
    pushed: Bools
    driver_share: Floats
    per_base: Floats
    yield_low: Floats
    yield_high: Floats
    yield_middle: Floats
    in_process: Ints
    in_product: Ints
    in_per_base: Floats
    out_process: Ints
    out_product: Ints
    out_fixed: Floats
    out_per_yield: Floats
    out_main: Bools


@dataclass(frozen=True)
class Standing:
    """Everything that stays the same from month to month. Grams throughout."""

    organisation: Ints
    material: Ints
    unit: Ints
    flow: Floats
    bought: Floats
    target: Floats
    trades: Trades
    works: Works


def standing(net: Network, seed: int) -> Standing:
    """The arrays of a network."""
    chance = Chance(seed, 3)
    order = {key: place for place, key in enumerate(MATERIALS)}
    products = net.products
    flow = np.array([p.flow * 1000 for p in products])
    unit = np.array([10 ** (3 - p.material.decimals) for p in products], dtype=np.int64)
    return Standing(
        organisation=np.array([p.organisation for p in products], dtype=np.int64),
        material=np.array([order[p.material.key] for p in products], dtype=np.int64),
        unit=unit,
        flow=flow,
        bought=np.array([p.bought * 1000 for p in products]),
        target=flow * chance.uniform(len(products), *_COVER),
        trades=_trades(net, chance),
        works=_works(net, chance),
    )


def _trades(net: Network, chance: Chance) -> Trades:
    rows, count = net.trades, len(net.trades)
    kind = np.array([t.kind for t in rows], dtype=np.int64)
    giver = np.array([t.giver for t in rows], dtype=np.int64)
    taker = np.array([t.taker for t in rows], dtype=np.int64)
    grams = np.array([t.kg_month * 1000 for t in rows])
    owner = np.array([p.organisation for p in net.products] + [-1], dtype=np.int64)
    into = np.bincount(
        np.where(taker >= 0, taker, len(net.products)), weights=grams, minlength=len(net.products) + 1
    )
    free = (kind == ABROAD) | ((kind == AT_HOME) & (taker < 0))
    regular = np.array((1.0, 1.0, 1.0, 0.85, 0.6))[chance.below(np.full(count, 5))]
    magnet = np.array([g >= 0 and net.products[g].material.stage == "magnet" for g in giver])
    return Trades(
        kind=kind, giver=giver, taker=taker,
        outsider=np.array([t.outsider for t in rows], dtype=np.int64),
        giver_org=owner[giver], taker_org=owner[taker], grams=grams,
        share=np.where(taker >= 0, grams / np.maximum(into[np.maximum(taker, 0)], 1e-9), 0.0),
        most_lines=np.where(magnet & (kind == AT_HOME), 3, 2) - np.where(~magnet & (grams < 50_000), 1, 0),
        frequency=np.where(free, regular, 1.0),
        bargain=1.0 + 0.02 * chance.bell(count),
    )  # fmt: skip


def _works(net: Network, chance: Chance) -> Works:
    rows = net.processes
    low = np.array([p.yields[0] for p in rows])
    high = np.array([p.yields[1] for p in rows])
    middle = low + (high - low) * chance.uniform(len(rows), 0.3, 0.7)
    outs = [(place, o) for place, p in enumerate(rows) for o in p.outputs]
    ins = [(place, product, per) for place, p in enumerate(rows) for product, per in p.inputs]
    driver = np.array([p.driver for p in rows], dtype=np.int64)
    per_base = np.ones(len(rows))
    for place, output in outs:
        if output.product == driver[place]:
            per_base[place] = output.fixed + output.per_yield * middle[place]
    drive = np.array([p.base_month * 1000 for p in rows]) * per_base
    whole = np.bincount(driver, weights=drive, minlength=len(net.products))
    return Works(
        organisation=np.array([p.organisation for p in rows], dtype=np.int64),
        base=np.array([p.base_month * 1000 for p in rows]),
        driver=driver,
        pushed=np.array([p.pushed for p in rows]),
        driver_share=drive / np.maximum(whole[driver], 1e-9),
        per_base=per_base, yield_low=low, yield_high=high, yield_middle=middle,
        in_process=np.array([i[0] for i in ins], dtype=np.int64),
        in_product=np.array([i[1] for i in ins], dtype=np.int64),
        in_per_base=np.array([i[2] for i in ins]),
        out_process=np.array([o[0] for o in outs], dtype=np.int64),
        out_product=np.array([o[1].product for o in outs], dtype=np.int64),
        out_fixed=np.array([o[1].fixed for o in outs]),
        out_per_yield=np.array([o[1].per_yield for o in outs]),
        out_main=np.array([o[1].main for o in outs]),
    )  # fmt: skip
