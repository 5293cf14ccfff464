"""The last hour before a due time: people looking, programs asking, drafts checked and signed, all at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from tests.load.broker_gone import signing
from tests.load.steady import Ask, Told, summary

PAGES = ("/", "/filings/", "/findings/", "/products/", "/counterparties/")
READS = ("obligations/", "filings/?limit=20", "findings/?limit=20", "products/", "counterparties/")


def mixed(people: Sequence[tuple[str, str]], months: Sequence[tuple[int, str]], count: int) -> list[Ask]:
    """Of ten requests four are pages of people, three reads of programs, one a draft's page, one its check, one signs.

    ``people`` are (cookie, token) of each enterprise; each of ``months`` is looked at, checked and then signed.
    """
    pages, reads, who = itertools.cycle(PAGES), itertools.cycle(READS), itertools.cycle(people)
    signs = iter(signing(months))
    asks: list[Ask] = []
    for _round, (number, token) in zip(range(count // 10), months, strict=False):
        asks += [Ask(next(pages), cookie=next(who)[0], kind="page") for _ in range(4)]
        asks += [Ask(f"/api/v1/{next(reads)}", next(who)[1], kind="read") for _ in range(3)]
        asks.append(Ask(f"/api/v1/filings/{number}/", token, kind="draft"))
        asks.append(Ask(f"/api/v1/filings/{number}/check/", token, "POST", {}, kind="check"))
        asks.append(_kind(next(signs), "sign"))
    return asks


def _kind(ask: Ask, kind: str) -> Ask:
    return Ask(ask.path, ask.token, ask.method, ask.body, ask.cookie, kind)


def by_kind(told: Sequence[Told]) -> dict[str, Any]:
    """The figures of all together and of each kind."""
    kinds: Iterator[str] = iter(sorted({one.ask.kind for one in told}))
    return {"all": summary(told)} | {
        kind: summary([one for one in told if one.ask.kind == kind]) for kind in kinds
    }
