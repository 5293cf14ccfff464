"""``make fuzz``: ten thousand odd files through the reader, one in forty through the upload page and the API as well.

``FILES=500 make fuzz`` tries fewer. The files are numbered: what failed is made again by its number.
"""

from __future__ import annotations

import os
import resource
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from portal.accounts.models import Organisation, User
from tests.hostile import figures
from tests.hostile.doors import Doors
from tests.hostile.judging import Outcome, measured, read

FILES = int(os.environ.get("FILES", "10000"))
AT_ONCE = int(os.environ.get("AT_ONCE", os.cpu_count() or 2))
ONE_IN = 40


def test_odd_files_handed_in(aurora: Organisation, alma: User, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    doors = Doors.of(aurora, alma)
    for number in range(0, FILES, ONE_IN):
        doors.hand_in(number)
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = {
        "files": len(range(0, FILES, ONE_IN)),
        "wrong_answers": len(doors.wrong),
        "slowest_answer_s": round(doors.slowest, 1),
        "most_processor_time_of_an_answer_s": round(doors.busiest, 1),
        "peak_memory_of_the_process_with_the_tools_of_the_tests_mb": round(ours / 1_000),
        "answers": dict(sorted(doors.answers.items())),
    }
    figures.write("fuzz-doors", "Odd files through the upload page and the API", found)
    assert not doors.wrong, "\n".join(doors.wrong)


def test_odd_files_read() -> None:
    outcomes: list[Outcome] = []
    with measured(), ThreadPoolExecutor(AT_ONCE) as pool:
        for outcome in pool.map(read, range(FILES)):
            outcomes.append(outcome)
            if len(outcomes) % 1_000 == 0 or len(outcomes) == FILES:
                wrong = [f"{one.number} {one.kind}: {one.wrong}" for one in outcomes if one.wrong]
                print(f"{len(outcomes)} read, {len(wrong)} wrong", flush=True)
                figures.write("fuzz", "Odd files through the reader", summary(outcomes, len(wrong)))
    assert not wrong, "\n".join(wrong)


def summary(outcomes: list[Outcome], wrong: int) -> dict[str, Any]:
    largest = max(outcomes, key=lambda one: one.megabytes)
    slowest = max(outcomes, key=lambda one: one.seconds)
    busiest = max(outcomes, key=lambda one: one.cpu_seconds)
    return {
        "files": len(outcomes),
        "read_at_once": AT_ONCE,
        "wrong_answers": wrong,
        "peak_memory_of_a_child_mb": f"{largest.megabytes:.0f} ({largest.kind}, file {largest.number})",
        "most_processor_time_of_a_child_s": f"{busiest.cpu_seconds:.1f} ({busiest.kind}, file {busiest.number})",
        "slowest_answer_s": f"{slowest.seconds:.1f} ({slowest.kind}, file {slowest.number})",
        "outcomes": dict(Counter(one.code for one in outcomes).most_common()),
        "kinds_of_files": dict(Counter(one.kind for one in outcomes).most_common()),
    }
