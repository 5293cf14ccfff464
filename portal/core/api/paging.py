"""Cursor pages: each page names the place where the next begins, so that rows added meanwhile shift nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request

from portal.core.api.problems import Fault, Problem

LIMIT, LARGEST = 100, 500
M = TypeVar("M", bound=Model)
T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """Which page: how many rows, after which place (None = from the beginning)."""

    limit: int
    after: list[Any] | None


def asked(request: Request, places: Sequence[type]) -> Asked:
    """The page that the query string asks for; ``places`` are the types of a cursor's parts. Raises the problem 400."""
    text, cursor = request.query_params.get("limit", str(LIMIT)), request.query_params.get("cursor")
    limit = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    if not 1 <= limit <= LARGEST:
        raise bad_query("limit", _("Ask for 1 to %(most)s rows at once.") % {"most": LARGEST})
    return Asked(limit, None if cursor is None else _place(cursor, places))


def _place(cursor: str, places: Sequence[type]) -> list[Any]:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii", "replace") + b"==="))
    except (ValueError, binascii.Error, RecursionError):
        place = None
    fits = isinstance(place, list) and [type(part) for part in place] == list(places)
    if not fits or any(isinstance(part, int) and abs(part) >= 2**63 for part in place):
        raise bad_query("cursor", _("Take the cursor from “next” of the page before, as it is."))
    return list(place)


def bad_query(name: str, message: str) -> Problem:
    """400: a parameter of the query string that cannot be used."""
    fault = Fault(f"/query/{name}", "unusable_parameter", message)
    return Problem(400, "unusable_parameter", message, errors=[fault])


def page(
    request: Request, rows: QuerySet[M], order: Sequence[str], shown: Callable[[Sequence[M]], Sequence[Any]]
) -> dict[str, Any]:
    """One page of rows by keyset. ``order`` are fields (``-`` for descending) that together tell every row from another.

    ``shown`` makes the results of the page's rows at once.
    """
    names = [name.removeprefix("-") for name in order]
    wanted = asked(request, [_kept_type(rows, name) for name in names])
    if wanted.after is not None:
        rows = rows.filter(_beyond(order, wanted.after))
    found = list(rows.order_by(*order)[: wanted.limit + 1])
    last = found[wanted.limit - 1] if len(found) > wanted.limit else None
    place = None if last is None else [_kept(last, name) for name in names]
    return {"results": list(shown(found[: wanted.limit])), "next": _next(request, place)}


def page_of_list(request: Request, rows: Sequence[T], place: Callable[[T], int]) -> dict[str, Any]:
    """One page of a list that is at hand, ordered by the number that ``place`` gives."""
    wanted = asked(request, [int])
    if wanted.after is not None:
        rows = [row for row in rows if place(row) > wanted.after[0]]
    more = len(rows) > wanted.limit
    cut = rows[: wanted.limit]
    return {"results": cut, "next": _next(request, [place(cut[-1])] if more else None)}


def _kept_type(rows: QuerySet[M], name: str) -> type:
    return str if rows.model._meta.get_field(name).get_internal_type() in {"CharField", "TextField"} else int  # noqa: SLF001


def _kept(row: Model, name: str) -> int | str:
    value = getattr(row, name)
    return value if isinstance(value, int | str) else int(value.index)


def _beyond(order: Sequence[str], place: Sequence[Any]) -> Q:
    """Rows after a place, in the order given."""
    beyond, equal = Q(), Q()
    for name, value in zip(order, place, strict=True):
        field = name.removeprefix("-")
        beyond |= equal & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{field: value})
    return beyond


def _next(request: Request, place: Sequence[Any] | None) -> str | None:
    if place is None:
        return None
    cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).rstrip(b"=").decode()
    query = request.query_params.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
