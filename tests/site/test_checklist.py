"""Each promise stands in docs/checklist.md with the tests that hold it, and the page is never out of date."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.site.checklist import DOCUMENT, NO_TEST, ROOT, document
from tests.site.promises import KEYS, PROMISES


def test_the_list_is_what_the_tests_say() -> None:
    command = [sys.executable, "-m", "tests.site.checklist", "--print"]
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    made = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-2000:]
    assert made.stdout == DOCUMENT.read_text(encoding="utf-8"), "make checklist"


def test_a_promise_without_a_test_is_shown_as_such() -> None:
    first, second, *_others = KEYS
    text = document({first: {"tests/site/test_x.py::test_it_holds"}})
    assert f"`{first}` | [it holds](../tests/site/test_x.py) |" in text
    assert f"`{second}` | {NO_TEST} |" in text


def test_no_key_stands_twice() -> None:
    assert sum(map(len, PROMISES.values())) == len(KEYS)
