"""Which work a product belongs to."""

import numpy as np
import pytest

from reporting.checks.columns import ELEMENTS, STAGE_CODES
from reporting.checks.nation.chains import Products, chains

MAKER = (
    ("prnd", "metal", "", {"nd": 75, "pr": 25}, "in"),
    ("dyfe", "alloy", "", {"dy": 80}, "in"),
    ("strip", "alloy", "N48M", {"nd": 22, "pr": 7.5, "dy": 0.5}, "both"),
    ("plain strip", "alloy", "N42", {"nd": 23, "pr": 7.6}, "both"),
    ("block", "magnet_block", "N48M", {"nd": 22, "pr": 7.5, "dy": 0.5}, "both"),
    ("plain block", "magnet_block", "N42", {"nd": 23, "pr": 7.6}, "both"),
    ("fluoride", "compound", "", {"tb": 73}, "in"),
    ("magnet", "magnet", "N48M", {"nd": 22, "pr": 7.5, "dy": 0.5}, "out"),
    ("diffused", "magnet", "N50SH", {"nd": 22, "pr": 7.5, "dy": 0.5, "tb": 0.4}, "out"),
    ("swarf", "scrap", "N42", {"nd": 21, "pr": 7.1}, "out"),
)


def placed(rows):
    contents = np.full((len(rows), len(ELEMENTS)), np.nan)
    for place, (_name, _stage, _grade, parts, _way) in enumerate(rows):
        for element, per_cent in parts.items():
            contents[place, ELEMENTS.index(element)] = per_cent
    (into, _mixed), (made, mixed) = chains(Products(
        organisation=np.full(len(rows), 7), stage=np.array([STAGE_CODES[row[1]] for row in rows]),
        grade=np.array([row[2] for row in rows], dtype=object), contents=contents,
        consumed=np.array([row[4] != "out" for row in rows]), produced=np.array([row[4] != "in" for row in rows]),
    ))  # fmt: skip
    names = [row[0] for row in rows]
    return (
        dict(zip(names, into, strict=True)),
        dict(zip(names, made, strict=True)),
        dict(zip(names, mixed, strict=True)),
    )


@pytest.mark.parametrize(
    ("name", "into", "made"),
    [
        ("prnd", "alloy:", ""), ("dyfe", "alloy:", ""), ("strip", "magnet_block:N48M", "alloy:"),
        ("block", "magnet:N48M", "magnet_block:N48M"), ("plain block", "magnet:N42", "magnet_block:N42"),
        ("magnet", "", "magnet:N48M"), ("diffused", "", "magnet:N48M"), ("swarf", "", "magnet:N42"),
        ("fluoride", "magnet:", ""),
    ],
)  # fmt: skip
def test_each_product_goes_to_the_next_work_by_its_grade(name, into, made):
    consumed, produced, _mixed = placed(MAKER)
    assert (consumed[name], produced[name]) == (into, made)


def test_what_a_compound_brings_is_balanced_over_all_grades():
    """Terbium of a fluoride goes into some magnets: nobody says into which. Blocks are made without it."""
    _consumed, _produced, mixed = placed(MAKER)
    assert mixed["diffused"][ELEMENTS.index("tb")]
    assert not mixed["diffused"][ELEMENTS.index("nd")]
    assert not mixed["block"].any()


def test_without_grades_a_work_is_balanced_as_one():
    bare = [
        (name, stage, "" if name == "plain block" else grade, parts, way)
        for name, stage, grade, parts, way in MAKER
    ]
    consumed, produced, _mixed = placed(bare)
    assert {consumed["block"], consumed["plain block"], produced["magnet"], produced["swarf"]} == {"magnet:"}


def test_ore_needs_nothing_and_the_lot_of_a_trader_is_no_work():
    consumed, produced, _mixed = placed(
        [("ore", "concentrate", "", {"ce": 20}, "out"), ("held", "oxide", "", {"nd": 85}, "in")]
    )
    assert (produced["ore"], consumed["held"]) == ("", "")
