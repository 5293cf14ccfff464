"""What the people of a working day do, step by step, with nothing but what the pages offer them.

Every function takes the page of the person who acts; addresses are relative to the context's ``base_url``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, expect

PATIENT = 20_000  # ms: a page of checks on a busy machine


PASSWORD = "lodestone-for-everyone"  # the sign-in page of the demonstration says so


@dataclass(frozen=True)
class Receipt:
    """What a receipt's page says, and the files it offers."""

    number: str
    digest: str
    data: Path
    pdf: Path
    verify_url: str


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def sign_in(page: Page, username: str) -> None:
    """With the password and the code that the demonstration shows."""
    page.goto("/sign-in/")
    expect(main(page).locator("strong.code").first).to_have_text(PASSWORD)
    main(page).get_by_label("E-mail address or user name").fill(username)
    main(page).get_by_label("Password", exact=True).fill(PASSWORD)
    main(page).get_by_role("button", name="Sign in").click()
    if "/sign-in/code/" in page.url:
        give_code(page)
    expect(page.get_by_role("navigation", name="Main")).to_be_attached()


def give_code(page: Page) -> None:
    """The second factor."""
    main(page).get_by_label("One-time code").fill(main(page).locator("strong.code").inner_text())
    main(page).get_by_role("button", name="Go on").click()


def prove_again(page: Page) -> None:
    """Answer the question for the password before signing."""
    expect(main(page).get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    main(page).get_by_label("Password", exact=True).fill(PASSWORD)
    main(page).get_by_role("button", name="Confirm").click()


def month_owed(page: Page) -> str:
    """The month that the overview asks for."""
    page.goto("/")
    words = main(page).get_by_role("heading", name=re.compile("Due now")).inner_text()
    return words.split(":")[1].strip()


def begin(page: Page, month: str, *, from_last: bool = True) -> None:
    """Start the month's draft."""
    page.goto("/filings/")
    page.get_by_role("link", name=f"File {month}").first.click()
    if not from_last:
        main(page).get_by_label("An empty table").check()
    main(page).get_by_role("button", name="Begin the filing").click()


def grid(page: Page) -> Locator:
    return page.get_by_role("grid")


def cell(page: Page, column: str, line: int) -> Locator:
    return grid(page).get_by_label(f"{column}, line {line}", exact=True)


def download(page: Page, link: str, folder: Path) -> Path:
    """Follow a link that gives a file; where it was saved."""
    with page.expect_download() as waiting:
        main(page).get_by_role("link", name=link).click()
    got: Download = waiting.value
    path = folder / got.suggested_filename
    got.save_as(path)
    return path


def upload(page: Page, workbook: Path) -> None:
    """Hand the workbook in; what came of it is on the next page."""
    page.get_by_role("link", name="Upload a file").click()
    main(page).get_by_label("File", exact=True).set_input_files(workbook)
    main(page).get_by_role("button", name="Upload", exact=True).click()
    expect(main(page).get_by_role("heading", level=1)).to_have_text(
        re.compile(r"lines? read"), timeout=PATIENT
    )


def see_lines(page: Page) -> None:
    main(page).get_by_role("link", name="See the lines").click()
    expect(grid(page)).to_be_visible()


def type_in(page: Page, column: str, line: int, text: str) -> None:
    """Replace a cell, and wait until the grid says that it is saved."""
    cell(page, column, line).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    saved(page)


def saved(page: Page) -> None:
    expect(page.locator("[data-grid][data-unsaved='0']")).to_be_attached(timeout=PATIENT)
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible(timeout=PATIENT)


def check(page: Page) -> None:
    """Leave the grid for the filing's own page."""
    page.get_by_role("link", name="Check and hand over").click()
    expect(main(page).get_by_role("heading", name="Faults")).to_be_visible(timeout=PATIENT)


def explain(page: Page, code: str, words: str) -> None:
    """Say why a warning is right as it stands."""
    main(page).locator("summary", has_text=code).first.click()
    main(page).get_by_label("Why are the figures right as they stand?").first.fill(words)
    main(page).get_by_role("button", name="Keep the explanation").first.click()
    expect(main(page).get_by_role("paragraph").filter(has_text=words)).to_be_visible()


def hand_over(page: Page) -> None:
    main(page).get_by_role("button", name="Hand over to the certifier").click()
    expect(main(page).get_by_text("The filing is with the certifier now")).to_be_visible()


def open_to_sign(page: Page, month: str) -> None:
    """From the overview to the page of the signature."""
    page.goto("/")
    main(page).get_by_role("link", name=f"Read and sign {month}", exact=True).first.click()


def sign(page: Page, month: str) -> None:
    """Sign what was read."""
    main(page).get_by_role("button", name=f"Sign and submit {month}").click()
    expect(main(page).get_by_role("heading", level=1)).to_have_text(f"Receipt for {month}", timeout=PATIENT)


def digest_in(page: Page) -> str:
    """The SHA-256 that the page shows first."""
    return re.sub(r"\s", "", main(page).locator(".digest").first.inner_text())


def take_receipt(page: Page, folder: Path) -> Receipt:
    """Read the receipt's page and take its files along."""
    number = main(page).locator(".receipt-number").inner_text().strip()
    verify = main(page).get_by_role("link", name="Verification page").get_attribute("href") or ""
    data = download(page, "The signed data", folder)
    return Receipt(number, digest_in(page), data, download(page, "Receipt as PDF", folder), verify)


def verify(page: Page, what: str) -> str:
    """Ask the public page about a number or a digest; what it answers."""
    page.goto("/verify/")
    main(page).get_by_role("textbox").first.fill(what)
    main(page).get_by_role("button", name="Verify").click()
    return main(page).inner_text()


def organisation_of(page: Page) -> str:
    """For whom the person acts, as the overview says."""
    page.goto("/")
    return main(page).locator(".eyebrow").first.inner_text()


def find_to_review(page: Page, organisation: str, month: str) -> None:
    """From the queue, by the organisation's name, to the filing."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Filings").click()
    main(page).get_by_label("Organisation: part of its name, or its code").fill(organisation)
    main(page).get_by_role("button", name="Find").click()
    main(page).get_by_role("row").filter(has=page.get_by_role("cell", name=month, exact=True)).get_by_role(
        "link", name=organisation
    ).click()
    expect(main(page).get_by_role("heading", level=1)).to_have_text(f"Filing for {month}")


def start_review(page: Page) -> None:
    main(page).get_by_role("button", name="Start the review").click()
    expect(main(page).get_by_role("button", name="Start the review")).to_have_count(0)


def part(page: Page, name: str) -> None:
    """Another part of the filing under review."""
    main(page).get_by_role("navigation", name="Parts of this filing").get_by_role("link", name=name).click()


def ask_at(page: Page, line: int, words: str) -> None:
    """Ask a question at a line; the answer is due on the day that the form offers."""
    part(page, "Lines")
    main(page).get_by_role("link", name=f"Ask about line {line}", exact=True).click()
    main(page).get_by_label("Your question").fill(words)
    main(page).get_by_role("button", name="Send the question").click()
    expect(main(page).get_by_text(words)).to_be_visible()


def answer(page: Page, question: str, words: str) -> None:
    """Find the question in one's list and answer it."""
    page.goto("/questions/")
    main(page).get_by_role("link", name=question).click()
    main(page).get_by_label("Your answer").fill(words)
    main(page).get_by_role("button", name="Send the answer").click()
    expect(main(page).get_by_text(words).first).to_be_visible()


def accept(page: Page) -> None:
    main(page).get_by_role("button", name="Accept the filing").click()
    expect(main(page).get_by_role("button", name="Accept the filing")).to_have_count(0)


def trail_of(page: Page) -> str:
    """What was done to the filing under review."""
    part(page, "Versions and trail")
    return main(page).get_by_role("list").filter(has=page.locator(".timeline-when")).inner_text()
