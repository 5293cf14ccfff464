"""The whole portal running on each of the two databases, and a desk with a browser for each person."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.browser.stack import Stack, fresh_database, running

Desks = Callable[..., Page]
REDIS_NUMBER = "15"  # the tests' own processes keep to those below


def start(kind: str) -> Any:
    """A running portal: SQLite with the folder as broker, or PostgreSQL with Redis."""
    if kind == "sqlite":
        return running()
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        pytest.fail("DATABASE_URL=sqlite leaves no PostgreSQL to walk on: leave it out, or choose -k sqlite")
    ours = f"lodestone_walk_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    database = fresh_database(os.environ["DATABASE_URL"], ours)
    return running(
        database_url=database, redis_url=os.environ["REDIS_URL"].rsplit("/", 1)[0] + f"/{REDIS_NUMBER}"
    )


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def portal(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The demonstration nation on running processes."""
    with start(request.param) as stack:
        yield stack


@pytest.fixture
def desk(browser: Browser, portal: Stack) -> Iterator[Desks]:
    """A browser of one's own for each person: ``desk()``; options are those of a browser context."""
    opened = []

    def sit_down(**options: Any) -> Page:
        context = browser.new_context(base_url=portal.url, viewport={"width": 1280, "height": 900}, **options)
        opened.append(context)
        return context.new_page()

    yield sit_down
    for context in opened:
        context.close()
