"""Every fault has words, and its values fit them."""

from __future__ import annotations

import re

from portal.core.tabular.faults import CODES, ReadFault, column_letters
from portal.core.tabular.messages import MESSAGES, fault_text


def test_every_code_has_words() -> None:
    assert set(MESSAGES) == CODES


def test_words_are_filled_by_name() -> None:
    values = dict.fromkeys(
        ("megabytes", "extension", "limit", "last", "expected", "name", "heading", "typed", "count", "range"),
        "7",
    )
    for code in sorted(CODES):
        words = fault_text(ReadFault(code, values))
        assert not re.search(r"%\(|%s", words), code


def test_addresses() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 702, 703, 16_384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert ReadFault("error_value", {}, "Lines", 7, 2).address == "B7"
    assert ReadFault("damaged").level == "refused"
    assert ReadFault("merged_cells").level == "note"
