"""Two hundred ways to touch the trail, with every right in the database: each is found, and the row named."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.db import connection

from portal.audit.domain.heads import SignedHead, name_of, read_heads
from portal.audit.models import Event, Seal
from portal.audit.queries import Verification, verify
from tests.portal.audit import trails

EVENTS, PART = 80, 10
COLUMNS = {
    "at": "'2020-01-01 00:00:00'",
    "verb": "'nothing.done'",
    "actor_id": "77",
    "actor_name": "actor_name || '.'",
    "actor_organisation_id": "77",
    "organisation_id": "77",
    "subject_type": "subject_type || 's'",
    "subject_id": "77777",
    "data": '\'{"period": "2026-06"}\'',
}
NAMED_ALONE = {"event_changed", "event_missing", "seal_missing"}


class Intruder:
    """Does one thing to the trail and says where, as place in the chain, and how it must be found."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.events = list(Seal.objects.order_by("sequence").values_list("event_id", flat=True))
        self.place = self.chance.randint(1, EVENTS)
        self.named: int | None = None  # the event that now stands in the place, where it is another

    @property
    def event_id(self) -> int:
        return self.events[self.place - 1]

    @property
    def next_event_id(self) -> int:
        return self.events[self.place]

    def column_changed(self) -> set[str]:
        column, value = self.chance.choice(sorted(COLUMNS.items()))
        trails.execute(f"UPDATE audit_event SET {column} = {value} WHERE id = %s", [self.event_id])
        return {"event_changed"}

    def number_changed(self) -> set[str]:
        trails.execute("UPDATE audit_event SET id = id + 100000 WHERE id = %s", [self.event_id])
        return {"event_missing"}

    def digest_changed(self) -> set[str]:
        digest = bytearray(Seal.objects.get(sequence=self.place).digest)
        digest[self.chance.randrange(32)] ^= 1 << self.chance.randrange(8)
        trails.execute("UPDATE audit_seal SET digest = %s WHERE sequence = %s", [bytes(digest), self.place])
        return {"event_changed"}

    def seal_moved_to_another_event(self) -> set[str]:
        trails.execute("UPDATE audit_seal SET event_id = 999999 WHERE sequence = %s", [self.place])
        self.named = 999_999
        return {"event_missing"}

    def seal_renumbered(self) -> set[str]:
        number = self.chance.choice((-1, 100_000))
        trails.execute("UPDATE audit_seal SET sequence = %s WHERE sequence = %s", [number, self.place])
        return {"tail_cut", "seal_missing"} if self.place == EVENTS else {"seal_missing"}

    def event_deleted(self) -> set[str]:
        trails.execute("DELETE FROM audit_event WHERE id = %s", [self.event_id])
        return {"event_missing"}

    def seal_deleted(self) -> set[str]:
        trails.execute("DELETE FROM audit_seal WHERE sequence = %s", [self.place])
        return {"tail_cut"} if self.place == EVENTS else {"seal_missing"}

    def both_deleted(self) -> set[str]:
        trails.execute("DELETE FROM audit_event WHERE id = %s", [self.event_id])
        return self.seal_deleted()

    def both_deleted_and_gap_closed(self) -> set[str]:
        self.place = min(self.place, EVENTS - 1)
        self.both_deleted()
        for later in range(self.place + 1, EVENTS + 1):
            trails.execute("UPDATE audit_seal SET sequence = %s WHERE sequence = %s", [later - 1, later])
        self.named = self.next_event_id
        return {"event_changed"}

    def two_events_swapped(self) -> set[str]:
        self.place = min(self.place, EVENTS - 1)
        first, second = self.events[self.place - 1 : self.place + 1]
        for before, after in ((first, 0), (second, first), (0, second)):
            trails.execute("UPDATE audit_event SET id = %s WHERE id = %s", [after, before])
        return {"event_changed"}

    def two_seals_swapped(self) -> set[str]:
        self.place = min(self.place, EVENTS - 1)
        for before, after in ((self.place, 0), (self.place + 1, self.place), (0, self.place + 1)):
            trails.execute("UPDATE audit_seal SET sequence = %s WHERE sequence = %s", [after, before])
        self.named = self.next_event_id
        return {"event_changed"}

    def tail_cut(self) -> set[str]:
        trails.execute("DELETE FROM audit_seal WHERE sequence >= %s", [self.place])
        trails.execute("DELETE FROM audit_event WHERE id >= %s", [self.event_id])
        return {"tail_cut"}

    def tail_chained_anew(self) -> set[str]:
        self.column_changed()
        trails.chain_anew(self.place)
        return {"head_differs"}

    def event_taken_out_and_chained_anew(self) -> set[str]:
        trails.execute("DELETE FROM audit_event WHERE id = %s", [self.event_id])
        trails.chain_anew(self.place)
        return {"tail_cut"} if self.place > EVENTS - PART else {"head_differs"}


WAYS: list[Callable[[Intruder], set[str]]] = [
    value for name, value in vars(Intruder).items() if callable(value) and not name.startswith("_")
]


@pytest.mark.holds("trail-tampering-found", "trail-cut-tail")
@pytest.mark.django_db
def test_two_hundred_tamperings_are_found_and_the_row_named() -> None:
    heads = trails.sealed_in_parts(EVENTS, PART)
    assert verify(heads) == Verification(EVENTS, 0, signed=EVENTS, heads=len(heads))
    missed = []
    for seed in range(200):
        way = WAYS[seed % len(WAYS)]
        with trails.below_the_guards():
            intruder = Intruder(seed)
            expected = way(intruder)
            result = verify(heads)
            if result.fault not in expected or not _names(result, intruder, heads):
                missed.append((seed, way.__name__, intruder.place, result))
    assert missed == []
    assert verify(heads).fault is None


def _names(result: Verification, intruder: Intruder, heads: list[SignedHead]) -> bool:
    """Whether the row that was touched is the one named; of a tail chained anew, the stretch up to the next head."""
    if result.fault in NAMED_ALONE:
        row = intruder.place if result.fault == "seal_missing" else intruder.named or intruder.event_id
        return (result.sequence, result.row) == (intruder.place, row)
    if result.fault == "tail_cut":
        # taken out and closed up, the end is one short and the last head is out of reach
        return result.sequence in {intruder.place, EVENTS} and result.signed < intruder.place
    assert result.sequence is not None
    return result.signed < intruder.place <= result.sequence == result.signed + PART


@pytest.mark.holds("trail-tampering-found")
@pytest.mark.django_db
def test_every_column_of_an_event_is_under_its_seal() -> None:
    trails.sealed_in_parts(10, 10)
    assert {*COLUMNS, "id"} == {field.column for field in Event._meta.concrete_fields}
    for column, value in COLUMNS.items():
        with trails.below_the_guards():
            event_id = Seal.objects.get(sequence=6).event_id
            trails.execute(f"UPDATE audit_event SET {column} = {value} WHERE id = %s", [event_id])
            assert (verify().fault, verify().row, verify().sequence) == ("event_changed", event_id, 6), column


@pytest.mark.holds("trail-tampering-found")
@pytest.mark.django_db
def test_the_first_of_several_touched_rows_is_named() -> None:
    trails.sealed_in_parts(20, 10)
    events = list(Seal.objects.order_by("sequence").values_list("event_id", flat=True))
    with trails.below_the_guards():
        for place in (15, 9, 17):
            trails.execute("UPDATE audit_event SET verb = 'x' WHERE id = %s", [events[place - 1]])
        assert verify() == Verification(8, 0, "event_changed", events[8], 9)


@pytest.mark.django_db
def test_a_column_that_holds_no_instant_any_more_is_a_changed_event() -> None:
    """SQLite keeps what it is given."""
    trails.sealed_in_parts(10, 10)
    with trails.below_the_guards():
        value = "'infinity'" if connection.vendor == "postgresql" else "'yesterday'"
        trails.execute(f"UPDATE audit_event SET at = {value}")
        assert verify().fault == "event_changed"


@pytest.mark.holds("trail-cut-tail")
@pytest.mark.django_db
def test_a_tail_chained_anew_without_the_key_has_no_head_that_holds() -> None:
    heads = trails.sealed_in_parts(20, 10)
    forged = [heads[0].line(), heads[1].line().replace(b'"sequence":20', b'"sequence":19')]
    keys = {name_of(trails.KEY.public_key()): trails.KEY.public_key()}
    assert list(read_heads([head.line() for head in heads], keys)) == heads
    with pytest.raises(Exception, match="forged") as caught:
        verify(read_heads(forged, keys))
    assert caught.value.line == 2
