"""Names of China's provinces, cities and counties, as company names begin with them, and how they sound.

Source: the administrative divisions (GB/T 2260) that python-stdnum carries for verifying codes.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from pypinyin import lazy_pinyin

_QUOTED = re.compile(r'(province|county)="(?:\[[^\]]*\])?([^"]+)"')
_KINDS = re.compile(
    "(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市|新区|地区|盟|(?:[\u4e00-\u9fff]{1,6}族)?自治(?:州|县)|县|区)$"
)
_NO_PLACES = frozenset({"市辖", "县", "省直辖", "省", "郊", "矿", "城", "新", "东", "西", "南", "北"})


@cache
def _register() -> list[tuple[str, str]]:
    text = (files("stdnum") / "cn" / "loc.dat").read_text(encoding="utf-8")
    named = [(kind, _KINDS.sub("", name)) for kind, name in _QUOTED.findall(text)]
    return [(kind, name) for kind, name in named if len(name) > 1 and name not in _NO_PLACES]


@cache
def provinces() -> frozenset[str]:
    """Names of provinces without their kind, and of the country: what may stand before a city."""
    return frozenset(name for kind, name in _register() if kind == "province") | {"中国"}


@cache
def chinese_places() -> frozenset[str]:
    """Names without their kind (宁波 for 宁波市), of two characters or more."""
    return frozenset(name for _kind, name in _register()) | provinces()


@cache
def longest_place() -> int:
    """The length of the longest name."""
    return max(map(len, chinese_places()))


@cache
def sounds_of_places() -> dict[str, str]:
    """From how a place is written in Latin letters (ningbo, maanshan) to its sound; provinces' usual spellings too."""
    sounds = {sound_of(name): sound_of(name) for name in chinese_places()}
    return sounds | {
        "innermongolia": "neimenggu",
        "china": "zhongguo",
        "tibet": "xizang",
        "shaanxi": "shanxi",
        "hongkong": "xianggang",
    }


@cache
def sound_of(han: str) -> str:
    """Characters as pinyin without tones and spaces."""
    return "".join(lazy_pinyin(han, v_to_u=False))
