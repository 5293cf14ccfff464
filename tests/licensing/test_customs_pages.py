"""The pages of customs: a licence looked up, an export checked by form, an item taken back, a file in and results out."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from licensing.models import Declaration
from portal.accounts.models import Organisation, User
from tests.conftest import signed_in
from tests.factories import AURORA_USCC
from tests.licensing import issued

FORM = {
    "exporter": AURORA_USCC, "licence_no": "REL-1", "quantity_kg": "1.25", "destination": "DE", "item_no": "1",
    "consignee_name": "Rheinmotor GmbH", "declaration_no": "D-1", "form": "magnet", "family": "ndfeb",
    "hs_code": "8505111000", "nd_pct": "29.1", "dy_pct": "0.42", "tb_pct": "0",
}  # fmt: skip


def test_a_licence_is_looked_up(aurora: Organisation, gus: User) -> None:
    issued.licence(aurora, licence_no="REL-1")
    page = signed_in(gus).get("/customs/", {"licence": "REL-1"})
    assert "Aurora Magnets" in page.content.decode()
    assert page.context["lines"][0].balance_g == 10_000
    assert (
        "There is no such licence" in signed_in(gus).get("/customs/", {"licence": "REL-9"}).content.decode()
    )


def test_rehearsed_then_drawn_by_form(aurora: Organisation, gus: User) -> None:
    made, client = issued.licence(aurora, licence_no="REL-1"), signed_in(gus)
    rehearsed = client.post("/customs/check/", FORM | {"act": "rehearse"})
    assert (rehearsed.context["answer"]["decision"], issued.line_of(made).drawn_g) == ("permit", 0)
    for _twice in range(2):
        drawn = client.post("/customs/check/", FORM | {"act": "draw"})
        assert (drawn.context["answer"]["decision"], issued.line_of(made).drawn_g) == ("permit", 1_250)
    assert len(client.get("/customs/").context["page_obj"].object_list) == 3


def test_what_cannot_be_used_is_told_at_its_field(aurora: Organisation, gus: User) -> None:
    page = signed_in(gus).post("/customs/check/", FORM | {"quantity_kg": "-1", "declared_on": "tomorrow"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"quantity_kg", "declared_on"}


def test_an_item_is_taken_back(aurora: Organisation, gus: User) -> None:
    made, client = issued.licence(aurora, licence_no="REL-1"), signed_in(gus)
    client.post("/customs/check/", FORM | {"act": "draw"})
    sent = {"declaration_no": "D-1", "item_no": "1", "reason": "The goods stayed."}
    assert client.post("/customs/declarations/", sent).status_code == 302
    page = client.get("/customs/declarations/", {"declaration": "D-1"})
    assert [row.state for row in page.context["records"]] == ["reversed"]
    assert issued.line_of(made).drawn_g == 0


def batch(rows: list[str]) -> SimpleUploadedFile:
    header = "declaration_no,item_no,declared_on,exporter,licence_no,hs_code,quantity_kg,destination,consignee_name"
    return SimpleUploadedFile("day.csv", "\n".join([header, *rows]).encode())


def results(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_file_in_and_results_out_and_again_the_same(aurora: Organisation, gus: User) -> None:
    made, client = issued.licence(aurora, licence_no="REL-1"), signed_in(gus)
    good = f"D-1,1,,{AURORA_USCC},REL-1,8505111000,1.250,DE,Rheinmotor GmbH"
    rows = [
        good,
        f"D-2,1,,{AURORA_USCC},REL-1,8505111000,99,DE,東京",
        f"D-3,1,,{AURORA_USCC},REL-1,,1.2345,DE,",
    ]
    for _twice in range(2):
        told = results(client.post("/customs/batch/", {"file": batch(rows)}))
        assert [(row["state"], row["reason"]) for row in told] == [
            ("drawn", ""), ("refused", "over_balance"), ("unread", "quantity_kg: too_many_decimals"),
        ]  # fmt: skip
    assert (issued.line_of(made).drawn_g, Declaration.objects.count()) == (1_250, 2)


def test_a_file_that_is_none_is_refused_in_words(gus: User) -> None:
    page = signed_in(gus).post(
        "/customs/batch/", {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04 broken")}
    )
    assert page.status_code == 422
    assert page.context["form"].errors["file"]


def test_customs_alone(alma: User, dora: User) -> None:
    for person in (alma, dora):
        for path in ("", "check/", "declarations/", "batch/"):
            assert signed_in(person).get(f"/customs/{path}").status_code == 403
