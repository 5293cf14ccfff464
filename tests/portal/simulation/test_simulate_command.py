"""`manage.py simulate`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.core.clock import today
from portal.core.months import Month


def test_it_writes_the_nation(tmp_path):
    said = StringIO()
    call_command(
        "simulate", "--seed", "4", "--enterprises", "12", "--months", "2", "--start", "2025-10", "--out",
        str(tmp_path / "out"), "--truth", str(tmp_path / "truth"), stdout=said,
    )  # fmt: skip
    assert (tmp_path / "out" / "lines.csv").stat().st_size > 10_000
    assert (tmp_path / "truth" / "lateness.csv").exists()
    assert "12" in said.getvalue()


def test_the_last_month_is_the_one_before_this(tmp_path):
    call_command(
        "simulate", "--enterprises", "12", "--months", "2", "--out", str(tmp_path), stdout=StringIO()
    )
    periods = {line.split(",")[1] for line in (tmp_path / "filings.csv").read_text().splitlines()[1:]}
    assert max(periods) == str(Month.of(today()) - 1)


def test_it_says_why_it_refuses(tmp_path):
    with pytest.raises(CommandError, match="at least 12"):
        call_command("simulate", "--enterprises", "3", "--out", str(tmp_path), stdout=StringIO())
