"""Customs: look up a licence, check an export, records and what is taken back, files for the days when the line is down."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from licensing.forms.customs import MOST, BatchForm, ExportCheckForm, TakeBackForm
from licensing.forms.declared import ITEM_MEMBERS, Reader, read_item
from licensing.queries.customs import checks_of, records_of
from licensing.queries.licences import balance, holds_on, uses_left, visible_licence
from licensing.services import batches, declarations, export_checks
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow
from portal.core.quantities import plain
from portal.core.tabular.isolation import read_safely
from portal.core.tabular.messages import fault_text
from portal.core.tabular.tables import TableSpec
from portal.core.tabular.writing import write_csv

PAGE = 50
SPEC = TableSpec("declarations", {name: name for name in ITEM_MEMBERS}, sheets=("declarations",))


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@allow(Permission.EXPORT_CHECK)
@require_safe
def customs_home(request: HttpRequest) -> HttpResponse:
    """A licence by its number, with what is left of it; below it the office's own checks."""
    number = request.GET.get("licence", "").strip()[:60]
    licence = visible_licence(_actor(request), number) if number else None
    context: dict[str, Any] = {
        "number": number,
        "licence": licence,
        "page_obj": Paginator(checks_of(_actor(request)), PAGE).get_page(request.GET.get("page")),
    }
    if licence is not None:
        context |= {
            "lines": balance(licence),
            "uses_left": uses_left(licence),
            "fault": holds_on(licence, clock.today()),
        }
    return render(request, "licensing/customs_home.html", context)


@allow(Permission.EXPORT_CHECK)
@require_http_methods(["GET", "HEAD", "POST"])
def customs_check(request: HttpRequest) -> HttpResponse:
    """Permit, hold or deny, by form: as a rehearsal, or for good."""
    form = ExportCheckForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        asked, good = form.asked()
        dry_run = request.POST.get("act") != "draw"
        context["answer"] = export_checks.check(by=_actor(request), asked=asked, good=good, dry_run=dry_run)
    return render(request, "licensing/customs_check.html", context, status=422 if form.errors else 200)


@allow(Permission.EXPORT_CHECK)
@require_http_methods(["GET", "HEAD", "POST"])
def customs_records(request: HttpRequest) -> HttpResponse:
    """The records of a declaration, and the form that takes an item back."""
    number = request.GET.get("declaration", "").strip()[:60]
    form = TakeBackForm(request.POST or None, initial={"declaration_no": number})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        key = (data["declaration_no"].strip(), data["item_no"])
        declarations.take_back(by=_actor(request), key=key, reason=data["reason"])
        messages.success(request, _("The item is taken back. It draws no licence any more."))
        return redirect("customs_records")
    context = {"number": number, "records": records_of(number) if number else [], "form": form}
    return render(request, "licensing/customs_records.html", context, status=422 if form.errors else 200)


@allow(Permission.EXPORT_CHECK)
@require_http_methods(["GET", "HEAD", "POST"])
def customs_batch(request: HttpRequest) -> HttpResponse:
    """A file of declarations in, the same rows with what became of them out."""
    form = BatchForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _results(batches.record_batch(by=_actor(request), rows=_rows(form.cleaned_data["file"])))
        except Refused as refusal:
            form.add_error("file", refusal.words())
    return render(request, "licensing/customs_batch.html", {"form": form}, status=422 if form.errors else 200)


def _rows(file: Any) -> list[batches.BatchRow]:
    """The rows of the file, each read by itself. Refused for a file that cannot be read."""
    reading = read_safely(file.read(), file.name, [SPEC])
    if reading.refusal is not None:
        raise Refused("unreadable_file", fault_text(reading.refusal).replace("%", "%%"), status=422)
    table = reading.tables.get(SPEC.name)
    if table is None or not len(table):
        raise Refused("no_rows", _("The file holds no declarations."), status=422)
    if len(table) > MOST:
        raise Refused(
            "too_many_rows", _("A file holds at most %(most)s items."), values={"most": MOST}, status=422
        )
    return [
        _row(number, dict(zip(table.columns, cells, strict=True)))
        for number, cells in zip(table.row_numbers, table.rows, strict=True)
    ]


def _row(number: int, cells: dict[str, str]) -> batches.BatchRow:
    reader = Reader(cells)
    item = read_item(reader, numbered=True)
    faults = tuple((fault.name, fault.code) for fault in reader.faults)
    return batches.BatchRow(number, None if faults else item, faults)


def _results(results: list[dict[str, Any]]) -> HttpResponse:
    body = io.BytesIO()
    rows = [
        [
            plain(value) if name == "balance_kg" and value is not None else value
            for name, value in result.items()
        ]
        for result in results
    ]
    write_csv(body, batches.RESULT_COLUMNS, rows, for_excel=True)
    answer = HttpResponse(body.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="declarations-results.csv"'
    return answer
