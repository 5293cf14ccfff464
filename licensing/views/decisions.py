"""Recommending and deciding: two pages for two people."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from licensing.forms.casework import DecideForm, RecommendForm
from licensing.models import Countersignature
from licensing.queries import cases as queries
from licensing.queries.screening import shown_hits
from licensing.services import deciding
from licensing.views.casework import frame
from licensing.views.frames import actor_of
from portal.accounts.reauthentication import require_recent
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow


@allow(Permission.CASE_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def case_recommend(request: HttpRequest, application_id: int) -> HttpResponse:
    """Recommend to grant or to refuse."""
    application = queries.case(application_id)
    initial = {
        "months": application.months,
        "max_uses": application.max_uses,
        "customs_office": application.customs_office,
        "transport_mode": application.transport_mode,
        "no_split": application.no_split,
    }
    form = RecommendForm(request.POST or None, application=application, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            deciding.recommend(by=actor_of(request), application_id=application.pk, **form.values())
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            messages.success(request, _("The recommendation waits for the countersigner."))
            return redirect(f"{reverse('case_view', args=[application.pk])}?part=decision")
    context = {"application": application, "form": form}
    return render(request, "licensing/case_recommend.html", context, status=422 if form.errors else 200)


@allow(Permission.CASE_COUNTERSIGN)
@require_recent
@require_http_methods(["GET", "HEAD", "POST"])
def case_decide(request: HttpRequest, application_id: int) -> HttpResponse:
    """Sign what is recommended, or send it back."""
    application = queries.case(application_id)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        try:
            if form.cleaned_data["action"] == "sign":
                deciding.countersign(by=actor, application_id=application.pk)
                messages.success(request, _("It is decided, and the applicant is told."))
            else:
                deciding.send_back(
                    by=actor, application_id=application.pk, reason=form.cleaned_data["reason"]
                )
                messages.success(request, _("It is with the case officer again."))
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            return redirect(f"{reverse('case_view', args=[application.pk])}?part=decision")
    waiting = application.recommendations.select_related("by").filter(
        countersignature=Countersignature.WAITING
    )
    context = frame(request, application, "decision") | {
        "recommendation": waiting.first(),
        "deciding": True,
        "lines": application.lines.all(),
        "parties": application.parties.all(),
        "hits": shown_hits(application),
        "form": form,
    }
    return render(request, "licensing/case_decide.html", context, status=422 if form.errors else 200)
