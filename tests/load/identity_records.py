"""Records of clients and suppliers as many enterprises keep them, with the truth of who is who: for measuring the matching.

Every company is named by several of its partners, each in its own way: in Chinese or in English, with or without place and
form, written in traditional characters or full-width letters, with a slip of the pen, with or without a number. Beside them
stand companies that are not the same and look it: a sister of the same brand in another city and another trade, a brand
that sounds alike.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from portal.core.months import Month
from portal.registry.domain.matching.parties import Goods, Record, Traded
from portal.registry.domain.matching.trade import cut_chinese_form
from portal.simulation.domain import foreign
from portal.simulation.domain.chance import Chance
from portal.simulation.domain.identity_numbers import uscc
from portal.simulation.domain.names import Namer, Place
from portal.simulation.domain.nation import simulate

TOPIC = 77
WRITTEN_OTHERWISE = 0.6  # of all records
_TRADITIONAL = str.maketrans(
    "稀土业华达东际贸进发电机动车风设备宁广苏长强丰兴龙驱环综",
    "稀土業華達東際貿進發電機動車風設備寧廣蘇長強豐興龍驅環綜",
)
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@dataclass(frozen=True)
class Company:
    """A company and how it may be named: all names in one language mean the same."""

    names: dict[str, str]
    place: dict[str, str]
    country: str
    id_type: str
    number: str
    address: str


def records(seed: int, companies: int) -> tuple[list[Record], list[int]]:
    """Records, and the company behind each."""
    chance = Chance(seed, TOPIC)
    known = _chinese(chance, companies * 2 // 3) + _foreign(chance, companies // 3)
    found: list[Record] = []
    truth: list[int] = []
    for at, company in enumerate(known):
        for _copy in range(chance.whole(1, 4)):
            found.append(_record(chance, len(found), company))
            truth.append(at)
    return found, truth


def _chinese(chance: Chance, count: int) -> list[Company]:
    namer = Namer(chance)
    made: list[Company] = []
    activities = ("magnet", "metal", "alloy", "assembler", "recycler", "trader", "exporter", "user")
    for turn in range(count):
        activity = activities[turn % len(activities)]
        zh, en, place = namer.company(activity, turn)
        made.append(_company(chance, namer, zh, en, place))
        if chance.happens(0.08):  # a sister: the same brand, another city, another trade, a number of its own
            other_zh, other_en, other = namer.company(activities[(turn + 3) % len(activities)], turn + 1)
            brand, brand_en = zh.removeprefix(place.city)[:2], en.removeprefix(place.city_en).split()[0]
            if other.city != place.city:
                zh = f"{other.city}{brand}{other_zh.removeprefix(other.city)[2:]}"
                en = other_en.replace(other_en.removeprefix(other.city_en).split()[0], brand_en, 1)
                made.append(_company(chance, namer, zh, en, other))
    return made


def _company(chance: Chance, namer: Namer, zh: str, en: str, place: Place) -> Company:
    cities = {"zh": place.city, "en": place.city_en}
    return Company(
        {"zh": zh, "en": en}, cities, "CN", "USCC", uscc(chance, place.region), namer.address(place)
    )


def _foreign(chance: Chance, count: int) -> list[Company]:
    return [
        Company({"en": one.name}, {"en": ""}, one.country, one.id_type, one.id_number, f"{one.address}, {one.city}")
        for one in foreign.clients(chance, count)
    ]  # fmt: skip


def _record(chance: Chance, key: int, company: Company) -> Record:
    language = "zh" if "zh" in company.names and ("en" not in company.names or chance.happens(0.6)) else "en"
    name, place = company.names[language], company.place[language]
    if chance.happens(WRITTEN_OTHERWISE):
        name = chance.pick(WAYS[language])(chance, name, place)
    numbered = chance.happens(0.5)
    return Record(
        key=key,
        names=(name,),
        country=company.country if chance.happens(0.9) else "",
        id_type=company.id_type if numbered else "",
        number=company.number if numbered else "",
        address=company.address if chance.happens(0.5) else "",
    )


def filed_records(seed: int, enterprises: int, months: int) -> tuple[list[Record], list[int]]:
    """The counterparties of a made-up nation as its enterprises' books name them, with what they filed of trade with each.

    One in eight that is traded with for half a year is entered anew half-way, in another way of writing.
    """
    chance = Chance(seed, TOPIC + 1)
    tables = simulate(seed, enterprises, "2024-01", months)
    parties, trade = tables["counterparties"], _trade(tables)
    behind: dict[tuple[str, str], int] = {}
    found: list[Record] = []
    truth: list[int] = []
    for owner, rows in enumerate(parties.groupby("organisation", sort=True), start=1):
        for row in rows[1].itertuples(index=False):
            company = Company(
                {"zh" if cut_chinese_form(row.name)[1] else "en": row.name}, {"zh": row.city, "en": row.city},
                row.country, row.id_type, row.id_number, row.address,
            )  # fmt: skip
            traded = trade.get((row.organisation, row.code))
            for part in _entered_anew(chance, traded):
                one = _record(chance, len(found), company)
                found.append(dataclasses.replace(one, owner=owner, traded=part))
                truth.append(behind.setdefault((row.name, row.id_number), len(behind)))
    return found, truth


def _trade(tables: dict[str, pd.DataFrame]) -> dict[tuple[str, str], list[tuple[int, Goods]]]:
    lines = tables["lines"][["organisation", "period", "kind", "product", "counterparty"]]
    lines = lines[lines["kind"].isin(["sold", "exported", "purchased", "imported"])].drop_duplicates()
    goods = tables["products"][["organisation", "code", "stage", "family", "grade"]]
    lines = lines.merge(goods, left_on=["organisation", "product"], right_on=["organisation", "code"])
    found: dict[tuple[str, str], list[tuple[int, Goods]]] = {}
    for row in lines.itertuples(index=False):
        way = "to" if row.kind in {"sold", "exported"} else "from"
        month = Month.parse(row.period).index
        classes = ((way, row.stage, row.family, row.grade), (way, row.stage, row.family, ""))
        found.setdefault((row.organisation, row.counterparty), []).extend((month, one) for one in classes)
    return found


def _entered_anew(chance: Chance, traded: list[tuple[int, Goods]] | None) -> list[Traded | None]:
    if not traded:
        return [None]
    first, last = min(traded)[0], max(traded)[0]
    middle = (first + last + 1) // 2
    anew = last - first >= 6 and chance.happens(0.125)
    parts = (
        [[one for one in traded if (one[0] < middle) is before] for before in (True, False)]
        if anew
        else [traded]
    )
    return [
        Traded(frozenset(goods for _month, goods in part), min(part)[0], max(part)[0])
        for part in parts
        if part
    ]


def _place_in_brackets(_chance: Chance, name: str, place: str) -> str:
    rest, _form = cut_chinese_form(name)
    return f"{rest.removeprefix(place)}（{place}）{name.removeprefix(rest)}"


def _slip(chance: Chance, name: str, _place: str) -> str:
    at = chance.whole(2, len(name) - 8)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :] if name[at : at + 2].isalpha() else name


#: How a name is written that is not written as registered: of the name and its place.
WAYS: Final[dict[str, tuple[Callable[[Chance, str, str], str], ...]]] = {
    "zh": (
        lambda _chance, name, _place: name.translate(_TRADITIONAL),
        _place_in_brackets,
        lambda _chance, name, place: name.replace(place, f"{place}市", 1),
        lambda _chance, name, _place: name.replace("有限责任公司", "有限公司"),
        lambda _chance, name, place: name.removeprefix(place),
        lambda _chance, name, _place: f" {name[:4]} {name[4:]}",
    ),
    "en": (
        lambda _chance, name, _place: name.upper().replace("CO., LTD.", "CO LTD"),
        lambda _chance, name, _place: name.replace("Co., Ltd.", "Company Limited"),
        lambda _chance, name, _place: name.replace("Corporation Ltd.", "Corp."),
        lambda _chance, name, _place: name.translate(_WIDE),
        lambda _chance, name, _place: name.replace("ß", "ss").replace("ő", "o").replace(",", "").replace(".", ""),
        lambda _chance, name, place: name.removeprefix(place).strip(),
        _slip,
    ),
}  # fmt: skip
