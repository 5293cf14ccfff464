"""What holds for every check, tested once: alone and together, in any order, by its declared columns alone."""

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from reporting.checks.catalogue import catalogue
from reporting.checks.columns import SCHEMA, Tables, empty_tables
from reporting.checks.core import Severity, all_checks
from reporting.checks.derive.context import Context, column_names
from reporting.checks.laws import LAWS
from reporting.checks.run import run
from reporting.checks.view import View
from reporting.checks.words import message
from tests.reporting.checks.nations import all_judged, everything, reordered, told

CHECKS = all_checks()
each = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)


def test_there_are_enough_of_them_in_every_family():
    families = {check.family for check in CHECKS}
    assert len(CHECKS) >= 45
    assert families == {"CMP", "ARI", "STK", "DUP", "IDN", "YLD", "MIX", "TRD", "LAT", "LIC"}


def test_one_at_a_time_says_the_same_as_all_together():
    tables = everything()
    together = told(run(tables))
    alone = sorted(row for check in CHECKS for row in told(run(tables, {check.code})))
    assert together == alone
    assert {row[0] for row in together} == {check.code for check in CHECKS}


def test_each_filing_alone_says_the_same_as_all_filings_together():
    tables = all_judged(everything())
    together = told(run(dataclasses.replace(tables, obligations=tables.obligations.iloc[:0])))
    filings = tables.filings
    alone = []
    for place in range(len(filings)):
        own = filings.iloc[place]
        near = (filings["organisation_id"] == own["organisation_id"]) & (
            filings["period"] >= own["period"] - 12
        )
        some = filings[near & (filings["period"] <= own["period"])]
        some = some.assign(judged=some["filing_id"] == own["filing_id"])
        lines = tables.lines[tables.lines["filing_id"].isin(some["filing_id"])]
        parties = tables.counterparties[tables.counterparties["organisation_id"] == own["organisation_id"]]
        none = tables.obligations.iloc[:0]
        part = Tables(some, lines, tables.products, parties, none, exports=tables.exports)
        alone += told(run(part))
    assert together == sorted(alone)


def test_the_order_of_rows_is_irrelevant():
    tables = everything()
    assert told(run(reordered(tables))) == told(run(tables))


def test_a_second_run_says_the_same_in_the_same_order():
    tables = everything()
    pd.testing.assert_frame_equal(run(tables), run(tables))


def test_a_fingerprint_stands_for_one_finding():
    found = run(all_judged(everything()))
    assert not found.duplicated(["code", "organisation_id", "period", "subject"]).any()


def test_empty_tables_have_no_findings():
    assert run(empty_tables()).empty


@each
def test_it_reads_only_what_it_declares(check, monkeypatch):
    """Every raw column that the declared ones are not made of is turned into rubbish: nothing may change."""
    for example in check.passes + check.fails:
        tables = example.tables()
        read = set()
        raw = Context._raw

        def spy(context, table, name, read=read, raw=raw):
            read.add((table, name))
            return raw(context, table, name)

        with monkeypatch.context() as patch:
            patch.setattr(Context, "_raw", spy)
            context = Context(tables)
            for name in check.reads:
                context.column(check.per, name)
            context.rows(check.per)
        before = run(tables, {check.code})
        needed = read | {("filings", name) for name in ("filing_id", "judged", "organisation_id", "period")}
        needed |= {
            ("lines", name)
            for name in ("filing_id", "line_no", "product_id", "quantity_g", "kind", "value_fen")
        }
        needed |= {("products", "code"), ("products", "product_id")}
        needed |= {
            ("counterparties", "code"),
            ("counterparties", "counterparty_id"),
            ("obligations", "organisation_id"),
        }
        needed |= {("obligations", "period")}
        after = run(spoilt(tables, needed), {check.code})
        assert told(after) == told(before)


def spoilt(tables, kept):
    """Return the tables with rubbish in every column but those kept."""
    parts = {}
    for table, schema in SCHEMA.items():
        frame = getattr(tables, table).copy()
        for name, kind in schema.items():
            if (table, name) not in kept:
                frame[name] = rubbish(kind, len(frame))
        parts[table] = frame
    return Tables(**parts)


def rubbish(kind, length):
    if kind == "text":
        return pd.Categorical(["rubbish"] * length)
    return np.full(
        length, 7, dtype={"int": "int64", "code": "int8", "bool": "bool", "float": "float64"}[kind]
    )


@each
def test_its_function_cannot_reach_other_columns(check):
    view = View(check.reads, lambda name: np.zeros(1), 1)
    other = next(iter(column_names(check.per) - set(check.reads)))
    with pytest.raises(AttributeError, match="did not declare"):
        getattr(view, other)
    with pytest.raises(AttributeError, match="did not declare"):
        view.text(other)


@each
def test_its_message_formats_with_the_values_of_its_findings(check):
    for example in check.fails:
        for values in run(example.tables(), {check.code})["values"]:
            words = message(check.code, values)
            assert "%(" not in words
            assert "None" not in words
            assert "–" not in words, words


@each
def test_its_values_and_figures_are_plain_data(check):
    for example in check.fails:
        found = run(example.tables(), {check.code})
        for values, figures in zip(found["values"], found["figures"], strict=True):
            assert json.loads(json.dumps(values)) == values
            assert json.loads(json.dumps(figures, allow_nan=False)) == figures
            assert set(figures) == set(check.reads)


@each
def test_its_words_are_all_there(check):
    for words in (check.title, check.message, check.explanation, check.remedy):
        assert words.strip() == words
        assert len(words) >= 8
    for words in (check.message, check.explanation, check.remedy):
        assert words.endswith((".", "/"))
    assert "invalid" not in (check.title + check.message + check.explanation + check.remedy).lower()
    assert check.legal_basis
    assert set(check.legal_basis) <= set(LAWS)


def test_only_what_contradicts_itself_blocks():
    errors = {check.code for check in CHECKS if check.severity is Severity.ERROR}
    assert {code for code in errors if not code.startswith("CMP")} == {"ARI001", "DUP001"}


def test_the_catalogue_is_plain_data_with_every_check():
    entries = catalogue()
    assert [entry["code"] for entry in entries] == [check.code for check in CHECKS]
    assert json.loads(json.dumps(entries)) == entries
    for entry in entries:
        assert entry["passes"]
        assert entry["fails"]


def test_codes_choose_and_severities_choose():
    tables = everything()
    errors = run(tables, severities={Severity.ERROR})
    assert set(errors["severity"]) == {"error"}
    assert set(run(tables, {"ARI001"})["code"]) == {"ARI001"}


def test_nothing_of_the_web_framework_is_imported():
    program = (
        "import sys, reporting.checks.run, reporting.checks.catalogue, reporting.checks.words as w; w.all_checks();"
        "bad = {n.split('.')[0] for n in sys.modules} & {'django','rest_framework','celery','portal','licensing'};"
        "sys.exit(str(bad) if bad else 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
