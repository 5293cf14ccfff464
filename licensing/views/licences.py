"""Licences: the exporter's own with their balance, and the office's with orders about them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licensing.documents.licences import code_image, code_of, has_key
from licensing.forms.casework import OrderForm
from licensing.models import Licence
from licensing.queries import licence_pages as reading
from licensing.queries.hits import hits_of_licence
from licensing.services import licences, orders
from licensing.views.frames import actor_of
from portal.accounts.reauthentication import require_recent, require_second_factor
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow
from portal.core.reasons import ReasonForm
from portal.core.templatetags.lodestone import state_word

PAGE = 50
GONE = {"revoked", "surrendered", "expired"}


def _list(request: HttpRequest, template: str) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:60]
    page = Paginator(reading.licences_of(actor_of(request), words), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": reading.rows_of(list(page)), "q": words}
    return render(request, template, context)


@allow(Permission.LICENCE_VIEW)
@require_safe
def licence_list(request: HttpRequest) -> HttpResponse:
    """The organisation's licences with what is left of them."""
    return _list(request, "licensing/licence_list.html")


@allow(Permission.SUPERVISE)
@require_safe
def office_licence_list(request: HttpRequest) -> HttpResponse:
    """Every licence."""
    return _list(request, "licensing/office_licence_list.html")


@allow(Permission.LICENCE_VIEW)
@require_safe
def licence_view(request: HttpRequest, licence_id: int) -> HttpResponse:
    """One licence: its terms, its balance, each drawdown, its letters and its code."""
    actor = actor_of(request)
    licence = reading.licence_seen_by(actor, licence_id)
    context = _page(licence) | {
        "may_apply": actor.may(Permission.LICENCE_APPLY),
        "may_surrender": actor.may(Permission.LICENCE_SUBMIT) and licence.status not in GONE,
    }
    return render(request, "licensing/licence_view.html", context)


def _page(licence: Licence) -> dict[str, Any]:
    signed = {"code": code_of(licence), "code_image": code_image(licence)} if has_key() else {}
    return reading.licence_page(licence) | signed


@allow(Permission.LICENCE_SUBMIT)
@require_second_factor
@require_recent
@require_http_methods(["GET", "HEAD", "POST"])
def licence_surrender(request: HttpRequest, licence_id: int) -> HttpResponse:
    """Give a licence back."""
    actor = actor_of(request)
    licence = reading.licence_seen_by(actor, licence_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            licences.surrender(by=actor, licence_id=licence.pk, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error("reason", refusal.words())
        else:
            messages.success(request, _("The licence is given back. It holds no more."))
            return redirect("licence_view", licence.pk)
    context = {"licence": licence, "form": form}
    return render(request, "licensing/licence_surrender.html", context, status=422 if form.errors else 200)


ORDERS = {
    "suspend": gettext_lazy("Suspend it from today"),
    "lift": gettext_lazy("Lift the suspension"),
    "revoke": gettext_lazy("Revoke it from today, for ever"),
}


def orders_for(request: HttpRequest, licence: Licence) -> list[tuple[str, Any]]:
    """What this officer may order about the licence as it stands."""
    actor, found = actor_of(request), []
    if actor.may(Permission.CASE_HANDLE) or actor.may(Permission.CASE_COUNTERSIGN):
        if licence.status in {"valid", "exhausted"}:
            found.append("suspend")
        if licence.status == "suspended":
            found.append("lift")
    if actor.may(Permission.CASE_COUNTERSIGN) and licence.status != "revoked":
        found.append("revoke")
    return [(name, ORDERS[name]) for name in found]


@allow(Permission.SUPERVISE)
@require_safe
def office_licence_view(request: HttpRequest, licence_id: int) -> HttpResponse:
    """One licence with its ledger; and, for who may, the orders about it."""
    licence = reading.licence_seen_by(actor_of(request), licence_id)
    possible = orders_for(request, licence)
    return _office_page(request, licence, OrderForm(orders=possible) if possible else None)


@allow(Permission.CASE_HANDLE, Permission.CASE_COUNTERSIGN)
@require_POST
def licence_order(request: HttpRequest, licence_id: int) -> HttpResponse:
    """Suspend a licence, lift that, or revoke it."""
    licence = reading.licence_seen_by(actor_of(request), licence_id)
    form = OrderForm(request.POST, orders=orders_for(request, licence))
    if form.is_valid():
        try:
            done = orders.order(by=actor_of(request), licence_id=licence.pk, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            words = _("The licence stands at “%(state)s” now, at every check from here on.")
            messages.success(request, words % {"state": state_word(done.status, "licence")})
            return redirect("office_licence_view", licence.pk)
    return _office_page(request, licence, form)


def _office_page(request: HttpRequest, licence: Licence, form: OrderForm | None) -> HttpResponse:
    faulty = form is not None and bool(form.errors)
    context = _page(licence) | {
        "form": form,
        "application": getattr(licence, "granted_by", None),
        "hits": hits_of_licence(licence),
        "handles": actor_of(request).may(Permission.CASE_HANDLE),
    }
    return render(request, "licensing/office_licence_view.html", context, status=422 if faulty else 200)
