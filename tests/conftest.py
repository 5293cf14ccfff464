"""The people of the tests, and a browser.

Alma prepares and Bruno certifies for Aurora Magnets, Ada administers it; Carla does everything at Borealis Metals;
Dora reviews, Emil administers and Fatima audits for the regulator; Gus is at customs; Nina has an account and no role.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.client import ClientHandler
from hypothesis import settings as hypothesis_settings

from portal.accounts.models import Organisation, User
from portal.accounts.queries import actor_of
from portal.accounts.roles import Kind
from portal.core import fencing
from portal.core.actors import Actor
from tests import factories

# Playwright keeps an event loop in the thread that runs the test, which reads the database as well, in turn with it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

hypothesis_settings.register_profile("lodestone", derandomize=True, deadline=None)
hypothesis_settings.load_profile("lodestone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On SQLite what only PostgreSQL has is left out."""
    if connections["default"].vendor != "postgresql":
        left_out = [item for item in items if item.get_closest_marker("postgresql")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The fence stands in the tests' database, and every request is served as the web's role."""
    with django_db_blocker.unblock():
        fencing.draw()
    settings.MIDDLEWARE.insert(0, "tests.as_web.middleware")


@pytest.fixture(scope="session", autouse=True)
def _one_chain() -> Iterator[None]:
    """Clients share one chain of middleware, as requests to a server do, for as long as no test changes settings.

    Each would make its own, and look for every static file again.
    """
    base, load = settings._wrapped, ClientHandler.load_middleware  # changed settings are wrapped in others
    made: dict[tuple[Any, ...], dict[str, Any]] = {}

    def shared(handler: ClientHandler, is_async: bool = False) -> None:
        if settings._wrapped is not base:
            load(handler, is_async)
            return
        key = (*settings.MIDDLEWARE, is_async)
        if key not in made:
            load(handler, is_async)
            made[key] = {name: value for name, value in vars(handler).items() if "middleware" in name}
        vars(handler).update(made[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", shared)
        yield


# What migrations put into tables: (model, module, function).
SEEDS = (
    ("registry.Element", "portal.registry.migrations.0002_elements", "load"),
    ("licensing.ListVersion", "licensing.migrations.0003_list_guards_and_first_version", "load"),
    ("licensing.Queue", "licensing.migrations.0022_queues", "forward"),
)


@pytest.fixture(autouse=True)
def what_migrations_brought(request: pytest.FixtureRequest) -> None:
    """A test that really commits ends by emptying every table: the next such test finds again what stood there."""
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker) and marker.kwargs.get("transaction", False)
    if not commits and not {"transactional_db", "live_server"} & set(request.fixturenames):
        return
    request.getfixturevalue("transactional_db")
    for model, module, function in SEEDS:
        if not apps.get_model(model).objects.exists():
            getattr(importlib.import_module(module), function)(apps, SimpleNamespace(connection=connection))


@pytest.fixture
def aurora(db: None) -> Organisation:
    return factories.organisation(name_zh="曙光磁材有限公司")


@pytest.fixture
def borealis(db: None) -> Organisation:
    return factories.organisation(factories.BOREALIS_USCC, "Borealis Metals", name_zh="北辰金属有限公司")


@pytest.fixture
def office(db: None) -> Organisation:
    return factories.organisation(None, "Rare Earth Office", name_zh="稀土办公室", kind=Kind.REGULATOR)


@pytest.fixture
def customs_house(db: None) -> Organisation:
    return factories.organisation(None, "Customs", name_zh="海关", kind=Kind.CUSTOMS)


def with_second_factor(person: User) -> User:
    """Give the person an authenticator app."""
    TOTP.activate(person, generate_totp_secret())
    return person


@pytest.fixture
def alma(aurora: Organisation) -> User:
    return factories.user("alma", (aurora, "preparer"))


@pytest.fixture
def bruno(aurora: Organisation) -> User:
    return with_second_factor(factories.user("bruno", (aurora, "certifier")))


@pytest.fixture
def ada(aurora: Organisation) -> User:
    return factories.user("ada", (aurora, "organisation_administrator"))


@pytest.fixture
def carla(borealis: Organisation) -> User:
    roles = ("preparer", "certifier", "organisation_administrator")
    return with_second_factor(factories.user("carla", *((borealis, role) for role in roles)))


@pytest.fixture
def dora(office: Organisation) -> User:
    return with_second_factor(factories.user("dora", (office, "reviewer")))


@pytest.fixture
def emil(office: Organisation) -> User:
    return with_second_factor(factories.user("emil", (office, "administrator")))


@pytest.fixture
def fatima(office: Organisation) -> User:
    return with_second_factor(factories.user("fatima", (office, "auditor")))


@pytest.fixture
def gus(customs_house: Organisation) -> User:
    return with_second_factor(factories.user("gus", (customs_house, "customs")))


@pytest.fixture
def nina(db: None) -> User:
    return factories.user("nina")


def acting(person: User) -> Actor:
    """The person as services see them."""
    return actor_of(person)


def signed_in(person: User) -> Client:
    """A browser session of this person."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Any
) -> Iterator[dict[str, Any]]:
    """Chromium, quiet; at the end the connection of the thread's event loop is closed, which no other hand reaches."""
    quiet = "first-run background-networking component-update sync gpu quic".split()
    flags = ["--no-first-run", *(f"--disable-{name}" for name in quiet[1:])]
    yield {
        **browser_type_launch_args,
        "executable_path": "/usr/bin/chromium",
        "args": ["--no-sandbox", *flags],
    }
    connections.close_all()
