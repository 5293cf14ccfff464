"""What the checks say is kept as findings: opened once, closed when mended, people's decisions left alone."""

from datetime import timedelta

import pytest

from portal.audit.models import Event
from portal.core import clock
from portal.core.months import Month
from reporting.checks.columns import table
from reporting.models import Explanation, FilingStatus, Finding, FindingState, Kind
from reporting.services.checking import balances_of, check_filing, faults_of, recheck
from reporting.services.lines import insert_lines
from reporting.services.obligations import open_months
from reporting.tasks import checking as tasks
from tests import factories
from tests.conftest import acting
from tests.reporting.filed import at, draft, filed, submit

APRIL, MAY = Month.parse("2026-04"), Month.parse("2026-05")
LATER = at("2026-08-01 12:00")


@pytest.fixture
def magnet(aurora):
    return factories.product(aurora)


@pytest.fixture
def client(aurora):
    return factories.counterparty(aurora, id_type="OTHER", id_number="HRB 1", end_use="motors")


def check(organisation, first=APRIL, last=MAY, as_of=LATER):
    return recheck(organisation_ids=[organisation.pk], first=first, last=last, as_of=as_of)


def stock_gap(aurora, magnet, opening="9", **fields):
    """April closes with 6 kg and May opens with another figure."""
    filed(aurora, "2026-04", "opening 6", "closing 6", thing=magnet)
    return filed(aurora, "2026-05", f"opening {opening}", f"closing {opening}", thing=magnet, **fields)


def the_gap():
    return Finding.objects.get(check_code__startswith="STK", period=MAY)


def test_a_fault_of_a_draft_names_its_cell_and_speaks(aurora, magnet, client):
    filing = draft(aurora, "2026-05", "opening 10", "sold 4", "closing 6", thing=magnet, client=client)
    filing.lines.filter(line_no=2).update(value_fen=None, value_dp=None)
    fault = next(fault for fault in faults_of(filing) if fault.code == "CMP010")
    assert (fault.line_no, fault.column, fault.severity, fault.subject) == (2, "value_cny", "error", "line:2")
    assert fault.blocks
    assert "2" in fault.message
    assert fault.title
    assert fault.url == "/checks/CMP010/"
    assert not Finding.objects.exists()


def test_a_product_out_of_balance_is_named(aurora, magnet):
    filing = draft(aurora, "2026-05", "opening 10", "closing 6", thing=magnet)
    fault = next(fault for fault in faults_of(filing) if fault.code == "ARI001")
    assert (fault.line_no, fault.column, fault.product_code) == (None, None, "P-01")


def test_a_draft_is_not_accused_of_lateness(aurora, magnet, emil):
    open_months(by=acting(emil), up_to=MAY)
    assert not [
        fault for fault in faults_of(draft(aurora, "2026-05", thing=magnet)) if fault.code.startswith("LAT")
    ]


def test_an_explanation_stands_with_its_warning(aurora, magnet, alma):
    filed(aurora, "2026-04", "opening 6", "closing 6", thing=magnet)
    filing = draft(aurora, "2026-05", "opening 9", "closing 9", thing=magnet)
    warning = next(fault for fault in faults_of(filing) if fault.severity == "warning")
    assert warning.needs_explanation
    Explanation.objects.create(
        filing=filing, code=warning.code, subject=warning.subject, text="Recounted.", by=alma, at=clock.now()
    )
    warning = next(fault for fault in faults_of(filing) if fault.severity == "warning")
    assert warning.explained == "Recounted."
    assert not warning.needs_explanation


def test_a_fault_becomes_one_finding_however_often_it_is_looked_for(aurora, magnet):
    filing = stock_gap(aurora, magnet)
    first = check(aurora)
    assert (first.opened, first.closed, first.filings, first.lines) == (1, 0, 2, 4)
    finding = the_gap()
    assert (finding.state, finding.filing, finding.line_nos) == (FindingState.OPEN, filing, [1, 2])
    assert finding.score == 60
    assert 0 <= finding.score <= 100
    again = check(aurora)
    assert (again.opened, again.reopened, again.closed, again.unchanged) == (0, 0, 0, 1)
    assert Finding.objects.get() == finding
    assert Finding.objects.get().last_changed == finding.last_changed


def test_a_recheck_that_changes_something_leaves_one_event(aurora, magnet):
    stock_gap(aurora, magnet)
    check(aurora)
    check(aurora)
    event = Event.objects.get(verb="findings.reconciled")
    assert (event.organisation_id, event.data["opened"]) == (aurora.pk, 1)


def test_an_amendment_that_mends_closes_and_one_that_breaks_again_reopens(aurora, magnet):
    stock_gap(aurora, magnet)
    check(aurora)
    filed(aurora, "2026-05", "opening 6", "closing 6", thing=magnet, version=2)
    assert check(aurora).closed == 1
    assert the_gap().state == FindingState.CLOSED
    assert the_gap().closed_at is not None
    third = filed(aurora, "2026-05", "opening 9", "closing 9", thing=magnet, version=3)
    counts = check(aurora)
    assert (counts.opened, counts.reopened) == (0, 1)
    assert (the_gap().state, the_gap().closed_at, the_gap().filing) == (FindingState.OPEN, None, third)


def test_a_finding_follows_the_version_in_force(aurora, magnet):
    stock_gap(aurora, magnet)
    check(aurora)
    second = filed(aurora, "2026-05", "opening 9", "closing 9", thing=magnet, version=2)
    assert check(aurora).unchanged == 1
    assert the_gap().filing == second


def test_a_withdrawn_filing_has_no_findings(aurora, magnet):
    filing = stock_gap(aurora, magnet)
    check(aurora)
    filing.status = FilingStatus.WITHDRAWN
    filing.save()
    assert check(aurora).closed == 1


@pytest.mark.parametrize("state", ["asked", "explained", "dismissed", "confirmed"])
def test_a_persons_decision_stands_until_the_figures_change(aurora, magnet, dora, state):
    stock_gap(aurora, magnet)
    check(aurora)
    Finding.objects.update(state=state, decided_by=dora, reason="seen on site")
    check(aurora)
    assert the_gap().state == state
    filed(aurora, "2026-05", "opening 9", "closing 9", thing=magnet, version=2)
    check(aurora)
    assert the_gap().state == state
    filed(aurora, "2026-05", "opening 8", "closing 8", thing=magnet, version=3)
    counts = check(aurora)
    assert (counts.opened, counts.reopened, counts.closed, counts.unchanged) == (0, 0, 0, 1)
    assert (the_gap().state, the_gap().reason) == (FindingState.OPEN, "seen on site")


def test_a_decided_finding_closes_when_it_is_mended(aurora, magnet):
    stock_gap(aurora, magnet)
    check(aurora)
    Finding.objects.update(state=FindingState.CONFIRMED)
    filed(aurora, "2026-05", "opening 6", "closing 6", thing=magnet, version=2)
    check(aurora)
    assert the_gap().state == FindingState.CLOSED


def test_an_explanation_kept_with_the_filing_explains_the_finding(aurora, magnet, alma):
    filed(aurora, "2026-04", "opening 6", "closing 6", thing=magnet)
    filing = draft(aurora, "2026-05", "opening 9", "closing 9", thing=magnet)
    warning = next(fault for fault in faults_of(filing) if fault.severity == "warning")
    Explanation.objects.create(
        filing=filing, code=warning.code, subject=warning.subject, text="Recounted.", by=alma, at=clock.now()
    )
    submit(filing, "2026-06-05 12:00")
    check(aurora)
    assert the_gap().state == FindingState.EXPLAINED


def test_an_officer_may_set_an_explanation_aside(aurora, magnet, alma):
    filed(aurora, "2026-04", "opening 6", "closing 6", thing=magnet)
    filing = draft(aurora, "2026-05", "opening 9", "closing 9", thing=magnet)
    warning = next(fault for fault in faults_of(filing) if fault.severity == "warning")
    Explanation.objects.create(
        filing=filing, code=warning.code, subject=warning.subject, text="Recounted.", by=alma, at=clock.now()
    )
    submit(filing, "2026-06-05 12:00")
    check(aurora)
    Finding.objects.update(state=FindingState.OPEN)
    check(aurora)
    assert the_gap().state == FindingState.OPEN


def test_missing_becomes_late_when_it_is_filed(aurora, magnet, emil):
    open_months(by=acting(emil), organisations=[aurora.pk], up_to=Month.parse("2026-01"))
    january = Month.parse("2026-01")
    check(aurora, january, january, at("2026-02-10 23:59"))
    assert not Finding.objects.exists()
    check(aurora, january, january, at("2026-02-12 00:00"))
    assert Finding.objects.get().check_code == "LAT001"
    check(aurora, january, january, at("2026-02-20 00:00"))
    assert Finding.objects.get().last_changed == Finding.objects.get().first_seen
    filing = filed(aurora, "2026-01", thing=magnet, when="2026-02-25 10:00")
    counts = check(aurora, january, january)
    assert (counts.opened, counts.closed) == (1, 1)
    late = Finding.objects.get(state=FindingState.OPEN)
    assert (late.check_code, late.filing) == ("LAT002", filing)


def test_the_months_not_asked_for_are_left_alone(aurora, magnet):
    stock_gap(aurora, magnet)
    check(aurora)
    assert check(aurora, APRIL, APRIL).closed == 0
    assert the_gap().state == FindingState.OPEN


def test_other_organisations_are_left_alone(aurora, borealis, magnet):
    stock_gap(aurora, magnet)
    check(aurora)
    assert check(borealis).closed == 0
    assert the_gap().state == FindingState.OPEN


def test_a_submission_is_checked_with_the_months_that_look_back_at_it(aurora, magnet):
    filed(aurora, "2026-05", "opening 9", "closing 9", thing=magnet)
    april = filed(aurora, "2026-04", "opening 6", "closing 6", thing=magnet)
    tasks.check_filing(april.pk)
    assert the_gap().state == FindingState.OPEN
    tasks.check_filing(april.pk)
    assert Finding.objects.filter(period=MAY, check_code__startswith="STK").count() == 1
    assert check_filing(april.pk).opened == 0


def test_the_number_of_queries_does_not_grow_with_the_lines(aurora, borealis, django_assert_num_queries):
    for owner, count in ((aurora, 10), (borealis, 1000)):
        thing = factories.product(owner)
        filing = factories.filing(owner, "2026-05", line_count=count)
        numbers = list(range(1, count + 1))
        lost = {
            "kind": [Kind.LOST.value] * count,
            "product_id": [thing.pk] * count,
            "quantity_dp": [3] * count,
        }
        insert_lines(
            table(
                "lines", {"filing_id": [filing.pk] * count, "line_no": numbers, "quantity_g": numbers, **lost}
            )
        )
        submit(filing, "2026-06-05 12:00")
        with django_assert_num_queries(15):
            assert 0 < check(owner).opened < 5


def test_balances_stand_beside_the_lines(aurora, magnet, client):
    factories.product(aurora, "P-00", name="Nothing moved")
    filing = draft(aurora, "2026-05", "opening 10.5", "sold 4", "closing 6", thing=magnet, client=client)
    factories.line(filing, 9, Kind.LOST, None, "1")
    balances = balances_of(filing)
    (product,) = balances.products
    assert (product.code, product.opening, product.into, product.out, product.closing) == (
        "P-01",
        "10.500",
        "0.000",
        "4.000",
        "6.000",
    )
    assert (product.difference_g, product.state, product.expected_closing) == (500, "balanced", "6.500")
    assert product.tolerance_g == "1050"
    neodymium = next(row for row in balances.elements if row.symbol == "nd")
    assert (neodymium.in_kg, neodymium.out_kg) == ("2.467", "2.350")
    assert balances.unplaced == 1


def test_an_assayed_lot_stands_above_its_product(aurora, magnet):
    magnet.lots.create(organisation=aurora, batch="L1", nd_pct="50")
    filing = factories.filing(aurora)
    factories.line(filing, 1, Kind.OPENING, magnet, "10", batch="L1")
    assert {row.symbol: row.in_kg for row in balances_of(filing).elements} == {"nd": "5.000"}


def test_an_element_balance_looks_at_the_enterprise_and_not_at_what_is_only_turned(aurora, magnet, client):
    oxide = factories.product(
        aurora, "OX", stage="oxide", family="", nd_pct="85", pr_pct=None, dy_pct=None, tb_pct=None
    )
    filing = factories.filing(aurora)
    factories.line(filing, 1, Kind.OPENING, oxide, "100")
    factories.line(filing, 2, Kind.CONSUMED, oxide, "100")
    factories.line(filing, 3, Kind.PRODUCED, magnet, "340")
    factories.line(filing, 4, Kind.CLOSING, magnet, "340")
    neodymium = next(row for row in balances_of(filing).elements if row.symbol == "nd")
    assert (neodymium.in_kg, neodymium.out_kg, neodymium.difference_kg) == ("85.000", "79.900", "5.100")
    assert round(neodymium.share_pct) == 6


def test_ore_comes_out_of_the_ground(aurora):
    ore = factories.product(aurora, "ORE", stage="concentrate", family="", nd_pct="10")
    filing = factories.filing(aurora)
    factories.line(filing, 1, Kind.PRODUCED, ore, "100")
    factories.line(filing, 2, Kind.CLOSING, ore, "100")
    neodymium = next(row for row in balances_of(filing).elements if row.symbol == "nd")
    assert neodymium.difference_kg == "0.000"


def test_the_clock_alone_changes_no_finding(aurora, magnet, emil):
    open_months(by=acting(emil), up_to=MAY)
    check(aurora)
    before = dict(Finding.objects.values_list("fingerprint", "last_changed"))
    counts = check(aurora, as_of=LATER + timedelta(days=3))
    assert not counts.changed
    assert dict(Finding.objects.values_list("fingerprint", "last_changed")) == before
