"""Every national check: its examples are its tests; and what holds for all of them, tested once."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from reporting.checks.columns import verify
from reporting.checks.core import NATIONAL_PERS, Queue, national_checks
from reporting.checks.laws import LAWS
from reporting.checks.nation.calibration import BUDGET, calibration
from reporting.checks.nation.examples import nation
from reporting.checks.nation.gather import gather, together
from reporting.checks.nation.packed import packed, unpacked
from reporting.checks.nation.rows import Nation
from reporting.checks.nation.run import kinds, run
from reporting.checks.view import View
from reporting.checks.words import message
from tests.reporting.checks.nations import reordered

CHECKS = national_checks()
each = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)


def judged(*parts, references=None, checks=None):
    """What the checks say of examples' parts, put together."""
    references = references or parts[0].references()
    gathered = [gather(part if hasattr(part, "tables") else part.part(), references) for part in parts]
    return run(Nation(together(gathered), references, calibration()), checks)


def told(found):
    return [json.dumps(row, sort_keys=True) for row in found]


@each
def test_it_finds_nothing_in_what_passes(check):
    assert check.passes
    for example in check.passes:
        assert judged(example, checks=[check]) == [], example


@each
def test_it_finds_something_in_what_fails(check):
    assert check.fails
    for example in check.fails:
        verify(example.part().tables)
        assert example.drawn()
        assert {row["code"] for row in judged(example, checks=[check])} == {check.code}, example


@each
def test_one_at_a_time_says_the_same_as_all_together(check):
    """But for the case that it belongs to and that case's score."""
    for example in check.fails:
        alone = judged(example, checks=[check])
        together_ = [row for row in judged(example) if row["code"] == check.code]
        for row in alone + together_:
            row.pop("case")
            row.pop("score")
        assert told(together_) == told(alone)


@each
def test_the_order_of_rows_is_irrelevant_and_a_second_run_says_the_same(check):
    for example in check.fails:
        part = example.part()
        shuffled = dataclasses.replace(
            part,
            tables=reordered(part.tables),
            invoices=part.invoices.iloc[::-1].reset_index(drop=True),
            declarations=part.declarations.iloc[::-1].reset_index(drop=True),
        )
        first = judged(part, references=example.references())
        assert told(judged(shuffled, references=example.references())) == told(first)
        assert told(judged(part, references=example.references())) == told(first)


@each
def test_parts_say_the_same_as_the_whole(check):
    """What is gathered enterprise by enterprise is what is gathered at once: memory need not hold a nation."""
    for example in check.fails:
        whole, references = example.part(), example.references()
        owners = sorted(set(whole.tables.filings["organisation_id"]))
        parts = [gather(only(whole, owner), references) for owner in owners]
        found = run(Nation(together(parts), references, calibration()))
        assert told(found) == told(judged(whole, references=references))


def only(part, owner):
    """One enterprise's share of a part."""
    tables = part.tables
    filings = tables.filings[tables.filings["organisation_id"] == owner]
    own = {
        name: frame[frame["organisation_id"] == owner]
        for name in ("products", "counterparties", "obligations")
        for frame in [getattr(tables, name)]
    }
    lines = tables.lines[tables.lines["filing_id"].isin(filings["filing_id"])]
    return dataclasses.replace(part, tables=dataclasses.replace(tables, filings=filings, lines=lines, **own))


@each
def test_its_function_cannot_reach_other_columns(check):
    view = View(check.reads, lambda name: np.zeros(1), 1)
    with pytest.raises(AttributeError, match="did not declare"):
        _ = view.something_else


@each
def test_what_it_declares_is_made(check):
    example = check.fails[0]
    references = example.references()
    rows = Nation(gather(example.part(), references), references, calibration()).rows(check.per)
    assert set(check.reads) <= set(rows.columns)
    assert not check.statistic or check.statistic in check.reads
    assert not check.grows or check.grows in check.reads


@each
def test_its_findings_are_plain_data_in_words(check):
    for example in check.fails:
        for row in judged(example, checks=[check]):
            assert json.loads(json.dumps(row, allow_nan=False)) == row
            words = message(check.code, row["values"])
            assert "%(" not in words
            assert "None" not in words
            assert "–" not in words, words
            assert row["first_period"] <= row["period"]
            assert bool(row["case"]) == (check.queue is Queue.CASE)
            assert set(row["figures"]) == set(check.reads)


@each
def test_its_words_are_all_there(check):
    for words in (check.title, check.message, check.explanation, check.remedy, check.method):
        assert words.strip() == words
        assert len(words) >= 8
    assert check.legal_basis
    assert set(check.legal_basis) <= set(LAWS)


def test_every_kind_of_rows_is_known_and_made():
    assert kinds() == set(NATIONAL_PERS) == {check.per for check in CHECKS}


def test_nothing_filed_is_nothing_found():
    example = nation()
    assert judged(example) == []


def test_a_mistake_that_nobody_can_see_alone_is_one_case():
    """Two elements of one enterprise that go wrong together are signals of one case."""
    example = nation(
        "A 1-24 consumed L 10000", "A 1-12 produced M 24250", "A 13-24 produced M 25500",
        products=("L stage=metal nd_pct=56 pr_pct=19", "M stage=alloy nd_pct=22.4 pr_pct=7.6"),
    )  # fmt: skip
    found = judged(example)
    assert {row["element"] for row in found} == {"nd", "pr"}
    assert len({row["case"] for row in found}) == 1
    assert found[0]["case"].startswith("91330201MADFQE5E01-2026-")


def test_a_bias_that_was_always_there_is_no_evidence():
    always = nation("A 1-24 consumed L 10000", "A 1-24 produced M 24700")
    assert judged(always) == []


def test_a_months_filing_that_is_missing_says_nothing():
    gap = nation(
        "A 1-10 consumed L 10000",
        "A 12-24 consumed L 10000",
        "A 1-10 produced M 24250",
        "A 12-24 produced M 24250",
    )
    assert judged(gap) == []


def test_the_side_that_disagrees_with_others_too_is_off():
    """B reports less than A and C sold to it, so B is off both times, and not whoever sold."""
    example = nation(
        "A 1-6 sold M 1000 party=B", "C 1-6 sold M 1000 party=B", "B 1-6 purchased M 800 party=A",
        "B 1-6 purchased M 700 party=C", "A 1-6 sold M 1000 party=D", "D 1-6 purchased M 1000 party=A",
    )  # fmt: skip
    found = [row for row in judged(example) if row["code"] == "MIR501"]
    assert sorted((row["organisation_id"], row["other_organisation_id"]) for row in found) == [(2, 1), (2, 3)]


def test_nobodys_mirror_is_held_against_who_owes_no_filing():
    example = nation("A 1-6 sold M 1000 party=B", "B 1-6 purchased M 800 party=A")
    references = example.references()
    owners = references.organisations.assign(reports=references.organisations["organisation_id"] != 2)
    assert judged(example, references=dataclasses.replace(references, organisations=owners)) == []


def test_a_return_is_taken_off_both_sides():
    example = nation(
        "A 1-6 sold M 1000 party=B", "A 6 returned_in M 900 party=B", "B 1-6 purchased M 1000 party=A",
        "B 6 returned_out M 900 party=A",
    )  # fmt: skip
    assert [row for row in judged(example) if row["code"] == "MIR501"] == []


def test_what_one_chain_hides_is_found_though_the_enterprise_is_large():
    """Two per cent of one grade are a fiftieth of that of all work, where chance alone is as large."""
    noise = [0, 6, -5, 3, -7, 4, 2, -4, 5, -3, 1, -6, 4, -2, 6, -5, 3, -1, 2, -4, 5, -3, 4, -2]
    rows = []
    for month, off in enumerate(noise, 1):
        hidden = 30 if month > 12 else 0
        rows += [
            f"A {month} consumed B1 60000", f"A {month} produced M1 {58800 + 40 * off}",
            f"A {month} consumed B2 1500", f"A {month} produced M2 {1470 + off // 2 - hidden}",
        ]  # fmt: skip
    example = nation(
        *rows, products=(
            "B1 stage=magnet_block grade=N42 nd_pct=30", "M1 stage=magnet grade=N42 nd_pct=30",
            "B2 stage=magnet_block grade=N35 nd_pct=30", "M2 stage=magnet grade=N35 nd_pct=30",
        ),
    )  # fmt: skip
    found = [row for row in judged(example) if row["code"] == "MBL502"]
    assert [row["subject"] for row in found] == ["element:nd:-:magnet:N35"]
    assert found[0]["first_period"] == 2025 * 12 + 12


@pytest.mark.parametrize("statistic", sorted(calibration().curves))
def test_a_rarer_value_scores_higher_and_the_limit_keeps_the_budget(statistic):
    known = calibration()
    values = np.linspace(0, 40, 200)
    assert (np.diff(known.rate(statistic, values)) <= 1e-12).all()
    assert (np.diff(known.score(statistic, values)) >= 0).all()
    assert known.rate(statistic, known.limit(statistic)) <= BUDGET * 1.02


def test_a_decision_stands_until_what_it_is_about_has_grown_by_half():
    def rests(kg):
        rows = judged(nation("A 1-6 sold M 1000 party=B", f"B 1-6 purchased M {kg} party=A"))
        return [(row["subject"], row["rests_on"]) for row in rows]

    assert rests(800) == rests(790)
    assert rests(800) != rests(500)


def test_what_is_kept_of_a_part_does_not_grow_with_its_lines():
    few = nation("A 1-6 sold M 1000 party=B", "B 1-6 purchased M 1000 party=A")
    many = nation(*["A 1-6 sold M 10 party=B"] * 100, *["B 1-6 purchased M 10 party=A"] * 100)
    kept = [len(gather(example.part(), example.references()).trades) for example in (few, many)]
    assert kept[0] == kept[1]
    sums = [gather(example.part(), example.references()).trades["grams"] for example in (few, many)]
    pd.testing.assert_series_equal(*sums)


@each
def test_what_was_gathered_travels_as_bytes(check):
    for example in check.fails[:1]:
        references = example.references()
        there = gather(example.part(), references)
        back = unpacked(packed(there))
        assert run(Nation(back, references, calibration())) == run(Nation(there, references, calibration()))
