"""Exports filed against exports declared: 45 days either way and shipments in parts are honest; what is missing is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.checks.columns import NA
from reporting.checks.derive.context import Context, take
from reporting.checks.derive.filings import line_filing
from reporting.checks.nation.declarations import FAULTS, exports_compared
from reporting.checks.nation.examples import FIRST, nation

plain = settings(max_examples=20, database=None)
BEGIN = date(FIRST // 12, 1, 1)


@dataclass(frozen=True)
class Paper:
    """A filed line or a record: its number, day and kilograms."""

    number: str
    day: date
    kg: int
    to: str = "DE"


def month_of(day: date) -> int:
    return day.month


def found(
    lines: list[Paper], records: list[Paper], *, months: int = 12, recorded: date | None = None
) -> set[tuple[str, str]]:
    """What is told of A, who filed so many months; customs' records are known up to a day."""
    rows = [
        f"A {month_of(one.day)} exported M {one.kg} value={one.kg * 300} declaration_no={one.number} "
        f"destination={one.to} day={one.day.day}"
        for one in lines
        if month_of(one.day) <= months
    ]
    items: dict[str, int] = {}
    declared = []
    for one in records:
        items[one.number] = items.get(one.number, 0) + 1
        if recorded is None or one.day <= recorded:
            declared.append(
                f"{one.number} {month_of(one.day)} A {one.kg} {one.kg * 300} {one.to} day={one.day.day} "
                f"item_no={items[one.number]}"
            )
    example = nation(f"A 1-{months} produced M 10", *rows, declarations=declared)
    part = example.part()
    if recorded is not None:
        part = replace(part, recorded=(recorded - date(1970, 1, 1)).days)
    context = Context(part.tables)
    filing = context.once(line_filing)
    owner, period = (
        take(context.array("filings", name), filing, NA) for name in ("organisation_id", "period")
    )
    told = exports_compared(context, owner, period, part, example.references())
    return {
        (FAULTS[fault - 1], number)
        for fault, number in zip(told["fault"], told["declaration_no"], strict=True)
    }


def day(text: str) -> date:
    return date.fromisoformat(f"{BEGIN.year}-{text}")


@pytest.mark.parametrize(
    ("lines", "records", "told"),
    [
        # declared on the last day of a month, filed in the next
        (["D1 02-03 100"], ["D1 01-31 100"], set()),
        # filed at a month's end, declared in the next
        (["D1 01-31 100"], ["D1 02-03 100"], set()),
        # 45 days behind
        (["D1 03-17 100"], ["D1 01-31 100"], set()),
        # one declaration, shipped in parts that are lines of two months; and of several items
        (["D1 01-20 60", "D1 02-20 40"], ["D1 01-20 100"], set()),
        (["D1 01-20 100"], ["D1 01-20 60", "D1 02-20 40"], set()),
        # the filer names one of the declarations of a shipment in parts, or the first line alone has customs' number
        (["D1 01-20 100"], ["D1 01-20 60", "D2 02-20 40"], set()),
        (["D1 01-20 100"], ["D1 01-20 50", "D2 02-01 30", "D3 02-20 20"], set()),
        (["D1 01-20 60", "D2 02-20 40"], ["D1 01-20 100"], set()),
        # the parts are not the whole, are too late, go elsewhere
        (["D1 01-20 100"], ["D1 01-20 60", "D2 02-20 45"], {("differs", "D1"), ("unfiled", "D2")}),
        (["D1 01-20 100"], ["D1 01-20 60", "D2 03-07 40"], {("differs", "D1"), ("unfiled", "D2")}),
        (["D1 01-20 100"], ["D1 01-20 60", "D2 03-06 40"], set()),
        (["D1 01-20 100"], ["D1 01-20 60", "D2 02-20 40 US"], {("differs", "D1"), ("unfiled", "D2")}),
        # a part makes up for one thing only, the nearer
        (
            ["D1 01-20 100", "D5 01-22 100"],
            ["D1 01-20 60", "D5 01-22 60", "D2 02-20 40"],
            {("differs", "D5")},
        ),
        # nothing that both sides share: each is told, were they as alike as two eggs
        (["D1 02-10 100"], ["D2 02-10 100"], {("unknown", "D1"), ("unfiled", "D2")}),
        # true differences
        ([], ["D1 01-31 100"], {("unfiled", "D1")}),
        (["D1 02-10 100"], ["D1 02-10 90"], {("differs", "D1")}),
        (["D1 02-10 90"], ["D1 02-10 100"], {("differs", "D1")}),
        (["D1 02-10 100 US"], ["D1 02-10 100"], {("differs", "D1")}),
        (["D1 02-10 100", "D1 06-10 100"], ["D1 02-10 100"], {("differs", "D1")}),
    ],
)  # fmt: skip
def test_slips_are_told_apart_from_differences(
    lines: list[str], records: list[str], told: set[tuple[str, str]]
) -> None:
    def papers(rows: list[str]) -> list[Paper]:
        parts = [row.split() for row in rows]
        return [Paper(one[0], day(one[1]), int(one[2]), *one[3:]) for one in parts]

    assert found(papers(lines), papers(records)) == told


def test_nobody_is_told_of_before_the_45_days_are_filed() -> None:
    record = [Paper("D1", day("01-31"), 100)]  # may be filed until 17 March
    assert [found([], record, months=months) for months in (1, 2)] == [set(), set()]
    assert found([], record, months=3) == {("unfiled", "D1")}
    early = [Paper("D1", day("01-05"), 100)]  # until 19 February
    assert found([], early, months=1) == set()
    assert found([], early, months=2) == {("unfiled", "D1")}


def test_customs_is_said_to_lack_nothing_that_it_may_still_send() -> None:
    lines, records = [Paper("D9", day("01-31"), 100)], [Paper("D1", day("01-10"), 50)]
    both = [*lines, Paper("D1", day("01-10"), 50)]
    assert found(both, records, recorded=day("02-28")) == set()
    assert found(both, records, recorded=day("03-01")) == {("unknown", "D9")}


@dataclass(frozen=True)
class Shipment:
    """One shipment in parts: how each side numbers them, when it left, and how far behind the books are."""

    parts: int
    manner: str
    leaves: int  # day of the year
    behind: tuple[int, ...]


MANNERS = ("apart", "one number", "one line", "one record")
SHIPMENTS = st.lists(
    st.builds(
        Shipment,
        st.integers(1, 3),
        st.sampled_from(MANNERS),
        st.integers(50, 200),
        st.tuples(*[st.integers(-22, 22)] * 3),
    ),
    min_size=1,
    max_size=3,
)


def papers_of(shipments: list[Shipment]) -> tuple[list[list[Paper]], list[list[Paper]]]:
    """The lines and the records of each shipment; no two sums of parts are alike."""
    lines, records, weight = [], [], 10
    for place, one in enumerate(shipments):
        own: list[tuple[str, date, int]] = []
        for part in range(one.parts):
            own.append((f"D{place}{part}", BEGIN + timedelta(one.leaves + 5 * part), weight))
            weight *= 2
        first, whole = own[0][0], sum(kg for _number, _day, kg in own)
        filed = [
            Paper(first if one.manner == "one number" else number, on + timedelta(behind), kg)
            for (number, on, kg), behind in zip(own, one.behind, strict=False)
        ]
        declared = [Paper(first if one.manner == "one number" else number, on, kg) for number, on, kg in own]
        if one.manner == "one line":
            filed = [Paper(first, filed[0].day, whole)]
        if one.manner == "one record":
            declared = [Paper(first, declared[0].day, whole)]
        lines.append(filed)
        records.append(declared)
    return lines, records


def flat(rows: list[list[Paper]]) -> list[Paper]:
    return [one for row in rows for one in row]


@plain
@given(SHIPMENTS, st.integers(1, 12))
def test_honest_books_are_never_told_of_in_whatever_month_one_looks(
    shipments: list[Shipment], months: int
) -> None:
    lines, records = papers_of(shipments)
    until = date(BEGIN.year, months, 28)
    assert found(flat(lines), flat(records), months=months, recorded=until) == set()
    assert found(flat(lines), flat(records)) == set()


@plain
@given(SHIPMENTS)
def test_what_was_never_filed_is_always_told_of_and_nothing_else_is(shipments: list[Shipment]) -> None:
    lines, records = papers_of(shipments)
    assert found(flat(lines[1:]), flat(records)) == {("unfiled", one.number) for one in records[0]}


@plain
@given(SHIPMENTS)
def test_what_was_never_declared_is_always_told_of_and_nothing_else_is(shipments: list[Shipment]) -> None:
    lines, records = papers_of(shipments)
    ends = [Paper("D98", BEGIN, 50_000), Paper("D99", day("12-20"), 60_000)]  # customs has records all year
    told = found([*flat(lines), *ends], [*flat(records[1:]), *ends])
    assert told == {("unknown", one.number) for one in lines[0]}


@plain
@given(SHIPMENTS)
def test_a_part_that_was_left_out_is_always_told_of(shipments: list[Shipment]) -> None:
    lines, records = papers_of(shipments)
    told = found([*lines[0][:-1], *flat(lines[1:])], flat(records))
    assert told
    assert {number for _fault, number in told} <= {one.number for one in (*records[0], *lines[0])}
