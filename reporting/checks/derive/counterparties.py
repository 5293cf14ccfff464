"""The clients and suppliers of a filing: one row for each that its lines name, with what is said of them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from reporting.checks.columns import KIND_CODES, NA
from reporting.checks.derive.context import (
    Array,
    Context,
    Ints,
    Rows,
    find,
    provide,
    rows_of,
    take,
    take_text,
)
from reporting.checks.derive.filings import calendar, line_filing
from reporting.checks.derive.identifiers import clean, lei_holds, shaped, uscc_holds, vat_holds
from reporting.checks.derive.lines import line_counterparty
from reporting.checks.derive.statistics import earlier_row
from reporting.checks.text import Mask, Text

__all__ = ["partners"]

LEGAL_FORMS: Final = (
    r"股份有限公司|有限责任公司|有限公司|\b(?:co|company|ltd|limited|inc|incorporated|corp|corporation|llc|gmbh|ag|kg|bv|b v|"
    r"nv|sa|s a|sarl|srl|spa|s p a|plc|pte|pty|kk|k k|oy|ab|as|aps|group|the|de|cv|c v)\b"
)


def partners(context: Context) -> Rows:
    """Return the pairs of filing and counterparty that lines name."""
    filing, party = context.once(line_filing), context.once(line_counterparty)
    named = (filing >= 0) & (party >= 0)
    width = max(len(context.array("counterparties", "counterparty_id")), 1)
    pairs = np.unique(filing[named] * width + party[named])
    return Rows(len(pairs), filing=pairs // width, counterparty=pairs % width)


def _places(context: Context) -> tuple[Ints, Ints]:
    found = context.rows("counterparty")
    assert found.filing is not None
    assert found.counterparty is not None
    return found.filing, found.counterparty


def _exports(context: Context) -> Mask:
    """Return which pairs have an export line in the filing."""
    filing, party = context.once(line_filing), context.once(line_counterparty)
    width = max(len(context.array("counterparties", "counterparty_id")), 1)
    named = (filing >= 0) & (party >= 0) & (context.array("lines", "kind") == KIND_CODES["exported"])
    mine, theirs = _places(context)
    found = np.zeros(len(mine), dtype=bool)
    found[find(mine * width + theirs, filing[named] * width + party[named])] = True
    return found


def _said(context: Context, name: str) -> Text:
    return take_text(context.text("counterparties", name), _places(context)[1])


def _say(name: str) -> None:
    provide("counterparty", name, lambda c: _said(c, name))


def _number(context: Context) -> Text:
    return context.text("counterparties", "id_number").rewrite(clean)


def _judged(context: Context, kind: str, holds: Any) -> Array:
    """Return which counterparties have a number of this kind that does not satisfy `holds`."""
    of_kind = context.text("counterparties", "id_type").isin([kind])
    number = context.once(_number)
    return of_kind & number.present & ~number.judge(holds)


def _wrong(kind: str, column: str, holds: Any) -> None:
    provide("counterparty", column, lambda c: _judged(c, kind, holds)[_places(c)[1]])


def _shape_of(kind: str) -> Any:
    return lambda words: shaped(words, kind)


def _shared(context: Context) -> Ints:
    """Return for each counterparty another one of the same owner with the same identity number, or -1."""
    kind, number = context.text("counterparties", "id_type").codes, context.once(_number).codes
    owner = context.array("counterparties", "organisation_id")
    code = context.text("counterparties", "code")
    rank = np.argsort(np.argsort(np.asarray(code.words)))[code.codes] if len(code.words) else code.codes
    order = np.lexsort((rank, number, kind, owner))
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for column in (owner, kind, number):
        same &= column[order[1:]] == column[order[:-1]]
    same &= number[order[1:]] >= 0
    same &= kind[order[1:]] >= 0
    other = np.full(len(order), -1, dtype=np.int64)
    other[order[:-1][same]] = order[1:][same]
    other[order[1:][same]] = order[:-1][same]
    return other


def _own_number(context: Context) -> Mask:
    """Return which pairs give the organisation's own code as the counterparty's."""
    filing, party = _places(context)
    own = context.text("filings", "uscc").rewrite(clean)
    number = context.once(_number)
    places = np.append(number.words.get_indexer(own.words), -1)[own.codes] if len(own.words) else own.codes
    return np.asarray((take(places, filing, -1) >= 0) & (number.codes[party] == take(places, filing, -1)))


def _brand(words: pd.Series[Any]) -> pd.Series[Any]:
    """Return names as they are compared: half-width, no case, marks, legal forms or blanks."""
    plain = words.str.normalize("NFKC").str.casefold().str.replace(r"[^\w]+", " ", regex=True)
    bare = plain.str.replace(LEGAL_FORMS, "", regex=True).str.replace(r"\s+", "", regex=True)
    return bare.where(bare.str.len() >= 3)


def _resembled(context: Context) -> Ints:
    """Return for each pair new in a year a counterparty of the last twelve months with nearly the same name, or -1.

    Two that bear different numbers of one type are two parties, whatever they are called.
    """
    filing, party = _places(context)
    period = context.once(calendar).period[filing]
    owner = context.once(calendar).organisation[filing]
    brand = context.text("counterparties", "name").rewrite(_brand).codes[party]
    everyone = np.ones(len(party), dtype=bool)
    known = earlier_row([party], period, everyone) >= 0
    before = earlier_row([owner, brand], period, np.asarray(brand >= 0))
    other = take(party, before, -1)
    kind, number = context.text("counterparties", "id_type").codes, context.once(_number).codes
    distinct = (kind[party] == take(kind, other, -1)) & (number[party] >= 0) & (take(number, other, -1) >= 0)
    distinct &= number[party] != take(number, other, -1)
    return np.where(~known & ~distinct & (before >= 0), other, -1)


def _code_of(context: Context, places: Ints) -> Text:
    return take_text(context.text("counterparties", "code"), places)


def _id_of(context: Context) -> Ints:
    return take(context.array("counterparties", "counterparty_id"), _places(context)[1], NA)


rows_of("counterparty", partners)
for _name in ("country", "id_type", "id_number", "name", "end_use", "end_user_name", "end_user_country"):
    _say(_name)
provide("counterparty", "exports", lambda c: c.once(_exports))
provide("counterparty", "own_number", _own_number)
provide("counterparty", "shares_number_with", lambda c: _code_of(c, take(_shared(c), _places(c)[1], -1)))
provide("counterparty", "resembles", lambda c: _code_of(c, _resembled(c)))
_wrong("USCC", "uscc_misshapen", _shape_of("USCC"))
_wrong("USCC", "uscc_fails", lambda words: uscc_holds(words) | ~shaped(words, "USCC"))
_wrong("LEI", "lei_fails", lei_holds)
_wrong("VAT", "vat_check_fails", vat_holds)
for _kind in ("VAT", "EORI", "DUNS"):
    _wrong(_kind, f"{_kind.lower()}_misshapen", _shape_of(_kind))
