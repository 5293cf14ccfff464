"""Who visits pages: a stranger, somebody without a role, and one person of each role; and what each may look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client

from portal.accounts.models import Organisation, User
from portal.accounts.roles import ROLES, Kind, permissions_of
from tests import factories
from tests.conftest import with_second_factor
from tests.reporting.filled import just_signed_in
from tests.site.addresses import Address, addresses

STRANGER = "stranger"


@dataclass(frozen=True)
class Visitor:
    """A session and the permissions behind it; ``person`` is None for the stranger."""

    name: str
    client: Client
    person: User | None
    granted: frozenset[Any]

    def may(self, address: Address) -> bool:
        """Whether the page is this visitor's: what is public is a stranger's."""
        if self.person is None:
            return address.is_public
        return not address.is_public and bool(set(address.policy) & self.granted)


def visitors_of(enterprise: Organisation, office: Organisation, customs: Organisation) -> list[Visitor]:
    places = {Kind.ENTERPRISE: enterprise, Kind.REGULATOR: office, Kind.CUSTOMS: customs}
    people = [
        Visitor(STRANGER, Client(), None, frozenset()),
        visitor_of("nobody", [], factories.user("the-nobody")),
    ]
    for code, role in ROLES.items():
        person = with_second_factor(
            factories.user(f"the-{code}".replace("_", "-"), (places[role.kind], code))
        )
        people.append(visitor_of(code, [code], person))
    return people


def visitor_of(name: str, roles: list[str], person: User) -> Visitor:
    """A session of somebody with these roles, who proved a moment ago to be that person."""
    return Visitor(name, just_signed_in(person), person, permissions_of(frozenset(roles)))


def urls_of(address: Address, sample: dict[str, Any] | None) -> list[str]:
    """The address filled in with what is one's own; a filing both as a draft and as filed. Without a sample: none in it."""
    if sample is None:
        return [] if address.parameters else [address.url({})]
    if "application_id" in address.parameters:
        case = {"application_id": sample["case_id"], "paper_id": sample["case_paper_id"]}
        return [address.url(sample | values) for values in ({}, case)]
    if "filing_id" not in address.parameters:
        return [address.url(sample)]
    return [address.url(sample | {"filing_id": sample[which]}) for which in ("filing_id", "filed_id")]


def visits(people: list[Visitor], sample: dict[str, Any] | None) -> Iterator[tuple[str, list[Visitor]]]:
    """Every address that answers a GET, with those who may look at it."""
    for address in addresses():
        allowed = [person for person in people if person.may(address)]
        for url in urls_of(address, sample):
            yield url, allowed
