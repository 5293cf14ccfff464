"""The nation month by month: what was moved, worked, found and lost, and what is left. Exact, in grams."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portal.core.months import Month
from portal.simulation.domain.chance import Bools, Chance, Floats, Ints
from portal.simulation.domain.materials import MATERIALS, price
from portal.simulation.domain.moves import Moves, TollDesk, return_moves, sum_by, trade_moves, whole_units
from portal.simulation.domain.network import Network
from portal.simulation.domain.standing import SEASON, Standing, Works, standing


@dataclass(frozen=True)
class Runs:
    """The work of a month, run by run: what went in (rows) and what came out (rows)."""

    process: Ints
    in_run: Ints
    in_product: Ints
    in_grams: Ints
    out_run: Ints
    out_product: Ints
    out_grams: Ints
    out_main: Bools


@dataclass(frozen=True)
class MonthFlows:
    """All that happened in a month. For every product opening + in = out + closing, to the gram."""

    month: Month
    offset: int
    active: Bools
    opening: Ints
    closing: Ints
    gained: Ints
    lost: Ints
    moves: Moves
    runs: Runs


def flows(net: Network, seed: int, first: Month, months: int) -> Iterator[MonthFlows]:
    """The months of a nation, one after the other; only the present one is held."""
    arrays = standing(net, seed)
    chance = Chance(seed, 4)
    desk = TollDesk(net.tolls, arrays)
    start = np.array([o.start for o in net.cast.organisations], dtype=np.int64)
    quiet = _quiet_months(net, seed, months)
    level = arrays.target * chance.uniform(len(arrays.target), 0.85, 1.1)
    stock = whole_units(np.where(start[arrays.organisation] == 0, level, 0.0), arrays.unit)
    last = Moves.none()
    for offset in range(months):
        month = first + offset
        active = (start <= offset) & ~quiet[:, offset]
        done = _one_month(arrays, chance, desk, stock, last, month, offset, active)
        yield done
        stock, last = done.closing, done.moves


def _quiet_months(net: Network, seed: int, months: int) -> Bools:
    """Months in which an organisation neither trades nor works, so that it files nil; traders most often."""
    chance = Chance(seed, 5)
    often = {"trader": 0.03, "exporter": 0.025, "recycler": 0.02, "mine": 0.012}
    rate = np.array([often.get(o.role, 0.003) for o in net.cast.organisations])
    drawn = chance.uniform(len(rate) * months).reshape(len(rate), months) < rate[:, None]
    starts = np.array([o.start for o in net.cast.organisations])
    drawn[np.arange(months)[None, :] <= starts[:, None]] = False
    return drawn


def _one_month(
    arrays: Standing, chance: Chance, desk: TollDesk, stock: Ints, last: Moves, month: Month, offset: int, active: Bools
) -> MonthFlows:  # fmt: skip
    size, days, season = len(stock), month.last.day, SEASON[month.month - 1]
    early = Moves.join([
        return_moves(arrays, chance, last, stock, active, days),
        desk.moves(chance, stock, active, season, days),
    ])  # fmt: skip
    free = stock - sum_by(early.giver, early.grams, size)
    traded = trade_moves(arrays, chance, stock, free, active, season, _prices(arrays, month), days)
    moves = Moves.join([early, traded])
    after = stock - sum_by(moves.giver, moves.grams, size) + sum_by(moves.taker, moves.grams, size)
    runs = _work(arrays, chance, stock, after, active, season)
    after = (
        after - sum_by(runs.in_product, runs.in_grams, size) + sum_by(runs.out_product, runs.out_grams, size)
    )
    gained, lost = _recounts(arrays, chance, after, active)
    return MonthFlows(month, offset, active, stock, after + gained - lost, gained, lost, moves, runs)


def _prices(arrays: Standing, month: Month) -> tuple[Floats, Floats]:
    """CNY per kg of each product this month, at home and abroad."""
    listed = list(MATERIALS.values())
    home = np.array([price(material, month.index) for material in listed])
    export = np.array([price(material, month.index, "export") for material in listed])
    return home[arrays.material], export[arrays.material]


def _work(
    arrays: Standing, chance: Chance, opening: Ints, available: Ints, active: Bools, season: float
) -> Runs:
    """Work towards what is expected to leave, as far as the inputs reach; split it into runs."""
    works = arrays.works
    base = _possible(arrays, _wished(arrays, chance, opening, active, season), available)
    count = 1 + chance.below(np.where(base > 2_000_000, 3, 1))
    count[base <= 0] = 0
    process = np.repeat(np.arange(len(base)), count)
    weight = chance.uniform(len(process), 0.7, 1.3)
    share = weight / np.bincount(process, weights=weight, minlength=len(base))[process]
    run_base = base[process] * share
    spread = works.yield_high - works.yield_low
    month_yield = works.yield_middle + 0.1 * spread * chance.bell(len(base))
    run_yield = month_yield[process] + 0.03 * spread[process] * chance.bell(len(process))
    run_yield = np.clip(run_yield, works.yield_low[process], works.yield_high[process])
    in_run, in_row = _rows_of(process, works.in_process, len(base))
    out_run, out_row = _rows_of(process, works.out_process, len(base))
    in_product, out_product = works.in_product[in_row], works.out_product[out_row]
    in_grams = whole_units(run_base[in_run] * works.in_per_base[in_row], arrays.unit[in_product])
    given = works.out_fixed[out_row] + works.out_per_yield[out_row] * run_yield[out_run]
    out_grams = whole_units(run_base[out_run] * given, arrays.unit[out_product])
    some_in, some_out = in_grams > 0, out_grams > 0
    return Runs(
        process, in_run[some_in], in_product[some_in], in_grams[some_in],
        out_run[some_out], out_product[some_out], out_grams[some_out], works.out_main[out_row][some_out],
    )  # fmt: skip


def _rows_of(process: Ints, owner: Ints, processes: int) -> tuple[Ints, Ints]:
    """For each run, the rows (inputs or outputs, sorted by process) of its process: run index and row index."""
    first = np.searchsorted(owner, np.arange(processes))
    many = np.searchsorted(owner, np.arange(processes), side="right") - first
    repeat = many[process]
    run = np.repeat(np.arange(len(process)), repeat)
    row = first[process][run] + np.arange(len(run)) - (np.cumsum(repeat) - repeat)[run]
    return run, row


def _wished(arrays: Standing, chance: Chance, opening: Ints, active: Bools, season: float) -> Floats:
    """Grams of base each process would work: to refill what it makes, or to use up the feed it is pushed by."""
    works: Works = arrays.works
    gap = arrays.target[works.driver] - opening[works.driver]
    pulled = (arrays.flow[works.driver] * season + 0.4 * gap) * works.driver_share / works.per_base
    pushed = works.base * season - 0.4 * gap
    wished = np.where(works.pushed, pushed, pulled) * (1.0 + 0.05 * chance.bell(len(gap)))
    return np.where(active[works.organisation], np.clip(wished, 0.0, 1.5 * works.base), 0.0)


def _possible(arrays: Standing, wished: Floats, available: Ints) -> Floats:
    """As much of it as every input allows; nothing where so little is left that rounding would show."""
    works = arrays.works
    need = wished[works.in_process] * works.in_per_base
    total = np.bincount(works.in_product, weights=need, minlength=len(available))
    reach = np.minimum(1.0, 0.98 * available / np.maximum(total, 1e-9))
    scale = np.ones(len(wished))
    np.minimum.at(scale, works.in_process, reach[works.in_product])
    base = wished * scale
    coarsest = np.ones(len(wished), dtype=np.int64)
    np.maximum.at(
        coarsest, works.in_process, (arrays.unit[works.in_product] / works.in_per_base).astype(np.int64)
    )
    np.maximum.at(coarsest, works.out_process, arrays.unit[works.out_product])
    worth_it = (base >= 200 * coarsest) & (base >= 0.03 * works.base)
    return np.where(worth_it, base, 0.0)


def _recounts(arrays: Standing, chance: Chance, stock: Ints, active: Bools) -> tuple[Ints, Ints]:
    """A little is found or lost at a count now and then."""
    awake = active[arrays.organisation]
    drawn = chance.uniform(len(stock))
    part = chance.uniform(len(stock), 0.0002, 0.0015)
    amount = whole_units(stock * part, arrays.unit)
    gained = np.where(awake & (drawn < 0.004), amount, 0)
    lost = np.where(awake & (drawn > 0.993), amount, 0)
    return gained, lost
