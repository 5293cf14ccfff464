"""The national administrator's page of customs' office: its first administrator is invited here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts import guarding, queries
from portal.accounts.forms.offices import CustomsForm
from portal.accounts.queries.offices import administrators_of, customs_office
from portal.accounts.services import offices
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow


@allow(Permission.ENROLMENT_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def customs_first(request: HttpRequest) -> HttpResponse:
    """Who administers customs' office; while nobody does, invite somebody."""
    office = customs_office()
    form = CustomsForm(request.POST or None, made=office is not None)
    if request.method == "POST" and form.is_valid():
        actor, data = request.actor, form.cleaned_data  # type: ignore[attr-defined]
        guarding.invitation(actor.organisation_id, data["email"])
        try:
            offices.invite_customs(by=actor, **data)
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            messages.success(
                request, _("A mail with a link is on its way to %(address)s.") % {"address": data["email"]}
            )
            return redirect("customs_first")
    context = {
        "office": office,
        "administrators": administrators_of(office) if office is not None else [],
        "invitations": queries.open_invitations(office) if office is not None else [],
        "form": form,
    }
    return render(request, "accounts/customs_first.html", context, status=422 if form.errors else 200)
