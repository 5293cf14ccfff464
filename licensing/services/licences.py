"""Licences: issued with their grams, suspended and lifted, revoked, given back, expired. Each acts at the next check."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from licensing.domain.ledger import Account, MovementKind
from licensing.domain.terms import LineTerms, Terms, licence_number
from licensing.models import Licence, LicenceLine, LicenceStatus
from licensing.queries.licences import holds_on
from licensing.services import postings
from licensing.services.ledger import WORDS, settle_status
from licensing.services.postings import Posting
from licensing.states import LICENCE_MOVES
from portal.accounts.services.signatures import require_second_factor
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.permissions import Permission

_S, _A, _K = LicenceStatus, Account, MovementKind
OFFICERS = (Permission.CASE_HANDLE, Permission.CASE_COUNTERSIGN)


def issue(
    *,
    by: Actor,
    exporter_id: int,
    terms: Terms,
    lines: Sequence[LineTerms],
    licence_no: str | None = None,
    predecessor_id: int | None = None,
    application_id: int | None = None,
) -> Licence:
    """A licence stands with what it authorises; one that replaces another has taken over what was drawn and reserved.

    All of it or nothing. Refused: no lines, one twice, a quantity of nothing, a number that is taken; a predecessor that
    does not hold today, is replaced already, or has drawn more than its successor grants.
    """
    _require(by, *OFFICERS)
    _require_lines(lines)
    with transaction.atomic():
        before = None if predecessor_id is None else _replaceable(predecessor_id, exporter_id)
        licence = _made(by, exporter_id, terms, licence_no, before)
        for terms_of_line in lines:
            _line(by, licence, terms_of_line)
        if before is not None:
            _carry(by, before, licence)
        data = {
            "licence_no": licence.licence_no,
            "lines": len(lines),
            "predecessor": None if before is None else before.licence_no,
            "application": application_id,
        }
        record(
            "licence.issued", by=by, organisation_id=exporter_id, subject=("licence", licence.pk), data=data
        )
        publish("licence.issued", licence.pk)
        if before is not None:
            publish("licence.changed", before.pk)
        return licence


def suspend(*, by: Actor, licence_id: int, reason: str = "", until: date | None = None) -> Licence:
    """From now on nothing is drawn, until it is lifted or the day ``until`` is over."""
    today = clock.today()
    if until is not None and until < today:
        raise Refused("days_not_in_order", _("A suspension ends today or later."), status=422)
    values = {"suspended_from": today, "suspended_until": until}
    return _move(by, licence_id, _S.SUSPENDED, "licence.suspended", values, reason, OFFICERS)


def lift(*, by: Actor, licence_id: int, reason: str = "") -> Licence:
    """The suspension is over: what was drawn meanwhile would still have been wrong, what is drawn now is not."""
    with transaction.atomic():
        licence = postings.locked(licence_id)
        first, last = licence.suspended_from, clock.today() - timedelta(days=1)
        kept = {"suspended_from": first, "suspended_until": last}
        if (
            first is None or last < first
        ):  # it was lifted on its first day: no day is left on which it did not hold
            kept = {"suspended_from": None, "suspended_until": None}
        licence = _move(by, licence_id, _S.VALID, "licence.lifted", kept, reason, OFFICERS)
        settle_status(licence)
        return licence


def revoke(*, by: Actor, licence_id: int, reason: str = "") -> Licence:
    """From today on it does not hold, and never will again."""
    values = {"revoked_on": clock.today()}
    return _move(
        by, licence_id, _S.REVOKED, "licence.revoked", values, reason, (Permission.CASE_COUNTERSIGN,)
    )


def surrender(*, by: Actor, licence_id: int, reason: str = "") -> Licence:
    """The exporter gave it back: from today on it does not hold."""
    allowed = (Permission.LICENCE_SUBMIT, Permission.CASE_COUNTERSIGN)
    _require(by, *allowed)
    require_second_factor(by=by)
    values = {"surrendered_on": clock.today()}
    return _move(by, licence_id, _S.SURRENDERED, "licence.surrendered", values, reason, allowed)


def expire_due() -> int:
    """Licences whose last day is over say so, suspensions whose last day is over are lifted; how many licences changed.

    They did not hold, or held again, from that day on without it.
    """
    by, today, changed = Actor.system("licences"), clock.today(), 0
    due = Q(expires_on__lt=today, status__in=[_S.VALID, _S.SUSPENDED, _S.EXHAUSTED])
    over = Q(status=_S.SUSPENDED, suspended_until__lt=today)
    for licence_id in Licence.objects.filter(due | over).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            licence = postings.locked(licence_id)
            late = licence.expires_on < today
            _change(
                by,
                licence,
                _S.EXPIRED if late else _S.VALID,
                "licence.expired" if late else "licence.lifted",
                {},
            )
            changed += 1
    return changed


def _require(by: Actor, *permissions: Permission) -> None:
    if not any(by.may(permission) for permission in permissions):
        raise Refused("not_permitted", _("Your role does not include this."), status=403)


def _require_lines(lines: Sequence[LineTerms]) -> None:
    if not lines:
        raise Refused("no_lines", _("A licence has at least one line."), status=422)
    if len({line.line_no for line in lines}) != len(lines):
        raise Refused("line_twice", _("Two lines have the same number."), status=422)
    if any(line.quantity_g <= 0 for line in lines):
        raise Refused("quantity_not_positive", _("A quantity is more than 0."), status=422)


def _made(
    by: Actor, exporter_id: int, terms: Terms, licence_no: str | None, before: Licence | None
) -> Licence:
    """The row, with its number."""
    if licence_no is not None and Licence.objects.filter(licence_no=licence_no).exists():
        raise Refused("number_taken", _("There is a licence with this number."))
    licence = Licence.objects.create(
        licence_no=licence_no or uuid.uuid4().hex,
        exporter_id=exporter_id,
        kind=terms.kind,
        issued_on=terms.issued_on,
        expires_on=terms.expires_on,
        max_uses=terms.max_uses,
        tolerance_pct=terms.tolerance_pct,
        consignee_name=";".join(terms.consignee_name),
        consignee_id=";".join(terms.consignee_id),
        end_user_name=";".join(terms.end_user_name),
        end_user_id=";".join(terms.end_user_id),
        destination=";".join(terms.destinations),
        customs_office=terms.customs_office,
        transport_mode=terms.transport_mode,
        no_split=terms.no_split,
        predecessor=before,
        created_at=clock.now(),
        created_by_id=by.user_id,
    )
    if licence_no is None:
        licence.licence_no = licence_number(licence.pk, licence.issued_on.year)
        licence.save(update_fields=["licence_no"])
    return licence


def _line(by: Actor, licence: Licence, terms: LineTerms) -> None:
    line = LicenceLine.objects.create(
        licence=licence,
        line_no=terms.line_no,
        control_codes=";".join(terms.control_codes),
        hs_code=terms.hs_code,
        description=terms.description,
        quantity_dp=terms.quantity_dp,
        authorised_g=0,
        ceiling_g=0,
    )
    posting = Posting(
        _K.AUTHORISE, _A.GRANTED, _A.AVAILABLE, terms.quantity_g, f"authorise:{licence.pk}:{line.line_no}", "issue",
        day=licence.issued_on,
    )  # fmt: skip
    postings.post(by=by, line_id=line.pk, posting=posting)


def _replaceable(predecessor_id: int, exporter_id: int) -> Licence:
    """The licence to be replaced, locked. Refused where it is not one to replace."""
    before = postings.locked(predecessor_id)
    if before.exporter_id != exporter_id:
        raise Refused("exporter_other", _("The licence to be replaced is another exporter's."), status=422)
    if fault := holds_on(before, clock.today()):
        raise Refused(fault, WORDS[fault])
    if Licence.objects.filter(predecessor=before).exists():
        raise Refused("replaced_already", _("The licence has been replaced already."))
    return before


def _carry(by: Actor, before: Licence, after: Licence) -> None:
    """What was drawn and reserved stands on the successor; nothing is left on the predecessor, which holds no more."""
    own = {line.line_no: line for line in after.lines.all()}
    for line in before.lines.order_by("line_no"):
        target = own.get(line.line_no)
        if target is None and (line.drawn_g or line.reserved_g):
            raise Refused(
                "line_dropped",
                _("Line %(line)s has been drawn and cannot be left out."),
                values={"line": line.line_no},
                status=422,
            )
        moves = [
            (line.pk, _A.RESERVED, _A.CARRIED, line.reserved_g),
            (line.pk, _A.AVAILABLE, _A.CARRIED, line.balance_g),
        ]
        if target is not None:
            moves += [
                (target.pk, _A.AVAILABLE, _A.DRAWN, line.drawn_g),
                (target.pk, _A.AVAILABLE, _A.RESERVED, line.reserved_g),
            ]
        for line_id, source, to, grams in moves:
            if grams:
                key = f"carry:{after.pk}:{line_id}:{source}"
                key = key if line_id == line.pk else f"{key}:{to}"
                posting = Posting(_K.CARRY, source, to, grams, key, "amendment")
                postings.post(by=by, line_id=line_id, posting=posting)
    before.status, before.surrendered_on = _S.SURRENDERED, clock.today()
    before.save(update_fields=["status", "surrendered_on"])
    settle_status(after)


def _move(
    by: Actor,
    licence_id: int,
    wanted: LicenceStatus,
    verb: str,
    values: Mapping[str, date | None],
    reason: str,
    allowed: Sequence[Permission],
) -> Licence:
    """The licence is in the state wanted. Refused where the table of states has no such move."""
    _require(by, *allowed)
    with transaction.atomic():
        licence = postings.locked(licence_id)
        if by.user is not None and not any(by.may(permission) for permission in OFFICERS):
            _require_own(by, licence)
        if wanted not in LICENCE_MOVES[licence.status] or (
            verb == "licence.lifted" and licence.status != _S.SUSPENDED
        ):
            raise Refused(
                "licence_state",
                _("The licence is %(state)s: this cannot be done now."),
                values={"state": licence.get_status_display()},
            )
        _change(by, licence, wanted, verb, values, reason)
        return licence


def _require_own(by: Actor, licence: Licence) -> None:
    if licence.exporter_id != by.organisation_id:
        raise Refused("not_found", _("There is no such licence here."), status=404)


def _change(
    by: Actor,
    licence: Licence,
    wanted: LicenceStatus,
    verb: str,
    values: Mapping[str, date | None],
    reason: str = "",
) -> None:
    licence.status = wanted
    if wanted == _S.SUSPENDED:
        licence.keep_suspension(values["suspended_from"], values["suspended_until"])
    for name, value in values.items():
        setattr(licence, name, value)
    licence.save(update_fields=["status", "earlier_suspensions", *values])
    data = {"licence_no": licence.licence_no, "reason": reason}
    record(verb, by=by, organisation_id=licence.exporter_id, subject=("licence", licence.pk), data=data)
    publish("licence.changed", licence.pk)
