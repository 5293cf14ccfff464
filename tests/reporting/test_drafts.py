"""A draft: begun, changed once, handed over, explained, thrown away."""

from __future__ import annotations

import pytest
from django.http import Http404

from portal.audit.models import Event
from portal.core.errors import Refused
from portal.core.months import Month
from reporting.models import Explanation, Filing, FilingStatus, Kind, Line
from reporting.queries.draft_lines import all_rows
from reporting.services import drafts, sending
from reporting.services.checking import faults_of
from tests import factories
from tests.conftest import acting

MAY = Month.parse("2026-05")


def filed(of, period, *lines, **fields) -> Filing:
    """A filed month with these (kind, product, kg) lines."""
    filing = factories.filing(of, period)
    for number, (kind, thing, kg) in enumerate(lines, start=1):
        factories.line(filing, number, kind, thing, kg)
    filing.status, filing.submitted_at = FilingStatus.SUBMITTED, filing.created_at
    filing.line_count = len(lines)
    for name, value in fields.items():
        setattr(filing, name, value)
    filing.save()
    return filing


@pytest.fixture
def thing(aurora):
    return factories.product(aurora)


@pytest.fixture
def draft(aurora, thing) -> Filing:
    return factories.filing(aurora)


def change(person, filing, ops, revision=None, client="tab"):
    revision = Filing.objects.get(pk=filing.pk).revision if revision is None else revision
    return drafts.apply_ops(by=acting(person), filing_id=filing.pk, revision=revision, ops=ops, client=client)


OPENING = {"kind": "opening", "product": "P-01", "quantity_kg": "5"}
CLOSING = {"kind": "closing", "product": "P-01", "quantity_kg": "5"}


def balanced(alma, draft):
    """Two lines that agree with each other."""
    change(
        alma,
        draft,
        [{"op": "insert", "line_no": 1, "cells": OPENING}, {"op": "insert", "line_no": 2, "cells": CLOSING}],
    )


def test_a_filing_begins_from_last_month(aurora, alma, thing):
    client = factories.counterparty(aurora)
    april = factories.filing(aurora, "2026-04")
    factories.line(april, 1, Kind.OPENING, thing, "3")
    factories.line(april, 2, Kind.PRODUCED, thing, "10")
    factories.line(april, 3, Kind.SOLD, thing, "1", "100", counterparty=client)
    factories.line(april, 4, Kind.CLOSING, thing, "12.40")
    april.status, april.submitted_at = FilingStatus.SUBMITTED, april.created_at
    april.save()
    may = drafts.start(by=acting(alma), organisation=aurora, period=MAY)
    cells = [cells for _, cells in all_rows(may)]
    assert cells == [
        {"kind": "opening", "product": "P-01", "quantity_kg": "12.40"},
        {"kind": "produced", "product": "P-01"},
        {"kind": "sold", "product": "P-01", "counterparty": "C-01"},
        {"kind": "closing", "product": "P-01"},
    ]
    assert may.line_count == 4
    assert Event.objects.get(verb="draft.started").data["period"] == "2026-05"


def test_a_nil_month_carries_the_stock_over(aurora, alma, thing):
    filed(aurora, "2026-03", (Kind.CLOSING, thing, "7"))
    filed(aurora, "2026-04", nil=True)
    may = drafts.start(by=acting(alma), organisation=aurora, period=MAY)
    assert all_rows(may)[0][1]["quantity_kg"] == "7"


def test_after_a_gap_products_are_offered_without_their_stock(aurora, alma, thing):
    filed(aurora, "2026-03", (Kind.CLOSING, thing, "7"))
    may = drafts.start(by=acting(alma), organisation=aurora, period=MAY)
    assert all_rows(may)[0][1] == {"kind": "opening", "product": "P-01"}


def test_a_filing_may_begin_empty(aurora, alma, thing):
    filed(aurora, "2026-04", (Kind.CLOSING, thing, "7"))
    may = drafts.start(by=acting(alma), organisation=aurora, period=MAY, from_last=False)
    assert (may.line_count, may.version, may.status) == (0, 1, "draft")


@pytest.mark.holds("double-click-files-once")
def test_beginning_twice_gives_one_draft(aurora, alma):
    one = drafts.start(by=acting(alma), organisation=aurora, period=MAY)
    two = drafts.start(by=acting(alma), organisation=aurora, period=MAY)
    assert one.pk == two.pk


@pytest.mark.parametrize(("period", "code"), [("2031-01", "not_begun"), ("2025-12", "not_owed")])
def test_a_month_that_is_not_owed_cannot_begin(aurora, alma, period, code):
    with pytest.raises(Refused) as refused:
        drafts.start(by=acting(alma), organisation=aurora, period=Month.parse(period))
    assert refused.value.code == code


def test_a_filed_month_is_amended_not_begun(aurora, alma, thing):
    filed(aurora, "2026-05", (Kind.CLOSING, thing, "7"))
    with pytest.raises(Refused) as refused:
        drafts.start(by=acting(alma), organisation=aurora, period=MAY)
    assert refused.value.code == "already_filed"


def test_a_certifier_begins_nothing(aurora, bruno):
    with pytest.raises(Refused) as refused:
        drafts.start(by=acting(bruno), organisation=aurora, period=MAY)
    assert refused.value.status == 403


def test_lines_are_put_in_changed_and_taken_out(alma, draft):
    saved = change(alma, draft, [{"op": "insert", "line_no": 1, "cells": OPENING}])
    assert (saved.revision, saved.line_count) == (1, 1)
    change(alma, draft, [{"op": "set", "line_no": 1, "cells": {"quantity_kg": "6.50", "note": "counted"}}])
    assert all_rows(draft) == [(1, {**OPENING, "quantity_kg": "6.50", "note": "counted"})]
    change(alma, draft, [{"op": "set", "line_no": 1, "cells": {"note": ""}}, {"op": "delete", "line_no": 1}])
    draft.refresh_from_db()
    assert (draft.line_count, draft.revision, all_rows(draft)) == (0, 3, [])
    assert Event.objects.filter(verb="draft.saved").count() == 3


@pytest.mark.holds("double-click-files-once")
def test_a_repeated_save_acts_once_and_answers_the_same(alma, draft):
    ops = [{"op": "insert", "line_no": 1, "cells": OPENING}]
    first = change(alma, draft, ops, revision=0)
    change(alma, draft, [{"op": "insert", "line_no": 2, "cells": CLOSING}], revision=1)
    again = change(alma, draft, ops, revision=0)
    assert (again.revision, again.saved_at, again.repeated) == (first.revision, first.saved_at, True)
    assert draft.lines.count() == 2


@pytest.mark.holds("stale-tab-loses-nothing")
def test_a_stale_tab_is_told_what_changed_and_changes_nothing(alma, draft):
    change(alma, draft, [{"op": "insert", "line_no": 1, "cells": OPENING}], revision=0)
    with pytest.raises(drafts.Stale) as stale:
        change(alma, draft, [{"op": "insert", "line_no": 1, "cells": CLOSING}], revision=0, client="other")
    assert (stale.value.code, stale.value.revision, stale.value.changed) == ("stale", 1, [1])
    assert all_rows(draft) == [(1, OPENING)]


@pytest.mark.parametrize(
    ("ops", "code"),
    [
        ("nonsense", "not_operations"),
        ([{"op": "set", "line_no": 9, "cells": {}}], "no_such_line"),
        ([{"op": "insert", "line_no": 0, "cells": {}}], "line_number_unusable"),
        ([{"op": "insert", "line_no": 1, "cells": {"price": "1"}}], "unknown_column"),
        ([{"op": "insert", "line_no": 1, "cells": {"note": 5}}], "not_operations"),
        ([{"op": "insert", "line_no": 1, "cells": {}}] * 2, "line_exists"),
    ],
)
def test_operations_that_cannot_be_done_are_refused_whole(alma, draft, ops, code):
    with pytest.raises(Refused) as refused:
        change(alma, draft, ops)
    assert (refused.value.code, refused.value.status) == (code, 422)
    assert refused.value.words()
    assert not draft.lines.exists()


def test_another_organisations_draft_is_not_there(carla, draft):
    with pytest.raises(Http404):
        change(carla, draft, [])


def test_a_filed_version_is_not_changed(aurora, alma, thing):
    filing = filed(aurora, "2026-05", (Kind.CLOSING, thing, "7"))
    with pytest.raises(Refused) as refused:
        change(alma, filing, [{"op": "delete", "line_no": 1}])
    assert refused.value.code == "already_submitted"


def test_a_cell_not_understood_stays_until_it_is_typed_anew(alma, draft):
    change(alma, draft, [{"op": "insert", "line_no": 1, "cells": {**OPENING, "date": "03/05/2026"}}])
    change(alma, draft, [{"op": "set", "line_no": 1, "cells": {"note": "x"}}])
    assert all_rows(draft)[0][1]["date"] == "03/05/2026"
    change(alma, draft, [{"op": "set", "line_no": 1, "cells": {"date": "3 May 2026"}}])
    assert Line.objects.get(filing=draft).unread is None


def test_a_code_typed_before_its_product_existed_is_read_again(aurora, alma, draft):
    change(alma, draft, [{"op": "insert", "line_no": 1, "cells": {**OPENING, "product": "p-77"}}])
    assert drafts.reread(by=acting(alma), filing_id=draft.pk) == 0
    thing = factories.product(aurora, "P-77")
    assert drafts.reread(by=acting(alma), filing_id=draft.pk) == 1
    assert Line.objects.get(filing=draft).product_id == thing.pk


def test_four_thousand_lines_are_pasted_at_once(alma, draft):
    ops = [
        {"op": "insert", "line_no": number, "cells": {**OPENING, "note": f"O'Brien 🧲 稀土 ={number}"}}
        for number in range(1, 4_001)
    ]
    saved = change(alma, draft, ops)
    assert saved.line_count == draft.lines.count() == 4_000
    assert draft.lines.get(line_no=4_000).note == "O'Brien 🧲 稀土 =4000"


def test_no_more_lines_than_a_filing_holds(alma, draft, settings):
    settings.LINES_MAX = 1
    with pytest.raises(Refused) as refused:
        drafts.replace_lines(
            by=acting(alma),
            filing_id=draft.pk,
            revision=None,
            rows=[(1, OPENING), (2, CLOSING)],
            source="paste",
        )
    assert refused.value.code == "too_many_lines"


@pytest.mark.holds("no-unbounded-queries")
@pytest.mark.parametrize("lines", [10, 2_000])
def test_a_change_takes_the_same_queries_however_long_the_draft(
    alma, draft, lines, django_assert_num_queries
):
    rows = [(number, OPENING) for number in range(1, lines + 1)]
    drafts.replace_lines(by=acting(alma), filing_id=draft.pk, revision=None, rows=rows, source="file")
    actor = acting(alma)
    ops = [{"op": "set", "line_no": 5, "cells": {"note": "x"}}, {"op": "delete", "line_no": 6}]
    with django_assert_num_queries(16):
        drafts.apply_ops(by=actor, filing_id=draft.pk, revision=1, ops=ops, client="t")


def test_lines_offered_and_not_filled_in_are_taken_away_at_once(alma, draft):
    offered = {"kind": "sold", "product": "P-01"}
    change(
        alma,
        draft,
        [{"op": "insert", "line_no": n, "cells": c} for n, c in enumerate([OPENING, offered, CLOSING], 1)],
    )
    drafts.remove_blank(by=acting(alma), filing_id=draft.pk, revision=1)
    assert [number for number, _ in all_rows(draft)] == [1, 3]


def test_a_draft_without_faults_is_handed_over_and_taken_back(alma, bruno, draft):
    balanced(alma, draft)
    for fault in faults_of(draft):
        drafts.explain(
            by=acting(alma), filing_id=draft.pk, code=fault.code, subject=fault.subject, text="counted"
        )
    handed = drafts.hand_over(by=acting(alma), filing_id=draft.pk, revision=1)
    assert (handed.status, handed.prepared_by) == ("handed_over", alma)
    assert drafts.hand_over(by=acting(alma), filing_id=draft.pk, revision=1).revision == handed.revision
    with pytest.raises(Refused) as refused:
        change(alma, draft, [])
    assert refused.value.code == "handed_over"
    assert drafts.take_back(by=acting(bruno), filing_id=draft.pk).status == "draft"


def test_errors_keep_a_draft_from_the_certifier(alma, draft):
    change(alma, draft, [{"op": "insert", "line_no": 1, "cells": OPENING}])
    with pytest.raises(Refused) as refused:
        drafts.hand_over(by=acting(alma), filing_id=draft.pk, revision=1)
    assert refused.value.code == "errors_open"
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_an_empty_draft_is_a_nil_return(alma, draft):
    with pytest.raises(Refused) as refused:
        drafts.hand_over(by=acting(alma), filing_id=draft.pk, revision=0)
    assert refused.value.code == "no_lines"


def warned(alma, draft):
    """A draft with a warning at line 4: an invoice that stands at line 3 already."""
    factories.counterparty(draft.organisation)
    sale = {"kind": "sold", "product": "P-01", "quantity_kg": "1", "value_cny": "500", "counterparty": "C-01"}
    sale |= {"date": "2026-05-03", "invoice_no": "4401"}
    rows = [
        OPENING,
        {**CLOSING, "quantity_kg": "2"},
        sale,
        {**sale, "quantity_kg": "2", "date": "2026-05-06"},
    ]
    change(alma, draft, [{"op": "insert", "line_no": n, "cells": c} for n, c in enumerate(rows, 1)])
    return next(fault for fault in faults_of(draft) if fault.severity == "warning" and fault.line_no == 4)


def test_a_warning_is_explained_once_and_kept(alma, draft):
    fault = warned(alma, draft)
    for text in ("first", "  the invoice comes\n in June "):
        drafts.explain(by=acting(alma), filing_id=draft.pk, code=fault.code, subject=fault.subject, text=text)
    kept = Explanation.objects.get(filing=draft)
    assert (kept.text, kept.by) == ("the invoice comes in June", alma)
    change(alma, draft, [{"op": "set", "line_no": 4, "cells": {"quantity_kg": "2.0"}}])
    assert next(f for f in faults_of(draft) if (f.code, f.subject) == (fault.code, fault.subject)).explained
    change(alma, draft, [{"op": "delete", "line_no": 4}])
    assert not Explanation.objects.exists()


@pytest.mark.parametrize(("text", "code"), [("   ", "explanation_empty"), ("x" * 2001, "explanation_long")])
def test_an_explanation_says_something(alma, draft, text, code):
    fault = warned(alma, draft)
    with pytest.raises(Refused) as refused:
        drafts.explain(by=acting(alma), filing_id=draft.pk, code=fault.code, subject=fault.subject, text=text)
    assert refused.value.code == code


def test_what_is_not_open_is_not_explained(alma, draft):
    with pytest.raises(Refused) as refused:
        drafts.explain(by=acting(alma), filing_id=draft.pk, code="CMP018", subject="line:9", text="why not")
    assert refused.value.code == "nothing_to_explain"


def test_a_draft_is_thrown_away(alma, draft):
    balanced(alma, draft)
    drafts.discard(by=acting(alma), filing_id=draft.pk)
    assert not Filing.objects.exists()
    assert Event.objects.get(verb="draft.discarded").data == {"period": "2026-05", "version": 1, "lines": 2}


def test_whoever_enters_lines_has_something_to_report(alma, draft):
    sending.put_nil(by=acting(alma), filing_id=draft.pk)
    balanced(alma, draft)
    assert not Filing.objects.get(pk=draft.pk).nil


def test_a_month_begun_again_after_a_withdrawal_without_words_has_a_reason(alma, aurora, thing):
    loaded = filed(aurora, "2026-05", (Kind.OPENING, thing, "5"))
    loaded.status = FilingStatus.WITHDRAWN
    loaded.save(update_fields=["status"])
    again = drafts.start(by=acting(alma), organisation=aurora, period=MAY)
    assert again.version == 2
    assert again.amendment_reason


@pytest.mark.parametrize("client", ["a\x00b", "\ud800", "x" * 100])
def test_any_name_of_a_window_is_taken(alma, draft, thing, client):
    ops = [{"op": "insert", "line_no": 1, "cells": OPENING}]
    first = change(alma, draft, ops, revision=0, client=client)
    assert not first.repeated
    if client.isprintable():
        assert change(alma, draft, ops, revision=0, client=client).repeated
