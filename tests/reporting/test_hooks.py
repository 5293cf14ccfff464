"""What organisations' own systems are told of filings and findings: codes and numbers, once, and no client's name."""

from __future__ import annotations

import json
from typing import Any

import pytest

import reporting.tasks  # noqa: F401 - registers its tasks
from portal.accounts.models import Organisation, User
from portal.contact.models import HookEvent, HookMessage
from portal.contact.services import questions, webhooks
from portal.core import clock
from portal.core.models import Outbox
from portal.core.months import Month
from reporting.models import Finding, Kind
from reporting.services import hooks, review, signing
from reporting.services.checking import recheck
from tests import factories
from tests.conftest import acting
from tests.portal.contact.post import perform_owed

PERIOD = Month.parse("2026-05")


@pytest.fixture
def hooked(ada: User) -> None:
    webhooks.add(by=acting(ada), url="https://erp.aurora.example/", events=HookEvent.values)


def told(event: str) -> list[dict[str, Any]]:
    """The bodies of the messages of one event."""
    rows = HookMessage.objects.filter(event=event).order_by("pk")
    return [json.loads(row.body) for row in rows]


def perform_hooks() -> None:
    perform_owed("reporting.hook_")
    perform_owed("portal.contact.hook_")


def test_a_filing_received_accepted_and_a_question_are_told(
    hooked: None, alma: User, bruno: User, dora: User, aurora: Organisation
) -> None:
    filing = signing.file_nil(by=acting(bruno), organisation=aurora, period=PERIOD)
    perform_hooks()
    (received,) = told("filing.received")
    assert received["organisation"] == aurora.uscc
    assert received["data"]["filing"] == filing.pk
    assert (received["data"]["receipt_no"], received["data"]["sha256"]) == (filing.receipt_no, filing.sha256)
    questions.ask(
        by=acting(dora),
        organisation_id=aurora.pk,
        subject=("filing", filing.pk),
        text="CANARY question?",
        due_on=clock.today(),
        period=PERIOD,
    )
    review.accept(by=acting(dora), filing_ids=[filing.pk])
    perform_hooks()
    (asked,), (accepted,) = told("question.asked"), told("filing.accepted")
    assert (asked["data"]["about"], asked["data"]["of"], asked["data"]["period"]) == (
        "filing",
        filing.pk,
        "2026-05",
    )
    assert accepted["data"]["decided_at"]
    assert "CANARY" not in json.dumps([received, asked, accepted])


def broken_month(of: Organisation) -> None:
    """A month whose stocks do not balance, with a client whose name must not leave."""
    product = factories.product(of)
    client = factories.counterparty(of, name="CANARY Client GmbH", id_number="CANARY-1")
    filing = factories.filing(of, str(PERIOD))
    factories.line(filing, 1, Kind.OPENING, product, "10")
    factories.line(filing, 2, Kind.EXPORTED, product, "5", "100", counterparty=client, destination="DE")
    factories.line(filing, 3, Kind.CLOSING, product, "99")
    type(filing).objects.filter(pk=filing.pk).update(
        status="submitted", submitted_at=clock.now(), receipt_no="R-1", sha256="0" * 64, line_count=3
    )


def judged(of: Organisation) -> None:
    recheck(organisation_ids=[of.pk], first=PERIOD, last=PERIOD, as_of=clock.now())


def test_what_one_run_opens_is_one_message_without_names(hooked: None, aurora: Organisation) -> None:
    broken_month(aurora)
    judged(aurora)
    (said,) = told("finding.opened")
    shown = Finding.objects.filter(organisation=aurora).exclude(queue="case")
    assert said["data"]["count"] == shown.count() > 1
    assert {row["finding"] for row in said["data"]["findings"]} == set(shown.values_list("pk", flat=True))
    assert sum(said["data"]["by_check"].values()) == shown.count()
    assert "CANARY" not in json.dumps(said)
    judged(aurora)
    assert len(told("finding.opened")) == 1


def test_cases_are_the_regulators_own_matter(hooked: None, aurora: Organisation) -> None:
    broken_month(aurora)
    judged(aurora)
    rows = list(Finding.objects.filter(organisation=aurora))
    HookMessage.objects.all().delete()
    for row in rows:
        row.queue = "case"
    hooks.tell_of_findings(rows, clock.now())
    assert not told("finding.opened")


def test_ten_thousand_findings_are_one_message_of_a_hundred(hooked: None, aurora: Organisation) -> None:
    moment = clock.now()
    rows = [
        Finding(
            fingerprint=f"{number:064}",
            check_code="STK001",
            severity="error",
            queue="block",
            organisation=aurora,
            period=PERIOD,
            first_period=PERIOD,
            subject=f"P-{number}",
            first_seen=moment,
            last_changed=moment,
        )
        for number in range(10_000)
    ]
    Finding.objects.bulk_create(rows, batch_size=5_000)
    before = Outbox.objects.count()
    hooks.tell_of_findings(rows, moment)
    (said,) = told("finding.opened")
    assert (said["data"]["count"], len(said["data"]["findings"])) == (10_000, 100)
    assert said["data"]["by_check"] == {"STK001": 10_000}
    assert Outbox.objects.count() == before + 1


def test_where_nobody_listens_a_run_costs_one_query_more(
    aurora: Organisation, django_assert_num_queries: Any
) -> None:
    broken_month(aurora)
    judged(aurora)
    rows = list(Finding.objects.filter(organisation=aurora))
    with django_assert_num_queries(1):
        hooks.tell_of_findings(rows, clock.now())
