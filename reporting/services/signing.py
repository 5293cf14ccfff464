"""Signing: a version becomes a submission with its receipt, whole or not at all. Amending and withdrawing it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.accounts.services.signatures import require_second_factor
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.months import Month
from portal.core.permissions import Permission
from reporting.domain.canonical import digest_of
from reporting.models import Explanation, Filing, FilingStatus, Line, Obligation
from reporting.queries.filed import digest_of_named
from reporting.queries.filings import filing_in_force
from reporting.queries.obligations import due_time, opens_at
from reporting.queries.receipts import canonical_of
from reporting.services import obligations
from reporting.services.checking import Fault, faults_of
from reporting.services.filed import keep_named
from reporting.services.sources import keep_sources
from reporting.services.versions import amend, withdraw

__all__ = ["amend", "blocking", "file_nil", "submit", "withdraw"]

SANDBOX = "SANDBOX-"  # begins every receipt that is none
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another when read aloud or copied by hand


def submit(*, by: Actor, filing_id: int, revision: int, named: str = "") -> Filing:
    """Sign and submit a version: what it names is kept, checks once more, digest, receipt, obligation, trail, all in
    one transaction.

    A second call for the same version gives the same receipt. Refused with ``stale`` where the version changed since
    revision ``revision`` was read, or what it names since ``named`` (``digest_of_named``) was; with words wherever
    something stands in the way.
    """
    _may_sign(by)
    with transaction.atomic():
        filing = _locked(by, filing_id)
        if filing.is_filed:
            return filing
        if not filing.is_open:
            raise Refused("withdrawn", _("This version was withdrawn. Begin again with an amendment."))
        if filing.revision != revision:
            raise Refused(
                "stale", _("The filing was changed after you read it. Read it again before you sign.")
            )
        _two_people(filing, by)
        _complete(filing)
        keep_named(filing)
        keep_sources(filing)
        if named and named != digest_of_named(filing):
            raise Refused(
                "stale",
                _(
                    "A counterparty or a product was changed after you read the filing. Read it again before you sign."
                ),
            )
        faults = faults_of(filing)
        _mended(faults)
        _forget_settled(filing, faults)
        _seal(filing, by)
    return filing


def file_nil(*, by: Actor, organisation: Organisation, period: Month) -> Filing:
    """A nil return in one step, signed at once. Given again, the same receipt; refused where lines exist."""
    _may_sign(by)
    if by.organisation_id != organisation.pk:
        raise Http404
    try:
        with transaction.atomic():
            return _file_nil(by, organisation, period)
    except IntegrityError:
        filed = filing_in_force(organisation.pk, period)
        if filed is None or not filed.nil:
            raise
        return filed


def _file_nil(by: Actor, organisation: Organisation, period: Month) -> Filing:
    versions = list(
        Filing.objects.select_for_update()
        .filter(organisation=organisation, period=period)
        .order_by("-version")
    )
    in_force = next((row for row in versions if row.is_filed), None)
    draft = next((row for row in versions if row.is_open), None)
    if draft is None and in_force is not None:
        if in_force.nil:
            return in_force
        raise Refused("already_filed", _("This month is filed already. Amend the filing instead."))
    if draft is not None and Line.objects.filter(filing=draft).exists():
        raise Refused(
            "lines_exist", _("The draft of this month has lines. Discard them first if nothing moved.")
        )
    filing = draft or _new_nil(by, organisation, period, versions)
    filing.nil, filing.organisation = True, organisation
    _complete(filing)
    filing.save(update_fields=["nil"])
    _mended([fault for fault in faults_of(filing) if fault.severity == "error"])
    _seal(filing, by)
    return filing


def _new_nil(by: Actor, organisation: Organisation, period: Month, versions: Sequence[Filing]) -> Filing:
    moment = clock.now()
    return Filing.objects.create(
        organisation=organisation,
        period=period,
        version=versions[0].version + 1 if versions else 1,
        amendment_reason=versions[0].decision_reason if versions else "",  # why the one before was withdrawn
        nil=True,
        created_at=moment,
        created_by=by.user,
        saved_at=moment,
    )


def blocking(faults: Sequence[Fault]) -> list[Fault]:
    """What stands in the way of signing: errors, and warnings that nobody has explained."""
    return [
        row for row in faults if row.severity == "error" or (row.severity == "warning" and not row.explained)
    ]


def _may_sign(by: Actor) -> None:
    if not by.may(Permission.FILING_SIGN):
        raise Refused("not_permitted", _("Only a certifier may sign."), status=403)
    require_second_factor(by=by)


def _locked(by: Actor, filing_id: int) -> Filing:
    rows = Filing.objects.select_for_update(of=("self",)).select_related("organisation")
    filing = rows.filter(pk=filing_id, organisation=by.organisation).first()
    if filing is None:
        raise Http404
    return filing


def _two_people(filing: Filing, by: Actor) -> None:
    if not filing.organisation.separate_signer or filing.nil:
        return
    if filing.status != FilingStatus.HANDED_OVER:
        raise Refused(
            "not_handed_over",
            _("Your organisation asks for two people: a preparer hands the filing over before it is signed."),
        )
    if by.user_id in {filing.prepared_by_id, None}:
        raise Refused(
            "same_person",
            _(
                "Your organisation asks for two people: you prepared this filing, so another certifier signs it."
            ),
        )


def _complete(filing: Filing) -> None:
    if clock.now() < opens_at(filing.period):
        raise Refused("month_not_over", _("The month is not over yet. It can be signed from its end on."))
    if not filing.nil and not Line.objects.filter(filing=filing).exists():
        raise Refused("no_lines", _("There are no lines. If nothing moved in the month, file a nil return."))
    if filing.version > 1 and not filing.amendment_reason:
        raise Refused("reason_missing", _("An amendment needs its reason."))


def _mended(faults: Sequence[Fault]) -> None:
    in_the_way = blocking(faults)
    errors = sum(fault.severity == "error" for fault in in_the_way)
    if errors:
        raise Refused(
            "errors_open", _("Mend the errors first: %(count)s are open."), values={"count": errors}
        )
    if in_the_way:
        values = {"count": len(in_the_way)}
        raise Refused(
            "warnings_unexplained", _("Explain the warnings first: %(count)s are open."), values=values
        )


def _forget_settled(filing: Filing, faults: Sequence[Fault]) -> None:
    """Explanations of warnings that no longer stand are no part of what is signed."""
    standing = {(fault.code, fault.subject) for fault in faults}
    kept = Explanation.objects.filter(filing=filing).values_list("pk", "code", "subject")
    gone = [pk for pk, code, subject in kept if (code, subject) not in standing]
    if gone:
        Explanation.objects.filter(pk__in=gone).delete()


def _seal(filing: Filing, by: Actor) -> None:
    moment = clock.now()
    filing.status = FilingStatus.SUBMITTED  # from here on it is read as it was kept
    filing.sha256 = digest_of(canonical_of(filing))
    filing.receipt_no = _receipt_no(filing)
    filing.submitted_at, filing.submitted_by = moment, by.user
    filing.on_time = _judged_on_time(filing, by, moment)
    filing.line_count = Line.objects.filter(filing=filing).count()
    filing.save(
        update_fields=[
            "status",
            "sha256",
            "receipt_no",
            "submitted_at",
            "submitted_by",
            "on_time",
            "line_count",
        ]
    )
    obligations.refresh(organisation_ids=[filing.organisation_id], periods=[filing.period])
    record(
        "filing.submitted",
        by=by,
        organisation_id=filing.organisation_id,
        subject=("filing", filing.pk),
        data={
            "period": str(filing.period),
            "version": filing.version,
            "nil": filing.nil,
            "lines": filing.line_count,
            "sha256": filing.sha256,
            "receipt_no": filing.receipt_no,
            "on_time": filing.on_time,
        },
    )
    publish("filing.submitted", filing.pk)


def _receipt_no(filing: Filing) -> str:
    drawn, period = "".join(secrets.choice(_SIGNS) for _ in range(10)), filing.period
    number = f"LS{period.year:04d}{period.month:02d}-{drawn[:5]}-{drawn[5:]}"
    return f"{SANDBOX}{number}" if filing.organisation.is_sandbox else number


def _judged_on_time(filing: Filing, by: Actor, moment: datetime) -> bool:
    """By the month's first version that was not withdrawn; the obligation is opened if that was not done yet."""
    first_of = {"organisation_id": filing.organisation_id, "period": filing.period}
    owed = Obligation.objects.filter(**first_of).first()
    if owed is None:
        obligations.open_months(by=by, organisations=[filing.organisation_id], up_to=filing.period)
        owed = Obligation.objects.filter(**first_of).first()
    due_at = owed.due_at if owed else due_time(filing.organisation_id, filing.period)
    first = (
        Filing.objects.filed()
        .filter(**first_of)
        .order_by("version")
        .values_list("submitted_at", flat=True)
        .first()
    )
    return (first or moment) <= due_at
