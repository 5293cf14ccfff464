"""Words of the trade and legal forms, in Chinese and in Latin letters, and the concepts both stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

#: One concept a line: Chinese words; Latin words. A concept's bit is its place.
CONCEPTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("magnet", "磁性材料 磁性 磁材 磁业 磁铁 磁钢 磁电 永磁 强磁 磁体", "magnet magnets magnetic magnetics magnetical magnetism permanentmagnet"),
    ("rare_earth", "稀土", "rareearth rareearths"),
    ("material", "新材料 材料", "material materials"),
    ("technology", "科技 技术", "technology technologies tech technical scitech technol"),
    ("trade", "国际贸易 对外贸易 贸易 商贸 经贸", "trading trade traders tradings commerce commercial foreigntrade"),
    ("import_export", "进出口", "importexport"),
    ("international", "国际", "international intl"),
    ("group", "集团 控股", "group holding holdings"),
    ("electronic", "电子 电器 电气", "electronics electronic electric electrical appliances appliance"),
    ("motor", "电机 电驱动 机电 马达", "motor motors drive drives antriebe electromechanical motion electricdrive"),
    ("metal", "有色金属 稀有金属 金属", "metal metals raremetal nonferrousmetal"),
    ("industry", "工业 实业 制造", "industry industries industrial manufacturing mfg"),
    ("mining", "矿业 矿产", "mining mine mines minerals mineral"),
    ("alloy", "速凝合金 合金", "alloy alloys stripcasting"),
    ("resource", "再生资源 资源 综合利用", "resource resources recycling renewable"),
    ("separation", "分离 冶炼", "separation smelting refining refinery"),
    ("acoustic", "电声 声学", "acoustics acoustic audio"),
    ("automotive", "汽车零部件 汽车", "auto automotive mobility vehicle vehicles autoparts"),
    ("energy", "新能源 能源 风电设备 风电", "energy power windkraft wind windpower"),
    ("robot", "机器人 自动化", "robotics robot robots automation actuators servo"),
    ("supply_chain", "供应链管理 供应链 物流", "supplychain logistics"),
    ("environment", "环保", "environmental environment"),
    ("equipment", "设备 机械", "equipment machinery machine"),
    ("catalyst", "催化", "catalyst catalysts"),
    ("ceramic", "精密陶瓷 陶瓷", "ceramics ceramic"),
    ("sensor", "传感器 传感", "sensor sensors"),
    ("medical", "医疗 医药", "medical medizin pharma"),
    ("chemical", "化工 化学", "chemical chemicals chemie"),
    ("precision", "精密", "precision"),
)  # fmt: skip
BIT: Final = {name: 1 << place for place, (name, _zh, _latin) in enumerate(CONCEPTS)}
CHINESE: Final = {word: BIT[name] for name, words, _latin in CONCEPTS for word in words.split()}
LATIN: Final = {word: BIT[name] for name, _zh, words in CONCEPTS for word in words.split()} | {
    "new": 0,
    "advanced": 0,
}
SLIPS_FROM: Final = 7  # letters; a shorter word with a letter changed is another word
SWAPS_FROM: Final = 5  # letters; in a shorter word two letters changed about make another word
_LONG_WORDS: Final = tuple(word for word in LATIN if len(word) >= SLIPS_FROM)
_SHORT_WORDS: Final = tuple(word for word in LATIN if SWAPS_FROM <= len(word) < SLIPS_FROM)
_CHINESE_WORD: Final = re.compile("|".join(sorted(CHINESE, key=len, reverse=True)))

_PHRASES: Final = (
    (("rare", "earth"), "rareearth"), (("rare", "earths"), "rareearth"), (("import", "and", "export"), "importexport"),
    (("imp", "exp"), "importexport"), (("import", "export"), "importexport"), (("supply", "chain"), "supplychain"),
    (("inner", "mongolia"), "innermongolia"), (("permanent", "magnet"), "permanentmagnet"), (("permanent", "magnets"), "permanentmagnet"),
    (("permanent", "magnetic"), "permanentmagnet"), (("foreign", "trade"), "foreigntrade"), (("foreign", "trading"), "foreigntrade"),
    (("rare", "metal"), "raremetal"), (("rare", "metals"), "raremetal"), (("nonferrous", "metal"), "nonferrousmetal"),
    (("nonferrous", "metals"), "nonferrousmetal"), (("strip", "casting"), "stripcasting"), (("auto", "parts"), "autoparts"),
    (("automotive", "parts"), "autoparts"), (("wind", "power"), "windpower"), (("electric", "drive"), "electricdrive"),
    (("electric", "drives"), "electricdrive"),
)  # fmt: skip
_PHRASE_OF: Final = {"".join(phrase): word for phrase, word in _PHRASES}
_LONG_PHRASES: Final = tuple(joined for joined in _PHRASE_OF if len(joined) >= SLIPS_FROM)


def _(text: str) -> str:
    """Mark words for translation; they are translated where they are shown."""
    return text


FORMS: Final = {
    "limited": _("limited company"),
    "shares": _("company limited by shares"),
    "partners": _("partnership"),
    "cooperative": _("cooperative"),
    "branch": _("branch"),
    "works": _("works"),
    "sole": _("sole trader"),
}
"""Codes of legal forms, in words."""

#: Legal forms: what is written, and the code of what it is. Longest first.
_CHINESE_FORMS: Final = (
    ("集团股份有限公司", "shares"), ("股份有限公司", "shares"), ("集团有限责任公司", "limited"), ("有限责任公司", "limited"),
    ("集团有限公司", "limited"), ("有限合伙企业", "partners"), ("股份公司", "shares"), ("有限公司", "limited"), ("株式会社", "shares"),
    ("合伙企业", "partners"), ("合作社", "cooperative"), ("总公司", "limited"), ("分公司", "branch"), ("公司", "limited"),
    ("总厂", "works"), ("工厂", "works"), ("商行", "sole"), ("厂", "works"),
)  # fmt: skip
_LATIN_FORMS: Final = {
    "limited": "co company ltd limited llc gmbh mbh sarl srl slu sl bv sro doo ooo kft pte pty pvt private sdn bhd kg ug oy oo as "
    "aps lda ltda ohg cokg spzoo zoo yugen gk jsc cv",
    "shares": "corp corporation inc incorporated plc ag sa spa nv ab oyj asa kgaa se ao oao pao zao pjsc zrt tbk pt kk kabushiki "
    "kaisha dd joint stock",
    "works": "factory works",
    "partners": "lp llp partnership",
}  # fmt: skip
_FORM_OF: Final = {word: form for form, words in _LATIN_FORMS.items() for word in words.split()}
_LONG_FORMS: Final = tuple(word for word in _FORM_OF if len(word) >= SLIPS_FROM)
_FILLERS: Final = frozenset("the and und et y e of de sp z o".split())


def cut_chinese_form(han: str) -> tuple[str, str]:
    """A Chinese name without its legal form, and the form's code ('' where it states none)."""
    for written, form in _CHINESE_FORMS:
        if han.endswith(written) and len(han) > len(written):
            return han[: -len(written)], form
    return han, ""


def cut_chinese_industry(rest: str) -> tuple[str, int]:
    """What remains of a name without the words of the trade (the brand), and the concepts they stand for."""
    industry = 0
    for match in _CHINESE_WORD.finditer(rest):
        industry |= CHINESE[match.group()]
    return _CHINESE_WORD.sub("", rest), industry


def concepts_of(industry: int) -> str:
    """The concepts' names, joined: what stands as the brand of a name that is made of words of the trade alone."""
    return "+".join(name for name, bit in BIT.items() if industry & bit and name != "group")


def names_of(industry: int, *, chinese: bool) -> str:
    """The concepts' names, for people who look at the evidence."""
    names = [
        (zh.split()[-1] if chinese else name.replace("_", " "))
        for place, (name, zh, _latin) in enumerate(CONCEPTS)
        if industry & (1 << place)
    ]
    return ("、" if chinese else ", ").join(names)


def joined_phrases(words: Sequence[str]) -> list[str]:
    """Words that belong together as one word, even with a slip of the pen: rare earth, import and export."""
    joined: list[str] = []
    at = 0
    while at < len(words):
        for size in (3, 2):
            written = "".join(words[at : at + size])
            if at + size <= len(words) and (word := _phrase_of(written)):
                joined.append(word)
                at += size
                break
        else:
            joined.append(words[at])
            at += 1
    return joined


@lru_cache(maxsize=100_000)
def _phrase_of(written: str) -> str:
    return _PHRASE_OF.get(written) or _PHRASE_OF.get(_nearly(written, _LONG_PHRASES), "")


@lru_cache(maxsize=100_000)
def known_latin(word: str) -> str:
    """The word of the trade that a Latin word is, with two letters changed about or, if long, with one more, less, other; or ''."""
    return word if word in LATIN else _nearly(word, _LONG_WORDS) or swapped(word, _SHORT_WORDS)


@lru_cache(maxsize=100_000)
def _form_of(word: str) -> str:
    return _FORM_OF.get(word) or _FORM_OF.get(_nearly(word, _LONG_FORMS), "")


def _nearly(word: str, known: Sequence[str], least: int = SLIPS_FROM) -> str:
    if len(word) < least:
        return ""
    near = process.extractOne(word, known, scorer=DamerauLevenshtein.distance, score_cutoff=1)
    return str(near[0]) if near else ""


def swapped(word: str, known: Sequence[str]) -> str:
    """Which of the known words has the same letters, two neighbours changed about; or ''."""
    near = _nearly(word, known, SWAPS_FROM)
    return near if len(near) == len(word) and sorted(near) == sorted(word) else ""


def cut_latin_form(words: Sequence[str]) -> tuple[list[str], str]:
    """A Latin name's words without legal forms and fillers, and the code of the form; all words where nothing is left."""
    forms = [form for form in map(_form_of, words) if form]
    kept = [word for word in words if not _form_of(word) and word not in _FILLERS]
    form = "shares" if "shares" in forms else (forms[0] if forms else "")
    return (kept or list(words)), form
