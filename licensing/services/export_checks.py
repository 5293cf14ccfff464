"""May these goods leave? Permit, hold or deny, with reasons, signed; a permit has drawn the licence, exactly once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from licensing.domain import answers
from licensing.domain.classification import ASSAY_REQUIRED, NOT_CONTROLLED, Good, Verdict, verdict_on
from licensing.domain.declared import Asked, DeclaredItem
from licensing.domain.export_decision import PERMIT, Grant, decision_of, faults_of
from licensing.models import Declaration, DeclarationState, Door, ExportCheck, Licence, LicenceLine
from licensing.queries.grounds import grounds_of
from licensing.queries.licences import holds_on, uses_left
from licensing.queries.reason_words import words_of
from licensing.services import declarations, postings
from licensing.services.drawing import draw_item
from licensing.services.postings import Presented
from portal.audit.domain.heads import KeyUnreadable
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission
from portal.core.quantities import plain

_ITEM: Final = tuple(one.name for one in fields(DeclaredItem))
_BEYOND: Final = tuple(one.name for one in fields(Asked) if one.name != "item")


@dataclass(frozen=True)
class _Found:
    """What was found out about a question."""

    codes: tuple[str, ...]
    exporter_id: int | None
    licence: Licence | None = None
    line: LicenceLine | None = None
    verdict: Verdict | None = None
    record: Declaration | None = None  # of what has drawn, to be written


def check(*, by: Actor, asked: Asked, good: Good, dry_run: bool = False) -> dict[str, Any]:
    """The signed answer, kept as it was given. With ``dry_run`` nothing is drawn and the declaration may be unnamed.

    An exporter may rehearse its own exports and nothing else. ImproperlyConfigured where there is no key to sign with.
    """
    _require(by, asked.item, dry_run=dry_run)
    key = _key()
    with transaction.atomic(savepoint=False):  # nothing in it is refused and gone on from
        found = _rehearsed(by, asked, good) if dry_run else _done(by, asked, good)
        answer = answers.signed(key, _answer(asked.item, found, dry_run=dry_run))
        _keep(by, asked, good, found, answer, dry_run=dry_run)
        return answer


def _rehearsed(by: Actor, asked: Asked, good: Good) -> _Found:
    """What would be found, with the balance as it would be, and nothing left of it."""
    named = asked.item
    if not named.declaration_no:  # what has no number yet draws under one that nobody else has
        named = replace(named, declaration_no=f"rehearsal {uuid.uuid4().hex}", item_no=1)
    with transaction.atomic():
        found = _done(by, replace(asked, item=named), good)
        transaction.set_rollback(True)
    return replace(found, record=None)


def _done(by: Actor, asked: Asked, good: Good) -> _Found:
    """The question judged, and where nothing speaks against it the licence drawn and the declaration kept."""
    item = asked.item
    postings.hold_declaration(item.key)
    grounds = grounds_of(item)
    exporter_id = grounds.exporter_id
    if exporter_id is None:
        return _Found(("exporter_unknown",), None)
    known = declarations.declaration_of(item.key) if grounds.heard_of else None
    if known is not None and known.state in {DeclarationState.DRAWN, DeclarationState.REVERSED}:
        return _again(known, item, exporter_id)
    verdict = verdict_on(good, grounds.control_list, on=item.declared_on)
    notes = ("customs_code_contradicts",) if verdict.contradictions else ()
    if verdict.verdict == NOT_CONTROLLED:
        return _Found(("not_controlled", *notes), exporter_id, verdict=verdict)
    if verdict.verdict == ASSAY_REQUIRED:
        return _Found(("assay_required", *notes), exporter_id, verdict=verdict)
    presented = _presented(by, item)
    if presented is None:
        code = "licence_unknown" if item.licence_no else "licence_missing"
        return _Found((code, *notes), exporter_id, verdict=verdict)
    codes = _speaks_against(asked, exporter_id, presented.licence)
    found = _Found((*codes, *notes), exporter_id, presented.licence, None, verdict)
    return found if codes else _drawn(by, item, presented, known, found, first=not grounds.heard_of)


def _presented(by: Actor, item: DeclaredItem) -> Presented | None:
    """The licence presented; to an exporter another's is as unknown as none."""
    if not item.licence_no:
        return None
    presented = postings.presented(item.licence_no)
    if presented is None or by.may(Permission.EXPORT_CHECK):
        return presented
    return presented if presented.licence.exporter_id == by.organisation_id else None


def _speaks_against(asked: Asked, exporter_id: int, licence: Licence) -> tuple[str, ...]:
    if licence.exporter_id != exporter_id:
        return ("exporter_other",)
    fault = holds_on(licence, asked.item.declared_on)
    return ((fault,) if fault else ()) + tuple(faults_of(asked, _grant(licence)))


def _drawn(
    by: Actor,
    item: DeclaredItem,
    presented: Presented,
    known: Declaration | None,
    found: _Found,
    *,
    first: bool,
) -> _Found:
    """What was found, the licence drawn and the record made; where it cannot be drawn, why."""
    assert found.verdict is not None
    assert found.exporter_id is not None
    try:
        line = draw_item(
            by=by, presented=presented, item=item, cause="export_check", codes=found.verdict.control_codes, first=first
        )  # fmt: skip
    except Refused as refusal:
        return replace(found, codes=(refusal.code, *found.codes))
    if known is None:
        record = declarations.record_of(
            by=by, item=item, exporter_id=found.exporter_id, door=Door.CHECK, line=line
        )
        return replace(found, line=line, record=record)
    # it was on record without having drawn
    Declaration.objects.filter(pk=known.pk).update(
        state=DeclarationState.DRAWN, reason="", line=line, licence=line.licence_id
    )
    return replace(found, line=line)


def _again(known: Declaration, item: DeclaredItem, exporter_id: int) -> _Found:
    """An item that drew or was taken back before: told so, and nothing moves."""
    if known.state == DeclarationState.REVERSED:
        return _Found(("declaration_reversed",), exporter_id, known.licence)
    same = declarations.content_of(known)
    if replace(same, quantity_dp=item.quantity_dp, value_dp=item.value_dp) != item:
        return _Found(("declaration_other",), exporter_id, None)
    return _Found(("already_drawn",), exporter_id, known.licence, known.line)


def _grant(licence: Licence) -> Grant:
    def several(text: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in text.split(";") if part.strip())

    return Grant(
        several(licence.consignee_name),
        several(licence.consignee_id),
        several(licence.end_user_name),
        several(licence.end_user_id),
        several(licence.destination),
        licence.customs_office,
        licence.transport_mode,
    )


def _answer(item: DeclaredItem, found: _Found, *, dry_run: bool) -> dict[str, Any]:
    line, licence = found.line, found.licence
    left = None if licence is None or line is None else uses_left(licence)
    return {
        "decision": decision_of(found.codes),
        "reasons": [{"code": code, "message": words_of(code)} for code in found.codes],
        "exporter": item.exporter,
        "licence_no": item.licence_no or None,
        "licence_line_no": None if line is None else line.line_no,
        "declaration_no": item.declaration_no or None,
        "item_no": item.item_no if item.declaration_no else None,
        "declared_on": item.declared_on.isoformat(),
        "quantity_kg": None if item.quantity_g is None else plain(item.quantity_g, decimals=item.quantity_dp),
        "balance_kg": None if line is None else plain(line.balance_g),
        "uses_left": left,
        "control_codes": [] if found.verdict is None else list(found.verdict.control_codes),
        "list_version": None if found.verdict is None else found.verdict.list_version,
        "dry_run": dry_run,
        "checked_at": clock.now().astimezone(clock.BEIJING).isoformat(),
    }


def _keep(
    by: Actor, asked: Asked, good: Good, found: _Found, answer: Mapping[str, Any], *, dry_run: bool
) -> None:
    item, decision = asked.item, decision_of(found.codes)
    codes = [code for code in found.codes if decision != PERMIT or code != "already_drawn"] or list(
        found.codes
    )
    kept = ExportCheck(
        asked_at=clock.now(),
        asked_by_id=by.user_id,
        office=by.organisation,
        exporter_id=found.exporter_id,
        licence=found.licence,
        declaration_no=item.declaration_no,
        item_no=item.item_no if item.declaration_no else None,
        dry_run=dry_run,
        decision=decision,
        reasons=";".join(codes),
        request=_plain(asked, good),
        answer=dict(answer),
    )
    data = {
        "decision": decision,
        "reasons": codes,
        "licence_no": item.licence_no,
        "declaration_no": item.declaration_no,
        "item_no": item.item_no,
        "dry_run": dry_run,
    }
    subject = ("licence", None if found.licence is None else found.licence.pk)
    rows = (kept,) if found.record is None else (found.record, kept)
    record(
        "export.checked", by=by, organisation_id=found.exporter_id, subject=subject, data=data, beside=rows
    )


def _plain(asked: Asked, good: Good) -> dict[str, Any]:
    """The question as it is kept: days as ISO 8601, contents as decimal strings."""
    item = {name: getattr(asked.item, name) for name in _ITEM} | {
        "declared_on": asked.item.declared_on.isoformat()
    }
    more = {name: value for name in _BEYOND if (value := getattr(asked, name))}
    goods = {
        "form": good.form,
        "family": good.family,
        "grade": good.grade,
        "processing_level": good.processing_level,
        "contents": {symbol: str(value) for symbol, value in good.contents.items()},
        "partners": list(good.partners),
    }
    return {**item, **more, "goods": goods}


def _require(by: Actor, item: DeclaredItem, *, dry_run: bool) -> None:
    if by.may(Permission.EXPORT_CHECK):
        return
    if not by.may(Permission.LICENCE_VIEW) or by.organisation is None:
        raise Refused("not_permitted", _("Your role does not include this."), status=403)
    if not dry_run:
        raise Refused("rehearsal_only", _("Only customs draws a licence. Send “dry_run”: true."), status=403)
    if item.exporter != by.organisation.uscc:
        raise Refused("exporter_other", _("Rehearse exports of your own organisation."), status=422)


def _key() -> Any:
    if not settings.LICENCE_KEY:
        raise ImproperlyConfigured(
            "LICENCE_KEY is not set, so answers to customs cannot be signed. Make a key with: "
            "openssl genpkey -algorithm ed25519 -out licence-key.pem, and give its path as LICENCE_KEY_FILE."
        )
    try:
        return answers.key_of(settings.LICENCE_KEY)
    except KeyUnreadable as error:
        raise ImproperlyConfigured("LICENCE_KEY must be an Ed25519 private key in PEM (PKCS #8).") from error
