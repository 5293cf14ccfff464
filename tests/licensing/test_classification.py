"""Whether goods are controlled: the table of cases, and what must hold for any goods."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.domain.classification import (
    FAMILIES,
    FORMS,
    LEVELS,
    VERDICTS,
    ControlList,
    Good,
    classify,
    classify_columns,
    columns_of,
    columns_of_frame,
)
from licensing.domain.classification.contents import micro
from tests.licensing.lists import cases, control_list, good, good_of_case, list_with, tables

DAY = date(2026, 6, 1)
CASES = cases()
STRENGTH = {"no": 0, "unknown": 1, "yes": 2}


def test_the_table_is_large_and_names_its_sources() -> None:
    assert len(CASES) >= 120
    assert all(case["source"] for case in CASES)
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, str]) -> None:
    verdict = classify([good_of_case(case)], control_list(), on=DAY)[0]
    assert verdict.verdict == case["verdict"]
    assert (verdict.entry or "") == case["entry"]
    assert " ".join(verdict.missing) == case["missing"]
    assert " ".join(one.code for one in verdict.contradictions) == case["contradictions"]


def test_every_answer_has_its_words_in_both_languages() -> None:
    for verdict in classify([good_of_case(case) for case in CASES], control_list(), on=DAY):
        for words in (verdict.because, *(one.because for one in verdict.entries)):
            assert words.en.endswith(".")
            assert words.zh.endswith("。")
        assert all(one.words.en and one.words.zh for one in verdict.contradictions)


def test_all_together_and_in_columns_as_one_at_a_time() -> None:
    goods = [good_of_case(case) for case in CASES]
    together = classify(goods, control_list(), on=DAY)
    assert together == [classify([one], control_list(), on=DAY)[0] for one in goods]
    judged = classify_columns(columns_of(goods, control_list(), on=DAY), control_list())
    assert [VERDICTS[code] for code in judged.verdict] == [one.verdict for one in together]
    named = [control_list().entries[place].control_code if place >= 0 else None for place in judged.entry]
    assert named == [one.entry for one in together]


def otherwise() -> ControlList:
    """The list with settings, suspensions and their reading otherwise from other days on."""
    changed = tables()
    for place, row in enumerate(changed["thresholds"]):
        row.update(
            valid_until="2026-06-30" if place % 2 else "", valid_from="" if place % 2 else "2025-07-03"
        )
    for place, row in enumerate(changed["suspensions"]):
        row.update(end_confirmed="true" if place % 2 else "false", until_on="2026-09-01")
    for place, row in enumerate(changed["entries"]):
        row.update(
            valid_from="2025-05-05" if place % 3 == 0 else "",
            valid_until="2026-12-30" if place % 3 == 1 else "",
        )
    changed["regimes"].append(
        {"valid_from": "2026-08-15", "last_day_inclusive": "false", "after": "in_force"}
    )
    return list_with(**changed)


@pytest.mark.parametrize("the_list", [control_list(), otherwise()], ids=["as it is", "otherwise"])
def test_days_together_are_judged_as_each_day_by_itself(the_list: ControlList) -> None:
    first, last = date(2025, 1, 1).toordinal(), date(2028, 1, 1).toordinal()
    near = {turn + by for turn in the_list.turns for by in (-2, -1, 0, 1) if first <= turn <= last}
    days = [date.fromordinal(number) for number in sorted(near | set(range(first, last, 41)))]
    goods = [good_of_case(case) for case in CASES]
    asked = [replace(one, on=day) for day in days for one in goods]
    together = classify_columns(columns_of(asked, the_list, on=DAY), the_list)
    for place, day in enumerate(days):
        rows = slice(place * len(goods), (place + 1) * len(goods))
        alone = classify_columns(columns_of(asked[rows], the_list, on=DAY), the_list)
        assert together.verdict[rows].tolist() == alone.verdict.tolist(), day
        assert together.entry[rows].tolist() == alone.entry.tolist(), day


def test_one_controlled_model_among_many_is_told_by_itself() -> None:
    plain = good("nd=30 pr=1 dy=0 tb=0", form="magnet", family="ndfeb")
    models = [Good(**{**vars(plain), "id": f"M{number}"}) for number in range(17)]
    models[7] = good("nd=29 pr=1 dy=0.24 tb=0", id="M7", form="magnet", family="ndfeb")
    found = {one.id: one.verdict for one in classify(models, control_list(), on=DAY)}
    assert {name for name, verdict in found.items() if verdict == "licence_required"} == {"M7"}


# contents near the settings, and now and then none
CONTENT = st.one_of(
    st.none(), st.just("0"), st.sampled_from(["0.05", "0.099999", "0.1", "0.18", "1", "20", "40"])
)
GOODS = st.builds(
    lambda measured, **said: Good(
        contents={symbol: Decimal(value) for symbol, value in measured.items() if value is not None}, **said
    ),
    measured=st.fixed_dictionaries(dict.fromkeys(("nd", "sm", "gd", "tb", "dy", "ho", "sc", "y", "yb", "lu"), CONTENT)),
    on=st.sampled_from([date(2025, 4, 3), date(2025, 10, 20), DAY, date(2026, 11, 10), date(2026, 11, 11)]),
    form=st.sampled_from([None, *FORMS]),
    family=st.sampled_from([None, *FAMILIES]),
    processing_level=st.sampled_from([None, *LEVELS]),
    partners=st.sampled_from([(), ("fe",), ("fe", "b"), ("co",), ("al",), ("tb", "fe"), ("cu", "zr")]),
)  # fmt: skip


@settings(max_examples=25)
@given(st.lists(GOODS, min_size=2, max_size=12))
def test_order_and_company_change_nothing(goods: list[Good]) -> None:
    forwards = classify(goods, control_list(), on=DAY)
    assert forwards == classify(goods[::-1], control_list(), on=DAY)[::-1]
    assert forwards == [classify([one], control_list(), on=DAY)[0] for one in goods]
    judged = classify_columns(columns_of(goods, control_list(), on=DAY), control_list())
    assert [VERDICTS[code] for code in judged.verdict] == [one.verdict for one in forwards]


@settings(max_examples=50)
@given(GOODS, st.sampled_from(["sm", "gd", "tb", "dy", "ho", "sc", "y", "lu"]))
def test_more_of_an_element_never_frees_from_its_entry(one: Good, symbol: str) -> None:
    """From measured absence upwards an entry's answer only grows with its own element."""
    amounts = [Decimal(value) for value in ("0", "0.05", "0.1", "0.2", "5", "60")]
    richer = [Good(**{**vars(one), "contents": {**one.contents, symbol: amount}}) for amount in amounts]
    answers = [
        {each.control_code: STRENGTH[each.applies] for each in verdict.entries}
        for verdict in classify(richer, control_list(), on=DAY)
    ]
    own = [entry.control_code for entry in control_list().entries if entry.element == symbol]
    for code in own:
        seen = [answer[code] for answer in answers if code in answer]
        assert seen == sorted(seen), (code, seen)


@settings(max_examples=40)
@given(GOODS, st.sampled_from(["sm", "gd", "tb", "dy", "sc", "y", "lu"]))
def test_what_was_not_measured_never_clears(one: Good, symbol: str) -> None:
    """Leaving out a content that calls for a licence leads to a licence or an assay, never to nothing."""
    unmeasured = {name: amount for name, amount in one.contents.items() if name != symbol}
    full, less = classify([one, Good(**{**vars(one), "contents": unmeasured})], control_list(), on=DAY)
    entries = {each.control_code: each.applies for each in less.entries}
    stated_family = one.family in ("ndfeb", "smco")  # says by itself what defines an alloy
    for each in full.entries:
        if each.applies == "yes" and not (one.form in ("alloy", "target") and stated_family):
            assert entries[each.control_code] != "no"


def test_settings_are_dated() -> None:
    thresholds = tables()["thresholds"]
    first = [dict(row) for row in thresholds]
    for row in first:
        if row["combined"] == "true":
            row["valid_until"] = "2026-06-30"
    later = {**next(row for row in thresholds if row["combined"] == "true")}
    later.update(content_pct="0.3", valid_from="2026-07-01", tag_en="announced limit")
    changed = list_with(thresholds=[*first, later])
    one = good("nd=29 dy=0.18 tb=0", form="magnet", family="ndfeb")
    before, after = (classify([one], changed, on=day)[0] for day in (date(2026, 6, 30), date(2026, 7, 1)))
    assert (before.verdict, after.verdict) == ("licence_required", "not_controlled")
    assert "0.3 % (announced limit)" in after.because.en
    assert after.list_version == 2


def test_without_a_setting_whatever_was_measured_counts() -> None:
    free = list_with(thresholds=[])
    found = [
        classify([good(f"nd=29 dy={amount} tb=0", form="magnet", family="ndfeb")], free, on=DAY)[0].verdict
        for amount in ("0", "0.000001")
    ]
    assert found == ["not_controlled", "licence_required"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [("0.1", 100_000), ("0.0999999999", 99_999), ("100", 100_000_000), ("0.00008", 80)],
)
def test_contents_are_exact(content: str, expected: int) -> None:
    assert micro(Decimal(content)) == expected


def test_a_frame_is_judged_as_its_goods() -> None:
    goods = [good_of_case(case) for case in CASES]
    frame = pd.DataFrame(
        {
            "on": pd.to_datetime([one.on for one in goods]),
            "form": [one.form for one in goods],
            "family": [one.family for one in goods],
            "processing_level": [one.processing_level for one in goods],
            "partners": [";".join(one.partners) for one in goods],
            **{
                f"{symbol}_pct": [
                    micro(one.contents[symbol]) if symbol in one.contents else -1 for one in goods
                ]
                for symbol in control_list().symbols
            },
        }
    )
    by_frame = classify_columns(columns_of_frame(frame, control_list()), control_list())
    by_good = classify_columns(columns_of(goods, control_list(), on=DAY), control_list())
    assert (by_frame.verdict == by_good.verdict).all()
    assert (by_frame.entry == by_good.entry).all()


def test_nothing_is_judged_as_nothing() -> None:
    assert classify([], control_list(), on=DAY) == []
    assert len(classify_columns(columns_of([], control_list(), on=DAY), control_list()).verdict) == 0
