"""Pages of an organisation's filings: the list, a filing, beginning, handing over, throwing away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.months import Month
from portal.core.permissions import Permission, allow
from portal.core.templatetags.lodestone import month as month_words
from reporting.forms.drafts import ExplanationForm, StartForm
from reporting.models import FilingStatus
from reporting.queries import filing_lists
from reporting.queries.draft_lines import page_rows
from reporting.queries.filed import parties_of
from reporting.queries.filing_pages import (
    badge_code,
    balances_in_words,
    count_faults,
    newest_filed,
    shown_faults,
)
from reporting.queries.filings import versions_of, visible_filing
from reporting.queries.licence_balances import licences_in_words
from reporting.queries.line_words import LABELS, shown_cells
from reporting.queries.obligations import duty_of
from reporting.services import drafts
from reporting.services.checking import balances_of, faults_of

FAULTS_SHOWN = 100


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@allow(Permission.FILING_VIEW)
@require_safe
def filing_list(request: HttpRequest) -> HttpResponse:
    """The year's months and what is owed for each; every version filed or begun."""
    actor = actor_of(request)
    years = filing_lists.years_of(actor.organisation)
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one) == asked), None) or (
        years[0] if years else clock.today().year
    )
    tiles = filing_lists.tiles_of(actor, actor.organisation, year, clock.now())
    duties = [tile.duty for tile in tiles]
    context = {
        "year": year,
        "tabs": [
            {"label": str(one), "url": f"?year={one}", "current": one == year, "count": None} for one in years
        ],
        "tiles": tiles,
        "filings": filing_lists.listed_filings(actor, actor.organisation, year, duties),
        "owed": next((tile for tile in tiles if tile.now), None),
    }
    return render(request, "reporting/filing_list.html", context)


@allow(Permission.FILING_PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def filing_start(request: HttpRequest) -> HttpResponse:
    """Choose from what to begin; the month comes with the link."""
    actor = actor_of(request)
    form = StartForm(request.POST or None, initial={"period": request.GET.get("period", ""), "how": "last"})
    if request.method == "POST" and form.is_valid():
        period, from_last = form.cleaned_data["period"], form.cleaned_data["how"] == "last"
        filing = drafts.start(by=actor, organisation=actor.organisation, period=period, from_last=from_last)
        return redirect("filing_edit", filing.pk)
    period = _period(form["period"].value() or "")
    if period is None:
        return redirect("filing_list")
    duty = duty_of(actor.organisation, period, clock.now())
    context = {"form": form, "period": period, "duty": duty}
    return render(request, "reporting/filing_start.html", context, status=422 if form.errors else 200)


def _period(text: str) -> Month | None:
    try:
        return Month.parse(str(text))
    except ValueError:
        return None


@allow(Permission.FILING_VIEW)
@require_safe
def filing_view(request: HttpRequest, filing_id: int) -> HttpResponse:
    """One version as the organisation sees it: what to do next, faults, balances, lines, versions."""
    actor = actor_of(request)
    filing = visible_filing(actor, filing_id)
    faults = shown_faults(filing, faults_of(filing))
    page = request.GET.get("page", "1")
    rows, number, pages = page_rows(
        filing, int(page) if page.isascii() and page.isdecimal() and len(page) < 10 else 1
    )
    versions = list(versions_of(filing))
    context = {
        "filing": filing,
        "badge": badge_code(filing, newest_filed(versions)),
        "duty": duty_of(filing.organisation, filing.period, clock.now()),
        "faults": faults[:FAULTS_SHOWN],
        "faults_left": max(0, len(faults) - FAULTS_SHOWN),
        "counts": count_faults(faults),
        "balances": balances_in_words(balances_of(filing)),
        "licences": licences_in_words(filing),
        "parties": [] if filing.is_open else list(parties_of(filing).values()),
        "columns": LABELS,
        "rows": [shown_cells(row) for row in rows],
        "page": number,
        "pages": pages,
        "versions": [(version, badge_code(version, newest_filed(versions))) for version in versions],
        "uploads": filing.uploads.select_related("document", "by")[:10],
        "may_edit": filing.status == FilingStatus.DRAFT and actor.may(Permission.FILING_PREPARE),
        "may_sign": actor.may(Permission.FILING_SIGN),
    }
    return render(request, "reporting/filing_view.html", context)


@allow(Permission.FILING_PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def filing_discard(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Throw a draft away, after it was asked once."""
    actor = actor_of(request)
    filing = visible_filing(actor, filing_id)
    if request.method == "POST":
        drafts.discard(by=actor, filing_id=filing_id)
        words = _("The draft for %(month)s was thrown away.") % {"month": month_words(filing.period)}
        messages.success(request, words)
        return redirect("filing_list")
    return render(request, "reporting/filing_discard.html", {"filing": filing})


@allow(Permission.FILING_PREPARE)
@require_POST
def filing_hand_over(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Give the draft to the certifier."""
    actor = actor_of(request)
    visible_filing(actor, filing_id)
    drafts.hand_over(by=actor, filing_id=filing_id, revision=_revision(request))
    messages.success(
        request, _("The filing is with the certifier now. You can take it back until it is signed.")
    )
    return redirect("filing_view", filing_id)


def _revision(request: HttpRequest) -> int:
    """The revision that the page was drawn from; one that is no number is never the latest."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


@allow(Permission.FILING_PREPARE, Permission.FILING_SIGN)
@require_POST
def filing_take_back(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Make a draft of it again."""
    actor = actor_of(request)
    visible_filing(actor, filing_id)
    drafts.take_back(by=actor, filing_id=filing_id)
    messages.success(request, _("The filing is a draft again and can be changed."))
    return redirect("filing_edit" if actor.may(Permission.FILING_PREPARE) else "filing_view", filing_id)


@allow(Permission.FILING_PREPARE)
@require_POST
def filing_explain(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Keep an explanation with the filing."""
    actor = actor_of(request)
    visible_filing(actor, filing_id)
    form = ExplanationForm(request.POST)
    if not form.is_valid():
        raise Refused("explanation_empty", _("Write why the figures are right as they stand."), status=422)
    drafts.explain(by=actor, filing_id=filing_id, **form.cleaned_data)
    messages.success(request, _("Your explanation is kept with the filing."))
    return redirect("filing_view", filing_id)


@allow(Permission.FILING_PREPARE)
@require_POST
def filing_reread(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Read codes again that were typed before their records existed."""
    actor = actor_of(request)
    visible_filing(actor, filing_id)
    count = drafts.reread(by=actor, filing_id=filing_id)
    messages.success(request, _("Codes that are in your lists now: %(count)s.") % {"count": count})
    return redirect("filing_edit", filing_id)


@allow(Permission.FILING_PREPARE)
@require_POST
def filing_remove_blank(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Take out the lines that were offered and not filled in."""
    actor = actor_of(request)
    visible_filing(actor, filing_id)
    drafts.remove_blank(by=actor, filing_id=filing_id, revision=_revision(request))
    messages.success(request, _("The lines without a figure are gone."))
    return redirect("filing_edit", filing_id)
