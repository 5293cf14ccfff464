"""Which limits hold where somebody tries: guesses of passwords and codes, letters asked for (docs/decisions/0006)."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from django.http import HttpRequest

from portal.accounts import devices
from portal.accounts.domain.limits import Slowing, Window
from portal.accounts.models import User
from portal.accounts.queries import person_called
from portal.accounts.services import sign_in, throttles
from portal.accounts.services.throttles import Spent, Ticket

HOUR, DAY = 3_600, 86_400

# An account has two names, so that by both no more than 100 guesses are looked at before it closes to strangers.
NAME: Final = Slowing("name", free=5, first=30, longest=HOUR, last=50, memory=30 * DAY)
DEVICE: Final = Slowing("device", free=10, first=30, longest=HOUR, last=50, memory=DAY)
ADDRESS: Final = Window("address", most=30, seconds=15 * 60)
EVERYBODY: Final = Window("everybody", most=300, seconds=60)
CODES: Final = Slowing("codes", free=5, first=30, longest=HOUR, last=50, memory=30 * DAY)
DEVICE_CODES: Final = Slowing("device codes", free=10, first=30, longest=HOUR, last=50, memory=DAY)
AGAIN: Final = Slowing("again", free=10, first=60, longest=HOUR, last=30, memory=DAY)
PASSKEYS: Final = Window("passkeys", most=60, seconds=60)
LINKS: Final = Window("links", most=60, seconds=60)  # opened with a secret in the address
RESETS: Final = Window("resets", most=3, seconds=HOUR)  # to one mailbox
RESETS_A_DAY: Final = Window("resets a day", most=8, seconds=DAY)
LOST: Final = Window("lost", most=3, seconds=DAY)  # reports about one account
ENROLMENTS: Final = Window("enrolments", most=3, seconds=DAY)  # with one mailbox
INVITED: Final = Window("invited", most=5, seconds=DAY)  # one mailbox by one organisation
INVITATIONS: Final = Window("invitations", most=100, seconds=DAY)  # by one organisation
PROOFS: Final = Window("proofs", most=5, seconds=DAY)  # of a new address, by one person
LETTERS: Final = Window("letters", most=20, seconds=HOUR)  # asked for without signing in, from one address


def network_of(request: HttpRequest) -> str:
    """Where a request comes from: an address, or the network that one subscriber gets where addresses are plenty."""
    written = str(request.META.get("REMOTE_ADDR", ""))
    try:
        address = ip_address(written)
    except ValueError:
        return written
    if isinstance(address, IPv6Address):
        return str(ip_network(f"{address}/64", strict=False))
    return written


def _address(request: HttpRequest) -> Ticket:
    return ADDRESS, network_of(request)


def _names(person: User) -> list[str]:
    """The names by which guesses at an account are counted, each as its own: no limit tells that they are one."""
    return [person.username.casefold(), person.email.casefold()]


def _name_for(login: str, person: User | None) -> str:
    """One name however it is spelt: the account's own spelling where there is one, else what was typed."""
    wanted = login.strip().casefold()
    if person is None or wanted in _names(person):
        return wanted
    return person.email.casefold() if "@" in wanted else person.username.casefold()


def password(request: HttpRequest, login: str) -> Spent:
    """A password may be tried. In a browser of the person's own, strangers' guesses count for nothing."""
    if devices.read(request) is None:
        throttles.refuse(
            (NAME, login.strip().casefold())
        )  # before anybody is looked up: most guesses end here
    person = person_called(login)
    number = devices.number_for(request, person)
    if person is not None and number:
        return throttles.spend((DEVICE, f"{number}:{person.pk}"))
    return throttles.spend((NAME, _name_for(login, person)), _address(request), (EVERYBODY, ""))


def wrong_password(login: str, spent: Spent) -> None:
    """The owner learns when so many guesses were wrong that the account closes to browsers that are not theirs."""
    person = person_called(login) if spent.tries(NAME) == NAME.last else None
    if person is not None:
        sign_in.note_stranger(person=person, verb="account.passwords_guessed")


def code(request: HttpRequest, person: User) -> Spent:
    """A code may be tried, after the password was right."""
    number = devices.number_for(request, person)
    ticket: Ticket = (DEVICE_CODES, f"{number}:{person.pk}") if number else (CODES, str(person.pk))
    return throttles.spend(ticket)


def wrong_code(person: User, spent: Spent) -> None:
    """The owner learns early: whoever tries codes knows the password."""
    if spent.tries(CODES) == CODES.free:
        sign_in.note_stranger(person=person, verb="account.codes_guessed")


def again(request: HttpRequest) -> Spent:
    """Who is signed in may try to prove it; counted by session, so that no other one of the person's is touched."""
    return throttles.spend((AGAIN, str(request.session.session_key)))


def proven(person: User) -> None:
    """A new password holds: what was guessed before counts no more."""
    names = [(NAME, name) for name in _names(person)]
    throttles.forget(*names, (CODES, str(person.pk)))


def passkey(request: HttpRequest) -> None:
    """A passkey may be tried: nothing can be guessed of it, but each try costs work."""
    throttles.spend((PASSKEYS, network_of(request)))


def link(request: HttpRequest) -> None:
    """A link with a secret in it may be used."""
    throttles.spend((LINKS, network_of(request)))


def reset(request: HttpRequest, address: str) -> None:
    """A mail with a link for a new password may be asked for, for a mailbox that is known or not."""
    mailbox = address.strip().casefold()
    throttles.spend((RESETS, mailbox), (RESETS_A_DAY, mailbox), (LETTERS, network_of(request)))


def lost_second_factor(request: HttpRequest, login: str) -> None:
    """A lost second factor may be reported."""
    who = _name_for(login, person_called(login))
    throttles.spend((LOST, who), (LETTERS, network_of(request)))


def enrolment(request: HttpRequest, address: str) -> None:
    """An organisation may ask to take part."""
    throttles.spend((ENROLMENTS, address.strip().casefold()), (LETTERS, network_of(request)))


def invitation(organisation_id: int, address: str) -> None:
    """A colleague may be invited."""
    mailbox = f"{organisation_id}:{address.strip().casefold()}"
    throttles.spend((INVITED, mailbox), (INVITATIONS, str(organisation_id)))


def proof_of_address(person: User) -> None:
    """A mail that proves a new address may be asked for."""
    throttles.spend((PROOFS, str(person.pk)))
