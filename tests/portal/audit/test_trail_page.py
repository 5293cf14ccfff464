"""What docs/trail.md says can be done by others, done as it says."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from portal.audit.canonical import GENESIS, chain, event_bytes
from portal.audit.domain.heads import new_key
from portal.audit.services import seal_events, sign_head
from portal.core.clock import now
from tests.portal.audit import trails

PAGE = (Path(__file__).resolve().parents[3] / "docs/trail.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_has_the_digest_that_the_page_says() -> None:
    written = blocks("json")[0].strip()
    values = json.loads(written)
    values[1] = now().fromisoformat(values[1])
    assert event_bytes(values).decode() == written
    assert chain(GENESIS, values).hex() in PAGE


@pytest.mark.holds("trail-tampering-found")
@pytest.mark.django_db
def test_an_auditor_recomputes_the_chain_and_verifies_the_head(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_HEADS, settings.AUDIT_KEY = tmp_path / "heads.jsonl", new_key()
    trails.write(12)
    seal_events()
    head = sign_head()
    assert head is not None
    call_command("verify-trail", "--export", str(tmp_path / "chain.txt"), stdout=StringIO())
    (tmp_path / "recompute.py").write_text(blocks("python")[0])
    ran = subprocess.run(
        [sys.executable, "recompute.py", "chain.txt"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == head.digest.hex()
    public = StringIO()
    call_command("verify-trail", "--public-key", stdout=public)
    (tmp_path / "audit-public.pem").write_text(public.getvalue())
    extract, check = blocks("text")[-1].strip().splitlines()
    words = shlex.split(extract.replace('"$(tail -n 1 heads.jsonl)"', "HEAD"))
    words[-1] = (tmp_path / "heads.jsonl").read_text().splitlines()[-1]
    subprocess.run(words, cwd=tmp_path, check=True)
    subprocess.run(shlex.split(check), cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)


@pytest.mark.holds("trail-tampering-found")
@pytest.mark.django_db
def test_an_exported_chain_that_was_changed_is_told_by_the_row(tmp_path: Path) -> None:
    trails.write(5)
    seal_events()
    call_command("verify-trail", "--export", str(tmp_path / "chain.txt"), stdout=StringIO())
    lines = (tmp_path / "chain.txt").read_text().splitlines(keepends=True)
    lines[2] = lines[2].replace("2026-05", "2026-06")
    (tmp_path / "chain.txt").write_text("".join(lines))
    (tmp_path / "recompute.py").write_text(blocks("python")[0])
    ran = subprocess.run(
        [sys.executable, "recompute.py", "chain.txt"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr.strip()) == (1, "row 3 was changed")
