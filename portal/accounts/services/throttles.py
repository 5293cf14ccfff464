"""Counting what may be tried so often only, across processes and machines: in the database, where no count is lost.

A count is no event of the trail: nobody acts, somebody only tries, and the rows hold digests instead of names.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from portal.accounts.domain.limits import Limit
from portal.accounts.models import Throttle
from portal.core import clock
from portal.core.errors import TooMany

Ticket = tuple[Limit, str]  # a rule, and who or what is counted by it


@dataclass(frozen=True)
class Spent:
    """What one try cost: with each rule the key of its row and how many tries it makes."""

    rows: tuple[tuple[Limit, str, int], ...] = ()

    def tries(self, limit: Limit) -> int:
        """How many tries of this rule the latest one makes; 0 where it was not counted by it."""
        return next((tries for rule, _key, tries in self.rows if rule == limit), 0)


def key_of(limit: Limit, who: str) -> str:
    """The row of a rule and of whom it counts; says nothing to a reader of the table."""
    return salted_hmac(f"throttle:{limit.name}", who, algorithm="sha256").hexdigest()


def refuse(*tickets: Ticket) -> None:
    """TooMany where one of the rules says no; nothing is counted."""
    if settings.THROTTLES:
        keys, moment = [key_of(limit, who) for limit, who in tickets], clock.now()
        ends = Throttle.objects.filter(key__in=keys, until__gt=moment)
        _refuse(ends.values_list("until", flat=True), moment)


def spend(*tickets: Ticket) -> Spent:
    """The try is counted by every rule, or by none: TooMany, with the seconds to wait, where one of them says no.

    It is counted before it is made, so that tries at the same moment cannot pass together; a refused one costs a
    single read and is not counted.
    """
    if not settings.THROTTLES:
        return Spent()
    moment = clock.now()
    rules = {key_of(limit, who): limit for limit, who in tickets}
    refuse(*tickets)
    with transaction.atomic():
        fresh = [Throttle(key=key, tries=0, forgotten_at=moment) for key in sorted(rules)]
        Throttle.objects.bulk_create(fresh, ignore_conflicts=True)
        rows = list(Throttle.objects.select_for_update().filter(key__in=rules).order_by("key"))
        _refuse((row.until for row in rows), moment)
        for row in rows:
            _count(row, rules[row.key], moment)
        Throttle.objects.bulk_update(rows, ["tries", "until", "forgotten_at"])
    return Spent(tuple((rules[row.key], row.key, row.tries) for row in rows))


def _refuse(ends: Iterable[datetime | None], moment: datetime) -> None:
    last = max((end for end in ends if end is not None), default=moment)
    if last > moment:
        raise TooMany(math.ceil((last - moment).total_seconds()))


def _count(row: Throttle, limit: Limit, moment: datetime) -> None:
    if row.forgotten_at <= moment:
        row.tries = 0
    row.tries += 1
    left = math.ceil((row.forgotten_at - moment).total_seconds())
    kept = limit.kept(row.tries, left)
    row.forgotten_at = moment + timedelta(seconds=kept)
    wait = limit.wait(row.tries, kept)
    row.until = moment + timedelta(seconds=wait) if wait else None


def give_back(spent: Spent) -> None:
    """The try was right: guesses before it are forgotten, and of a window it takes up nothing."""
    for limit, key, _tries in spent.rows:
        row = Throttle.objects.filter(key=key)
        if limit.wiped_when_right:
            row.delete()
        else:
            row.filter(tries__gt=0).update(tries=F("tries") - 1, until=None)


def serves_once(what: str, seconds: int) -> bool:
    """Whether this serves for the first time within so many seconds; from now on it has served.

    Not a matter of how often one may try: it holds wherever throttles are switched off, and in the database, so that no
    cache that forgets or stays away lets anything serve twice.
    """
    moment = clock.now()
    until = moment + timedelta(seconds=seconds)
    key = salted_hmac("serves once", what, algorithm="sha256").hexdigest()
    _row, made = Throttle.objects.get_or_create(key=key, defaults={"tries": 1, "forgotten_at": until})
    return made or bool(Throttle.objects.filter(key=key, forgotten_at__lte=moment).update(forgotten_at=until))


def forget(*tickets: Ticket) -> None:
    """Nothing is held against whom the tickets name."""
    Throttle.objects.filter(key__in=[key_of(limit, who) for limit, who in tickets]).delete()


def prune() -> int:
    """What counts no more is deleted; how many rows."""
    deleted, _models = Throttle.objects.filter(forgotten_at__lt=clock.now()).delete()
    return int(deleted)
