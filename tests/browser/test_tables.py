"""A wide list shows the columns that its reader chose, as close as they like, and keeps to it."""

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from portal.accounts.models import Organisation, User
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.browser


@pytest.fixture
def register(live_server: Any, page: Page, aurora: Organisation, alma: User) -> Page:
    """Alma's counterparties in her browser."""
    factories.counterparty(aurora, "C-01")
    factories.counterparty(aurora, "C-02", name="Oberon Motors", country="FR")
    session = signed_in(alma).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": session.key, "value": session.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/counterparties/")
    return page


def test_a_column_that_was_taken_away_stays_away_until_it_is_wanted_again(register: Page) -> None:
    country = register.get_by_role("cell", name="Germany")
    expect(country).to_be_visible()
    register.get_by_text("Columns and rows").click()
    register.get_by_role("checkbox", name="Country").uncheck()
    expect(country).to_be_hidden()
    register.reload()
    expect(register.get_by_role("columnheader", name="Legal name")).to_be_visible()
    expect(register.get_by_role("columnheader", name="Country")).to_be_hidden()
    register.get_by_text("Columns and rows").click()
    register.get_by_role("checkbox", name="Country").check()
    expect(country).to_be_visible()


def test_the_column_that_names_a_row_always_stays(register: Page) -> None:
    register.get_by_text("Columns and rows").click()
    expect(register.get_by_role("group", name="Columns shown").get_by_role("checkbox")).to_have_count(4)
    expect(register.get_by_role("checkbox", name="Code")).to_have_count(0)


def test_rows_stand_close_where_that_is_wanted(register: Page) -> None:
    row = register.get_by_role("row", name="Oberon")
    tall = row.bounding_box()["height"]
    register.get_by_text("Columns and rows").click()
    register.get_by_role("checkbox", name="Close together").check()
    assert row.bounding_box()["height"] < tall


def test_what_another_program_left_in_its_place_does_no_harm(register: Page) -> None:
    register.evaluate("localStorage.setItem('table /counterparties/', '{not json')")
    register.reload()
    expect(register.get_by_role("cell", name="Germany")).to_be_visible()
