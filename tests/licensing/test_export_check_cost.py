"""What one export check costs, which must not creep back; and that its lock is what keeps a licence from being overdrawn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, local
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.models import F, Sum
from django.test.utils import CaptureQueriesContext

from licensing.domain.classification import Good
from licensing.domain.declared import Asked
from licensing.forms import goods
from licensing.models import ExportCheck, LicenceLine, Movement
from licensing.queries.reconciliation import differences
from licensing.services import export_checks, postings
from licensing.services.postings import Posting
from portal.accounts.models import Organisation, User
from portal.core.actors import Actor
from tests.calling import caller
from tests.conftest import acting
from tests.licensing import issued
from tests.licensing.declared import item
from tests.licensing.test_export_checks import MAGNET, ask, codes

STATEMENTS = 10  # the token; the key held and looked up; the item held; grounds; licence; draw; movement; what is kept; answer


def test_an_accepted_check_asks_ten_statements_and_no_more(gus: User, aurora: Organisation) -> None:
    issued.licence(
        aurora,
        issued.line_terms(),
        issued.line_terms(line_no=2, control_codes=("1C904.a.4",)),
        licence_no="REL-1",
    )
    customs = caller(gus)
    for number in range(
        2
    ):  # the first of a process builds the list, a token's first of a minute says that it was used
        assert codes(ask(customs, f"before-{number}", item_no=number + 2)) == ["permit"]
    with CaptureQueriesContext(connection) as asked:
        assert codes(ask(customs)) == ["permit"]
    real = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    most = (
        STATEMENTS if connection.vendor == "postgresql" else STATEMENTS + 2
    )  # no locks, and each row by itself
    assert len(real) <= most, "\n".join(real)
    savepoints = [one["sql"] for one in asked if "SAVEPOINT" in one["sql"]]
    assert len(savepoints) <= 2, savepoints  # the transaction itself, inside that of the test


def test_a_denied_check_asks_no_more_than_an_accepted_one(gus: User, aurora: Organisation) -> None:
    issued.licence(aurora, licence_no="REL-1")
    customs = caller(gus)
    assert codes(ask(customs, "before", item_no=2)) == ["permit"]
    with CaptureQueriesContext(connection) as asked:
        assert codes(ask(customs, destination="FR")) == ["deny", "destination_other"]
    assert len(asked) <= STATEMENTS + 2


HANDS, CHECKS, GRAMS, GRANTED = 6, 12, 7, 300
FITS = GRANTED // GRAMS  # 42 of 72


def good() -> Good:
    read, unusable = goods.read(MAGNET)
    assert not unusable
    return replace(read, on=None)


def race(office: Actor) -> list[str]:
    """Every hand asks as often as it may; the code of each answer."""
    start, what = Barrier(HANDS), good()

    def ask_once(hand: int, turn: int) -> str:
        asked = Asked(item(f"D-{hand}", turn + 1, quantity_g=GRAMS))
        try:
            answer = export_checks.check(by=office, asked=asked, good=what)
        except DatabaseError:
            return "database"
        return next((reason["code"] for reason in answer["reasons"]), answer["decision"])

    def hand(number: int) -> list[str]:
        try:
            start.wait(20)
            return [ask_once(number, turn) for turn in range(CHECKS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as hands:
        return [code for found in hands.map(hand, range(HANDS)) for code in found]


def figures() -> tuple[int, int]:
    """Grams that the ledger tells of, and those that the line says."""
    told = Movement.objects.filter(kind="draw").aggregate(sum=Sum("grams"))["sum"] or 0
    return told, LicenceLine.objects.get().drawn_g


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
@pytest.mark.holds("licence-never-overdrawn")
def test_checks_at_once_permit_exactly_what_fits(gus: User, aurora: Organisation) -> None:
    issued.licence(aurora, issued.line_terms(grams=GRANTED), licence_no="REL-1")
    told = race(acting(gus))
    assert {code: told.count(code) for code in set(told)} == {
        "permit": FITS,
        "over_balance": HANDS * CHECKS - FITS,
    }
    assert (figures(), differences()) == ((FITS * GRAMS, FITS * GRAMS), [])
    assert ExportCheck.objects.filter(decision="permit").count() == FITS


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
@pytest.mark.holds("licence-lock-matters")
def test_without_lock_and_condition_they_do_not(
    gus: User, aurora: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: a balance reckoned from what was read before loses draws, and the database says so."""
    meet, mine = Barrier(HANDS), local()

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

    def unlocked(licence_no: str) -> Any:
        lines = tuple(LicenceLine.objects.select_related("licence").filter(licence__licence_no=licence_no))
        return postings.Presented(lines[0].licence, lines)

    issued.licence(aurora, issued.line_terms(grams=GRANTED), licence_no="REL-1")
    monkeypatch.setattr(postings, "_take", careless)
    monkeypatch.setattr(postings, "presented", unlocked)
    told = race(acting(gus))
    assert told.count("database") >= HANDS - 1
    assert {code: told.count(code) for code in set(told)} != {
        "permit": FITS,
        "over_balance": HANDS * CHECKS - FITS,
    }
    assert figures()[0] <= GRANTED
    assert differences() == []
