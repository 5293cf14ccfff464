"""Likenesses to watch lists that wait for an officer, and those of licences that nobody applied for here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from licensing.forms.casework import HitForm
from licensing.queries.hits import licence_hit_of, open_likenesses, waiting_likenesses
from licensing.services import licence_screening
from licensing.views.frames import actor_of
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow


@allow(Permission.SUPERVISE)
@require_safe
def likeness_list(request: HttpRequest) -> HttpResponse:
    """What waits, the likeliest first."""
    context = {
        "rows": waiting_likenesses(),
        "count": open_likenesses(),
        "handles": actor_of(request).may(Permission.CASE_HANDLE),
    }
    return render(request, "licensing/likeness_list.html", context)


@allow(Permission.CASE_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def licence_hit(request: HttpRequest, licence_hit_id: int) -> HttpResponse:
    """Say whether a licence's party is the one listed."""
    hit = licence_hit_of(licence_hit_id)
    form = HitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            licence_screening.decide(by=actor_of(request), hit_id=hit.pk, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("reason", refusal.words())
        else:
            messages.success(request, _("It is on record whether they are the same."))
            return redirect("office_licence_view", hit.licence_id)
    context = {"hit": hit, "licence": hit.licence, "form": form}
    return render(request, "licensing/licence_hit.html", context, status=422 if form.errors else 200)
