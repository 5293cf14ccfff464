"""The last hour before a due time: people looking, programs asking, drafts checked and signed, all at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.load.broker_gone import signing
from tests.load.steady import Ask, Told, summary

PAGES = ("/", "/filings/", "/findings/", "/products/", "/counterparties/")
READS = ("obligations/", "filings/?limit=20", "findings/?limit=20", "products/", "counterparties/")


MIX: Mapping[str, int] = {"page": 22, "read": 15, "draft": 6, "check": 6, "sign": 1}
"""Of fifty requests, so many of each kind: at a hundred a second 7,200 months are signed in an hour, more than twice the nation."""
BUSY: Mapping[str, int] = {"page": 4, "read": 3, "draft": 1, "check": 1, "sign": 1}
"""Whoever looks signs."""


def mixed(
    people: Sequence[tuple[str, str]],
    months: Sequence[tuple[int, str]],
    count: int,
    mix: Mapping[str, int] = MIX,
) -> list[Ask]:
    """Pages of people, reads of programs, drafts looked at and checked, months signed: rounds of the mix, one after the other.

    ``people`` are (cookie, token) of each enterprise; each of ``months`` is looked at, checked and then signed.
    """
    pages, reads, who = itertools.cycle(PAGES), itertools.cycle(READS), itertools.cycle(people)
    signs = iter(signing(months))
    asks: list[Ask] = []
    for _round, (number, token) in zip(range(count // sum(mix.values())), months, strict=False):
        asks += [Ask(next(pages), cookie=next(who)[0], kind="page") for _ in range(mix["page"])]
        asks += [Ask(f"/api/v1/{next(reads)}", next(who)[1], kind="read") for _ in range(mix["read"])]
        asks += [Ask(f"/api/v1/filings/{number}/", token, kind="draft") for _ in range(mix["draft"])]
        check = f"/api/v1/filings/{number}/check/"
        asks += [Ask(check, token, "POST", {}, kind="check") for _ in range(mix["check"])]
        asks += [_kind(next(signs), "sign") for _ in range(mix["sign"])]
    return asks


def _kind(ask: Ask, kind: str) -> Ask:
    return Ask(ask.path, ask.token, ask.method, ask.body, ask.cookie, kind)


def by_kind(told: Sequence[Told]) -> dict[str, Any]:
    """The figures of all together and of each kind."""
    kinds: Iterator[str] = iter(sorted({one.ask.kind for one in told}))
    return {"all": summary(told)} | {
        kind: summary([one for one in told if one.ask.kind == kind]) for kind in kinds
    }
