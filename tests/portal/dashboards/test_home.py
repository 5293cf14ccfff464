"""The first page: what each person sees first."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from portal.core import clock
from portal.core.actors import Actor
from portal.core.clock import BEIJING
from portal.core.months import Month
from reporting.models import Filing
from reporting.services import obligations, signing
from tests import factories
from tests.conftest import acting, signed_in
from tests.reporting.filled import filled, handed_over


@pytest.fixture(autouse=True)
def june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 4, 10, tzinfo=BEIJING))


@pytest.fixture
def only_may(aurora):
    aurora.reports_from = Month.parse("2026-05")
    aurora.save()
    obligations.open_months(by=Actor.system("test"), up_to=aurora.reports_from)
    return aurora


def home(person) -> str:
    response = signed_in(person).get("/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_signed_out_people_read_what_the_portal_is(db) -> None:
    assert "Sign in" in Client().get("/").content.decode()


def test_the_preparer_sees_what_is_due_with_the_one_next_step(only_may, alma) -> None:
    page = home(alma)
    assert "Due now: May 2026" in page
    assert "Due on Wednesday 10 June 2026, 24:00 Beijing time." in page
    assert 'href="/filings/start/?period=2026-05"' in page
    draft = filled(only_may, "2026-05")
    assert f'href="/filings/{draft.pk}/edit/"' in home(alma)
    handed_over(draft, alma)
    assert "May 2026 waits for the certifier" in home(alma)


def test_the_certifier_is_led_to_the_signature_and_then_to_the_receipt(only_may, alma, bruno) -> None:
    assert 'href="/filings/2026-05/nil/"' in home(bruno)
    filing = filled(only_may, "2026-05", by=alma)
    page = home(bruno)
    assert "Waiting for signature" in page
    assert f'href="/filings/{filing.pk}/sign/"' in page
    filing.delete()
    nil = signing.file_nil(by=acting(bruno), organisation=only_may, period=Month.parse("2026-05"))
    page = home(bruno)
    assert "Nothing is due now" in page
    assert nil.receipt_no in page


def test_a_returned_filing_stands_at_the_top_with_its_reason(only_may, bruno) -> None:
    nil = signing.file_nil(by=acting(bruno), organisation=only_may, period=Month.parse("2026-05"))
    Filing.objects.filter(pk=nil.pk).update(
        status="returned", decided_at=clock.now(), decision_reason="You did trade."
    )
    page = home(bruno)
    assert "The regulator returned May 2026" in page
    assert "You did trade." in page
    signing.amend(by=acting(bruno), filing_id=nil.pk, reason="r")
    assert "The regulator returned May 2026" not in home(bruno)


def test_missing_months_are_counted(aurora, ada) -> None:
    obligations.open_months(by=Actor.system("test"), up_to=Month.parse("2026-05"))
    page = home(ada)
    assert "Due now: January 2026" in page
    assert "4 more months are owed" in page


def test_an_account_without_a_role_is_told_what_to_do(nina) -> None:
    page = home(nina)
    assert "Your account has no role" in page
    assert "nina@example.test" in page


def test_customs_read_what_their_role_is(gus) -> None:
    assert "Customs officer" in home(gus)


def test_the_regulator_without_a_second_factor_sees_nothing_yet(office) -> None:
    person = factories.user("rita", (office, "reviewer"))
    assert signed_in(person).get("/")["Location"] == reverse("mfa_activate_totp")
