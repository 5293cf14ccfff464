"""The office's pages: queues, one case in parts, what is done with it before it is recommended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licensing.forms.casework import AdviceForm, AskForm, CaseFilter, HitForm
from licensing.models import Application, Flag, FlagCode, RequestState
from licensing.queries import applications as reading
from licensing.queries import cases as queries
from licensing.queries.clocks import clock_for, clocks_for, outlook_of
from licensing.queries.hits import hit_of
from licensing.queries.precedents import precedents_of
from licensing.queries.rejudgements import rejudged
from licensing.queries.screening import shown_hits
from licensing.queries.statistics import time_taken
from licensing.services import cases, evidence, flags, requests, routing, screening, submitting
from licensing.services.viewing import application_viewed
from licensing.views.applications import number_in
from licensing.views.frames import actor_of
from portal.core import clock
from portal.core.clock import end_of_day
from portal.core.errors import Refused
from portal.core.months import Month
from portal.core.permissions import Permission, allow
from portal.core.reasons import ReasonForm

PAGE = 50
PARTS = {
    "overview": gettext_lazy("Overview"),
    "goods": gettext_lazy("Goods"),
    "parties": gettext_lazy("Parties and screening"),
    "papers": gettext_lazy("Papers"),
    "requests": gettext_lazy("Requests"),
    "decision": gettext_lazy("Decision"),
    "history": gettext_lazy("History"),
}
MONTHS = 12


@allow(Permission.SUPERVISE)
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """The queues, and the cases that fit the filters: those that wait longest first."""
    query = request.GET.copy()
    query.setdefault("state", "open")
    form = CaseFilter(query)
    form.is_valid()
    page = Paginator(queries.cases(actor_of(request), form.cleaned_data), PAGE).get_page(
        request.GET.get("page")
    )
    clocks = clocks_for(list(page))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(row, clocks[row.pk]) for row in page],
        "queues": queries.queues(),
        "queue": form.cleaned_data.get("queue", ""),
    }
    return render(request, "licensing/case_list.html", context)


@allow(Permission.SUPERVISE)
@require_safe
def case_view(request: HttpRequest, application_id: int) -> HttpResponse:
    """One case, a part of it at a time."""
    application = queries.case(application_id)
    part = request.GET.get("part", "")
    part = part if part in PARTS else "overview"
    application_viewed(by=actor_of(request), application=application, what=part)
    context = frame(request, application, part) | _PARTS[part](application)
    return render(request, f"licensing/case_{part}.html", context)


def frame(request: HttpRequest, application: Application, part: str) -> dict[str, Any]:
    """What stands above every part of a case."""
    actor, url = actor_of(request), reverse("case_view", args=[application.pk])
    tabs = [
        {"label": label, "url": url if name == "overview" else f"{url}?part={name}", "current": name == part}
        for name, label in PARTS.items()
    ]
    handles = actor.may(Permission.CASE_HANDLE)
    piles = queries.queue_names()
    return {
        "application": application,
        "tabs": tabs,
        "part_title": PARTS[part],
        "clock": clock_for(application),
        "handles": handles,
        "countersigns": actor.may(Permission.CASE_COUNTERSIGN),
        "may_evidence": handles
        and application.status in {"accepted_for_processing", "in_review", "information_requested"},
        "officers": queries.officers() if handles else [],
        "queues": queries.queues() if handles else [],
        "queue_name": piles.get(application.queue, application.queue),
    }


def _overview(application: Application) -> dict[str, Any]:
    stands = clock_for(application)
    return {
        "flags": queries.standing_flags(application),
        "outlook": outlook_of(application, stands),
        "pauses": [(pause, reading.CAUSE_WORDS.get(pause.cause, "")) for pause in stands.pauses]
        if stands
        else [],
        "precedents": precedents_of(application),
        "rejudged": rejudged(application),
    }


def _goods(application: Application) -> dict[str, Any]:
    return {"lines": application.lines.prefetch_related("advice__by")}


def _parties(application: Application) -> dict[str, Any]:
    return {
        "parties": application.parties.prefetch_related("advice__by"),
        "hits": shown_hits(application),
        "screenings": application.screenings.order_by("-pk"),
        "links": application.evidence_links.select_related("party").order_by("-pk"),
    }


def _papers(application: Application) -> dict[str, Any]:
    return {
        "papers": application.papers.select_related("document"),
        "letters": application.letters.order_by("-pk"),
    }


def _requests(application: Application) -> dict[str, Any]:
    rows = application.requests.select_related("line", "asked_by").order_by("-pk")
    return {"requests": [(row, reading.thread_of(row)) for row in rows], "today": clock.today()}


def _decision(application: Application) -> dict[str, Any]:
    rows = application.recommendations.select_related("by", "countersigned_by").order_by("-pk")
    return {"recommendations": rows}


def _history(application: Application) -> dict[str, Any]:
    return {
        "events": reading.history_of(application, named=True),
        "routings": queries.routings_of(application),
    }


_PARTS = {
    "overview": _overview,
    "goods": _goods,
    "parties": _parties,
    "papers": _papers,
    "requests": _requests,
    "decision": _decision,
    "history": _history,
}


def _back(application_id: int, part: str = "") -> str:
    url = reverse("case_view", args=[application_id])
    return f"{url}?part={part}" if part else url


@allow(Permission.CASE_HANDLE)
@require_POST
def case_accept(request: HttpRequest, application_id: int) -> HttpResponse:
    """Accept for processing: the clock runs."""
    cases.accept(by=actor_of(request), application_id=application_id)
    messages.success(request, _("Accepted for processing. The clock runs, and the applicant is told."))
    return redirect(_back(application_id))


@allow(Permission.CASE_HANDLE)
@require_POST
def case_review(request: HttpRequest, application_id: int) -> HttpResponse:
    """Take into review."""
    cases.review(by=actor_of(request), application_id=application_id)
    messages.success(request, _("The case is in review."))
    return redirect(_back(application_id))


@allow(Permission.CASE_HANDLE)
@require_POST
def case_assign(request: HttpRequest, application_id: int) -> HttpResponse:
    """Give the case to an officer, or into another queue."""
    actor = actor_of(request)
    if request.POST.get("action") == "queue":
        routing.send_to(by=actor, application_id=application_id, queue=request.POST.get("queue", "")[:30])
    else:
        me = request.POST.get("action") == "me"
        officer = actor.user_id if me else number_in(request.POST.get("officer", ""))
        routing.assign(by=actor, application_id=application_id, officer_id=officer)
    messages.success(request, _("The case changed hands."))
    return redirect(_back(application_id))


@allow(Permission.CASE_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def case_close(request: HttpRequest, application_id: int) -> HttpResponse:
    """Close what is not accepted, or decided and past appeal."""
    application = queries.case(application_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            submitting.close(
                by=actor_of(request), application_id=application.pk, reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            form.add_error("reason", refusal.words())
        else:
            messages.success(request, _("The case is closed."))
            return redirect(_back(application_id))
    context = {"application": application, "form": form}
    return render(request, "licensing/case_close.html", context, status=422 if form.errors else 200)


@allow(Permission.CASE_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def case_ask(request: HttpRequest, application_id: int) -> HttpResponse:
    """Ask the applicant; the clock stands still until the answer."""
    application = queries.case(application_id)
    form = AskForm(
        request.POST or None, application=application, initial={"line": request.GET.get("line", "")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            requests.ask(by=actor_of(request), application_id=application.pk, **form.values())
        except Refused as refusal:
            form.add_error("text", refusal.words())
        else:
            messages.success(
                request, _("The request is on its way. The clock stands still until the answer.")
            )
            return redirect(_back(application_id, "requests"))
    context = {"application": application, "form": form}
    return render(request, "licensing/case_ask.html", context, status=422 if form.errors else 200)


@allow(Permission.CASE_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def case_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: ask again, or close it."""
    asked = queries.office_request(request_id)
    actor, application = actor_of(request), asked.application
    form = AskForm(request.POST or None, application=application)
    if request.method == "POST" and request.POST.get("action") == "close":
        requests.close(by=actor, request_id=asked.pk)
        messages.success(request, _("The request needs nothing more."))
        return redirect(_back(application.pk, "requests"))
    if request.method == "POST" and form.is_valid():
        given = form.values()
        try:
            requests.ask_again(by=actor, request_id=asked.pk, text=given["text"], due_on=given["due_on"])
        except Refused as refusal:
            form.add_error("text", refusal.words())
        else:
            messages.success(
                request, _("The request is on its way. The clock stands still until the answer.")
            )
            return redirect(_back(application.pk, "requests"))
    context = {
        "asked": asked,
        "application": application,
        "thread": reading.thread_of(asked),
        "papers": asked.papers.select_related("document"),
        "due_at": end_of_day(asked.due_on),
        "is_open": asked.state == RequestState.OPEN,
        "form": form,
    }
    return render(request, "licensing/case_request.html", context, status=422 if form.errors else 200)


@allow(Permission.CASE_HANDLE, Permission.CASE_COUNTERSIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def case_advise(request: HttpRequest, application_id: int) -> HttpResponse:
    """Advice on one good (?line=) or one party (?party=)."""
    application = queries.case(application_id)
    line_no, party_id = number_in(request.GET.get("line", "")), number_in(request.GET.get("party", ""))
    form = AdviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cases.advise(
                by=actor_of(request),
                application_id=application.pk,
                line_no=line_no,
                party_id=party_id,
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error("text", refusal.words())
        else:
            messages.success(request, _("Your advice stands with the case."))
            return redirect(_back(application_id, "goods" if line_no is not None else "parties"))
    context = {
        "application": application,
        "line": application.lines.filter(line_no=line_no or 0).first(),
        "party": application.parties.filter(pk=party_id or 0).first(),
        "form": form,
    }
    return render(request, "licensing/case_advise.html", context, status=422 if form.errors else 200)


@allow(Permission.CASE_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def case_hit(request: HttpRequest, hit_id: int) -> HttpResponse:
    """Say whether a party is the one listed."""
    hit = hit_of(hit_id)
    form = HitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            screening.decide_hit(by=actor_of(request), hit_id=hit.pk, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("reason", refusal.words())
        else:
            messages.success(request, _("It is on record whether they are the same."))
            return redirect(_back(hit.application_id, "parties"))
    context = {"hit": hit, "application": hit.application, "form": form}
    return render(request, "licensing/case_hit.html", context, status=422 if form.errors else 200)


@allow(Permission.CASE_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def case_flag(request: HttpRequest, application_id: int, flag_id: int) -> HttpResponse:
    """Lower a flag, with the reason."""
    application = queries.case(application_id)
    flag: Flag = queries.flag_of(application, flag_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        flags.lower(by=actor_of(request), flag_id=flag.pk, reason=form.cleaned_data["reason"])
        messages.success(request, _("The flag is lowered."))
        return redirect(_back(application_id))
    context = {"application": application, "flag": flag, "words": FlagCode(flag.code).label, "form": form}
    return render(request, "licensing/case_flag.html", context, status=422 if form.errors else 200)


@allow(Permission.CASE_HANDLE)
@require_POST
def case_evidence(request: HttpRequest, application_id: int) -> HttpResponse:
    """Make a confidential link for an end user; it is shown this once."""
    application, party = queries.case(application_id), number_in(request.POST.get("party", ""))
    if party is None:
        messages.error(request, _("Choose the party first."))
        return redirect(_back(application.pk, "parties"))
    link, secret = evidence.make_link(by=actor_of(request), application_id=application_id, party_id=party)
    address = request.build_absolute_uri(reverse("evidence_give", args=[secret]))
    context = {"application": application, "link": link, "address": address}
    return render(request, "licensing/case_evidence.html", context)


@allow(Permission.SUPERVISE)
@require_safe
def case_statistics(request: HttpRequest) -> HttpResponse:
    """Time taken, by month and kind."""
    last = Month.of(clock.today())
    return render(request, "licensing/case_statistics.html", {"rows": time_taken(last - (MONTHS - 1), last)})
