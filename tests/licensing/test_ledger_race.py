"""Many hands on one licence at once, on PostgreSQL: exactly what fits is drawn. The full form is ``make bench`` (ledger)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, local
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.models import F, Sum

from licensing.models import LicenceLine, Movement
from licensing.queries.reconciliation import differences
from licensing.services import ledger, postings
from licensing.services.postings import Posting
from portal.accounts.models import Organisation
from portal.core.errors import Refused
from tests.licensing import issued
from tests.licensing.issued import CUSTOMS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
]
HANDS, DRAWS, GRAMS, GRANTED = 8, 60, 7, 3_000
FITS = GRANTED // GRAMS  # 428 of 480


def race(line: LicenceLine) -> dict[str, int]:
    """Every hand draws as often as it may; how each draw ended."""
    start = Barrier(HANDS)

    def hand(number: int) -> list[str]:
        try:
            start.wait(20)
            return [one_draw(line.pk, number, turn) for turn in range(DRAWS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as hands:
        told = [code for codes in hands.map(hand, range(HANDS)) for code in codes]
    return {code: told.count(code) for code in set(told)}


def one_draw(line_id: int, number: int, turn: int) -> str:
    try:
        ledger.draw(by=CUSTOMS, line_id=line_id, grams=GRAMS, declaration=(f"D-{number}", turn + 1))
    except Refused as refusal:
        return refusal.code
    except DatabaseError:
        return "database"
    return "drawn"


def figures(line: LicenceLine) -> tuple[int, int, int]:
    """Draws in the ledger, their sum, and what the line says."""
    draws = Movement.objects.filter(line=line, kind="draw")
    line.refresh_from_db()
    return draws.count(), draws.aggregate(sum=Sum("grams"))["sum"] or 0, line.drawn_g


@pytest.mark.holds("licence-never-overdrawn")
def test_exactly_what_fits_is_drawn(aurora: Organisation) -> None:
    line = issued.line_of(issued.licence(aurora, issued.line_terms(grams=GRANTED)))
    told = race(line)
    assert told == {"drawn": FITS, "over_balance": HANDS * DRAWS - FITS}
    assert figures(line) == (FITS, FITS * GRAMS, FITS * GRAMS)
    assert differences() == []


@pytest.mark.holds("licence-lock-matters")
def test_without_lock_and_condition_it_is_not(aurora: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: balances reckoned from what was read before lose draws; the database lets none be overdrawn."""
    meet = Barrier(HANDS)
    mine = local()

    def careless(line_id: int, posting: Posting) -> LicenceLine | None:
        read = LicenceLine.objects.get(pk=line_id)
        if not hasattr(mine, "met"):  # every hand has read the same balance before one of them writes
            mine.met = meet.wait(20)
        if read.balance_g < posting.grams:
            return None
        LicenceLine.objects.filter(pk=line_id).update(
            drawn_g=read.drawn_g + posting.grams, moves=F("moves") + 1
        )
        return LicenceLine.objects.get(pk=line_id)

    def unlocked(licence_id: int) -> Any:
        return issued.Licence.objects.get(pk=licence_id)

    line = issued.line_of(issued.licence(aurora, issued.line_terms(grams=GRANTED)))
    monkeypatch.setattr(postings, "_take", careless)
    monkeypatch.setattr(postings, "locked", unlocked)
    told = race(line)
    assert told != {"drawn": FITS, "over_balance": HANDS * DRAWS - FITS}
    assert told["database"] >= HANDS - 1
    assert figures(line)[1] <= GRANTED
    assert differences() == []
