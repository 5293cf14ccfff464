"""A version of the list is published: what it judges otherwise is noted on cases and licences, once, and told."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from licensing.models import Application, Instrument, Licence, ListVersion, Rejudgement, Threshold
from licensing.queries.rejudgements import lines_now
from licensing.services import deciding, flags, list_versions
from licensing.services.list_rows import save
from licensing.services.rejudging import judge_again
from licensing.tasks.casework import judge_again as task
from licensing.tasks.casework import judge_daily
from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.contact.models import Message
from portal.contact.services.mail import compose
from portal.core.errors import Refused
from portal.core.models import Outbox
from tests.conftest import acting, signed_in
from tests.licensing import issued
from tests.licensing.applied import hugo, in_review, iris, submitted

__all__ = ["hugo", "iris"]
pytestmark = pytest.mark.django_db


def published(emil: User, content: int = 3_000_000, **changed: Any) -> ListVersion:
    """A version by which so much dysprosium and terbium passes (in 10⁻⁶ per cent: 3 % lets the test's magnets go)."""
    draft = list_versions.begin(by=acting(emil))
    row = Threshold.objects.get(version=draft, combined=True)
    save(by=acting(emil), version_id=draft.pk, row=row, fields={"content_upct": content})
    if changed:
        instrument = Instrument.objects.get(version=draft, code="MOFCOM-GAC 2025 No. 18")
        save(by=acting(emil), version_id=draft.pk, row=instrument, fields=changed)
    return list_versions.publish(by=acting(emil), version_id=draft.pk, note="announced")


def granted(alma: User, bruno: User, hugo: User, iris: User) -> Licence:
    application = in_review(alma, bruno, hugo)
    deciding.recommend(by=acting(hugo), application_id=application.pk, verdict="granted")
    return deciding.countersign(by=acting(iris), application_id=application.pk).licence


def mails() -> list[str]:
    """Which mail is owed to whom, those about lists alone."""
    rows = Message.objects.filter(template__endswith="judged_again").order_by("template", "recipient")
    return [f"{row.template} {row.recipient.username}" for row in rows]


def test_publishing_promises_the_task_once(emil: User) -> None:
    version = published(emil)
    assert list(Outbox.objects.filter(task="licensing.judge_again").values_list("argument", flat=True)) == [
        version.pk
    ]


def test_a_live_case_is_flagged_and_told_once(alma: User, bruno: User, hugo: User, emil: User) -> None:
    application = in_review(alma, bruno, hugo)
    version = published(emil)
    task(version.pk)
    row = Rejudgement.objects.get()
    assert (row.application, row.line_no, row.list_version) == (application, 1, 2)
    assert (row.verdict_before, row.codes_before) == ("licence_required", "1C905.a.4")
    assert (row.verdict_after, row.codes_after) == ("not_controlled", "")
    standing = application.flags.filter(lowered_at=None).values_list("code", "rule", "list_version")
    assert sorted(standing) == [("list_changed", "list", 2), ("not_controlled", "list", 2)]
    event = Event.objects.get(verb="application.judged_again")
    assert (event.subject_id, event.data["version"], event.data["lines"]) == (application.pk, 2, [1])
    assert Event.objects.get(verb="list.judged_again").data == {"version": 2, "cases": 1, "licences": 0}
    assert mails() == [
        "application_judged_again alma",
        "application_judged_again bruno",
        "case_judged_again hugo",
        "list_judged_again hugo",
    ]
    assert all(
        application.number in compose(row).text
        for row in Message.objects.filter(template="case_judged_again")
    )
    count = Event.objects.count()
    task(version.pk)
    assert judge_again() == 0
    assert (Rejudgement.objects.count(), Event.objects.count(), len(mails())) == (1, count, 4)


def test_nothing_is_granted_by_the_old_list_unseen(
    alma: User, bruno: User, hugo: User, iris: User, emil: User
) -> None:
    application = in_review(alma, bruno, hugo)
    deciding.recommend(by=acting(hugo), application_id=application.pk, verdict="granted")
    judge_again(published(emil).pk)
    with pytest.raises(Refused) as refusal:
        deciding.countersign(by=acting(iris), application_id=application.pk)
    assert refusal.value.code == "list_changed"
    deciding.send_back(by=acting(iris), application_id=application.pk, reason="The list changed.")
    with pytest.raises(Refused) as refusal:
        deciding.recommend(by=acting(hugo), application_id=application.pk, verdict="granted")
    assert refusal.value.code == "list_changed"
    for flag in application.flags.filter(lowered_at=None):
        flags.lower(by=acting(hugo), flag_id=flag.pk, reason="Looked at.")
    deciding.recommend(by=acting(hugo), application_id=application.pk, verdict="granted")
    with pytest.raises(Refused) as refusal:
        deciding.countersign(by=acting(iris), application_id=application.pk)
    assert refusal.value.code == "no_lines"  # by the list in force nothing in it needs a licence


def test_what_was_submitted_stays_beside_what_is_judged_now(alma: User, bruno: User, emil: User) -> None:
    application = submitted(alma, bruno)
    judge_again(published(emil).pk)
    assert application.lines.get().verdict == "licence_required"
    assert [line.verdict for line in lines_now(application)] == ["not_controlled"]
    judge_again(published(emil, 100_000).pk)  # and back again
    assert [line.verdict for line in lines_now(application)] == ["licence_required"]
    assert Rejudgement.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Rejudgement.objects.update(verdict_after="licence_required")


def test_a_living_licence_is_noted_and_its_exporter_told(
    alma: User, bruno: User, hugo: User, iris: User, emil: User
) -> None:
    licence = granted(alma, bruno, hugo, iris)
    version = published(emil)
    assert judge_again(version.pk) == 1
    row = licence.rejudgements.get()
    assert (row.codes_before, row.verdict_after) == ("1C905.a.4", "not_controlled")
    assert Event.objects.get(verb="licence.judged_again").data["licence_no"] == licence.licence_no
    assert mails() == ["licence_judged_again alma", "licence_judged_again bruno", "list_judged_again hugo"]
    assert judge_again(version.pk) == 0


def test_a_licence_whose_goods_nobody_knows_is_judged_by_its_codes(aurora: Organisation, emil: User) -> None:
    licence = issued.licence(aurora)
    assert judge_again(published(emil).pk) == 0  # another content changes no code's standing
    assert judge_again(published(emil, 100_000, repealed_on="2026-01-01").pk) == 1
    row = licence.rejudgements.get()
    assert (row.codes_before, row.codes_after, row.verdict_after) == ("1C905.a.4", "", "not_controlled")


def test_an_expired_licence_and_a_decided_case_are_left_alone(
    alma: User, bruno: User, hugo: User, iris: User, emil: User
) -> None:
    licence = granted(alma, bruno, hugo, iris)
    Licence.objects.filter(pk=licence.pk).update(status="expired")
    judge_again(published(emil).pk)
    assert not Rejudgement.objects.exists()
    assert not Application.objects.get().flags.exists()


def test_the_nights_run_screens_nobody_twice(alma: User, bruno: User) -> None:
    application = submitted(alma, bruno)
    judge_daily()
    judge_daily()
    assert application.screenings.count() == 1  # held against the same entries at submission


def test_officers_and_the_exporter_read_what_changed(
    alma: User, bruno: User, hugo: User, carla: User, emil: User
) -> None:
    application = in_review(alma, bruno, hugo)
    page = signed_in(hugo).get("/casework/judged-again/")
    assert "Nothing is judged otherwise" in page.content.decode()
    judge_again(published(emil).pk)
    page = signed_in(hugo).get("/casework/judged-again/").content.decode()
    assert application.number in page
    assert "Not controlled" in page
    for client, url in (
        (signed_in(hugo), f"/casework/{application.pk}/"),
        (signed_in(alma), f"/licence-applications/{application.pk}/"),
    ):
        assert "Judged otherwise by a later list" in client.get(url).content.decode()
    assert signed_in(carla).get("/casework/judged-again/").status_code == 403
    assert Client().get("/casework/judged-again/").status_code == 302
