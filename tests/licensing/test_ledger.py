"""The ledger of a licence: what each movement does, what is refused, and that it always adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from licensing.domain.ledger import ceiling_of
from licensing.domain.validity import Days, fault_on
from licensing.models import Licence, LicenceLine, Movement, Reversal
from licensing.queries.licences import uses_left
from licensing.services import ledger, licences
from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.core import clock
from portal.core.errors import Refused
from tests.conftest import acting
from tests.licensing import issued
from tests.licensing.issued import CUSTOMS, OFFICE


def draw(of: Licence, grams: int, number: str = "D-1", item: int = 1, **more: Any) -> Movement:
    line = issued.line_of(of, more.pop("line_no", 1))
    return ledger.draw(by=CUSTOMS, line_id=line.pk, grams=grams, declaration=(number, item), **more)


def accounts(of: Licence, line_no: int = 1) -> tuple[int, int, int, int]:
    line = issued.line_of(of, line_no)
    return line.authorised_g, line.reserved_g, line.drawn_g, line.balance_g


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}$")


def at_once(write: Any) -> None:
    """The write, and what the database would say of it at the commit."""
    with transaction.atomic():
        write()
        connection.check_constraints()


def test_a_licence_is_issued_with_what_it_authorises(aurora: Organisation) -> None:
    made = issued.licence(aurora, issued.line_terms(grams=10_001), tolerance_pct=Decimal(5))
    line = issued.line_of(made)
    assert (line.authorised_g, line.ceiling_g, line.moves) == (10_001, 10_501, 1)
    assert made.licence_no.startswith("REL20")
    assert [one.kind for one in line.movements.all()] == ["authorise"]
    assert Event.objects.filter(verb="licence.issued", subject_id=made.pk).count() == 1


@pytest.mark.parametrize(
    ("grams", "per_cent", "ceiling"),
    [
        (10_000, "0", 10_000), (10_000, "5", 10_500), (1, "5", 1), (19, "5", 19), (20, "5", 21), (39, "5", 40),
        (10_001, "0.01", 10_002), (9_999, "0.01", 9_999), (10_000, "0.01", 10_001), (333, "0.3", 333), (334, "0.3", 335),
        (3, "33.33", 3), (3, "33.34", 4), (7, "100", 14), (10**14, "0.01", 10**14 + 10**10),
    ],
)  # fmt: skip
def test_tolerance_is_cut_down_to_the_gram(grams: int, per_cent: str, ceiling: int) -> None:
    assert ceiling_of(grams, Decimal(per_cent)) == ceiling


def test_the_last_gram_of_the_tolerance_and_not_one_more(aurora: Organisation) -> None:
    made = issued.licence(aurora, issued.line_terms(grams=39), tolerance_pct=Decimal(5))
    draw(made, 39)
    draw(made, 1, "D-2")
    with refused("over_balance"):
        draw(made, 1, "D-3")
    assert accounts(made) == (39, 0, 40, 0)


def test_what_is_drawn_is_gone_and_the_last_gram_exhausts_it(aurora: Organisation) -> None:
    made = issued.licence(aurora)
    draw(made, 4_000)
    assert accounts(made) == (10_000, 0, 4_000, 6_000)
    draw(made, 6_000, "D-2")
    made.refresh_from_db()
    assert made.status == "exhausted"
    with refused("over_balance"):
        draw(made, 1, "D-3")
    ledger.reverse(by=CUSTOMS, declaration=("D-2", 1))
    made.refresh_from_db()
    assert (made.status, accounts(made)) == ("valid", (10_000, 0, 4_000, 6_000))


def test_a_reservation_keeps_others_out_and_is_drawn_or_released(aurora: Organisation) -> None:
    made = issued.licence(aurora)
    line = issued.line_of(made)
    ledger.reserve(by=CUSTOMS, line_id=line.pk, grams=7_000, key="r1")
    with refused("over_balance"):
        draw(made, 3_001)
    draw(made, 5_000, reserved=True)
    ledger.release(by=CUSTOMS, line_id=line.pk, grams=2_000, key="r2")
    assert accounts(made) == (10_000, 0, 5_000, 5_000)
    with refused("over_balance"):
        ledger.release(by=CUSTOMS, line_id=line.pk, grams=1, key="r3")


def test_a_key_moves_once(aurora: Organisation) -> None:
    made = issued.licence(aurora)
    line = issued.line_of(made)
    first = ledger.reserve(by=CUSTOMS, line_id=line.pk, grams=100, key="same")
    assert ledger.reserve(by=CUSTOMS, line_id=line.pk, grams=100, key="same") == first
    with refused("key_reused"):
        ledger.reserve(by=CUSTOMS, line_id=line.pk, grams=101, key="same")
    assert issued.line_of(made).reserved_g == 100


def test_an_item_draws_once_whatever_key_it_comes_with(aurora: Organisation) -> None:
    made, other = issued.licence(aurora), issued.licence(aurora)
    first = draw(made, 10)
    assert draw(made, 10) == first
    with refused("declaration_drawn"):
        draw(made, 10, key="another")
    with refused("key_reused"):
        draw(other, 10)
    assert (accounts(made)[2], accounts(other)[2]) == (10, 0)


def test_a_reversal_that_comes_first_is_remembered(aurora: Organisation) -> None:
    made = issued.licence(aurora)
    assert ledger.reverse(by=CUSTOMS, declaration=("D-1", 1)) is None
    with refused("declaration_reversed"):
        draw(made, 10)
    draw(made, 10, "D-1", 2)
    assert accounts(made)[2] == 10
    assert Reversal.objects.count() == 1


def test_a_reversal_gives_back_once_what_was_drawn_and_corrected(aurora: Organisation) -> None:
    made = issued.licence(aurora)
    draw(made, 100)
    ledger.adjust(by=CUSTOMS, declaration=("D-1", 1), grams=140, key="c1")
    ledger.adjust(by=CUSTOMS, declaration=("D-1", 1), grams=140, key="c1")
    ledger.adjust(by=CUSTOMS, declaration=("D-1", 1), grams=90, key="c2")
    assert accounts(made)[2] == 90
    first = ledger.reverse(by=CUSTOMS, declaration=("D-1", 1))
    assert ledger.reverse(by=CUSTOMS, declaration=("D-1", 1)) == first
    assert accounts(made) == (10_000, 0, 0, 10_000)
    with refused("declaration_reversed"):
        ledger.adjust(by=CUSTOMS, declaration=("D-1", 1), grams=10, key="c3")
    with refused("declaration_reversed|declaration_drawn"):
        draw(made, 100, key="again")


def test_uses_are_distinct_declarations_and_come_back_with_a_reversal(aurora: Organisation) -> None:
    made = issued.licence(aurora, max_uses=1)
    draw(made, 10)
    draw(made, 10, "D-1", 2)
    assert uses_left(made) == 0
    with refused("uses_spent"):
        draw(made, 10, "D-2")
    ledger.reverse(by=CUSTOMS, declaration=("D-1", 1))
    with refused("uses_spent"):
        draw(made, 10, "D-2")
    ledger.reverse(by=CUSTOMS, declaration=("D-1", 2))
    draw(made, 10, "D-2")


def test_no_part_shipments(aurora: Organisation) -> None:
    made = issued.licence(aurora, no_split=True)
    draw(made, 10)
    with refused("part_shipment"):
        draw(made, 10, "D-2")


def test_the_first_and_the_last_day_count(aurora: Organisation) -> None:
    made = issued.licence(aurora)
    day = timedelta(days=1)
    with refused("not_yet_valid"):
        draw(made, 1, "D-1", day=made.issued_on - day)
    draw(made, 1, "D-2", day=made.issued_on)
    draw(made, 1, "D-3", day=made.expires_on)
    with refused("expired"):
        draw(made, 1, "D-4", day=made.expires_on + day)


def test_a_suspension_acts_at_once_and_on_nothing_that_left_before(aurora: Organisation) -> None:
    made, today = issued.licence(aurora), clock.today()
    licences.suspend(by=OFFICE, licence_id=made.pk)
    with refused("suspended"):
        draw(made, 1)
    draw(made, 1, "D-2", day=today - timedelta(days=1))
    licences.lift(by=OFFICE, licence_id=made.pk)
    draw(made, 1, "D-3")
    with refused("licence_state"):
        licences.lift(by=OFFICE, licence_id=made.pk)


def test_revoked_and_given_back_from_that_day_on(aurora: Organisation, bruno: User, alma: User) -> None:
    revoked, given_back = issued.licence(aurora), issued.licence(aurora)
    licences.revoke(by=OFFICE, licence_id=revoked.pk)
    with refused("not_permitted"):
        licences.surrender(by=acting(alma), licence_id=given_back.pk)
    licences.surrender(by=acting(bruno), licence_id=given_back.pk)
    for made, code in ((revoked, "revoked"), (given_back, "surrendered")):
        with refused(code):
            draw(made, 1, code)
        draw(made, 1, f"{code}-before", day=clock.today() - timedelta(days=1))
    with refused("licence_state"):
        licences.lift(by=OFFICE, licence_id=revoked.pk)


def test_another_exporter_gives_nothing_back(aurora: Organisation, carla: User) -> None:
    made = issued.licence(aurora)
    with refused("not_found"):
        licences.surrender(by=acting(carla), licence_id=made.pk)


def test_what_is_due_expires(aurora: Organisation) -> None:
    today = clock.today()
    over = issued.licence(aurora, issued_on=today - timedelta(days=90), expires_on=today - timedelta(days=1))
    lasts = issued.licence(aurora, expires_on=today)
    assert licences.expire_due() == 1
    over.refresh_from_db()
    lasts.refresh_from_db()
    assert (over.status, lasts.status) == ("expired", "valid")


def test_an_amended_licence_goes_on_where_the_old_one_stood(aurora: Organisation) -> None:
    old = issued.licence(aurora, max_uses=2)
    draw(old, 4_000)
    ledger.reserve(by=CUSTOMS, line_id=issued.line_of(old).pk, grams=1_000, key="r")
    new = issued.licence(aurora, issued.line_terms(kg=20), predecessor=old, max_uses=2)
    assert accounts(new) == (20_000, 1_000, 4_000, 15_000)
    assert accounts(old) == (10_000, 0, 4_000, 0)
    with refused("surrendered"):
        draw(old, 1, "D-2")
    draw(new, 1, "D-2")
    with refused("uses_spent"):
        draw(new, 1, "D-3")
    with refused("surrendered"):
        issued.licence(aurora, predecessor=old)


def test_what_the_old_licence_drew_is_corrected_and_taken_back_on_the_new(aurora: Organisation) -> None:
    old = issued.licence(aurora)
    draw(old, 4_000)
    new = issued.licence(aurora, predecessor=old)
    newest = issued.licence(aurora, predecessor=new)
    ledger.adjust(by=CUSTOMS, declaration=("D-1", 1), grams=5_000, key="c")
    assert accounts(newest) == (10_000, 0, 5_000, 5_000)
    ledger.reverse(by=CUSTOMS, declaration=("D-1", 1))
    assert [accounts(one)[2] for one in (old, new, newest)] == [0, 0, 0]
    assert [accounts(one)[3] for one in (old, new, newest)] == [0, 0, 10_000]


def test_a_successor_grants_at_least_what_has_left(aurora: Organisation) -> None:
    old = issued.licence(aurora)
    draw(old, 4_000)
    with refused("over_balance"):
        issued.licence(aurora, issued.line_terms(kg=3), predecessor=old)
    with refused("line_dropped"):
        issued.licence(aurora, issued.line_terms(line_no=2), predecessor=old)
    old.refresh_from_db()
    assert (Licence.objects.count(), old.status, accounts(old)[3]) == (1, "valid", 6_000)


@pytest.mark.parametrize("grams", [0, -1])
def test_nothing_is_no_quantity(aurora: Organisation, grams: int) -> None:
    made = issued.licence(aurora)
    with refused("quantity_not_positive"):
        draw(made, grams)
    with refused("quantity_not_positive"):
        issued.licence(aurora, issued.line_terms(grams=grams))
    assert Movement.objects.count() == 1


def test_only_customs_draws(aurora: Organisation, alma: User, dora: User) -> None:
    made = issued.licence(aurora)
    for person in (alma, dora):
        with refused("not_permitted"):
            ledger.draw(by=acting(person), line_id=issued.line_of(made).pk, grams=1, declaration=("D-1", 1))
    with refused("not_permitted"):
        ledger.reverse(by=acting(alma), declaration=("D-1", 1))


@pytest.mark.parametrize(
    "statement", ["UPDATE licensing_movement SET grams = 1", "DELETE FROM licensing_movement"]
)
def test_a_movement_never_changes(aurora: Organisation, statement: str) -> None:
    issued.licence(aurora)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "values",
    [{"drawn_g": 11_000}, {"drawn_g": -1}, {"ceiling_g": 9_999}, {"reserved_g": 10_001}, {"carried_g": -1}],
)
def test_the_database_lets_no_line_be_overdrawn(aurora: Organisation, values: dict[str, int]) -> None:
    made = issued.licence(aurora)
    with pytest.raises(IntegrityError), transaction.atomic():
        LicenceLine.objects.filter(licence=made).update(**values)


def test_a_movement_that_continues_nothing_is_refused(aurora: Organisation) -> None:
    line = issued.line_of(issued.licence(aurora))
    last = line.movements.get()
    for change in ({"sequence": 2, "drawn_after": 5}, {"sequence": 7}, {"sequence": 2, "source": "granted"}):
        wrong = Movement(
            line=line, key=f"wrong {change}", kind="draw", source="available", target="drawn", grams=7, authorised_after=10_000,
            reserved_after=0, drawn_after=7, carried_after=0, cause="x", day=last.day, at=last.at, by_name="x", sequence=2,
        )  # fmt: skip
        for name, value in change.items():
            setattr(wrong, name, value)
        with pytest.raises(IntegrityError):
            at_once(wrong.save)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite defers no trigger")
def test_balances_without_their_movement_do_not_commit(aurora: Organisation) -> None:
    made = issued.licence(aurora)
    with pytest.raises(IntegrityError, match="do not add up"):
        at_once(lambda: LicenceLine.objects.filter(licence=made).update(drawn_g=7))


DAYS = Days(date(2026, 3, 1), date(2026, 9, 1))


@pytest.mark.parametrize(
    ("changes", "day", "code"),
    [
        ({}, "2026-02-28", "not_yet_valid"), ({}, "2026-03-01", ""), ({}, "2026-09-01", ""), ({}, "2026-09-02", "expired"),
        ({"suspended_from": "2026-05-01", "suspended_until": "2026-05-09"}, "2026-04-30", ""),
        ({"suspended_from": "2026-05-01", "suspended_until": "2026-05-09"}, "2026-05-01", "suspended"),
        ({"suspended_from": "2026-05-01", "suspended_until": "2026-05-09"}, "2026-05-09", "suspended"),
        ({"suspended_from": "2026-05-01", "suspended_until": "2026-05-09"}, "2026-05-10", ""),
        ({"suspended_from": "2026-05-01"}, "2026-06-20", "suspended"),
        ({"suspended_from": "2026-05-01", "status": "suspended"}, "2026-04-30", ""),
        ({"revoked_on": "2026-05-01", "status": "revoked"}, "2026-04-30", ""),
        ({"revoked_on": "2026-05-01", "status": "revoked"}, "2026-05-01", "revoked"),
        ({"surrendered_on": "2026-05-01", "status": "surrendered"}, "2026-04-30", ""),
        ({"surrendered_on": "2026-05-01", "status": "surrendered"}, "2026-05-02", "surrendered"),
        ({"status": "surrendered"}, "2026-06-29", ""), ({"status": "surrendered"}, "2026-06-30", "surrendered"),
        ({"status": "suspended"}, "2026-06-30", "suspended"), ({"status": "exhausted"}, "2026-06-30", ""),
        ({"status": "expired"}, "2026-06-30", "expired"), ({"status": "expired"}, "2026-06-29", ""),
    ],
)  # fmt: skip
def test_each_day_is_judged_by_itself(changes: dict[str, str], day: str, code: str) -> None:
    given = {
        name: value if name == "status" else date.fromisoformat(value) for name, value in changes.items()
    }
    assert fault_on(replace(DAYS, **given), date.fromisoformat(day), date(2026, 6, 30)) == code
