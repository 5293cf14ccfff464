"""The steps of a draft, a page each: goods, parties, end use and conditions, papers, check and submit."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licensing.forms.applications import (
    KnownPartyForm,
    LineForm,
    NewLineForm,
    PaperForm,
    PartyForm,
    SubmitForm,
    UseForm,
)
from licensing.models import Application
from licensing.queries.applications import own_application
from licensing.queries.completeness import lacks_of, shown
from licensing.services import applications, papers, submitting
from licensing.views.frames import actor_of, files_of, step_context
from portal.accounts.reauthentication import require_recent, require_second_factor
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow
from portal.core.quantities import CNY_PLACES, KG_PLACES, plain


def _draft(request: HttpRequest, application_id: int) -> Application:
    return own_application(actor_of(request), application_id)


@allow(Permission.LICENCE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def application_goods(request: HttpRequest, application_id: int) -> HttpResponse:
    """What is to be exported."""
    actor, draft = actor_of(request), _draft(request, application_id)
    if not draft.is_draft:
        return redirect("application_view", draft.pk)
    form = NewLineForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            applications.add_line(
                by=actor,
                application_id=draft.pk,
                product_id=int(form.cleaned_data["product"]),
                values=form.values(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            messages.success(request, _("The good is added."))
            return redirect("application_goods", draft.pk)
    context = step_context(draft, "goods") | {"lines": draft.lines.all(), "form": form}
    return render(request, "licensing/application_goods.html", context, status=422 if form.errors else 200)


@allow(Permission.LICENCE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def application_line(request: HttpRequest, application_id: int, line_no: int) -> HttpResponse:
    """One good: its quantity and value, why it is controlled; or take it away."""
    actor, draft = actor_of(request), _draft(request, application_id)
    line = draft.lines.filter(line_no=line_no).first()
    if line is None:
        raise Http404
    if request.method == "POST" and request.POST.get("action") == "remove":
        applications.remove_line(by=actor, application_id=draft.pk, line_no=line_no)
        messages.success(request, _("The good is taken away."))
        return redirect("application_goods", draft.pk)
    initial = {
        "quantity": "" if line.quantity_g is None else plain(line.quantity_g, KG_PLACES, line.quantity_dp),
        "value": "" if line.value_fen is None else plain(line.value_fen, CNY_PLACES, line.value_dp),
        "note": line.note,
    }
    form = LineForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            applications.change_line(by=actor, application_id=draft.pk, line_no=line_no, values=form.values())
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            messages.success(request, _("Saved."))
            return redirect("application_goods", draft.pk)
    context = {"application": draft, "line": line, "form": form}
    return render(request, "licensing/application_line.html", context, status=422 if form.errors else 200)


@allow(Permission.LICENCE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def application_parties(request: HttpRequest, application_id: int) -> HttpResponse:
    """To whom the goods go, and through whose hands."""
    actor, draft = actor_of(request), _draft(request, application_id)
    if not draft.is_draft:
        return redirect("application_view", draft.pk)
    known, form = KnownPartyForm(actor=actor, prefix="known"), PartyForm()
    if request.method == "POST":
        if request.POST.get("action") == "known":
            known = KnownPartyForm(request.POST, actor=actor, prefix="known")
            valid = known.is_valid()
        else:
            form = PartyForm(request.POST)
            valid = form.is_valid()
        if valid and _party_added(request, draft, known, form):
            return redirect("application_parties", draft.pk)
    context = step_context(draft, "parties") | {"parties": draft.parties.all(), "form": form, "known": known}
    faulty = bool(form.errors or known.errors)
    return render(request, "licensing/application_parties.html", context, status=422 if faulty else 200)


def _party_added(request: HttpRequest, draft: Application, known: KnownPartyForm, form: PartyForm) -> bool:
    actor = actor_of(request)
    try:
        if known.is_bound:
            given = known.cleaned_data
            applications.add_counterparty(
                by=actor,
                application_id=draft.pk,
                counterparty_id=int(given["counterparty"]),
                role=given["role"],
            )
        else:
            applications.save_party(by=actor, application_id=draft.pk, values=form.values())
    except Refused as refusal:
        (known if known.is_bound else form).add_error(None, refusal.words())
        return False
    messages.success(request, _("The party is added."))
    return True


@allow(Permission.LICENCE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def application_party(request: HttpRequest, application_id: int, party_id: int) -> HttpResponse:
    """Change one party, or take it away."""
    actor, draft = actor_of(request), _draft(request, application_id)
    party = draft.parties.filter(pk=party_id).first()
    if party is None:
        raise Http404
    if request.method == "POST" and request.POST.get("action") == "remove":
        applications.remove_party(by=actor, application_id=draft.pk, party_id=party_id)
        messages.success(request, _("The party is taken away."))
        return redirect("application_parties", draft.pk)
    form = PartyForm(request.POST or None, instance=party)
    if request.method == "POST" and form.is_valid():
        try:
            applications.save_party(
                by=actor, application_id=draft.pk, values=form.values(), party_id=party_id
            )
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            messages.success(request, _("Saved."))
            return redirect("application_parties", draft.pk)
    context = {"application": draft, "party": party, "form": form}
    return render(request, "licensing/application_party.html", context, status=422 if form.errors else 200)


@allow(Permission.LICENCE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def application_use(request: HttpRequest, application_id: int) -> HttpResponse:
    """What for, under which contract, under which conditions."""
    actor, draft = actor_of(request), _draft(request, application_id)
    if not draft.is_draft:
        return redirect("application_view", draft.pk)
    form = UseForm(request.POST or None, instance=draft)
    if request.method == "POST" and form.is_valid():
        try:
            applications.save_use(by=actor, application_id=application_id, values=form.values())
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            messages.success(request, _("Saved."))
            return redirect("application_documents", application_id)
    context = step_context(_draft(request, application_id), "use") | {"form": form}
    return render(request, "licensing/application_use.html", context, status=422 if form.errors else 200)


@allow(Permission.LICENCE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def application_documents(request: HttpRequest, application_id: int) -> HttpResponse:
    """The papers."""
    actor, draft = actor_of(request), _draft(request, application_id)
    if not draft.is_draft:
        return redirect("application_view", draft.pk)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            papers.too_large(form.cleaned_data["file"].size)
            for name, data in files_of(request):
                kind = form.cleaned_data["kind"]
                papers.add_paper(by=actor, application_id=draft.pk, kind=kind, name=name, data=data)
        except Refused as refusal:
            form.add_error("file", refusal.words())
        else:
            messages.success(request, _("The paper is added."))
            return redirect("application_documents", draft.pk)
    context = step_context(draft, "documents") | {
        "papers": draft.papers.select_related("document"),
        "lacks": [shown(lack) for lack in lacks_of(draft) if lack.step == "documents"],
        "form": form,
    }
    return render(
        request, "licensing/application_documents.html", context, status=422 if form.errors else 200
    )


@allow(Permission.LICENCE_APPLY)
@require_POST
def application_paper_remove(request: HttpRequest, application_id: int, paper_id: int) -> HttpResponse:
    """Take a paper away."""
    papers.remove_paper(by=actor_of(request), application_id=application_id, paper_id=paper_id)
    messages.success(request, _("The paper is taken away."))
    return redirect("application_documents", application_id)


@allow(Permission.LICENCE_APPLY, Permission.LICENCE_SUBMIT)
@require_safe
def application_submit(request: HttpRequest, application_id: int) -> HttpResponse:
    """What is missing and which requests are to be expected; for a certifier, the undertakings."""
    draft = _draft(request, application_id)
    if not draft.is_draft:
        return redirect("application_view", draft.pk)
    return _to_submit(request, draft, SubmitForm(initial={"revision": draft.revision}))


@allow(Permission.LICENCE_SUBMIT)
@require_second_factor
@require_recent
@require_POST
def application_send(request: HttpRequest, application_id: int) -> HttpResponse:
    """Submit, with every undertaking."""
    draft, form = _draft(request, application_id), SubmitForm(request.POST)
    if form.is_valid():
        try:
            submitting.submit(by=actor_of(request), application_id=draft.pk, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal.words())
            return redirect("application_submit", draft.pk)
        messages.success(request, _("The application is with the office."))
        return redirect("application_view", draft.pk)
    return _to_submit(request, draft, form)


def _to_submit(request: HttpRequest, draft: Application, form: SubmitForm) -> HttpResponse:
    found = [
        shown(lack) | {"url": reverse(f"application_{lack.step}", args=[draft.pk])}
        for lack in lacks_of(draft)
    ]
    context = step_context(draft, "submit") | {
        "blocking": [lack for lack in found if lack["blocks"]],
        "expected": [lack for lack in found if not lack["blocks"]],
        "lines": draft.lines.all(),
        "parties": draft.parties.all(),
        "papers": draft.papers.select_related("document"),
        "may_submit": actor_of(request).may(Permission.LICENCE_SUBMIT),
        "form": form,
    }
    return render(request, "licensing/application_submit.html", context, status=422 if form.errors else 200)
