"""Findings: the regulator's queue and page, and an organisation's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow
from portal.core.tabular.writing import Value
from reporting.forms.filters import FindingFilter
from reporting.forms.review import AskForm, DecisionForm
from reporting.models import Finding
from reporting.queries import drawings, finding_lists, finding_pages, precision
from reporting.queries.names_beside import names_beside
from reporting.queries.reviewing import reviewers
from reporting.queries.wording import title_of
from reporting.services import findings as services
from reporting.services import review, viewing
from reporting.views import listing
from reporting.views.listing import actor_of
from reporting.views.review import assignee

PAGE = 50


def _cells(finding: Finding) -> Sequence[Value]:
    return (
        finding.score,
        finding.check_code,
        title_of(finding.check_code),
        finding.severity,
        finding.queue,
        finding.state,
        finding.organisation.uscc,
        finding.organisation.name_zh,
        finding.organisation.name_en,
        str(finding.period),
        ";".join(str(number) for number in finding.line_nos),
        finding_lists.words_in_list(finding),
        finding.first_seen,
        finding.assigned_to.label if finding.assigned_to else "",
    )


LISTING = listing.Listing(
    name="findings",
    sentence=gettext_lazy("Findings that are"),
    form=FindingFilter,
    rows=finding_lists.findings_to_review,
    orders={
        "score": ("-score", "-period"),
        "check": ("check_code",),
        "organisation": ("organisation__name_en", "organisation__name_zh"),
        "period": ("period",),
        "seen": ("first_seen",),
    },
    order="score",
    header=lambda: [
        _("Urgency"),
        _("Check"),
        _("Title"),
        _("Severity"),
        _("Queue"),
        _("State"),
        _("Unified social credit code"),
        _("Chinese name"),
        _("English name"),
        _("Reporting month"),
        _("Lines"),
        _("What was found"),
        _("First seen"),
        _("Assigned to"),
    ],
    cells=_cells,
    defaults=lambda: {"state": "open"},
)


@allow(Permission.SUPERVISE)
@require_safe
def finding_list(request: HttpRequest) -> HttpResponseBase:
    """Findings that wait for a decision, the most urgent first; any others by the filters."""
    what = listing.asked(request, LISTING)
    if (file := listing.exported(request, what)) is not None:
        return file
    context = listing.context(request, what)
    context["findings"] = finding_lists.listed(context["rows"])
    context |= {"may_review": actor_of(request).may(Permission.REVIEW), "reviewers": reviewers()}
    return render(request, "reporting/finding_list.html", context)


def _confirm(actor: Actor, chosen: list[int], reason: str) -> str:
    count = services.confirm(by=actor, finding_ids=chosen, reason=reason)
    return ngettext("%(count)s finding confirmed.", "%(count)s findings confirmed.", count) % {"count": count}


def _dismiss(actor: Actor, chosen: list[int], reason: str) -> str:
    count = services.dismiss(by=actor, finding_ids=chosen, reason=reason)
    return ngettext("%(count)s finding dismissed.", "%(count)s findings dismissed.", count) % {"count": count}


def _explain(actor: Actor, chosen: list[int], reason: str) -> str:
    count = services.explain_finding(by=actor, finding_ids=chosen, reason=reason)
    return ngettext("%(count)s finding explained.", "%(count)s findings explained.", count) % {"count": count}


def _reopen(actor: Actor, chosen: list[int], reason: str) -> str:
    count = services.reopen(by=actor, finding_ids=chosen, reason=reason)
    return ngettext("%(count)s finding open again.", "%(count)s findings open again.", count) % {
        "count": count
    }


MOVES: dict[str, Callable[[Actor, list[int], str], str]] = {
    "confirm": _confirm,
    "dismiss": _dismiss,
    "explain": _explain,
    "reopen": _reopen,
}


@allow(Permission.REVIEW)
@require_POST
def finding_decide(request: HttpRequest) -> HttpResponse:
    """What was chosen in the list or on a page: decide with one reason, or give to a reviewer. All of it or nothing."""
    actor, action, chosen = actor_of(request), request.POST.get("action", ""), listing.chosen(request)
    one = request.POST.get("from") == "page" and len(chosen) == 1
    back = reverse("finding_view", args=chosen) if one else listing.back_to(reverse("finding_list"), request)
    if not chosen:
        messages.error(request, _("Choose at least one finding first."))
        return redirect(back)
    try:
        if action in MOVES:
            words = MOVES[action](actor, chosen, request.POST.get("reason", ""))
        else:
            count = services.assign(by=actor, finding_ids=chosen, to=assignee(request, action))
            words = ngettext("%(count)s finding changed hands.", "%(count)s findings changed hands.", count)
            words %= {"count": count}
        messages.success(request, words)
    except Refused as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, refusal.words())
    return redirect(back)


@allow(Permission.SUPERVISE)
@require_safe
def finding_view(request: HttpRequest, finding_id: int) -> HttpResponse:
    """One finding: its figures, its lines, what was asked and decided."""
    actor = actor_of(request)
    finding = finding_lists.any_finding(finding_id)
    page = finding_pages.page_of(finding)
    if page.shows_identities:
        viewing.identities_viewed(
            by=actor,
            organisation_id=finding.organisation_id,
            subject=("finding", finding.pk),
            data={"period": str(finding.period), "code": finding.check_code},
        )
    context = {"finding": finding, "page": page, "may_review": actor.may(Permission.REVIEW)}
    context |= {"chart": drawings.chart_of(finding), "names": names_beside(finding)}
    context |= _for_reviewers(actor, finding)
    return render(request, "reporting/finding_view.html", context)


def _for_reviewers(actor: Actor, finding: Finding) -> dict[str, Any]:
    if not actor.may(Permission.REVIEW):
        return {}
    return {"form": DecisionForm(), "moves": finding_pages.moves_of(finding), "reviewers": reviewers()}


@allow(Permission.SUPERVISE)
@require_safe
def check_precision(request: HttpRequest) -> HttpResponse:
    """How often each check was right, by what officers decided."""
    return render(request, "reporting/check_precision.html", {"checks": precision.precisions()})


@allow(Permission.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def finding_ask(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Ask the organisation about a finding."""
    actor = actor_of(request)
    finding = finding_lists.any_finding(finding_id)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            review.ask_about_finding(by=actor, finding_id=finding.pk, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("text", refusal.words())
        else:
            messages.success(request, _("The question is on its way. The answer comes back to you."))
            return redirect("finding_view", finding.pk)
    context = {"finding": finding, "title": title_of(finding.check_code), "form": form}
    return render(request, "reporting/finding_ask.html", context, status=422 if form.errors else 200)


@allow(Permission.FILING_VIEW)
@require_safe
def own_finding_list(request: HttpRequest) -> HttpResponse:
    """What was found about one's own filings, what still waits first."""
    page = Paginator(finding_lists.own_findings(actor_of(request)), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "findings": finding_pages.own_listed(page)}
    return render(request, "reporting/finding_own_list.html", context)


@allow(Permission.FILING_VIEW)
@require_safe
def own_finding_view(request: HttpRequest, finding_id: int) -> HttpResponse:
    """One of them: what it says, what would clear it, where to mend or answer it."""
    actor = actor_of(request)
    finding = finding_lists.own_finding(actor, finding_id)
    filing = finding_lists.filing_in_force_of(finding)
    context = {
        "finding": finding,
        "page": finding_pages.own_page_of(finding),
        "filing": filing,
        "may_amend": actor.may(Permission.FILING_PREPARE) or actor.may(Permission.FILING_SIGN),
        "may_answer": actor.may(Permission.QUESTION_ANSWER),
        "may_file": actor.may(Permission.FILING_PREPARE),
    }
    return render(request, "reporting/finding_own.html", context)
