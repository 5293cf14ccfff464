"""Typed text -> values, column by column. Pure: no database, no Django.

What cannot be read is never guessed and never dropped: ``read_cell`` raises ``Unreadable`` with a code, and the
caller keeps the text as it was typed.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from portal.core.quantities import CNY_PLACES, KG_PLACES, QuantityError, parse_quantity
from portal.core.tabular.calendar_text import ISO_DATE, DayOrder
from portal.core.tabular.cells import clean, has_controls, without_controls
from portal.core.tabular.numerals import PLAIN, Convention
from portal.core.tabular.tables import plain_label
from reporting.domain.line_columns import BY_NAME, CELL_LONGEST, COLUMNS, KIND_WORDS, Column

Row = tuple[int, Mapping[str, str]]
"""A line number and its cells: column -> text as typed (absent = blank)."""

_UNIT = re.compile(r"\s*(?:kgs?|千克|公斤)$", re.IGNORECASE)
_MONEY = re.compile(r"^(?:cny|rmb|[¥￥])\s*|\s*(?:cny|rmb|yuan|元)$", re.IGNORECASE)
_COUNTRY = re.compile(r"[A-Z]{2}")
_FIRST_DAY, _LAST_DAY = dt.date(1990, 1, 1), dt.date(2199, 12, 31)
_LARGEST_WHOLE = 2**31 - 1


class Unreadable(ValueError):
    """A text that says nothing certain in its column; ``code`` says why (``line_words.REASONS`` has the words)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tidy(text: str) -> str:
    """The text as it can be stored anywhere: trimmed, without characters that no document may hold."""
    if text.isascii() and text.isprintable():
        return text.strip()[:CELL_LONGEST]
    whole = text.encode("utf-8", "replace").decode()
    return clean(without_controls(whole))[:CELL_LONGEST]


def fold(code: str) -> str:
    """A code as codes are compared: without case, width and blanks."""
    return "".join(unicodedata.normalize("NFKC", code).casefold().split())


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one register, found whatever their case or blanks; two that differ in nothing else need exactness."""

    exact: Mapping[str, int]
    folded: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str, str]]) -> Codes:
        """From (id, code, name): the code alone, or the code followed by the name as pages show it."""
        exact: dict[str, int] = {}
        folded: dict[str, tuple[int, ...]] = {}
        for key, code, name in pairs:
            exact[code] = key
            for shown in {fold(code), fold(f"{code}{name}")}:
                folded[shown] = (*folded.get(shown, ()), key)
        return cls(exact, folded)

    def find(self, text: str) -> int | None:
        """The id, or None where no code, or more than one, answers to the text."""
        if (found := self.exact.get(text)) is not None:
            return found
        candidates = self.folded.get(fold(text), ())
        return candidates[0] if len(candidates) == 1 else None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the words of one organisation's cells may stand for."""

    kinds: Mapping[str, int]
    products: Codes
    counterparties: Codes


def kind_lookup(more: Iterable[tuple[str, int]] = ()) -> dict[str, int]:
    """Kind words as compared -> position among the kinds; ``more`` are words of the catalogues in use."""
    found = {plain_label(word): number for word, number in more}
    for number, (code, words) in enumerate(KIND_WORDS.items(), start=1):
        for word in (code, *words):
            found[plain_label(word)] = number
    return found


def read_cell(column: Column, text: str, words: Vocabulary) -> tuple[Any, ...]:
    """The values of ``column.fields`` that a tidy text stands for. Raises Unreadable."""
    return _READ[column.holds](column, text, words)


def _kind(_: Column, text: str, words: Vocabulary) -> tuple[Any, ...]:
    number = words.kinds.get(plain_label(text))
    if number is None:
        raise Unreadable("unknown_kind")
    return (number,)


def _product(_: Column, text: str, words: Vocabulary) -> tuple[Any, ...]:
    found = words.products.find(text)
    if found is None:
        raise Unreadable("unknown_product")
    return (found,)


def _counterparty(_: Column, text: str, words: Vocabulary) -> tuple[Any, ...]:
    found = words.counterparties.find(text)
    if found is None:
        raise Unreadable("unknown_counterparty")
    return (found,)


def _country(_: Column, text: str, __: Vocabulary) -> tuple[Any, ...]:
    code = unicodedata.normalize("NFKC", text).upper()
    if not _COUNTRY.fullmatch(code):
        raise Unreadable("not_a_country")
    return (code,)


def _quantity(text: str, places: int) -> tuple[Any, ...]:
    settled = text if PLAIN.fullmatch(text) and text.isascii() else Convention().settle(text)
    if settled is None:
        raise Unreadable("ambiguous_number")
    try:
        exact = parse_quantity(settled, places)
    except QuantityError as error:
        raise Unreadable(error.code) from error
    return (exact.units, exact.decimals)


def _kilograms(_: Column, text: str, __: Vocabulary) -> tuple[Any, ...]:
    return _quantity(_UNIT.sub("", unicodedata.normalize("NFKC", text)), KG_PLACES)


def _yuan(_: Column, text: str, __: Vocabulary) -> tuple[Any, ...]:
    return _quantity(_MONEY.sub("", unicodedata.normalize("NFKC", text)), CNY_PLACES)


def _whole(_: Column, text: str, __: Vocabulary) -> tuple[Any, ...]:
    plain = unicodedata.normalize("NFKC", text).removesuffix(".0")
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= 10 and 0 < int(plain) <= _LARGEST_WHOLE):
        raise Unreadable("not_a_whole_number")
    return (int(plain),)


def _day(_: Column, text: str, __: Vocabulary) -> tuple[Any, ...]:
    settled = text if ISO_DATE.fullmatch(text) else DayOrder().settle(unicodedata.normalize("NFKC", text))
    if settled is None:
        raise Unreadable("ambiguous_date")
    try:
        day = dt.date.fromisoformat(settled) if ISO_DATE.fullmatch(settled) else None
    except ValueError:
        day = None
    if day is None or not _FIRST_DAY <= day <= _LAST_DAY:
        raise Unreadable("not_a_date")
    return (day,)


def _text(column: Column, text: str, _: Vocabulary) -> tuple[Any, ...]:
    if column.longest and len(text) > column.longest:
        raise Unreadable("too_long")
    return (text,)


_READ: Final[dict[str, Callable[[Column, str, Vocabulary], tuple[Any, ...]]]] = {
    "kind": _kind,
    "product": _product,
    "counterparty": _counterparty,
    "country": _country,
    "kilograms": _kilograms,
    "yuan": _yuan,
    "whole": _whole,
    "day": _day,
    "text": _text,
}
_BLANK: Final[dict[str, tuple[Any, ...]]] = {
    "country": ("",),
    "text": ("",),
    "kilograms": (None, None),
    "yuan": (None, None),
}


@dataclass(slots=True)
class ReadLines:
    """Lines as columns: ``values[field][i]`` for every field of ``Line``, ``unread[i]`` what stays as typed."""

    line_nos: list[int]
    values: dict[str, list[Any]] = field(default_factory=dict)
    unread: list[dict[str, str] | None] = field(default_factory=list)
    reasons: dict[tuple[int, str], str] = field(
        default_factory=dict
    )  # (line_no, column) -> code of Unreadable

    def __len__(self) -> int:
        return len(self.line_nos)


def read_rows(
    rows: Sequence[Row], words: Vocabulary, doubted: Mapping[tuple[int, str], str] | None = None
) -> ReadLines:
    """Read many lines at once; equal texts of a column are read once.

    ``doubted`` names cells, by line number and column, that the reader of a file could not be certain of, and why:
    they stay as typed.
    """
    read = ReadLines([number for number, _ in rows], unread=[None] * len(rows))
    for column in COLUMNS:
        _read_column(column, rows, words, read, doubted or {})
    return read


def _read_column(
    column: Column,
    rows: Sequence[Row],
    words: Vocabulary,
    read: ReadLines,
    doubted: Mapping[tuple[int, str], str],
) -> None:
    name, blank = column.name, _BLANK.get(column.holds, (None,))
    lists: list[list[Any]] = [[] for _ in column.fields]
    memo: dict[str, tuple[Any, ...] | str] = {}
    for at, (number, cells) in enumerate(rows):
        typed = cells.get(name, "")
        result: tuple[Any, ...] | str = blank
        if typed:
            if typed not in memo:
                memo[typed] = _read_or_reason(column, typed, words)
            result = doubted.get((number, name)) or memo[typed]
        if isinstance(result, str):
            read.reasons[(number, name)] = result
            kept = read.unread[at] = read.unread[at] or {}
            kept[name] = tidy(typed)
            result = blank
        for values, value in zip(lists, result, strict=True):
            values.append(value)
    read.values.update(zip(column.fields, lists, strict=True))


def _read_or_reason(column: Column, typed: str, words: Vocabulary) -> tuple[Any, ...] | str:
    text = tidy(typed)
    if not text:
        return _BLANK.get(column.holds, (None,))
    if has_controls(typed):
        return "control_characters"
    if len(typed.strip()) > CELL_LONGEST:
        return "too_long"
    try:
        return read_cell(column, text, words)
    except Unreadable as unreadable:
        return unreadable.code


def known_columns(cells: Mapping[str, object]) -> frozenset[str]:
    """The names among ``cells`` that are columns of a line."""
    return frozenset(cells) & frozenset(BY_NAME)
