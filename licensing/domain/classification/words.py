"""Why an entry does or does not apply, in the words of both languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from licensing.domain.classification import contents
from licensing.domain.classification.control_list import ControlList, Standing, Status, Threshold
from licensing.domain.classification.evaluate import NO, YES, Condition, Rule
from licensing.domain.classification.goods import Good
from licensing.domain.classification.missing import places


@dataclass(frozen=True)
class Words:
    """One sentence in both languages."""

    en: str
    zh: str

    def __add__(self, other: Words) -> Words:
        return Words(f"{self.en} {other.en}".strip(), self.zh + other.zh)


ZERO: Final = Decimal(0)
NOTHING: Final = Words("", "")
FORM_WORDS: Final = {
    "metal": Words("metal", "金属"),
    "alloy": Words("alloy", "合金"),
    "target": Words("target", "靶材"),
    "magnet": Words("magnet", "永磁材料"),
    "oxide": Words("oxide", "氧化物"),
    "compound": Words("compound", "化合物"),
    "concentrate": Words("concentrate", "精矿"),
    "assembly": Words("assembly", "组件"),
    "scrap": Words("scrap", "废料"),
    "equipment": Words("equipment", "设备"),
    "reagent": Words("reagent", "药剂"),
    "technology": Words("technology", "技术"),
}
FAMILY_WORDS: Final = {
    "ndfeb": Words("NdFeB", "钕铁硼"),
    "smco": Words("SmCo", "钐钴"),
    "other": Words("another family", "其他类别"),
}
LEVEL_WORDS: Final = {
    "bulk": Words("bulk", "原材料"),
    "primary_shape": Words("simply shaped", "初级加工"),
    "assembly": Words("an assembly", "组件"),
    "downstream": Words("downstream goods", "下游产品"),
}


def day(on: date | None) -> Words:
    """A day as each language writes it."""
    if on is None:
        return NOTHING
    months = "January February March April May June July August September October November December".split()
    return Words(f"{on.day} {months[on.month - 1]} {on.year}", f"{on.year}年{on.month}月{on.day}日")


def elements(symbols: Iterable[str], control_list: ControlList) -> Words:
    """Names of elements in a row."""
    names = [control_list.element_name(symbol) for symbol in symbols]
    english = [name.name_en.lower() for name in names]
    joined = " and ".join([", ".join(english[:-1]), english[-1]]) if len(english) > 1 else "".join(english)
    return Words(joined, "、".join(name.name_zh for name in names))


def because(
    rule: Rule, condition: Condition, found: int, good: Good, control_list: ControlList, status: Status
) -> Words:
    """The sentence for the condition that decides, and what the standing adds to it."""
    if found == YES:
        reason = _applies(rule, good, control_list)
    elif found == NO:
        reason = _does_not(rule, condition, good, control_list)
    else:
        reason = _unknown(rule, condition, good, control_list)
    return reason + _standing(rule, status, control_list)


def _applies(rule: Rule, good: Good, control_list: ControlList) -> Words:
    entry = rule.entry
    if not entry.element:
        return Words("It is what the entry names.", "属于该条目所列物项。")
    amount = good.contents.get(entry.element)
    name = elements([entry.element], control_list)
    if amount is None:
        family = FAMILY_WORDS.get(good.family or "", NOTHING)
        return Words(
            f"The goods are {family.en}, which is named after {name.en}: the family decides.",
            f"该货物为{family.zh}，以{name.zh}命名，由材料类别决定。",
        )
    return _amount(rule, good, control_list, reached=True)


def _amount(rule: Rule, good: Good, control_list: ControlList, *, reached: bool) -> Words:
    """A measured content beside its setting."""
    symbol, setting = rule.entry.element, rule.threshold
    name, percent = elements([symbol], control_list), _per_cent(good, symbol)
    if setting is None:
        return Words(
            f"{percent} % of {name.en} was measured, and no content setting holds that day.",
            f"{name.zh}实测含量{percent}%，当日未设含量标准。",
        )
    limit, tag = contents.per_cent(setting.content), _tag(setting)
    alone = contents.micro(good.contents[symbol]) >= setting.content
    if setting.combined and not (reached and alone):
        group = elements(setting.elements, control_list)
        total = contents.per_cent(
            sum(contents.micro(good.contents[s]) for s in setting.elements if s in good.contents)
        )
        side = Words("reach", "达到") if reached else Words("do not reach", "未达到")
        return Words(
            f"{percent} % of {name.en}; {group.en} together, {total} %, {side.en} the setting of {limit} % ({tag.en}).",
            f"{name.zh}含量{percent}%；{group.zh}合计{total}%，{side.zh}设定值{limit}%（{tag.zh}）。",
        )
    side = Words("is at or above", "达到") if reached else Words("is below", "低于")
    return Words(
        f"{percent} % of {name.en} {side.en} the setting of {limit} % ({tag.en}).",
        f"{name.zh}含量{percent}%，{side.zh}设定值{limit}%（{tag.zh}）。",
    )


def _tag(setting: Threshold) -> Words:
    return Words(setting.tag_en, setting.tag_zh)


def _per_cent(good: Good, symbol: str) -> str:
    text = format(good.contents[symbol], "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _does_not(rule: Rule, condition: Condition, good: Good, control_list: ControlList) -> Words:
    entry = rule.entry
    if condition == Condition.LEVEL:
        stated = good.processing_level if good.processing_level in ("assembly", "downstream") else "assembly"
        level = LEVEL_WORDS[stated]
        return Words(
            f"It is {level.en}: assemblies and downstream goods are outside the entry.",
            f"属于{level.zh}：组件和下游产品不在该条目范围内。",
        )
    if condition == Condition.FAMILY:
        wanted = FAMILY_WORDS[entry.family]
        return Words(
            f"The entry is for {wanted.en}, which it is not.", f"该条目针对{wanted.zh}，货物不属于该类别。"
        )
    if condition == Condition.PARTNERS:
        metals = ", ".join(symbol.capitalize() for symbol in entry.partners)
        return Words(
            f"The entry is for an alloy with {metals}, which is not all in it.",
            f"该条目针对含{metals.replace(', ', '、')}的合金，货物不含其全部。",
        )
    if condition == Condition.DEFINITION:
        return _not_defining(rule, elements([entry.element], control_list))
    return _too_little(rule, good, control_list)


def _too_little(rule: Rule, good: Good, control_list: ControlList) -> Words:
    """The element was measured, and what was found does not count."""
    symbol = rule.entry.element
    name = elements([symbol], control_list)
    if not good.contents.get(symbol):
        return Words(f"No {name.en} was measured in it.", f"检测结果不含{name.zh}。")
    others = [
        other for other in rule.together if contents.micro(good.contents.get(other, ZERO)) >= rule.least
    ]
    if others and contents.micro(good.contents[symbol]) < rule.least:
        other, percent = elements(others, control_list), _per_cent(good, symbol)
        return Words(
            f"{percent} % of {name.en} is a trace beside {other.en}, whose own entry applies.",
            f"{name.zh}含量{percent}%，属痕量；{other.zh}适用其自身条目。",
        )
    return _amount(rule, good, control_list, reached=False)


def _not_defining(rule: Rule, name: Words) -> Words:
    share, tag = ("", NOTHING)
    if rule.definition is not None:
        share, tag = contents.per_cent(rule.definition.content), _tag(rule.definition)
    return Words(
        f"{name.en.capitalize()} does not define the alloy: it is less than {share} % of its rare earths, or another "
        f"rare earth gives the alloy its family ({tag.en}).",
        f"{name.zh}并非该合金的主要成分：占稀土总量不足{share}%，或该合金类别由其他稀土元素决定（{tag.zh}）。",
    )


def _unknown(rule: Rule, condition: Condition, good: Good, control_list: ControlList) -> Words:
    entry = rule.entry
    if condition == Condition.FORM:
        form = FORM_WORDS[entry.form]
        return Words(
            f"The form is not said; the entry is for: {form.en}.", f"未说明形态；该条目针对{form.zh}。"
        )
    if condition == Condition.FAMILY:
        wanted = FAMILY_WORDS[entry.family]
        return Words(
            f"The family is not said; the entry is for {wanted.en}.",
            f"未说明材料类别；该条目针对{wanted.zh}。",
        )
    open_places = places(condition, rule, good, control_list.symbols)
    symbols = [place.removeprefix("contents.") for place in open_places if place != "partners"]
    words = NOTHING
    if "partners" in open_places:
        words = Words("The other metals of the alloy are not said.", "未说明合金中的其他金属。")
    if symbols:
        name = elements(symbols, control_list)
        words += Words(
            f"Not measured: {name.en}. Missing is unknown, not zero.",
            f"未检测：{name.zh}。未检测不等于不含。",
        )
    return words


def cited(code: str, control_list: ControlList) -> Words:
    """An instrument as each language cites it."""
    return Words(code, control_list.instruments[code].cited_zh)


def _standing(rule: Rule, status: Status, control_list: ControlList) -> Words:
    code, last = cited(rule.entry.instrument, control_list), day(status.until)
    by = cited(status.by, control_list) if status.by else NOTHING
    if status.standing == Standing.IN_FORCE and not status.unconfirmed:
        return NOTHING
    if status.standing == Standing.NOT_YET:
        start = day(rule.entry.valid_from or control_list.instruments[rule.entry.instrument].effective_on)
        return Words(
            f"{code.en} is not in force yet: it takes effect on {start.en}.",
            f"{code.zh}尚未生效，自{start.zh}起施行。",
        )
    if status.standing == Standing.IN_FORCE:
        return Words(
            f"The suspension of {code.en} ran to {last.en}; by the operator's setting it is taken as in force again.",
            f"{code.zh}的暂停实施截至{last.zh}；按运营方设定视为恢复实施。",
        )
    if status.unconfirmed:
        return Words(
            f"{code.en} was suspended by {by.en} until {last.en}; what holds since is not confirmed, and by the operator's "
            "setting it is taken as suspended.",
            f"{code.zh}由{by.zh}暂停实施至{last.zh}；此后情况未经确认，按运营方设定视为仍暂停实施。",
        )
    until = Words(f" until {last.en}", f"至{last.zh}") if status.until else NOTHING
    return Words(f"{code.en} is suspended by {by.en}{until.en}.", f"{code.zh}由{by.zh}暂停实施{until.zh}。")
