"""``make checklist``: docs/checklist.md, each promise with the tests that hold it, as their marks say.

Nothing is kept by hand: the tests are those that pytest collects, the promises those of ``promises.py``. With ``--print`` the
document is printed instead of written.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.site.promises import KEYS, PROMISES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "checklist.md"
NO_TEST = "**no test**"


class Unknown(Exception):
    """Tests name promises that are not in the list."""


class Marks:
    """A pytest plugin that notes which tests hold what."""

    def __init__(self) -> None:
        self.holders: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for mark in item.iter_markers("holds"):
                for key in mark.args:
                    self.holders[key].add(item.nodeid.partition("[")[0])


def collected() -> dict[str, set[str]]:
    """Key of a promise -> names of the tests that say they hold it. Raises ``Unknown``."""
    marks, said = Marks(), io.StringIO()
    with contextlib.redirect_stdout(said):
        ended = pytest.main(["--collect-only", "--no-header", str(ROOT / "tests")], plugins=[marks])
    if ended != pytest.ExitCode.OK:
        raise SystemExit(said.getvalue())
    if unknown := sorted(set(marks.holders) - set(KEYS)):
        tests = sorted(name for key in unknown for name in marks.holders[key])
        raise Unknown(
            f"tests/site/promises.py does not have {', '.join(unknown)}; named by {', '.join(tests)}"
        )
    return marks.holders


def document(holders: dict[str, set[str]]) -> str:
    """The list as Markdown."""
    held = sum(bool(holders.get(key)) for key in KEYS)
    parts = [
        "# What is promised, and the tests that hold it",
        "",
        "Made by `make checklist` from `tests/site/promises.py` and the tests' own marks (`@pytest.mark.holds`); a test refuses a page",
        f"that is out of date. {held} of {len(KEYS)} promises have a test.",
    ]
    for title, lines in PROMISES.items():
        parts += ["", f"## {title}", "", "| promise | key | held by |", "|---|---|---|"]
        for key, statement in lines.items():
            names = [_link(name) for name in sorted(holders.get(key, ()))]
            parts.append(f"| {statement} | `{key}` | {'<br>'.join(names) or NO_TEST} |")
    return "\n".join([*parts, ""])


def _link(name: str) -> str:
    path, _, test = name.partition("::")
    return f"[{test.replace('_', ' ').removeprefix('test ')}](../{path})"


def main() -> None:
    text = document(collected())
    if "--print" in sys.argv[1:]:
        sys.stdout.write(text)
    else:
        DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
