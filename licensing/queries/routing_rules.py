"""Rules as they stand: by code with their versions, in order; and what a change would make of the open cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import Http404

from licensing.domain.routing import Outcome, Rule, outcome
from licensing.models import Application, FlagCode, Queue, RoutingRule
from licensing.queries.case_facts import facts_of
from licensing.queries.cases import queue_names
from licensing.queries.rule_words import asked
from licensing.states import LIVE_APPLICATIONS
from portal.core import clock

SHOWN: Final = 100
_AT_ONCE: Final = 500


@dataclass(frozen=True)
class ShownRule:
    """A version of a rule in words. ``state``: in_force, to_come, ended, taken_back."""

    row: RoutingRule
    state: str
    asked: str
    does: str  # the queue's name or the flag's words


@dataclass(frozen=True)
class ShownRules:
    """Every rule by what it does; ``former`` are codes of which nothing holds or will."""

    routing: list[ShownRule]
    flagging: list[ShownRule]
    former: list[ShownRule]


@dataclass(frozen=True)
class OtherOutcome:
    """A case that the change would route or flag otherwise."""

    application: Application
    queue_before: str
    queue_after: str
    flags_before: list[str]
    flags_after: list[str]


@dataclass(frozen=True)
class Preview:
    """What a change would make of the open cases; ``rows`` are the first of them that it touches."""

    looked_at: int
    changed: int
    unrouted: int  # of all: in no queue by the changed rules
    rows: list[OtherOutcome]


def all_rules() -> list[Rule]:
    """Every version of every rule, in order, as routing reads them."""
    return [as_rule(row) for row in RoutingRule.objects.all()]


def as_rule(row: RoutingRule) -> Rule:
    """The version as routing reads it."""
    return Rule(
        row.code,
        row.queue_id or "",
        row.wants,
        row.valid_from,
        row.valid_until,
        row.flag,
        row.version,
        row.position,
    )


def shown_rules() -> ShownRules:
    """What holds today or will, in order, and the last version of what does not any more."""
    rows = [_shown(row) for row in RoutingRule.objects.select_related("queue")]
    live = [one for one in rows if one.state in {"in_force", "to_come"}]
    last = {one.row.code: one for one in sorted(rows, key=lambda one: one.row.version)}
    ended = [one for code, one in last.items() if code not in {rule.row.code for rule in live}]
    return ShownRules([one for one in live if not one.row.flag], [one for one in live if one.row.flag], ended)


def versions_of(code: str) -> list[ShownRule]:
    """Every version of a rule, the latest first; Http404 where there is none."""
    rows = RoutingRule.objects.filter(code=code).select_related("queue", "made_by").order_by("-version")
    found = [_shown(row) for row in rows]
    if not found:
        raise Http404
    return found


def _shown(row: RoutingRule) -> ShownRule:
    does = row.queue.name if row.queue is not None else str(FlagCode(row.flag).label)
    return ShownRule(row, state_on(row, clock.today()), asked(row.wants), does)


def state_on(row: RoutingRule, day: date) -> str:
    """How a version stands on a day."""
    if row.valid_from is not None and row.valid_until is not None and row.valid_until < row.valid_from:
        return "taken_back"
    if row.valid_until is not None and row.valid_until < day:
        return "ended"
    return "to_come" if row.valid_from is not None and day < row.valid_from else "in_force"


def token_of(rows: Iterable[RoutingRule]) -> str:
    """Equal while nobody changed the rule of these versions or set its last day."""
    return ";".join(
        f"{row.version}:{row.valid_until or ''}" for row in sorted(rows, key=lambda row: row.version)
    )


def queue_of(code: str) -> Queue:
    """A queue; Http404 where there is none."""
    found = Queue.objects.filter(pk=code).first()
    if found is None:
        raise Http404
    return found


def preview_of(before: Sequence[Rule], after: Sequence[Rule], day: date) -> Preview:
    """How the open cases would be routed and flagged on a day, by the one and by the other rules."""
    names, by_rules = queue_names(), {rule.code for rule in (*before, *after) if rule.flag}
    looked_at = changed = unrouted = 0
    rows: list[OtherOutcome] = []
    open_ = Application.objects.filter(status__in=sorted(LIVE_APPLICATIONS)).select_related("organisation")
    open_ = open_.prefetch_related("lines", "parties", "flags").order_by("submitted_at", "pk")
    for application in open_.iterator(chunk_size=_AT_ONCE):
        by_others = {
            flag.code
            for flag in application.flags.all()
            if flag.lowered_at is None and flag.rule not in by_rules
        }
        facts = {**facts_of(application), "flag": frozenset(by_others)}
        was, will = outcome(facts, before, day), outcome(facts, after, day)
        looked_at, unrouted = looked_at + 1, unrouted + (will.rule is None)
        if (was.queue, was.flags) != (will.queue, will.flags):
            changed += 1
            if len(rows) < SHOWN:
                rows.append(_other(application, was, will, names))
    return Preview(looked_at, changed, unrouted, rows)


def _other(application: Application, was: Outcome, will: Outcome, names: dict[str, str]) -> OtherOutcome:
    def flags(of: Outcome) -> list[str]:
        return [str(FlagCode(code).label) for code in sorted(of.flags)]

    return OtherOutcome(
        application,
        names.get(was.queue, was.queue),
        names.get(will.queue, will.queue),
        flags(was),
        flags(will),
    )
