"""The canonical form: a third party recomputes the digest of a receipt."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.domain.canonical import COUNTERPARTY, PRODUCT, canonical_bytes, digest_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LINES = st.lists(
    st.fixed_dictionaries(
        {"line_no": st.integers(1, 10**6), "kind": st.sampled_from(["sold", "closing"])},
        optional={"note": TEXTS, "batch": TEXTS, "quantity_kg": st.sampled_from(["1", "1.0", "12.400"])},
    ),
    max_size=6,
    unique_by=lambda line: line["line_no"],
)


def recomputed(tmp_path: Path, text: str, *more: str) -> subprocess.CompletedProcess[str]:
    """What a third party gets from the script."""
    file = tmp_path / "filing.json"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", str(DOCS / "verify_receipt.py"), str(file), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def form_of(filing: dict) -> bytes:
    """What the portal makes of a filing written as JSON."""
    named = {name: filing[name] for name in ("counterparties", "products")}
    return canonical_bytes(filing, filing["lines"], filing["explanations"], **named)


def with_lines(head: dict, lines: list[dict], explanations: list[dict], **named: list[dict]) -> bytes:
    return canonical_bytes(head, lines, explanations, **({"counterparties": [], "products": []} | named))


def documented() -> tuple[str, str, str]:
    blocks = re.findall(
        r"```(?:json|text)\n(.*?)\n```", (DOCS / "canonical-form.md").read_text("utf-8"), re.DOTALL
    )
    return blocks[0], blocks[1], blocks[2]


@pytest.mark.holds("receipts-offline")
def test_the_worked_example_is_right() -> None:
    given_json, form, digest = documented()
    filing = json.loads(given_json)
    made = form_of(filing)
    assert made.decode() == form
    assert digest_of(made) == hashlib.sha256(form.encode()).hexdigest() == digest


@pytest.mark.holds("receipts-offline")
def test_the_script_gives_the_same_from_any_formatting(tmp_path: Path) -> None:
    given_json, form, digest = documented()
    shuffled = json.loads(form)
    shuffled["lines"].reverse()
    shuffled["lines"][0]["note"] = None
    shuffled["lines"][0]["batch"] = ""
    for text in (given_json, form, json.dumps(shuffled, indent=4), "\ufeff" + form):
        assert recomputed(tmp_path, text).stdout.strip() == digest


@pytest.mark.holds("receipts-offline")
def test_the_script_says_when_the_data_was_changed(tmp_path: Path) -> None:
    _, form, digest = documented()
    same = recomputed(tmp_path, form, digest.upper())
    assert (same.returncode, "This is the filed data." in same.stdout) == (0, True)
    for said, forged in (('"10.0"', '"10.00"'), ("Southern Motors", "Northern Motors"), ('"23.5"', '"23.6"')):
        other = recomputed(tmp_path, form.replace(said, forged), digest)
        assert (other.returncode, "NOT" in other.stdout) == (1, True)


def test_the_script_says_that_it_does_not_know_another_form(tmp_path: Path) -> None:
    run = recomputed(tmp_path, documented()[1].replace("lodestone-filing-2", "lodestone-filing-9"))
    assert run.returncode == 1
    assert "lodestone-filing-9" in run.stderr
    assert not run.stdout


@given(lines=LINES, shuffle=st.randoms(use_true_random=False))
def test_the_order_given_does_not_matter_and_the_form_reads_back(lines: list[dict], shuffle) -> None:
    head = {"organisation": "X", "period": "2026-05", "version": 2, "nil": False, "amendment_reason": "“”"}
    made = with_lines(head, lines, [])
    other = list(lines)
    shuffle.shuffle(other)
    assert with_lines(head, other, []) == made
    assert form_of(json.loads(made)) == made


def test_parties_and_products_are_in_the_order_of_their_codes() -> None:
    head = {"organisation": "X", "period": "2026-05", "version": 1, "nil": False}
    rows = [{"code": code, "name": "n"} for code in ("b", "铽", "B", "a-10", "a-9")]
    made = json.loads(with_lines(head, [], [], counterparties=rows, products=rows[::-1]))
    for name in ("counterparties", "products"):
        assert [row["code"] for row in made[name]] == ["B", "a-10", "a-9", "b", "铽"]


def test_reported_decimals_and_every_signed_column_change_the_digest() -> None:
    head = {"organisation": "X", "period": "2026-05", "version": 1, "nil": False}
    line = {"line_no": 1, "kind": "sold", "quantity_kg": "10.0"}
    digests = {digest_of(with_lines(head, [line], []))}
    for change in (
        {"quantity_kg": "10"},
        {"kind": "lost"},
        {"note": "x"},
        {"line_no": 2},
        {"destination": "DE"},
    ):
        digests.add(digest_of(with_lines(head, [line | change], [])))
    digests.add(digest_of(with_lines(head, [line], [{"check": "A", "subject": "", "text": "because"}])))
    digests.add(digest_of(with_lines(head | {"version": 2}, [line], [])))
    for named, columns in (("counterparties", COUNTERPARTY), ("products", PRODUCT)):
        digests.update(
            digest_of(with_lines(head, [line], [], **{named: [{"code": "1", name: "x"}]})) for name in columns
        )
    assert len(digests) == 8 + len(COUNTERPARTY) + len(PRODUCT)
