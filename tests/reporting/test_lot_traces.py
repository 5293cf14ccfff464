"""A lot followed both ways: through all hands for the regulator, through one's own filings for its owner."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Organisation
from reporting.domain.source_lots import SourceLot, source_lots
from reporting.frames.tables import lines_of
from reporting.models import FiledSource, Filing, FilingStatus, Kind
from reporting.queries.lot_traces import trace_of
from reporting.services import signing, sources
from reporting.services.sources import keep_sources
from tests import factories
from tests.conftest import acting, signed_in
from tests.reporting.filled import filled

OWN, ALL = "/lots/", "/supervision/lots/"


def filed(
    of: Organisation, period: str, *lines: tuple[Kind, str, str, str], version: int = 1, party=None
) -> Filing:
    """A submitted version; each line is kind, kilograms, lot, the lots it was made from."""
    thing = of.products.first() or factories.product(of)
    filing = factories.filing(of, period, version=version, line_count=len(lines))
    for number, (kind, kg, lot, made_from) in enumerate(lines, 1):
        given = {"counterparty": party} if party and kind not in {Kind.PRODUCED, Kind.CONSUMED} else {}
        factories.line(filing, number, kind, thing, kg, batch=lot, from_batches=made_from, **given)
    keep_sources(filing)
    Filing.objects.filter(pk=filing.pk).update(status=FilingStatus.SUBMITTED, submitted_at=filing.created_at)
    return filing


@pytest.fixture
def chain(aurora: Organisation, borealis: Organisation) -> None:
    """Borealis makes alloy A-2 of A-1 and sells it; Aurora makes blocks B-1 of it and magnets M-1 of those, sold abroad."""
    buyer = factories.counterparty(borealis, "C-AUR", country="CN", id_type="USCC", id_number=aurora.uscc)
    filed(borealis, "2026-01", (Kind.PRODUCED, "50", "A-1", ""))
    filed(
        borealis, "2026-02", (Kind.PRODUCED, "40", "A-2", "A-1:45"), (Kind.SOLD, "30", "A-2", ""), party=buyer
    )
    client = factories.counterparty(aurora, "C-ABROAD")
    filed(aurora, "2026-03", (Kind.PRODUCED, "25", "B-1", f"{borealis.uscc}/A-2:30"))
    filed(
        aurora,
        "2026-04",
        (Kind.PRODUCED, "20", "M-1", "B-1:25"),
        (Kind.EXPORTED, "18", "M-1", ""),
        party=client,
    )


def test_sources_are_read_as_the_dictionary_writes_them() -> None:
    assert source_lots("L-1;L-2:40.5; 91330201MADFQE5E01/S-7:3 ;") == [
        SourceLot("", "L-1", None),
        SourceLot("", "L-2", 40_500),
        SourceLot("91330201MADFQE5E01", "S-7", 3_000),
    ]
    assert source_lots("L-1:many;a/b/c;" + "x" * 101) == []


def test_the_regulator_follows_a_lot_through_all_hands(chain, dora, aurora, borealis) -> None:
    trace = trace_of(acting(dora), aurora.pk, "M-1")
    assert [(step.distance, step.lot.batch, step.grams) for step in trace.back] == [
        (1, "B-1", 25_000),
        (2, "A-2", 30_000),
        (3, "A-1", 45_000),
    ]
    assert [step.organisation for step in trace.back] == [aurora, borealis, borealis]
    onward = trace_of(acting(dora), borealis.pk, "A-1")
    assert [(step.distance, step.lot.batch) for step in onward.onward] == [
        (1, "A-2"), (2, "B-1"), (2, "A-2"), (3, "M-1"),
    ]  # fmt: skip
    assert [(one.lot.batch, one.kind, one.counterparty) for one in onward.deliveries] == [
        ("A-2", Kind.SOLD, "C-AUR"), ("M-1", Kind.EXPORTED, "C-ABROAD"),
    ]  # fmt: skip


def test_its_owner_follows_it_through_his_own_filings(chain, alma, aurora, borealis) -> None:
    trace = trace_of(acting(alma), aurora.pk, "M-1")
    assert [(step.lot.batch, step.lot.uscc) for step in trace.back] == [("B-1", ""), ("A-2", borealis.uscc)]
    assert trace.back[1].organisation is None
    page = signed_in(alma).get(OWN, {"lot": "M-1"}).content.decode()
    assert "B-1" in page
    assert borealis.name_en not in page
    assert "A-1" not in page


def test_a_lot_of_another_is_no_lot_of_ones_own(chain, alma) -> None:
    assert "No lot of this number" in signed_in(alma).get(OWN, {"lot": "A-1"}).content.decode()


def test_where_several_have_a_lot_of_the_number_the_regulator_says_whose(
    chain, dora, aurora, borealis
) -> None:
    filed(aurora, "2026-05", (Kind.PRODUCED, "1", "A-1", ""))
    client = signed_in(dora)
    page = client.get(ALL, {"lot": "A-1"}).content.decode()
    assert f"organisation={borealis.pk}" in page
    page = client.get(ALL, {"lot": "A-1", "organisation": borealis.pk}).content.decode()
    assert "C-ABROAD" in page
    assert client.get(ALL, {"lot": "A-1", "organisation": "x"}).status_code == 404


def test_what_an_amendment_replaced_counts_no_more(chain, dora, aurora) -> None:
    filed(aurora, "2026-04", (Kind.PRODUCED, "20", "M-1", "B-9:25"), version=2)
    trace = trace_of(acting(dora), aurora.pk, "M-1")
    assert [step.lot.batch for step in trace.back] == ["B-9"]
    assert trace.deliveries == []


def test_a_ring_ends(dora, aurora) -> None:
    filed(aurora, "2026-01", (Kind.PRODUCED, "1", "R-1", "R-2"), (Kind.PRODUCED, "1", "R-2", "R-1"))
    trace = trace_of(acting(dora), aurora.pk, "R-1")
    assert [step.lot.batch for step in trace.back] == ["R-2"]
    assert [step.lot.batch for step in trace.onward] == ["R-2"]
    assert not trace.cut


def test_more_lots_of_a_step_are_no_more_queries(dora, aurora) -> None:
    filed(aurora, "2026-01", (Kind.PRODUCED, "1", "ONE", "S-1"))
    many = ";".join(f"T-{number}" for number in range(40))
    filed(aurora, "2026-02", (Kind.PRODUCED, "1", "MANY", many))
    counts = []
    for lot in ("ONE", "MANY"):
        with CaptureQueriesContext(connection) as asked:
            trace_of(acting(dora), aurora.pk, lot)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_longer_than_is_shown_is_said(dora, aurora) -> None:
    many = ";".join(f"T-{number}" for number in range(501))
    filed(aurora, "2026-02", (Kind.PRODUCED, "1", "MANY", many))
    page = signed_in(dora).get(ALL, {"lot": "MANY"}).content.decode()
    assert "There is more than is shown" in page
    assert page.count("T-") <= 2 * 500


def test_what_a_filing_keeps_of_its_lots_nothing_changes(aurora) -> None:
    filing = filed(aurora, "2026-01", (Kind.PRODUCED, "1", "M-1", "B-1:25;B-2"))
    assert FiledSource.objects.filter(filing=filing).count() == 2
    with pytest.raises(IntegrityError, match="never changes"):
        FiledSource.objects.filter(filing=filing).update(source_batch="other")


def test_a_signature_keeps_the_sources(aurora, alma, bruno) -> None:
    filing = filled(aurora, by=alma)
    filing.lines.filter(line_no=2).update(batch="M-1", from_batches="B-1:25; B-2")
    signing.submit(by=acting(bruno), filing_id=filing.pk, revision=filing.revision)
    kept = FiledSource.objects.filter(filing=filing).values_list(
        "line_no", "batch", "source_batch", "quantity_g"
    )
    assert list(kept.order_by("place")) == [(2, "M-1", "B-1", 25_000), (2, "M-1", "B-2", None)]


@pytest.mark.parametrize("at_once", [1, 5_000])
def test_a_load_keeps_them_of_many_filings(aurora, monkeypatch, at_once) -> None:
    monkeypatch.setattr(sources, "AT_ONCE", at_once)
    filing = factories.filing(aurora, "2026-01")
    thing = factories.product(aurora)
    factories.line(filing, 1, Kind.PRODUCED, thing, "1", batch="M\\1", from_batches="a\tb:1;c")
    factories.line(filing, 2, Kind.PRODUCED, thing, "1", from_batches="d")
    factories.line(filing, 3, Kind.PRODUCED, thing, "1", batch="M-2")
    sources.keep_sources_of(lines_of([filing.pk]))
    kept = FiledSource.objects.values_list("line_no", "batch", "source_batch", "quantity_g")
    assert list(kept.order_by("line_no", "place")) == [
        (1, "M\\1", "a\tb", 1_000), (1, "M\\1", "c", None), (2, "", "d", None),
    ]  # fmt: skip
