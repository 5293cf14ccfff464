"""The filing grid, by keyboard: it moves like a spreadsheet, saves itself, and loses nothing that was typed."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.grid_stub import BASE, Lines

pytestmark = pytest.mark.browser

PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
STORE = 'localStorage.getItem("lodestone-unsaved:filing-1")'


@pytest.fixture
def lines(context):
    held = Lines(20)
    context.route("**/*", held.answer)
    return held


@pytest.fixture
def grid(page: Page, lines: Lines):
    faults = []

    def note(fault):
        faults.append(fault)

    page.on("pageerror", note)
    page.goto(f"{BASE}/grid/")
    expect(page.locator(".grid-body .grid-row").first).to_be_visible()
    yield page
    assert faults == []


def cell(page, line, column):
    return page.locator(f'.grid-body input[aria-label="{column}, line {line}"]')


def here(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def saved(page):
    expect(page.locator(".grid-state")).to_contain_text("Saved 14:03", timeout=8000)
    expect(page.locator("[data-unsaved='0']")).to_be_attached()
    assert page.evaluate(STORE) is None


def type_into(page, line, column, text):
    cell(page, line, column).click()
    page.keyboard.type(text)
    press(page, "Enter")


def test_typing_replaces_and_enter_goes_down_and_it_is_saved(grid, lines):
    type_into(grid, 1, "Quantity", "77.125")
    assert here(grid) == "Quantity, line 2"
    saved(grid)
    assert lines.lines[1]["quantity_kg"] == "77.125"


def test_escape_brings_back_what_stood_there(grid):
    cell(grid, 2, "Quantity").click()
    grid.keyboard.type("9")
    press(grid, "Escape")
    expect(cell(grid, 2, "Quantity")).to_have_value("2.500")


def test_arrows_tab_and_ends(grid):
    cell(grid, 2, "Quantity").click()
    press(grid, "ArrowLeft", "ArrowUp")
    assert here(grid) == "Product, line 1"
    press(grid, "Tab", "Tab", "Tab")
    assert here(grid) == "Kind, line 2"
    press(grid, "Control+End")
    assert here(grid) == "Note, new line"


def test_choices_are_understood_by_their_first_letters_and_from_the_list(grid, lines):
    cell(grid, 1, "Kind").click()
    grid.keyboard.type("lo")
    press(grid, "Tab")
    expect(cell(grid, 1, "Kind")).to_have_value("Lost")
    press(grid, "F2", "ArrowDown", "Enter")
    expect(cell(grid, 1, "Product")).to_have_value("P-03 block")
    saved(grid)
    assert lines.lines[1]["kind"] == "lost"
    assert lines.lines[1]["product"] == "P-03"


def test_undo_and_redo(grid):
    type_into(grid, 1, "Note", "first")
    press(grid, "Control+z")
    expect(cell(grid, 1, "Note")).to_have_value("")
    press(grid, "Control+y")
    expect(cell(grid, 1, "Note")).to_have_value("first")


def test_a_block_with_quoted_cells_is_pasted(grid):
    cell(grid, 1, "Note").click()
    grid.evaluate(PASTE, 'a\r\n"two\nlines ""q"""\r\n5" pipe')
    expect(cell(grid, 1, "Note")).to_have_value("a")
    expect(cell(grid, 2, "Note")).to_have_value('two lines "q"')
    expect(cell(grid, 3, "Note")).to_have_value('5" pipe')


def test_a_block_that_names_its_columns_makes_new_lines(grid, lines):
    cell(grid, 1, "Kind").click()
    press(grid, "Control+ArrowDown")
    grid.evaluate(PASTE, "Quantity\tKind\n12.5\tsold\n1\tLost")
    saved(grid)
    assert lines.lines[21] == {"quantity_kg": "12.5", "kind": "sold"}
    assert lines.lines[22] == {"quantity_kg": "1", "kind": "lost"}


def test_fill_down_and_delete_and_undo(grid, lines):
    cell(grid, 19, "Quantity").click()
    press(grid, "Shift+ArrowDown", "Control+d")
    expect(cell(grid, 20, "Quantity")).to_have_value("19.500")
    press(grid, "Control+-")
    saved(grid)
    assert set(lines.lines) == set(range(1, 19))
    press(grid, "Control+z")
    expect(grid.locator("[data-unsaved='0']")).to_be_attached()
    assert lines.lines[20]["quantity_kg"] == "19.500"


def test_nobody_is_caught_in_the_grid(grid):
    cell(grid, 1, "Kind").click()
    press(grid, "Escape", "Tab")
    assert here(grid) is None or "line" not in here(grid)


def test_faults_mark_the_cell_and_lead_to_it(grid):
    expect(cell(grid, 2, "Quantity")).to_have_attribute("aria-invalid", "true")
    grid.get_by_role("button", name="line 2").click()
    assert here(grid) == "Quantity, line 2"
    expect(grid.locator(".grid-summary")).to_have_text("12.400 kg of P-07 unaccounted for")


def test_a_save_that_fails_is_said_kept_and_tried_again(grid, lines):
    lines.failures = 1
    type_into(grid, 3, "Note", "kept")
    expect(grid.locator(".grid-state")).to_contain_text("Not saved")
    assert json.loads(grid.evaluate(STORE))["ops"] == [{"op": "set", "line_no": 3, "cells": {"note": "kept"}}]
    saved(grid)
    assert lines.lines[3]["note"] == "kept"


def test_what_a_closed_page_left_is_put_back(grid, lines, context):
    lines.failures = 100
    type_into(grid, 4, "Note", "before")
    expect(grid.locator(".grid-state")).to_contain_text("Not saved")
    grid.close(run_before_unload=False)
    lines.failures = 0
    again = context.new_page()
    again.goto(f"{BASE}/grid/")
    expect(cell(again, 4, "Note")).to_have_value("before")
    again.get_by_role("button", name="Save it now").click()
    saved(again)
    assert lines.lines[4]["note"] == "before"


@pytest.mark.holds("sessions-limits")
def test_signed_out_says_so_and_goes_on_after(grid, lines):
    lines.failures, lines.status = 1, 403
    type_into(grid, 5, "Note", "kept")
    expect(grid.locator("[data-kind=signedOut]")).to_contain_text("What you typed is kept in this browser")
    grid.get_by_role("button", name="Try again").click()
    saved(grid)
    assert lines.lines[5]["note"] == "kept"


@pytest.mark.holds("stale-tab-loses-nothing")
def test_what_others_wrote_in_other_cells_is_joined(grid, lines):
    lines.write_elsewhere(5, note="theirs")
    type_into(grid, 6, "Note", "mine")
    expect(cell(grid, 5, "Note")).to_have_value("theirs")
    expect(grid.locator("[data-kind=merged]")).to_contain_text("lines 5")
    saved(grid)
    assert lines.lines[6]["note"] == "mine"


@pytest.mark.holds("stale-tab-loses-nothing")
@pytest.mark.parametrize(("choice", "stays"), [("Keep mine", "mine"), ("Take theirs", "theirs")])
def test_where_both_wrote_the_same_cell_the_person_chooses(grid, lines, choice, stays):
    lines.write_elsewhere(7, note="theirs")
    type_into(grid, 7, "Note", "mine")
    expect(grid.locator("[data-kind=conflict]")).to_contain_text("here “mine”, elsewhere “theirs”")
    expect(cell(grid, 7, "Note")).to_have_value("mine")
    grid.get_by_role("button", name=choice).click()
    expect(cell(grid, 7, "Note")).to_have_value(stays)
    expect(grid.locator("[data-unsaved='0']")).to_be_attached()
    assert lines.lines[7]["note"] == stays


def test_two_new_lines_with_one_number_both_stay(grid, lines):
    lines.write_elsewhere(21, kind="lost")
    cell(grid, 1, "Kind").click()
    press(grid, "Control+ArrowDown")
    grid.keyboard.type("Sold")
    press(grid, "Tab")
    saved(grid)
    assert lines.lines[21] == {"kind": "lost"}
    assert lines.lines[22] == {"kind": "sold"}


def test_only_one_tab_types(grid, lines, context):
    other = context.new_page()
    other.goto(f"{BASE}/grid/")
    expect(other.locator("[data-kind=tab]")).to_be_visible()
    expect(cell(other, 1, "Note")).not_to_be_editable()
    cell(grid, 10, "Note").click()
    grid.keyboard.type("from the first")
    other.get_by_role("button", name="Type here instead").click()
    expect(grid.locator("[data-kind=tab]")).to_be_visible()
    expect(cell(other, 10, "Note")).to_have_value("from the first")
    expect(cell(other, 10, "Note")).to_be_editable()


def test_ten_thousand_lines_and_four_thousand_pasted(page, context):
    held = Lines(10_000)
    context.route("**/*", held.answer)
    page.goto(f"{BASE}/grid/")
    expect(cell(page, 1, "Kind")).to_be_visible()
    assert page.locator(".grid-body .grid-row").count() < 100
    cell(page, 1, "Kind").click()
    press(page, "Control+ArrowDown")
    page.evaluate(PASTE, "\n".join(f"sold\tP-05\t{n}.5" for n in range(4000)))
    saved(page)
    assert len(held.lines) == 14_000
    assert held.posts == 1


def test_it_is_accessible(grid):
    assert Axe().run(grid).response["violations"] == []


@pytest.mark.holds("without-script")
def test_without_script_the_form_stays(browser, lines):
    context = browser.new_context(java_script_enabled=False)
    context.route("**/*", lines.answer)
    page = context.new_page()
    page.goto(f"{BASE}/grid/")
    expect(page.get_by_text("The form without script")).to_be_visible()
    context.close()
