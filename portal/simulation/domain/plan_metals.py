"""Arrange the middle of the chain: strip casters, metal makers, and the traders between them."""

from typing import Final

from portal.simulation.domain.materials import MATERIALS, RECIPES
from portal.simulation.domain.network import Network, Output, Process
from portal.simulation.domain.plan_magnets import cast_strip

#: Which oxides make a metal or fluoride, by the element that carries it.
FROM_OXIDE: Final[dict[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "met:prnd": (("ox:prnd", ("nd", "pr")),), "met:lace": (("ox:la", ("la",)), ("ox:ce", ("ce",))),
    "met:tb": (("ox:tb", ("tb",)),), "met:sm": (("ox:sm", ("sm",)),), "met:dy": (("ox:dy", ("dy",)),),
    "met:gd": (("ox:gd", ("gd",)),), "met:ho": (("ox:ho", ("ho",)),), "comp:tbf": (("ox:tb", ("tb",)),),
}  # fmt: skip
_YIELDS: Final = {
    "met:prnd": (0.962, 0.984), "met:lace": (0.960, 0.980), "met:tb": (0.936, 0.962), "met:sm": (0.918, 0.946),
    "met:dy": (0.938, 0.964), "met:gd": (0.952, 0.972), "met:ho": (0.938, 0.964), "comp:tbf": (0.962, 0.982),
}  # fmt: skip


def plan_metals(net: Network) -> None:
    """Strip casters' output, every metal that is needed, and the oxides that the metal makers then need."""
    for caster in net.cast.of("alloy"):
        for recipe in RECIPES:
            if net.has(caster, f"sc:{recipe.name}"):
                cast_strip(net, caster, recipe, net.products[net.product(caster, f"sc:{recipe.name}")].flow)
    for key in FROM_OXIDE:
        buy_from_makers(net, key, net.cast.of("metal"), specialists=key not in ("met:prnd", "met:lace"))
    for maker in net.cast.of("metal"):
        _plan_maker(net, maker)


def buy_from_makers(net: Network, key: str, makers: list[int], specialists: bool) -> None:
    """Let whoever uses the material and does not make it buy it from its makers, one time in seven by a trader."""
    chance, traders = net.chance, net.cast.of("trader")
    if specialists:
        makers = makers[:: max(1, len(makers) // 8)]
    through: dict[int, float] = {}
    held = [net.products[index] for index in net.holders(key)]
    users = [(p.organisation, p.flow - p.bought) for p in held if p.organisation not in makers]
    for organisation, kg in users:
        if kg <= 0:
            continue
        chosen = chance.some(makers, chance.whole(1, 3))
        for maker, share in zip(chosen, net.shares(len(chosen)), strict=True):
            if chance.happens(0.14) and organisation not in traders:
                trader = chance.pick(traders)
                net.sell(net.product(trader, key), organisation, kg * share)
                through[trader] = through.get(trader, 0.0) + kg * share
            else:
                net.sell(net.product(maker, key), organisation, kg * share)
    for trader, kg in through.items():
        for maker, share in zip(chance.some(makers, 2), net.shares(min(2, len(makers))), strict=True):
            net.sell(net.product(maker, key), trader, kg * share)


def _plan_maker(net: Network, maker: int) -> None:
    exports = "exporter" in net.cast.organisations[maker].activities
    for key, oxides in FROM_OXIDE.items():
        if not net.has(maker, key):
            continue
        made = net.product(maker, key)
        if exports and key in ("met:prnd", "met:dy", "met:tb"):
            net.spread_outside(made, list(net.cast.clients), net.products[made].flow * 0.08, 2)
        contents = MATERIALS[key].contents
        inputs = tuple(
            (
                net.product(maker, oxide),
                sum(contents[s] for s in held) / sum(MATERIALS[oxide].contents[s] for s in held),
            )
            for oxide, held in oxides
        )
        low, high = _YIELDS[key]
        base = net.products[made].flow / ((low + high) / 2)
        net.work(Process(maker, inputs, (Output(made, 0.0, 1.0, True),), (low, high), base, made, False))
