"""A whole working day: a month is prepared, signed, verified, asked about and accepted, on running processes."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import Desks
from tests.browser.stack import ROOT, Stack
from tests.browser.workbook import fill, plan, remark_in, spoil

QUESTION = "Which machine was this sale for?"
ANSWER = "For the pumps of our client's second works."
STEPS = [
    "Draft started", "File received", "Warning explained", "Draft handed over for signing", "Filing signed and submitted", "Review started",
    "Question asked", "Question answered", "Filing accepted",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the people of the walk keep their files."""
    return tmp_path_factory.mktemp("desk")


def test_a_month_is_filed_signed_verified_asked_about_and_accepted(
    portal: Stack, desk: Desks, folder: Path
) -> None:
    preparer, certifier, reviewer = desk(), desk(), desk()
    month, line = prepare(preparer, folder)
    receipt = sign(certifier, month, folder)
    verify(desk(), receipt)
    portal.wait_for_workers()
    review(reviewer, preparer, month, line)
    portal.wait_for_workers()
    portal.wait_for_seals()
    assert re.search(r"The trail holds: [1-9]\d+ rows sealed, 0 waiting", portal.manage("verify-trail"))


def prepare(page: Page, folder: Path) -> tuple[str, int]:
    """The preparer fills the template, reads the fault at its cell, mends it in the grid, explains a warning, hands over.

    The month, and the line of a sale.
    """
    people.sign_in(page, "preparer")
    month = people.month_owed(page)
    people.begin(page, month)
    expect(people.grid(page)).to_be_visible(timeout=people.PATIENT)
    template, filled = people.download(page, "Download as workbook", folder), folder / "filled.xlsx"
    moves = plan(template)
    sale = moves[4]
    fill(template, moves, number_of(month), filled)
    row = spoil(filled, sale, f"{sale.kg} kg?")
    people.upload(page, filled)
    expect(people.main(page).get_by_role("row").filter(has_text=f"Cell D{row}")).to_contain_text(
        "is no number"
    )
    remarked = people.download(page, "Your file with remarks in the cells (.xlsx)", folder)
    assert "CMP006" in remark_in(remarked, row)
    people.see_lines(page)
    line = line_at(filled, row)
    expect(people.cell(page, "Quantity (kg)", line)).to_have_value(f"{sale.kg} kg?")
    people.type_in(page, "Quantity (kg)", line, sale.kg)
    expect(page.get_by_role("status").filter(has_text="Errors: 0. Warnings to explain: 1.")).to_be_visible()
    people.check(page)
    people.explain(page, "DUP002", "Two deliveries on one invoice.")
    people.hand_over(page)
    return month, line


def sign(page: Page, month: str, folder: Path) -> people.Receipt:
    """The certifier proves who he is, reads what will be signed, signs, and takes the receipt along."""
    people.sign_in(page, "certifier")
    people.open_to_sign(page, month)
    people.prove_again(page)
    for words in (
        "Two deliveries on one invoice.",
        "SHA-256 of what you sign",
        "Changes against the last month",
    ):
        expect(people.main(page).get_by_text(words).first).to_be_visible()
    promised = people.digest_in(page)
    people.sign(page, month)
    receipt = people.take_receipt(page, folder)
    assert receipt.digest == promised
    return receipt


def verify(page: Page, receipt: people.Receipt) -> None:
    """A stranger recomputes the digest and asks the public page by number, by digest, and by the address in the QR code."""
    script = [sys.executable, str(ROOT / "docs" / "verify_receipt.py"), str(receipt.data), receipt.digest]
    told = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    assert "This is the filed data." in told
    assert receipt.pdf.read_bytes().startswith(b"%PDF")
    for what in (receipt.number, receipt.digest):
        assert "The filing is in force" in people.verify(page, what)
    page.goto(receipt.verify_url)
    expect(people.main(page)).to_contain_text(receipt.digest)
    assert "No such receipt" in people.verify(
        page, receipt.digest.replace(receipt.digest[0], "f" if receipt.digest[0] != "f" else "e")
    )


def review(reviewer: Page, preparer: Page, month: str, line: int) -> None:
    """The reviewer asks about a line, reads the answer, accepts; the trail of the filing holds it all."""
    organisation = people.organisation_of(preparer)
    people.sign_in(reviewer, "reviewer")
    people.find_to_review(reviewer, organisation, month)
    people.start_review(reviewer)
    people.ask_at(reviewer, line, QUESTION)
    people.answer(preparer, QUESTION, ANSWER)
    people.find_to_review(reviewer, organisation, month)
    people.part(reviewer, "Questions")
    expect(people.main(reviewer).get_by_text(ANSWER)).to_be_visible()
    people.accept(reviewer)
    told = people.trail_of(reviewer)
    missing = [step for step in STEPS if step not in told]
    assert not missing, told


def number_of(month: str) -> str:
    """2026-10 of October 2026."""
    return datetime.strptime(month, "%B %Y").strftime("%Y-%m")  # noqa: DTZ007 - a month has no zone


def line_at(workbook: Path, row: int) -> int:
    """The number of the line in a row of the sheet."""
    return int(openpyxl.load_workbook(workbook).worksheets[0].cell(row, 1).value)
