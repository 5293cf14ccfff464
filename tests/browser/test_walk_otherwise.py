"""The same work by keyboard alone, and without JavaScript; and a worker killed while the nation is swept."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import Desks
from tests.browser.keyboard import follow, go_to, press, write
from tests.browser.stack import BIN, ROOT, Stack

on_sqlite = pytest.mark.parametrize("portal", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("portal", ["postgresql"], indirect=True)

LATER = {"LODESTONE_CLOCK_OFFSET": "120"}  # seconds: longer than a claim or a message of a dead worker holds
UNFINISHED = "SELECT count(*) FROM reporting_sweepshard WHERE state <> 'done'"
CLAIMED = "SELECT count(*) FROM reporting_sweepshard WHERE state = 'claimed'"


@pytest.mark.holds("keyboard-alone")
@on_sqlite
def test_a_month_from_sign_in_to_receipt_by_keyboard_alone(portal: Stack, desk: Desks) -> None:
    page = desk()
    page.goto("/sign-in/")
    write(page, "E-mail address or user name", "supplier")
    write(page, "Password", people.PASSWORD)
    with page.expect_navigation():
        press(page, "Enter")
    if "/code/" in page.url:
        write(page, "One-time code", people.main(page).locator("strong.code").inner_text())
        with page.expect_navigation():
            press(page, "Enter")
    month = people.month_owed(page)
    follow(page, f"Start {month}")
    follow(page, "Begin the filing")
    follow(page, people.main(page).get_by_role("button", name=re.compile("without a figure")).inner_text())
    close_every_product(page)
    press(page, "Escape")
    follow(page, "Check and hand over", back=True)
    follow(page, "Hand over to the certifier")
    follow(page, "Read and sign")
    write(page, "Password", people.PASSWORD)
    with page.expect_navigation():
        press(page, "Enter")
    follow(page, f"Sign and submit {month}")
    expect(people.main(page).get_by_role("heading", level=1)).to_have_text(f"Receipt for {month}")
    assert re.fullmatch("[0-9a-f]{64}", people.digest_in(page))


def close_every_product(page: Page) -> None:
    """Nothing moved: what each line of opening stock says is typed again into the closing stock below it."""
    expect(people.grid(page)).to_be_visible()
    products = page.locator(".grid-row:not(.grid-row-new) [role=rowheader]").count() // 2
    go_to(page, "Kind, line 1")
    press(page, "ArrowRight", "ArrowRight")
    for _product in range(products):
        stock = page.evaluate("document.activeElement.value")
        press(page, "ArrowDown")
        page.keyboard.type(stock)
        press(page, "Enter")
    people.saved(page)
    expect(page.get_by_role("status").filter(has_text="Errors: 0.")).to_be_visible()


@pytest.mark.holds("without-script")
@on_postgresql
def test_lines_typed_and_a_nil_return_signed_without_javascript(portal: Stack, desk: Desks) -> None:
    page = desk(java_script_enabled=False)
    people.sign_in(page, "supplier")
    month = people.month_owed(page)
    people.begin(page, month, from_last=False)
    type_a_line(page, 1, Kind="produced", Product="JS001", **{"Quantity (kg)": "twelve"})
    expect(people.main(page).get_by_label("Quantity (kg), line 1")).to_have_accessible_description(
        re.compile("number")
    )
    type_a_line(page, 1, **{"Quantity (kg)": "12.5"})
    expect(people.main(page).get_by_label("Quantity (kg), line 1")).to_have_value("12.5")
    people.main(page).get_by_role("link", name="Throw the draft away").click()
    people.main(page).get_by_role("button", name="Throw the draft away").click()
    people.main(page).get_by_role("link", name=f"File {month}").click()
    people.main(page).get_by_role("link", name="File a nil return").click()
    people.prove_again(page)
    people.main(page).get_by_role("button", name=f"Sign the nil return for {month}").click()
    expect(people.main(page).get_by_role("heading", level=1)).to_have_text(f"Receipt for {month}")
    expect(people.main(page)).to_contain_text("Nil return: nothing to report")


def type_a_line(page: Page, line: int, **cells: Any) -> None:
    """Fill cells of the form, adding the line first where it is not there, and save."""
    form = people.main(page)
    if not form.get_by_label(f"Kind, line {line}", exact=True).count():
        form.get_by_role("button", name="Add a line").click()
    for column, text in cells.items():
        form.get_by_label(f"{column}, line {line}", exact=True).fill(text)
    form.get_by_role("button", name="Save", exact=True).click()


@pytest.mark.holds("killed-worker-harms-nothing")
@on_postgresql
def test_a_worker_killed_in_the_middle_of_a_sweep_loses_nothing_and_doubles_nothing(portal: Stack) -> None:
    portal.wait_for_workers()
    command = [str(BIN / "python"), "manage.py", "sweep"]
    with subprocess.Popen(
        command, cwd=ROOT, env=portal.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ):
        portal.wait_for(f"SELECT ({CLAIMED}) > 0", True)
        portal.kill("worker")
    assert portal.rows(UNFINISHED)[0][0] > 0
    portal.kill("relay")
    portal.environment.update(LATER)
    portal.start("relay", "python", "manage.py", "relay")
    portal.start_worker()
    portal.wait_for(UNFINISHED, 0, seconds=240)
    portal.wait_for("SELECT count(*) FROM reporting_sweep WHERE state <> 'done'", 0, seconds=120)
    assert portal.rows("SELECT count(*) - count(DISTINCT fingerprint) FROM reporting_finding") == [(0,)]
    assert "findings: 0 opened, 0 reopened, 0 closed" in portal.manage("sweep", "--wait")
