"""The way in, in a real browser: password and code, setting up an authenticator, a recovery code."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from portal.accounts.models import Organisation, User
from tests import factories
from tests.factories import PASSWORD
from tests.portal.accounts.test_sign_in import code_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def give_password(page: Page, site: str, login: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.get_by_label("E-mail address or user name").fill(login)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def assert_accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert not [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]


def test_bruno_signs_in_with_password_and_code(bruno: User, page: Page, live_server) -> None:
    give_password(page, live_server.url, "bruno")
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("One-time code").fill(code_now(bruno))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/account/")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    assert_accessible(page)


def test_a_new_certifier_sets_up_an_authenticator(aurora: Organisation, page: Page, live_server) -> None:
    factories.user("clara", (aurora, "certifier"))
    give_password(page, live_server.url, "clara")
    page.goto(f"{live_server.url}/account/second-factor/")
    page.get_by_role("link", name="Set up an authenticator app").click()
    expect(page.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    assert page.get_by_role("img", name="QR code for the authenticator app").evaluate(
        "image => image.naturalWidth > 0"
    )
    assert_accessible(page)
    secret = page.locator("#totp-secret").inner_text()
    page.get_by_label("One-time code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    assert_accessible(page)


def test_a_recovery_code_lets_in(bruno: User, page: Page, live_server) -> None:
    code = RecoveryCodes.activate(bruno).get_unused_codes()[0]
    give_password(page, live_server.url, "bruno")
    page.get_by_label("One-time code").fill(code)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{live_server.url}/")


def test_a_wrong_password_is_said_and_the_focus_goes_to_it(alma: User, page: Page, live_server) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_label("E-mail address or user name").fill("alma")
    page.get_by_label("Password", exact=True).fill("something else entirely")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("No account has this name and password together")
    assert_accessible(page)


def test_signing_in_works_without_script(alma: User, browser, live_server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    give_password(page, live_server.url, "alma")
    page.wait_for_url(f"{live_server.url}/")
    context.close()
