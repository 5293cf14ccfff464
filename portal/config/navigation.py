"""What every page shows around its content: the menu that the actor's roles give, the demonstration's banner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.actors import NOBODY, Actor
from portal.core.permissions import Permission as P


@dataclass(frozen=True)
class Entry:
    """One line of the menu: who sees it, where it leads; ``names`` are the pages it stays lit for."""

    label: str | Promise
    url_name: str
    icon: str
    permissions: tuple[P, ...]
    prefix: str = ""


MENU: tuple[Entry, ...] = (
    Entry(_("Overview"), "home", "home", (P.SIGNED_IN,)),
    Entry(_("Filings"), "filing_list", "filing", (P.FILING_VIEW,), "/filings/"),
    Entry(_("Questions"), "question_list", "question", (P.QUESTION_ANSWER,), "/questions/"),
    Entry(_("Findings"), "own_finding_list", "finding", (P.FILING_VIEW,), "/findings/"),
    Entry(_("Products"), "product_list", "product", (P.FILING_VIEW,), "/products/"),
    Entry(_("Counterparties"), "counterparty_list", "counterparty", (P.FILING_VIEW,), "/counterparties/"),
    Entry(_("Lots"), "own_lot_trace", "thread", (P.FILING_VIEW,), "/lots/"),
    Entry(_("Check a good"), "classify", "search", (P.FILING_VIEW,), "/classify/"),
    Entry(_("Control list"), "control_list", "book", (P.FILING_VIEW, P.EXPORT_CHECK), "/control-list/"),
    Entry(_("Licence applications"), "application_list", "sent", (P.LICENCE_VIEW,), "/licence-applications/"),
    Entry(_("Licences"), "licence_list", "receipt", (P.LICENCE_VIEW,), "/licences/"),
    Entry(_("People"), "member_list", "people", (P.MEMBERS_MANAGE,), "/people/"),
    Entry(_("Webhooks"), "webhook_list", "bell", (P.WEBHOOK_MANAGE,), "/webhooks/"),
    Entry(_("Trail"), "own_trail", "trail", (P.OWN_TRAIL_VIEW,), "/trail/"),
    Entry(_("Licences and checks"), "customs_home", "key", (P.EXPORT_CHECK,)),
    Entry(_("Check an export"), "customs_check", "search", (P.EXPORT_CHECK,), "/customs/check/"),
    Entry(_("Declarations"), "customs_records", "filing", (P.EXPORT_CHECK,), "/customs/declarations/"),
    Entry(_("File of declarations"), "customs_batch", "upload", (P.EXPORT_CHECK,), "/customs/batch/"),
    Entry(_("Who has filed"), "obligation_list", "calendar", (P.SUPERVISE,), "/supervision/obligations/"),
    Entry(_("Filings"), "review_list", "filing", (P.SUPERVISE,), "/supervision/filings/"),
    Entry(_("Findings"), "finding_list", "finding", (P.SUPERVISE,), "/supervision/findings/"),
    Entry(_("Questions"), "asked_list", "question", (P.SUPERVISE,), "/supervision/questions/"),
    Entry(
        _("Organisations"), "organisation_list", "organisation", (P.SUPERVISE,), "/supervision/organisations/"
    ),
    Entry(_("Lots"), "lot_trace", "thread", (P.SUPERVISE,), "/supervision/lots/"),
    Entry(_("Licence cases"), "case_list", "shield", (P.SUPERVISE,), "/casework/"),
    Entry(_("Licences"), "office_licence_list", "receipt", (P.SUPERVISE,), "/supervision/licences/"),
    Entry(
        _("Control list"),
        "list_versions",
        "book",
        (P.SUPERVISE,),
        "/supervision/control-list/",
    ),
    Entry(_("Watch lists"), "watch_list", "flag", (P.SUPERVISE,), "/supervision/watch-lists/"),
    Entry(_("Who is who"), "proposal_list", "counterparty", (P.SUPERVISE,), "/supervision/parties/"),
    Entry(_("Sweeps"), "sweep_list", "sweep", (P.SUPERVISE,), "/supervision/sweeps/"),
    Entry(_("Extensions"), "extension_list", "clock", (P.EXTENSION_GRANT,), "/supervision/extensions/"),
    Entry(_("Enrolments"), "enrolment_list", "enrolment", (P.ENROLMENT_DECIDE,), "/supervision/enrolments/"),
    Entry(
        _("Lost second factors"),
        "recovery_list",
        "recovery",
        (P.ACCOUNT_RECOVER,),
        "/supervision/recoveries/",
    ),
    Entry(_("Trail"), "trail", "trail", (P.TRAIL_VIEW,), "/supervision/trail/"),
)


def menu(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The lines this actor sees, the current one marked."""
    lines = []
    for entry in MENU:
        if any(actor.may(permission) for permission in entry.permissions):
            url = reverse(entry.url_name)
            current = path.startswith(entry.prefix) if entry.prefix else path == url
            lines.append({"label": entry.label, "url": url, "icon": entry.icon, "current": current})
    return lines


def account_links(actor: Actor) -> list[dict[str, Any]]:
    """What stands in the account's menu."""
    links = [{"label": _("Your account"), "url": reverse("account_page")}]
    if actor.organisation is not None:
        links.append({"label": _("Your organisation"), "url": reverse("own_organisation")})
    return links


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Context of every page."""
    actor: Actor = getattr(request, "actor", NOBODY)
    signed_in = actor.is_authenticated
    return {
        "actor": actor,
        "demonstration": settings.DEMONSTRATION,
        "navigation": menu(actor, request.path) if signed_in else [],
        "organisations": actor.organisations,
        "account_links": account_links(actor) if signed_in else [],
        "reference": getattr(request, "reference", ""),
    }
