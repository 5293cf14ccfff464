"""What every list of the regulator has: filters that read as a sentence, sorting, pages, kept views, export.

A list is a ``Listing``; its view asks for ``exported`` first and else shows ``context``. Nothing here writes but the
access trail.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.tabular.writing import Sheet, Value, csv_lines, write_xlsx
from portal.core.templatetags.lodestone import figure
from reporting.queries import listings
from reporting.services import viewing

WORKBOOK_AT_MOST = 50_000

Cells = Callable[[Any], Sequence[Value]]


@dataclass(frozen=True)
class Listing:
    """One list: its name (of files and kept views), filters, rows, orders and what an export writes of a row."""

    name: str
    sentence: str | Promise  # "Findings that are"
    form: type[forms.Form]
    rows: Callable[[Actor, Mapping[str, Any]], QuerySet[Any]]
    orders: Mapping[str, tuple[str, ...]]  # the word in the address -> fields
    order: str  # the word by default
    header: Callable[[], Sequence[str]]
    cells: Cells
    defaults: Callable[[], Mapping[str, str]] = dict


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@dataclass(frozen=True)
class Asked:
    """What one request asks of a list: the filters in force, the order, the rows."""

    listing: Listing
    form: forms.Form
    filters: Mapping[str, Any]
    order: str
    rows: QuerySet[Any]
    query: QueryDict


def asked(request: HttpRequest, listing: Listing) -> Asked:
    """Read the filters; one that cannot be read filters nothing and says so at its field."""
    actor = actor_of(request)
    query = request.GET.copy()
    for name, value in listing.defaults().items():
        query.setdefault(name, value)
    form = listing.form(query)
    form.is_valid()
    filters = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    order = query.get("sort", "") if query.get("sort", "").lstrip("-") in listing.orders else listing.order
    rows = listing.rows(actor, filters).order_by(*_fields(listing, order))
    return Asked(listing, form, filters, order, rows, query)


def _fields(listing: Listing, order: str) -> list[str]:
    names = listing.orders[order.lstrip("-")]
    if order.startswith("-"):
        names = tuple(name[1:] if name.startswith("-") else f"-{name}" for name in names)
    return [*names, "pk"]


def context(request: HttpRequest, what: Asked) -> dict[str, Any]:
    """What a list's page shows around and in its table."""
    page = request.GET.get("page", "1")
    cut = listings.cut(what.rows, int(page) if page.isascii() and page.isdecimal() and len(page) < 9 else 1)
    return {
        "form": what.form,
        "keep": _kept(what),
        "sentence": what.listing.sentence,
        "chips": _chips(what),
        "clear_url": _address(what.query, **dict.fromkeys(what.listing.defaults(), "")),
        "rows": cut.rows,
        "shown": _shown(cut),
        "previous_url": _with(what.query, page=str(cut.page - 1)) if cut.page > 1 else "",
        "next_url": _with(what.query, page=str(cut.page + 1)) if cut.has_next else "",
        "csv_url": _with(what.query, format="csv", page=""),
        "xlsx_url": _with(what.query, format="xlsx", page=""),
        "listing_name": what.listing.name,
        "views": listings.saved_views(actor_of(request), what.listing.name),
        "here": request.GET.urlencode(),
        "kept_query": _plain_query(what.query),
        "filters": what.filters,
    }


def _shown(cut: listings.Slice) -> str:
    if not cut.rows:
        return ""
    values = {"first": figure(cut.first), "last": figure(cut.last), "all": figure(cut.total)}
    if cut.more:
        return _("%(first)s–%(last)s of more than %(all)s") % values
    return _("%(first)s–%(last)s of %(all)s") % values


def _kept(what: Asked) -> list[tuple[str, str]]:
    """What the filter bar carries along unseen: the order, and filters without a field of their own."""
    names = [item.name for item in what.form.hidden_fields()] + ["sort"]
    return [(name, str(what.query.get(name))) for name in names if what.query.get(name)]


def _chips(what: Asked) -> list[dict[str, str]]:
    """Each filter in force in words, and the address without it."""
    chips = []
    for name, value in what.filters.items():
        label = _label(what.form, name, value)
        if label:
            chips.append({"label": label, "url": _with(what.query, page="", **{name: ""})})
    return chips


def _label(form: forms.Form, name: str, value: Any) -> str:
    words = getattr(form, f"{name}_words", None)
    if words is not None:
        return str(words(value))
    for key, label in _flat(getattr(form.fields[name], "choices", [])):
        if str(key) == str(value):
            return str(label)
    return f"{form.fields[name].label}: {value}"


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def _with(query: QueryDict, **values: str) -> str:
    """The list's address with some values changed; an empty value stays, for it overrules a default."""
    changed = query.copy()
    changed.pop("format", None)
    for name, value in values.items():
        if name == "page" and not value:
            changed.pop("page", None)
        else:
            changed[name] = value
    return f"?{changed.urlencode()}"


def _address(query: QueryDict, **values: str) -> str:
    kept = {"sort": query["sort"]} if query.get("sort") else {}
    return f"?{urlencode({**values, **kept})}"


def _plain_query(query: QueryDict) -> str:
    plain = query.copy()
    for name in ("page", "format"):
        plain.pop(name, None)
    return plain.urlencode()


def exported(request: HttpRequest, what: Asked) -> HttpResponseBase | None:
    """The whole list as a file where the address asks for one; every row that matches, no cell a formula."""
    form = request.GET.get("format", "")
    if form not in {"csv", "xlsx"}:
        return None
    if form == "xlsx" and listings.count_up_to(what.rows, WORKBOOK_AT_MOST + 1) > WORKBOOK_AT_MOST:
        words = gettext_lazy("A workbook holds up to %(limit)s rows here. Take the CSV, or narrow the list.")
        raise Refused("too_many_rows", words, values={"limit": figure(WORKBOOK_AT_MOST)})
    viewing.list_exported(by=actor_of(request), listing=what.listing.name, form=form)
    rows = (what.listing.cells(row) for row in what.rows.iterator(chunk_size=2_000))
    header = what.listing.header()
    if form == "xlsx":
        return _workbook(what.listing.name, header, rows)
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{what.listing.name}.csv"'
    return response


def _workbook(name: str, header: Sequence[str], rows: Iterator[Sequence[Value]]) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it; it has no name and leaves nothing behind
    try:
        write_xlsx(file, [Sheet(name, header, rows)])
        file.seek(0)
    except BaseException:
        file.close()
        raise
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=kind)


def chosen(request: HttpRequest) -> list[int]:
    """The rows that were ticked, each once; never more than a few pages of them."""
    texts = request.POST.getlist("chosen")[:500]
    return sorted({int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19})


def back_to(url: str, request: HttpRequest) -> str:
    """The list as it was: its address with the filters and the page that the form brought along."""
    query = QueryDict(request.POST.get("here", "")[:2_000]).urlencode()
    return f"{url}?{query}" if query else url
