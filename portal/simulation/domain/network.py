"""The nation's standing arrangements: who holds which product, who works what into what, who sells to whom."""

from dataclasses import dataclass, field

from portal.simulation.domain.chance import Chance
from portal.simulation.domain.materials import MATERIALS, Material
from portal.simulation.domain.organisations import Cast

#: Kinds of a standing trade, seen from the one that gives.
AT_HOME, ABROAD, FROM_ABROAD = 0, 1, 2


@dataclass
class Product:
    """One row of an organisation's catalogue; `flow` is the planned kilograms that leave it a month."""

    organisation: int
    material: Material
    variant: str = ""
    flow: float = 0.0
    #: Planned kilograms that come in from others a month.
    bought: float = 0.0


@dataclass(frozen=True)
class Trade:
    """A standing arrangement; -1 where the giver or taker is an outsider (then `outsider` names it)."""

    kind: int
    giver: int
    taker: int
    outsider: int
    kg_month: float


@dataclass(frozen=True)
class Output:
    """What a kilogram of base gives: `fixed + per_yield * yield` kilograms of the product."""

    product: int
    fixed: float
    per_yield: float
    main: bool


@dataclass(frozen=True)
class Process:
    """Work in one organisation; `driver` is the product whose stock decides how much is done this month."""

    organisation: int
    inputs: tuple[tuple[int, float], ...]
    outputs: tuple[Output, ...]
    yields: tuple[float, float]
    base_month: float
    driver: int
    pushed: bool


@dataclass(frozen=True)
class Toll:
    """The owner's metal is cast into strip by another, for a fee, and comes back a month later."""

    owner_metal: int
    toller_metal: int
    toller_strip: int
    owner_strip: int
    metal_month: float
    strip_per_metal: float


@dataclass
class Network:
    """Everything arranged, and the small steps by which it is arranged."""

    cast: Cast
    chance: Chance
    products: list[Product] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    tolls: list[Toll] = field(default_factory=list)
    _known: dict[tuple[int, str, str], int] = field(default_factory=dict)
    _held: dict[int, list[int]] = field(default_factory=dict)
    _holders: dict[str, list[int]] = field(default_factory=dict)

    def product(self, organisation: int, key: str, variant: str = "") -> int:
        """The organisation's product of a material, made if it is not there yet."""
        at = (organisation, key, variant)
        if at not in self._known:
            self._known[at] = len(self.products)
            self._held.setdefault(organisation, []).append(len(self.products))
            self._holders.setdefault(key, []).append(len(self.products))
            self.products.append(Product(organisation, MATERIALS[key], variant))
        return self._known[at]

    def has(self, organisation: int, key: str) -> bool:
        """Whether the organisation holds the material (without a variant)."""
        return (organisation, key, "") in self._known

    def of(self, organisation: int, prefix: str) -> list[int]:
        """The organisation's products whose material's key begins so, in the order in which they came."""
        held = self._held.get(organisation, [])
        return [index for index in held if self.products[index].material.key.startswith(prefix)]

    def holders(self, key: str) -> list[int]:
        """All products of a material, whoever holds them."""
        return list(self._holders.get(key, []))

    def sell(self, giver: int, organisation: int, kg: float) -> int:
        """Arrange a monthly sale at home to an organisation; the taker's product."""
        taker = self.product(organisation, self.products[giver].material.key)
        self.trades.append(Trade(AT_HOME, giver, taker, -1, kg))
        self.products[giver].flow += kg
        self.products[taker].bought += kg
        return taker

    def sell_outside(self, giver: int, outsider: int, kg: float) -> None:
        """Arrange a monthly sale to an outsider, at home or abroad."""
        kind = AT_HOME if self.cast.outsiders[outsider].country == "CN" else ABROAD
        self.trades.append(Trade(kind, giver, -1, outsider, kg))
        self.products[giver].flow += kg

    def bring_in(self, taker: int, outsider: int, kg: float) -> None:
        """Arrange a monthly import."""
        self.trades.append(Trade(FROM_ABROAD, -1, taker, outsider, kg))
        self.products[taker].bought += kg

    def work(self, process: Process) -> None:
        """Arrange a process; its inputs are used."""
        for product, per_base in process.inputs:
            self.products[product].flow += process.base_month * per_base
        self.processes.append(process)

    def shares(self, count: int) -> list[float]:
        """So many uneven shares that add up to one."""
        drawn = [self.chance.one(0.3, 1.0) for _ in range(count)]
        whole = sum(drawn)
        return [part / whole for part in drawn]

    def spread(self, giver: int, takers: list[int], kg: float, most: int) -> None:
        """Sell to a few of the organisations, unevenly."""
        chosen = self.chance.some(takers, self.chance.whole(1, most))
        for taker, share in zip(chosen, self.shares(len(chosen)), strict=True):
            self.sell(giver, taker, kg * share)

    def spread_outside(self, giver: int, outsiders: list[int], kg: float, most: int) -> None:
        """Sell to a few outsiders, unevenly."""
        chosen = self.chance.some(outsiders, self.chance.whole(1, most))
        for outsider, share in zip(chosen, self.shares(len(chosen)), strict=True):
            self.sell_outside(giver, outsider, kg * share)
