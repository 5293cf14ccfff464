"""The grid's door: lines, faults and balances as JSON, operations taken once; and the grid itself in a browser."""

from __future__ import annotations

import json
import os

import pytest
from django.test import Client
from django.urls import reverse

from reporting.models import Filing, FilingStatus
from reporting.queries.draft_lines import all_rows
from tests import factories
from tests.conftest import signed_in

# Playwright keeps an event loop in the thread that runs the test, which reads the database as well
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def draft(aurora) -> Filing:
    factories.product(aurora)
    factories.product(aurora, "P-99", retired_at="2026-01-01T00:00:00Z")
    factories.counterparty(aurora, "C'02", name="O'Brien <b>&</b> 沈阳 🧲")
    return factories.filing(aurora)


OPENING = {"kind": "opening", "product": "P-01", "quantity_kg": "12.400"}


def read(person, filing) -> dict:
    return signed_in(person).get(reverse("filing_lines", args=[filing.pk])).json()


def post(person, filing, ops, revision=0, client="tab", **more):
    body = json.dumps({"revision": revision, "client": client, "ops": ops} | more)
    return signed_in(person).post(
        reverse("filing_lines", args=[filing.pk]), body, content_type="application/json"
    )


def insert(number, **cells):
    return {"op": "insert", "line_no": number, "cells": cells}


def test_the_grid_is_told_everything_it_shows(alma, draft):
    post(alma, draft, [insert(1, **OPENING, note="=1+1 'x' 🧲")])
    told = read(alma, draft)
    assert (told["revision"], told["lines"]) == (
        1,
        [{"line_no": 1, "cells": OPENING | {"note": "=1+1 'x' 🧲"}}],
    )
    columns = {column["name"]: column for column in told["columns"]}
    assert list(columns)[:3] == ["kind", "product", "quantity_kg"]
    assert columns["kind"]["choices"][8] == {"value": "sold", "label": "sold"}
    assert [choice["value"] for choice in columns["product"]["choices"]] == ["P-01"]
    assert columns["counterparty"]["choices"][0]["label"] == "C'02 O'Brien <b>&</b> 沈阳 🧲"
    assert (columns["date"]["type"], columns["quantity_kg"]["type"], columns["note"]["type"]) == (
        "date",
        "number",
        "text",
    )
    assert told["balances"]["products"][0]["text"] == "12.4 kg of P-01 unaccounted for"
    fault = next(fault for fault in told["faults"] if fault["code"] == "ARI001")
    assert set(fault) == {"code", "severity", "line_no", "column", "message", "url", "explained"}
    assert fault["severity"] == "error"


def test_a_change_is_answered_with_faults_and_balances(alma, draft):
    answer = post(alma, draft, [insert(1, **OPENING), insert(2, **OPENING | {"kind": "closing"})])
    told = answer.json()
    assert (answer.status_code, told["revision"], told["faults"]) == (200, 1, [])
    assert told["balances"]["products"][0]["text"] == ""
    assert told["saved_at"]


def test_the_same_change_again_answers_the_same(alma, draft):
    first = post(alma, draft, [insert(1, **OPENING)])
    assert post(alma, draft, [insert(1, **OPENING)]).json() == first.json()
    assert draft.lines.count() == 1


def test_another_change_from_an_old_page_is_told_what_stands(alma, draft):
    post(alma, draft, [insert(1, **OPENING)])
    answer = post(alma, draft, [insert(1, kind="closing")], client="other tab")
    told = answer.json()
    assert (answer.status_code, told["code"], told["revision"], told["changed"]) == (409, "stale", 1, [1])
    assert told["lines"] == [{"line_no": 1, "cells": OPENING}]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "not_operations"),
        ("[]", "not_operations"),
        ('{"revision": "x", "ops": []}', "not_operations"),
        ('{"revision": 0, "ops": {}}', "not_operations"),
        ('{"revision": 0, "ops": [{"op": "drop", "line_no": 1}]}', "not_operations"),
        (
            '{"revision": 0, "ops": [{"op": "insert", "line_no": 99999999999, "cells": {}}]}',
            "line_number_unusable",
        ),
        (
            '{"revision": 0, "ops": [{"op": "insert", "line_no": 1, "cells": {"price": "1"}}]}',
            "unknown_column",
        ),
        ("[" * 10_000, "not_operations"),
    ],
)
def test_what_is_no_change_is_refused_in_words(alma, draft, body, code):
    answer = signed_in(alma).post(
        reverse("filing_lines", args=[draft.pk]), body, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(answer.json()["message"]) > 10


@pytest.mark.parametrize(
    "text",
    [
        "O'Brien",
        "🧲",
        "沈阳",
        "0",
        "-1",
        "1e308",
        "=cmd|'/c calc'!A0",
        "\x00\x07",
        "\ud800",
        "\u202eabc",
        "a\tb\r\nc",
        "x" * 40_000,
    ],
)
def test_anything_may_be_typed_anywhere(alma, draft, text):
    cells = {column["name"]: text for column in read(alma, draft)["columns"]}
    assert post(alma, draft, [insert(1, **cells)]).status_code == 200
    told = read(alma, draft)
    shown = signed_in(alma).get(reverse("filing_edit", args=[draft.pk]))
    assert shown.status_code == 200
    kept = told["lines"][0]["cells"].get("note", "")
    assert (
        kept[:20]
        == text.strip()
        .replace("\x00\x07", "")
        .replace("\ud800", "?")
        .replace("\u202e", "")
        .replace("\r\n", "\n")[:20]
    )


def test_who_may_read_and_who_may_type(alma, bruno, carla, dora, draft):
    address = reverse("filing_lines", args=[draft.pk])
    assert [signed_in(who).get(address).status_code for who in (alma, bruno, carla, dora)] == [
        200,
        200,
        404,
        403,
    ]
    assert [post(who, draft, []).status_code for who in (bruno, carla, dora)] == [403, 404, 403]
    assert Client().get(address).status_code == 302


def test_a_filing_at_the_certifiers_desk_is_not_typed_in(alma, draft):
    draft.status = FilingStatus.HANDED_OVER
    draft.save()
    answer = post(alma, draft, [insert(1, **OPENING)])
    assert (answer.status_code, answer.json()["code"]) == (422, "handed_over")


def test_faults_alone_are_told(alma, draft):
    post(alma, draft, [insert(1, **OPENING)])
    told = signed_in(alma).get(reverse("filing_faults", args=[draft.pk])).json()
    assert told["revision"] == 1
    assert {fault["code"] for fault in told["faults"]} >= {"ARI001"}


def test_four_thousand_lines_pasted_are_taken_in_one_go(alma, draft):
    ops = [insert(number, **OPENING) for number in range(1, 4_001)]
    told = post(alma, draft, ops).json()
    assert told["revision"] == 1
    assert len(all_rows(draft)) == 4_000


# --- in the browser -----------------------------------------------------------------------------------------------


@pytest.fixture
def typed(transactional_db, live_server, context, aurora, alma):
    """Alma's browser, signed in, and a draft."""
    factories.product(aurora)
    draft = factories.filing(aurora)
    session = signed_in(alma).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return draft, f"{live_server.url}{reverse('filing_edit', args=[draft.pk])}"


def paste_block(page, text):
    """What a spreadsheet's copy puts on the clipboard, given to the cell that has the cursor."""
    page.evaluate(
        """text => {
            const data = new DataTransfer(); data.setData('text/plain', text);
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


@pytest.mark.browser
def test_typing_pasting_faults_autosave_second_tab_and_reload(typed, context):
    draft, address = typed
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address)
    grid = page.locator(".grid-shell")
    grid.wait_for()
    page.locator(".grid-body input").first.click()
    paste_block(page, "opening\tP-01\t12.400\nclosing\tP-01\t12.000\nsold\tP-77\tlots")
    page.get_by_text("0.4 kg of P-01 unaccounted for").first.wait_for()
    page.locator("[data-unsaved='0']").wait_for(state="attached")
    assert [number for number, _ in all_rows(draft)] == [1, 2, 3]
    page.locator(".grid-side").get_by_text("CMP004").first.wait_for()
    page.reload()
    page.locator(".grid-shell").wait_for()
    page.get_by_text("0.4 kg of P-01 unaccounted for").first.wait_for()
    second = context.new_page()
    second.goto(address)
    second.get_by_text("open in another tab").wait_for()
    assert problems == []
