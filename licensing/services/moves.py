"""An application moves from state to state as the table allows; each move is an event of its history."""

from __future__ import annotations

import re
from typing import Final

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from licensing.models import Application, ApplicationEvent, ApplicationStatus
from licensing.states import APPLICATION_MOVES
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission
from portal.core.words import storable

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")


def own(by: Actor, application_id: int) -> Application:
    """The application of the actor's own organisation, its row held; Http404 for any other."""
    return _locked(by, application_id, organisation_id=by.organisation_id or 0)


def in_office(by: Actor, application_id: int) -> Application:
    """An application that the office has, its row held; Http404 for a draft."""
    application = _locked(by, application_id)
    if application.is_draft:
        raise Http404
    return application


def _locked(by: Actor, application_id: int, **where: int) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("organisation", "officer")
    found = rows.filter(pk=application_id, **where).first()
    if found is None:
        raise Http404
    return found


def may(by: Actor, permission: Permission) -> None:
    """Refuse whose role does not include it."""
    if not by.may(permission) or by.user is None:
        raise Refused("not_permitted", _("Your role does not include this."), status=403)


def plain_code(code: str) -> None:
    """Refuse what rules and queues cannot be named by."""
    if not _CODE.fullmatch(code):
        raise Refused("code_unusable", _("Use small letters, digits, “-” and “_”, at most 30."), status=422)


def move(
    application: Application, to: ApplicationStatus, *, by: Actor, cause: str = "", **fields: object
) -> None:
    """The application stands where it should, with the fields given; refused where the table does not allow it."""
    if to not in APPLICATION_MOVES[application.status]:
        raise Refused(
            "state_differs",
            _("The application is “%(state)s” now, so this cannot be done."),
            values={"state": application.get_status_display()},
        )
    application.status = to
    for name, value in fields.items():
        setattr(application, name, value)
    application.revision += 1
    application.save(update_fields=["status", "revision", *fields])
    happened(application, to, by=by, cause=cause)


def happened(application: Application, what: str, *, by: Actor, key: str = "", cause: str = "") -> None:
    """One more event of the case."""
    ApplicationEvent.objects.create(
        application=application, at=clock.now(), what=what, key=key, cause=cause, by=by.user
    )


def tell(verb: str, by: Actor, application: Application, **data: object) -> None:
    """One event of the trail about an application. Codes and numbers only."""
    record(
        verb,
        by=by,
        organisation_id=application.organisation_id,
        subject=("application", application.pk),
        data={"number": application.number or "", **data},
    )


def words_given(text: str, longest: int = 5_000) -> str:
    """Words that were needed, as they can be kept; refused where there are none or too many."""
    words = storable(text).strip()
    if not words:
        raise Refused("text_missing", _("Write the words first."))
    if len(words) > longest:
        raise Refused("text_long", _("Keep it under %(limit)s characters."), values={"limit": longest})
    return words
