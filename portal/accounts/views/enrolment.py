"""Asking to take part, and the regulator's decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts import guarding, queries
from portal.accounts.forms.enrolment import ApprovalForm, EnrolmentForm, RefusalForm
from portal.accounts.models import Enrolment
from portal.accounts.services import enrolments
from portal.core.permissions import Permission, allow, public


@public(reason="an enterprise that has no account asks for one here")
def enrol(request: HttpRequest) -> HttpResponse:
    """The form; the answer is the same whatever is known of the organisation."""
    actor = request.actor  # type: ignore[attr-defined]
    form = EnrolmentForm(request.POST if request.method == "POST" else None, signed_in=actor.is_authenticated)
    if form.is_bound and form.is_valid():
        note, applicant = form.cleaned_data["note"], form.applicant()
        guarding.enrolment(request, applicant.email if applicant else actor.user.email)
        enrolments.ask(by=actor, details=form.details(), applicant=applicant, note=note)
        return redirect("enrol_received")
    return render(request, "accounts/enrolment_ask.html", {"form": form}, status=422 if form.errors else 200)


@public(reason="says what happens after asking; the same for everybody")
def enrol_received(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "accounts/enrolment_received.html")


@allow(Permission.ENROLMENT_DECIDE)
def enrolment_list(request: HttpRequest) -> HttpResponse:
    """Requests that wait, and the latest decisions."""
    context = {"waiting": queries.enrolments("asked")[:200], "decided": queries.decided_enrolments()[:50]}
    return render(request, "accounts/enrolment_list.html", context)


@allow(Permission.ENROLMENT_DECIDE)
def enrolment_page(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """One request, and the two forms that decide it."""
    enrolment = _enrolment(enrolment_id)
    return _page(request, enrolment, _approval(enrolment), RefusalForm())


def _approval(enrolment: Enrolment, data: Any = None) -> ApprovalForm:
    return ApprovalForm(data, asked=enrolment.organisation.reports_from)


def _page(
    request: HttpRequest, enrolment: Enrolment, approval: ApprovalForm, refusal: RefusalForm
) -> HttpResponse:
    context = {"enrolment": enrolment, "approval": approval, "refusal": refusal}
    status = 422 if approval.errors or refusal.errors else 200
    return render(request, "accounts/enrolment_page.html", context, status=status)


@allow(Permission.ENROLMENT_DECIDE)
@require_POST
def enrolment_decide(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Approve with a first month, or refuse with a reason."""
    enrolment = _enrolment(enrolment_id)
    refusing = request.POST.get("decision") == "refuse"
    refusal = RefusalForm(request.POST if refusing else None)
    approval = _approval(enrolment, None if refusing else request.POST)
    if not (refusal if refusing else approval).is_valid():
        return _page(request, enrolment, approval, refusal)
    actor = request.actor  # type: ignore[attr-defined]
    if refusing:
        enrolments.refuse(by=actor, enrolment_id=enrolment.pk, reason=refusal.cleaned_data["reason"])
        messages.success(request, _("Refused. The applicant is told why by mail."))
    else:
        enrolments.approve(by=actor, enrolment_id=enrolment.pk, reports_from=approval.month())
        messages.success(request, _("Approved. The applicant is told by mail."))
    return redirect("enrolment_list")


def _enrolment(enrolment_id: int) -> Enrolment:
    found = queries.enrolment(enrolment_id)
    if found is None:
        raise Http404
    return found
