"""Two producers with one of everything each, so that any address has an own object, another's, and none."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator

from licensing.domain.terms import LineTerms, Terms
from licensing.models import (
    Advice,
    Application,
    ApplicationEvent,
    ApplicationLine,
    ApplicationPaper,
    ApplicationParty,
    Entry,
    Flag,
    InformationRequest,
    Letter,
    LicenceHit,
    Rejudgement,
    Routing,
    Screening,
    ScreeningHit,
)
from licensing.services import licences, list_versions
from licensing.services.applications import take_over
from licensing.services.judging import judge_line
from portal.accounts.models import ApiToken, Enrolment, Invitation, Organisation, Recovery, User
from portal.accounts.queries import actor_of
from portal.contact.models import HookMessage, Question, Webhook
from portal.contact.services import documents
from portal.core import clock
from portal.core.actors import Actor
from portal.core.encryption import closed
from portal.core.models import Job
from portal.core.months import Month
from portal.registry.models import (
    CalendarDay,
    Counterparty,
    PartyDecision,
    PartyMember,
    PartyProposal,
    WatchEntry,
)
from reporting.models import Extension, Filing, Finding, Kind, Obligation, SavedView, Sweep, Upload
from reporting.states import FilingStatus
from tests import factories
from tests.licensing import issued
from tests.portal.accounts.passkey import Passkey

NOWHERE = 10**9
PERIOD = Month.parse("2026-05")
QUESTION = {"publicKey": {"rp": {"id": "localhost"}, "challenge": b"a challenge of any kind it is ok"}}
OWNED = {
    "product_id", "counterparty_id", "filing_id", "upload_id", "finding_id", "question_id", "extension_id", "invitation_id", "job_id",
    "user_id", "organisation_id", "token_id", "passkey_id", "proposal_id", "decision_id", "webhook_id", "message_id",
    "application_id", "request_id", "paper_id", "letter_id", "licence_id", "party_id", "line_no", "hit_id", "flag_id",
    "licence_hit_id",
}  # fmt: skip
COMMON = {"enrolment_id", "recovery_id", "sweep_id", "view_id", "list_id", "row_id", "entry_id"}


def belongings(of: Organisation, person: User, officer: User, mark: str) -> dict[str, Any]:
    """One of everything an organisation can own; ``mark`` stands in every text of it."""
    product = factories.product(of, f"{mark}-P", name=f"{mark} magnet")
    client = factories.counterparty(of, f"{mark}-C", name=f"{mark} Client GmbH", end_use=f"{mark} motors")
    who = _likenesses(of, client, officer, mark)
    filed = _filed(of, product, client, mark)
    draft = factories.filing(of, str(PERIOD), created_by=person)
    factories.line(draft, 1, Kind.OPENING, product, "20", batch=f"{mark}-LOT")
    factories.line(draft, 2, Kind.CLOSING, product, "20")
    moment = clock.now()
    document = documents.store(
        by=actor_of(person), organisation_id=of.pk, name=f"{mark}.csv", data=b"Line;Kind\n1;sold\n"
    )
    upload = Upload.objects.create(filing=draft, document=document, at=moment, by=person, state="read")
    finding = Finding.objects.create(
        fingerprint=hashlib.sha256(mark.encode()).hexdigest(), figures_digest="", check_code="STK001", severity="warning",
        queue="block", organisation=of, period=filed.period, first_period=filed.period, filing=filed, subject=f"{mark}-P",
        values={"product": f"{mark}-P", "opening_kg": "1", "last_closing_kg": "2", "period": str(filed.period)},
        first_seen=moment, last_changed=moment,
    )  # fmt: skip
    question = Question.objects.create(
        organisation=of, subject_type="filing", subject_id=filed.pk, text=f"{mark}?", asked_by=officer, asked_at=moment,
        due_on=moment.date(),
    )  # fmt: skip
    extension = Extension.objects.create(
        organisation=of, period=PERIOD, until=moment.date() + timedelta(days=9), reason=mark, asked_at=moment
    )
    invitation = Invitation.objects.create(
        organisation=of, email=f"{mark}@example.test", roles="preparer", token_digest=hashlib.sha256(of.uscc.encode()).hexdigest(),
        created_at=moment, expires_at=moment + timedelta(days=3),
    )  # fmt: skip
    token = ApiToken.objects.create(
        user=person, organisation=of, name=mark, beginning="lds_1234", digest=hashlib.sha256(f"{mark} token".encode()).hexdigest(),
        scopes="filing.view", created_at=moment, expires_at=moment + timedelta(days=90),
    )  # fmt: skip
    passkey = Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": f"{mark} key", "credential": Passkey().made(QUESTION)}
    )  # fmt: skip
    job = Job.objects.create(
        kind="upload", organisation_id=of.pk, user_id=person.pk, subject_id=draft.pk, created_at=moment
    )
    webhook = Webhook.objects.create(
        organisation=of, url=f"https://{mark}.example.test/", events="filing.received", secret=closed(f"{mark} secret", "webhook"),
        created_at=moment, created_by=person,
    )  # fmt: skip
    message = HookMessage.objects.create(
        webhook=webhook, event="filing.received", event_id=UUID(hashlib.sha256(mark.encode()).hexdigest()[:32]), body="{}",
        created_at=moment, outcome="taken", attempts=1, tried_at=moment, status=200, answer=f"{mark} took it",
    )  # fmt: skip
    for period in (filed.period, PERIOD):
        Obligation.objects.get_or_create(
            organisation=of, period=period, defaults={"due_on": period.last, "due_at": moment}
        )
    licence = issued.licence(of, licence_no=f"{mark}-REL")
    cases = licensing(of, person, officer, product, mark)
    return (
        cases
        | {
            "licence_no": licence.licence_no,
            "product_id": product.pk,
            "counterparty_id": client.pk,
            "filing_id": draft.pk,
            "filed_id": filed.pk,
            "upload_id": upload.pk,
            "finding_id": finding.pk,
            "question_id": question.pk,
            "extension_id": extension.pk,
            "invitation_id": invitation.pk,
            "job_id": job.pk,
            "token_id": token.pk,
            "passkey_id": passkey.pk,
            "webhook_id": webhook.pk,
            "message_id": message.pk,
            "user_id": person.pk,
            "organisation_id": of.pk,
            "receipt_no": filed.receipt_no,
        }
        | who
    )


def _likenesses(of: Organisation, client: Counterparty, officer: User, mark: str) -> dict[str, Any]:
    """A record that may be the client under another name, and one that somebody decided about."""
    other = factories.counterparty(of, f"{mark}-C2", name=f"{mark} Client AG")
    third = factories.counterparty(of, f"{mark}-C3", name=f"{mark} Client KG")
    moment = clock.now()
    PartyMember.objects.bulk_create(
        PartyMember(counterparty=row, party=client.pk if row != other else other.pk)
        for row in (client, other, third)
    )
    proposal = PartyProposal.objects.create(
        left=client,
        right=other,
        score=70,
        bits={"prior": -12.3, "brand": 12.5, "country": 1.0},
        first_seen=moment,
    )
    decision = PartyDecision.objects.create(
        left=client, right=third, same=True, reason=f"{mark} reason", by=officer, at=moment
    )
    return {"proposal_id": proposal.pk, "decision_id": decision.pk}


def licensing(of: Organisation, person: User, officer: User, product: Any, mark: str) -> dict[str, Any]:
    """A draft with everything in it, a case in the office with everything upon it, and a licence."""
    moment, today = clock.now(), clock.today()
    product.refresh_from_db()
    draft = _application(of, person, product, mark)
    case = _application(of, person, product, mark)
    document = documents.store(
        by=actor_of(person),
        organisation_id=of.pk,
        name=f"{mark}.pdf",
        data=b"%PDF-1.4 %%EOF",
        content_type="application/pdf",
    )
    paper = ApplicationPaper.objects.create(
        application=draft, kind="contract", document=document, at=moment, by=person
    )
    submitted = ApplicationPaper.objects.create(
        application=case, kind="contract", document=document, at=moment, by=person
    )
    Application.objects.filter(pk=case.pk).update(
        status="submitted", number=f"LA-{mark}", submitted_at=moment, submitted_by=person, queue="individual"
    )
    for status in ("accepted_for_processing", "in_review"):
        Application.objects.filter(pk=case.pk).update(status=status)
        ApplicationEvent.objects.create(application=case, at=moment, what=status, by=officer)
    case.refresh_from_db()
    asked = InformationRequest.objects.create(
        application=case,
        line=case.lines.get(),
        text=f"{mark} assay?",
        asked_by=officer,
        asked_at=moment,
        due_on=today,
    )
    Application.objects.filter(pk=case.pk).update(status="information_requested")
    Application.objects.filter(pk=case.pk).update(status="in_review")
    entry, _new = WatchEntry.objects.get_or_create(
        list_name="watch", entry=mark, defaults={"name": f"{mark} Listed GmbH"}
    )
    screening = Screening.objects.create(
        application=case, cause="submission", entries=1, digest="0" * 64, at=moment
    )
    hit = ScreeningHit.objects.create(
        application=case, party=case.parties.get(), entry=entry, screening=screening, score=91, why="few_characters",
        name=entry.name, country="unknown",
    )  # fmt: skip
    flag = Flag.objects.create(application=case, code="watch_list", rule="screening", raised_at=moment)
    Routing.objects.create(application=case, queue="individual", rule="all_others", list_version=1, at=moment)
    Advice.objects.create(
        application=case,
        line=case.lines.get(),
        position="favourable",
        text=f"{mark} fine",
        by=officer,
        at=moment,
    )
    letter = Letter.objects.create(
        organisation=of, application=case, kind="accepted", number=f"LA-{mark}/1", at=moment, by=officer
    )
    terms = Terms(
        kind="individual", issued_on=today, expires_on=today + timedelta(days=300), consignee_name=(f"{mark} Client GmbH",),
        end_user_name=(f"{mark} Client GmbH",), destinations=("DE",),
    )  # fmt: skip
    licence = licences.issue(
        by=Actor.system("world"), exporter_id=of.pk, terms=terms, licence_no=f"REL-{mark}",
        lines=[LineTerms(1, 500_000, ("1C905.a.4",), "8505111000", f"{mark} magnet")],
    )  # fmt: skip
    licence_hit = LicenceHit.objects.create(
        licence=licence, party=f"{mark} Client GmbH", entry=entry, score=91, why="few_characters", name=entry.name,
        found_at=moment,
    )  # fmt: skip
    _rejudged(of, case)
    return {
        "application_id": draft.pk,
        "case_id": case.pk,
        "line_no": 1,
        "party_id": draft.parties.get().pk,
        "paper_id": paper.pk,
        "case_paper_id": submitted.pk,
        "request_id": asked.pk,
        "hit_id": hit.pk,
        "licence_hit_id": licence_hit.pk,
        "flag_id": flag.pk,
        "letter_id": letter.pk,
        "licence_id": licence.pk,
    }


def _rejudged(of: Organisation, case: Application) -> None:
    Rejudgement.objects.create(
        organisation=of, application=case, line_no=1, list_version=1, on=clock.today(), verdict_before="licence_required",
        codes_before="1C905.a.4", verdict_after="not_controlled", at=clock.now(),
    )  # fmt: skip


def _application(of: Organisation, person: User, product: Any, mark: str) -> Application:
    moment = clock.now()
    draft = Application.objects.create(
        organisation=of, end_use=f"{mark} motors of buses", contract_no=f"{mark}-7", months=12, destination="DE",
        created_at=moment, created_by=person, saved_at=moment,
    )  # fmt: skip
    line = ApplicationLine(application=draft, line_no=1, product=product, quantity_g=500_000, quantity_dp=0)
    take_over(line, product)
    judge_line(line, clock.today())
    line.save()
    ApplicationParty.objects.create(
        application=draft, role="end_user", name=f"{mark} Client GmbH", country="DE"
    )
    return draft


def _filed(of: Organisation, product: Any, client: Any, mark: str) -> Filing:
    filed = factories.filing(of, "2026-04")
    factories.line(filed, 1, Kind.PRODUCED, product, "30")
    factories.line(
        filed, 2, Kind.EXPORTED, product, "10", "5000", counterparty=client, destination="DE", date=PERIOD.first,
        note=f"{mark} note", declaration_no=f"{mark}-D", invoice_no=f"{mark}-I",
    )  # fmt: skip
    factories.line(filed, 3, Kind.CLOSING, product, "20")
    Filing.objects.filter(pk=filed.pk).update(
        status=FilingStatus.SUBMITTED.value, submitted_at=clock.now(), receipt_no=f"R-{mark}", line_count=3,
        sha256=hashlib.sha256(f"{mark} filing".encode()).hexdigest(), on_time=True,
    )  # fmt: skip
    return Filing.objects.get(pk=filed.pk)


def shared(person: User, admin: User) -> dict[str, Any]:
    """What belongs to the regulator or to nobody."""
    moment = clock.now()
    applicant = factories.organisation("91350211M000100Y46", "Newcomer", state="applied")
    enrolment = Enrolment.objects.create(organisation=applicant, applicant=person, asked_at=moment)
    recovery = Recovery.objects.create(user=person, reason="lost", asked_at=moment)
    sweep = Sweep.objects.create(from_period=PERIOD, to_period=PERIOD, as_of=moment, started_at=moment)
    view = SavedView.objects.create(user=admin, listing="findings", name="mine", query="state=open")
    CalendarDay.objects.get_or_create(date=PERIOD.first, defaults={"working": True})
    factories.control_list()
    draft = list_versions.begin(by=actor_of(admin))
    return {
        "enrolment_id": enrolment.pk,
        "recovery_id": recovery.pk,
        "sweep_id": sweep.pk,
        "entry_id": WatchEntry.objects.get_or_create(
            list_name="watch", entry="common", defaults={"name": "Listed"}
        )[0].pk,
        "view_id": view.pk,
        "list_id": draft.pk,
        "table": "entries",
        "row_id": Entry.objects.get(version=draft, control_code="1C905.a.4").pk,
        "control_code": "1C905.a.4",
        "code": "STK001",
        "rule_code": "all_others",
        "queue_code": "individual",
        "period": str(PERIOD),
        "token": "x" * 43,
        "key": "x" * 43,
        "uidb36": "1",
        "number": "R-NONE",
        "proof": "R-NONE",
        "secret": "no-such-secret",
        "reference": "0" * 64,
    }
