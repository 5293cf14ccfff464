"""What others script against: the findings' export, the catalogue, the dry run of a file."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from portal.audit.models import Event
from portal.core.months import Month
from reporting.models import Filing, Finding, FindingState, Line
from reporting.services.checking import recheck
from tests import factories
from tests.reporting.filed import at, filed

KEYS = [
    "check", "severity", "queue", "case", "score", "organisation", "period", "first_period", "lines", "counterparty",
    "party", "licence_no", "declaration_no", "other_organisation", "message", "evidence", "first_seen", "state",
]  # fmt: skip
HEADER = "kind,product,quantity_kg,value_cny,counterparty,invoice_no,date\n"


@pytest.fixture
def magnet(aurora):
    return factories.product(aurora)


def exported(tmp_path, capsys=None):
    path = tmp_path / "findings.jsonl"
    call_command("findings", "--export", str(path), stdout=StringIO())
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def check(organisation):
    months = {"first": Month.parse("2026-04"), "last": Month.parse("2026-05")}
    recheck(organisation_ids=[organisation.pk], as_of=at("2026-08-01 00:00"), **months)


def test_every_finding_is_one_object_a_line(aurora, magnet, tmp_path):
    filed(aurora, "2026-04", "opening 6", "closing 6", thing=magnet)
    filed(aurora, "2026-05", "opening 9", "closing 9", thing=magnet)
    check(aurora)
    (finding,) = exported(tmp_path)
    assert list(finding) == KEYS
    assert (finding["organisation"], finding["period"], finding["first_period"]) == (
        aurora.uscc,
        "2026-05",
        "2026-05",
    )
    assert (finding["state"], finding["lines"], finding["party"]) == ("open", [1, 2], None)
    assert "9 kg" in finding["message"]
    assert finding["evidence"]["opening_g"] == 9000
    assert finding["first_seen"].endswith("+08:00")


def test_the_export_is_in_english_whatever_the_language(aurora, magnet, tmp_path):
    filed(aurora, "2026-05", "opening 9", thing=magnet)
    check(aurora)
    with translation.override("zh-hans"):
        chinese = exported(tmp_path)
    assert chinese == exported(tmp_path)
    assert all(finding["message"].isascii() for finding in chinese)


def test_mended_findings_are_exported_as_closed(aurora, magnet, tmp_path):
    filed(aurora, "2026-05", "opening 9", thing=magnet)
    check(aurora)
    filed(aurora, "2026-05", "opening 9", "closing 9", thing=magnet, version=2)
    check(aurora)
    assert {finding["state"] for finding in exported(tmp_path)} == {"closed"}


def test_a_finding_about_a_client_names_its_record(aurora, magnet, tmp_path):
    client = factories.counterparty(aurora, country="CN")
    filing = filed(aurora, "2026-05", thing=magnet)
    Finding.objects.create(
        fingerprint="f", figures_digest="d", check_code="IDN007", severity="warning", queue="query", organisation=aurora,
        period=filing.period, first_period=filing.period, counterparty=client, subject="counterparty:C-01",
        values={"counterparty": "C-01"}, state=FindingState.OPEN, first_seen=at("2026-06-01 00:00"), last_changed=at("2026-06-01 00:00"),
    )  # fmt: skip
    assert exported(tmp_path)[0]["counterparty"] == "C-01"


def test_where_the_file_cannot_be_written_it_is_said(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("findings", "--export", str(tmp_path / "nowhere" / "f.jsonl"))


def test_the_catalogue_is_given_as_json(db):
    out = StringIO()
    call_command("checks", "--json", stdout=out)
    catalogue = json.loads(out.getvalue())
    assert len(catalogue) >= 40
    assert {"code", "title", "explanation", "legal_basis", "severity"} <= set(catalogue[0])


def check_file(path, organisation, *options):
    out = StringIO()
    try:
        call_command(
            "check-file",
            str(path),
            "--organisation",
            organisation.uscc,
            "--period",
            "2026-05",
            *options,
            stdout=out,
        )
    except CommandError:
        return 1, out.getvalue()
    return 0, out.getvalue()


def test_a_sound_file_passes_and_nothing_is_stored(aurora, magnet, tmp_path):
    path = tmp_path / "may.csv"
    path.write_text(HEADER + "opening,P-01,6\nclosing,P-01,6\n".replace("6\n", "6,,,,\n"), "utf-8")
    assert check_file(path, aurora) == (0, "may.csv: 2 lines, nothing stands against filing them\n")
    assert not Filing.objects.exists()
    assert not Line.objects.exists()
    assert not Event.objects.exists()


def test_faults_stand_at_their_cells(aurora, magnet, tmp_path):
    path = tmp_path / "may.csv"
    path.write_text(HEADER + "opening,P-01,6,,,,\nclosing,P-01,six,,,,\nlost,P-99,1,,,,\n", "utf-8")
    status, said = check_file(path, aurora)
    assert status == 1
    assert "may.csv::C3: CMP006: “six” is no number." in said
    assert "may.csv::B4: CMP004: “P-99” is not in your list of products." in said


def test_a_fault_of_a_product_stands_at_its_closing_stock(aurora, magnet, tmp_path):
    filed(aurora, "2026-04", "opening 6", "closing 6", thing=magnet)
    path = tmp_path / "may.csv"
    path.write_text(HEADER + "opening,P-01,9,,,,\nclosing,P-01,9,,,,\n", "utf-8")
    status, said = check_file(path, aurora, "--json")
    answer = json.loads(said)
    assert status == 0
    (fault,) = answer["faults"]
    assert (answer["lines"], answer["refused"], fault["severity"], fault["cell"]) == (
        2,
        False,
        "warning",
        "C3",
    )


def test_a_file_that_is_no_table_is_refused_in_words(aurora, tmp_path):
    path = tmp_path / "may.xlsx"
    path.write_bytes(b"%PDF-1.7 and so on")
    status, said = check_file(path, aurora)
    assert status == 1
    assert "PDF" in said


@pytest.mark.parametrize(
    ("uscc", "period"), [("91110108167834613F", "2026-05"), (factories.AURORA_USCC, "May")]
)
def test_an_unknown_organisation_or_month_is_refused(aurora, tmp_path, uscc, period):
    path = tmp_path / "may.csv"
    path.write_text(HEADER, "utf-8")
    with pytest.raises(CommandError):
        call_command("check-file", str(path), "--organisation", uscc, "--period", period)
