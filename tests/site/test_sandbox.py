"""What is filed in a sandbox shows nowhere but there: no page, list, figure, sweep, export, mail or verification has it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client

from portal.accounts.models import Organisation, User
from portal.accounts.queries import actor_of
from portal.accounts.roles import ROLES, Kind
from portal.accounts.services import tokens
from portal.config.celery import app as celery
from portal.contact.models import HookMessage, Message
from portal.contact.services import hook_messages
from portal.core import clock, durable
from portal.core.models import Outbox
from portal.core.months import Month
from portal.registry.models import Counterparty, Lot, Product
from reporting.models import Filing, Finding, Obligation, SweepShard
from reporting.queries import oversight
from reporting.services import obligations, reminders, review, sweeps
from tests import factories
from tests.calling import Caller
from tests.conftest import acting, with_second_factor
from tests.portal.contact.post import deliver
from tests.reporting.api.months import month
from tests.reporting.filled import CLIENT, SUPPLIER
from tests.site.addresses import addresses
from tests.site.test_access import ask, body, freshly_signed_in, person_of

CANARY = "SANDBOXCANARY"
PERIOD = "2026-01"
PRODUCT = {
    "code": f"{CANARY}-P", "name": f"{CANARY} magnet", "stage": "magnet", "family": "ndfeb", "hs_code": "8505111000",
    "nd_pct": "23.5", "pr_pct": "6.1", "dy_pct": "1.2", "tb_pct": "0",
}  # fmt: skip
PARTIES = [
    {"code": f"{CANARY}-{code}", **details, "name": f"{CANARY} {details['name']}"}
    for code, details in (("S", SUPPLIER), ("C", CLIENT))
]
LINES = [
    line
    | {name: f"{CANARY}-{line[name][0]}" for name in ("product", "counterparty") if name in line}
    | {"note": f"{CANARY} note"}
    for line in month()
]
OFFICE_ROLES = [code for code, role in ROLES.items() if role.kind != Kind.ENTERPRISE]
# The auditor's trail holds everything that was done, each line under the sandbox's name.
THE_TRAIL = {"trail"}


def sandboxed(person: User) -> Caller:
    """A program that tries out; the workers have done what follows from its token."""
    actor = actor_of(person)
    scopes = [scope.code for scope in tokens.offered_scopes(actor)]
    _token, secret = tokens.create(by=actor, owner=actor, name="trying", scopes=scopes, days=9, sandbox=True)
    perform_all()
    return Caller(secret)


def perform_all() -> None:
    """Do every task that is owed, and those that follow from them; nothing leaves the machine."""
    celery.loader.import_default_modules()
    owed = Outbox.objects.filter(done_at=None).exclude(task=hook_messages.TASK).order_by("pk")
    while rows := list(owed.all()):
        for row in rows:
            durable.perform(row.pk)


def tried(person: User) -> tuple[Caller, dict[str, Any], Any]:
    """A month filed in the sandbox by one who may do everything: the program, the draft's answer, the receipt."""
    api = sandboxed(person)
    answers = [api.post("products/", PRODUCT), *(api.post("counterparties/", party) for party in PARTIES)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    draft = api.post("filings/", {"period": PERIOD, "lines": LINES})
    answer = api.post(f"filings/{draft.body['id']}/submit/")
    assert (draft.status_code, answer.status_code) == (201, 200), draft.body
    perform_all()
    return api, draft.body, answer


@pytest.fixture
def tess(borealis: Organisation) -> User:
    """Prepares, signs and administers for Borealis."""
    roles = ("preparer", "certifier", "organisation_administrator")
    return with_second_factor(factories.user("tess", *((borealis, role) for role in roles)))


@pytest.fixture
def alone(borealis: Organisation) -> Organisation:
    """Borealis, where one person prepares and signs."""
    Organisation.objects.filter(pk=borealis.pk).update(separate_signer=False)
    factories.product(borealis, "P-REAL")
    borealis.refresh_from_db()
    return borealis


def test_a_month_is_filed_amended_and_answered_as_it_would_be(alone: Organisation, tess: User) -> None:
    api, draft, answer = tried(tess)
    assert answer.status_code == 200, answer.body
    assert answer["Lodestone-Sandbox"] == "true"
    assert answer.body["number"].startswith("SANDBOX-LS202601-")
    assert answer.body["notice"].startswith("This is no receipt.")
    assert set(answer.body) == {"number", "sha256", "submitted_at", "on_time", "notice"}
    read = api.get(f"filings/{draft['id']}/").body
    assert (read["status"], read["organisation"], len(read["lines"])) == ("submitted", alone.uscc, 4)
    duty = next(row for row in api.get("obligations/").body["results"] if row["period"] == PERIOD)
    assert (duty["state"], duty["filing"]) in {("filed", draft["id"]), ("late", draft["id"])}
    amended = api.post(f"filings/{draft['id']}/amend/", {"reason": "trying"})
    assert (amended.status_code, amended.body["version"]) == (201, 2)


def test_the_same_checks_speak(alone: Organisation, tess: User) -> None:
    api = sandboxed(tess)
    lines = [
        {"kind": "opening", "product": "P-REAL", "quantity_kg": "40"},
        {"kind": "closing", "product": "P-REAL", "quantity_kg": "4"},
    ]
    tried_out = api.post("filings/", {"period": PERIOD, "lines": lines}).body["faults"]
    real = Caller(token_of(tess)).post("filings/", {"period": PERIOD, "lines": lines}).body["faults"]
    assert [fault["code"] for fault in tried_out] == [fault["code"] for fault in real] != []


def test_licences_are_not_applied_for_in_it(alone: Organisation, tess: User) -> None:
    refused = sandboxed(tess).post("licence-applications/", {"kind": "individual"})
    assert (refused.status_code, refused.body["code"]) == (409, "sandbox_no_licences")
    assert "No officer works in a sandbox" in refused.body["detail"]
    assert Caller(token_of(tess)).post("licence-applications/", {"kind": "individual"}).status_code == 201


def token_of(person: User) -> str:
    actor = actor_of(person)
    scopes = [scope.code for scope in tokens.offered_scopes(actor)]
    return tokens.create(by=actor, owner=actor, name="real", scopes=scopes, days=9)[1]


def test_registers_are_copied_and_then_its_own(alone: Organisation, tess: User) -> None:
    product = factories.product(alone, "P-02")
    factories.counterparty(alone, "C-01")
    Lot.objects.create(organisation=alone, product=product, batch="L-1")
    api = sandboxed(tess)
    assert [row["code"] for row in api.get("products/").body["results"]] == ["P-02", "P-REAL"]
    assert [row["code"] for row in api.get("counterparties/").body["results"]] == ["C-01"]
    assert [row["batch"] for row in api.get("lots/").body["results"]] == ["L-1"]
    api.patch("products/P-02/", {"name": "Changed"})
    sandboxed(tess)
    assert Product.objects.get(organisation=alone, code="P-02").name != "Changed"
    copies = Product.objects.filter(organisation__sandbox_of=alone)
    assert [(row.code, row.name) for row in copies] == [("P-02", "Changed"), ("P-REAL", copies[1].name)]
    assert Lot.objects.filter(organisation__sandbox_of=alone).count() == 1
    assert Counterparty.objects.filter(organisation__sandbox_of=alone).count() == 1


def test_a_real_token_does_not_see_it_nor_it_the_real(alone: Organisation, tess: User) -> None:
    api, draft, _answer = tried(tess)
    real = Caller(token_of(tess))
    for path in ("filings/", "products/", "counterparties/", "obligations/"):
        assert CANARY not in real.get(path).content.decode()
    assert real.get(f"filings/{draft['id']}/").status_code == 404
    assert "Lodestone-Sandbox" not in real.get("filings/")
    own = real.post("filings/", {"period": PERIOD, "nil": True}).body["id"]
    assert api.get(f"filings/{own}/").status_code == 404
    assert CANARY not in freshly_signed_in(tess).get("/filings/").content.decode()


def test_a_large_file_is_put_in_place_by_a_worker(alone: Organisation, tess: User, settings: Any) -> None:
    settings.LINES_AT_ONCE = 1
    api = sandboxed(tess)
    data = b"kind,product,quantity_kg\nopening,P-REAL,1\nclosing,P-REAL,1\n"
    accepted = api.send_file("filings/", "may.csv", data, {"period": PERIOD})
    assert accepted.status_code == 202
    perform_all()
    assert api.get(f"jobs/{accepted.body['id']}/").body["state"] == "done"
    (filing,) = api.get("filings/").body["results"]
    assert (filing["line_count"], filing["organisation"]) == (2, alone.uscc)


# Where it must not leak


@pytest.mark.parametrize("role", OFFICE_ROLES)
def test_no_page_of_an_officer_shows_it(
    role: str,
    two_producers: dict[str, Any],
    alone: Organisation,
    tess: User,
    aurora: Organisation,
    office: Organisation,
    customs_house: Organisation,
) -> None:
    _api, draft, answer = tried(tess)
    assert answer.status_code == 200
    sandbox = Organisation.objects.get(sandbox_of=alone)
    client = freshly_signed_in(person_of(role, aurora, office, customs_house))
    wrong = []
    for address in [one for one in addresses() if one.name not in THE_TRAIL]:
        hidden = {"filing_id": draft["id"], "filed_id": draft["id"], "organisation_id": sandbox.pk}
        for values in (two_producers["own"], two_producers["own"] | hidden):
            shown = ask(client, "GET", address.url(values))
            if CANARY in body(shown) or answer.body["number"] in body(shown):
                wrong.append((address.name, "shows it"))
            about_it = set(address.parameters) & set(hidden) and values is not two_producers["own"]
            if about_it and shown.status_code == 200 and not address.is_public:
                wrong.append((address.name, "is served"))
            if "(sandbox)" in body(shown):
                wrong.append((address.name, "names it"))
    assert not wrong


def test_no_figure_of_the_regulator_counts_it(alone: Organisation, tess: User, dora: User) -> None:
    period = Month.parse(PERIOD)
    before = (oversight.counts_by_state(period), oversight.missing_rows().count())
    _api, draft, _answer = tried(tess)
    assert (oversight.counts_by_state(period), oversight.missing_rows().count()) == before
    assert oversight.longest_waiting(10) == []
    assert {name: rows.count() for name, rows in oversight.new_rows(acting(dora), clock.today()).items()} == {
        "filings": 0,
        "findings": 0,
        "answers": 0,
    }
    assert all(not rows.exists() for rows in oversight.work_of(acting(dora)).values())
    with pytest.raises(Http404):
        review.accept(by=acting(dora), filing_ids=[draft["id"]])
    assert Filing.objects.get(pk=draft["id"]).status == "submitted"


def test_it_owes_nothing_and_nothing_is_found_about_it(alone: Organisation, tess: User) -> None:
    tried(tess)
    obligations.open_months(by=acting(tess), up_to=Month.parse(PERIOD))
    obligations.refresh()
    assert not Obligation.objects.filter(organisation__sandbox_of=alone).exists()
    assert not Finding.objects.filter(organisation__sandbox_of=alone).exists()
    reminders.remind()
    assert not Message.objects.filter(values__organisation__name_en__contains="sandbox").exists()


def test_no_sweep_looks_at_it(alone: Organisation, tess: User) -> None:
    _api, _draft, _answer = tried(tess)
    sandbox = Organisation.objects.get(sandbox_of=alone)
    period = Month.parse(PERIOD)
    sweeps.begin(by=sweeps.SWEEPER, first=period, last=period, as_of=clock.now(), cause="test", promise=False)
    assert all(sandbox.pk not in ids for ids in SweepShard.objects.values_list("organisation_ids", flat=True))
    Obligation.objects.all().delete()
    assert sweeps.span() is None


def test_no_export_has_it_and_no_load_stumbles_over_it(
    alone: Organisation, tess: User, tmp_path: Path
) -> None:
    tried(tess)
    call_command("export", str(tmp_path), stdout=io.StringIO())
    files = list(tmp_path.glob("*.csv"))
    assert len(files) > 5
    assert not [
        file.name
        for file in files
        if CANARY in file.read_text("utf-8") or "(sandbox)" in file.read_text("utf-8")
    ]
    call_command("load", str(tmp_path), stdout=io.StringIO())
    found = tmp_path / "findings.jsonl"
    call_command("findings", "--export", str(found), stdout=io.StringIO())
    assert CANARY not in found.read_text("utf-8")


def test_it_never_verifies_as_genuine(alone: Organisation, tess: User) -> None:
    _api, _draft, answer = tried(tess)
    for proof in (
        answer.body["number"],
        answer.body["number"].removeprefix("SANDBOX-"),
        answer.body["sha256"],
    ):
        assert Client().get(f"/api/v1/verify/{proof}/").status_code == 404
        page = Client().get(f"/verify/{proof}/")
        assert page.status_code == 404 or "is genuine" not in page.content.decode()
    real = Caller(token_of(tess))
    sandbox = Organisation.objects.get(sandbox_of=alone)
    for model in (Product, Counterparty):
        for row in model.objects.filter(organisation=sandbox, code__startswith=CANARY):
            row.pk, row.organisation = None, alone
            row.save(force_insert=True)
    same = real.post("filings/", {"period": PERIOD, "lines": LINES}).body
    genuine = real.post(f"filings/{same['id']}/submit/").body
    assert genuine["sha256"] != answer.body["sha256"]
    assert Client().get(f"/api/v1/verify/{genuine['sha256']}/").status_code == 200


def test_nobody_gets_mail_and_only_its_own_webhooks_are_told(alone: Organisation, tess: User) -> None:
    real = Caller(token_of(tess))
    hook = {"url": "https://erp.borealis.example/", "events": ["filing.received"], "secret": "s" * 40}
    assert real.post("webhooks/", hook).status_code == 201
    api = sandboxed(tess)
    assert api.post("webhooks/", hook | {"url": "https://test.borealis.example/"}).status_code == 201
    before = len(mail.outbox)
    tried(tess)
    deliver()
    assert len(mail.outbox) == before
    (message,) = HookMessage.objects.all()
    assert message.webhook.url == "https://test.borealis.example/"
    assert '"sandbox":true' in message.body


def test_who_holds_no_role_any_more_does_nothing_there(alone: Organisation, tess: User) -> None:
    api = sandboxed(tess)
    assert api.get("filings/").status_code == 200
    tess.memberships.all().delete()
    assert api.get("filings/").status_code == 403


def test_the_database_knows_what_a_sandbox_is(alone: Organisation) -> None:
    for values in (
        {"kind": Kind.SANDBOX, "name_en": "of nobody"},
        {"kind": Kind.ENTERPRISE, "name_en": "x", "uscc": "91350211M000100Y46", "sandbox_of": alone},
        {"kind": Kind.SANDBOX, "name_en": "x", "uscc": "91350211M000100Y46", "sandbox_of": alone},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.create(**values)


def test_page_and_command_make_tokens_for_it(alone: Organisation, tess: User) -> None:
    out = io.StringIO()
    call_command("token", "create", "--user", "tess", "--scopes", "filing.view", "--sandbox", stdout=out)
    perform_all()
    assert Caller(out.getvalue().strip()).get("filings/")["Lodestone-Sandbox"] == "true"
    assert "Sandbox" in freshly_signed_in(tess).get("/account/tokens/").content.decode()
