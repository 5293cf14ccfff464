"""``manage.py classify``: a classification a line."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db
GOOD = {"id": "a", "form": "magnet", "family": "ndfeb", "contents": {"dy": 0.42}}


def test_a_verdict_a_line(tmp_path: Path) -> None:
    file, out = tmp_path / "goods.jsonl", StringIO()
    file.write_text(
        json.dumps(GOOD) + "\n\n" + json.dumps({"id": "b", "form": "scrap", "on": "2026-06-02"}) + "\n",
        "utf-8",
    )
    call_command("classify", str(file), on="2026-06-01", stdout=out)
    first, second = map(json.loads, out.getvalue().splitlines())
    assert (first["id"], first["on"], first["verdict"]) == ("a", "2026-06-01", "licence_required")
    assert (second["id"], second["on"], second["verdict"]) == ("b", "2026-06-02", "not_controlled")


def test_lines_that_cannot_be_used_are_told_and_the_others_answered(tmp_path: Path) -> None:
    file, out, told = tmp_path / "goods.jsonl", StringIO(), StringIO()
    lines = ["no json", json.dumps(GOOD | {"contents": {"dy": "much"}}), json.dumps(GOOD), "[1]"]
    file.write_text("\n".join(lines), "utf-8")
    with pytest.raises(CommandError) as error:
        call_command("classify", str(file), stdout=out, stderr=told)
    assert error.value.returncode == 1
    assert len(out.getvalue().splitlines()) == 1
    places = [line.split(": ")[:2] for line in told.getvalue().splitlines()]
    assert places == [
        [f"{file}:1", "unreadable"],
        [f"{file}:2:contents/dy", "not_a_per_cent"],
        [f"{file}:4:", "not_an_object"],
    ]


@pytest.mark.parametrize("options", [{"on": "June"}, {"list": 7}])
def test_what_is_asked_for_must_be_there(tmp_path: Path, options: dict[str, object]) -> None:
    file = tmp_path / "goods.jsonl"
    file.write_text(json.dumps(GOOD), "utf-8")
    with pytest.raises(CommandError):
        call_command("classify", str(file), **options)
    with pytest.raises(CommandError):
        call_command("classify", str(tmp_path / "nowhere.jsonl"))
