"""The contract of the tables: what is built keeps it, what breaks it is named."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from reporting.checks.columns import ELEMENTS, IN_KINDS, KINDS, NA, OUT_KINDS, empty_tables, table, verify
from reporting.checks.core import filing
from reporting.checks.run import run
from reporting.checks.text import Text


def test_empty_tables_keep_the_contract():
    verify(empty_tables())


def test_a_table_from_plain_lists_has_every_column_in_its_type():
    lines = table(
        "lines", {"filing_id": [1, 2], "quantity_g": [None, 5], "note": ["", "x"], "kind": [None, 3]}
    )
    assert lines["quantity_g"].tolist() == [NA, 5]
    assert lines["note"].cat.codes.tolist() == [-1, 0]
    assert lines["kind"].tolist() == [0, 3]
    verify(dataclasses.replace(empty_tables(), lines=lines))


def test_an_unknown_column_is_refused():
    with pytest.raises(KeyError, match="colour"):
        table("lines", {"colour": ["red"]})


def test_what_breaks_the_contract_is_named():
    tables = empty_tables()
    broken = dataclasses.replace(
        tables,
        lines=tables.lines.drop(columns="batch").assign(quantity_g=np.array([], dtype="float64")),
        products=tables.products.assign(colour=1),
    )
    with pytest.raises(
        TypeError, match=r"lines.quantity_g is float64.*lines.batch is absent.*products.colour is unknown"
    ):
        verify(broken)


def test_the_kinds_fall_into_in_and_out():
    assert [KINDS[code - 1] for code in IN_KINDS][-1] == "gained"
    assert sorted(IN_KINDS + OUT_KINDS) == list(range(1, 15))
    assert len(ELEMENTS) == 16


@pytest.mark.parametrize("dtype", ["object", "str"])
def test_words_of_either_kind_of_text_are_understood(dtype):
    tables = filing(
        "sold A 10 invoice_no=1", "sold A 10 invoice_no=1", "exported A 1 destination=XX"
    ).tables()
    for frame in (tables.lines, tables.products, tables.counterparties, tables.filings):
        for name in frame.select_dtypes("category").columns:
            words = frame[name].cat.categories.astype(dtype)
            frame[name] = pd.Categorical.from_codes(frame[name].cat.codes, categories=words)
    assert {"DUP001", "CMP016"} <= set(run(tables)["code"])


def test_a_text_is_asked_once_for_each_word():
    text = Text.of(pd.Series(["a", None, "b", "a"], dtype="category"))
    asked = []
    answer = text.judge(lambda words: asked.append(len(words)) or words == "a")
    assert answer.tolist() == [True, False, False, True]
    assert asked == [2]
    assert text.isin(["b", "z"]).tolist() == [False, False, True, False]
    assert text.equals(Text.of(pd.Series(["b", None, "b", "a"], dtype="category"))).tolist() == [
        False,
        False,
        True,
        True,
    ]
    assert [text.at(row) for row in range(4)] == ["a", None, "b", "a"]
    assert text.rewrite(lambda words: words.str.replace("b", "a")).codes.tolist() == [0, -1, 0, 0]
