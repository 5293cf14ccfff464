"""A company's name in the forms in which it is compared; the name itself is never changed.

Chinese names lose the organisational form (有限公司 …), Latin names theirs (Co., Ltd, GmbH, S.A. de C.V. …).
The *bridge* brings both scripts together: Chinese characters in pinyin without tones, the words of the
trade (磁材, 贸易 …) and their usual English translations as one word each. Traditional characters become simplified.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from opencc import OpenCC
from pypinyin import lazy_pinyin

_TO_SIMPLIFIED = OpenCC("t2s")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_BRACKETS = re.compile(r"[()\[\]{}<>《》「」【】]")
_ZH_FORMS = re.compile("股份有限公司|有限责任公司|集团有限公司|有限公司|株式会社|合伙企业|公司|厂")
_LATIN_FORMS = frozenset(
    "co company corp corporation inc incorporated ltd limited llc llp lp plc gmbh mbh ag kg kgaa ug ohg ev se sa sas sarl "
    "srl spa sl slu bv nv as asa ab oy oyj aps kft zrt sro doo ooo oao pao zao jsc pjsc pte pty pvt private sdn bhd tbk "
    "pt kk kabushiki kaisha yugen gk sapi cv de rl ltda eirl the and".split()
)
#: Words of the trade as they are written in Chinese, and the one word that stands for each.
_TRADE_ZH = {
    "磁性材料": "magnet", "磁性": "magnet", "磁材": "magnet", "磁业": "magnet", "磁铁": "magnet", "磁钢": "magnet",
    "磁电": "magnet", "永磁": "magnet", "强磁": "magnet", "稀土": "rareearth", "新材料": "material", "材料": "material",
    "科技": "technology", "技术": "technology", "贸易": "trade", "进出口": "importexport", "国际": "international",
    "集团": "group", "电子": "electronic", "电机": "motor", "金属": "metal", "工业": "industry", "实业": "industry",
    "矿业": "mining", "合金": "alloy", "资源": "resource",
}  # fmt: skip
_TRADE_LATIN = {
    "magnet": "magnet", "magnets": "magnet", "magnetic": "magnet", "magnetics": "magnet", "magnetical": "magnet",
    "material": "material", "materials": "material", "technology": "technology", "technologies": "technology",
    "tech": "technology", "trading": "trade", "trade": "trade", "traders": "trade", "international": "international",
    "intl": "international", "group": "group", "holding": "group", "holdings": "group", "electronics": "electronic",
    "electronic": "electronic", "electric": "electronic", "motors": "motor", "motor": "motor", "metals": "metal",
    "metal": "metal", "industry": "industry", "industries": "industry", "industrial": "industry", "mining": "mining",
    "alloy": "alloy", "alloys": "alloy", "resources": "resource", "resource": "resource", "new": "",
}  # fmt: skip
_TRADE_SPLIT = re.compile("|".join(sorted(_TRADE_ZH, key=len, reverse=True)))
_PAIRS = (("rare earths", "rareearth"), ("rare earth", "rareearth"), ("import and export", "importexport"),
          ("imp exp", "importexport"), ("import export", "importexport"))  # fmt: skip
_WORDS = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class NameForms:
    """``whole``: the name folded; ``han``: its Chinese core; ``words``: its Latin core, sorted; ``bridge``: both in one."""

    whole: str
    han: str
    words: str
    bridge: str


@lru_cache(maxsize=65_536)
def forms_of(name: str) -> NameForms:
    """The forms of a name. Remembered, as the same lists are searched at every keystroke."""
    folded = _BRACKETS.sub(" ", unicodedata.normalize("NFKC", name)).casefold()
    whole = " ".join(folded.split())
    han = simplified("".join(_HAN.findall(whole)))
    if han:
        core = _ZH_FORMS.sub("", han) or han
        latin = _latin_words(_HAN.sub(" ", whole))
        return NameForms(whole, core, "", "".join([*_bridge_of_han(core), *latin]))
    words = _latin_words(anyascii(whole))
    return NameForms(whole, "", " ".join(sorted(words)), "".join(words))


def simplified(han: str) -> str:
    """Traditional characters written simplified."""
    return str(_TO_SIMPLIFIED.convert(han))


def _latin_words(text: str) -> list[str]:
    plain = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", text.casefold()).replace("&", " and ").replace("'", "")
    for phrase, word in _PAIRS:
        plain = " ".join(_WORDS.findall(plain)).replace(phrase, word)
    found = _WORDS.findall(plain)
    kept = [_TRADE_LATIN.get(word, word) for word in found if word not in _LATIN_FORMS]
    return [word for word in kept if word] or found


def _bridge_of_han(core: str) -> list[str]:
    parts: list[str] = []
    at = 0
    for match in _TRADE_SPLIT.finditer(core):
        parts += [*_pinyin(core[at : match.start()]), _TRADE_ZH[match.group()]]
        at = match.end()
    return [*parts, *_pinyin(core[at:])]


def _pinyin(text: str) -> list[str]:
    return lazy_pinyin(text, v_to_u=False) if text else []
