"""Queues of casework are added and renamed; none is ever deleted, for cases and rules name them."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from licensing.models import Queue
from licensing.services.moves import may, plain_code
from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission
from portal.core.turns import await_turn, turn_of


def add(*, by: Actor, code: str, name_en: str, name_zh: str, position: int) -> Queue:
    """A queue more, into which rules and officers put cases."""
    may(by, Permission.REFERENCE_EDIT)
    plain_code(code)
    with transaction.atomic():
        rows = _held()
        if any(row.code == code for row in rows):
            raise Refused("code_taken", _("There is a queue with this code. Choose another."))
        _free(rows, code, position)
        made = Queue.objects.create(code=code, name_en=name_en, name_zh=name_zh, position=position)
        record("queue.added", by=by, subject=("queue", None), data={"code": code})
    return made


def change(*, by: Actor, code: str, name_en: str, name_zh: str, position: int) -> Queue:
    """The queue bears these names and has this place in the list; what was said before stays in the trail."""
    may(by, Permission.REFERENCE_EDIT)
    with transaction.atomic():
        rows = _held()
        row = next((row for row in rows if row.code == code), None)
        if row is None:
            raise Http404
        _free(rows, code, position)
        said = {"name_en": name_en, "name_zh": name_zh, "position": position}
        changed = {
            name: [getattr(row, name), value] for name, value in said.items() if getattr(row, name) != value
        }
        if changed:
            for name, value in said.items():
                setattr(row, name, value)
            row.save(update_fields=list(said))
            record("queue.changed", by=by, subject=("queue", None), data={"code": code, "changed": changed})
    return row


def _held() -> list[Queue]:
    """Every queue: changes wait for one another, also for one that adds."""
    await_turn(turn_of("queues of casework"))
    return list(Queue.objects.all())


def _free(rows: list[Queue], code: str, position: int) -> None:
    if any(row.position == position and row.code != code for row in rows):
        raise Refused("position_taken", _("Another queue stands at this place."))
