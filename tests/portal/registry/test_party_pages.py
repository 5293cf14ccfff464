"""Who is who, as the regulator decides it: asked with the evidence, decided with a reason, undone without a trace."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.core import clock
from portal.core.actors import Actor
from portal.core.models import Outbox
from portal.registry.models import Counterparty, PartyDecision, PartyMember, PartyProposal
from portal.registry.services.parties import match
from portal.registry.tasks import match_parties, nightly_matching
from tests import factories
from tests.conftest import signed_in
from tests.reporting.filed import filed

CHINESE, LATIN = "宁波瑞磁磁业有限公司", "Ningbo Ruici Magnet Industry Co., Ltd."
TO_DECIDE = "/supervision/parties/proposals/"
KNOWN = "/supervision/parties/"


@pytest.fixture
def ruici(aurora: Organisation, borealis: Organisation) -> tuple[Counterparty, Counterparty]:
    """One company in two registers, once in each script; and a company that is quite another."""
    ours = factories.counterparty(aurora, "C-01", name=CHINESE, country="CN")
    theirs = factories.counterparty(borealis, "K-77", name=LATIN, country="CN")
    factories.counterparty(borealis, "K-78", name="Rheinmotor GmbH", country="DE")
    match(by=Actor.system("test"))
    return ours, theirs


def decide(person: User, say: str, reason: str = "The contract names both.") -> Any:
    proposal = PartyProposal.objects.get()
    return signed_in(person).post(f"{TO_DECIDE}{proposal.pk}/decide/", {"say": say, "reason": reason})


def parties_now() -> list[int]:
    """What stands after the workers did what was promised."""
    for row in Outbox.objects.filter(task="portal.registry.match_parties", done_at=None):
        match_parties(row.argument)
    return list(PartyMember.objects.order_by("counterparty__code").values_list("party", flat=True))


def test_a_likely_pair_waits_with_its_evidence(dora: User, ruici: tuple[Counterparty, Counterparty]) -> None:
    client = signed_in(dora)
    page = client.get(TO_DECIDE).content.decode()
    assert CHINESE in page
    assert LATIN in page
    one = client.get(f"{TO_DECIDE}{PartyProposal.objects.get().pk}/").content.decode()
    for words in ("瑞磁 ruici", "ningbo", "magnet", "Brand", "Aurora Magnets", "K-77"):
        assert words in one


def test_said_to_be_one_party_they_are_one(dora: User, ruici: tuple[Counterparty, Counterparty]) -> None:
    ours, theirs = ruici
    assert decide(dora, "same").status_code == 302
    assert parties_now() == [ours.pk, ours.pk, Counterparty.objects.get(code="K-78").pk]
    assert not PartyProposal.objects.exists()
    page = signed_in(dora).get(KNOWN).content.decode()
    assert CHINESE in page
    page = signed_in(dora).get(f"{KNOWN}of/{theirs.pk}/").content.decode()
    for words in (CHINESE, LATIN, "The contract names both.", "Undo the decision"):
        assert words in page


def test_said_to_be_two_they_are_not_asked_about_again(
    dora: User, ruici: tuple[Counterparty, Counterparty]
) -> None:
    decide(dora, "different")
    assert len(set(parties_now())) == 3
    assert not PartyProposal.objects.exists()


def test_a_decision_that_is_undone_never_was(dora: User, ruici: tuple[Counterparty, Counterparty]) -> None:
    before = parties_now()
    decide(dora, "same")
    parties_now()
    for _twice in range(2):
        signed_in(dora).post(f"/supervision/parties/decisions/{PartyDecision.objects.get().pk}/undo/")
    assert parties_now() == before
    assert PartyProposal.objects.count() == 1
    assert Event.objects.filter(verb="party.decision_undone").count() == 1
    assert "Undone by Dora" in signed_in(dora).get(f"{KNOWN}of/{ruici[0].pk}/").content.decode()


def test_without_a_reason_nothing_is_decided(dora: User, ruici: tuple[Counterparty, Counterparty]) -> None:
    answer = decide(dora, "same", " ")
    assert answer.status_code == 422
    assert "Write the reason" in answer.content.decode()
    assert not PartyDecision.objects.exists()


def test_two_windows_decide_once(dora: User, ruici: tuple[Counterparty, Counterparty]) -> None:
    decide(dora, "same")
    answer = decide(dora, "different", "They differ.")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This was decided already" in page
    assert "They differ." in page
    assert PartyDecision.objects.count() == 1


def test_numbers_that_differ_are_never_one_party(
    dora: User, ruici: tuple[Counterparty, Counterparty]
) -> None:
    for row, number in zip(ruici, (factories.AURORA_USCC, "91310000607378229C"), strict=True):
        Counterparty.objects.filter(pk=row.pk).update(id_type="USCC", id_number=number)
    assert "they are two parties" in decide(dora, "same").content.decode()
    nightly_matching()
    assert not PartyProposal.objects.exists()


def test_a_number_that_fails_its_check_proves_nothing(aurora: Organisation, borealis: Organisation) -> None:
    wrong = factories.AURORA_USCC[:-1] + "9"
    for where in (aurora, borealis):
        factories.counterparty(where, "C-09", name=f"{where.name_en} friend", id_type="USCC", id_number=wrong)
    match(by=Actor.system("test"))
    assert len(set(parties_now())) == 2


def test_an_auditor_reads_and_decides_nothing(fatima: User, ruici: tuple[Counterparty, Counterparty]) -> None:
    page = signed_in(fatima).get(f"{TO_DECIDE}{PartyProposal.objects.get().pk}/").content.decode()
    assert "They are one party" not in page
    assert decide(fatima, "same").status_code == 403
    assert not PartyDecision.objects.exists()


def test_each_organisation_learns_who_saw_its_clients(
    dora: User,
    ada: User,
    aurora: Organisation,
    borealis: Organisation,
    ruici: tuple[Counterparty, Counterparty],
) -> None:
    signed_in(dora).get(TO_DECIDE)
    seen = Event.objects.filter(verb="identity.viewed")
    assert set(seen.values_list("organisation_id", flat=True)) == {aurora.pk, borealis.pk}
    assert CHINESE not in str(list(seen.values_list("data", flat=True)))
    assert "Dora" in signed_in(ada).get("/trail/").content.decode()


def test_a_second_matching_changes_nothing(ruici: tuple[Counterparty, Counterparty]) -> None:
    def rows() -> list[Any]:
        return [*PartyMember.objects.order_by("pk").values(), *PartyProposal.objects.values()]

    before = rows()
    match(by=Actor.system("test"))
    assert rows() == before


def test_who_is_who_as_a_file(tmp_path: Path, ruici: tuple[Counterparty, Counterparty], dora: User) -> None:
    decide(dora, "same")
    file, said = tmp_path / "parties.csv", StringIO()
    call_command("parties", export=file, stdout=said)
    party = f"P{ruici[0].pk}"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert {row["party"] for row in rows if row["code"] in {"C-01", "K-77"}} == {party}
    assert {"organisation": factories.AURORA_USCC, "code": "C-01", "party": party} in rows
    assert "3 records are 2 parties" in said.getvalue()


def test_a_list_asks_the_database_the_same_whatever_its_length(
    dora: User, aurora: Organisation, ruici: tuple[Counterparty, Counterparty]
) -> None:
    client = signed_in(dora)
    client.get(TO_DECIDE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(TO_DECIDE)
    for number in range(12):
        other = factories.counterparty(aurora, f"X-{number}", name=f"Twin {number}")
        PartyProposal.objects.create(left=ruici[0], right=other, score=60, bits={}, first_seen=clock.now())
    with CaptureQueriesContext(connection) as many:
        client.get(TO_DECIDE)
    assert len(many) == len(few)


def test_the_database_keeps_one_decision_for_each_pair(
    dora: User, ruici: tuple[Counterparty, Counterparty]
) -> None:
    left, right = sorted(ruici, key=lambda row: row.pk)
    fields = {"reason": "x", "by": dora, "at": clock.now()}
    PartyDecision.objects.create(left=left, right=right, same=True, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyDecision.objects.create(left=left, right=right, same=False, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyDecision.objects.create(left=right, right=left, same=False, **fields)


def test_what_was_filed_of_trade_speaks_too(
    dora: User, aurora: Organisation, borealis: Organisation, ruici: tuple[Counterparty, Counterparty]
) -> None:
    for owner, client in zip((aurora, borealis), ruici, strict=True):
        thing = factories.product(owner, "MAG-1", stage="magnet", family="ndfeb", grade="N48SH")
        filed(owner, "2026-05", "sold 40", thing=thing, client=client)
    other = Counterparty.objects.get(code="K-78")
    ore = factories.product(borealis, "ORE-1", stage="scrap")
    filed(borealis, "2026-06", "sold 40", thing=ore, client=other)
    match(by=Actor.system("test"))
    proposal = PartyProposal.objects.get()
    assert proposal.bits["goods"] > 0
    page = signed_in(dora).get(f"{TO_DECIDE}{proposal.pk}/").content.decode()
    for words in ("Goods traded", "magnet", "NdFeB", "2026-05 – 2026-05"):
        assert words in page
