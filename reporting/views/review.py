"""The queue of filings and one filing in review: reading for all of the regulator, deciding for reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.errors import Refused
from portal.core.permissions import Permission, allow
from portal.core.tabular.writing import Value
from reporting.forms.filters import FilingFilter
from reporting.forms.review import AskForm, ReturnForm
from reporting.models import Filing
from reporting.queries import review_pages
from reporting.queries.filings import visible_filing
from reporting.queries.reviewing import filings_to_review, reviewers, waiting_findings
from reporting.services import review
from reporting.views import listing
from reporting.views.filing_parts import PARTS, part_context
from reporting.views.listing import actor_of


def _cells(filing: Filing) -> Sequence[Value]:
    return (
        filing.organisation.uscc,
        filing.organisation.name_zh,
        filing.organisation.name_en,
        str(filing.period),
        filing.version,
        filing.status,
        filing.nil,
        filing.line_count,
        filing.submitted_at,
        filing.on_time,
        filing.receipt_no,
        filing.reviewer.label if filing.reviewer else "",
        filing.decided_at,
    )


LISTING = listing.Listing(
    name="filings",
    sentence=gettext_lazy("Filings that are"),
    form=FilingFilter,
    rows=filings_to_review,
    orders={
        "submitted": ("submitted_at",),
        "organisation": ("organisation__name_en", "organisation__name_zh"),
        "period": ("period",),
        "lines": ("line_count",),
    },
    order="submitted",
    header=lambda: [
        _("Unified social credit code"),
        _("Chinese name"),
        _("English name"),
        _("Reporting month"),
        _("Version"),
        _("State"),
        _("Nil return"),
        _("Lines"),
        _("Submitted at"),
        _("On time"),
        _("Receipt"),
        _("Reviewer"),
        _("Decided on"),
    ],
    cells=_cells,
    defaults=lambda: {"state": "submitted"},
)


@allow(Permission.SUPERVISE)
@require_safe
def review_list(request: HttpRequest) -> HttpResponseBase:
    """Filings that wait for review, the oldest first; any others by the filters."""
    what = listing.asked(request, LISTING)
    if (file := listing.exported(request, what)) is not None:
        return file
    context = listing.context(request, what)
    waiting = waiting_findings(context["rows"])
    context["filings"] = [(filing, waiting.get(filing.pk, 0)) for filing in context["rows"]]
    context |= {"may_review": actor_of(request).may(Permission.REVIEW), "reviewers": reviewers()}
    return render(request, "reporting/review_list.html", context)


@allow(Permission.REVIEW)
@require_POST
def review_decide(request: HttpRequest) -> HttpResponse:
    """What was chosen in the list: accept, or give to a reviewer. All of it or nothing."""
    back, chosen = listing.back_to(reverse("review_list"), request), listing.chosen(request)
    actor, action = actor_of(request), request.POST.get("action", "")
    if not chosen:
        messages.error(request, _("Choose at least one filing first."))
        return redirect(back)
    try:
        if action == "accept":
            count = review.accept(by=actor, filing_ids=chosen)
            words = ngettext("%(count)s filing accepted.", "%(count)s filings accepted.", count)
        else:
            count = review.assign(by=actor, filing_ids=chosen, to=assignee(request, action))
            words = ngettext("%(count)s filing changed hands.", "%(count)s filings changed hands.", count)
        messages.success(request, words % {"count": count})
    except Refused as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, refusal.words())
    return redirect(back)


def assignee(request: HttpRequest, action: str) -> int | None:
    """To whom work is given: oneself, or the person chosen; nobody where none is."""
    if action == "assign_me":
        return actor_of(request).user_id
    text = request.POST.get("to", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@allow(Permission.SUPERVISE)
@require_safe
def review_view(request: HttpRequest, filing_id: int) -> HttpResponse:
    """One filing: what was found, its lines, its balances, what was asked, its history."""
    actor = actor_of(request)
    filing = visible_filing(actor, filing_id)
    part = request.GET.get("part", "")
    part = part if part in PARTS else "overview"
    context = frame(request, filing, part) | part_context(request, filing, part)
    return render(request, f"reporting/review_{part}.html", context)


def frame(request: HttpRequest, filing: Filing, part: str) -> dict[str, Any]:
    """What stands above every part of a filing's page."""
    actor = actor_of(request)
    url = reverse("review_view", args=[filing.pk])
    newer = review_pages.newer_version(filing)
    tabs = [
        {"label": label, "url": url if name == "overview" else f"{url}?part={name}", "current": name == part}
        for name, label in PARTS.items()
    ]
    may_review = actor.may(Permission.REVIEW)
    return {
        "filing": filing,
        "tabs": tabs,
        "newer": newer,
        "badge": "superseded" if newer and filing.is_filed else filing.status,
        "may_review": may_review,
        "may_decide": may_review and newer is None and filing.is_filed,
        "reviewers": reviewers() if may_review else [],
    }


@allow(Permission.REVIEW)
@require_POST
def review_start(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Take a filing in hand."""
    review.start_review(by=actor_of(request), filing_id=filing_id)
    messages.success(request, _("The review has begun. From now on the filing cannot be withdrawn."))
    return redirect("review_view", filing_id)


@allow(Permission.REVIEW)
@require_POST
def review_assign(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Give one filing to a reviewer."""
    to = assignee(request, request.POST.get("action", ""))
    review.assign(by=actor_of(request), filing_ids=[filing_id], to=to)
    messages.success(request, _("The filing changed hands.") if to else _("The filing is nobody's now."))
    return redirect("review_view", filing_id)


@allow(Permission.REVIEW)
@require_POST
def review_accept(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Accept one filing."""
    review.accept(by=actor_of(request), filing_ids=[filing_id])
    messages.success(request, _("The filing is accepted."))
    return redirect("review_view", filing_id)


@allow(Permission.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def review_return(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Give one filing back, with the reason."""
    actor = actor_of(request)
    filing = visible_filing(actor, filing_id)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            review.return_(by=actor, filing_id=filing.pk, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error("reason", refusal.words())
        else:
            messages.success(
                request, _("The filing is returned. The organisation is told the reason by mail.")
            )
            return redirect("review_view", filing.pk)
    context = {"filing": filing, "form": form}
    return render(request, "reporting/review_return.html", context, status=422 if form.errors else 200)


@allow(Permission.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def review_ask(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Ask about a filing or one of its lines (?line=), perhaps because of a finding (?finding=)."""
    actor = actor_of(request)
    filing = visible_filing(actor, filing_id)
    line_no, finding_id = _number(request, "line"), _number(request, "finding")
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = {"text": form.cleaned_data["text"], "due_on": form.cleaned_data["due_on"]}
            review.ask(by=actor, filing_id=filing.pk, line_no=line_no, finding_id=finding_id, **asked)
        except Refused as refusal:
            form.add_error("text", refusal.words())
        else:
            messages.success(request, _("The question is on its way. The answer comes back to you."))
            return redirect(f"{reverse('review_view', args=[filing.pk])}?part=questions")
    line = review_pages.line_of(filing, line_no) if line_no is not None else None
    context = {"filing": filing, "form": form, "line": line, "finding_id": finding_id}
    return render(request, "reporting/review_ask.html", context, status=422 if form.errors else 200)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
