"""What the README quotes of the figures: written anew whenever something was measured, held to be the same by a test."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
FIGURES, README = ROOT / "docs" / "figures", ROOT / "README.md"
_BLOCK: Final = re.compile(r"(<!-- figures -->\n).*?(<!-- end of figures -->)", re.DOTALL)
MOST_GROWN: Final = 1.3
Row = tuple[str, str, str, Callable[[dict[str, Any]], str]]


def _race(found: dict[str, Any]) -> str:
    race = found["one licence, 20 processes"]
    return (
        f"{race['accepted of 3,000']:,} accepted; ledger {race['ledger g']:,} g = drawn {race['drawn g']:,} g"
    )


def _share(found: dict[str, Any], budget: str, name: str) -> str:
    return f"{found['budgets'][budget]['lodestone'][name]['share']:.2f}"


def _identity(found: dict[str, Any], name: str) -> str:
    return f"precision {found[name]['precision']:.3f}, recall {found[name]['recall']:.3f}"


def _pages(found: dict[str, Any]) -> str:
    ratios = [one["ratio"] for one in found.values() if isinstance(one, dict) and "ratio" in one]
    held = sum(ratio <= MOST_GROWN for ratio in ratios)
    return f"{held} of {len(ratios)} pages within, the worst {max(ratios):.2f} ×; queries differ on {found['pages whose queries differ']}"


def _swept(found: dict[str, Any]) -> str:
    large, alone = found["large"], found["large"]["one worker"]
    return (
        f"{found['exponent of growth']:.2f}; {large['enterprises']:,} enterprises, {found['months']} months, "
        f"{alone['lines']:,} lines in {alone['seconds']:.0f} s, {alone['peak memory MB']:,.0f} MB"
    )


def _joins(found: dict[str, Any]) -> str:
    name, size = list(found.items())[sum("by hand" in str(one) for one in found.values()) - 1]
    return f"{size['ratio of joins, ours to by hand']:.1f} × at {name}"


#: What was promised, the goal, whose figures, and how they say it.
QUOTED: Final[tuple[Row, ...]] = (
    ("A licence is never overdrawn: 20 processes draw 3,000 × 7 g from 10,000", "1,428; 9,996 = 9,996", "export_check", _race),
    ("An export check at 200 a second", "p95 < 50 ms", "export_check", lambda of: f"{of['at 200 a second']['p95 ms']:.0f} ms"),
    ("Export checks beside one indexed SELECT", "≥ 0.5 of its rate", "export_check",
     lambda of: f"{of['ratio of rates (median of 9 pairs)']:.2f}"),
    ("500 posts sent 5 times at once, half cut", "500 rows, equal answers", "idempotency",
     lambda of: f"{of['rows']} rows, {of['posts_whose_answers_are_the_same_bytes']} with equal answers"),
    ("Broker dead, then silent, at 5 filings a second", "none refused, p95 < 1 s, checked within 120 s", "broker_gone",
     lambda of: f"{of['broker_dead']['not_done'] + of['broker_silent']['not_done']} refused; p95 {of['broker_silent']['seconds_p95']:.2f} s; "
     f"all checked after {of['all_checked_after_s']:.0f} s"),
    ("PostgreSQL killed under 8 writers", "nothing acknowledged is lost", "database_killed",
     lambda of: f"{of['acknowledged_and_lost']} of {of['writes_acknowledged']} lost"),
    ("A trail of a million events is verified", "< 30 s", "trail", lambda of: f"{of['seconds']:.0f} s"),
    ("The last hour: 100 requests a second", "p95 < 500 ms, errors < 0.1 %", "last_hour",
     lambda of: f"p95 {1000 * of['mixed']['all']['seconds_p95']:.0f} ms, {of['mixed']['all']['not_done']} of {of['mixed']['all']['requests']:,} failed"),
    ("A file of 50,000 lines delays one of 50", "≤ 30 s", "neighbour", lambda of: f"{max(0.0, of['delay_seconds_longest']):.1f} s"),
    ("A draft of 50 lines checked while it is typed", "p95 < 150 ms", "interactive",
     lambda of: f"{of['one hand']['a cell changed, stored and checked']['p95 ms']:.0f} ms"),
    ("A lot traced through eight stages among a million", "p95 < 200 ms", "trace",
     lambda of: f"{of['back from the last stage']['p95 ms']:.0f} ms back, {of['onward from the first stage']['p95 ms']:.0f} ms onward"),
    ("Pages with 5,000,000 lines stored beside 50,000", "p95 ≤ 1.3 ×, as many queries", "pages", _pages),
    ("An amended filing judged by the national checks", "< 5 s", "amended",
     lambda of: f"{of['large']['amended']['longest seconds']:.1f} s at most, of {of['large']['lines in all']:,} lines"),
    ("A sweep by all checks, its growth from a tenth of the nation", "exponent ≤ 1.1, < 2 GB at 5,000,000 lines", "amended", _swept),
    ("The same by two workers, on two cores that PostgreSQL shares", "≥ 1.5 ×", "amended", lambda of: f"{of['one against two workers']:.2f} ×"),
    ("Its stock, licence, mirror and price joins beside polars by hand", "≤ 2 ×", "sweep", _joins),
    ("10,000 odd files read", "never a 500, < 512 MB", "fuzz",
     lambda of: f"{of['wrong_answers']} wrong; peak {of['peak_memory_of_a_child_mb'].split()[0]} MB"),
    ("A million goods classified, beside pandas masks by hand", "≤ 2 ×", "classification", lambda of: f"{of['ratio_to_pandas_masks']:.2f} ×"),
    ("50,000 lines taken in, beside a bare read and COPY", "≤ 3 ×", "intake",
     lambda of: f"CSV {of['CSV of 50,000 lines']['ratio (median of pairs)']:.1f} ×, workbook {of['workbook of 50,000 lines']['ratio (median of pairs)']:.1f} ×"),
    ("Who is who, records nobody tuned on", "precision ≥ 0.98 at recall ≥ 0.85", "identity", lambda of: _identity(of, "ours from score 50")),
    ("The same by rapidfuzz's WRatio at its best", "–", "identity",
     lambda of: _identity(of, next(name for name in of if name.startswith("WRatio")))),
    ("20,000 names beside bare cdist", "≤ 3 ×", "identity", lambda of: f"{of['speed']['ratio (median of three pairs)']:.2f} ×"),
    ("Evasion found at 1 / 5 / 10 alerts in a thousand filings", "0.6 of the best / 0.70 / 0.80", "detection",
     lambda of: f"{_share(of, '1', 'of_best')} of the best / {_share(of, '5', 'recall')} / {_share(of, '10', 'recall')}"),
    ("Precision there, honest twins accused", "≥ 0.5 at 1; less than half as often", "detection",
     lambda of: " / ".join(_share(of, at, "precision") for at in ("1", "5", "10")) + "; " + " / ".join(_share(of, at, "twins") for at in ("1", "5", "10"))),
)  # fmt: skip


def table() -> str:
    """What was promised, the goal and what was measured, of whatever has figures."""
    rows = ["| promise | goal | measured |", "|---|---|---|"]
    for words, goal, name, said in QUOTED:
        path = FIGURES / f"{name}.json"
        if path.exists():
            found = json.loads(path.read_text("utf-8"))
            rows.append(
                f"| {words} | {goal} | [{said(found.get('figures', found))}](docs/figures/{name}.md) |"
            )
    return "\n".join(rows) + "\n"


def quote() -> None:
    """The README quotes the figures as they are now."""
    text = README.read_text("utf-8")
    README.write_text(_BLOCK.sub(lambda found: found[1] + table() + found[2], text), "utf-8")


def is_true() -> bool:
    """Whether the README says what the figures say."""
    found = _BLOCK.search(README.read_text("utf-8"))
    return found is not None and found[0] == f"{found[1]}{table()}{found[2]}"


if __name__ == "__main__":
    quote()
