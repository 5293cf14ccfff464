"""Later versions of what was filed: an amendment takes the place of a version, a withdrawal takes one back."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.permissions import Permission
from portal.core.words import storable
from reporting.models import Explanation, Filing, FilingStatus, Line
from reporting.queries.filings import open_draft
from reporting.services import obligations

REASON_LONGEST = 2_000


def amend(*, by: Actor, filing_id: int, reason: str) -> Filing:
    """Begin the next version of a filed month, with every line under its number; the draft of it is given back.

    Nothing of what was filed changes, and the time it was filed stays. A second call gives the same draft.
    """
    _may(by, Permission.FILING_SIGN, Permission.FILING_PREPARE)
    reason = _given(reason)
    try:
        with transaction.atomic():
            return _next_version(by, filing_id, reason)
    except IntegrityError:
        filing = Filing.objects.filter(pk=filing_id, organisation=by.organisation).first()
        begun = None if filing is None else open_draft(filing.organisation_id, filing.period)
        if begun is None:
            raise
        return begun


def _next_version(by: Actor, filing_id: int, reason: str) -> Filing:
    filing, later = _held(by, filing_id)
    newest = later[-1] if later else filing
    if newest.is_open:
        return newest
    if any(row.is_filed for row in later):
        raise Refused("not_the_newest", _("There is a later version of this month. Amend that one."))
    moment = clock.now()
    draft = Filing.objects.create(
        organisation_id=filing.organisation_id,
        period=filing.period,
        version=newest.version + 1,
        amendment_reason=reason,
        source=filing.source,
        line_count=filing.line_count,
        created_at=moment,
        created_by=by.user,
        saved_at=moment,
    )
    _copy_rows(Line, filing.pk, draft.pk)
    _copy_rows(Explanation, filing.pk, draft.pk)
    data = {"period": str(draft.period), "version": draft.version, "of": filing.pk}
    record("filing.amendment_begun", by=by, subject=("filing", draft.pk), data=data)
    return draft


def withdraw(*, by: Actor, filing_id: int, reason: str) -> Filing:
    """Take back the version in force before anybody reviewed it. It counts no more, also not for timeliness."""
    _may(by, Permission.FILING_SIGN)
    reason = _given(reason)
    with transaction.atomic():
        filing, later = _held(by, filing_id)
        if filing.status == FilingStatus.WITHDRAWN:
            return filing
        if any(row.is_open for row in later):
            raise Refused(
                "amendment_open", _("An amendment of this month is begun. Discard it before you withdraw.")
            )
        if any(row.is_filed for row in later) or filing.status != FilingStatus.SUBMITTED:
            raise Refused(
                "not_in_force",
                _("Only the newest version can be withdrawn, and only before a decision on it."),
            )
        if filing.review_started_at is not None:
            raise Refused("review_begun", _("The regulator has begun the review. Amend the filing instead."))
        filing.status = FilingStatus.WITHDRAWN
        filing.decided_by, filing.decided_at, filing.decision_reason = by.user, clock.now(), reason
        filing.save(update_fields=["status", "decided_by", "decided_at", "decision_reason"])
        obligations.refresh(organisation_ids=[filing.organisation_id], periods=[filing.period])
        data = {"period": str(filing.period), "version": filing.version, "sha256": filing.sha256}
        record("filing.withdrawn", by=by, subject=("filing", filing.pk), data=data)
        publish("filing.withdrawn", filing.pk)
    return filing


def _may(by: Actor, *permissions: Permission) -> None:
    if not any(by.may(permission) for permission in permissions):
        raise Refused("not_permitted", _("Your role does not include this."), status=403)


def _given(reason: str) -> str:
    words = " ".join(storable(reason).split())
    if not words:
        raise Refused("reason_missing", _("Write the reason: it stays with the filing."))
    if len(words) > REASON_LONGEST:
        values = {"limit": REASON_LONGEST}
        raise Refused("reason_long", _("Keep the reason under %(limit)s characters."), values=values)
    return words


def _held(by: Actor, filing_id: int) -> tuple[Filing, list[Filing]]:
    """The organisation's own submitted version and the later ones of that month, all versions locked."""
    filing = Filing.objects.filter(pk=filing_id, organisation=by.organisation).first()
    if filing is None:
        raise Http404
    rows = Filing.objects.select_for_update().filter(
        organisation_id=filing.organisation_id, period=filing.period
    )
    versions = list(rows.order_by("version"))
    held = next(row for row in versions if row.pk == filing.pk)
    if held.is_open:
        raise Refused("not_submitted", _("This version is a draft: it can simply be changed."))
    return held, [row for row in versions if row.version > held.version]


def _copy_rows(model: type[models.Model], from_filing: int, to_filing: int) -> None:
    """Copy what belongs to one filing to another inside the database: fifty thousand lines in one statement."""
    fields: list[Any] = list(model._meta.concrete_fields)  # noqa: SLF001 - Django's documented way to the columns
    columns = [connection.ops.quote_name(f.column) for f in fields if f.column not in {"id", "filing_id"}]
    table, names = connection.ops.quote_name(model._meta.db_table), ", ".join(columns)  # noqa: SLF001
    statement = (
        f"INSERT INTO {table} (filing_id, {names}) SELECT %s, {names} FROM {table} WHERE filing_id = %s"  # noqa: S608 - names of our own columns
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [to_filing, from_filing])
