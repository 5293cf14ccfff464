"""The end of the chain is signed outside the database, and the command holds the trail against it."""

from __future__ import annotations

import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from portal.audit.domain.heads import (
    HeadFault,
    KeyUnreadable,
    name_of,
    new_key,
    parse,
    private_key,
    public_key,
    read_heads,
)
from portal.audit.models import Seal
from portal.audit.services import seal_events, sign_head
from portal.audit.services.heads import signing_key
from portal.audit.tasks import seal
from portal.core.errors import Refused
from tests.portal.audit import trails

pytestmark = pytest.mark.django_db


@pytest.fixture
def heads(settings: Any, tmp_path: Path) -> Path:
    settings.AUDIT_HEADS = tmp_path / "shipped" / "heads.jsonl"
    settings.AUDIT_KEY = new_key()
    return settings.AUDIT_HEADS


def told(*options: Any) -> str:
    out = StringIO()
    call_command("verify-trail", *map(str, options), stdout=out)
    return out.getvalue()


def refusal(*options: Any) -> str:
    with pytest.raises(CommandError) as caught:
        told(*options)
    assert caught.value.returncode == 1
    return str(caught.value)


def test_sealing_signs_the_end_once_and_only_when_there_is_more(heads: Path) -> None:
    trails.write(3)
    seal()
    seal()
    trails.write(2)
    seal()
    assert [parse(line, 0).sequence for line in heads.read_bytes().splitlines()] == [3, 5]
    assert heads.stat().st_mode & 0o777 == 0o600
    assert told("--head", heads).splitlines() == [
        "The trail holds: 5 rows sealed, 0 waiting for their seal.",
        "2 signed heads are in it, the last at row 5.",
    ]


def test_an_empty_trail_has_no_head(heads: Path) -> None:
    assert sign_head() is None
    assert told("--head", heads).startswith("The trail holds: 0 rows sealed")


@pytest.mark.holds("trail-cut-tail")
def test_a_cut_tail_is_named_and_nothing_is_signed_any_more(heads: Path) -> None:
    trails.write(9)
    seal()
    with trails.below_the_guards():
        trails.execute("DELETE FROM audit_seal WHERE sequence >= 7")
        trails.execute("DELETE FROM audit_event WHERE id NOT IN (SELECT event_id FROM audit_seal)")
        assert told().startswith("The trail holds: 6 rows")
        assert "row 7 and what came after it are missing" in refusal("--head", heads)
        with pytest.raises(Refused) as caught:
            sign_head()
        assert caught.value.code == "trail_cut"
        trails.write(5)
        with pytest.raises(Refused, match="trail_rewritten"):
            seal()
        assert "Row 9 of the chain" in refusal("--head", heads)
    assert len(heads.read_bytes().splitlines()) == 1


def test_a_changed_event_is_named_by_its_number(heads: Path) -> None:
    trails.write(5)
    seal()
    event_id = Seal.objects.get(sequence=3).event_id
    with trails.below_the_guards():
        trails.execute("UPDATE audit_event SET verb = 'x' WHERE id = %s", [event_id])
        words = refusal()
    assert f"Event {event_id}, row 3 of the chain" in words
    assert "2 rows before it hold." in words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"not json\n", "Line 2 of the file of heads cannot be read."),
        (b"[]\n", "Line 2 of the file of heads cannot be read."),
        (b'{"form":"lodestone-head-2"}\n', "Line 2 of the file of heads cannot be read."),
    ],
)
def test_a_damaged_file_of_heads_is_named_by_line(heads: Path, line: bytes, words: str) -> None:
    trails.write(5)
    seal()
    with heads.open("ab") as file:
        file.write(line)
    assert refusal("--head", heads) == words
    with pytest.raises(Refused, match="head_unreadable"):
        sign_head()


def test_a_missing_file_of_heads_is_no_proof(heads: Path) -> None:
    assert "cannot be read" in refusal("--head", heads.parent / "none.jsonl")


def test_heads_of_a_retired_key_need_its_public_part(heads: Path, settings: Any, tmp_path: Path) -> None:
    trails.write(5)
    seal()
    retired = tmp_path / "retired.pem"
    retired.write_text(told("--public-key"))
    settings.AUDIT_KEY = new_key()
    trails.write(5)
    seal()
    assert "Line 1 of the file of heads is signed with another key" in refusal("--head", heads)
    assert "2 signed heads" in told("--head", heads, "--key", retired)


@pytest.mark.holds("trail-cut-tail")
def test_a_forged_or_backdated_head_is_refused() -> None:
    first, second = trails.sealed_in_parts(20, 10)
    keys = {name_of(trails.KEY.public_key()): trails.KEY.public_key()}
    with pytest.raises(HeadFault) as caught:
        list(read_heads([second.line(), first.line()], keys))
    assert (caught.value.code, caught.value.line) == ("out_of_order", 2)
    with pytest.raises(HeadFault) as caught:
        list(read_heads([first.line().replace(b"2026-05-01", b"2026-04-01")], keys))
    assert (caught.value.code, caught.value.line) == ("forged", 1)


def test_without_a_key_the_chain_is_sealed_and_the_operator_told(heads: Path, settings: Any) -> None:
    settings.AUDIT_KEY = ""
    trails.write(2)
    with pytest.raises(ImproperlyConfigured, match="AUDIT_KEY is not set"):
        seal()
    assert Seal.objects.count() == 2
    settings.AUDIT_KEY = "secret"
    with pytest.raises(ImproperlyConfigured, match="Ed25519"):
        sign_head()


def test_a_key_that_lost_its_line_ends_is_read() -> None:
    pem = new_key()
    assert name_of(private_key(pem.replace("\n", " ")).public_key()) == name_of(private_key(pem).public_key())


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    pem = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "x25519"], capture_output=True, text=True, check=True
    ).stdout
    with pytest.raises(KeyUnreadable):
        private_key(pem)
    with pytest.raises(KeyUnreadable):
        public_key(b"none")
    (tmp_path / "none.pem").write_text("none")
    assert "--key" in refusal("--head", tmp_path / "none.pem", "--key", tmp_path / "none.pem")


def test_openssl_agrees_with_the_signature(heads: Path, tmp_path: Path) -> None:
    trails.write(3)
    seal_events()
    head = sign_head()
    assert head is not None
    (tmp_path / "message").write_bytes(head.message())
    (tmp_path / "signature").write_bytes(head.signature)
    (tmp_path / "key.pem").write_text(told("--public-key"))
    asked = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in message -sigfile signature".split()
    answer = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert name_of(signing_key().public_key()) == head.key
