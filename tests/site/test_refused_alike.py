"""The same thing is refused with the same code by whichever door it is asked: page, API, command, task.

Each refusal is arranged once and asked at every door that leads to it. A page shows words and not codes: so the code
is taken down where a service says no, and the page must show that refusal's words.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.utils import translation

from licensing.services import batches
from portal.accounts.models import Organisation, User
from portal.accounts.services import tokens
from portal.core.errors import Refused
from portal.core.months import Month
from portal.core.permissions import Permission as P
from reporting.models import Filing, Kind, Line
from reporting.services import drafts, signing
from tests import factories
from tests.calling import caller
from tests.conftest import acting, signed_in, with_second_factor
from tests.licensing import issued
from tests.licensing.test_customs_pages import FORM, batch, results
from tests.licensing.test_export_checks import question
from tests.reporting.filled import filled, handed_over, just_signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.holds("refused-alike-everywhere")]
FAR = "2199-01"


@dataclass
class Doors:
    """One thing that is refused, and how it is asked for at each door. ``service`` is what a task or command calls."""

    service: Callable[[], Any]
    page: Callable[[], Any] | None = None
    api: Callable[[], Any] | None = None
    command: Callable[[], Any] | None = None


@dataclass
class Heard:
    """The refusals of services, in their order."""

    said: list[Refused] = field(default_factory=list)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """Every refusal that is made from now on."""
    kept, made = Heard(), Refused.__init__

    def noted(self: Refused, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        kept.said.append(self)

    monkeypatch.setattr(Refused, "__init__", noted)
    with translation.override("en"):
        yield kept


@pytest.fixture
def bella(aurora: Organisation) -> User:
    """A certifier without a second factor."""
    return factories.user("bella", (aurora, "certifier"))


def sign(filing: Filing, person: User, *, revision: int | None = None) -> Doors:
    """Signing this filing."""
    asked = filing.revision if revision is None else revision
    api = caller(person)
    return Doors(
        service=lambda: signing.submit(by=acting(person), filing_id=filing.pk, revision=asked),
        page=lambda: just_signed_in(person).post(
            f"/filings/{filing.pk}/sign/", {"revision": asked}, follow=True
        ),
        api=lambda: api.post(f"filings/{filing.pk}/submit/", {"revision": asked}),
    )


def not_over(aurora: Organisation, alma: User) -> Filing:
    return filled(aurora, FAR, by=alma)


def faulty(aurora: Organisation, alma: User) -> Filing:
    filing = filled(aurora, by=alma)
    Line.objects.filter(filing=filing, kind=Kind.SOLD).update(date=None)
    return filing


def empty(aurora: Organisation, alma: User) -> Filing:
    return handed_over(factories.filing(aurora, "2026-01"), alma)


def withdrawn(aurora: Organisation, alma: User, bruno: User) -> Filing:
    filing = signing.submit(by=acting(bruno), filing_id=filled(aurora, by=alma).pk, revision=0)
    signing.withdraw(by=acting(bruno), filing_id=filing.pk, reason="The wrong month.")
    return filing


def signing_one_prepared_oneself(people: dict[str, Any]) -> Doors:
    """Carla is preparer and certifier of an organisation that asks for two people."""
    return sign(filled(people["borealis"], by=people["carla"]), people["carla"])


def nil_where_lines_exist(people: dict[str, Any]) -> Doors:
    filled(people["aurora"])
    bruno = people["bruno"]
    api, period = caller(bruno), "2026-01"
    return Doors(
        service=lambda: signing.file_nil(
            by=acting(bruno), organisation=people["aurora"], period=Month.parse(period)
        ),
        page=lambda: just_signed_in(bruno).post(f"/filings/{period}/nil/", follow=True),
        api=lambda: api.post("filings/", {"period": period, "nil": True, "submit": True}),
    )


def changing_what_is_with_the_certifier(people: dict[str, Any]) -> Doors:
    filing, alma = filled(people["aurora"], by=people["alma"]), people["alma"]
    api = caller(alma)
    rows = [(1, {"kind": "closing", "product": "P-01", "quantity_kg": "1"})]
    sent = [{"kind": "closing", "product": "P-01", "quantity_kg": "1"}]
    return Doors(
        service=lambda: drafts.replace_lines(by=acting(alma), filing_id=filing.pk, revision=None, rows=rows, source="form"),
        page=lambda: signed_in(alma).post(f"/filings/{filing.pk}/remove-blank/", {"revision": filing.revision}, follow=True),
        api=lambda: api.put(f"filings/{filing.pk}/", {"lines": sent}, If_Match="*"),
    )  # fmt: skip


def beginning_a_month_that_is_filed(people: dict[str, Any]) -> Doors:
    alma, aurora = people["alma"], people["aurora"]
    signing.submit(by=acting(people["bruno"]), filing_id=filled(aurora, by=alma).pk, revision=0)
    api, month = caller(alma), Month.parse("2026-01")
    return Doors(
        service=lambda: drafts.start(by=acting(alma), organisation=aurora, period=month),
        page=lambda: signed_in(alma).post(
            "/filings/start/", {"period": "2026-01", "how": "last"}, follow=True
        ),
        api=lambda: api.post("filings/", {"period": "2026-01", "lines": []}),
    )


def token_of(person: User, *scopes: str, days: int = 30, offered: bool = True) -> Doors:
    """A token with these scopes; the API makes none, and the page's form has no place for what is not offered."""
    owner = acting(person)
    form = {"name": "ERP", "scopes": list(scopes), "days": days, "form_key": "k" * 32}
    return Doors(
        service=lambda: tokens.create(by=owner, owner=owner, name="ERP", scopes=scopes, days=days),
        page=(lambda: just_signed_in(person).post("/account/tokens/", form)) if offered else None,
        command=lambda: call_command("token", "create", "--user", person.username, "--scopes", *scopes, "--expires", str(days)),
    )  # fmt: skip


ARRANGED: dict[str, Callable[[dict[str, Any]], Doors]] = {
    "not_handed_over": lambda p: sign(filled(p["aurora"]), p["bruno"]),
    "same_person": signing_one_prepared_oneself,
    "stale": lambda p: sign(filled(p["aurora"], by=p["alma"]), p["bruno"], revision=7),
    "errors_open": lambda p: sign(faulty(p["aurora"], p["alma"]), p["bruno"]),
    "no_lines": lambda p: sign(empty(p["aurora"], p["alma"]), p["bruno"]),
    "month_not_over": lambda p: sign(not_over(p["aurora"], p["alma"]), p["bruno"]),
    "lines_exist": nil_where_lines_exist,
    "handed_over": changing_what_is_with_the_certifier,
    "already_filed": beginning_a_month_that_is_filed,
    "scope_not_held": lambda p: token_of(p["alma"], P.FILING_SIGN, offered=False),
    "second_factor_missing": lambda p: token_of(p["bella"], P.FILING_SIGN),
    "too_long": lambda p: token_of(p["bruno"], P.FILING_SIGN, days=93, offered=False),
}


@pytest.fixture
def people(aurora: Organisation, borealis: Organisation, alma: User, bruno: User, bella: User, carla: User) -> dict[str, Any]:  # fmt: skip
    return {
        "aurora": aurora,
        "borealis": borealis,
        "alma": alma,
        "bruno": bruno,
        "bella": bella,
        "carla": carla,
    }


@pytest.mark.parametrize("code", ARRANGED)
def test_every_door_refuses_with_this_code_and_its_words(
    people: dict[str, Any], heard: Heard, code: str
) -> None:
    doors = ARRANGED[code](people)
    with pytest.raises(Refused) as refused:
        doors.service()
    words = refused.value.words()
    assert refused.value.code == code
    if doors.page is not None:
        said = said_by(heard, doors.page)
        assert heard.said[-1].code == code
        assert words in html.unescape(said.content.decode())
    if doors.api is not None:
        answer = said_by(heard, doors.api)
        assert (answer.body["code"], answer.body["detail"]) == (code, words)
        assert answer.status_code == (412 if code == "stale" else refused.value.status)
    if doors.command is not None:
        with pytest.raises(CommandError) as ended:
            said_by(heard, doors.command)
        assert (heard.said[-1].code, str(ended.value)) == (code, words)


def said_by(heard: Heard, door: Callable[[], Any]) -> Any:
    """What the door answers, with the refusals of this door alone taken down."""
    heard.said.clear()
    return door()


# Who may not at all: a page and the API say so by status, a service by its code


def as_nobody_may(people: dict[str, Any]) -> Doors:
    """Alma prepares; she does not sign."""
    filing, alma = filled(people["aurora"], by=people["alma"]), people["alma"]
    return sign(filing, alma)


def draw_as_a_producer(people: dict[str, Any]) -> Doors:
    """Carla's organisation exports; it is customs that records what crosses the border."""
    carla = people["carla"]
    api = caller(carla)
    return Doors(
        service=lambda: batches.record_batch(by=acting(carla), rows=[]),
        page=lambda: signed_in(carla).post("/customs/check/", {"act": "draw"}),
        api=lambda: api.post("declarations/", {}),
    )


@pytest.mark.parametrize("arrange", [as_nobody_may, draw_as_a_producer])
def test_what_a_role_does_not_include_is_refused_at_every_door(
    people: dict[str, Any], arrange: Callable[[dict[str, Any]], Doors]
) -> None:
    doors = arrange(people)
    with pytest.raises(Refused) as refused:
        doors.service()
    assert (refused.value.code, refused.value.status) == ("not_permitted", 403)
    assert doors.page is not None
    assert doors.page().status_code == 403
    assert doors.api is not None
    answer = doors.api()
    assert (answer.status_code, answer.body["code"]) == (403, "not_permitted")


def test_without_a_second_factor_nothing_is_signed_at_any_door(
    people: dict[str, Any], aurora: Organisation, bella: User, alma: User
) -> None:
    filing = filled(aurora, by=alma)
    with_second_factor(bella)
    api = caller(bella)
    Authenticator.objects.filter(user=bella).delete()
    with pytest.raises(Refused) as refused:
        signing.submit(by=acting(bella), filing_id=filing.pk, revision=0)
    assert (refused.value.code, refused.value.status) == ("second_factor_missing", 403)
    with pytest.raises(Refused) as refused:
        signing.file_nil(by=acting(bella), organisation=aurora, period=Month.parse("2026-02"))
    assert refused.value.code == "second_factor_missing"
    sent = just_signed_in(bella).post(f"/filings/{filing.pk}/sign/", {"revision": 0})
    assert sent["Location"] == "/account/second-factor/app/" or sent["Location"].startswith("/account/")
    answer = api.post(f"filings/{filing.pk}/submit/", {"revision": 0})
    assert (answer.status_code, answer.body["code"]) == (403, "second_factor_missing")
    filing.refresh_from_db()
    assert filing.is_open


def test_who_is_disabled_gets_in_nowhere(people: dict[str, Any], alma: User) -> None:
    page, api = signed_in(alma), caller(alma)
    User.objects.filter(pk=alma.pk).update(is_active=False)
    assert page.get("/filings/")["Location"].startswith("/sign-in/")
    answer = api.get("filings/")
    assert (answer.status_code, answer.body["code"]) == (401, "account_inactive")
    with pytest.raises(CommandError, match="no active account"):
        call_command("token", "create", "--user", "alma", "--scopes", P.FILING_VIEW)
    User.objects.filter(pk=alma.pk).update(is_superuser=True, is_staff=True)
    assert page.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("change", "code", "recorded"),
    [
        ({"quantity_kg": "99"}, "over_balance", "over_balance"),
        ({"licence_no": "NONE"}, "licence_unknown", "licence_unknown"),
        ({"destination": "KP"}, "destination_other", ""),
    ],
)
def test_an_export_is_denied_for_the_same_reason_at_every_door(
    aurora: Organisation, gus: User, change: dict[str, str], code: str, recorded: str
) -> None:
    """By programs and by page. Customs' records of what has left already are held against the balance alone, whichever
    way they come: for the rest findings are made."""
    issued.licence(aurora, licence_no="REL-1")
    api, client = caller(gus), signed_in(gus)
    asked = api.post("export-checks/", question(**change), Idempotency_Key="k").body
    assert code in [reason["code"] for reason in asked["reasons"]]
    page = client.post("/customs/check/", FORM | change | {"declaration_no": "D-2", "act": "draw"})
    assert code in [reason["code"] for reason in page.context["answer"]["reasons"]]
    item = {name: FORM[name] for name in ("exporter", "licence_no", "hs_code", "quantity_kg", "destination", "consignee_name")} | change  # fmt: skip
    told = results(
        client.post("/customs/batch/", {"file": batch([f"D-3,1,,{','.join(item[name] for name in item)}"])})
    )
    kept = api.post("declarations/", item | {"declaration_no": "D-4", "item_no": 1}, Idempotency_Key="d")
    assert (told[0]["reason"], kept.body["reason"] or "") == (recorded, recorded)
