"""Swagger UI from the installed package works under the strict policy: a call is tried out and nothing is blocked."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.accounts.models import User
from tests import factories
from tests.calling import token_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def said(browser: Browser, live_server: Any) -> Any:
    """A page and what the browser complained of."""
    context = browser.new_context(base_url=live_server.url)
    page, complaints = context.new_page(), []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((live_server.url, "data:")) else complaints.append(asked.url)
        ),
    )
    yield page, complaints
    context.close()


def test_an_operation_is_tried_out(said: tuple[Page, list[str]], alma: User) -> None:
    factories.product(alma.memberships.get().organisation, "P-SHOWN")
    secret = token_for(alma)
    page, complaints = said
    page.goto("/api/v1/docs/")
    expect(page.get_by_role("heading", name="Lodestone")).to_be_visible()
    page.get_by_role("button", name="Authorize").first.click()
    page.locator(".auth-container input").fill(secret)
    page.locator(".auth-btn-wrapper button.authorize").click()
    page.locator(".auth-btn-wrapper button.btn-done").click()
    page.locator("#operations-Registers-products_list .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .microlight").first).to_contain_text("P-SHOWN")
    assert complaints == []
