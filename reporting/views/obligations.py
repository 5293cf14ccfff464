"""Pages of obligations: the calendar and its feed, extensions asked for and decided."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.models import Organisation
from portal.core import clock, fence
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow, public
from reporting.documents.calendars import feed_of
from reporting.forms.obligations import AskExtensionForm, DecideExtensionForm, GrantAllForm
from reporting.models import Extension, ExtensionState
from reporting.queries import extensions as reading
from reporting.queries.obligations import last_month_ended, obligations_of
from reporting.services import calendars, extensions

LANGUAGES = dict(settings.LANGUAGES)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@allow(Permission.FILING_VIEW)
@require_safe
def own_calendar(request: HttpRequest) -> HttpResponse:
    """Due days behind and ahead with the rule of each, and the address to subscribe to."""
    organisation = _actor(request).organisation
    now = clock.now()
    last = last_month_ended(now)
    key = organisation.calendar_key
    feed = reverse("calendar_feed", args=[key]) if key else ""
    context = {
        "duties": obligations_of(organisation, now, first=last - 12, last=last + 6)[::-1],
        "feed": f"{settings.PUBLIC_URL}{feed}?lang={get_language()}" if feed else "",
    }
    return render(request, "reporting/calendar_view.html", context)


@allow(Permission.FILING_VIEW)
@require_POST
def calendar_renew(request: HttpRequest) -> HttpResponse:
    """Make a new secret address; the old one is dead."""
    calendars.renew_calendar_key(by=_actor(request))
    messages.success(request, _("The calendar has a new address. The one before shows nothing any more."))
    return redirect("own_calendar")


@allow(Permission.FILING_VIEW)
@require_POST
def calendar_off(request: HttpRequest) -> HttpResponse:
    """Take the address away."""
    calendars.turn_off_calendar(by=_actor(request))
    messages.success(request, _("The calendar's address is turned off."))
    return redirect("own_calendar")


@public(
    reason="calendar programs cannot sign in: whoever holds the secret address sees due days, and no trade data"
)
@require_safe
def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:
    """The due days as iCalendar, in the language of ?lang= or of the reader."""
    with fence.lifted(reason="the secret address says whose calendar it is"):
        organisation = Organisation.objects.filter(calendar_key=key, state="active").first()
    if organisation is None:
        raise Http404
    fence.enter(fence.Scope(organisation=organisation.pk))
    asked = request.GET.get("lang", "")
    with override(asked if asked in LANGUAGES else get_language()):
        response = HttpResponse(feed_of(organisation), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="lodestone.ics"'
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Robots-Tag"] = "noindex"
    return response


@allow(Permission.FILING_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def own_extensions(request: HttpRequest) -> HttpResponse:
    """What was asked for and given; and asking for one more."""
    actor = _actor(request)
    months = list(reading.months_to_extend(actor.organisation))
    form = AskExtensionForm(months, request.POST or None, initial={"period": request.GET.get("period", "")})
    if request.method == "POST" and form.is_valid():
        try:
            extensions.ask_extension(by=actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            messages.success(
                request, _("Your request is with the regulator. You are told by mail when it is decided.")
            )
            return redirect("own_extensions")
    context = {
        "form": form,
        "months": months,
        "may_ask": actor.may(Permission.EXTENSION_ASK),
        "extensions": reading.extensions_of(actor.organisation)[:100],
    }
    return render(request, "reporting/extension_ask.html", context, status=422 if form.errors else 200)


@allow(Permission.EXTENSION_GRANT)
@require_safe
def extension_list(request: HttpRequest) -> HttpResponse:
    """Every extension, those that wait for a decision first."""
    page = Paginator(reading.extensions_to_decide(), 50).get_page(request.GET.get("page"))
    return render(request, "reporting/extension_list.html", {"page_obj": page})


@allow(Permission.EXTENSION_GRANT)
@require_http_methods(["GET", "HEAD", "POST"])
def extension_decide(request: HttpRequest, extension_id: int) -> HttpResponse:
    """Grant or refuse one."""
    extension = get_object_or_404(
        Extension.objects.select_related("organisation", "asked_by"), pk=extension_id
    )
    if extension.state != ExtensionState.ASKED and request.method != "POST":
        return redirect("extension_list")
    form = DecideExtensionForm(extension, request.POST or None)
    if request.method == "POST" and form.is_valid():
        grant = form.cleaned_data["decision"] == "grant"
        given = {
            "reason": form.cleaned_data["reason"],
            "until": form.cleaned_data["until"] if grant else None,
        }
        try:
            extensions.decide_extension(by=_actor(request), extension_id=extension.pk, grant=grant, **given)
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            messages.success(
                request, _("The extension is granted.") if grant else _("The extension is refused.")
            )
            return redirect("extension_list")
    context = {"extension": extension, "form": form}
    return render(request, "reporting/extension_decide.html", context, status=422 if form.errors else 200)


@allow(Permission.EXTENSION_GRANT)
@require_http_methods(["GET", "HEAD", "POST"])
def extension_grant_all(request: HttpRequest) -> HttpResponse:
    """A later due day for everybody."""
    form = GrantAllForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            extensions.grant_to_all(by=_actor(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            messages.success(request, _("Everybody has the later due day now, and is told by mail."))
            return redirect("extension_list")
    return render(
        request, "reporting/extension_grant_all.html", {"form": form}, status=422 if form.errors else 200
    )
