"""What is done to a licence's balance: reserve, release, draw, reverse, adjust. Each call with its own key acts once.

``draw`` asks whether the licence holds on the customs day and whether its uses allow it; the licence is locked
meanwhile, so that a suspension and a draw never pass each other.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.domain.ledger import Account, MovementKind, draw_key
from licensing.models import Licence, LicenceLine, LicenceStatus, Movement, Reversal
from licensing.queries.licences import ancestry, holds_on, uses_of
from licensing.services import postings
from licensing.services.postings import Posting
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission

__all__ = [
    "adjust", "adjust_unheard", "draw", "draw_unheard", "release", "reserve", "reverse", "reverse_unheard", "settle_status",
]  # fmt: skip

WORDS: dict[str, str | Promise] = {
    "not_yet_valid": _("The licence is not valid yet on this day."),
    "expired": _("The licence has expired."),
    "suspended": _("The licence is suspended."),
    "revoked": _("The licence is revoked."),
    "surrendered": _("The licence was given back."),
}
_S, _A, _K = LicenceStatus, Account, MovementKind


def reserve(*, by: Actor, line_id: int, grams: int, key: str, cause: str = "reservation") -> Movement:
    """The grams are promised to a shipment that is not declared yet."""
    posting = Posting(_K.RESERVE, _A.AVAILABLE, _A.RESERVED, grams, key, cause)
    with transaction.atomic():
        licence = _own(by, line_id)
        if (earlier := postings.told_before(posting, line_id)) is not None:
            return earlier
        _require_valid(licence, clock.today())
        return _told(by, licence, "licence.reserved", postings.post(by=by, line_id=line_id, posting=posting))


def release(*, by: Actor, line_id: int, grams: int, key: str, cause: str = "reservation") -> Movement:
    """The promise is taken back: the grams may be used for something else."""
    posting = Posting(_K.RELEASE, _A.RESERVED, _A.AVAILABLE, grams, key, cause)
    with transaction.atomic():
        licence = _own(by, line_id)
        if (earlier := postings.told_before(posting, line_id)) is not None:
            return earlier
        return _told(by, licence, "licence.released", postings.post(by=by, line_id=line_id, posting=posting))


def draw(
    *,
    by: Actor,
    line_id: int,
    grams: int,
    declaration: tuple[str, int],
    day: date | None = None,
    key: str = "",
    cause: str = "declaration",
    reserved: bool = False,
) -> Movement:
    """The grams have left under this item of a declaration; with ``reserved``, out of what was promised.

    Refused, the ledger untouched: the licence does not hold on the day, its uses are spent, the item was taken back
    before, there is less left than asked.
    """
    with transaction.atomic():
        postings.hold_declaration(declaration)
        licence = _customs(by, line_id)
        movement = draw_unheard(
            by=by, licence=licence, line_id=line_id, grams=grams, declaration=declaration,
            day=day or clock.today(), key=key, cause=cause, reserved=reserved,
        )  # fmt: skip
        return _told(by, licence, "licence.drawn", movement)


def draw_unheard(
    *,
    by: Actor,
    licence: Licence,
    line_id: int,
    grams: int,
    declaration: tuple[str, int],
    day: date,
    key: str = "",
    cause: str = "declaration",
    reserved: bool = False,
    first: bool = False,
) -> Movement:
    """``draw`` for a caller that holds the locks of item and licence and writes the trail itself.

    ``first``: the caller has seen, holding the item, that nothing was ever told of it nor moved under its key.
    """
    source = _A.RESERVED if reserved else _A.AVAILABLE
    posting = Posting(_K.DRAW, source, _A.DRAWN, grams, key or draw_key(declaration), cause, declaration, day)
    if not first and (earlier := _drawn_before(posting, line_id, declaration)) is not None:
        return earlier
    _require_valid(licence, day)
    _require_use(licence, declaration[0])
    movement = postings.post(by=by, line_id=line_id, posting=posting)
    settle_status(licence, movement.line)
    return movement


def _drawn_before(posting: Posting, line_id: int, declaration: tuple[str, int]) -> Movement | None:
    """The draw that this key made already. Refused where the item was taken back, or has drawn under another key."""
    if (earlier := postings.told_before(posting, line_id)) is not None:
        return earlier
    item = {"declaration_no": declaration[0], "item_no": declaration[1]}
    if Reversal.objects.filter(**item).exists():
        raise Refused("declaration_reversed", _("This item of the declaration was taken back."))
    if Movement.objects.filter(kind=_K.DRAW.value, **item).exists():
        raise Refused("declaration_drawn", _("This item of the declaration has drawn a licence already."))
    return None


def reverse(
    *, by: Actor, declaration: tuple[str, int], reason: str = "", key: str = "", cause: str = "reversal"
) -> Movement | None:
    """What the item drew is available again, and it never draws any more; None where it had drawn nothing yet.

    A second call changes nothing.
    """
    _require_customs(by)
    with transaction.atomic():
        movement = reverse_unheard(by=by, declaration=declaration, reason=reason, key=key, cause=cause)
        licence = None if movement is None else movement.line.licence
        record(
            "declaration.reversed",
            by=by,
            organisation_id=None if licence is None else licence.exporter_id,
            subject=("licence", None if licence is None else licence.pk),
            data={"declaration_no": declaration[0], "item_no": declaration[1]},
        )
        return movement


def reverse_unheard(
    *, by: Actor, declaration: tuple[str, int], reason: str = "", key: str = "", cause: str = "reversal"
) -> Movement | None:
    """``reverse`` for a caller that writes the trail itself."""
    number, item = declaration
    postings.hold_declaration(declaration)
    line = _drawn_line(declaration)
    licences = postings.chain(postings.locked(line.licence_id)) if line is not None else []
    Reversal.objects.get_or_create(
        declaration_no=number,
        item_no=item,
        defaults={"reason": reason, "at": clock.now(), "by_id": by.user_id},
    )
    if line is None:
        return None
    whole = key or f"reverse:{number}:{item}"
    if (earlier := Movement.objects.filter(key=whole).first()) is not None:
        return earlier
    grams = _net(line, declaration)
    if not grams:
        return None
    posting = Posting(_K.REVERSE, _A.DRAWN, _A.AVAILABLE, grams, whole, cause, declaration)
    movement = postings.post_along(by=by, line=line, licences=licences, posting=posting)
    settle_status(licences[-1])
    return movement


def adjust(
    *, by: Actor, declaration: tuple[str, int], grams: int, key: str, cause: str = "correction"
) -> Movement | None:
    """The item has drawn exactly ``grams`` from now on, as customs found on looking again; None where it had already."""
    _require_customs(by)
    with transaction.atomic():
        movement = adjust_unheard(by=by, declaration=declaration, grams=grams, key=key, cause=cause)
        if movement is not None:
            _told(by, movement.line.licence, "licence.adjusted", movement)
        return movement


def adjust_unheard(
    *, by: Actor, declaration: tuple[str, int], grams: int, key: str, cause: str = "correction"
) -> Movement | None:
    """``adjust`` for a caller that writes the trail itself."""
    postings.hold_declaration(declaration)
    line = _drawn_line(declaration)
    if line is None:
        raise Refused("draw_unknown", _("This item of a declaration has drawn no licence."), status=404)
    licences = postings.chain(postings.locked(line.licence_id))
    if (earlier := Movement.objects.filter(key=key).first()) is not None:
        return earlier
    if Reversal.objects.filter(declaration_no=declaration[0], item_no=declaration[1]).exists():
        raise Refused("declaration_reversed", _("This item of the declaration was taken back."))
    if grams <= 0:
        raise Refused("quantity_not_positive", _("A quantity is more than 0."), status=422)
    more = grams - _net(line, declaration)
    if not more:
        return None
    source, target = (_A.AVAILABLE, _A.DRAWN) if more > 0 else (_A.DRAWN, _A.AVAILABLE)
    posting = Posting(_K.ADJUST, source, target, abs(more), key, cause, declaration)
    movement = postings.post_along(by=by, line=line, licences=licences, posting=posting)
    settle_status(licences[-1])
    return movement


def settle_status(licence: Licence, moved: LicenceLine | None = None) -> None:
    """Exhausted where nothing is left on any line, valid again where something is; other states stay as they are.

    ``moved`` is one of its lines as it stands now, where the caller has it at hand.
    """
    if licence.status not in {_S.VALID, _S.EXHAUSTED}:
        return
    left = moved is not None and moved.balance_g > 0
    left = left or any(line.balance_g > 0 for line in licence.lines.all())
    wanted = _S.VALID if left else _S.EXHAUSTED
    if licence.status != wanted:
        licence.status = wanted
        licence.save(update_fields=["status"])


def _drawn_line(declaration: tuple[str, int]) -> LicenceLine | None:
    """The line that the item drew."""
    drawn = Movement.objects.filter(
        kind=_K.DRAW.value, declaration_no=declaration[0], item_no=declaration[1]
    ).select_related("line")
    found = drawn.first()
    return None if found is None else found.line


def _net(line: LicenceLine, declaration: tuple[str, int]) -> int:
    """What the item has drawn of the line, corrections and reversal counted."""
    rows = Movement.objects.filter(line=line, declaration_no=declaration[0], item_no=declaration[1])
    sums = rows.aggregate(
        to=Sum("grams", filter=Q(target=_A.DRAWN.value)), back=Sum("grams", filter=Q(source=_A.DRAWN.value))
    )
    return (sums["to"] or 0) - (sums["back"] or 0)


def _require_valid(licence: Licence, day: date) -> None:
    fault = holds_on(licence, day)
    if fault:
        raise Refused(fault, WORDS[fault])


def _require_use(licence: Licence, declaration_no: str) -> None:
    """Whether one more declaration may draw it; items of one declaration are one use."""
    if licence.max_uses is None and not licence.no_split:
        return
    used = uses_of(ancestry(licence))
    if declaration_no in used:
        return
    if licence.no_split and used:
        raise Refused("part_shipment", _("The licence allows no part shipments, and one has been declared."))
    if licence.max_uses is not None and len(used) >= licence.max_uses:
        raise Refused(
            "uses_spent",
            _("The licence may be used %(most)s times, and has been."),
            values={"most": licence.max_uses},
        )


def _require_customs(by: Actor) -> None:
    if not by.may(Permission.EXPORT_CHECK):
        raise Refused("not_permitted", _("Your role does not include this."), status=403)


def _customs(by: Actor, line_id: int) -> Licence:
    _require_customs(by)
    return postings.locked(postings.licence_of(line_id))


def _own(by: Actor, line_id: int) -> Licence:
    """The licence of the line, locked, for customs or for its own exporter."""
    licence = postings.locked(postings.licence_of(line_id))
    exporter = by.may(Permission.LICENCE_APPLY) and by.organisation_id == licence.exporter_id
    if not exporter:
        _require_customs(by)
    return licence


def _told(by: Actor, licence: Licence, verb: str, movement: Movement) -> Movement:
    data = {
        "licence_no": licence.licence_no,
        "line_no": movement.line.line_no,
        "grams": movement.grams,
        "declaration_no": movement.declaration_no,
        "item_no": movement.item_no,
        "movement": movement.pk,
    }
    record(verb, by=by, organisation_id=licence.exporter_id, subject=("licence", licence.pk), data=data)
    return movement
