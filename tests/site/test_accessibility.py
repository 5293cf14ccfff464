"""Every page, for somebody who may see it, in both languages and on a phone's width: WCAG 2.2 AA, and clean in the browser.

Widths take turns between pages and languages; ``make accessible`` looks at each page in both.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

from portal.accounts.models import User
from portal.accounts.roles import ROLES, Kind
from tests import factories
from tests.conftest import with_second_factor
from tests.site.visitors import STRANGER, Visitor, visitor_of, visits

pytestmark = pytest.mark.browser

RULES = {
    "resultTypes": ["violations"],  # what passes is not told node by node
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]},
}
WIDTHS = (320, 1280)
BOTH = os.environ.get("LOOKS") == "all"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FACTS = """() => ({
  lang: document.documentElement.lang,
  h1: [...document.querySelectorAll("h1")].filter(one => one.offsetParent !== null).map(one => one.innerText.trim()),
  title: document.title,
  wide: document.scrollingElement.scrollWidth - document.documentElement.clientWidth,
  main: document.querySelector("main")?.innerText ?? "",
})"""
SEND_EMPTY = """() => {
  const form = document.querySelector("main form[method=post]:not([enctype])") ?? document.querySelector("main form[method=post]");
  form.noValidate = true;
  form.querySelectorAll("input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not([type=file]), textarea")
    .forEach(one => { one.value = ""; });
  form.requestSubmit();
}"""
# Addresses whose form, sent empty, answers with faults: (address, role).
FAULTY = (
    ("/sign-in/", STRANGER),
    ("/enrol/", STRANGER),
    ("/sign-in/lost-second-factor/", STRANGER),
    ("/verify/", STRANGER),
    ("/products/add/", "preparer"),
    ("/counterparties/add/", "preparer"),
    ("/people/invite/", "organisation_administrator"),
    ("/account/password/", "reviewer"),
    ("/account/address/", "preparer"),
)


def widths_of(turn: int) -> tuple[int, ...]:
    """The width that has its turn, or both."""
    return WIDTHS if BOTH else (WIDTHS[turn % 2],)


@dataclass
class Look:
    """The pages seen so far by a browser that speaks one language, and what was wrong with them."""

    browser: Browser
    url: str
    language: str
    wrong: list[str] = field(default_factory=list)
    titles: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    seen: int = 0
    pages: dict[tuple[str, int], Page] = field(default_factory=dict)

    def page_of(self, person: Visitor, width: int) -> Page:
        key = (person.name, width)
        if key not in self.pages:
            self.pages[key] = self._open(person, width)
        return self.pages[key]

    def _open(self, person: Visitor, width: int) -> Page:
        context: BrowserContext = self.browser.new_context(
            base_url=self.url, viewport={"width": width, "height": 900}
        )
        session = person.client.cookies.get(settings.SESSION_COOKIE_NAME)
        cookies = {settings.LANGUAGE_COOKIE_NAME: self.language} | (
            {session.key: session.value} if session else {}
        )
        context.add_cookies(
            [{"name": name, "value": value, "url": self.url} for name, value in cookies.items()]
        )
        page = context.new_page()
        page.on("console", lambda told: self.complain(page, told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self.complain(page, str(error)))
        return page

    def complain(self, page: Page, words: str) -> None:
        width = page.viewport_size["width"] if page.viewport_size else 0
        self.wrong.append(f"{page.url.removeprefix(self.url)} [{self.language} {width}]: {words}")

    def at(self, person: Visitor, address: str, width: int) -> None:
        """Open an address and judge the page, if it is one: files and forwardings are not."""
        page = self.page_of(person, width)
        answer = page.request.get(address, max_redirects=0)
        if answer.status == 200 and "text/html" in answer.headers.get("content-type", ""):
            page.goto(address)
            self.judge(page, person, address)

    def judge(self, page: Page, person: Visitor, address: str) -> None:
        self.seen += 1
        facts: dict[str, Any] = page.evaluate(FACTS)
        if facts["lang"] != self.language:
            self.complain(page, f"html lang {facts['lang']}")
        if len(facts["h1"]) != 1:
            self.complain(page, f"h1: {facts['h1']}")
        if facts["wide"] > 0:
            self.complain(page, f"scrolls sideways by {facts['wide']} px")
        if self.language == "zh-hans" and len(CHINESE.findall(facts["main"])) < 10:
            self.complain(page, f"not in Chinese: {facts['title']}")
        self.titles.setdefault((person.name, facts["title"]), set()).add(
            re.sub(r"\d+|[0-9a-f]{64}", "#", address)
        )
        for fault in Axe().run(page, options=RULES).response["violations"]:
            nodes = "; ".join(node["html"][:160] for node in fault["nodes"][:3])
            self.complain(page, f"{fault['id']}: {fault['help']}: {nodes}")

    def same_titles(self) -> list[str]:
        return [
            f"{title} is the title of {sorted(pages)}"
            for (_who, title), pages in self.titles.items()
            if len(pages) > 1
        ]

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


@pytest.fixture(params=["en", "zh-hans"])
def look(
    request: pytest.FixtureRequest, live_server: Any, browser: Browser, visitors: list[Visitor]
) -> Iterator[Look]:
    """Everybody reads the language of the turn."""
    User.objects.update(language=request.param)
    eyes = Look(browser, live_server.url, request.param)
    yield eyes
    eyes.close()


@pytest.mark.holds("accessible")
def test_every_page_with_something_on_it(
    look: Look, visitors: list[Visitor], two_producers: dict[str, Any]
) -> None:
    turn = int(look.language != "en")
    for number, (address, allowed) in enumerate(visits(visitors, two_producers["own"])):
        if allowed:
            for width in widths_of(number + turn):
                look.at(allowed[-turn], address, width)
    assert look.seen > 60
    assert not look.wrong + look.same_titles(), "\n".join(look.wrong + look.same_titles())


@pytest.mark.holds("accessible")
def test_every_list_with_nothing_on_it(look: Look, visitors: list[Visitor]) -> None:
    enterprise = factories.organisation("91310000607378229T", "Newcomer Magnets", name_zh="新来磁材有限公司")
    roles = [code for code, role in ROLES.items() if role.kind == Kind.ENTERPRISE]
    person = factories.user("newcomer", *((enterprise, role) for role in roles), language=look.language)
    newcomer = visitor_of("newcomer", roles, with_second_factor(person))
    for address, allowed in visits([newcomer], None):
        if allowed:
            for width in widths_of(look.language == "en"):
                look.at(newcomer, address, width)
    assert look.seen > 10
    assert not look.wrong, "\n".join(look.wrong)


@pytest.mark.holds("accessible")
def test_forms_with_their_faults(look: Look, visitors: list[Visitor]) -> None:
    people = {person.name: person for person in visitors}
    for number, (address, role) in enumerate(FAULTY):
        for width in widths_of(number + (look.language == "en")):
            page = look.page_of(people[role], width)
            page.goto(address)
            with page.expect_navigation():
                page.evaluate(SEND_EMPTY)
            if not page.locator(".error-summary, .errorlist").count():
                look.complain(page, "sent empty, it shows no fault")
            look.judge(page, people[role], address)
    wrong = [words for words in look.wrong if "the server responded with a status of 422" not in words]
    assert not wrong, "\n".join(wrong)
