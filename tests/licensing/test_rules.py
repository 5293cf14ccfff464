"""Routing, completeness, papers and signatures: rules without a database."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from licensing.domain.completeness import Case, Goods, Party, lacks
from licensing.domain.papers import PaperUnfit, type_of
from licensing.domain.routing import Rule, route
from licensing.domain.screening import Listed, Screened, screen
from licensing.domain.signatures import Forged, read, signed
from portal.audit.domain.heads import as_pem, name_of, new_key, private_key
from tests.licensing.applied import PDF

DAY = dt.date(2026, 5, 12)
SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "verify_licence.py"


def facts(**more: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(value.split()) for name, value in more.items()}


def test_the_first_rule_that_fits_acts() -> None:
    rules = [
        Rule("old", "a", {}, valid_until=DAY - dt.timedelta(days=1)),
        Rule("tb", "b", {"control_code": ["1C904*"], "destination": ["JP", "US"]}),
        Rule("rest", "c"),
    ]
    assert route(facts(control_code="1C904.a.4", destination="US"), rules, DAY).code == "tb"
    assert route(facts(control_code="1C905.a.4", destination="US"), rules, DAY).code == "rest"
    assert route(facts(control_code="1C904.a.4"), rules, DAY).code == "rest"
    assert route({}, rules, DAY - dt.timedelta(days=1)).code == "old"
    assert route({}, rules[:2], DAY) is None


def whole(**more: Any) -> Case:
    told: dict[str, Any] = {
        "kind": "individual", "purpose": "new", "end_use": "Traction motors of electric buses", "contract_no": "7",
        "has_reason": False, "months": 12, "goods": [Goods(1, 5_000, 10, "licence_required")],
        "parties": [Party(role, "Rheinmotor", "DE", "Köln", "DE1") for role in ("consignee", "end_user")],
        "papers": frozenset({"contract", "test_report", "end_user_certificate", "introduction"}),
    }  # fmt: skip
    return Case(**(told | more))


def test_a_whole_application_lacks_nothing() -> None:
    assert lacks(whole()) == []


@pytest.mark.parametrize(
    ("change", "code", "blocks"),
    [
        ({"goods": []}, "goods_missing", True),
        ({"goods": [Goods(1, 0, 10, "licence_required")]}, "quantity_missing", True),
        ({"goods": [Goods(1, -1, 10, "licence_required")]}, "quantity_missing", True),
        ({"goods": [Goods(1, 5, 10, "assay_required")]}, "assay_missing", False),
        ({"goods": [Goods(1, 5, 10, "not_controlled")]}, "not_controlled", False),
        ({"goods": [Goods(1, 5, None, "licence_required")]}, "value_missing", False),
        ({"goods": [Goods(1, 5, 1, "licence_required", has_hs_code=False)]}, "hs_code_missing", False),
        ({"parties": []}, "consignee_missing", True),
        ({"parties": [Party("consignee", "R", "DE", "K", "1")]}, "end_user_missing", True),
        ({"end_use": " "}, "end_use_missing", True),
        ({"end_use": "motors"}, "end_use_short", False),
        ({"contract_no": ""}, "contract_no_missing", True),
        ({"months": None}, "months_missing", True),
        ({"purpose": "renewal"}, "reason_missing", True),
        ({"papers": frozenset({"contract"})}, "end_user_certificate_missing", True),
        ({"papers": frozenset({"contract", "end_user_certificate", "introduction"})}, "technical_description_missing", True),
    ],
)  # fmt: skip
def test_each_lack_is_told_with_whether_it_blocks(change: dict[str, Any], code: str, blocks: bool) -> None:
    assert (code, blocks) in {(lack.code, lack.blocks) for lack in lacks(whole(**change))}


def test_several_end_users_belong_to_a_general_licence() -> None:
    users = [Party("end_user", name, "DE", "K", "1") for name in ("One", "Two")]
    parties = [Party("consignee", "R", "DE", "K", "1"), *users]
    assert "one_end_user" in {lack.code for lack in lacks(whole(parties=parties))}
    assert lacks(whole(parties=parties, kind="general")) == []


def office_file(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n....IEND\xaeB`\x82", "png"),
        (b"\xff\xd8\xff\xe0....\xff\xd9", "jpeg"),
        (office_file("word/document.xml"), "wordprocessingml.document"),
        (office_file("xl/workbook.xml"), "spreadsheetml.sheet"),
    ],
)
def test_a_paper_is_what_its_bytes_say(data: bytes, ending: str) -> None:
    assert type_of(data).endswith(ending)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00", "unknown_type"),
        (b"<html><script>", "unknown_type"),
        (b"%PDF-1.7 cut off", "broken"),
        (b"%PDF-1.7\ntrailer<</Encrypt 5 0 R>>\n%%EOF", "encrypted"),
        (b"PK\x03\x04 no zip", "broken"),
        (office_file("anything.txt"), "unknown_type"),
        (office_file("word/document.xml", "word/vbaProject.bin"), "macros"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "encrypted"),
    ],
)
def test_a_paper_that_is_unfit_is_refused_by_its_code(data: bytes, code: str) -> None:
    with pytest.raises(PaperUnfit) as refusal:
        type_of(data)
    assert refusal.value.code == code


def test_screening_finds_names_in_either_script_and_explains_itself() -> None:
    entries = [
        Listed(1, ("三菱重工业株式会社", "Mitsubishi Heavy Industries, Ltd."), "JP"),
        Listed(2, ("Ocean Shipping Oy",), "FI", "FI123"),
    ]
    hit = screen(Screened("MITSUBISHI HEAVY INDUSTRIES LTD", "", "JP"), entries)[0]
    assert (hit.key, hit.country) == (1, "same")
    assert hit.score >= 95
    elsewhere = screen(Screened("MITSUBISHI HEAVY INDUSTRIES LTD", "", "US"), entries)[0]
    assert (elsewhere.country, elsewhere.score) == ("other", hit.score - 10)
    assert screen(Screened("Something Else", "", "JP", "FI 123"), entries)[0].reason == "same_number"
    assert screen(Screened("Rheinmotor GmbH", "", "DE"), entries) == []


FACTS = {
    "no": "REL2026-0000001-42",
    "exporter": "曙光磁材有限公司",
    "end_user": "Café Ångström Żory S.à r.l.",
}


def test_a_signature_holds_and_a_changed_fact_does_not() -> None:
    key = private_key(new_key())
    keys = {name_of(key.public_key()): key.public_key()}
    text = signed(key, FACTS)
    assert read(f"https://example.test/verify/X/#{text}", keys)["end_user"] == FACTS["end_user"]
    payload, _, signature = text.partition(".")
    other = private_key(new_key())
    wrong = [
        signed(other, FACTS),
        f"{payload[:-2]}AA.{signature}",
        f"{payload}.{signature[:-4]}AAAA",
        payload,
        "",
        "ä.ö",
    ]
    for forged in wrong:
        with pytest.raises(Forged):
            read(forged, keys)


def test_the_script_verifies_without_a_connection_and_without_our_code(tmp_path: Path) -> None:
    key = private_key(new_key())
    (tmp_path / "key.pem").write_text(as_pem(key.public_key()))
    text = signed(key, FACTS)

    def run(code: str) -> subprocess.CompletedProcess[str]:
        # -I: neither our packages nor the environment; -S: nor those of the system
        command = [sys.executable, "-I", "-S", str(SCRIPT), str(tmp_path / "key.pem"), code]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", env={"PYTHONUTF8": "1"}
        )

    done = run(f"https://example.test/verify/X/#{text}")
    assert done.returncode == 0, done.stderr
    assert "Café Ångström Żory" in done.stdout
    assert "曙光磁材有限公司" in done.stdout
    payload, _, signature = text.partition(".")
    for forged in (f"{payload[:-2]}AA.{signature}", f"{payload}.{signature[:-4]}AAAA", "nonsense"):
        assert run(forged).returncode == 1
