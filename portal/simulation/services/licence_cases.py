"""The demonstration's licence applications: a past that predictions rest on, and one in every state today.

Everything is done by the services that people's pages call, as the people of the demonstration, on days that are set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction

from licensing.models import Application, Licence, Undertaking
from licensing.queries.classification import verdicts_of
from licensing.services import (
    applications,
    cases,
    deciding,
    evidence,
    ledger,
    orders,
    papers,
    requests,
    submitting,
)
from portal.accounts.models import Organisation, User
from portal.accounts.queries import actor_of
from portal.core import clock
from portal.core.actors import Actor
from portal.core.clock import BEIJING
from portal.core.documents import Bilingual, OfficialDocument
from portal.registry.domain.working_days import roll_forward
from portal.registry.models import Counterparty, Product, WatchEntry
from portal.registry.services.watch_list import put_entries

KINDS = ("contract", "test_report", "end_user_certificate", "introduction")
# Days from submission to decision of the finished cases: made up, and the same on each start.
LENGTHS = (52, 38, 61, 45, 33, 57, 49, 41, 66, 36, 44, 58, 47, 39, 54, 62, 35, 50, 43, 48, 56, 40, 51, 46)
USES = (
    "Traction motors of electric buses, two rings in each rotor",
    "Servo motors of machine tools, tiles glued to the rotor",
    "Loudspeakers of hearing aids, one disc in each",
    "Generators of wind turbines, blocks in the pole shoes",
)


@dataclass(frozen=True)
class Cast:
    """Who acts, for whom, and with which goods and clients."""

    preparer: Actor
    certifier: Actor
    officer: Actor
    countersigner: Actor
    products: Sequence[Product]
    clients: Sequence[Counterparty]
    papers: dict[str, bytes]


def make_licence_cases(*, maker: Organisation) -> int:
    """Finished cases over the last months and one in every state; how many. None twice, none without people to act."""
    if Application.objects.exists():
        return 0
    cast = _cast(maker)
    if cast is None:
        return 0
    _watch_list(cast)
    for place, days in enumerate(LENGTHS):
        _finished(cast, place, days)
    _one_in_every_state(cast)
    return Application.objects.count()


def _cast(maker: Organisation) -> Cast | None:
    people = {person.username: person for person in User.objects.all()}
    if not {"preparer", "certifier", "officer", "countersigner"} <= people.keys():
        return None
    owned = list(Product.objects.filter(organisation=maker, retired_at=None).order_by("code"))
    products = [
        product
        for product, verdict in zip(owned, verdicts_of(owned), strict=True)
        if verdict.verdict == "licence_required"
    ]
    clients = list(Counterparty.objects.filter(organisation=maker).exclude(country="CN").order_by("code"))
    if not products or not clients:
        return None
    acting = {name: actor_of(people[name]) for name in ("preparer", "certifier", "officer", "countersigner")}
    return Cast(products=products, clients=clients, papers={kind: _paper(kind) for kind in KINDS}, **acting)


def _paper(kind: str) -> bytes:
    """A sheet that says that it is made up."""
    title = Bilingual(en=kind.replace("_", " ").capitalize(), zh="演示文件")
    sheet = OfficialDocument(
        title,
        issuer=Bilingual(en="Demonstration", zh="演示"),
        created_at=datetime(2026, 1, 1, tzinfo=BEIJING),
    )
    sheet.paragraph(Bilingual(en="Made up for the demonstration.", zh="本文件为演示而编造。"))
    return sheet.output()


def _watch_list(cast: Cast) -> None:
    """Three entries; one of them looks like a client, so that there is something to look at."""
    like = cast.clients[-1].name
    rows = [
        {"entry": entry, "name": name, "effect": effect, "reason": "made up"}
        for entry, name, effect in (
            ("D-1", "Hypothetical Dynamics Ltd", "deny"),
            ("D-2", "虚构精密机械株式会社", "no_general"),
            ("D-3", f"{like[:-1]}{'a' if not like.endswith('a') else 'e'}", "review"),
        )
    ]
    put_entries(by=Actor.system("demonstration"), list_name="demonstration", rows=rows)


def _at(days_ago: int, hour: int = 10) -> datetime:
    """A working day about so many days ago; today it is now."""
    if days_ago <= 0:
        return clock.now()
    day = roll_forward(clock.today() - timedelta(days=days_ago))
    return min(datetime.combine(day, time(hour), BEIJING), clock.now())


def _draft(cast: Cast, place: int, *, kind: str = "individual") -> Application:
    actor = cast.preparer
    product = cast.products[place % len(cast.products)]
    client = cast.clients[place % max(len(cast.clients) - 1, 1)]
    draft = applications.start(by=actor, kind=kind, product_id=product.pk)
    kilograms = 200 + 50 * (place % 7)
    values = {
        "quantity_g": kilograms * 1_000,
        "quantity_dp": 0,
        "value_fen": kilograms * 42_000,
        "value_dp": 2,
    }
    applications.change_line(by=actor, application_id=draft.pk, line_no=1, values=values)
    for role in ("consignee", "end_user"):
        applications.add_counterparty(by=actor, application_id=draft.pk, counterparty_id=client.pk, role=role)
    use = {
        "end_use": USES[place % len(USES)],
        "destination": client.country,
        "contract_no": f"EX-{1001 + place}",
        "months": 12,
        "transport_mode": "sea",
    }
    applications.save_use(by=actor, application_id=draft.pk, values=use)
    return draft


def _submitted(cast: Cast, place: int, *, kind: str = "individual") -> Application:
    draft = _draft(cast, place, kind=kind)
    for paper in KINDS:
        papers.add_paper(
            by=cast.preparer,
            application_id=draft.pk,
            kind=paper,
            name=f"{paper}.pdf",
            data=cast.papers[paper],
        )
    draft.refresh_from_db()
    return submitting.submit(
        by=cast.certifier, application_id=draft.pk, revision=draft.revision, undertakings=Undertaking.values
    )


def _reviewed(cast: Cast, application: Application) -> None:
    cases.accept(by=cast.officer, application_id=application.pk)
    cases.review(by=cast.officer, application_id=application.pk)


def _decided(cast: Cast, application: Application, verdict: str = "granted") -> Application:
    told: dict[str, object] = {}
    if verdict == "refused":
        told = {
            "reasons": ["end_use"],
            "words": "The papers do not show in which product the magnets are used.",
        }
    deciding.recommend(by=cast.officer, application_id=application.pk, verdict=verdict, **told)  # type: ignore[arg-type]
    return deciding.countersign(by=cast.countersigner, application_id=application.pk)


def _finished(cast: Cast, place: int, days: int) -> None:
    """A case decided in the past, some with a request on the way."""
    begun = 330 - 11 * place
    with transaction.atomic():
        with clock.set_to(_at(begun)):
            application = _submitted(cast, place, kind="general" if place % 3 == 2 else "individual")
        with clock.set_to(_at(begun - 4)):
            _reviewed(cast, application)
        if place % 4 == 1:
            with clock.set_to(_at(begun - 12)):
                request = _ask(cast, application)
            with clock.set_to(_at(begun - 20)):
                requests.answer(
                    by=cast.preparer, request_id=request, text="The drawing is in the test report, page 3."
                )
        with clock.set_to(_at(max(begun - days, 1))):
            _decided(cast, application, "refused" if place % 6 == 5 else "granted")


def _ask(cast: Cast, application: Application) -> int:
    asked = requests.ask(
        by=cast.officer,
        application_id=application.pk,
        text="Where in the product does the magnet sit? Please hand in a drawing.",
        due_on=clock.today() + timedelta(days=14),
        line_no=1,
    )
    return asked.pk


def _one_in_every_state(cast: Cast) -> None:
    first = len(LENGTHS)
    with clock.set_to(_at(3)):
        _draft(cast, first)
    with clock.set_to(_at(2)):
        _submitted(cast, first + 1)
        closed = _submitted(cast, first + 2)
        submitting.close(by=cast.officer, application_id=closed.pk, reason="Handed in twice.")
    with clock.set_to(_at(9)):
        withdrawn = _submitted(cast, first + 3)
        submitting.withdraw(
            by=cast.certifier, application_id=withdrawn.pk, reason="The client cancelled the order."
        )
        accepted = _submitted(cast, first + 4)
        cases.accept(by=cast.officer, application_id=accepted.pk)
    with clock.set_to(_at(24)):
        in_review = _with_a_likeness(cast, first + 5)
        waiting = _submitted(cast, first + 6)
        _reviewed(cast, waiting)
        recommended = _submitted(cast, first + 7)
        _reviewed(cast, recommended)
    with clock.set_to(_at(6)):
        _ask(cast, waiting)
        cases.advise(
            by=cast.officer,
            application_id=recommended.pk,
            line_no=1,
            position="favourable",
            text="A known maker of motors; the quantity fits the order.",
        )
        deciding.recommend(by=cast.officer, application_id=recommended.pk, verdict="granted")
        evidence.make_link(
            by=cast.officer, application_id=in_review.pk, party_id=in_review.parties.get(role="end_user").pk
        )
    with clock.set_to(_at(5)):
        _licences_in_use(cast)


def _with_a_likeness(cast: Cast, place: int) -> Application:
    """A case whose end user looks like one on a list."""
    draft = _draft(cast, place)
    party = draft.parties.get(role="end_user")
    entry = WatchEntry.objects.get(list_name="demonstration", entry="D-3")
    applications.save_party(
        by=cast.preparer, application_id=draft.pk, party_id=party.pk, values={"name": f"{entry.name}"}
    )
    for paper in KINDS:
        papers.add_paper(
            by=cast.preparer,
            application_id=draft.pk,
            kind=paper,
            name=f"{paper}.pdf",
            data=cast.papers[paper],
        )
    draft.refresh_from_db()
    application = submitting.submit(
        by=cast.certifier, application_id=draft.pk, revision=draft.revision, undertakings=Undertaking.values
    )
    _reviewed(cast, application)
    return application


def _licences_in_use(cast: Cast) -> None:
    """One licence is drawn, one is suspended."""
    issued = list(
        Licence.objects.filter(granted_by__isnull=False, status="valid").order_by("-issued_on", "-pk")
    )
    if len(issued) < 2:
        return
    line = issued[0].lines.order_by("line_no").first()
    if line is not None:
        ledger.draw(
            by=Actor.system("customs"),
            line_id=line.pk,
            grams=line.authorised_g // 4,
            declaration=("DEMO0000001", 1),
        )
    orders.order(
        by=cast.countersigner,
        licence_id=issued[1].pk,
        action="suspend",
        reason="The end user is being looked into.",
    )
