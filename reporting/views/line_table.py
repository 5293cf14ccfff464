"""The lines of a draft: the grid's door, and the same table as a plain form."""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.errors import Refused
from portal.core.permissions import Permission, allow
from reporting.forms.drafts import LineTable, operations_of, posted_lines
from reporting.models import Filing, FilingStatus
from reporting.queries.draft_lines import (
    PAGE,
    all_rows,
    blank_lines,
    line_numbers,
    page_of_line,
    page_rows,
    some_rows,
)
from reporting.queries.filing_pages import ShownFault, balances_in_words, count_faults, shown_faults
from reporting.queries.filings import visible_filing
from reporting.queries.licence_balances import licences_in_words
from reporting.queries.line_words import choices_of, grid_columns
from reporting.queries.vocabularies import codes_known_now
from reporting.services import drafts
from reporting.services.checking import balances_of, faults_of
from reporting.views.drafts import actor_of

LINES_IN_CONFLICT = 1_000  # a stale answer carries all lines up to here; beyond, the page fetches them itself


@allow(Permission.FILING_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def filing_lines(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Everything the grid shows; or take its operations."""
    filing = visible_filing(actor_of(request), filing_id)
    if request.method == "POST":
        return _take_operations(request, filing)
    answer = {
        "revision": filing.revision,
        "columns": grid_columns(filing.organisation_id),
        "lines": _lines(filing),
        "saved_at": _instant(filing),
        **_state(filing),
    }
    return JsonResponse(answer)


def _take_operations(request: HttpRequest, filing: Filing) -> JsonResponse:
    try:
        asked = json.loads(request.body)
        revision, client = int(asked["revision"]), str(asked.get("client", ""))
        ops = asked["ops"]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        words = _("The page sent something that is no change of lines. Load the page again.")
        return JsonResponse({"code": "not_operations", "message": words}, status=422)
    try:
        saved = drafts.apply_ops(
            by=actor_of(request),
            filing_id=filing.pk,
            revision=revision,
            ops=ops,
            client=client,
            source="form",
        )
    except drafts.Stale as stale:
        return _stale(filing, stale)
    except Refused as refused:
        answer = {"code": refused.code, "message": refused.words()}
        return JsonResponse(answer, status=422 if refused.status == 409 else refused.status)
    return JsonResponse(
        {"revision": saved.revision, "saved_at": saved.saved_at.isoformat(), **_state(filing)}
    )


def _stale(filing: Filing, stale: drafts.Stale) -> JsonResponse:
    filing.refresh_from_db()
    answer: dict[str, Any] = {"code": stale.code, "message": stale.words(), "changed": stale.changed}
    answer["revision"] = filing.revision
    if filing.line_count <= LINES_IN_CONFLICT:
        answer["lines"] = _lines(filing)
    return JsonResponse(answer, status=409)


def _lines(filing: Filing) -> list[dict[str, Any]]:
    return [{"line_no": number, "cells": cells} for number, cells in all_rows(filing)]


def _instant(filing: Filing) -> str | None:
    return filing.saved_at.isoformat() if filing.saved_at else None


def _state(filing: Filing) -> dict[str, Any]:
    """What the checks say now, and the balances."""
    faults = [fault.as_json() for fault in shown_faults(filing, faults_of(filing))]
    return {
        "faults": faults,
        "balances": balances_in_words(balances_of(filing)),
        "licences": licences_in_words(filing),
    }


@allow(Permission.FILING_VIEW)
@require_safe
def filing_faults(request: HttpRequest, filing_id: int) -> HttpResponse:
    """What the checks say of the filing as it stands, and its balances."""
    filing = visible_filing(actor_of(request), filing_id)
    return JsonResponse({"revision": filing.revision, **_state(filing)})


@allow(Permission.FILING_PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def filing_edit(request: HttpRequest, filing_id: int) -> HttpResponse:
    """The lines to type in: a grid, or fifty at a time as labelled inputs."""
    filing = visible_filing(actor_of(request), filing_id)
    if filing.status != FilingStatus.DRAFT:
        return redirect("filing_view", filing_id)
    if request.method == "POST":
        return _save_table(request, filing)
    return _table_page(request, filing, {}, frozenset())


def _whole(text: str, otherwise: int = 0) -> int:
    """A whole number from an address or a form; what is none is ``otherwise``."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


def _page_number(request: HttpRequest, filing: Filing) -> int:
    line = _whole(request.GET.get("line", ""))
    return page_of_line(filing, line) if line else _whole(request.GET.get("page", ""), 1)


def _table_page(
    request: HttpRequest,
    filing: Filing,
    posted: dict[int, dict[str, str]],
    changed: frozenset[int],
    refusal: str = "",
) -> HttpResponse:
    rows, number, pages = page_rows(filing, _page_number(request, filing))
    faults = shown_faults(filing, faults_of(filing))
    context = {
        "filing": filing,
        "form_key": secrets.token_hex(12),
        "next_line": max([*line_numbers(filing), *posted, 0]) + 1,
        "table": LineTable(rows, _by_cell(faults), posted, changed),
        "page": number,
        "pages": pages,
        "faults": faults[:PAGE],
        "counts": count_faults(faults),
        "balances": balances_in_words(balances_of(filing)),
        "licences": licences_in_words(filing),
        "choices": choices_of(filing.organisation_id),
        "blank": len(blank_lines(filing)),
        "known_now": codes_known_now(filing),
        "refusal": refusal,
    }
    return render(request, "reporting/filing_edit.html", context, status=409 if refusal else 200)


def _by_cell(faults: list[ShownFault]) -> dict[tuple[int, str], list[str]]:
    """Messages by line and column; a line's own faults under an empty column."""
    placed: dict[tuple[int, str], list[str]] = {}
    for fault in faults:
        if fault.line_no is not None and not fault.explained:
            placed.setdefault((fault.line_no, fault.column), []).append(fault.message)
    return placed


def _save_table(request: HttpRequest, filing: Filing) -> HttpResponse:
    posted = posted_lines(request.POST)
    action, _colon, argument = request.POST.get("action", "save").partition(":")
    number = _whole(argument)
    operations = operations_of(posted, some_rows(filing, posted))
    target = number or None
    if action == "delete" and number in posted:
        operations = [op for op in operations if op["line_no"] != number]
        operations.append({"op": "delete", "line_no": number})
        target = None
    elif action in {"add", "copy"}:
        target = _whole(request.POST.get("next_line", "")) or max([*line_numbers(filing), *posted, 0]) + 1
        operations.append(
            {"op": "insert", "line_no": target, "cells": posted.get(number, {}) if action == "copy" else {}}
        )
    try:
        drafts.apply_ops(
            by=actor_of(request),
            filing_id=filing.pk,
            revision=_whole(request.POST.get("revision", ""), -1),
            ops=operations,
            client=request.POST.get("form_key", ""),
        )
    except drafts.Stale as stale:
        filing.refresh_from_db()
        changed = frozenset(posted if stale.changed is None else stale.changed)
        return _table_page(request, filing, posted, changed, refusal=stale.words())
    messages.success(request, _("Saved."))
    address = reverse("filing_edit", args=[filing.pk])
    if target:
        return redirect(f"{address}?line={target}#line-{target}")
    return redirect(f"{address}?page={request.GET.get('page', '1')}")
