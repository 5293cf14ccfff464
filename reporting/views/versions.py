"""Pages of later versions: amend, withdraw, compare two."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.reauthentication import require_recent, require_second_factor
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow
from reporting.forms.signing import AmendForm, WithdrawForm
from reporting.models import Filing
from reporting.queries import changes
from reporting.queries.details import differing_details
from reporting.queries.filings import versions_of, visible_filing
from reporting.services import signing
from reporting.services.viewing import identities_viewed


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@allow(Permission.FILING_SIGN, Permission.FILING_PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def filing_amend(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Begin the next version, with a reason."""
    actor = _actor(request)
    filing = visible_filing(actor, filing_id)
    form = AmendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = signing.amend(by=actor, filing_id=filing.pk, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            messages.error(request, refusal.words())
            return redirect("filing_view", filing.pk)
        messages.success(
            request,
            _("Version %(version)s is begun, with every line of the one before.")
            % {"version": draft.version},
        )
        return redirect("filing_edit" if actor.may(Permission.FILING_PREPARE) else "filing_view", draft.pk)
    context = {"filing": filing, "form": form}
    return render(request, "reporting/filing_amend.html", context, status=422 if form.errors else 200)


@allow(Permission.FILING_SIGN)
@require_second_factor
@require_recent
@require_http_methods(["GET", "HEAD", "POST"])
def filing_withdraw(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Take a submitted version back before it is reviewed, with a reason."""
    filing = visible_filing(_actor(request), filing_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signing.withdraw(by=_actor(request), filing_id=filing.pk, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            messages.error(request, refusal.words())
            return redirect("filing_view", filing.pk)
        messages.success(request, _("The version is withdrawn. The month is owed again."))
        return redirect("filing_view", filing.pk)
    context = {"filing": filing, "form": form}
    return render(request, "reporting/filing_withdraw.html", context, status=422 if form.errors else 200)


@allow(Permission.FILING_VIEW, Permission.SUPERVISE)
@require_safe
def filing_compare(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Two versions of a month side by side; ?with= names the other one, by default the one before."""
    actor = _actor(request)
    filing = visible_filing(actor, filing_id)
    visible = (
        versions_of(filing)
        if actor.may(Permission.FILING_VIEW)
        else versions_of(filing).exclude(submitted_at=None)
    )
    versions = list(visible)
    other = _other(filing, versions, request.GET.get("with", ""))
    was, now = sorted((filing, other), key=lambda version: version.version)
    rows = changes.differing_rows(was, now) if was.pk != now.pk else []
    details = differing_details(was, now) if was.pk != now.pk else []
    if details:
        _leave_trace(actor, filing)
    context = {
        "filing": filing,
        "was": was,
        "now": now,
        "versions": versions,
        "differences": rows,
        "details": details,
        "movements": [row for row in changes.movements(was, now) if row.change_g] if was.pk != now.pk else [],
    }
    return render(request, "reporting/filing_compare.html", context)


def _leave_trace(actor: Actor, filing: Filing) -> None:
    """Details of counterparties are identities: who at the regulator saw them stands in the trail."""
    identities_viewed(
        by=actor,
        organisation_id=filing.organisation_id,
        subject=("filing", filing.pk),
        data={"period": str(filing.period), "version": filing.version},
    )


def _other(filing: Filing, versions: list[Filing], asked: str) -> Filing:
    if asked:
        found = next((row for row in versions if str(row.pk) == asked), None)
        if found is None:
            raise Http404
        return found
    earlier = [row for row in versions if row.version < filing.version]
    return earlier[0] if earlier else filing
