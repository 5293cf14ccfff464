"""Reading licences: whose, whether they hold on a day, what is left of them and how often they were used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from licensing.domain.ledger import MovementKind
from licensing.domain.validity import Days, fault_on
from licensing.models import Licence, LicenceLine, Movement
from portal.core import clock
from portal.core.actors import Actor
from portal.core.permissions import Permission

READERS = (Permission.SUPERVISE, Permission.EXPORT_CHECK)


def visible_licences(actor: Actor) -> QuerySet[Licence]:
    """The exporter's own, or every licence for the regulator and customs."""
    rows = Licence.objects.select_related("exporter")
    if any(actor.may(permission) for permission in READERS):
        return rows
    if actor.may(Permission.LICENCE_VIEW) and actor.organisation_id is not None:
        return rows.filter(exporter_id=actor.organisation_id)
    return rows.none()


def visible_licence(actor: Actor, licence_no: str) -> Licence | None:
    """The licence of this number, if the actor may see it."""
    return visible_licences(actor).filter(licence_no=licence_no).first()


def days_of(licence: Licence) -> Days:
    """The days that decide about it."""
    return Days(
        licence.issued_on,
        licence.expires_on,
        licence.status,
        licence.suspended_from,
        licence.suspended_until,
        licence.revoked_on,
        licence.surrendered_on,
        licence.suspensions_before,
    )


def holds_on(licence: Licence, day: date) -> str:
    """Why the licence does not hold on a day (a code); empty where it does."""
    return fault_on(days_of(licence), day, clock.today())


def balance(licence: Licence) -> list[LicenceLine]:
    """Its lines with what is authorised, reserved, drawn and left, in order."""
    return list(licence.lines.order_by("line_no"))


def lines_named(exporter_id: int, numbers: Iterable[str]) -> dict[str, list[LicenceLine]]:
    """The lines of this exporter's licences with these numbers, in order; a number that is none of its is absent."""
    rows = LicenceLine.objects.filter(licence__exporter_id=exporter_id, licence__licence_no__in=list(numbers))
    found: dict[str, list[LicenceLine]] = {}
    for row in rows.select_related("licence").order_by("licence__licence_no", "line_no"):
        found.setdefault(row.licence.licence_no, []).append(row)
    return found


def movements_of(licence: Licence) -> QuerySet[Movement]:
    """Everything that moved on it, the latest first."""
    rows = Movement.objects.filter(line__licence=licence).select_related("line")
    return rows.order_by("-id")


def ancestry(licence: Licence) -> list[int]:
    """The licence and those that it replaced one after the other."""
    found, before = [licence.pk], licence.predecessor_id
    while before is not None:
        found.append(before)
        before = Licence.objects.filter(pk=before).values_list("predecessor_id", flat=True).first()
    return found


def uses_of(licence_ids: Sequence[int]) -> set[str]:
    """The declarations that draw these licences and were not taken back: one each is a use."""
    rows = Movement.objects.filter(
        Q(kind=MovementKind.DRAW.value) | Q(kind=MovementKind.REVERSE.value),
        line__licence_id__in=licence_ids,
    ).exclude(declaration_no="")
    drawn: set[tuple[str, int | None]] = set()
    reversed_: set[tuple[str, int | None]] = set()
    for kind, number, item in rows.values_list("kind", "declaration_no", "item_no"):
        (drawn if kind == MovementKind.DRAW else reversed_).add((number, item))
    return {number for number, _item in drawn - reversed_}


def uses_left(licence: Licence) -> int | None:
    """How many more declarations may draw it; None where any number may."""
    if licence.max_uses is None:
        return None
    return max(0, licence.max_uses - len(uses_of(ancestry(licence))))


def with_lines(rows: Iterable[Licence]) -> list[Licence]:
    """The licences, their lines read at once."""
    found = list(rows)
    lines: dict[int, list[LicenceLine]] = {licence.pk: [] for licence in found}
    for line in LicenceLine.objects.filter(licence_id__in=lines).order_by("licence_id", "line_no"):
        lines[line.licence_id].append(line)
    for licence in found:
        licence.shown_lines = lines[licence.pk]  # type: ignore[attr-defined]
    return found
