"""Lost second factors: reported by anybody, decided by two administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts import guarding, queries
from portal.accounts.forms.members import RecoveryForm
from portal.accounts.models import RecoveryState
from portal.accounts.services import recoveries
from portal.core.permissions import Permission, allow, public


@public(reason="who lost the second factor cannot sign in")
def recovery_ask(request: HttpRequest) -> HttpResponse:
    """Report a lost second factor; the answer is the same for known and unknown names."""
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        guarding.lost_second_factor(request, form.cleaned_data["login"])
        recoveries.ask(by=request.actor, **form.cleaned_data)  # type: ignore[attr-defined]
        return redirect("recovery_received")
    return render(request, "accounts/recovery_ask.html", {"form": form}, status=422 if form.errors else 200)


@public(reason="says what happens after reporting a lost second factor; the same for everybody")
def recovery_received(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "accounts/recovery_received.html")


@allow(Permission.ACCOUNT_RECOVER)
def recovery_list(request: HttpRequest) -> HttpResponse:
    """Requests that wait, and the latest that were decided."""
    context = {
        "waiting": queries.recoveries(waiting=True)[:200],
        "decided": queries.recoveries(waiting=False)[:50],
    }
    return render(request, "accounts/recovery_list.html", context)


@allow(Permission.ACCOUNT_RECOVER)
def recovery_page(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """One request: who asks, who agreed, what one can do about it."""
    recovery = queries.recovery(recovery_id)
    if recovery is None:
        raise Http404
    user_id = request.actor.user_id  # type: ignore[attr-defined]
    context = {
        "recovery": recovery,
        "held": queries.memberships_of(recovery.user),
        "is_open": recovery.is_open,
        "is_own": recovery.user_id == user_id,
        "agreed_already": recovery.first_by_id == user_id,
    }
    return render(request, "accounts/recovery_page.html", context)


@allow(Permission.ACCOUNT_RECOVER)
@require_POST
def recovery_decide(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """Agree or refuse."""
    if queries.recovery(recovery_id) is None:
        raise Http404
    actor = request.actor  # type: ignore[attr-defined]
    if request.POST.get("decision") == "refuse":
        recoveries.refuse(by=actor, recovery_id=recovery_id)
        messages.success(request, _("Refused. The person is told by mail."))
        return redirect("recovery_list")
    recovery = recoveries.agree(by=actor, recovery_id=recovery_id)
    if recovery.state == RecoveryState.DONE:
        messages.success(request, _("The second factor is taken away. The person is told by mail."))
    else:
        messages.success(request, _("You agreed. A second administrator must agree too."))
    return redirect("recovery_list")
