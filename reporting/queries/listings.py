"""Long lists: a page without counting everything, the filters a reviewer kept, an organisation found by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from portal.accounts.models import Organisation
from portal.accounts.roles import Kind
from portal.core.actors import Actor
from reporting.models import SavedView

PAGE = 50
LAST_PAGE = 400  # further on, a filter or the export serves better than paging
COUNT_AT_MOST = 1_000
FOUND_AT_MOST = 20


@dataclass(frozen=True)
class Slice:
    """One page of a list. ``total`` is exact up to COUNT_AT_MOST; ``more`` says that there are more than it."""

    rows: Sequence[Any]
    page: int
    has_next: bool
    total: int
    more: bool

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.page - 1) * PAGE + len(self.rows)


def cut(rows: QuerySet[Any], page: int) -> Slice:
    """A page of the rows in their order, and how many there are as far as that is quickly told. Two queries."""
    page = min(max(page, 1), LAST_PAGE)
    start = (page - 1) * PAGE
    shown = list(rows[start : start + PAGE + 1])
    total = count_up_to(rows, COUNT_AT_MOST + 1)
    return Slice(
        shown[:PAGE],
        page,
        len(shown) > PAGE and page < LAST_PAGE,
        min(total, COUNT_AT_MOST),
        total > COUNT_AT_MOST,
    )


def count_up_to(rows: QuerySet[Any], most: int) -> int:
    """How many rows there are, counting no further than ``most``."""
    return rows.order_by()[:most].count()


def saved_views(actor: Actor, listing: str) -> list[SavedView]:
    """The filters that this person kept for a list, by name."""
    return list(SavedView.objects.filter(user=actor.user, listing=listing).order_by("name"))


def organisations_like(words: str) -> list[Organisation]:
    """Enterprises whose name holds every word, or whose code begins with it; the first twenty by name."""
    rows = Organisation.objects.filter(kind=Kind.ENTERPRISE)
    for word in words.split():
        rows = rows.filter(
            Q(name_en__icontains=word) | Q(name_zh__icontains=word) | Q(uscc__istartswith=word)
        )
    return list(rows.order_by("name_en", "name_zh", "pk")[:FOUND_AT_MOST]) if words.strip() else []


def organisation_called(organisation_id: int) -> str:
    """The name of an organisation in the reader's language; empty where there is none."""
    row = Organisation.objects.filter(pk=organisation_id).first()
    return "" if row is None else row.name
