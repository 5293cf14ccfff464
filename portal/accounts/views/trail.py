"""The trail as people read it: their organisation's own, and all of it for auditors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.accounts import trail_words
from portal.accounts.forms.members import TrailForm
from portal.accounts.queries import trail
from portal.audit.models import Event
from portal.audit.queries import head, verify
from portal.core.permissions import Permission, allow
from portal.core.tabular.writing import csv_lines

VERIFIED_AT_ONCE = 200_000  # more events than this are verified by ``manage.py verify-trail``


@allow(Permission.OWN_TRAIL_VIEW)
def own_trail(request: HttpRequest) -> HttpResponseBase:
    """Who did what in one's organisation, and who at the regulator looked at identities."""
    organisation_id = request.actor.organisation_id  # type: ignore[attr-defined]
    return _answer(request, organisation_id, "accounts/trail_own.html", {})


@allow(Permission.TRAIL_VIEW)
def whole_trail(request: HttpRequest) -> HttpResponseBase:
    """Everything that was done, and whether the chain holds."""
    state = head()
    context: dict[str, Any] = {"head": state, "can_verify": state.sealed <= VERIFIED_AT_ONCE}
    if "verify" in request.GET and context["can_verify"]:
        context["verification"] = verify()
    return _answer(request, None, "accounts/trail_all.html", context)


def _answer(
    request: HttpRequest, organisation_id: int | None, template: str, more: dict[str, Any]
) -> HttpResponseBase:
    form = TrailForm(request.GET)
    wanted = form.wanted(organisation_id)
    if request.GET.get("format") == "csv":
        return _download(wanted)
    page = trail.page(wanted, before=_number(request, "before"), after=_number(request, "after"))
    names = trail.organisation_names(page.events)
    context = {
        "form": form,
        "lines": [_line(event, names) for event in page.events],
        "older_url": _cursor(request, "before", page.older),
        "newer_url": _cursor(request, "after", page.newer),
        "csv_url": _with(request, format="csv"),
        **more,
    }
    return render(request, template, context)


def _line(event: Event, names: dict[int, str]) -> dict[str, Any]:
    return {
        "event": event,
        "title": trail_words.title(event.verb),
        "details": trail_words.details(event.data),
        "where": names.get(event.actor_organisation_id or 0, ""),
        "whose": names.get(event.organisation_id or 0, ""),
    }


def _number(request: HttpRequest, name: str) -> int | None:
    written = request.GET.get(name, "")
    return int(written) if written.isdecimal() and len(written) < 19 else None


def _with(request: HttpRequest, **values: str) -> str:
    query = request.GET.copy()
    for cursor in ("before", "after", "format", "verify"):
        query.pop(cursor, None)
    query.update(values)
    return f"?{query.urlencode()}"


def _cursor(request: HttpRequest, name: str, number: int | None) -> str:
    return "" if number is None else _with(request, **{name: str(number)})


def _download(wanted: trail.Wanted) -> HttpResponseBase:
    heading = [
        _("Number"),
        _("Time"),
        _("Person"),
        _("Verb"),
        _("What"),
        _("About"),
        _("Number of it"),
        _("Values"),
    ]
    response = StreamingHttpResponse(
        csv_lines(heading, _rows(wanted)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="trail.csv"'
    return response


def _rows(wanted: trail.Wanted) -> Iterator[list[Any]]:
    for event in trail.stream(wanted):
        values = json.dumps(event.data, ensure_ascii=False, sort_keys=True)
        title = trail_words.title(event.verb)
        yield [
            event.pk, event.at, event.actor_name, event.verb, title, event.subject_type, event.subject_id, values
        ]  # fmt: skip
