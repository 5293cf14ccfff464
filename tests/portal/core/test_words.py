"""Text from anywhere, as it can be kept."""

from __future__ import annotations

import pytest

from portal.core.words import storable


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("", ""),
        ("O'Brien 沈阳 🧲\n", "O'Brien 沈阳 🧲\n"),
        ("a\x00b", "ab"),
        ("磁\x00\ud83e铁", "磁铁"),
        ("\ud800", ""),
    ],
)
def test_what_no_database_takes_is_left_out_and_nothing_else(sent: str, kept: str) -> None:
    assert storable(sent) == kept
