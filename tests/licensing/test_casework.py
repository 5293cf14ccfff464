"""A case from submission to decision: who may do what, what the database refuses, what is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from licensing.models import (
    Application,
    ApplicationEvent,
    ApplicationLine,
    Licence,
    Recommendation,
    Routing,
    Undertaking,
)
from licensing.queries.clocks import clock_for
from licensing.services import (
    applications,
    cases,
    deciding,
    ledger,
    papers,
    requests,
    routing,
    screening,
    submitting,
)
from licensing.services.deciding import Terms
from licensing.states import APPLICATION_MOVES
from portal.accounts.models import Membership, User
from portal.accounts.queries import actor_of
from portal.audit.models import Event
from portal.core import clock
from portal.core.actors import Actor
from portal.core.clock import BEIJING
from portal.core.errors import Refused
from portal.core.models import Outbox
from portal.registry.models import Product, WatchEntry
from portal.registry.services.watch_list import put_entries
from tests.conftest import acting
from tests.licensing.applied import NEEDED, PDF, asked, drafted, hugo, in_review, iris, submitted

__all__ = ["hugo", "iris"]


def recommended(application: Application, officer: User, verdict: str = "granted") -> Recommendation:
    told = {} if verdict == "granted" else {"reasons": ["end_use"], "words": "The end use is not shown."}
    return deciding.recommend(by=acting(officer), application_id=application.pk, verdict=verdict, **told)


def test_from_draft_to_a_licence(alma: User, bruno: User, hugo: User, iris: User) -> None:
    application = in_review(alma, bruno, hugo)
    request = asked(application, hugo)
    application.refresh_from_db()
    assert application.status == "information_requested"
    requests.answer(by=acting(alma), request_id=request.pk, text="Here it is.")
    application.refresh_from_db()
    assert application.status == "in_review"
    recommended(application, hugo)
    done = deciding.countersign(by=acting(iris), application_id=application.pk)
    assert (done.status, done.outcome) == ("decided", "granted")
    licence = Licence.objects.get(granted_by=done)
    line = licence.lines.get()
    assert (line.authorised_g, line.control_codes) == (500_000, "1C905.a.4")
    assert (licence.end_user_name, licence.destination) == ("Rheinmotor GmbH", "DE")
    kinds = list(application.letters.values_list("kind", flat=True))
    assert kinds == ["accepted", "requested", "granted"]


def test_nobody_signs_alone(alma: User, bruno: User, hugo: User, iris: User) -> None:
    application = in_review(alma, bruno, hugo)
    recommended(application, hugo)
    Membership.objects.create(
        user=hugo, organisation=acting(hugo).organisation, role="countersigner", granted_at=clock.now()
    )
    with pytest.raises(Refused) as refusal:
        deciding.countersign(by=acting(hugo), application_id=application.pk)
    assert refusal.value.code == "same_person"
    row = Recommendation.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.filter(pk=row.pk).update(
            countersignature="signed", countersigned_by=hugo, countersigned_at=clock.now()
        )


def test_nobody_of_the_applicant_recommends(alma: User, bruno: User, hugo: User, iris: User) -> None:
    application = in_review(alma, bruno, hugo)
    Membership.objects.create(
        user=hugo, organisation=application.organisation, role="preparer", granted_at=clock.now()
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.create(application=application, verdict="granted", by=hugo, at=clock.now())
    with pytest.raises(Refused) as refusal:
        deciding.recommend(by=acting_in_office(hugo), application_id=application.pk, verdict="granted")
    assert refusal.value.code == "own_case"


def acting_in_office(person: User) -> Actor:
    office = Membership.objects.get(user=person, role="case_officer").organisation_id
    return actor_of(person, office)


def test_nothing_is_decided_without_a_signature(alma: User, bruno: User, hugo: User) -> None:
    application = in_review(alma, bruno, hugo)
    recommended(application, hugo)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(
            status="decided", outcome="granted", decided_at=clock.now()
        )


def test_a_rejected_countersignature_keeps_the_old_one(
    alma: User, bruno: User, hugo: User, iris: User
) -> None:
    application = in_review(alma, bruno, hugo)
    first = recommended(application, hugo)
    deciding.send_back(by=acting(iris), application_id=application.pk, reason="Ask for the assay.")
    application.refresh_from_db()
    assert application.status == "in_review"
    recommended(application, hugo, "refused")
    done = deciding.countersign(by=acting(iris), application_id=application.pk)
    assert [row.countersignature for row in application.recommendations.all()] == ["rejected", "signed"]
    assert done.outcome == "refused"
    assert done.appeal_until == clock.today() + timedelta(days=deciding.APPEAL_DAYS)
    assert not Licence.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.filter(pk=first.pk).update(countersignature="signed")


@pytest.mark.parametrize("state", sorted(APPLICATION_MOVES))
def test_the_database_refuses_every_move_that_the_table_does_not_name(
    state: str, alma: User, bruno: User, hugo: User, iris: User
) -> None:
    application = standing_at(state, alma, bruno, hugo, iris)
    assert application.status == state
    wrong = set(APPLICATION_MOVES) - APPLICATION_MOVES[state] - {state}
    for other in sorted(wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=application.pk).update(status=other)


def standing_at(state: str, alma: User, bruno: User, hugo: User, iris: User) -> Application:
    if state == "draft":
        return drafted(alma)
    application = submitted(alma, bruno)
    steps = {
        "accepted_for_processing": ["accept"],
        "in_review": ["accept", "review"],
        "information_requested": ["accept", "review", "ask"],
        "recommended": ["accept", "review", "recommend"],
        "decided": ["accept", "review", "recommend", "sign"],
        "withdrawn": ["withdraw"],
        "closed": ["close"],
    }.get(state, [])
    for step in steps:
        {
            "accept": lambda: cases.accept(by=acting(hugo), application_id=application.pk),
            "review": lambda: cases.review(by=acting(hugo), application_id=application.pk),
            "ask": lambda: asked(application, hugo),
            "recommend": lambda: recommended(application, hugo),
            "sign": lambda: deciding.countersign(by=acting(iris), application_id=application.pk),
            "withdraw": lambda: submitting.withdraw(
                by=acting(bruno), application_id=application.pk, reason="No."
            ),
            "close": lambda: submitting.close(
                by=acting(hugo), application_id=application.pk, reason="No licence needed."
            ),
        }[step]()
    application.refresh_from_db()
    return application


def test_what_was_submitted_is_frozen(alma: User, bruno: User) -> None:
    application = submitted(alma, bruno)
    Product.objects.update(dy_pct="9")
    assert application.lines.get().dy_pct == Decimal("1.2")
    for change in (
        lambda: Application.objects.filter(pk=application.pk).update(end_use="missiles"),
        lambda: ApplicationLine.objects.update(quantity_g=1),
        lambda: application.parties.all().delete(),
        lambda: ApplicationEvent.objects.update(what="decided"),
        lambda: Routing.objects.all().delete(),
        application.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(Refused) as refusal:
        applications.save_use(by=acting(alma), application_id=application.pk, values={"end_use": "x"})
    assert refusal.value.code == "already_submitted"


def test_submitting_needs_a_certifier_every_undertaking_and_what_was_read(alma: User, bruno: User) -> None:
    draft = drafted(alma)
    told = {"application_id": draft.pk, "revision": draft.revision, "undertakings": Undertaking.values}
    codes = []
    for by, changes in (
        (alma, {}),
        (bruno, {"undertakings": ["true"]}),
        (bruno, {"revision": draft.revision - 1}),
    ):
        with pytest.raises(Refused) as refusal:
            submitting.submit(by=acting(by), **(told | changes))
        codes.append(refusal.value.code)
    assert codes == ["not_permitted", "undertakings_missing", "stale"]
    first = submitting.submit(by=acting(bruno), **told)
    assert submitting.submit(by=acting(bruno), **told).number == first.number


def test_an_incomplete_draft_stays_a_draft(alma: User, bruno: User) -> None:
    draft = drafted(alma)
    draft.papers.filter(kind="contract").delete()
    with pytest.raises(Refused) as refusal:
        submitting.submit(
            by=acting(bruno),
            application_id=draft.pk,
            revision=draft.revision,
            undertakings=Undertaking.values,
        )
    assert refusal.value.code == "incomplete"


def test_the_clock_stands_still_while_a_request_is_open(alma: User, bruno: User, hugo: User) -> None:
    def at(day: int) -> datetime:
        return datetime(2026, 9, day, 10, tzinfo=BEIJING)

    with clock.set_to(at(1)):
        application = in_review(alma, bruno, hugo)
    with clock.set_to(at(3)):
        request = asked(application, hugo)
    with clock.set_to(at(9)):
        still = clock_for(application)
    assert still is not None
    assert (still.used, still.runs) == (2, False)
    with clock.set_to(at(9)):
        requests.answer(by=acting(alma), request_id=request.pk, text="Here.")
        assert (clock_for(application).used, clock_for(application).runs) == (2, True)
    with clock.set_to(at(11)):
        stands = clock_for(application)
    assert stands.used == 4
    assert [(pause.cause, pause.days) for pause in stands.pauses] == [("request", 4)]


def test_routing_keeps_which_rule_under_which_list_acted(alma: User, bruno: User, hugo: User) -> None:
    WatchEntry.objects.create(list_name="watch", entry="1", name="Rheinmotor GmbH", country="DE")
    application = submitted(alma, bruno)
    first = application.routings.get()
    assert (first.rule, first.queue, first.list_version) == (
        "listed_party",
        "watch",
        application.list_version,
    )
    routing.send_to(by=acting(hugo), application_id=application.pk, queue="individual")
    assert [row.queue for row in application.routings.all()] == ["watch", "individual"]


def test_likenesses_are_explained_and_bar_a_licence_until_they_are_decided(
    alma: User, bruno: User, hugo: User, iris: User
) -> None:
    WatchEntry.objects.create(list_name="control", entry="7", name="Rheinmotor G.m.b.H.", effect="deny")
    application = in_review(alma, bruno, hugo)
    hits = list(application.hits.order_by("pk"))
    assert [hit.party.role for hit in hits] == ["consignee", "end_user"]
    assert all(hit.score >= 90 and hit.why in {"same_core", "same_name"} for hit in hits)
    with pytest.raises(Refused) as refusal:
        recommended(application, hugo)
    assert refusal.value.code == "hits_open"
    screening.decide_hit(by=acting(hugo), hit_id=hits[0].pk, state="confirmed", reason="Same address.")
    screening.decide_hit(by=acting(hugo), hit_id=hits[1].pk, state="cleared", reason="Another house.")
    with pytest.raises(Refused) as refusal:
        recommended(application, hugo)
    assert refusal.value.code == "party_listed"
    recommended(application, hugo, "refused")
    assert deciding.countersign(by=acting(iris), application_id=application.pk).outcome == "refused"


def test_a_changed_list_is_held_against_living_licences(
    alma: User, bruno: User, hugo: User, iris: User
) -> None:
    application = in_review(alma, bruno, hugo)
    recommended(application, hugo)
    deciding.countersign(by=acting(iris), application_id=application.pk)
    assert not application.hits.exists()
    rows = [{"entry": "8", "name": "Rheinmotor GmbH", "effect": "deny"}]
    assert put_entries(by=Actor.system("lists"), list_name="control", rows=rows) == 1
    assert put_entries(by=Actor.system("lists"), list_name="control", rows=rows) == 0  # nothing changed
    assert Outbox.objects.filter(task="licensing.screen_again").count() == 1
    assert screening.screen_again() == 1
    assert application.hits.count() == 2
    assert application.flags.get(code="watch_list").lowered_at is None
    causes = list(application.screenings.values_list("cause", flat=True))
    assert causes == ["submission", "decision", "list_changed"]


def test_a_party_that_bars_general_licences_stops_the_clock(alma: User, bruno: User, hugo: User) -> None:
    entry = WatchEntry.objects.create(
        list_name="watch", entry="9", name="Rheinmotor GmbH", effect="no_general"
    )
    application = in_review(alma, bruno, hugo, kind="general")
    for hit in application.hits.filter(entry=entry):
        screening.decide_hit(by=acting(hugo), hit_id=hit.pk, state="confirmed", reason="The same.")
    assert clock_for(application).runs is False
    with pytest.raises(Refused) as refusal:
        recommended(application, hugo)
    assert refusal.value.code == "no_general"


def test_terms_stay_within_what_the_law_and_the_applicant_say(alma: User, bruno: User, hugo: User) -> None:
    application = in_review(alma, bruno, hugo)
    for terms, code in (
        (Terms(months=13), "too_long"),
        (Terms(quantities={1: 500_001}), "more_than_asked"),
        (Terms(quantities={1: 0}), "more_than_asked"),
        (Terms(quantities={2: 1}), "more_than_asked"),
    ):
        with pytest.raises(Refused) as refusal:
            deciding.recommend(by=acting(hugo), application_id=application.pk, verdict="granted", terms=terms)
        assert refusal.value.code == code


def test_an_amendment_takes_over_what_was_drawn(alma: User, bruno: User, hugo: User, iris: User) -> None:
    application = in_review(alma, bruno, hugo)
    recommended(application, hugo)
    deciding.countersign(by=acting(iris), application_id=application.pk)
    application.refresh_from_db()
    old = application.licence
    ledger.draw(by=Actor.system("customs"), line_id=old.lines.get().pk, grams=120_000, declaration=("D1", 1))
    draft = applications.start(by=acting(alma), purpose="amendment", licence_id=old.pk)
    assert applications.start(by=acting(alma), purpose="amendment", licence_id=old.pk).pk == draft.pk
    values = {"quantity_g": 800_000}
    applications.change_line(by=acting(alma), application_id=draft.pk, line_no=1, values=values)
    applications.save_use(by=acting(alma), application_id=draft.pk, values={"reason": "More is needed."})
    for kind in NEEDED:
        papers.add_paper(by=acting(alma), application_id=draft.pk, kind=kind, name="a.pdf", data=PDF)
    draft.refresh_from_db()
    submitting.submit(
        by=acting(bruno), application_id=draft.pk, revision=draft.revision, undertakings=Undertaking.values
    )
    cases.accept(by=acting(hugo), application_id=draft.pk)
    cases.review(by=acting(hugo), application_id=draft.pk)
    recommended(draft, hugo)
    deciding.countersign(by=acting(iris), application_id=draft.pk)
    draft.refresh_from_db()
    line = draft.licence.lines.get()
    assert draft.licence.predecessor == old
    assert (line.authorised_g, line.drawn_g, line.balance_g) == (800_000, 120_000, 680_000)


def test_each_write_leaves_one_event_in_the_trail(alma: User, bruno: User, hugo: User) -> None:
    application = submitted(alma, bruno)
    before = Event.objects.count()
    cases.accept(by=acting(hugo), application_id=application.pk)
    cases.accept(by=acting(hugo), application_id=application.pk)
    assert Event.objects.count() == before + 1


def test_another_organisations_application_does_not_exist(alma: User, bruno: User, carla: User) -> None:
    draft = drafted(alma)
    with pytest.raises(Http404):
        applications.save_use(by=acting(carla), application_id=draft.pk, values={"end_use": "x"})
    application = submitted(alma, bruno)
    with pytest.raises(Http404):
        submitting.withdraw(by=acting(carla), application_id=application.pk, reason="Mine.")
