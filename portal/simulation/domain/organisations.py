"""Who is in the nation: enterprises by activity, and the parties outside the portal that they trade with."""

from dataclasses import dataclass
from typing import Final

from portal.simulation.domain.chance import Chance
from portal.simulation.domain.foreign import ForeignParty, clients, ore_suppliers
from portal.simulation.domain.identity_numbers import uscc
from portal.simulation.domain.names import Namer, Place

#: Of a hundred enterprises, how many have the activity as their main one.
ROLE_SHARES: Final = {
    "mine": 5, "separator": 8, "metal": 9, "alloy": 8, "magnet": 34, "assembler": 15, "recycler": 7, "trader": 8,
    "exporter": 6,
}  # fmt: skip
SMALLEST_NATION: Final = 12


@dataclass(frozen=True)
class Organisation:
    """An enterprise of the nation. `start` is the first month (counted from the nation's first) with any trade."""

    index: int
    role: str
    activities: tuple[str, ...]
    uscc: str
    name_zh: str
    name_en: str
    place: Place
    address: str
    files: bool
    start: int
    keeps_lots: bool
    lot_prefix: str
    lab_bias: float
    size: float
    uncertainty: float


@dataclass(frozen=True)
class Outsider:
    """A party that files nothing here: a user of goods at home, or a company abroad."""

    name: str
    name_local: str
    country: str
    id_type: str
    id_number: str
    address: str
    city: str
    end_use: str = ""
    end_user_name: str = ""
    end_user_country: str = ""


@dataclass(frozen=True)
class Cast:
    """Everyone: the organisations, and the outsiders as index ranges of one list."""

    organisations: tuple[Organisation, ...]
    outsiders: tuple[Outsider, ...]
    users: tuple[int, ...]
    clients: tuple[int, ...]
    ore_suppliers: tuple[int, ...]

    def of(self, role: str) -> list[int]:
        """Indexes of the organisations with the main activity."""
        return [o.index for o in self.organisations if o.role == role]


def role_counts(enterprises: int) -> dict[str, int]:
    """How many of each main activity; at least one of each, and the shares otherwise (largest remainders)."""
    if enterprises < SMALLEST_NATION:
        raise ValueError(f"a nation has at least {SMALLEST_NATION} enterprises")
    free = enterprises - len(ROLE_SHARES)
    exact = {role: free * share / 100 for role, share in ROLE_SHARES.items()}
    counts = {role: 1 + int(value) for role, value in exact.items()}
    by_remainder = sorted(exact, key=lambda role: (int(exact[role]) - exact[role], role))
    for role in by_remainder[: enterprises - sum(counts.values())]:
        counts[role] += 1
    return counts


def _activities(chance: Chance, role: str) -> tuple[str, ...]:
    if role == "magnet":
        found = ["magnet"]
        if chance.happens(0.45):
            found.insert(0, "alloy")
        if chance.happens(0.6):
            found.append("exporter")
        return tuple(found)
    if role in ("separator", "metal", "assembler") and chance.happens(0.4):
        return (role, "exporter")
    return (role,)


def _organisation(
    chance: Chance, namer: Namer, index: int, role: str, months: int, turn: int
) -> Organisation:
    name_zh, name_en, place = namer.company(role, turn)
    quiet = role == "exporter" and turn % 4 == 3
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    late_start = role in ("magnet", "assembler", "exporter") and months >= 12 and chance.happens(0.05)
    return Organisation(
        index=index, role=role, activities=_activities(chance, role), uscc=uscc(chance, place.region),
        name_zh=name_zh, name_en=name_en, place=place, address=namer.address(place), files=not quiet,
        start=chance.whole(2, 8) if late_start else 0, keeps_lots=chance.happens(0.75),
        lot_prefix=chance.pick(letters) + chance.pick(letters), lab_bias=0.003 * float(chance.bell(1)[0]),
        size=chance.one(), uncertainty=chance.pick((0.5, 0.8, 1.0, 1.0, 1.0, 1.0, 1.5)),
    )  # fmt: skip


def _at_home(chance: Chance, namer: Namer) -> Outsider:
    name_zh, _, place = namer.company("user", 0)
    number = uscc(chance, place.region)
    return Outsider(name_zh, "", "CN", "USCC", number, namer.address(place), place.city)


def _abroad(party: ForeignParty) -> Outsider:
    return Outsider(
        party.name, "", party.country, party.id_type, party.id_number, party.address, party.city, party.end_use,
        party.end_user_name, party.end_user_country,
    )  # fmt: skip


def cast(seed: int, enterprises: int, months: int) -> Cast:
    """Everyone in a nation of so many enterprises."""
    chance = Chance(seed, 1)
    namer = Namer(chance)
    found: list[Organisation] = []
    for role, count in role_counts(enterprises).items():
        for place_in_role in range(count):
            found.append(_organisation(chance, namer, len(found), role, months, place_in_role))
    users = [_at_home(chance, namer) for _ in range(10 + enterprises // 2)]
    abroad = [_abroad(party) for party in clients(chance, 12 + enterprises // 3)]
    ores = [_abroad(party) for party in ore_suppliers(chance, min(40, 4 + enterprises // 25))]
    first, second = len(users), len(users) + len(abroad)
    return Cast(
        tuple(found), tuple(users + abroad + ores), tuple(range(first)), tuple(range(first, second)),
        tuple(range(second, second + len(ores))),
    )  # fmt: skip
