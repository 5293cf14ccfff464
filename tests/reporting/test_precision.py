"""How well each check does: the last decision of each finding counts, and few decisions make a wide interval."""

from __future__ import annotations

from reporting.queries.precision import precisions, wilson
from reporting.services import findings as services
from tests.conftest import acting, signed_in
from tests.reporting.reviewed import finding


def test_the_last_decision_of_each_finding_counts(dora, aurora):
    rows = [finding(aurora) for _time in range(4)]
    services.confirm(by=acting(dora), finding_ids=[row.pk for row in rows[:2]], reason="Seen.")
    services.dismiss(by=acting(dora), finding_ids=[rows[2].pk], reason="Two scales.")
    services.reopen(by=acting(dora), finding_ids=[rows[0].pk])
    services.dismiss(by=acting(dora), finding_ids=[rows[0].pk], reason="After all not.")
    (found,) = precisions()
    assert (found.code, found.waiting, found.confirmed, found.dismissed, found.share) == (
        "STK001",
        1,
        1,
        2,
        33,
    )
    assert found.low < 33 < found.high


def test_what_was_only_opened_again_counts_as_waiting(dora, aurora):
    row = finding(aurora)
    services.dismiss(by=acting(dora), finding_ids=[row.pk], reason="Two scales.")
    services.reopen(by=acting(dora), finding_ids=[row.pk])
    (found,) = precisions()
    assert (found.waiting, found.dismissed, found.share) == (1, 0, None)


def test_few_decisions_say_little():
    assert wilson(0, 0) == (0, 100)
    narrow, wide = wilson(90, 100), wilson(9, 10)
    assert wide[0] < narrow[0] < 90 < narrow[1] < wide[1] + 1


def test_the_regulators_page_tells_it_and_a_producer_has_none(dora, alma, aurora):
    row = finding(aurora)
    services.confirm(by=acting(dora), finding_ids=[row.pk], reason="Seen.")
    page = signed_in(dora).get("/supervision/findings/checks/").content.decode()
    assert "How well checks do" in page
    assert ">100</td>" in page
    assert signed_in(alma).get("/supervision/findings/checks/").status_code == 403
