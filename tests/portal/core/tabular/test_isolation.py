"""The child process: what it reads is the same, what it cannot read is a fault, and it leaves nothing behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from portal.core.tabular import isolation
from portal.core.tabular.isolation import IsolationError, annotate_safely, ask_child, read_safely
from portal.core.tabular.reading import read_tables
from portal.core.tabular.tables import Limits
from tests.portal.core.tabular.samples import HEAD, LINES, workbook

DATA = workbook([["Title"], [*HEAD, "date"], ["sold", "磁钢🧲", 120.5, "05/06/2026"]])


def test_the_child_reads_as_the_reader_does() -> None:
    assert read_safely(DATA, "a.xlsx", [LINES]) == read_tables(DATA, "a.xlsx", [LINES])


def test_a_path_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "filing.csv"
    path.write_text("kind,product,quantity_kg\nsold,P,1\n")
    assert read_safely(path, "filing.csv", [LINES]).tables["lines"].rows == [["sold", "P", "1"]]


def test_refusals_come_back_as_faults() -> None:
    refused = read_safely(b"%PDF-1.7", "a.xlsx", [LINES]).refusal
    assert refused is not None
    assert refused.code == "pdf"


def test_a_file_over_the_limit_never_reaches_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_COMMAND", ("/nowhere",))
    refused = read_safely(b"kind,product\n", "a.csv", [LINES], limits=Limits(max_bytes=5)).refusal
    assert refused is not None
    assert refused.code == "too_large"


@pytest.mark.holds("uploads-child")
def test_too_little_memory_is_a_fault() -> None:
    rows = b"kind,product,quantity_kg\n" + b"sold,P-%d,1\n" * 200_000
    limits = Limits(memory_bytes=60_000_000, max_rows=1_000_000)
    refused = read_safely(rows, "a.csv", [LINES], limits=limits).refusal
    assert refused is not None
    assert refused.code in {"too_much_memory", "reader_failed"}


@pytest.mark.holds("uploads-child")
def test_too_much_work_is_ended() -> None:
    rows = b"kind,product,quantity_kg\n" + b'sold,"P ""1""",1\n' * 900_000
    limits = Limits(cpu_seconds=1, max_rows=1_000_000)
    refused = read_safely(rows, "a.csv", [LINES], limits=limits).refusal
    assert refused is not None
    assert refused.code == "took_too_long"


@pytest.mark.holds("uploads-child")
def test_a_child_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_COMMAND", ("/bin/sleep", "60"))
    with pytest.raises(IsolationError) as caught:
        ask_child({}, b"", Limits(cpu_seconds=0))
    assert caught.value.fault.code == "took_too_long"


@pytest.mark.parametrize(
    ("script", "code"),
    [("exit 3", "reader_failed"), ("kill -ABRT $$", "too_much_memory"), ("true", "reader_failed")],
)
def test_a_child_that_dies_is_a_fault(monkeypatch: pytest.MonkeyPatch, script: str, code: str) -> None:
    monkeypatch.setattr(isolation, "_COMMAND", ("/bin/sh", "-c", script))
    refused = read_safely(b"kind,product\n", "a.csv", [LINES]).refusal
    assert refused is not None
    assert refused.code == code


@pytest.mark.holds("uploads-child", "canaries")
def test_the_child_inherits_no_secret_and_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert "SECRET_KEY" not in isolation._ENVIRONMENT
    before = {path.name for path in Path("/tmp").iterdir()}
    read_safely(DATA, "a.xlsx", [LINES])
    annotate_safely(DATA, "a.xlsx", [("Lines", 3, 4, "Two dates")])
    new = {name for name in {path.name for path in Path("/tmp").iterdir()} - before if "openpyxl" in name}
    assert not new
    assert not list(tmp_path.iterdir())


def test_annotating_what_cannot_be_read_is_an_error_with_a_fault() -> None:
    with pytest.raises(IsolationError) as caught:
        annotate_safely(b"%PDF-1.7", "a.xlsx", [])
    assert caught.value.fault.code == "pdf"
