"""The tables that the checks read are what the database holds, in either database."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from django.db import IntegrityError, transaction

from portal.core.months import Month
from reporting import frames
from reporting.checks.columns import NA, table, verify
from reporting.models import Filing, FilingStatus, Kind, Line
from reporting.services.lines import insert_lines
from reporting.services.obligations import open_months
from tests import factories
from tests.conftest import acting
from tests.reporting.filed import at, draft, filed

MAY = Month.parse("2026-05")
LONG_AFTER = at("2027-06-01 12:00")


@pytest.fixture
def magnet(aurora):
    return factories.product(aurora)


@pytest.fixture
def client(aurora):
    return factories.counterparty(aurora)


def periods(tables, *, judged):
    rows = tables.filings[tables.filings["judged"] == judged]
    return sorted(str(Month(period)) for period in rows["period"].tolist())


def of_aurora(aurora, first, last, as_of=LONG_AFTER):
    versions = frames.versions_in_force([aurora.pk], last=Month.parse(last), as_of=as_of)
    scope = frames.of_organisations(
        versions, [aurora.pk], first=Month.parse(first), last=Month.parse(last), as_of=as_of
    )
    return frames.tables_of(scope)


def test_a_draft_is_judged_by_the_thirteen_months_before_it(aurora, magnet):
    for month in Month.range(Month.parse("2024-12"), Month.parse("2026-04")):
        filed(aurora, str(month), "opening 1", "closing 1", thing=magnet)
    tables = frames.tables_of(frames.of_filing(draft(aurora, "2026-05", "opening 1", thing=magnet)))
    verify(tables)
    assert periods(tables, judged=True) == ["2026-05"]
    assert periods(tables, judged=False) == [
        str(month) for month in Month.range(Month.parse("2025-04"), MAY - 1)
    ]
    assert len(tables.lines) == 1 + 13 * 2


def test_the_past_goes_back_over_nil_months_to_the_last_lines(aurora, magnet):
    filed(aurora, "2024-06", "closing 7", thing=magnet)
    filed(aurora, "2024-05", "closing 9", thing=magnet)
    for month in Month.range(Month.parse("2024-07"), MAY - 1):
        filed(aurora, str(month), thing=magnet)
    tables = frames.tables_of(frames.of_filing(draft(aurora, "2026-05", "opening 7", thing=magnet)))
    assert periods(tables, judged=False)[0] == "2024-06"


def test_a_draft_amendment_stands_in_for_the_version_it_would_replace(aurora, magnet):
    filed(aurora, "2026-05", "opening 1", thing=magnet)
    second = draft(aurora, "2026-05", "opening 2", thing=magnet, version=2)
    tables = frames.tables_of(frames.of_filing(second))
    assert tables.filings["filing_id"].tolist() == [second.pk]
    assert tables.lines["quantity_g"].tolist() == [2000]


def test_every_column_of_a_line_arrives(aurora, magnet, client):
    filing = factories.filing(aurora)
    texts = {
        "destination": "DE",
        "licence_no": "NA",
        "declaration_no": "null",
        "batch": 'a "b", c',
        "note": "第一行\n\t第二行",
    }
    factories.line(
        filing, 3, Kind.EXPORTED, magnet, "12.40", "88.1",
        counterparty=client, date=date(2026, 5, 7), licence_line_no=4, unread={"quantity_kg": "1,5x"}, **texts,
    )  # fmt: skip
    Line.objects.create(filing=filing, line_no=4)
    lines = frames.tables_of(frames.of_filing(filing)).lines
    first, bare = (dict(zip(lines.columns, row, strict=True)) for row in lines.itertuples(index=False))
    assert (first["quantity_g"], first["quantity_dp"], first["value_fen"], first["value_dp"]) == (
        12400,
        2,
        8810,
        1,
    )
    assert (first["kind"], first["product_id"], first["counterparty_id"]) == (10, magnet.pk, client.pk)
    assert first["date"] == (date(2026, 5, 7) - date(1970, 1, 1)).days
    assert first["licence_line_no"] == 4
    assert {name: first[name] for name in texts} == texts
    assert json.loads(first["unread"]) == {"quantity_kg": "1,5x"}
    assert [bare[name] for name in ("kind", "product_id", "quantity_g", "value_dp", "date")] == [
        0,
        NA,
        NA,
        NA,
        NA,
    ]
    assert pd.isna(bare["note"])
    assert pd.isna(bare["unread"])


def test_products_and_counterparties_arrive(aurora, magnet, client):
    tables = frames.tables_of(frames.of_filing(factories.filing(aurora)))
    product = tables.products.iloc[0]
    assert (product["stage"], product["nd_pct"], product["tb_pct"], product["assay_rel_uncertainty_pct"]) == (
        7,
        23.5,
        0.0,
        1.0,
    )
    assert np.isnan(product["la_pct"])
    assert tables.counterparties.iloc[0]["country"] == "DE"
    assert pd.isna(tables.counterparties.iloc[0]["id_number"])
    assert tables.filings.iloc[0]["uscc"] == aurora.uscc


def test_the_first_month_owed_is_marked(aurora, magnet):
    filed(aurora, "2026-01", "opening 1", thing=magnet)
    filed(aurora, "2026-02", "opening 1", thing=magnet)
    tables = of_aurora(aurora, "2026-01", "2026-02")
    assert dict(zip(tables.filings["period"].tolist(), tables.filings["first"].tolist(), strict=True)) == {
        Month.parse("2026-01").index: True,
        Month.parse("2026-02").index: False,
    }


def test_the_highest_filed_version_is_in_force(aurora, magnet):
    filed(aurora, "2026-05", "opening 1", thing=magnet)
    second = filed(aurora, "2026-05", "opening 2", thing=magnet, version=2)
    filed(aurora, "2026-05", "opening 3", thing=magnet, version=3, status=FilingStatus.WITHDRAWN)
    draft(aurora, "2026-05", "opening 4", thing=magnet, version=4)
    assert of_aurora(aurora, "2026-05", "2026-05").filings["filing_id"].tolist() == [second.pk]


def test_what_was_submitted_after_the_day_is_ignored(aurora, magnet, emil):
    first = filed(aurora, "2026-05", "opening 1", thing=magnet, when="2026-06-05 09:00")
    filed(aurora, "2026-05", "opening 2", thing=magnet, version=2, when="2026-06-20 09:00")
    open_months(by=acting(emil), up_to=MAY)
    before = of_aurora(aurora, "2026-05", "2026-05", at("2026-06-04 12:00"))
    assert not len(before.filings)
    between = of_aurora(aurora, "2026-05", "2026-05", at("2026-06-06 12:00"))
    assert between.filings["filing_id"].tolist() == [first.pk]


def test_lateness_is_told_by_the_first_version_not_withdrawn(aurora, magnet, emil):
    filed(
        aurora, "2026-05", "opening 1", thing=magnet, when="2026-06-05 09:00", status=FilingStatus.WITHDRAWN
    )
    second = filed(aurora, "2026-05", "opening 2", thing=magnet, version=2, when="2026-06-12 09:00")
    filed(aurora, "2026-05", "opening 2", thing=magnet, version=3, when="2026-06-20 09:00")
    open_months(by=acting(emil), up_to=MAY)
    tables = of_aurora(aurora, "2026-05", "2026-05")
    may = tables.obligations[tables.obligations["period"] == MAY.index].iloc[0]
    assert may["submitted"] == int(second.submitted_at.timestamp())
    assert may["due"] == int(at("2026-06-11 00:00").timestamp())
    assert may["as_of"] == int(LONG_AFTER.timestamp())
    assert NA in tables.obligations["submitted"].tolist()


def test_a_fraction_of_a_second_late_is_late(aurora, magnet, emil):
    late = filed(aurora, "2026-05", "opening 1", thing=magnet, when="2026-06-11 00:00:00.250000")
    open_months(by=acting(emil), up_to=MAY)
    obligations = of_aurora(aurora, "2026-05", "2026-05").obligations
    assert obligations["submitted"].max() == int(late.submitted_at.timestamp()) + 1


def test_the_number_of_queries_does_not_grow_with_the_lines(aurora, magnet, django_assert_num_queries):
    few = draft(aurora, "2026-05", *["lost 1"] * 10, thing=magnet)
    many = draft(aurora, "2026-06", *["lost 1"] * 1000, thing=magnet)
    for filing in (few, many):
        with django_assert_num_queries(6):
            frames.tables_of(frames.of_filing(filing))


def test_lines_are_stored_as_they_were_given(aurora, magnet, client):
    filing = factories.filing(aurora)
    given = table(
        "lines",
        {
            "filing_id": [filing.pk] * 2, "line_no": [1, 2], "kind": [9, 0], "product_id": [magnet.pk, None],
            "counterparty_id": [client.pk, None], "quantity_g": [-5, None], "quantity_dp": [0, None], "value_fen": [0, None],
            "value_dp": [2, None], "date": [20000, None], "note": ["a\tb\\N\r\n，", ""], "batch": ["L", None],
            "licence_line_no": [None, 7], "unread": ['{"kind": "售\\t"}', None],
        },
    )  # fmt: skip
    assert insert_lines(given) == 2
    first, second = Line.objects.order_by("line_no")
    assert (first.kind, first.quantity_g, first.quantity_dp, first.value_fen, first.value_dp) == (
        Kind.SOLD,
        -5,
        0,
        0,
        2,
    )
    assert (first.note, first.batch, first.date) == ("a\tb\\N\r\n，", "L", date(2024, 10, 4))
    assert first.unread == {"kind": "售\t"}
    assert (second.kind, second.product, second.quantity_g, second.date, second.note, second.unread) == (
        None,
        None,
        None,
        None,
        "",
        None,
    )
    assert second.licence_line_no == 7
    again = frames.lines_of([filing.pk])
    for name in ("kind", "product_id", "quantity_g", "date", "licence_line_no"):
        assert again[name].tolist() == given[name].tolist()


def test_no_line_is_stored_in_a_submitted_filing(aurora, magnet):
    filing = filed(aurora, "2026-05", "opening 1", thing=magnet)
    given = table("lines", {"filing_id": [filing.pk], "line_no": [9], "kind": [1]})
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_lines(given)
    assert Filing.objects.get().lines.count() == 1


def test_a_line_number_stands_once(aurora):
    given = table("lines", {"filing_id": [factories.filing(aurora).pk] * 2, "line_no": [9, 9]})
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_lines(given)
