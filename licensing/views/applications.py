"""An exporter's applications: the list, the beginning, one of them with its clock, requests, withdrawal, copies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licensing.forms.applications import AnswerForm, StartForm
from licensing.models import Application, Purpose
from licensing.queries import applications as reading
from licensing.queries.clocks import clock_for, outlook_of
from licensing.queries.rejudgements import rejudged
from licensing.services import applications, requests, submitting
from licensing.views.frames import actor_of, files_of
from portal.core.clock import end_of_day
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow
from portal.core.reasons import ReasonForm

PAGE = 50


@allow(Permission.LICENCE_VIEW)
@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    """Every application of the organisation, the latest first."""
    actor = actor_of(request)
    page = Paginator(reading.own_applications(actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "may_apply": actor.may(Permission.LICENCE_APPLY),
        "requests": list(reading.waiting_requests(actor)[:10]),
    }
    return render(request, "licensing/application_list.html", context)


@allow(Permission.LICENCE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def application_start(request: HttpRequest) -> HttpResponse:
    """Begin an application: new (?product=), a renewal or an amendment (?licence=&purpose=)."""
    actor = actor_of(request)
    initial = {name: request.GET.get(name, "") for name in ("purpose", "licence") if name in request.GET}
    form = StartForm(request.POST or None, actor=actor, initial=initial)
    product = number_in(request.GET.get("product", ""))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            draft = applications.start(
                by=actor,
                kind=given["kind"],
                product_id=product,
                purpose=given["purpose"],
                licence_id=int(given["licence"]) if given["purpose"] != Purpose.NEW else None,
            )
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            return redirect("application_goods", draft.pk)
    return render(
        request, "licensing/application_start.html", {"form": form}, status=422 if form.errors else 200
    )


def number_in(text: str) -> int | None:
    """A number of the query string, where it is one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@allow(Permission.LICENCE_VIEW)
@require_safe
def application_view(request: HttpRequest, application_id: int) -> HttpResponse:
    """Where an application stands: the clock with each pause, who holds it, when it will be decided, what is asked."""
    actor = actor_of(request)
    application = reading.own_application(actor, application_id)
    if application.is_draft and actor.may(Permission.LICENCE_APPLY):
        return redirect("application_goods", application.pk)
    return render(request, "licensing/application_view.html", _shown(request, application))


def _shown(request: HttpRequest, application: Application) -> dict[str, Any]:
    actor = actor_of(request)
    stands = clock_for(application)
    return {
        "application": application,
        "clock": stands,
        "pauses": [(pause, reading.CAUSE_WORDS.get(pause.cause, "")) for pause in stands.pauses]
        if stands
        else [],
        "outlook": outlook_of(application, stands),
        "requests": application.requests.select_related("line").order_by("-pk"),
        "lines": application.lines.all(),
        "rejudged": rejudged(application),
        "parties": application.parties.all(),
        "papers": application.papers.filter(sealed=False).select_related("document"),
        "letters": application.letters.order_by("-pk"),
        "events": reading.history_of(application, named=False),
        "may_apply": actor.may(Permission.LICENCE_APPLY),
        "may_withdraw": actor.may(Permission.LICENCE_SUBMIT) and application.is_live,
    }


@allow(Permission.LICENCE_APPLY)
@require_POST
def application_copy(request: HttpRequest, application_id: int) -> HttpResponse:
    """A new draft like this one."""
    draft = applications.copy(by=actor_of(request), application_id=application_id)
    messages.success(
        request, _("A new draft with the same goods, parties and use. Its papers are yet to be added.")
    )
    return redirect("application_goods", draft.pk)


@allow(Permission.LICENCE_APPLY)
@require_POST
def application_discard(request: HttpRequest, application_id: int) -> HttpResponse:
    """Throw a draft away."""
    applications.discard(by=actor_of(request), application_id=application_id)
    messages.success(request, _("The draft is thrown away."))
    return redirect("application_list")


@allow(Permission.LICENCE_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def application_withdraw(request: HttpRequest, application_id: int) -> HttpResponse:
    """Take an application back."""
    actor = actor_of(request)
    application = reading.own_application(actor, application_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            submitting.withdraw(by=actor, application_id=application.pk, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error("reason", refusal.words())
        else:
            messages.success(request, _("The application is withdrawn."))
            return redirect("application_view", application.pk)
    context = {"application": application, "form": form}
    return render(request, "licensing/application_withdraw.html", context, status=422 if form.errors else 200)


@allow(Permission.LICENCE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def application_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request with its thread, and the place to answer. What was typed stays, whatever is refused."""
    actor = actor_of(request)
    asked = reading.own_request(actor, request_id)
    form = AnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            requests.answer(
                by=actor,
                request_id=asked.pk,
                text=form.cleaned_data["text"],
                kind=form.cleaned_data["kind"] or "other",
                files=files_of(request),
            )
        except Refused as refusal:
            form.add_error("file" if refusal.code.startswith("file") else "text", refusal.words())
        else:
            messages.success(request, _("Your answer is with the office."))
            return redirect("application_view", asked.application_id)
    context = {
        "asked": asked,
        "application": asked.application,
        "thread": reading.thread_of(asked),
        "papers": asked.papers.filter(sealed=False).select_related("document"),
        "due_at": end_of_day(asked.due_on),
        "form": form,
    }
    return render(request, "licensing/application_request.html", context, status=422 if form.errors else 200)
