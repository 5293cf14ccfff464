"""Files handed in for a draft: workbooks and CSV of every make, what is turned away, what comes back."""

from __future__ import annotations

import csv as csv_module
import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from portal.audit.models import Event
from portal.core import durable
from portal.core.models import Job, Outbox
from reporting.models import Filing, Upload
from reporting.queries.draft_lines import all_rows
from reporting.services import drafts, uploads
from reporting.tasks import intake as _registered  # noqa: F401 - a worker has it imported
from tests import factories
from tests.calling import caller
from tests.conftest import acting, signed_in

HEAD = [
    "Kind",
    "Product",
    "Quantity (kg)",
    "Value (CNY, ex VAT)",
    "Counterparty",
    "Date",
    "Invoice number",
    "Note",
]
SALE = ["sold", "P-01", "1.5", "900", "C-01", "2026-05-03", "4401", ""]


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def draft(aurora) -> Filing:
    factories.product(aurora)
    factories.counterparty(aurora, name="O'Brien 沈阳 🧲")
    return factories.filing(aurora)


def workbook(*rows, sheet="Lines", head=HEAD, prepare=lambda page: None) -> bytes:
    """A workbook as another program than ours would write it."""
    book = Workbook()
    page = book.active
    page.title = sheet
    page.append(head)
    for row in rows:
        page.append(row)
    prepare(page)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv(*rows, separator=",", head=HEAD) -> str:
    target = io.StringIO()
    csv_module.writer(target, delimiter=separator, lineterminator="\r\n").writerows([head, *rows])
    return target.getvalue()


def hand_in(person, filing, data: bytes, name="lines.xlsx"):
    """Upload by the page; the page that follows."""
    address = reverse("filing_upload", args=[filing.pk])
    return signed_in(person).post(address, {"file": SimpleUploadedFile(name, data)}, follow=True)


def only_upload(filing) -> Upload:
    return filing.uploads.exclude(state="kept").latest("pk")


def test_a_workbook_becomes_lines(alma, draft, files):
    answer = hand_in(alma, draft, workbook(SALE, ["opening", "p-01", 12.4], ["期末库存", "P-01", "10.9"]))
    assert [cells for _, cells in all_rows(draft)] == [
        {"kind": "sold", "product": "P-01", "quantity_kg": "1.5", "value_cny": "900", "counterparty": "C-01",
         "date": "2026-05-03", "invoice_no": "4401"},
        {"kind": "opening", "product": "P-01", "quantity_kg": "12.4"},
        {"kind": "closing", "product": "P-01", "quantity_kg": "10.9"},
    ]  # fmt: skip
    upload = only_upload(draft)
    assert (upload.state, upload.lines, len(upload.document.sha256)) == ("read", 3, 64)
    assert "3 lines read" in answer.content.decode()
    assert "No faults found" in answer.content.decode()
    kept = files / upload.document.stored_as
    assert kept.exists()
    assert "lines" not in kept.name
    assert {event.verb for event in Event.objects.all()} >= {"upload.received", "draft.replaced"}


def test_the_template_comes_back_as_it_went(alma, draft):
    rows = [
        (1, {"kind": "opening", "product": "P-01", "quantity_kg": "12.4"}),
        (2, {"kind": "sold", "product": "P-01", "quantity_kg": "12.4", "value_cny": "900.5", "counterparty": "C-01",
             "date": "2026-05-03", "invoice_no": "0044", "note": "=1+1 'x' 🧲\nzwei"}),
        (7, {"kind": "closing", "product": "P-77", "quantity_kg": "lots", "destination": "XX"}),
    ]  # fmt: skip
    drafts.replace_lines(by=acting(alma), filing_id=draft.pk, revision=None, rows=rows, source="form")
    for name, file_name in (("filing_template", "x.xlsx"), ("filing_csv", "x.csv")):
        answer = signed_in(alma).get(reverse(name, args=[draft.pk]))
        assert "attachment" in answer["Content-Disposition"]
        hand_in(alma, draft, answer.content, file_name)
        assert all_rows(draft) == rows, file_name


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_template_has_drop_downs_and_instructions(alma, draft, language):
    client = signed_in(alma)
    client.cookies["django_language"] = language
    book = load_workbook(io.BytesIO(client.get(reverse("filing_template", args=[draft.pk])).content))
    page = book.worksheets[0]
    lists = [rule for rule in page.data_validations.dataValidation if rule.type == "list"]
    assert len(lists) == 4
    assert len(book.sheetnames) >= 4
    assert book["Lists"].sheet_state == "hidden"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bom.csv", csv(SALE).encode("utf-8-sig")),
        ("semicolons.csv", csv(SALE, separator=";").replace("1.5", "1,5").encode()),
        ("tabs.txt", csv(SALE, separator="\t").encode()),
        ("gb.csv", csv([*SALE[:7], "发往沈阳"], head=["类型", "产品代码", "数量（千克）", "金额（元）", "客户", "日期", "发票号", "备注"])
         .replace("sold", "销售").encode("gb18030")),
        ("packed.csv.gz", gzip.compress(csv(SALE).encode(), mtime=0)),
        ("utf16.csv", csv(SALE, separator="\t").encode("utf-16")),
    ],
)  # fmt: skip
def test_a_csv_of_any_make_becomes_lines(alma, draft, name, data):
    hand_in(alma, draft, data, name)
    cells = all_rows(draft)[0][1]
    assert (cells["kind"], cells["quantity_kg"], cells["counterparty"]) == ("sold", "1.5", "C-01")
    assert cells.get("note", "") in ("", "发往沈阳")


def test_what_other_programs_leave_in_cells_is_read(alma, draft):
    def prepare(page):
        page.append([None] * 8)
        page.append(["sold", "P-01", " 1,234.50 ", 7, "c-01", dt.date(2026, 5, 4), 4402, "'quoted'"])
        page.append(["sold ", " P-01", 2, "¥8", "C-01", "2026年5月5日", "4403", "trailing  "])
        page.append(["sold", "P-01", 2, 8, "C-01", 46148, "4404", None])
        page.append(["sold", "P-01", 2, 8, "C-01", "46149", "4405", None])
        page.merge_cells("H3:H4")
        page["J40"] = "   "

    hand_in(alma, draft, workbook(SALE, prepare=prepare))
    cells = [cells for _, cells in all_rows(draft)]
    assert [row["date"] for row in cells] == [f"2026-05-0{day}" for day in (3, 4, 5, 6, 7)]
    assert cells[1]["quantity_kg"] == "1234.50"
    assert cells[1]["invoice_no"] == "4402"
    assert cells[2]["value_cny"] == "8"


def test_faults_are_said_at_their_cells_with_code_and_remedy(alma, draft):
    answer = hand_in(
        alma, draft, workbook(SALE, ["sold", "P-77", "lots", "1", "C-01", "03/05/2026", "1", "x"])
    )
    words = answer.content.decode()
    assert "Cell B3" in words
    assert "CMP004" in words
    assert "“P-77” is not in your list of products" in words
    assert "Cell F3" in words
    assert "Write the year first" in words
    assert all_rows(draft)[1][1]["date"] == "03/05/2026"


@pytest.mark.parametrize("column", range(8))
def test_a_cell_longer_than_any_spreadsheet_keeps_is_a_fault_in_words(alma, draft, column):
    row = [*SALE]
    row[column] = "9" * 40_000
    answer = hand_in(alma, draft, csv(row).encode(), "lines.csv")
    assert answer.status_code == 200
    assert "longer than this column can keep" in answer.content.decode()
    sent = caller(alma).send_file("filings/", "lines.csv", csv(row).encode(), {"period": "2026-05"})
    assert any("longer than this column can keep" in fault["message"] for fault in sent.body["faults"])


@pytest.mark.parametrize(
    ("column", "text", "cell", "reason"),
    [
        ("invoice_no", "44\x0301", "G2", "control_characters"),
        ("invoice_no", "9" * 61, "G2", "too_long"),
        ("note", "late\x07", "H2", "control_characters"),
        ("note", "n" * 40_000, "H2", "too_long"),
    ],
)
def test_a_text_that_cannot_be_kept_is_a_fault_at_its_cell(alma, draft, column, text, cell, reason):
    row = SALE[:6] + ([text, ""] if column == "invoice_no" else ["4401", text])
    hand_in(alma, draft, csv(row).encode(), "lines.csv")
    found = {fault["code"]: fault for fault in only_upload(draft).faults}["CMP029"]
    assert (found["cell"], found["column"], found["reason"]) == (cell, column, reason)


def test_the_workbook_comes_back_with_remarks(alma, draft):
    hand_in(alma, draft, workbook(SALE, ["sold", "P-77", "1", "1", "C-01", "2026-05-04", "1", "x"]))
    upload = only_upload(draft)
    answer = signed_in(alma).get(reverse("upload_annotated", args=[draft.pk, upload.pk]))
    page = load_workbook(io.BytesIO(answer.content)).active
    assert "CMP004" in page["B3"].comment.text
    assert page["A3"].comment is None


def test_a_csv_comes_back_as_a_workbook_with_remarks(alma, draft):
    hand_in(alma, draft, csv(["sold", "P-77", "1", "1", "C-01", "2026-05-04", "1", "x"]).encode(), "a.csv")
    answer = signed_in(alma).get(reverse("upload_annotated", args=[draft.pk, only_upload(draft).pk]))
    assert "CMP004" in load_workbook(io.BytesIO(answer.content)).active["B2"].comment.text


def test_faults_are_new_still_open_or_mended(alma, draft):
    bad = ["sold", "P-77", "1", "1", "C-01", "2026-05-04", "1", "x"]
    hand_in(alma, draft, workbook(SALE, bad, ["given", "P-01", "1"]))
    answer = hand_in(alma, draft, workbook(SALE, bad, ["closing", "P-01", "-1"]))
    compared = only_upload(draft).compared
    assert (compared["open"] >= 1, compared["new"] >= 1, compared["mended"] >= 1) == (True, True, True)
    words = answer.content.decode()
    assert "still open" in words
    assert "Mended since the last upload" in words


def test_lines_replaced_by_a_file_are_brought_back(alma, draft):
    before = [(4, {"kind": "opening", "product": "P-01", "quantity_kg": "5", "date": "03/05/2026"})]
    drafts.replace_lines(by=acting(alma), filing_id=draft.pk, revision=None, rows=before, source="form")
    answer = hand_in(alma, draft, workbook(SALE))
    kept = only_upload(draft).compared["kept"]
    assert reverse("upload_apply", args=[draft.pk, kept]) in answer.content.decode()
    signed_in(alma).post(reverse("upload_apply", args=[draft.pk, kept]))
    assert all_rows(draft) == before


@pytest.mark.holds("double-click-files-once")
def test_the_same_file_twice_is_one_upload(alma, draft):
    data = workbook(SALE)
    hand_in(alma, draft, data)
    hand_in(alma, draft, data)
    assert draft.uploads.count() == 1
    assert Event.objects.filter(verb="upload.received").count() == 1


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return target.getvalue()


def macros() -> bytes:
    target = io.BytesIO(workbook(SALE))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return target.getvalue()


@pytest.mark.holds("uploads-by-content")
@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("bomb.xlsx", bomb(), "unpacks to far more"),
        ("macros.xlsm", macros(), "macros"),
        (
            "locked.xlsx",
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le") * 40,
            "password",
        ),
        ("report.xlsx", b"%PDF-1.7\n%...", "PDF"),
        ("empty.xlsx", b"", "nothing to read"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 99, "neither a workbook nor a CSV"),
        ("prose.csv", b"Dear regulator,\r\nall is well.\r\n", "headings"),
        ("headings.csv", csv().encode(), "no rows"),
    ],
)
def test_what_is_no_table_is_turned_away_in_words(alma, draft, name, data, words):
    drafts.apply_ops(
        by=acting(alma), filing_id=draft.pk, revision=0,
        ops=[{"op": "insert", "line_no": 1, "cells": {"note": "mine"}}],
    )  # fmt: skip
    answer = hand_in(alma, draft, data, name)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert all_rows(draft) == [(1, {"note": "mine"})]
    assert only_upload(draft).state == "refused"


def test_a_file_too_large_is_refused_before_it_is_kept(alma, draft, settings):
    settings.UPLOAD_MAX_BYTES = 10
    answer = hand_in(alma, draft, workbook(SALE))
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()
    assert not draft.uploads.exists()


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("Reporting month", "2026-04", "not the month of this filing"),
        ("organisation", "911500001141243517", "another organisation"),
        ("version", "2", "not the version"),
    ],
)
def test_a_file_of_another_filing_is_turned_away_at_its_cell(alma, draft, column, text, words):
    answer = hand_in(alma, draft, workbook([*SALE, text], head=[*HEAD, column]))
    assert words in answer.content.decode()
    assert "Cell I2" in answer.content.decode()
    assert not draft.lines.exists()


def test_a_file_that_names_this_filing_is_taken(alma, aurora, draft):
    head = [*HEAD, "organisation", "period", "version", "line_no"]
    hand_in(alma, draft, workbook([*SALE, aurora.uscc, "2026年5月", 1, 12], head=head))
    assert all_rows(draft)[0][0] == 12


def test_another_months_template_is_turned_away(aurora, alma, draft):
    april = factories.filing(aurora, "2026-04")
    data = signed_in(alma).get(reverse("filing_template", args=[april.pk])).content
    book = load_workbook(io.BytesIO(data))
    book.worksheets[0].append([1, "sold", "P-01", 1])
    target = io.BytesIO()
    book.save(target)
    words = hand_in(alma, draft, target.getvalue()).content.decode()
    assert "made for 2026-04; the filing is for 2026-05" in words


def test_line_numbers_given_twice_are_told_and_both_rows_kept(alma, draft):
    head = ["line_no", "kind", "product", "quantity_kg"]
    rows = [["3", "opening", "P-01", "1"], ["3", "closing", "P-01", "1"], ["x", "closing", "P-01", "1"]]
    words = hand_in(alma, draft, csv(*rows, head=head).encode(), "a.csv").content.decode()
    assert [number for number, _ in all_rows(draft)] == [3, 4, 5]
    assert "stands in the file before. This row was given number 4" in words


def test_columns_nobody_knows_are_named(alma, draft):
    words = hand_in(alma, draft, workbook([*SALE, "1"], head=[*HEAD, "Price"])).content.decode()
    assert "“Price” is no column of this table" in words


def test_a_code_typed_before_its_product_existed_is_kept_and_read_later(aurora, alma, draft):
    hand_in(alma, draft, workbook(["opening", "P-77", "1"]))
    factories.product(aurora, "P-77")
    assert drafts.reread(by=acting(alma), filing_id=draft.pk) == 1


def test_a_large_file_is_read_by_a_worker(alma, draft, settings):
    settings.LINES_AT_ONCE = 2
    answer = hand_in(alma, draft, workbook(SALE, SALE, ["sold", "P-77", "1"]))
    assert "Your file" in answer.content.decode()
    upload = only_upload(draft)
    promise = Outbox.objects.get(task="reporting.read_upload", done_at=None)
    assert (upload.state, promise.queue, draft.lines.count()) == ("queued", "big", 0)
    durable.perform(promise.pk)
    durable.perform(promise.pk)
    upload.refresh_from_db()
    assert (upload.state, draft.lines.count(), Job.objects.get().state) == ("read", 3, "done")
    polled = signed_in(alma).get(
        reverse("upload_view", args=[draft.pk, upload.pk]), headers={"HX-Request": "true"}
    )
    assert polled["HX-Refresh"] == "true"
    assert upload.compared["annotated"]
    book = signed_in(alma).get(reverse("upload_annotated", args=[draft.pk, upload.pk]))
    assert "CMP004" in load_workbook(io.BytesIO(book.content)).active["B4"].comment.text


def test_very_many_lines_are_given_as_csv_not_as_a_workbook(alma, draft, settings):
    hand_in(alma, draft, workbook(SALE, SALE))
    settings.LINES_AT_ONCE = 1
    answer = signed_in(alma).get(reverse("filing_template", args=[draft.pk]))
    assert answer.status_code == 422
    assert "as CSV" in answer.content.decode()
    assert signed_in(alma).get(reverse("filing_csv", args=[draft.pk])).status_code == 200


def test_a_file_waiting_without_a_worker_says_so(alma, draft, settings):
    settings.LINES_AT_ONCE = 0
    hand_in(alma, draft, workbook(SALE))
    settings.LODESTONE_CLOCK_OFFSET = 60
    upload = only_upload(draft)
    words = signed_in(alma).get(reverse("upload_view", args=[draft.pk, upload.pk])).content.decode()
    assert "No worker has taken the file yet" in words
    assert "Look again" in words


def test_a_draft_handed_over_meanwhile_keeps_its_lines(alma, draft, settings):
    settings.LINES_AT_ONCE = 0
    hand_in(alma, draft, workbook(SALE))
    Filing.objects.update(status="handed_over")
    durable.perform(Outbox.objects.get(task="reporting.read_upload").pk)
    upload = only_upload(draft)
    assert (upload.state, upload.refusal["code"]) == ("refused", "handed_over")


def test_a_draft_thrown_away_meanwhile_ends_the_work(alma, draft, settings):
    settings.LINES_AT_ONCE = 0
    hand_in(alma, draft, workbook(SALE))
    drafts.discard(by=acting(alma), filing_id=draft.pk)
    durable.perform(Outbox.objects.get(task="reporting.read_upload").pk)
    assert Job.objects.get().state == "failed"


def test_thousands_of_lines_are_read_at_once(alma, draft):
    hand_in(alma, draft, workbook(*([*SALE[:6], str(number), "稀土 'x'"] for number in range(5_000))))
    assert draft.lines.count() == 5_000
    assert only_upload(draft).state == "read"


def test_a_block_is_pasted_without_script(alma, draft):
    address = reverse("filing_paste", args=[draft.pk])
    block = "Kind\tProduct\tQuantity (kg)\nopening\tP-01\t12.400\nclosing\tP-01\t12,4\n"
    answer = signed_in(alma).post(address, {"text": block, "how": "add"}, follow=True)
    assert "2 lines read" in answer.content.decode()
    more = "sold\tP-01\t1\t5\tC-01\n"
    signed_in(alma).post(address, {"text": more, "how": "add"})
    assert [(number, cells["kind"]) for number, cells in all_rows(draft)] == [
        (1, "opening"),
        (2, "closing"),
        (3, "sold"),
    ]
    signed_in(alma).post(address, {"text": more, "how": "replace"})
    assert [cells["kind"] for _, cells in all_rows(draft)] == ["sold"]


def test_a_paste_of_nothing_is_refused_in_words(alma, draft):
    address = reverse("filing_paste", args=[draft.pk])
    assert signed_in(alma).post(address, {"text": "", "how": "add"}).status_code == 422


@pytest.mark.holds("isolation-matrix")
def test_files_of_another_organisation_are_not_there(alma, bruno, carla, draft):
    hand_in(alma, draft, workbook(SALE))
    upload = only_upload(draft)
    for name in ("upload_view", "upload_annotated", "upload_original"):
        address = reverse(name, args=[draft.pk, upload.pk])
        assert signed_in(carla).get(address).status_code == 404
        assert signed_in(bruno).get(address).status_code == 200
    assert signed_in(carla).post(reverse("upload_apply", args=[draft.pk, upload.pk])).status_code == 404
    assert hand_in(carla, draft, workbook(SALE)).status_code == 404
    assert hand_in(bruno, draft, workbook(SALE)).status_code == 403


@pytest.mark.holds("uploads-server-paths")
def test_the_original_is_given_back_byte_for_byte(alma, draft):
    data = workbook(SALE)
    hand_in(alma, draft, data, "Aprîl 'x' 稀土.xlsx")
    answer = signed_in(alma).get(reverse("upload_original", args=[draft.pk, only_upload(draft).pk]))
    assert (answer.content, answer["Content-Type"]) == (data, "application/octet-stream")


@pytest.mark.holds("uploads-server-paths")
def test_no_file_of_a_name_leads_out_of_the_store(alma, draft, files):
    uploads.receive(by=acting(alma), filing_id=draft.pk, name="../../etc/passwd.csv", data=csv(SALE).encode())
    assert only_upload(draft).document.original_name == "etc_passwd.csv"
    assert all(Path(files) in path.parents for path in Path(files).rglob("*"))


def test_two_workers_with_the_same_file_take_it_in_once(alma, draft, files):
    head = "kind,product,quantity_kg\n"
    document = uploads.documents.store(
        by=acting(alma),
        organisation_id=draft.organisation_id,
        name="a.csv",
        data=f"{head}opening,P-01,5\n".encode(),
    )
    moment = draft.created_at
    upload = Upload.objects.create(filing=draft, document=document, at=moment, by=alma)
    slower = Upload.objects.select_related("document", "filing").get(pk=upload.pk)
    uploads.read_upload(by=acting(alma), upload_id=upload.pk)
    uploads.take_in(acting(alma), slower, uploads.FileRows(rows=[(1, {"kind": "opening"})]))
    assert Filing.objects.get(pk=draft.pk).revision == 1
    assert all_rows(draft) == [(1, {"kind": "opening", "product": "P-01", "quantity_kg": "5"})]


def test_the_same_file_again_leaves_no_second_copy(alma, draft, files):
    data = b"kind,product,quantity_kg\nopening,P-01,5\n"
    for _time in range(2):
        uploads.receive(by=acting(alma), filing_id=draft.pk, name="a.csv", data=data)
    assert len([path for path in files.rglob("*") if path.is_file()]) == 1
