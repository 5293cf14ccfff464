"""Sweeps: what was run, how far one is, and starting one."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.permissions import Permission, allow
from portal.core.tabular.writing import Value
from reporting.forms.filters import SweepFilter
from reporting.forms.review import SweepForm
from reporting.models import Sweep
from reporting.queries import sweep_pages
from reporting.services import sweep_orders
from reporting.services.sweeps import span
from reporting.views import listing
from reporting.views.listing import actor_of


def _cells(row: Sweep) -> Sequence[Value]:
    return (
        row.pk,
        str(row.from_period),
        str(row.to_period),
        row.as_of,
        row.cause,
        row.state,
        row.started_at,
        row.finished_at,
        row.filings,
        row.lines,
        row.opened,
        row.reopened,
        row.closed,
        row.unchanged,
    )


LISTING = listing.Listing(
    name="sweeps",
    sentence=gettext_lazy("Sweeps that were"),
    form=SweepFilter,
    rows=sweep_pages.sweeps,
    orders={"started": ("-started_at",)},
    order="started",
    header=lambda: [
        _("Number"),
        _("First month"),
        _("Last month"),
        _("As of"),
        _("Cause"),
        _("State"),
        _("Started"),
        _("Finished"),
        _("Filings"),
        _("Lines"),
        _("Opened"),
        _("Opened again"),
        _("Mended"),
        _("Unchanged"),
    ],
    cells=_cells,
)


@allow(Permission.SUPERVISE)
@require_safe
def sweep_list(request: HttpRequest) -> HttpResponseBase:
    """Every sweep, the latest first."""
    what = listing.asked(request, LISTING)
    if (file := listing.exported(request, what)) is not None:
        return file
    context = listing.context(request, what) | {"may_start": actor_of(request).may(Permission.SWEEP_START)}
    return render(request, "reporting/sweep_list.html", context)


@allow(Permission.SWEEP_START)
@require_http_methods(["GET", "HEAD", "POST"])
def sweep_start(request: HttpRequest) -> HttpResponse:
    """Choose the months and have every check run over them; by default all on record."""
    months = span()
    initial = {} if months is None else {"first": str(months[0]), "last": str(months[1])}
    form = SweepForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        sweep = sweep_orders.order(by=actor_of(request), first=first, last=last)
        messages.success(request, _("The sweep has begun. You can leave this page; the workers go on."))
        return redirect("sweep_view", sweep.pk)
    return render(request, "reporting/sweep_start.html", {"form": form}, status=422 if form.errors else 200)


@allow(Permission.SUPERVISE)
@require_safe
def sweep_view(request: HttpRequest, sweep_id: int) -> HttpResponse:
    """One sweep: how far it is and what it found. The part that moves is asked for again by the page."""
    context = {"progress": sweep_pages.progress_of(sweep_id)}
    if request.headers.get("HX-Request"):
        return render(request, "reporting/_sweep_progress.html", context)
    return render(request, "reporting/sweep_view.html", context)
