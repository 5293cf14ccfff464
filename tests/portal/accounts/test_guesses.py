"""Guessing fails: few guesses are looked at, the owner is never shut out, and known and unknown names are answered alike."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from allauth.core import context
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from portal.accounts import guarding, hashers
from portal.accounts.adapter import AccountAdapter
from portal.accounts.domain.limits import Slowing, Window
from portal.accounts.models import Throttle, User
from portal.accounts.services import throttles
from portal.audit.models import Event
from portal.core.errors import TooMany
from tests import factories
from tests.conftest import signed_in, with_second_factor
from tests.factories import PASSWORD
from tests.portal.accounts.passkey import Passkey, add, sign_in
from tests.portal.accounts.test_password import NEW, link_of
from tests.portal.accounts.test_sign_in import code_now, give_password
from tests.portal.contact.post import deliver

WRONG = "a wrong password"
DAY = 86_400


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = timezone.now()

    def later(self, seconds: int) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def time(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Clock:
    settings.THROTTLES = True
    clock = Clock()
    monkeypatch.setattr("portal.core.clock.now", lambda: clock.moment)
    return clock


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password for which a hash is computed; the hash itself is spared."""
    seen: list[str] = []

    def verify(self: Any, password: str, encoded: str) -> bool:
        seen.append(password)
        return password == PASSWORD

    def encode(self: Any, password: str, salt: str) -> str:
        seen.append(password)
        return f"argon2$argon2id$v=19$m=19456,t=2,p=1${salt}$spared"

    monkeypatch.setattr(hashers.Argon2, "verify", verify)
    monkeypatch.setattr(hashers.Argon2, "encode", encode)
    monkeypatch.setattr(hashers.Argon2, "must_update", lambda self, encoded: False)
    return seen


def from_address(number: int) -> Client:
    return Client(REMOTE_ADDR=f"203.0.113.{number}")


def known_browser(person: User) -> Client:
    """A browser in which the person signed in, and out again."""
    client = from_address(250)
    assert give_password(client, person.username).status_code == 302
    client.post(reverse("account_logout"))
    return client


REQUESTS = [RequestFactory(REMOTE_ADDR=f"203.0.113.{number}").post("/sign-in/") for number in range(50)]


def guess(number: int, login: str, address: int) -> str:
    """One guess past the page, as the form makes it; how it was answered."""
    request = REQUESTS[address]
    method = "email" if "@" in login else "username"
    with context.request_context(request):
        try:
            found = AccountAdapter(request).authenticate(
                request, password=f"{WRONG} {number}", **{method: login}
            )
        except TooMany:
            return "wait"
    return "wrong" if found is None else "right"


@pytest.mark.holds("throttles")
def test_ten_thousand_guesses_from_fifty_addresses(alma: User, hashed: list[str], time: Clock) -> None:
    """At a guess a minute, so that every wait of the throttles but the last is over again and again."""
    home = known_browser(alma)
    hashed.clear()
    answers = []
    for number in range(10_000):
        time.later(60)
        login = ("alma", "ALMA@example.test", " Alma ", "alma@Example.test")[number % 4]
        answers.append(guess(number, login, number % 50))
    assert answers.count("right") == 0
    assert answers.count("wrong") == len(hashed) <= 100
    assert Event.objects.filter(verb="account.passwords_guessed", subject_id=alma.pk).count() == 2
    assert give_password(from_address(7), "alma").status_code == 429, "strangers wait, right or wrong"
    assert give_password(home, "alma").status_code == 302, "the owner does not"


@pytest.mark.holds("throttles")
def test_at_once_not_even_a_handful(alma: User, hashed: list[str]) -> None:
    for number in range(200):
        guess(number, "alma", number % 50)
    assert len(hashed) == guarding.NAME.free


@pytest.mark.holds("throttles")
def test_one_password_tried_at_many_names_is_slowed_by_address(db: None, hashed: list[str]) -> None:
    for number in range(200):
        guess(0, f"name-{number}", 1)
    assert len(hashed) == guarding.ADDRESS.most
    assert guess(0, "another", 2) == "wrong"


@pytest.mark.holds("throttles")
def test_many_addresses_are_slowed_together(
    db: None, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarding, "EVERYBODY", Window("everybody", most=30, seconds=60))
    for number in range(40):
        guess_from(f"2001:db8:{number:x}::1", f"name-{number}")
    assert len(hashed) == guarding.EVERYBODY.most
    assert give_password(Client(REMOTE_ADDR="2001:db8:ffff::1"), "somebody", WRONG).status_code == 429


def guess_from(address: str, login: str) -> None:
    request = RequestFactory(REMOTE_ADDR=address).post("/sign-in/")
    with context.request_context(request):
        try:
            AccountAdapter(request).authenticate(request, username=login, password=WRONG)
        except TooMany:
            return


def test_one_subscriber_with_many_addresses_is_one(db: None) -> None:
    first, second, other = (
        RequestFactory(REMOTE_ADDR=address).get("/")
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    )
    assert guarding.network_of(first) == guarding.network_of(second) != guarding.network_of(other)


@pytest.mark.holds("users-answered-alike")
def test_known_and_unknown_names_are_answered_alike_at_every_guess(
    alma: User, hashed: list[str], time: Clock
) -> None:
    """The same words, status, wait and work, by name and by address, until strangers are shut out and after."""
    told: dict[str, list[Any]] = {}
    for login in ("alma", "nobody", "alma@example.test", "nobody@example.test"):
        rows = told.setdefault(login, [])
        for number in range(8):
            hashed.clear()
            answer = give_password(from_address(number + 10 * len(told)), login, WRONG)
            errors = [str(words) for words in answer.context["form"].non_field_errors()]
            rows.append((answer.status_code, answer.get("Retry-After"), errors, len(hashed)))
    assert len({str(rows) for rows in told.values()}) == 1, told
    rows = told["alma"]
    assert [row[3] for row in rows] == [1] * 5 + [0] * 3
    assert [row[0] for row in rows] == [200] * 5 + [429] * 3


def test_the_wait_is_told_in_words_and_as_a_header(alma: User, hashed: list[str], time: Clock) -> None:
    for _time in range(5):
        give_password(Client(), "alma", WRONG)
    answer = give_password(Client(), "alma", WRONG)
    assert (answer.status_code, answer["Retry-After"]) == (429, "30")
    page = answer.content.decode()
    assert "Too many attempts. You can try again in 30 seconds." in page
    assert "In a browser where you signed in before" in page
    time.later(31)
    assert give_password(Client(), "alma", WRONG).status_code == 200
    time.later(31)
    assert "in 29 seconds" in give_password(Client(), "alma").content.decode(), (
        "each wait is twice the one before"
    )
    time.later(30)
    assert give_password(Client(), "alma").status_code == 302, "after it the right one lets in"
    assert give_password(Client(), "alma", WRONG).status_code == 200, "and wipes the slate"


@pytest.mark.holds("throttles")
def test_the_owner_comes_in_by_a_link_from_a_browser_nobody_knows(alma: User, bruno: User) -> None:
    throttles.spend(*[(guarding.NAME, name) for name in ("alma", "alma@example.test")])
    Throttle.objects.update(tries=50, until="2126-01-01T00:00:00Z", forgotten_at="2126-01-01T00:00:00Z")
    browser = from_address(9)
    assert give_password(browser, "alma").status_code == 429
    browser.post(reverse("account_reset_password"), {"email": "alma@example.test"})
    [letter] = deliver()
    form = browser.get(link_of(letter), follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert give_password(browser, "alma", NEW).status_code == 302


@pytest.mark.holds("throttles")
def test_and_goes_on_coming_in_there_while_the_guessing_goes_on(alma: User, hashed: list[str]) -> None:
    home = known_browser(alma)
    for number in range(60):
        guess(number, "alma", number % 50)
    for _day in range(3):
        assert give_password(home, "alma").status_code == 302
        home.post(reverse("account_logout"))


@pytest.mark.holds("throttles")
def test_the_owner_comes_in_by_a_passkey(alma: User) -> None:
    inside = Client()
    give_password(inside, "alma")
    add(inside, Passkey())
    for number in range(6):
        give_password(from_address(number), "alma", WRONG)
    assert give_password(from_address(1), "alma").status_code == 429
    assert sign_in(from_address(1), Passkey(), alma)["Location"] == "/"


def test_a_known_browser_is_no_place_to_guess_either(alma: User, hashed: list[str]) -> None:
    home = known_browser(alma)
    hashed.clear()
    for _time in range(40):
        last = give_password(home, "alma", WRONG)
    assert last.status_code == 429
    assert len(hashed) == guarding.DEVICE.free


def test_it_knows_only_its_own_people(alma: User, nina: User, hashed: list[str]) -> None:
    home = known_browser(nina)
    for number in range(6):
        guess(number, "alma", number)
    assert give_password(home, "alma").status_code == 429


def test_signing_in_anew_gives_no_new_guesses_at_a_colleague(
    alma: User, nina: User, hashed: list[str]
) -> None:
    shared = known_browser(alma)
    give_password(shared, "nina")
    shared.post(reverse("account_logout"))
    hashed.clear()
    for _round in range(4):
        for _time in range(6):
            give_password(shared, "alma", WRONG)
        give_password(shared, "nina")
        shared.post(reverse("account_logout"))
    assert hashed.count(WRONG) == guarding.DEVICE.free


def test_a_new_password_makes_browsers_of_before_strangers(alma: User) -> None:
    home = known_browser(alma)
    alma.set_password(NEW)
    alma.save()
    for number in range(5):
        give_password(from_address(number), "alma", WRONG)
    assert give_password(home, "alma", NEW).status_code == 429


@pytest.mark.parametrize("forged", ["", "x", "W10:1:2", "eyJhIjoxfQ:1xWn3i:AAAA"])
def test_a_forged_cookie_is_no_browser_of_ours(forged: str, alma: User, hashed: list[str]) -> None:
    client = Client()
    client.cookies["device"] = forged
    for number in range(6):
        guess(number, "alma", number)
    assert give_password(client, "alma").status_code == 429


def test_the_cookie_opens_nothing_and_no_script_reads_it(alma: User, settings: Any) -> None:
    home = known_browser(alma)
    cookie = home.cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert home.get(reverse("account_page")).status_code == 302
    assert alma.password not in cookie.value


@pytest.mark.holds("throttles")
def test_codes_cannot_be_guessed_by_who_knows_the_password(
    bruno: User, hashed: list[str], time: Clock
) -> None:
    home = known_browser_of_certifier(bruno)
    thief = from_address(1)
    give_password(thief, "bruno")
    told = [
        thief.post(reverse("mfa_authenticate"), {"code": f"{number:06d}"}).status_code for number in range(8)
    ]
    assert told == [200] * 5 + [429] * 3
    request, looked_at = RequestFactory().post("/"), guarding.CODES.free
    for _number in range(300):
        time.later(4_000)
        try:
            guarding.code(request, bruno)
        except TooMany:
            continue
        looked_at += 1
    assert looked_at == guarding.CODES.last
    give_password(home, "bruno")
    cache.clear()
    assert home.post(reverse("mfa_authenticate"), {"code": code_now(bruno)})["Location"] == "/"


def known_browser_of_certifier(person: User) -> Client:
    client = from_address(250)
    give_password(client, person.username)
    client.post(reverse("mfa_authenticate"), {"code": code_now(person)})
    client.post(reverse("account_logout"))
    return client


@pytest.mark.holds("throttles")
def test_the_owner_is_told_by_mail_of_codes_that_were_guessed(bruno: User, hashed: list[str]) -> None:
    thief = from_address(1)
    give_password(thief, "bruno")
    for number in range(6):
        thief.post(reverse("mfa_authenticate"), {"code": f"{number:06d}"})
    [letter] = deliver()
    assert "Wrong codes tried by somebody who knew the password" in letter.body


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("account_reauthenticate", {"password": WRONG}),
        ("mfa_reauthenticate", {"code": "000000"}),
        ("account_change_password", {"oldpassword": WRONG, "password1": NEW, "password2": NEW}),
    ],
)
def test_an_open_desk_is_no_place_to_guess(
    name: str, data: dict[str, str], bruno: User, hashed: list[str]
) -> None:
    desk = signed_in(bruno)
    answers = [desk.post(reverse(name), data) for _time in range(14)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 4
    assert answers[-1]["Retry-After"] == "60"
    assert "Too many attempts" in answers[-1].content.decode()
    assert len([password for password in hashed if password == WRONG]) <= 10
    elsewhere = signed_in(bruno)
    assert elsewhere.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


@pytest.mark.holds("throttles")
def test_a_mailbox_is_not_flooded(alma: User, time: Clock) -> None:
    def ask(address: str, number: int) -> Any:
        return from_address(number).post(reverse("account_reset_password"), {"email": address})

    for address in ("alma@example.test", "nobody@example.test"):
        told = [ask(address, number) for number in range(5)]
        assert [answer.status_code for answer in told] == [302] * 3 + [429] * 2, address
        assert told[-1]["Retry-After"] == "3600"
        assert "in 60 minutes" in told[-1].content.decode()
    assert len(deliver()) == 3
    for hour in range(20):
        time.later(3_600)
        ask("alma@example.test", hour)
    assert len(deliver()) == 5, "no more than eight a day"


def test_letters_from_one_address_to_many_mailboxes_end(db: None) -> None:
    told = [
        Client().post(reverse("account_reset_password"), {"email": f"{number}@example.test"}).status_code
        for number in range(22)
    ]
    assert told == [302] * 20 + [429] * 2


def test_reports_of_lost_factors_and_invitations_end(ada: User, bruno: User) -> None:
    lost = {"login": "bruno", "reason": "My telephone fell into the sea."}
    told = [from_address(number).post(reverse("recovery_ask"), lost).status_code for number in range(4)]
    assert told == [302] * 3 + [429]
    client = signed_in(ada)
    invited = {"email": "new@example.test", "roles": ["preparer"]}
    told = [client.post(reverse("invitation_make"), invited).status_code for _time in range(6)]
    assert told == [302] * 5 + [429]


@pytest.mark.holds("throttles")
def test_what_a_stranger_says_of_where_he_is_counts_for_nothing(alma: User, hashed: list[str]) -> None:
    for number in range(40):
        Client().post(
            reverse("account_login"),
            {"login": f"name-{number}", "password": WRONG},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )
    assert len(hashed) == guarding.ADDRESS.most


def test_guesses_at_the_same_moment_cannot_pass_together(transactional_db: None, hashed: list[str]) -> None:
    factories.user("alma")
    hashed.clear()

    def one(number: int) -> str:
        with closing(connection):
            return guess(number, "alma", number % 50)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(64)))
    assert answers.count("wrong") == len(hashed) == guarding.NAME.free


@pytest.mark.holds("single-use-codes")
def test_a_recovery_code_sent_four_times_at_once_lets_one_in(transactional_db: None) -> None:
    person = with_second_factor(factories.user("bruno"))
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    clients = [from_address(number) for number in range(4)]
    for client in clients:
        give_password(client, "bruno")

    def one(client: Client) -> int:
        with closing(connection):
            return client.post(reverse("mfa_authenticate"), {"code": code}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, clients)) == [200, 200, 200, 302]


# the rules and the counting


def test_nothing_typed_is_kept(alma: User) -> None:
    give_password(Client(), "my password by mistake", WRONG)
    assert Throttle.objects.count() == 3
    for row in Throttle.objects.values_list():
        assert "mistake" not in str(row)


def waits(rule: Slowing | Window) -> Iterator[int]:
    return (rule.wait(tries, rule.kept(tries, 0)) for tries in range(1, 16))


def test_waits_double_up_to_the_longest_and_end() -> None:
    rule = Slowing("any", free=3, first=10, longest=60, last=9, memory=1_000)
    assert list(waits(rule))[:10] == [0, 0, 10, 20, 40, 60, 60, 60, 1_000, 1_000]


def test_a_window_opens_again(db: None, time: Clock) -> None:
    rule = Window("any", most=2, seconds=100)
    first = throttles.spend((rule, "x"))
    throttles.spend((rule, "x"))
    time.later(40)
    with pytest.raises(TooMany) as refused:
        throttles.spend((rule, "x"))
    assert 59 <= refused.value.seconds <= 60
    throttles.spend((rule, "y"))
    throttles.give_back(first)
    throttles.spend((rule, "x"))
    time.later(61)
    assert throttles.spend((rule, "x")).tries(rule) == 1


def test_old_tries_are_forgotten(db: None, time: Clock) -> None:
    throttles.spend((guarding.NAME, "x"), (guarding.EVERYBODY, ""))
    time.later(61)
    assert (throttles.prune(), Throttle.objects.count()) == (1, 1)
    time.later(31 * DAY)
    assert (throttles.prune(), Throttle.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "in 2 seconds"),
        (99, "in 99 seconds"),
        (100, "in 2 minutes"),
        (7_200, "in 2 hours"),
        (30 * DAY, "in 30 days"),
    ],
)
def test_waits_are_told_in_round_figures(seconds: int, words: str) -> None:
    assert TooMany(seconds).words() == f"Too many attempts. You can try again {words}."
