"""Pictures of the pages of licensing, filled: applications and cases in every state, licences, customs, watch lists.

    python -m tests.browser.licence_screenshots FOLDER URL [SEAT …]

looks at the demonstration that answers at URL, as each seat (or those named). Not a test: for people who look.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import people
from tests.browser.screenshots import Camera

STATES = (
    "submitted",
    "accepted_for_processing",
    "in_review",
    "information_requested",
    "recommended",
    "decided",
    "withdrawn",
    "closed",
)
PARTS = ("goods", "parties", "papers", "requests", "decision", "history")
STEPS = ("goods/", "goods/1/", "parties/", "use/", "documents/", "submit/")

LISTS = {
    "preparer": ("/licence-applications/", "/licence-applications/start/", "/licences/"),
    "officer": ("/", "/casework/", "/casework/statistics/", "/casework/rules/", "/supervision/licences/"),
    "countersigner": ("/", "/casework/?state=recommended"),
    "customs": ("/", "/customs/", "/customs/check/", "/customs/declarations/", "/customs/batch/"),
    "administrator": (
        "/",
        "/casework/rules/",
        "/casework/rules/general/",
        "/casework/rules/general/change/",
        "/casework/new-rule/?flags=1",
        "/casework/rules/general/end/",
        "/casework/queues/watch/",
        "/supervision/licences/",
        "/supervision/control-list/",
        "/supervision/watch-lists/",
        "/supervision/watch-lists/1/",
        "/casework/judged-again/",
        "/casework/likenesses/",
        "/supervision/customs-office/",
    ),
}


def addresses(page: Page, listing: str, pattern: str) -> list[str]:
    """Addresses on a page that look like the pattern, each once."""
    page.goto(listing)
    hrefs = people.main(page).get_by_role("link").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return list(dict.fromkeys(href for href in hrefs if re.fullmatch(pattern, href or "")))


def applicant(page: Page, camera: Camera) -> None:
    """Every application, the steps of a draft, requests, every licence."""
    for number, address in enumerate(
        addresses(page, "/licence-applications/", r"/licence-applications/\d+/(goods/)?")
    ):
        one = address.removesuffix("goods/")
        visit(page, camera, one, f"application-{number}")
        if page.get_by_role("link", name="Submit").count() or address.endswith("goods/"):
            for step in STEPS:
                visit(page, camera, one + step, f"application-{number}-{step.strip('/').replace('/', '-')}")
        for request in addresses(page, one, r"/licence-applications/requests/\d+/")[:1]:
            visit(page, camera, request, f"application-{number}-request")
    for address in addresses(page, "/licences/", r"/licences/\d+/")[:2]:
        visit(page, camera, address, f"licence{address.replace('/', '-')}")


def officer(page: Page, camera: Camera) -> None:
    """A case of every state in all its parts, and what may be done with it."""
    for state in STATES:
        for address in addresses(page, f"/casework/?state={state}", r"/casework/\d+/")[:1]:
            visit(page, camera, address, f"case-{state}")
            for part in PARTS:
                visit(page, camera, f"{address}?part={part}", f"case-{state}-{part}")
    for address in addresses(page, "/casework/?state=in_review", r"/casework/\d+/")[:1]:
        for action in ("ask/", "advise/?line=1", "recommend/", "close/"):
            visit(page, camera, address + action, f"case-{action.split('/')[0]}")
    for address in addresses(page, "/supervision/licences/", r"/supervision/licences/\d+/")[:1]:
        visit(page, camera, address, "office-licence")
        visit(page, camera, f"{address}order/", "office-licence-order")


def countersigner(page: Page, camera: Camera) -> None:
    """What waits for a signature."""
    for address in addresses(page, "/casework/?state=recommended", r"/casework/\d+/")[:1]:
        visit(page, camera, f"{address}?part=decision", "case-to-sign")
        visit(page, camera, f"{address}decide/", "case-decide")


def visit(page: Page, camera: Camera, address: str, name: str) -> None:
    """One picture of the page, in both languages and widths."""
    response = page.goto(address)
    if response is not None and response.status == 200:
        camera.shoot(page, name)


FURTHER = {"preparer": applicant, "officer": officer, "countersigner": countersigner}


def main() -> None:
    folder, url, *seats = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    flags = ["--no-sandbox", "--no-first-run", "--disable-gpu"]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        camera = Camera(Path(folder))
        for seat in seats or LISTS:
            page = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900}).new_page()
            people.sign_in(page, seat)
            for address in LISTS[seat]:
                visit(page, camera, address, f"{seat}{address.split('?')[0].replace('/', '-')}".strip("-"))
            FURTHER.get(seat, lambda *_: None)(page, camera)
        browser.close()


if __name__ == "__main__":
    main()
