"""Passkeys in a real browser, with the key that Chromium itself can play: added, used at each door, and pages that hold up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession, Page, expect

from portal.accounts.models import Organisation, User
from tests import factories
from tests.factories import PASSWORD
from tests.portal.accounts.test_sign_in_browser import assert_accessible, give_password

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def clara(aurora: Organisation) -> User:
    return factories.user("clara", (aurora, "certifier"))


@pytest.fixture
def key(page: Page) -> Iterator[tuple[CDPSession, str]]:
    """The device's own passkey: its session of the protocol and its number."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    number = protocol.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield protocol, number
    assert not complaints, "the browser complained"


def add_passkey(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/account/second-factor/passkey/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add the passkey").click()


def test_a_certifier_adds_one_and_signs_in_with_password_and_passkey(
    clara: User, page: Page, live_server, key: tuple[CDPSession, str]
) -> None:
    give_password(page, live_server.url, "clara")
    page.goto(f"{live_server.url}/account/second-factor/")
    assert_accessible(page)
    page.get_by_role("link", name="Add a passkey").click()
    assert_accessible(page)
    add_passkey(page, live_server.url, "office computer")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{live_server.url}/account/second-factor/")
    expect(page.get_by_role("row").filter(has_text="office computer")).to_be_visible()
    assert_accessible(page)
    page.context.clear_cookies()
    give_password(page, live_server.url, "clara")
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(f"{live_server.url}/")


def test_it_signs_in_alone_and_proves_who_one_is_by_keyboard(
    clara: User, page: Page, live_server, key: tuple[CDPSession, str]
) -> None:
    give_password(page, live_server.url, "clara")
    add_passkey(page, live_server.url, "office computer")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/sign-in/?next=/account/address/")
    assert_accessible(page)
    page.get_by_role("button", name="Use a passkey").press("Enter")
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_role("link", name="Use your passkey").press("Enter")
    expect(page.get_by_role("button", name="Use your passkey")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Use your passkey").press("Enter")
    page.wait_for_url(f"{live_server.url}/account/address/")


def test_it_is_renamed_and_taken_away(
    clara: User, page: Page, live_server, key: tuple[CDPSession, str]
) -> None:
    give_password(page, live_server.url, "clara")
    add_passkey(page, live_server.url, "office computer")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{live_server.url}/account/second-factor/")
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    assert_accessible(page)
    page.get_by_label("Name").fill("key at home")
    page.get_by_role("button", name="Save the name").click()
    page.get_by_role("link", name="Take it away key at home").click()
    expect(page.get_by_text("this is the only one")).to_be_visible()
    assert_accessible(page)
    protocol, number = key
    protocol.send("WebAuthn.clearCredentials", {"authenticatorId": number})
    add_passkey(page, live_server.url, "new telephone")
    page.get_by_role("link", name="Take it away key at home").click()
    assert_accessible(page)
    page.get_by_role("button", name="Take the passkey away").click()
    expect(page.get_by_text("The passkey is taken away.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="key at home")).to_have_count(0)


def test_what_goes_wrong_is_said(clara: User, page: Page, live_server, key: tuple[CDPSession, str]) -> None:
    give_password(page, live_server.url, "clara")
    add_passkey(page, live_server.url, "office computer")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    add_passkey(page, live_server.url, "the same again")
    expect(page.get_by_text("This passkey is added already.")).to_be_visible()
    assert_accessible(page)
    protocol, number = key
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/sign-in/")
    protocol.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("it was cancelled, or took too long")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_focused()
    assert_accessible(page)


def test_without_script_the_pages_say_so_and_the_password_still_works(
    clara: User, browser, live_server
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 900})
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/")
    expect(page.get_by_text("Passkeys need JavaScript in this browser.")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    give_password(page, live_server.url, "clara")
    page.wait_for_url(f"{live_server.url}/")
    context.close()
