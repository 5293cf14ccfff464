"""The pages on which an organisation works on its filings, without script."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.core.months import Month
from reporting.models import Explanation, Filing, FilingStatus, Kind
from reporting.queries.draft_lines import all_rows
from reporting.services import drafts
from reporting.services.checking import faults_of
from tests import factories
from tests.conftest import acting, signed_in


@pytest.fixture
def thing(aurora):
    return factories.product(aurora)


@pytest.fixture
def draft(aurora, thing) -> Filing:
    filing = factories.filing(aurora)
    factories.line(filing, 1, Kind.OPENING, thing, "5")
    factories.line(filing, 2, Kind.CLOSING, thing, "3")
    filing.line_count = 2
    filing.save()
    return filing


def page(person, name, *args, **query):
    return signed_in(person).get(reverse(name, args=args), query)


def send(person, name, *args, **data):
    return signed_in(person).post(reverse(name, args=args), data)


def test_the_year_shows_every_month_with_its_due_day(alma):
    answer = page(alma, "filing_list", year="2026")
    words = answer.content.decode()
    assert answer.status_code == 200
    assert "January 2026" in words
    assert f"{reverse('filing_start')}?period=2026-01" in words
    assert "Beijing time" in words


def test_the_list_names_versions_and_the_next_action(alma, draft):
    answer = page(alma, "filing_list", year="2026")
    assert [row.action for row in answer.context["filings"]] == ["Continue"]


def test_an_organisation_that_owes_nothing_is_told_so(aurora, alma):
    aurora.reports_from = None
    aurora.save()
    assert "owes no monthly filing" in page(alma, "filing_list").content.decode()


def test_a_filing_is_begun_from_the_page(alma):
    asked = page(alma, "filing_start", period="2026-05")
    assert "Begin the filing" in asked.content.decode()
    answer = send(alma, "filing_start", period="2026-05", how="empty")
    filing = Filing.objects.get()
    assert answer["Location"] == reverse("filing_edit", args=[filing.pk])
    assert send(alma, "filing_start", period="2026-05", how="empty")["Location"] == answer["Location"]


@pytest.mark.parametrize("period", ["", "nonsense", "2026-13"])
def test_a_month_that_is_none_leads_back_to_the_list(alma, period):
    assert page(alma, "filing_start", period=period)["Location"] == reverse("filing_list")


def test_a_choice_not_made_is_said_in_place(alma):
    assert send(alma, "filing_start", period="2026-05").status_code == 422


def test_a_filing_shows_faults_balance_and_lines(alma, draft):
    answer = page(alma, "filing_view", draft.pk)
    words = answer.content.decode()
    assert "2 kg of P-01 unaccounted for" in words
    assert "ARI001" in words
    assert "opening stock" in words


def test_colleagues_read_and_others_find_nothing(alma, bruno, ada, carla, dora, nina, draft):
    address = reverse("filing_view", args=[draft.pk])
    seen = {
        person.username: signed_in(person).get(address).status_code
        for person in (alma, bruno, ada, carla, dora, nina)
    }
    assert seen == {"alma": 200, "bruno": 200, "ada": 200, "carla": 404, "dora": 403, "nina": 403}


@pytest.mark.parametrize("name", ["filing_edit", "filing_discard", "filing_upload", "filing_paste"])
def test_only_preparers_change_a_draft(name, bruno, carla, draft):
    address = reverse(name, args=[draft.pk])
    assert signed_in(bruno).get(address).status_code == 403
    assert signed_in(carla).get(address).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "filing_hand_over",
        "filing_take_back",
        "filing_explain",
        "filing_reread",
        "filing_remove_blank",
        "filing_discard",
    ],
)
def test_another_organisations_draft_is_not_there_to_change(name, carla, draft):
    assert send(carla, name, draft.pk, code="ARI001", subject="x", text="y").status_code == 404


def table(answer) -> dict[str, str]:
    """What a browser would send from the form table."""
    lines = answer.context["table"].lines
    data = {cell.name: cell.value for line in lines for cell in line.cells}
    data["line"] = [str(line.number) for line in lines]
    filing = answer.context["filing"]
    return data | {"revision": filing.revision, "form_key": "k1", "next_line": answer.context["next_line"]}


def test_cells_are_labelled_and_saved_without_script(alma, draft):
    shown = page(alma, "filing_edit", draft.pk)
    assert 'aria-label="Quantity (kg), line 2"' in shown.content.decode()
    answer = send(
        alma, "filing_edit", draft.pk, **table(shown) | {"quantity_kg-2": "5.000", "action": "save"}
    )
    assert answer.status_code == 302
    assert all_rows(draft)[1][1] == {"kind": "closing", "product": "P-01", "quantity_kg": "5.000"}
    draft.refresh_from_db()
    assert (draft.revision, draft.lines.get(line_no=1).quantity_dp) == (1, 0)


def test_a_save_that_changes_nothing_touches_no_line(alma, draft):
    send(alma, "filing_edit", draft.pk, **table(page(alma, "filing_edit", draft.pk)))
    assert Filing.objects.get().saves.get().line_nos == []


def test_lines_are_added_copied_and_deleted_without_script(alma, draft):
    added = send(
        alma, "filing_edit", draft.pk, **table(page(alma, "filing_edit", draft.pk)) | {"action": "add"}
    )
    assert added["Location"].endswith("?line=3#line-3")
    send(
        alma,
        "filing_edit",
        draft.pk,
        **table(page(alma, "filing_edit", draft.pk)) | {"action": "copy:2", "form_key": "k2"},
    )
    assert all_rows(draft)[3] == (4, {"kind": "closing", "product": "P-01", "quantity_kg": "3"})
    send(
        alma,
        "filing_edit",
        draft.pk,
        **table(page(alma, "filing_edit", draft.pk)) | {"action": "delete:1", "form_key": "k3"},
    )
    assert [number for number, _ in all_rows(draft)] == [2, 3, 4]


def test_a_double_click_adds_one_line(alma, draft):
    data = table(page(alma, "filing_edit", draft.pk)) | {"action": "add"}
    first, second = (send(alma, "filing_edit", draft.pk, **data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert draft.lines.count() == 3


def test_a_stale_form_keeps_what_was_typed_and_shows_what_stands(alma, draft):
    data = table(page(alma, "filing_edit", draft.pk)) | {"quantity_kg-2": "4", "note-1": "O'Brien 🧲"}
    op = {"op": "set", "line_no": 2, "cells": {"quantity_kg": "4.5"}}
    drafts.apply_ops(by=acting(alma), filing_id=draft.pk, revision=0, ops=[op], client="elsewhere")
    answer = send(alma, "filing_edit", draft.pk, **data)
    words = answer.content.decode()
    assert answer.status_code == 409
    assert "Saved in another window: 4.5" in words
    assert "O&#x27;Brien 🧲" in words
    assert all_rows(draft)[1][1]["quantity_kg"] == "4.5"
    again = send(alma, "filing_edit", draft.pk, **table(answer))
    assert again.status_code == 302
    assert all_rows(draft)[1][1]["quantity_kg"] == "4"


def test_a_line_deleted_elsewhere_is_not_lost_to_who_types_it(alma, draft):
    data = table(page(alma, "filing_edit", draft.pk)) | {"quantity_kg-2": "4"}
    op = {"op": "delete", "line_no": 2}
    drafts.apply_ops(by=acting(alma), filing_id=draft.pk, revision=0, ops=[op], client="elsewhere")
    answer = send(alma, "filing_edit", draft.pk, **data)
    assert "Deleted in another window" in answer.content.decode()
    send(alma, "filing_edit", draft.pk, **table(answer))
    assert all_rows(draft)[1] == (2, {"kind": "closing", "product": "P-01", "quantity_kg": "4"})


def test_a_fault_is_said_at_its_cell(alma, draft):
    op = {"op": "set", "line_no": 2, "cells": {"quantity_kg": "<b>lots</b>"}}
    drafts.apply_ops(by=acting(alma), filing_id=draft.pk, revision=0, ops=[op])
    words = page(alma, "filing_edit", draft.pk).content.decode()
    assert 'aria-describedby="cell-quantity_kg-2-why"' in words
    assert "&lt;b&gt;lots" in words
    assert "<b>lots" not in words


@pytest.mark.parametrize("lines", [60, 3_000])
def test_a_page_takes_the_same_queries_however_long_the_draft(
    alma, draft, lines, django_assert_max_num_queries
):
    rows = [
        (number, {"kind": "opening", "product": "P-01", "quantity_kg": "1"}) for number in range(1, lines + 1)
    ]
    drafts.replace_lines(by=acting(alma), filing_id=draft.pk, revision=None, rows=rows, source="file")
    client = signed_in(alma)
    with django_assert_max_num_queries(48):
        answer = client.get(reverse("filing_edit", args=[draft.pk]), {"line": "55"})
    assert answer.context["page"] == 2
    assert len(answer.context["table"].lines) == (10 if lines == 60 else 50)


def test_codes_known_now_are_offered_to_be_read_again(aurora, alma, draft):
    op = {"op": "set", "line_no": 1, "cells": {"product": "P-77"}}
    drafts.apply_ops(by=acting(alma), filing_id=draft.pk, revision=0, ops=[op])
    assert "are in your lists now" not in page(alma, "filing_edit", draft.pk).content.decode()
    factories.product(aurora, "P-77")
    assert "are in your lists now: P-77" in page(alma, "filing_edit", draft.pk).content.decode()
    send(alma, "filing_reread", draft.pk)
    assert draft.lines.get(line_no=1).product.code == "P-77"


def balance(alma, draft):
    op = {"op": "set", "line_no": 2, "cells": {"quantity_kg": "5"}}
    drafts.apply_ops(by=acting(alma), filing_id=draft.pk, revision=0, ops=[op])


def test_warnings_are_explained_on_the_page_and_the_filing_handed_over(alma, bruno, draft):
    balance(alma, draft)
    for fault in faults_of(draft):
        if fault.severity == "warning":
            send(
                alma, "filing_explain", draft.pk, code=fault.code, subject=fault.subject, text="counted twice"
            )
    handed = send(alma, "filing_hand_over", draft.pk, revision=1)
    assert handed.status_code == 302
    draft.refresh_from_db()
    assert draft.status == FilingStatus.HANDED_OVER
    assert page(alma, "filing_edit", draft.pk)["Location"] == reverse("filing_view", args=[draft.pk])
    words = page(bruno, "filing_view", draft.pk).content.decode()
    assert "waits for the certifier" in words
    send(bruno, "filing_take_back", draft.pk)
    draft.refresh_from_db()
    assert draft.status == FilingStatus.DRAFT


def test_an_empty_explanation_is_refused_in_words(alma, draft):
    assert send(alma, "filing_explain", draft.pk, code="ARI001", subject="x", text=" ").status_code == 422
    assert not Explanation.objects.exists()


def test_errors_keep_the_filing_here_in_words(alma, draft):
    answer = send(alma, "filing_hand_over", draft.pk, revision=0)
    assert answer.status_code == 409
    assert "Mend the errors first" in answer.content.decode()


def test_a_stale_hand_over_is_refused(alma, draft):
    balance(alma, draft)
    assert send(alma, "filing_hand_over", draft.pk, revision="0").status_code == 409
    assert send(alma, "filing_hand_over", draft.pk, revision="x").status_code == 409


def test_a_draft_is_thrown_away_after_it_was_asked(alma, draft):
    assert "2 lines" in page(alma, "filing_discard", draft.pk).content.decode()
    assert send(alma, "filing_discard", draft.pk)["Location"] == reverse("filing_list")
    assert not Filing.objects.exists()


def test_a_filed_version_is_shown_and_not_edited(alma, draft):
    draft.status, draft.submitted_at = FilingStatus.SUBMITTED, draft.created_at
    draft.save()
    assert page(alma, "filing_view", draft.pk).status_code == 200
    assert page(alma, "filing_edit", draft.pk).status_code == 302
    assert send(alma, "filing_discard", draft.pk).status_code == 409
    assert Month.parse("2026-05") == draft.period
