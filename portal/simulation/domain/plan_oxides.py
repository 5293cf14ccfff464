"""Arrange the upper half of the chain: recyclers, separators, mines and imports."""

from typing import Final

from portal.simulation.domain.materials import MATERIALS, PR_IN_PRND
from portal.simulation.domain.network import Network, Output, Process

_RECOVERY: Final = (0.925, 0.962)
_LIGHT_YIELD: Final = (0.964, 0.982)
_IONIC_YIELD: Final = (0.946, 0.972)
_LIGHT_ORES: Final = ("bayan", "mianning")
_IONIC_ORES: Final = ("midy", "highy")
#: What is dug where; elsewhere in the south it is the ordinary ionic ore.
_DUG_AT: Final = {"包头": "bayan", "冕宁": "mianning", "龙南": "highy"}
_DUG_ELSEWHERE: Final = "midy"
_SINGLE: Final = ("la", "ce", "sm", "eu", "gd", "tb", "dy", "ho", "er", "y")


def oxides_from(contents: dict[str, float]) -> dict[str, float]:
    """Kilograms of each oxide in a kilogram of feed, nothing lost: Pr with three times its mass of Nd, and so on."""
    held = {symbol: value / 100 for symbol, value in contents.items()}
    found: dict[str, float] = {}
    both = MATERIALS["ox:prnd"].contents
    pair = min(held.get("pr", 0.0) / PR_IN_PRND, held.get("nd", 0.0) / (1 - PR_IN_PRND))
    if pair > 0:
        found["ox:prnd"] = pair * 100 / sum(both.values())
    spare = held.get("nd", 0.0) - pair * (1 - PR_IN_PRND)
    if spare > 1e-4:
        found["ox:nd"] = spare * 100 / MATERIALS["ox:nd"].contents["nd"]
    for symbol in _SINGLE:
        if held.get(symbol, 0.0) > 1e-4:
            found[f"ox:{symbol}"] = held[symbol] * 100 / MATERIALS[f"ox:{symbol}"].contents[symbol]
    rest = sum(held.get(symbol, 0.0) for symbol in ("tm", "yb", "lu"))
    if rest > 1e-4:
        found["ox:tml"] = rest * 100 / sum(MATERIALS["ox:tml"].contents.values())
    return found


def plan_oxides(net: Network) -> None:
    """From the scrap there is and the oxides still wanted to the ore that must be dug."""
    for product, kg in _scrap_made(net).items():
        net.spread(product, net.cast.of("recycler"), kg * 0.99, 2)
    for recycler in net.cast.of("recycler"):
        scrap = [(product, net.products[product].bought) for product in net.of(recycler, "scrap:")]
        _place(net, _take_apart(net, recycler, scrap, _RECOVERY))
    separators = net.cast.of("separator")
    ionic = separators[1::2] or separators
    light = separators[0::2]
    _plan_ionic(net, ionic)
    _plan_light(net, light)
    _import_the_rest(net)


def _scrap_made(net: Network) -> dict[int, float]:
    """By product of scrap, the kilograms that arise a month."""
    made: dict[int, float] = {}
    for process in net.processes:
        middle = sum(process.yields) / 2
        for output in process.outputs:
            if net.products[output.product].material.stage == "scrap":
                kg = process.base_month * (output.fixed + output.per_yield * middle)
                made[output.product] = made.get(output.product, 0.0) + kg
    return made


def _take_apart(
    net: Network, worker: int, feeds: list[tuple[int, float]], yields: tuple[float, float]
) -> dict[int, float]:
    """Arrange that each feed is worked into oxides; the kilograms of each oxide product that this gives a month."""
    gives: dict[int, float] = {}
    middle = sum(yields) / 2
    for feed, kg in feeds:
        outputs = []
        for key, per_kg in oxides_from(net.products[feed].material.contents).items():
            oxide = net.product(worker, key)
            outputs.append(Output(oxide, 0.0, per_kg, True))
            gives[oxide] = gives.get(oxide, 0.0) + kg * per_kg * middle
        net.work(Process(worker, ((feed, 1.0),), tuple(outputs), yields, kg, feed, True))
    return gives


def _wanted(net: Network, key: str) -> dict[int, float]:
    """By metal maker, the kilograms of the oxide that nobody has promised yet."""
    found: dict[int, float] = {}
    for product in (net.products[index] for index in net.holders(key)):
        wants = product.flow - product.bought
        if net.cast.organisations[product.organisation].role == "metal" and wants > 0:
            found[product.organisation] = found.get(product.organisation, 0.0) + wants
    return found


def _place(net: Network, gives: dict[int, float]) -> None:
    """Promise the oxides to those who want them, and what is left to users outside, at home and abroad."""
    for oxide, kg in gives.items():
        left = kg * 0.985 - net.products[oxide].flow
        wanted = _wanted(net, net.products[oxide].material.key)
        for maker in net.chance.some(sorted(wanted), 4):
            part = min(left, wanted[maker] * 0.8, kg * 0.6)
            if part > kg * 0.02:
                net.sell(oxide, maker, part)
                left -= part
        if left > kg * 0.01:
            _place_outside(net, oxide, left)


def _place_outside(net: Network, oxide: int, kg: float) -> None:
    owner = net.cast.organisations[net.products[oxide].organisation]
    abroad = 0.25 if "exporter" in owner.activities else 0.0
    net.spread_outside(oxide, list(net.cast.users), kg * (1 - abroad), 3)
    if abroad:
        net.spread_outside(oxide, list(net.cast.clients), kg * abroad, 2)


def _order(net: Network, key: str, suppliers: list[int]) -> None:
    """Let every metal maker order what it still wants of the oxide from a few separators, or by a trader."""
    for maker, kg in _wanted(net, key).items():
        seller = maker
        if net.chance.happens(0.12):
            trader = net.chance.pick(net.cast.of("trader"))
            net.sell(net.product(trader, key), maker, kg)
            seller = trader
        chosen = net.chance.some(suppliers, net.chance.whole(1, 3))
        for supplier, share in zip(chosen, net.shares(len(chosen)), strict=True):
            net.sell(net.product(supplier, key), seller, kg * share)


def _plan_ionic(net: Network, separators: list[int]) -> None:
    """Southern ores are worked for the dysprosium and terbium that are ordered; Nd and Pr come along."""
    for key in ("ox:dy", "ox:tb"):
        _order(net, key, separators)
    for separator in separators:
        mixes = [("midy", net.chance.one(0.55, 0.8))]
        mixes.append(("highy", 1 - mixes[0][1]))
        per_kg: dict[str, float] = {}
        for ore, share in mixes:
            for key, kg in oxides_from(MATERIALS[f"feed:{ore}"].contents).items():
                per_kg[key] = per_kg.get(key, 0.0) + kg * share * sum(_IONIC_YIELD) / 2
        ordered = [net.products[net.product(separator, key)].flow / per_kg[key] for key in ("ox:dy", "ox:tb")]
        month = max(max(ordered) * 1.04, 20_000 * (0.5 + net.cast.organisations[separator].size))
        feeds = [
            _feed(net, separator, ore, month * share, 0.3 if ore == "midy" else 0.0) for ore, share in mixes
        ]
        _place(net, _take_apart(net, separator, feeds, _IONIC_YIELD))


def _plan_light(net: Network, separators: list[int]) -> None:
    """Northern and western ores are worked for the Nd-Pr that is still wanted; most of what comes is La and Ce."""
    _order(net, "ox:prnd", separators)
    for place, separator in enumerate(separators):
        ore = _LIGHT_ORES[place % 2]
        per_kg = oxides_from(MATERIALS[f"feed:{ore}"].contents)["ox:prnd"] * sum(_LIGHT_YIELD) / 2
        month = net.products[net.product(separator, "ox:prnd")].flow / per_kg
        month = max(month * 1.03, 60_000 * (0.5 + net.cast.organisations[separator].size))
        feeds = [
            _feed(net, separator, ore, month * 0.93, 0.0),
            _feed(net, separator, "monazite", month * 0.07, 1.0),
        ]
        _place(net, _take_apart(net, separator, feeds, _LIGHT_YIELD))


def _feed(net: Network, separator: int, ore: str, kg: float, abroad: float) -> tuple[int, float]:
    """Promise the separator its ore: from the mines that dig it, or from abroad where there are none."""
    product = net.product(separator, f"feed:{ore}")
    mines = [mine for mine in net.cast.of("mine") if _dug_by(net, mine) == ore]
    abroad = 1.0 if not mines else abroad
    if abroad:
        suppliers = net.chance.some(net.cast.ore_suppliers, 2)
        for supplier, share in zip(suppliers, net.shares(2), strict=True):
            net.bring_in(product, supplier, kg * abroad * share)
    if abroad < 1.0:
        chosen = net.chance.some(mines, 2)
        for mine, share in zip(chosen, net.shares(len(chosen)), strict=True):
            net.sell(net.product(mine, f"feed:{ore}"), separator, kg * (1 - abroad) * share)
    return product, kg


def _dug_by(net: Network, mine: int) -> str:
    return _DUG_AT.get(net.cast.organisations[mine].place.city, _DUG_ELSEWHERE)


def plan_mines(net: Network) -> None:
    """Every mine digs what it has promised, and a mine that nobody chose digs a little for a user outside."""
    for mine in net.cast.of("mine"):
        ore = net.product(mine, f"feed:{_dug_by(net, mine)}")
        if net.products[ore].flow == 0:
            net.spread_outside(ore, list(net.cast.users), 30_000, 2)
        net.work(
            Process(mine, (), (Output(ore, 0.0, 1.0, True),), (1.0, 1.0), net.products[ore].flow, ore, False)
        )


def _import_the_rest(net: Network) -> None:
    """What the nation does not give is brought in from abroad."""
    for key in ("ox:la", "ox:ce", "ox:prnd", "ox:sm", "ox:gd", "ox:ho", "ox:dy", "ox:tb"):
        for maker, kg in _wanted(net, key).items():
            if kg > 0.01:
                net.bring_in(net.product(maker, key), net.chance.pick(net.cast.ore_suppliers), kg)
