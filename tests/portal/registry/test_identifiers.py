"""Identity numbers: what is valid, what fails its check, what has the wrong shape; none of it forbids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.registry.domain.identifiers import (
    HINTS,
    ID_TYPES,
    lei_check_digits,
    normalise,
    uscc_check_character,
    verify,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    ("kind", "number", "country", "state", "stored", "hint"),
    [
        ("USCC", "91330201MADFQE5E01", "CN", "valid", "91330201MADFQE5E01", "none"),
        ("USCC", " ９１330201-madfqe5e01 ", "CN", "valid", "91330201MADFQE5E01", "none"),
        ("USCC", "91350211M0000XUF46", "CN", "fails_check", "91350211M0000XUF46", "uscc_check"),
        ("USCC", "91330201MADFQE5E0", "CN", "malformed", "91330201MADFQE5E0", "uscc_length"),
        ("USCC", "91330201MADFQE5EO1", "CN", "malformed", "91330201MADFQE5EO1", "uscc_letters"),
        ("USCC", "9133020AMADFQE5E01", "CN", "malformed", "9133020AMADFQE5E01", "uscc_shape"),
        ("LEI", "5493001KJTIIGC8Y1R12", "US", "valid", "5493001KJTIIGC8Y1R12", "none"),
        ("LEI", "5493001KJTIIGC8Y1R21", "US", "fails_check", "5493001KJTIIGC8Y1R21", "lei_check"),
        ("LEI", "5493001KJTIIGC8Y1R", "US", "malformed", "5493001KJTIIGC8Y1R", "lei_shape"),
        ("VAT", "DE 136 695 976", "DE", "valid", "DE136695976", "none"),
        ("VAT", "136695976", "DE", "valid", "DE136695976", "none"),
        ("VAT", "136695976", "", "not_checked", "136695976", "vat_country"),
        ("VAT", "DE136695978", "", "fails_check", "DE136695978", "vat_check"),
        ("VAT", "DE13669597", "DE", "malformed", "DE13669597", "vat_shape"),
        ("VAT", "094259216", "GR", "valid", "EL094259216", "none"),
        ("VAT", "GB980780684", "GB", "valid", "GB980780684", "none"),
        ("VAT", "XI980780684", "", "valid", "XI980780684", "none"),
        ("VAT", "12-3456789", "US", "not_checked", "123456789", "no_check"),
        ("VAT", "91330201MADFQE5E01", "CN", "valid", "91330201MADFQE5E01", "none"),
        ("EORI", "de 1234567", "DE", "not_checked", "DE1234567", "no_check"),
        ("EORI", "1234567", "DE", "malformed", "1234567", "eori_shape"),
        ("DUNS", "15-048-3782", "US", "not_checked", "150483782", "no_check"),
        ("DUNS", "15-048-378", "US", "malformed", "15048378", "duns_shape"),
        ("OTHER", " Reg. 7/3 ", "AE", "not_checked", "Reg. 7/3", "no_check"),
        ("OTHER", " ", "AE", "malformed", "", "empty"),
        ("", "", "AE", "not_checked", "", "none"),
    ],
)
def test_verdicts(kind: str, number: str, country: str, state: str, stored: str, hint: str) -> None:
    verdict = verify(kind, number, country)
    assert (verdict.state, verdict.normalised, verdict.hint) == (state, stored, hint)
    assert verdict.words == HINTS[hint]
    assert verdict.warns == (state in {"fails_check", "malformed"})


def test_a_wrong_length_is_counted() -> None:
    verdict = verify("USCC", "9133")
    assert verdict.words % {"count": verdict.count} == (
        "A unified social credit code has 18 characters; this one has 4."
    )


def test_codes_that_begin_with_letters_are_known() -> None:
    body = "A1110000400013222"
    assert verify("USCC", body + uscc_check_character(body)).state == "valid"


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="PASSPORT"):
        verify("PASSPORT", "1")


@given(st.text(ALPHABET, min_size=2, max_size=2), st.from_regex(r"[0-9]{6}", fullmatch=True), st.text(ALPHABET, min_size=9, max_size=9), st.integers(0, 16), st.sampled_from(ALPHABET))  # fmt: skip
def test_one_wrong_character_of_a_uscc_is_always_found(
    head: str, region: str, body: str, at: int, other: str
) -> None:
    first = head + region + body
    code = first + uscc_check_character(first)
    assert verify("USCC", code).state == "valid"
    if code[at] != other:
        assert verify("USCC", code[:at] + other + code[at + 1 :]).state != "valid"


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=18, max_size=18))
def test_lei_check_digits(first: str) -> None:
    assert verify("LEI", first + lei_check_digits(first)).state == "valid"


@given(
    st.sampled_from(ID_TYPES),
    st.text(max_size=25),
    st.sampled_from(["", "CN", "DE", "GR", "IN", "JP", "CH", "zz"]),
)
def test_nothing_typed_breaks_it(kind: str, number: str, country: str) -> None:
    verdict = verify(kind, number, country)
    assert verdict.state in {"valid", "fails_check", "malformed", "not_checked"}


def test_normalising_takes_away_width_blanks_and_dashes() -> None:
    assert normalise("ｄｅ－１２ ３.4/5") == "DE12345"
