"""Arrange the lower half of the chain: strip, blocks, magnets, their users, and the scrap they leave."""

from typing import Final

from portal.simulation.domain.materials import ASSEMBLIES, DIFFUSED, MATERIALS, RECIPES, Recipe
from portal.simulation.domain.network import Network, Output, Process, Toll

_SHAPES: Final = (
    ("瓦形", "R{a}×R{b}×{c}"), ("方块", "{a}×{b}×{c}"), ("圆环", "D{a}×d{b}×{c}"), ("圆柱", "D{a}×{c}"),
    ("面包形", "{a}×R{b}×{c}"),
)  # fmt: skip
#: Of what is ground away, the part that is caught as swarf; swarf holds 93 % of the block's contents.
_CAUGHT: Final = 0.93
_IN_SWARF: Final = 0.93
_BLOCK_YIELD: Final = (0.950, 0.975)
_STRIP_YIELD: Final = (0.974, 0.988)
_ASSEMBLY_YIELD: Final = (0.985, 0.996)
_BY_NAME: Final = {recipe.name: recipe for recipe in RECIPES + DIFFUSED}


def metals_for(recipe: Recipe) -> list[tuple[str, float]]:
    """Kilograms of each metal for a kilogram of strip, before any loss."""
    return [
        (f"met:{metal}", part / sum(MATERIALS[f"met:{metal}"].contents.values()))
        for metal, part in recipe.metals.items()
    ]


def plan_magnets(net: Network) -> None:
    """Magnet makers and whoever takes their magnets; then what the makers need."""
    makers = net.cast.of("magnet")
    for place, maker in enumerate(makers):
        _plan_maker(net, maker, _recipes_of(net, smco=place % 9 == 8))
    for trader in net.cast.of("trader"):
        for product in net.of(trader, "mag:"):
            kg = net.products[product].bought
            net.spread(product, net.cast.of("assembler"), kg * 0.6, 2)
            net.spread_outside(product, list(net.cast.users), kg * 0.4, 2)
    for exporter in net.cast.of("exporter"):
        for product in net.of(exporter, "mag:"):
            net.spread_outside(product, list(net.cast.clients), net.products[product].bought, 4)
    for assembler in net.cast.of("assembler"):
        _plan_assembler(net, assembler)


def _recipes_of(net: Network, smco: bool) -> list[Recipe]:
    if smco:
        return [recipe for recipe in RECIPES if recipe.family == "smco"]
    chosen = net.chance.some([r for r in RECIPES if r.family == "ndfeb"], net.chance.whole(2, 6))
    names = {recipe.name for recipe in chosen}
    return chosen + [d for d in DIFFUSED if d.base in names and net.chance.happens(0.6)]


def _plan_maker(net: Network, maker: int, recipes: list[Recipe]) -> None:
    """Sizes run from a few tonnes to some hundreds a month, few of them large."""
    size = net.cast.organisations[maker].size
    month = 6_000 + 260_000 * size * size * size * size
    if recipes[0].family == "smco":
        month *= 0.12
    clients = _clients_of(net, maker)
    blocks: dict[str, float] = {}
    for recipe, share in zip(recipes, net.shares(len(recipes)), strict=True):
        base = recipe.base or recipe.name
        for variant, part in _shapes(net):
            output = month * share * part
            used = _plan_grinding(net, maker, recipe, variant, output)
            blocks[base] = blocks.get(base, 0.0) + used
            _sell_magnets(net, net.product(maker, f"mag:{recipe.name}", variant), clients, output)
    for base, used in blocks.items():
        _plan_strip(net, maker, _BY_NAME[base], _plan_sintering(net, maker, base, used))


def _shapes(net: Network) -> list[tuple[str, float]]:
    chance, found = net.chance, []
    count = chance.whole(1, 4)
    for share in net.shares(count):
        name, form = chance.pick(_SHAPES)
        sizes = {"a": chance.whole(12, 88), "b": chance.whole(4, 11), "c": chance.whole(2, 45)}
        found.append((f"{name} {form.format(**sizes)}", share))
    return found


def _clients_of(net: Network, maker: int) -> tuple[list[int], list[int]]:
    """Organisations and outsiders that buy from the maker."""
    chance, cast = net.chance, net.cast
    inside = chance.some(cast.of("assembler"), chance.whole(2, 4))
    inside += chance.some(cast.of("trader"), chance.whole(0, 1)) + chance.some(
        cast.of("exporter"), chance.whole(0, 2)
    )
    outside = chance.some(cast.users, chance.whole(2, 5))
    if "exporter" in cast.organisations[maker].activities:
        outside += chance.some(cast.clients, chance.whole(2, 6))
    return inside, outside


def _sell_magnets(net: Network, product: int, clients: tuple[list[int], list[int]], kg: float) -> None:
    inside, outside = clients
    chosen = net.chance.some(
        [(True, i) for i in inside] + [(False, o) for o in outside], net.chance.whole(2, 3)
    )
    for (organised, who), share in zip(chosen, net.shares(len(chosen)), strict=True):
        if organised:
            net.sell(product, who, kg * share)
        else:
            net.sell_outside(product, who, kg * share)


def _plan_grinding(net: Network, maker: int, recipe: Recipe, variant: str, output: float) -> float:
    """From block to finished magnet; the kilograms of block used a month."""
    base, middle = recipe.base or recipe.name, net.chance.one(0.645, 0.765)
    magnet = net.product(maker, f"mag:{recipe.name}", variant)
    swarf = net.product(maker, f"scrap:{base}")
    inputs = [(net.product(maker, f"block:{base}"), 1.0)]
    if recipe.diffused:
        fluoride = net.product(maker, "comp:tbf")
        inputs.append((fluoride, middle * recipe.diffused / MATERIALS["comp:tbf"].contents["tb"] / 0.97))
    caught = _CAUGHT / _IN_SWARF
    used = output / middle
    outputs = (Output(magnet, 0.0, 1.0, True), Output(swarf, caught, -caught, False))
    net.work(Process(maker, tuple(inputs), outputs, (middle - 0.012, middle + 0.012), used, magnet, False))
    return used


def _plan_sintering(net: Network, maker: int, base: str, blocks: float) -> float:
    """From strip to block; the kilograms of strip used a month."""
    block, strip = net.product(maker, f"block:{base}"), net.product(maker, f"sc:{base}")
    used = blocks / (sum(_BLOCK_YIELD) / 2)
    net.work(
        Process(maker, ((strip, 1.0),), (Output(block, 0.0, 1.0, True),), _BLOCK_YIELD, used, block, False)
    )
    return used


def cast_strip(net: Network, organisation: int, recipe: Recipe, kg: float) -> None:
    """Arrange the casting of so many kilograms of strip a month."""
    strip = net.product(organisation, f"sc:{recipe.name}")
    inputs = tuple((net.product(organisation, key), per_kg) for key, per_kg in metals_for(recipe))
    base = kg / (sum(_STRIP_YIELD) / 2)
    net.work(
        Process(organisation, inputs, (Output(strip, 0.0, 1.0, True),), _STRIP_YIELD, base, strip, False)
    )


def _plan_strip(net: Network, maker: int, recipe: Recipe, kg: float) -> None:
    """Cast it in the house, buy it, or have one's own metal cast by another."""
    if "alloy" in net.cast.organisations[maker].activities:
        cast_strip(net, maker, recipe, kg)
        return
    casters = net.cast.of("alloy")
    bought = kg
    if set(recipe.metals) == {"prnd"} and net.chance.happens(0.2):
        _plan_toll(net, maker, net.chance.pick(casters), recipe, kg * 0.4)
        bought = kg * 0.6
    chosen = net.chance.some(casters, net.chance.whole(1, 3))
    for caster, share in zip(chosen, net.shares(len(chosen)), strict=True):
        net.sell(net.product(caster, f"sc:{recipe.name}"), maker, bought * share)


def _plan_toll(net: Network, maker: int, caster: int, recipe: Recipe, strip: float) -> None:
    per_strip = metals_for(recipe)[0][1] / 0.978
    metal = net.product(maker, "met:prnd")
    net.tolls.append(
        Toll(
            metal, net.product(caster, "met:prnd"), net.product(caster, f"sc:{recipe.name}"),
            net.product(maker, f"sc:{recipe.name}"), strip * per_strip, 1 / per_strip,
        )
    )  # fmt: skip
    net.products[metal].flow += strip * per_strip
    net.products[net.tolls[-1].toller_strip].flow += strip


def _plan_assembler(net: Network, assembler: int) -> None:
    """Every grade that comes in goes into one kind of assembly, which goes to users at home and abroad."""
    kinds = net.chance.some(ASSEMBLIES, 2)
    exports = "exporter" in net.cast.organisations[assembler].activities
    for magnet in net.of(assembler, "mag:"):
        product = net.products[magnet]
        _, name, _, part = net.chance.pick(kinds)
        made = net.product(assembler, f"asm:{product.material.grade}:{name}")
        month = product.bought / part
        outputs = (Output(made, 0.0, 1.0, True),)
        net.work(Process(assembler, ((magnet, part),), outputs, _ASSEMBLY_YIELD, month, made, False))
        net.spread_outside(made, list(net.cast.users), month * (0.7 if exports else 0.98), 4)
        if exports:
            net.spread_outside(made, list(net.cast.clients), month * 0.28, 2)
