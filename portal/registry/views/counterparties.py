"""Pages of an organisation's clients and suppliers. Names never stand in an address: searches go by POST."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.core.actors import Actor
from portal.core.permissions import Permission, allow
from portal.registry.domain.identifiers import verify
from portal.registry.domain.similarity import REASONS, Named
from portal.registry.forms.counterparties import CounterpartyForm
from portal.registry.queries import counterparties as queries
from portal.registry.services import counterparties as services

PAGE = 50
FOUND_AT_MOST = 200


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@allow(Permission.FILING_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def counterparty_list(request: HttpRequest) -> HttpResponse:
    """The register; a search (by POST, it changes nothing) shows what holds the words."""
    words, retired = request.POST.get("q", "").strip(), "retired" in request.GET
    rows = queries.counterparties_of(_actor(request), words, retired=retired)
    page = Paginator(rows, FOUND_AT_MOST if words else PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "q": words,
        "retired": retired,
        "may_edit": _actor(request).may(Permission.REGISTER_EDIT),
    }
    return TemplateResponse(request, "registry/counterparty_list.html", context)


@allow(Permission.FILING_VIEW)
@require_GET
def counterparty_view(request: HttpRequest, counterparty_id: int) -> HttpResponse:
    """One client or supplier, and what its number is worth."""
    row = queries.counterparty_of(_actor(request), counterparty_id)
    verdict = verify(row.id_type, row.id_number, row.country)
    words = _(verdict.words) % {"count": verdict.count} if verdict.words else ""
    context = {"counterparty": row, "verdict": verdict, "verdict_words": words}
    context["may_edit"] = _actor(request).may(Permission.REGISTER_EDIT)
    return TemplateResponse(request, "registry/counterparty_view.html", context)


@allow(Permission.REGISTER_EDIT)
def counterparty_add(request: HttpRequest) -> HttpResponse:
    """A new client or supplier; likenesses are shown before a double is made."""
    actor = _actor(request)
    form = CounterpartyForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        row = services.add(by=actor, fields=form.values())
        messages.success(request, _("%(code)s is in your register.") % {"code": row.code})
        return redirect("counterparty_view", row.pk)
    return _form_page(request, form)


@allow(Permission.REGISTER_EDIT)
def counterparty_edit(request: HttpRequest, counterparty_id: int) -> HttpResponse:
    """Change a client or supplier."""
    actor = _actor(request)
    row = queries.counterparty_of(actor, counterparty_id)
    form = CounterpartyForm(request.POST or None, actor=actor, instance=row)
    if request.method == "POST" and form.is_valid():
        kept = queries.counterparty_of(actor, counterparty_id)
        services.edit(by=actor, counterparty=kept, fields=form.values())
        messages.success(request, _("%(code)s was changed.") % {"code": row.code})
        return redirect("counterparty_view", row.pk)
    return _form_page(request, form, row.pk)


def _form_page(
    request: HttpRequest, form: CounterpartyForm, counterparty_id: int | None = None
) -> HttpResponse:
    alike = [
        {"row": row, "words": _(REASONS[found.reason]), "score": found.score} for row, found in form.alike
    ]
    context = {"form": form, "alike": alike, "doubts": form.doubts, "counterparty_id": counterparty_id}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "registry/counterparty_form.html", context, status=status)


@allow(Permission.REGISTER_EDIT)
@require_POST
def counterparty_suggestions(request: HttpRequest) -> JsonResponse:
    """Those already listed that look like what is being typed."""
    found = queries.lookalikes(_actor(request), Named("", request.POST.get("q", "")[:300]))
    results = [
        {
            "value": row.name,
            "label": f"{row.code} {row.name}",
            "note": _(REASONS[likeness.reason]),
            "url": reverse("counterparty_view", args=[row.pk]),
        }
        for row, likeness in found
    ]
    return JsonResponse({"results": results})


@allow(Permission.REGISTER_EDIT)
@require_POST
def counterparty_retire(request: HttpRequest, counterparty_id: int) -> HttpResponse:
    """No longer offer a counterparty, or offer it again."""
    actor = _actor(request)
    row = queries.counterparty_of(actor, counterparty_id)
    retired = request.POST.get("retired") == "true"
    services.retire(by=actor, counterparty=row, retired=retired)
    words = _("%(code)s is no longer offered in new filings.") if retired else _("%(code)s is offered again.")
    messages.success(request, words % {"code": row.code})
    return redirect("counterparty_view", row.pk)
