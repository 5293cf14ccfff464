"""The one place that moves grams: a conditional update of the line's balances, then the movement that tells of it.

Callers hold the transaction and write the trail. The update takes grams only where they are there, so that no reader
that was late can overdraw; the row stays locked until the commit, and the balances after it are read back, never
reckoned from what was read before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from licensing.domain.ledger import Account, MovementKind, ceiling_of
from licensing.models import Licence, LicenceLine, Movement
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.figures import format_quantity
from portal.core.prepared import Given, Prepared, insert, run
from portal.core.turns import await_turn, turn_of

_COLUMNS: Final = {
    Account.RESERVED: "reserved_g",
    Account.DRAWN: "drawn_g",
    Account.CARRIED: "carried_g",
}
_LINE: Final = LicenceLine._meta  # noqa: SLF001 - Django's word for it
_LINE_FIELDS: Final = [field.attname for field in _LINE.concrete_fields]


@dataclass(frozen=True, slots=True)
class Posting:
    """What is to be moved and why."""

    kind: MovementKind
    source: Account
    target: Account
    grams: int
    key: str
    cause: str
    declaration: tuple[str, int] | None = None
    day: date | None = None


# Whatever only refers to the licence (a record, an answer) need not wait for who holds it: its key never changes.
_HELD: Final[dict[str, Any]] = {"no_key": True}


def locked(licence_id: int) -> Licence:
    """The licence, which nobody else moves or suspends until the commit."""
    return Licence.objects.select_for_update(of=("self",), **_HELD).get(pk=licence_id)


@dataclass(frozen=True, slots=True)
class Presented:
    """A licence that was presented for goods, locked, and the lines that it has.

    What the lines hold may have moved while the lock was waited for: a draw reads it back.
    """

    licence: Licence
    lines: tuple[LicenceLine, ...]


_PRESENTED: Final = Prepared(
    lambda: (
        LicenceLine.objects.select_related("licence")
        .filter(licence__licence_no=Given("licence_no"))
        .order_by("line_no")
        .select_for_update(of=("licence",), **_HELD)
    )
)


def presented(licence_no: str) -> Presented | None:
    """The licence with this number, which nobody else moves or suspends until the commit; None where there is none."""
    lines = _PRESENTED.rows(licence_no=licence_no)
    if lines:
        return Presented(lines[0].licence, tuple(lines))
    bare = Licence.objects.select_for_update(of=("self",), **_HELD).filter(licence_no=licence_no).first()
    return None if bare is None else Presented(bare, ())


def hold_declaration(declaration: tuple[str, int]) -> None:
    """One caller at a time acts on an item of a declaration; taken before any licence's lock, so that nobody waits crosswise."""
    await_turn(turn_of(*declaration))


def licence_of(line_id: int) -> int:
    """Whose line it is. Refused where there is none."""
    found = LicenceLine.objects.filter(pk=line_id).values_list("licence_id", flat=True).first()
    if found is None:
        raise Refused("line_unknown", _("There is no such line of a licence."), status=404)
    return found


def chain(licence: Licence) -> list[Licence]:
    """The licence and those that replaced it one after the other, each locked."""
    found = [licence]
    while (
        after := Licence.objects.select_for_update(of=("self",), **_HELD)
        .filter(predecessor=found[-1])
        .first()
    ) is not None:
        found.append(after)
    return found


def told_before(posting: Posting, line_id: int) -> Movement | None:
    """The movement that this key made already. Refused where the key came with something else."""
    earlier = Movement.objects.filter(key=posting.key).first()
    if earlier is None:
        return None
    told = (earlier.line_id, earlier.kind, earlier.grams, earlier.declaration_no, earlier.item_no)
    number, item = posting.declaration or ("", None)
    if told != (line_id, posting.kind, posting.grams, number, item):
        raise Refused(
            "key_reused",
            _("This key moved something else before. Use a new key for a new movement."),
            status=422,
        )
    return earlier


def post(*, by: Actor, line_id: int, posting: Posting) -> Movement:
    """The grams are moved and the movement is written. Refused (``over_balance``) where they are not there."""
    if posting.grams <= 0:
        raise Refused("quantity_not_positive", _("A quantity is more than 0."), status=422)
    take = _grant if Account.GRANTED in {posting.source, posting.target} else _take
    line = take(line_id, posting)
    if line is None:
        raise over_balance(LicenceLine.objects.get(pk=line_id), posting.grams)
    return insert(Movement(**_told(by, line, posting)))


def over_balance(line: LicenceLine, grams: int) -> Refused:
    """There is less left than was asked for."""
    return Refused(
        "over_balance",
        _("%(asked)s kg is more than the %(left)s kg left on line %(line)s."),
        values={
            "asked": format_quantity(grams, decimals=0),
            "left": format_quantity(max(line.balance_g, 0), decimals=0),
            "line": line.line_no,
        },
    )


def _take(line_id: int, posting: Posting) -> LicenceLine | None:
    """Move between the line's own accounts, where the source holds the grams; the line as it stands then.

    In plain SQL, because Django reads nothing back from an update: the same words for both databases.
    """
    changes, condition = ["moves = moves + 1"], "reserved_g + drawn_g + carried_g + %s <= ceiling_g"
    if posting.source in _COLUMNS:
        column = _COLUMNS[posting.source]
        changes.append(f"{column} = {column} - %s")
        condition = f"{column} >= %s"
    if posting.target in _COLUMNS:
        column = _COLUMNS[posting.target]
        changes.append(f"{column} = {column} + %s")
    sql = (
        f"UPDATE {_LINE.db_table} SET {', '.join(changes)} WHERE {condition} AND id = %s"  # noqa: S608 - own names
        f" RETURNING {', '.join(str(field.column) for field in _LINE.concrete_fields)}"
    )
    with connection.cursor() as cursor:
        run(cursor, sql, [*[posting.grams] * len(changes), line_id])
        row = cursor.fetchone()
    return None if row is None else LicenceLine.from_db(connection.alias, _LINE_FIELDS, row)


def _grant(line_id: int, posting: Posting) -> LicenceLine | None:
    """Move between the authority and the line; what may leave with the tolerance follows."""
    line = LicenceLine.objects.select_for_update(of=("self",)).select_related("licence").get(pk=line_id)
    more = posting.grams if posting.source == Account.GRANTED else -posting.grams
    authorised = line.authorised_g + more
    ceiling = ceiling_of(authorised, line.licence.tolerance_pct)
    if authorised < 0 or line.reserved_g + line.drawn_g + line.carried_g > ceiling:
        return None
    LicenceLine.objects.filter(pk=line_id).update(
        authorised_g=authorised, ceiling_g=ceiling, moves=F("moves") + 1
    )
    return LicenceLine.objects.get(pk=line_id)


def _told(by: Actor, line: LicenceLine, posting: Posting) -> dict[str, Any]:
    number, item = posting.declaration or ("", None)
    return {
        "line": line,
        "sequence": line.moves,
        "key": posting.key,
        "kind": str(posting.kind),
        "source": str(posting.source),
        "target": str(posting.target),
        "grams": posting.grams,
        "authorised_after": line.authorised_g,
        "reserved_after": line.reserved_g,
        "drawn_after": line.drawn_g,
        "carried_after": line.carried_g,
        "cause": posting.cause,
        "declaration_no": number,
        "item_no": item,
        "day": posting.day or clock.today(),
        "at": clock.now(),
        "by_id": by.user_id,
        "by_name": by.name or (by.user.label if by.user is not None else "system"),
    }


def post_along(*, by: Actor, line: LicenceLine, licences: Sequence[Licence], posting: Posting) -> Movement:
    """A change of what was drawn, carried on along the licences that replaced the one that was drawn.

    ``licences`` begins with the line's own. In all but the last the grams go to or come from what was carried over.
    """
    first: Movement | None = None
    down = posting.source == Account.DRAWN
    for place, licence in enumerate(licences):
        other = Account.AVAILABLE if place == len(licences) - 1 else Account.CARRIED
        step = replace(
            posting,
            source=Account.DRAWN if down else other,
            target=other if down else Account.DRAWN,
            key=posting.key if place == 0 else f"{posting.key}@{licence.pk}",
        )
        own = line if place == 0 else licence.lines.get(line_no=line.line_no)
        movement = post(by=by, line_id=own.pk, posting=step)
        first = first or movement
    assert first is not None
    return first
