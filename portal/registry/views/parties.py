"""Pages of who is who: what waits for a decision, the evidence, the parties with all their records."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow
from portal.registry.forms.parties import PartyDecisionForm
from portal.registry.models import PartyProposal
from portal.registry.queries import parties as queries
from portal.registry.services import parties as services


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@allow(Permission.SUPERVISE)
@require_GET
def proposal_list(request: HttpRequest) -> HttpResponse:
    """Pairs of records that are likely one party, the likeliest first."""
    page = queries.proposed(request.GET.get("page"))
    records = [record for row in page for record in (row.left, row.right)]
    services.identities_viewed(by=_actor(request), records=records)
    return TemplateResponse(request, "registry/proposal_list.html", {"page_obj": page})


@allow(Permission.SUPERVISE)
@require_GET
def party_list(request: HttpRequest) -> HttpResponse:
    """Parties that several records stand for."""
    page = queries.shared_parties(request.GET.get("page"))
    services.identities_viewed(by=_actor(request), records=queries.namesakes(page))
    return TemplateResponse(request, "registry/party_list.html", {"page_obj": page})


@allow(Permission.SUPERVISE)
@require_GET
def proposal_view(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """The evidence for one pair, part by part, and the decision."""
    return _page(request, _proposal(proposal_id), PartyDecisionForm())


@allow(Permission.REVIEW)
@require_POST
def proposal_decide(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Both records are one party, or two; the page says what is missing and keeps what was typed."""
    proposal, form = _proposal(proposal_id), PartyDecisionForm(request.POST)
    same = request.POST.get("say") == "same"
    if form.is_valid():
        try:
            services.decide(
                by=_actor(request),
                left_id=proposal.left_id,
                right_id=proposal.right_id,
                same=same,
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            words = _("They count as one party from now on.") if same else _("They stay two parties.")
            messages.success(request, words)
            return redirect("proposal_list")
    return _page(request, proposal, form)


def _proposal(proposal_id: int) -> PartyProposal:
    proposal = queries.proposal_called(proposal_id)
    if proposal is None:
        raise Http404
    return proposal


def _page(request: HttpRequest, proposal: PartyProposal, form: PartyDecisionForm) -> HttpResponse:
    actor = _actor(request)
    services.identities_viewed(by=actor, records=[proposal.left, proposal.right])
    context = {
        "proposal": proposal,
        "evidence": queries.evidence_of(proposal),
        "form": form,
        "may_decide": actor.may(Permission.REVIEW),
    }
    return TemplateResponse(
        request, "registry/proposal_view.html", context, status=422 if form.errors else 200
    )


@allow(Permission.SUPERVISE)
@require_GET
def party_view(request: HttpRequest, counterparty_id: int) -> HttpResponse:
    """Everything that is known of the party that a record stands for: its records, who deals with it, what was decided."""
    party = queries.party_of(counterparty_id)
    if party is None:
        raise Http404
    actor, records = _actor(request), list(queries.records_of(party))
    services.identities_viewed(by=actor, records=records)
    context = {
        "party": party,
        "records": records,
        "decisions": queries.decisions_about(party),
        "may_decide": actor.may(Permission.REVIEW),
    }
    return TemplateResponse(request, "registry/party_view.html", context)


@allow(Permission.REVIEW)
@require_POST
def decision_undo(request: HttpRequest, decision_id: int) -> HttpResponse:
    """The decision stands no longer."""
    decision = services.undo(by=_actor(request), decision_id=decision_id)
    messages.success(request, _("The decision is undone. Who is who is matched again."))
    return redirect("party_view", decision.left_id)
