"""Pictures of every step of a working day and of the other pages, on a desk and on a phone, in both languages.

    python -m tests.browser.screenshots FOLDER [URL]

starts a demonstration of its own (or looks at the one that answers at URL, freshly prepared) and takes some five minutes.
Not a test: for people who look.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import people
from tests.browser.stack import running
from tests.browser.test_walk import ANSWER, QUESTION, number_of
from tests.browser.workbook import fill, plan, spoil

WIDTHS = (1280, 320)
LANGUAGES = {"en": "English", "zh-hans": "简体中文"}
TALLEST = 4000  # px; a longer page is cut there
PUBLIC = (
    "/",
    "/sign-in/",
    "/verify/",
    "/verify/how/",
    "/checks/",
    "/checks/STK001/",
    "/enrol/",
    "/no/such/page/",
)
OTHER_PAGES = {
    "preparer": ("/filings/", "/calendar/", "/extensions/", "/findings/", "/products/", "/products/add/", "/counterparties/",
                 "/counterparties/add/", "/account/", "/account/second-factor/", "/account/tokens/", "/people/"),
    "manager": ("/", "/people/", "/people/invite/", "/trail/", "/organisation/"),
    "reviewer": ("/supervision/obligations/", "/supervision/findings/", "/supervision/organisations/", "/supervision/questions/",
                 "/supervision/sweeps/"),
    "administrator": ("/", "/supervision/enrolments/", "/supervision/recoveries/", "/supervision/extensions/",
                      "/supervision/extensions/for-all/", "/supervision/trail/"),
    "customs": ("/",),
}  # fmt: skip


@dataclass
class Camera:
    """Numbers the pictures as they are taken."""

    folder: Path
    taken: int = 0
    names: list[str] = field(default_factory=list)

    def shoot(self, page: Page, name: str) -> None:
        """The page as it stands, in both languages and widths; afterwards it is as it was."""
        self.taken += 1
        for language, label in LANGUAGES.items():
            speak(page, label)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.wait_for_load_state("networkidle")
                tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
                path = self.folder / f"{self.taken:02}-{name}-{language}-{width}.png"
                page.screenshot(
                    path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall}
                )
        page.set_viewport_size({"width": 1280, "height": 900})
        speak(page, LANGUAGES["en"])


def speak(page: Page, label: str) -> None:
    """Change the language, if the page speaks the other."""
    page.set_viewport_size({"width": 1280, "height": 900})
    button = page.get_by_role("banner").get_by_role("button", name=label)
    if button.count():
        here = page.url
        button.click()
        page.wait_for_load_state()
        if page.url != here:
            page.goto(here)


@contextmanager
def portal(url: str) -> Iterator[str]:
    if url:
        yield url
    else:
        with running() as stack:
            yield stack.url


def work_through(browser: Browser, url: str, camera: Camera) -> None:
    """The day of test_walk.py, with a picture of each step."""

    def desk() -> Page:
        return browser.new_context(base_url=url, viewport={"width": 1280, "height": 900}).new_page()

    stranger, preparer, certifier, reviewer = desk(), desk(), desk(), desk()
    for address in PUBLIC:
        stranger.goto(address)
        camera.shoot(stranger, "public" + address.strip("/").replace("/", "-"))
    organisation, month, line = prepare(preparer, camera)
    receipt_number = sign(certifier, month, camera)
    stranger.goto(f"/verify/{receipt_number}/")
    camera.shoot(stranger, "verified")
    review(reviewer, preparer, camera, organisation, month, line)
    seats = {"preparer": preparer, "reviewer": reviewer}
    for username, addresses in OTHER_PAGES.items():
        page = seats.get(username) or desk()
        if username not in seats:
            people.sign_in(page, username)
        for address in addresses:
            page.goto(address)
            camera.shoot(page, f"{username}-{address.strip('/').replace('/', '-')}")
    for listing in ("/supervision/findings/", "/supervision/organisations/", "/supervision/sweeps/"):
        reviewer.goto(listing)
        people.main(reviewer).get_by_role("table").get_by_role("link").first.click()
        camera.shoot(reviewer, "one-of-" + listing.strip("/").split("/")[-1])


def prepare(page: Page, camera: Camera) -> tuple[str, str, int]:
    people.sign_in(page, "preparer")
    organisation, month = people.organisation_of(page), people.month_owed(page)
    camera.shoot(page, "overview")
    page.goto(f"/filings/start/?period={number_of(month)}")
    camera.shoot(page, "start")
    people.begin(page, month)
    expect(people.grid(page)).to_be_visible(timeout=people.PATIENT)
    camera.shoot(page, "grid-begun")
    template, filled = (
        people.download(page, "Download as workbook", camera.folder),
        camera.folder / "filled.xlsx",
    )
    moves = plan(template)
    fill(template, moves, number_of(month), filled)
    line = spoil(filled, moves[4], f"{moves[4].kg} kg?") - 1
    people.upload(page, filled)
    camera.shoot(page, "uploaded")
    people.see_lines(page)
    camera.shoot(page, "grid-fault")
    expect(people.grid(page)).to_be_visible(timeout=people.PATIENT)
    quantity = page.locator("[aria-invalid=true]").first
    quantity.click()
    page.keyboard.type(moves[4].kg)
    page.keyboard.press("Enter")
    people.saved(page)
    people.check(page)
    camera.shoot(page, "warning")
    people.explain(page, "DUP002", "Two deliveries on one invoice.")
    people.hand_over(page)
    camera.shoot(page, "handed-over")
    return organisation, month, line


def sign(page: Page, month: str, camera: Camera) -> str:
    page.goto("/sign-in/?as=certifier")
    people.main(page).get_by_role("button", name="Sign in").click()
    camera.shoot(page, "second-factor")
    people.give_code(page)
    page.goto("/")
    camera.shoot(page, "certifier-overview")
    people.open_to_sign(page, month)
    camera.shoot(page, "prove-again")
    people.prove_again(page)
    camera.shoot(page, "to-sign")
    people.sign(page, month)
    camera.shoot(page, "receipt")
    return people.main(page).locator(".receipt-number").inner_text().strip()


def review(reviewer: Page, preparer: Page, camera: Camera, organisation: str, month: str, line: int) -> None:
    people.sign_in(reviewer, "reviewer")
    camera.shoot(reviewer, "regulator-overview")
    reviewer.goto("/supervision/filings/")
    camera.shoot(reviewer, "queue")
    people.find_to_review(reviewer, organisation, month)
    people.start_review(reviewer)
    for name in ("Findings", "Lines", "Balances"):
        people.part(reviewer, name)
        camera.shoot(reviewer, f"review-{name.lower()}")
    people.part(reviewer, "Lines")
    people.main(reviewer).get_by_role("link", name="Ask about line").first.click()
    camera.shoot(reviewer, "ask")
    people.find_to_review(reviewer, organisation, month)
    people.ask_at(reviewer, line, QUESTION)
    preparer.goto("/questions/")
    camera.shoot(preparer, "questions")
    people.main(preparer).get_by_role("link", name=QUESTION).click()
    camera.shoot(preparer, "question")
    people.answer(preparer, QUESTION, ANSWER)
    people.find_to_review(reviewer, organisation, month)
    people.part(reviewer, "Questions")
    camera.shoot(reviewer, "answered")
    people.accept(reviewer)
    people.part(reviewer, "Versions and trail")
    camera.shoot(reviewer, "accepted-trail")


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    flags = ["--no-sandbox", "--no-first-run", "--disable-gpu"]
    with portal(sys.argv[2] if len(sys.argv) > 2 else "") as url, sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        work_through(browser, url, Camera(folder))
        browser.close()


if __name__ == "__main__":
    main()
