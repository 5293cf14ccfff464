"""A new check begins as a file whose own examples fail until it is filled in."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import importlib

    command = importlib.import_module("reporting.management.commands.check-new")
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    return tmp_path


def test_the_file_has_the_name_that_the_registry_asks_for(folder: Path) -> None:
    call_command("check-new", "STK099", "stock_is_odd")
    text = (folder / "stk099_stock_is_odd.py").read_text(encoding="utf-8")
    compile(text, "stk099_stock_is_odd.py", "exec")
    assert 'code="STK099"' in text
    assert "def stock_is_odd(" in text


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [("STK001", "again", "never reused"), ("X1", "odd", "Give a code"), ("STK099", "Odd!", "Give a code")],
)
def test_what_cannot_be_is_refused(folder: Path, code: str, name: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("check-new", code, name)
    assert not list(folder.iterdir())
