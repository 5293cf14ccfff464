"""What the nation trades: every material with its true contents, its code in the tariff and its price.

Contents are mass per cent of the element in the material, as it really is; what an organisation
reports is an assay of it. Compositions: alloys and magnets after GB/T 13560-2017 and the ranges of
the trade press; ores after the usual published assays.
"""

from dataclasses import dataclass, field
from typing import Final

from portal.simulation.domain.elements import METAL_IN_OXIDE, element_price

#: Praseodymium in praseodymium-neodymium, by mass of metal: the trade's usual split.
PR_IN_PRND: Final = 0.25
_PURITY: Final = 0.995


@dataclass(frozen=True)
class Material:
    """A thing that is traded: `decimals` are those of its reported kilograms."""

    key: str
    zh: str
    en: str
    stage: str
    hs_code: str
    contents: dict[str, float]
    decimals: int
    family: str = ""
    grade: str = ""
    level: str = ""
    partners: tuple[str, ...] = ()
    absent: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Recipe:
    """A magnet alloy by the metals that go in, in per cent of its mass; `diffused` is terbium put on the block."""

    name: str
    metals: dict[str, float]
    family: str = "ndfeb"
    base: str = ""
    diffused: float = 0.0


RECIPES: Final = (
    Recipe("N35", {"prnd": 24.6, "lace": 4.6, "gd": 1.6}),
    Recipe("N38", {"prnd": 27.2, "lace": 2.4, "ho": 1.0}),
    Recipe("N42", {"prnd": 30.6}),
    Recipe("N45", {"prnd": 30.3}),
    Recipe("N52", {"prnd": 29.8}),
    Recipe("N48M", {"prnd": 29.9, "dy": 0.45}),
    Recipe("N45H", {"prnd": 29.4, "dy": 1.3}),
    Recipe("N42SH", {"prnd": 28.6, "dy": 2.4, "tb": 0.2}),
    Recipe("N38UH", {"prnd": 26.6, "dy": 4.4, "tb": 0.45}),
    Recipe("N35EH", {"prnd": 24.7, "dy": 5.9, "tb": 1.6}),
    Recipe("N30AH", {"prnd": 22.6, "dy": 6.6, "tb": 3.1}),
    Recipe("YXG-28H", {"sm": 25.4}, family="smco"),
    Recipe("YXG-30", {"sm": 25.9}, family="smco"),
)
DIFFUSED: Final = (
    Recipe("N50SH", {}, base="N48M", diffused=0.42),
    Recipe("N48UH", {}, base="N45H", diffused=0.55),
)
ASSEMBLIES: Final = (
    ("电机转子", "motor rotor", "8503009090", 0.085),
    ("伺服电机", "servo motor", "8501529000", 0.042),
    ("磁性组件", "magnetic assembly", "8505909090", 0.36),
    ("扬声器单元", "speaker driver", "8518900090", 0.13),
    ("传感器总成", "sensor assembly", "9031900090", 0.05),
)

#: Shares of each oxide in the rare earth oxides of a feed, and the feed's REO in per cent of its mass.
FEEDS: Final[dict[str, tuple[float, dict[str, float]]]] = {
    "bayan": (56.0, {"la": 25.9, "ce": 50.0, "pr": 5.1, "nd": 16.4, "sm": 1.2, "eu": 0.2, "gd": 0.7, "tb": 0.06,
                     "dy": 0.12, "y": 0.3}),
    "mianning": (61.0, {"la": 35.0, "ce": 46.8, "pr": 3.9, "nd": 12.4, "sm": 1.0, "eu": 0.15, "gd": 0.4, "tb": 0.04,
                        "dy": 0.08, "y": 0.2}),
    "monazite": (55.0, {"la": 22.6, "ce": 45.4, "pr": 4.9, "nd": 18.2, "sm": 2.9, "eu": 0.1, "gd": 1.7, "tb": 0.12,
                        "dy": 0.6, "y": 2.3}),
    "midy": (47.0, {"la": 27.0, "ce": 2.6, "pr": 5.7, "nd": 20.3, "sm": 4.4, "eu": 0.8, "gd": 4.5, "tb": 0.75,
                    "dy": 3.7, "ho": 0.7, "er": 1.9, "tm": 0.305, "yb": 1.407, "lu": 0.19, "y": 25.2}),
    "highy": (49.0, {"la": 2.1, "ce": 0.5, "pr": 0.7, "nd": 3.1, "sm": 2.7, "eu": 0.1, "gd": 6.4, "tb": 1.25,
                     "dy": 7.1, "ho": 1.6, "er": 4.7, "tm": 0.594, "yb": 2.739, "lu": 0.37, "y": 65.6}),
}  # fmt: skip
_FEED_WORDS: Final = {
    "bayan": (
        "白云鄂博混合型稀土精矿",
        "mixed bastnaesite-monazite concentrate",
        "concentrate",
        "2530902090",
    ),
    "mianning": ("氟碳铈矿精矿", "bastnaesite concentrate", "concentrate", "2530902090"),
    "monazite": ("独居石精矿", "monazite concentrate", "concentrate", "2612200000"),
    "midy": ("中钇富铕混合碳酸稀土", "mid-yttrium mixed carbonate", "mixed_carbonate", "2846904820"),
    "highy": ("高钇混合碳酸稀土", "high-yttrium mixed carbonate", "mixed_carbonate", "2846904820"),
}
_OXIDES: Final = (
    ("la", "氧化镧", "lanthanum oxide", "2846901200", {"la": 1.0}, 0),
    ("ce", "氧化铈", "cerium oxide", "2846101000", {"ce": 1.0}, 0),
    ("nd", "氧化钕", "neodymium oxide", "2846901300", {"nd": 1.0}, 1),
    ("prnd", "氧化镨钕", "praseodymium-neodymium oxide", "2846901999", {"nd": 1 - PR_IN_PRND, "pr": PR_IN_PRND}, 1),
    ("sm", "氧化钐", "samarium oxide", "2846901940", {"sm": 1.0}, 1),
    ("eu", "氧化铕", "europium oxide", "2846901400", {"eu": 1.0}, 2),
    ("gd", "氧化钆", "gadolinium oxide", "2846901930", {"gd": 1.0}, 1),
    ("tb", "氧化铽", "terbium oxide", "2846901600", {"tb": 1.0}, 3),
    ("dy", "氧化镝", "dysprosium oxide", "2846901500", {"dy": 1.0}, 2),
    ("ho", "氧化钬", "holmium oxide", "2846901999", {"ho": 1.0}, 2),
    ("er", "氧化铒", "erbium oxide", "2846901920", {"er": 1.0}, 2),
    ("y", "氧化钇", "yttrium oxide", "2846901100", {"y": 1.0}, 1),
    ("tml", "铥镱镥富集物", "thulium-ytterbium-lutetium enrichment", "2846901993", {"tm": 0.16, "yb": 0.74, "lu": 0.1}, 2),
)  # fmt: skip
#: Metals: metal by mass of element, per cent of the whole.
_METALS: Final = (
    ("prnd", "金属镨钕", "PrNd metal", "metal", "2805302900", {"nd": 74.7, "pr": 24.9}, (), 1),
    ("lace", "金属镧铈", "LaCe metal", "metal", "2805302900", {"la": 34.8, "ce": 64.7}, (), 1),
    ("tb", "金属铽", "terbium metal", "metal", "2805301300", {"tb": 99.8}, (), 3),
    ("sm", "金属钐", "samarium metal", "metal", "2805301910", {"sm": 99.7}, (), 1),
    ("dy", "镝铁合金", "dysprosium-iron alloy", "alloy", "7202999100", {"dy": 80.1}, ("fe",), 2),
    ("gd", "钆铁合金", "gadolinium-iron alloy", "alloy", "7202999100", {"gd": 72.2}, ("fe",), 2),
    ("ho", "钬铁合金", "holmium-iron alloy", "alloy", "7202999100", {"ho": 80.3}, ("fe",), 2),
)
_NDFEB_PARTNERS: Final = ("fe", "b", "co", "al", "cu", "ga")
_SMCO_PARTNERS: Final = ("co", "fe", "cu", "zr")
#: CNY of cobalt and the like that go with each per cent of samarium in a kilogram.
_COBALT_PER_SAMARIUM: Final = 4.7
#: What a stage's price is of the worth of its oxides, and what working a kilogram adds (CNY).
_PRICING: Final = {
    "concentrate": (0.6, 0.0), "mixed_carbonate": (0.82, 0.0), "oxide": (1.0, 0.0), "compound": (1.04, 8.0),
    "metal": (1.05, 12.0), "alloy": (1.06, 14.0), "magnet_block": (1.09, 36.0), "magnet": (1.18, 88.0),
    "assembly": (1.5, 70.0), "scrap": (0.8, 0.0),
}  # fmt: skip


def _feed(name: str) -> Material:
    reo, shares = FEEDS[name]
    zh, en, stage, hs_code = _FEED_WORDS[name]
    whole = sum(shares.values())
    contents = {s: reo * share / whole * METAL_IN_OXIDE[s] for s, share in shares.items()}
    return Material(f"feed:{name}", zh, en, stage, hs_code, contents, 0)


def _oxide_contents(split: dict[str, float]) -> dict[str, float]:
    """Per cent of each element in an oxide whose metals stand as `split` (by mass of metal)."""
    oxide = sum(part / METAL_IN_OXIDE[s] for s, part in split.items())
    return {s: 100 * _PURITY * part / oxide for s, part in split.items()}


def recipe_contents(recipe: Recipe) -> dict[str, float]:
    """Per cent of each element in the alloy (or, for a diffused grade, in the finished magnet)."""
    if recipe.base:
        base = recipe_contents(next(r for r in RECIPES if r.name == recipe.base))
        return {**base, "tb": base.get("tb", 0.0) + recipe.diffused}
    contents: dict[str, float] = {}
    for metal, part in recipe.metals.items():
        made_of = next(row[5] for row in _METALS if row[0] == metal)
        whole = sum(made_of.values())
        for symbol, share in made_of.items():
            contents[symbol] = contents.get(symbol, 0.0) + part * share / whole
    return contents


def _magnetic(recipe: Recipe) -> list[Material]:
    """Strip, block, magnet, scrap and assemblies of one recipe."""
    contents, family, name = recipe_contents(recipe), recipe.family, recipe.name
    partners = _NDFEB_PARTNERS if family == "ndfeb" else _SMCO_PARTNERS
    word, latin = ("钕铁硼", "NdFeB") if family == "ndfeb" else ("钐钴", "SmCo")
    absent = tuple(s for s in ("dy", "tb") if s not in contents and family == "ndfeb")
    strip_code = "7202991100" if family == "ndfeb" else "8105209090"
    made = [
        Material(f"mag:{name}", f"{word}磁体 {name}", f"{latin} magnet {name}", "magnet", "8505111000", contents, 3,
                 family, name, "primary_shape", partners, absent),
    ]  # fmt: skip
    for zh, en, hs_code, part in ASSEMBLIES:
        inside = {s: value * part for s, value in contents.items()}
        made.append(
            Material(f"asm:{name}:{en}", f"{zh}（{name}）", f"{en} ({name})", "assembly", hs_code, inside, 2, family,
                     name, "assembly", partners)
        )  # fmt: skip
    if not recipe.base:
        scrap = {s: value * 0.93 for s, value in contents.items()}
        made += [
            Material(f"sc:{name}", f"{word}速凝薄片 {name}", f"{latin} strip {name}", "alloy", strip_code, contents, 1,
                     "", name, "", partners, absent),
            Material(f"block:{name}", f"{word}毛坯 {name}", f"{latin} block {name}", "magnet_block", "8505111000",
                     contents, 2, family, name, "bulk", partners, absent),
            Material(f"scrap:{name}", f"{word}油泥废料 {name}", f"{latin} swarf {name}", "scrap", "7202999900", scrap, 1,
                     "", name, "", partners),
        ]  # fmt: skip
    return made


def _catalogue() -> dict[str, Material]:
    made = [_feed(name) for name in FEEDS]
    for symbol, zh, en, hs_code, split, decimals in _OXIDES:
        made.append(Material(f"ox:{symbol}", zh, en, "oxide", hs_code, _oxide_contents(split), decimals))
    for symbol, zh, en, stage, hs_code, contents, partners, decimals in _METALS:
        made.append(Material(f"met:{symbol}", zh, en, stage, hs_code, contents, decimals, partners=partners))
    made.append(Material("comp:tbf", "氟化铽", "terbium fluoride", "compound", "2846903100", {"tb": 73.3}, 3))
    for recipe in RECIPES + DIFFUSED:
        made += _magnetic(recipe)
    return {material.key: material for material in made}


MATERIALS: Final = _catalogue()


def price(material: Material, month: int, market: str = "home") -> float:
    """CNY per kg of the material in a month (an index), without VAT, before anyone's bargain."""
    worth = sum(share / 100 * element_price(symbol, month) for symbol, share in material.contents.items())
    if material.partners == _SMCO_PARTNERS:
        worth += material.contents["sm"] * _COBALT_PER_SAMARIUM
    factor, work = _PRICING[material.stage]
    abroad = 1.18 if material.stage in ("magnet", "magnet_block", "assembly") else 1.1
    return (worth * factor + work) * (abroad if market == "export" else 1.0)


def main_element(material: Material, month: int) -> str:
    """The element with most value in it, Nd and Pr counted together as `nd`; empty for magnets."""
    if material.family:
        return ""
    worth: dict[str, float] = {}
    for symbol, share in material.contents.items():
        shown = "nd" if symbol == "pr" else symbol
        worth[shown] = worth.get(shown, 0.0) + share * element_price(symbol, month)
    return max(sorted(worth), key=lambda symbol: worth[symbol])
