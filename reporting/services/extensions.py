"""Extensions: asked for by an organisation, decided by the regulator's administrator, or given to all."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.months import Month
from portal.core.permissions import Permission
from portal.core.words import storable
from reporting.models import Extension, ExtensionState, Obligation
from reporting.queries.calendars import deadlines_of
from reporting.queries.obligations import last_day
from reporting.services import obligations

LONGEST = timedelta(days=92)  # beyond the due day; a longer one is a change of the law


def ask_extension(*, by: Actor, period: Month, until: date, reason: str) -> Extension:
    """Ask the regulator for a later due day of one month. Refused where nothing is owed or one is asked already."""
    if not by.may(Permission.EXTENSION_ASK) or by.organisation_id is None:
        raise PermissionDenied
    with transaction.atomic():
        owed = (
            Obligation.objects.select_for_update()
            .filter(organisation_id=by.organisation_id, period=period)
            .first()
        )
        if owed is None or owed.submitted_at is not None:
            raise Refused(
                "extension_not_needed",
                _("Nothing is owed for that month any more, so there is nothing to extend."),
            )
        if Extension.objects.filter(
            organisation_id=by.organisation_id, period=period, state=ExtensionState.ASKED
        ).exists():
            raise Refused(
                "extension_already_asked",
                _("An extension of this month is asked for already. The regulator will decide on it."),
            )
        _check_day(until, last_day(owed.due_at), owed.due_on)
        extension = Extension.objects.create(
            organisation_id=by.organisation_id,
            period=period,
            until=until,
            reason=_given(reason),
            asked_by=by.user,
            asked_at=clock.now(),
        )
        record(
            "extension.asked",
            by=by,
            subject=("extension", extension.pk),
            data={"period": str(period), "until": until.isoformat()},
        )
    return extension


def decide_extension(
    *, by: Actor, extension_id: int, grant: bool, reason: str = "", until: date | None = None
) -> Extension:
    """Grant (perhaps until another day) or refuse (with a reason) what was asked for. The due time follows at once."""
    _need(by, Permission.EXTENSION_GRANT)
    with transaction.atomic():
        extension = Extension.objects.select_for_update().filter(pk=extension_id).first()
        if extension is None or extension.state != ExtensionState.ASKED:
            raise Refused("extension_decided", _("This extension is decided already."))
        if not grant:
            reason = _given(reason)
        extension.until = until or extension.until
        if grant:
            on = deadlines_of([extension.period])[extension.period].on
            _check_day(extension.until, on, on)
        extension.state = ExtensionState.GRANTED if grant else ExtensionState.REFUSED
        extension.decided_by, extension.decided_at, extension.decision_reason = (
            by.user,
            clock.now(),
            storable(reason).strip(),
        )
        extension.save()
        if grant:
            obligations.refresh(organisation_ids=[extension.organisation_id or 0], periods=[extension.period])
        record(
            f"extension.{extension.state}",
            by=by,
            organisation_id=extension.organisation_id,
            subject=("extension", extension.pk),
            data={"period": str(extension.period), "until": extension.until.isoformat()},
        )
        publish("extension.decided", extension.pk)
    return extension


def grant_to_all(*, by: Actor, period: Month, until: date, reason: str) -> Extension:
    """Give everybody a later due day, for an outage of the portal. The same day twice is refused, not doubled."""
    _need(by, Permission.EXTENSION_GRANT)
    with transaction.atomic():
        on = deadlines_of([period])[period].on
        _check_day(until, on, on)
        for_all = Extension.objects.select_for_update().filter(
            organisation=None, period=period, state=ExtensionState.GRANTED
        )
        if any(row.until >= until for row in for_all):
            raise Refused(
                "extension_given", _("Everybody has this month extended to that day or later already.")
            )
        moment = clock.now()
        extension = Extension.objects.create(
            organisation=None,
            period=period,
            until=until,
            reason=_given(reason),
            state=ExtensionState.GRANTED,
            asked_by=by.user,
            asked_at=moment,
            decided_by=by.user,
            decided_at=moment,
        )
        obligations.refresh(periods=[period])
        data = {"period": str(period), "until": until.isoformat()}
        record("extension.granted_to_all", by=by, subject=("extension", extension.pk), data=data)
        publish("extension.granted", extension.pk)
    return extension


def _need(by: Actor, permission: Permission) -> None:
    if not by.may(permission):
        raise PermissionDenied


def _given(reason: str) -> str:
    words = storable(reason).strip()
    if not words:
        raise Refused("reason_missing", _("Write the reason: it stays with the extension."))
    return words


def _check_day(until: date, due: date, before_extension: date) -> None:
    if until <= due:
        raise Refused("extension_not_later", _("Choose a day after the present due day."))
    if until > before_extension + LONGEST:
        raise Refused(
            "extension_too_long", _("An extension reaches three months beyond the due day at most.")
        )
