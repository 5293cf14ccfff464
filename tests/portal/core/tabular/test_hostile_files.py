"""Files that nobody sends in earnest, some of each kind: ``make fuzz`` tries ten thousand."""

from __future__ import annotations

from typing import Any

import pytest

from portal.accounts.models import Organisation, User
from tests.hostile.doors import Doors
from tests.hostile.files import every_kind, file
from tests.hostile.judging import measured, read

NUMBERS = [*every_kind(), *range(1_000, 1_035)]


def test_a_number_makes_the_same_file_every_time() -> None:
    assert [file(number) for number in every_kind()[:12]] == [file(number) for number in every_kind()[:12]]


@pytest.mark.holds("uploads-cannot-hurt", "uploads-bombs", "uploads-odd-text")
def test_odd_files_are_read_or_refused_in_words_within_their_limits() -> None:
    with measured():
        wrong = {number: outcome.wrong for number in NUMBERS if (outcome := read(number)).wrong}
    assert not wrong


@pytest.mark.holds("uploads-cannot-hurt")
def test_odd_files_handed_in_are_answered(
    aurora: Organisation, alma: User, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    doors = Doors.of(aurora, alma)
    for number in every_kind()[::3]:
        doors.hand_in(number)
    assert not doors.wrong
