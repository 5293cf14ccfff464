"""Customs records: kept once, drawn once, corrected and taken back. What cannot be drawn is kept with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from licensing.domain.declared import DeclaredItem
from licensing.models import Declaration, DeclarationState, Door, Licence, LicenceLine, Reversal
from licensing.services import postings
from licensing.services.drawing import draw_item
from licensing.services.ledger import adjust_unheard, reverse_unheard
from portal.accounts.models import Organisation
from portal.audit.services import record as record_event
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission
from portal.core.prepared import insert

_S = DeclarationState
CUSTOMS = Actor.system("customs records")
CONTENT: Final = tuple(
    one.name for one in fields(DeclaredItem) if one.name not in {"declaration_no", "item_no", "exporter"}
)
"""What a record says, its key and its exporter aside."""


def record(*, by: Actor, item: DeclaredItem, door: Door) -> tuple[Declaration, bool]:
    """The record stands, with what became of it; whether it is new. The same again changes nothing.

    Refused: another content under the same number (``declaration_other``), an exporter that the portal does not know.
    """
    _require(by)
    with transaction.atomic():
        postings.hold_declaration(item.key)
        exporter = exporter_of(item.exporter)
        known = declaration_of(item.key)
        if known is not None:
            _require_same(known, item)
            return known, False
        made = _judged(by, item, exporter, door)
        _tell("declaration.recorded", by, made)
        return made, True


def exporter_of(uscc: str) -> Organisation:
    """The enterprise with this code. Refused where there is none."""
    found = Organisation.objects.filter(uscc=uscc).first()
    if found is None:
        raise Refused("exporter_unknown", _("The portal knows no enterprise with this code."), status=422)
    return found


def declaration_of(key: tuple[str, int]) -> Declaration | None:
    """The record of an item."""
    return Declaration.objects.filter(declaration_no=key[0], item_no=key[1]).first()


def record_of(
    *,
    by: Actor,
    item: DeclaredItem,
    exporter_id: int,
    door: Door,
    line: LicenceLine | None,
    reason: str = "",
) -> Declaration:
    """The row of a record whose item is held, drawn already where ``line`` is given. It is not written yet."""
    state = _S.DRAWN if line is not None else _S.REFUSED if reason else _S.FREE
    state = _S.REVERSED if reason == "declaration_reversed" else state
    licence = line.licence if line is not None else _licence_of(item)
    return Declaration(
        declaration_no=item.declaration_no,
        item_no=item.item_no,
        exporter_id=exporter_id,
        state=state,
        reason="" if state == _S.REVERSED else reason,
        licence=licence,
        line=line,
        door=door,
        recorded_at=clock.now(),
        recorded_by_id=by.user_id,
        **{name: getattr(item, name) for name in CONTENT},
    )


def correct(*, by: Actor, item: DeclaredItem) -> Declaration:
    """The record says what customs found on looking again, and the ledger follows.

    What was drawn is adjusted where line and day stay; what was not drawn is judged anew. Refused where the corrected
    quantity is not there, where line or licence would change (take the item back and declare another), and for what
    was taken back.
    """
    _require(by)
    with transaction.atomic():
        postings.hold_declaration(item.key)
        known = declaration_of(item.key)
        if known is None:
            raise Refused("declaration_unknown", _("There is no such item of a declaration."), status=404)
        if known.state == _S.REVERSED:
            raise Refused("declaration_reversed", _("This item of the declaration was taken back."))
        exporter = exporter_of(item.exporter)
        if known.state == _S.DRAWN:
            _adjust(by, known, item, exporter)
        _overwrite(known, item, exporter)
        if known.state != _S.DRAWN:
            _judge_again(by, known, item, exporter)
        known.save()
        _tell("declaration.corrected", by, known)
        return known


def take_back(*, by: Actor, key: tuple[str, int], reason: str = "") -> Declaration | None:
    """The item never left: what it drew is available again. Told before its record came, it is remembered."""
    _require(by)
    with transaction.atomic():
        postings.hold_declaration(key)
        reverse_unheard(by=by, declaration=key, reason=reason)
        known = declaration_of(key)
        if known is not None and known.state != _S.REVERSED:
            known.state, known.reason = _S.REVERSED, ""
            known.save(update_fields=["state", "reason"])
            _tell("declaration.reversed", by, known)
        elif known is None:
            data = {"declaration_no": key[0], "item_no": key[1]}
            record_event("declaration.reversed", by=by, subject=("declaration", None), data=data)
        return known


def judge_unknown() -> int:
    """Records refused because nobody knew their licence are judged again where it is known by now; how many were.

    In the order of days. What still cannot be drawn is kept with its new reason, so that a second call finds nothing.
    """
    numbers = Licence.objects.values("licence_no")
    rows = Declaration.objects.filter(state=_S.REFUSED, reason="licence_unknown", licence_no__in=numbers)
    keys = list(rows.order_by("declared_on", "pk").values_list("declaration_no", "item_no"))
    judged = 0
    for key in keys:
        with transaction.atomic():
            postings.hold_declaration(key)
            known = declaration_of(key)
            if known is not None and known.state == _S.REFUSED and known.reason == "licence_unknown":
                _judge_again(CUSTOMS, known, content_of(known), known.exporter)
                known.save()
                _tell("declaration.judged_again", CUSTOMS, known)
                judged += 1
    return judged


def _judged(by: Actor, item: DeclaredItem, exporter: Organisation, door: Door) -> Declaration:
    line, reason = _drawn(by, item, exporter)
    return insert(record_of(by=by, item=item, exporter_id=exporter.pk, door=door, line=line, reason=reason))


def _drawn(by: Actor, item: DeclaredItem, exporter: Organisation) -> tuple[LicenceLine | None, str]:
    """The line that it drew, or why it drew none; neither where no licence was presented."""
    if Reversal.objects.filter(declaration_no=item.declaration_no, item_no=item.item_no).exists():
        return None, "declaration_reversed"
    if not item.licence_no:
        return None, ""
    presented = postings.presented(item.licence_no)
    if presented is None:
        return None, "licence_unknown"
    if presented.licence.exporter_id != exporter.pk:
        return None, "exporter_other"
    try:
        return draw_item(by=by, presented=presented, item=item, cause="declaration"), ""
    except Refused as refusal:
        return None, refusal.code


def _licence_of(item: DeclaredItem) -> Licence | None:
    return Licence.objects.filter(licence_no=item.licence_no).first() if item.licence_no else None


def _require_same(known: Declaration, item: DeclaredItem) -> None:
    if content_of(known) != replace(item, quantity_dp=known.quantity_dp, value_dp=known.value_dp):
        raise Refused(
            "declaration_other",
            _("This item of the declaration is on record with other content. Correct it instead."),
            status=409,
        )


def content_of(known: Declaration) -> DeclaredItem:
    """The record as it was declared."""
    values: dict[str, Any] = {name: getattr(known, name) for name in CONTENT}
    return DeclaredItem(known.declaration_no, known.item_no, exporter=known.exporter.uscc or "", **values)


def _adjust(by: Actor, known: Declaration, item: DeclaredItem, exporter: Organisation) -> None:
    """The ledger follows the corrected quantity of what was drawn."""
    same = (
        known.exporter_id == exporter.pk
        and known.licence_no == item.licence_no
        and item.licence_line_no in {None, known.line.line_no if known.line else None}
        and known.declared_on == item.declared_on
    )
    if not same:
        raise Refused(
            "correction_too_far",
            _(
                "Exporter, licence, line and day stay as they are. Take the item back and declare it under another number."
            ),
        )
    if item.quantity_g is None:
        raise Refused("quantity_missing", _("No quantity was declared."), status=422)
    if item.quantity_g != known.quantity_g:
        count = (
            known.line.movements.filter(declaration_no=item.declaration_no, item_no=item.item_no).count()
            if known.line
            else 0
        )
        key = f"adjust:{item.declaration_no}:{item.item_no}:{count}"
        adjust_unheard(by=by, declaration=item.key, grams=item.quantity_g, key=key)


def _overwrite(known: Declaration, item: DeclaredItem, exporter: Organisation) -> None:
    known.exporter = exporter
    for name in CONTENT:
        setattr(known, name, getattr(item, name))


def _judge_again(by: Actor, known: Declaration, item: DeclaredItem, exporter: Organisation) -> None:
    line, reason = _drawn(by, item, exporter)
    known.line, known.reason = line, reason
    known.licence = line.licence if line is not None else _licence_of(item)
    known.state = _S.DRAWN if line is not None else _S.REFUSED if reason else _S.FREE


def _require(by: Actor) -> None:
    if not by.may(Permission.EXPORT_CHECK):
        raise Refused("not_permitted", _("Your role does not include this."), status=403)


def _tell(verb: str, by: Actor, known: Declaration) -> None:
    data = {
        "declaration_no": known.declaration_no,
        "item_no": known.item_no,
        "licence_no": known.licence_no,
        "state": known.state,
        "reason": known.reason,
    }
    record_event(verb, by=by, organisation_id=known.exporter_id, subject=("declaration", known.pk), data=data)


def record_many(
    *, by: Actor, items: Iterable[DeclaredItem], door: Door
) -> list[tuple[DeclaredItem, Declaration | None, str]]:
    """Each item recorded by itself, in the order of days; the items with their records, or with why there is none."""
    told: dict[int, tuple[DeclaredItem, Declaration | None, str]] = {}
    numbered = list(enumerate(items))
    for place, item in sorted(numbered, key=lambda pair: (pair[1].declared_on, pair[0])):
        try:
            kept, _new = record(by=by, item=item, door=door)
            told[place] = (item, kept, "")
        except Refused as refusal:
            told[place] = (item, None, refusal.code)
    return [told[place] for place, _item in numbered]
