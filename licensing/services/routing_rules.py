"""Rules of routing and flags are added, changed and ended by the administrator: by versions with dates, never rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from licensing.domain.routing import FACTS, RAISED_BY_RULES, Content, last_day
from licensing.models import Queue, RoutingRule
from licensing.queries.routing_rules import token_of
from licensing.services.moves import may, plain_code, words_given
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission
from portal.core.turns import await_turn, turn_of

MOST_VALUES: Final = 100
LAST_POSITION: Final = 30_000
_A_DAY: Final = timedelta(days=1)


def add(*, by: Actor, code: str, content: Content, first_day: date, reason: str) -> RoutingRule:
    """A rule more holds from a day to come on."""
    may(by, Permission.REFERENCE_EDIT)
    words = words_given(reason, 2_000)
    plain_code(code)
    with transaction.atomic():
        rows = _held()
        if any(row.code == code for row in rows):
            raise Refused("code_taken", _("There is a rule with this code. Choose another."))
        check(content, code, first_day, rows)
        made = _made(by, code, 1, content, first_day, words)
        _tell("routing_rule.added", by, made, words)
    return made


def change(*, by: Actor, code: str, content: Content, first_day: date, reason: str, seen: str) -> RoutingRule:
    """From a day to come on the rule says this; until the day before what it said until now.

    A version that was to begin on that day or later is taken back. Refused where ``seen`` is not how the rule stands.
    """
    may(by, Permission.REFERENCE_EDIT)
    words = words_given(reason, 2_000)
    with transaction.atomic():
        rows = _held()
        own = _own(rows, code, seen)
        check(content, code, first_day, rows)
        if bool(content.flag) != bool(own[-1].flag):
            raise Refused("rule_of_another_kind", _("A rule that routes stays one, and one that flags too."))
        _end(own, first_day - _A_DAY)
        made = _made(by, code, own[-1].version + 1, content, first_day, words)
        _tell("routing_rule.changed", by, made, words)
    return made


def end(*, by: Actor, code: str, last: date, reason: str, seen: str) -> RoutingRule:
    """After the day given the rule holds no more; what was to begin later is taken back."""
    may(by, Permission.REFERENCE_EDIT)
    words = words_given(reason, 2_000)
    with transaction.atomic():
        own = _own(_held(), code, seen)
        if last < clock.today():
            raise Refused("too_soon", _("The last day is today at the earliest."), status=422)
        if not _end(own, last):
            raise Refused("ended", _("The rule does not hold after this day anyway."))
        _tell("routing_rule.ended", by, own[-1], words, until=last.isoformat())
    return own[-1]


def check(content: Content, code: str, first_day: date, rows: Sequence[RoutingRule] | None = None) -> None:
    """Refuse what no rule can say, and a place in the order that another rule of the kind has."""
    if first_day <= clock.today():
        raise Refused(
            "too_soon",
            _("A rule takes effect tomorrow at the earliest: what was routed today keeps its rule."),
            status=422,
        )
    if bool(content.queue) == bool(content.flag) or (content.flag and content.flag not in RAISED_BY_RULES):
        raise Refused("effect_unknown", _("A rule names a queue or a flag that rules may raise."), status=422)
    if content.queue and not Queue.objects.filter(pk=content.queue).exists():
        raise Refused("unknown_code", _("There is no such queue."), status=422)
    asked = set(FACTS) - ({"flag"} if content.flag else set())
    lists_ = content.wants.values()
    if set(content.wants) - asked or any(not 0 < len(values) <= MOST_VALUES for values in lists_):
        raise Refused("conditions_unusable", _("The rule cannot ask this."), status=422)
    if not 0 <= content.position <= LAST_POSITION:
        raise Refused("position_unusable", _("The order is a number from 0 to 30000."), status=422)
    if _taken(content, code, first_day, RoutingRule.objects.all() if rows is None else rows):
        raise Refused("position_taken", _("Another rule stands at this place in the order."))


def _taken(content: Content, code: str, first_day: date, rows: Iterable[RoutingRule]) -> bool:
    return any(
        row.code != code
        and row.position == content.position
        and bool(row.flag) == bool(content.flag)
        and (row.valid_until is None or row.valid_until >= max(first_day, row.valid_from or first_day))
        for row in rows
    )


def _held() -> list[RoutingRule]:
    """Every version: changes to the rules wait for one another, also for one that adds."""
    await_turn(turn_of("rules of casework"))
    return list(RoutingRule.objects.order_by("pk"))


def _own(rows: Sequence[RoutingRule], code: str, seen: str) -> list[RoutingRule]:
    own = sorted((row for row in rows if row.code == code), key=lambda row: row.version)
    if not own:
        raise Http404
    if token_of(own) != seen:
        raise Refused("stale", _("A colleague changed the rule after you read it. Read it again."))
    return own


def _end(own: Sequence[RoutingRule], last: date) -> bool:
    """No version of these holds after the day; whether any did."""
    moved = False
    for row in own:
        until = last_day(row.valid_from, row.valid_until, last)
        if until != row.valid_until:
            RoutingRule.objects.filter(pk=row.pk).update(valid_until=until)
            moved = True
    return moved


def _made(by: Actor, code: str, version: int, content: Content, first_day: date, reason: str) -> RoutingRule:
    return RoutingRule.objects.create(
        code=code,
        version=version,
        queue_id=content.queue or None,
        flag=content.flag,
        wants={fact: list(values) for fact, values in content.wants.items()},
        position=content.position,
        valid_from=first_day,
        reason=reason,
        made_at=clock.now(),
        made_by=by.user,
    )


def _tell(verb: str, by: Actor, rule: RoutingRule, reason: str, **more: str) -> None:
    data = {"code": rule.code, "version": rule.version, "note": reason, **more}
    if rule.valid_from is not None and not more:
        data["first_day"] = rule.valid_from.isoformat()
    record(verb, by=by, subject=("routing_rule", rule.pk), data=data)
