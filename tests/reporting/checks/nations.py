"""All examples of all checks put into one set of tables, as organisations beside one another."""

import dataclasses
import functools

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from reporting.checks.columns import NA, SCHEMA, Tables
from reporting.checks.core import all_checks

IDS = ("filing_id", "organisation_id", "product_id", "counterparty_id")


@functools.cache
def everything():
    """Return one nation made of every example, each the books of an organisation of its own."""
    examples = [example for check in all_checks() for example in check.passes + check.fails]
    return joined([example.tables() for example in examples])


def joined(parts):
    """Return the tables of several organisations as one set."""
    return Tables(
        **{
            name: _stacked([getattr(part, name) for part in parts], columns)
            for name, columns in SCHEMA.items()
        }
    )


def _stacked(frames, schema):
    stacked = {}
    for column, kind in schema.items():
        if kind == "text":
            stacked[column] = union_categoricals([frame[column] for frame in frames])
            continue
        parts = [frame[column].to_numpy() for frame in frames]
        if column in IDS:
            parts = [np.where(part == NA, NA, part + number * 100_000) for number, part in enumerate(parts)]
        stacked[column] = np.concatenate(parts)
    return pd.DataFrame(stacked)


def all_judged(tables):
    """Return the tables with every filing judged."""
    return dataclasses.replace(tables, filings=tables.filings.assign(judged=True))


def reordered(tables):
    """Return the tables with the rows of each in another order, always the same one."""
    parts = {}
    for name in SCHEMA:
        frame = getattr(tables, name)
        order = np.argsort((np.arange(len(frame)) * 7919 + 13) % 10007, kind="stable")
        parts[name] = frame.iloc[order].reset_index(drop=True)
    return Tables(**parts)


def told(findings):
    """Return findings as a sorted list of plain tuples."""
    columns = [
        "code",
        "organisation_id",
        "period",
        "subject",
        "line_no",
        "product_id",
        "element",
        "counterparty_id",
    ]
    rows = findings[columns].astype(object).where(findings[columns].notna(), None)
    keys = [tuple(row) for row in rows.itertuples(index=False)]
    words = [
        (repr(values), repr(figures))
        for values, figures in zip(findings["values"], findings["figures"], strict=True)
    ]
    return sorted((*key, *word) for key, word in zip(keys, words, strict=True))
