"""Numbers join, names propose, decisions stand, and nothing is joined that a number keeps apart."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.registry.domain.matching.parties import (
    Decided,
    Goods,
    Parties,
    Record,
    Traded,
    parties,
    proposals,
)
from tests.portal.registry.matching.names import PAIRS

RUICI = "宁波瑞磁磁业有限公司"
RUICI_EN = "Ningbo Ruici Magnet Industry Co., Ltd."


def asked(*records: Record, decisions: tuple[Decided, ...] = ()) -> set[tuple[int, int]]:
    found = proposals(records, parties(records, decisions), decisions)
    return {(min(one.left, one.right), max(one.left, one.right)) for one in found}


@pytest.mark.parametrize(("same", "one", "other", "country"), PAIRS)
def test_names_are_proposed_where_they_are_one_company(
    same: bool, one: str, other: str, country: str
) -> None:
    records = (Record(1, (one,), country), Record(2, (other,), country))
    assert bool(asked(*records)) is same


def test_a_register_of_many_asks_the_same_of_each_pair() -> None:
    names = sorted({name for _same, *both, _country in PAIRS for name in both})
    at = {name: key for key, name in enumerate(names)}
    countries = {name: country for _same, *both, country in PAIRS for name in both}
    found = asked(*(Record(at[name], (name,), countries[name]) for name in names))
    same = {tuple(sorted((at[one], at[other]))) for ok, one, other, _country in PAIRS if ok}
    assert same <= found
    apart = {tuple(sorted((at[one], at[other]))) for ok, one, other, _country in PAIRS if not ok}
    assert not apart & found


def test_addresses_alike_but_for_their_numbers_say_nothing_for_one_company() -> None:
    one, other = "Industriestraße 12, Hanau", "Industriestraße 240, Hanau"
    names = (("Ymir Automation AG",), ("Ymir Actuators GmbH",))
    assert asked(Record(1, names[0], "DE", address=one), Record(2, names[0], "DE", address=one))
    assert not asked(Record(1, names[0], "DE", address=one), Record(2, names[1], "DE", address=other))


def test_a_name_alone_joins_nothing() -> None:
    records = (Record(1, (RUICI,), "CN"), Record(2, (RUICI,), "CN"))
    assert parties(records).of == {1: 1, 2: 2}
    assert asked(*records) == {(1, 2)}


def test_the_same_valid_number_is_the_same_party_whatever_the_names() -> None:
    records = (
        Record(5, ("Rheinmotor GmbH",), "DE", "LEI", "X"),
        Record(3, ("RM Holding AG",), "CH", "LEI", "X"),
    )
    assert parties(records).of == {5: 3, 3: 3}
    assert not asked(*records)


def test_two_numbers_of_one_kind_are_never_one_party() -> None:
    records = (Record(1, (RUICI,), "CN", "USCC", "A"), Record(2, (RUICI,), "CN", "USCC", "B"))
    said = Decided(1, 2, same=True)
    known = parties(records, (said,))
    assert known.of == {1: 1, 2: 2}
    assert known.refused == (said,)
    assert not asked(*records)


def test_a_third_record_does_not_join_what_numbers_keep_apart() -> None:
    records = (
        Record(1, (RUICI,), "CN", "USCC", "A"),
        Record(2, (RUICI_EN,), "CN"),
        Record(3, (RUICI,), "CN", "USCC", "B"),
    )
    known = parties(records, (Decided(1, 2, same=True), Decided(2, 3, same=True)))
    assert known.of == {1: 1, 2: 1, 3: 3}
    assert known.refused == (Decided(2, 3, same=True),)


def test_what_a_person_said_is_different_is_not_asked_again() -> None:
    records = (Record(1, (RUICI,), "CN"), Record(2, (RUICI_EN,), "CN"))
    assert asked(*records) == {(1, 2)}
    assert not asked(*records, decisions=(Decided(1, 2, same=False),))


def test_a_decision_that_is_taken_back_leaves_no_trace() -> None:
    records = (Record(1, (RUICI,), "CN"), Record(2, (RUICI_EN,), "CN"))
    assert parties(records, (Decided(1, 2, same=True),)).of == {1: 1, 2: 1}
    assert parties(records).of == {1: 1, 2: 2}


def test_the_score_is_explained_part_by_part() -> None:
    records = (Record(1, (RUICI,), "CN", address="宁波市科技路12号"), Record(2, (RUICI_EN,), "CN"))
    (found,) = proposals(records, parties(records))
    assert found.bits["brand"] > 5
    assert found.bits["place"] > 0
    assert found.bits["address"] == 0
    assert found.bits["prior"] < 0
    assert 50 <= found.score < 100


def test_an_address_speaks_where_names_are_common() -> None:
    plain = (Record(1, (RUICI,), "CN"), Record(2, ("宁波瑞磁科技有限公司",), "CN"))
    told = tuple(Record(one.key, one.names, one.country, address="宁波市鄞州区科技路12号") for one in plain)
    (with_address,) = proposals(told, parties(told))
    without = proposals(plain, parties(plain))
    assert all(one.score < with_address.score for one in without)


def test_nothing_is_asked_of_an_empty_register() -> None:
    assert proposals((), Parties({}, ())) == []
    assert asked(Record(1, ("", " "), "CN"), Record(2, ("？",), "CN")) == set()


RECORDS = st.lists(
    st.tuples(st.sampled_from(["", "A", "B", "C"]), st.sampled_from(["USCC", "LEI"])), min_size=1, max_size=7
)
SAID = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.booleans()), max_size=8)


@given(RECORDS, SAID)
def test_numbers_and_refusals_hold_whatever_is_decided(
    numbers: list[tuple[str, str]], said: list[tuple[int, int, bool]]
) -> None:
    records = [
        Record(key, (RUICI,), "CN", kind if number else "", number)
        for key, (number, kind) in enumerate(numbers)
    ]
    decisions = [Decided(left, right, same) for left, right, same in said if left != right]
    known = parties(records, decisions).of
    for one, other in itertools.combinations(records, 2):
        if (
            known[one.key] == known[other.key]
            and one.id_type == other.id_type
            and one.number
            and other.number
        ):
            assert one.number == other.number
    for apart in decisions:
        if not apart.same and apart.left in known and apart.right in known:
            assert known[apart.left] != known[apart.right]
    assert parties(records[::-1], decisions[::-1]).of == known


MAGNETS: Goods = ("to", "magnet", "ndfeb", "N48SH")
SCRAP: Goods = ("from", "scrap", "", "")


def bits(one: Traded | None, other: Traded | None, owners: tuple[int, int] = (1, 2)) -> dict[str, float]:
    """What is said of two records of one name, beside eight clients that take something else."""
    others = (
        Record(key, (f"Rhein{key} GmbH",), "DE", traded=Traded(frozenset({SCRAP}), 0, 20))
        for key in range(10, 18)
    )
    records = (
        Record(1, (RUICI,), "CN", owner=owners[0], traded=one),
        Record(2, (RUICI,), "CN", owner=owners[1], traded=other),
        *others,
    )
    (found,) = proposals(records, parties(records))
    return found.bits


def test_who_takes_the_same_rare_goods_is_likelier_one_client() -> None:
    some = Traded(frozenset({MAGNETS}), 3, 12)
    assert bits(some, some)["goods"] > 0
    assert bits(some, Traded(frozenset({SCRAP}), 3, 12))["goods"] < 0
    assert bits(some, None)["goods"] == 0


def test_in_one_register_a_record_that_ends_where_another_begins_is_the_same_written_anew() -> None:
    old, new = Traded(frozenset({MAGNETS}), 3, 12), Traded(frozenset({MAGNETS}), 13, 20)
    assert bits(old, new, (1, 1))["months"] > 0
    assert bits(old, Traded(frozenset({MAGNETS}), 5, 20), (1, 1))["months"] < 0
    assert bits(old, Traded(frozenset({MAGNETS}), 24, 30), (1, 1))["months"] == 0
    assert bits(old, new, (1, 2))["months"] == 0
