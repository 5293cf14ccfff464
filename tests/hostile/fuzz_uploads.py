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
from tests.hostile.files import kind_of
from tests.hostile.judging import Outcome, measured, read

FILES = int(os.environ.get("FILES", "10000"))
ONE_IN = 40


def test_odd_files(aurora: Organisation, alma: User, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    doors, outcomes = Doors.of(aurora, alma), list[Outcome]()
    for number in range(0, FILES, ONE_IN):
        doors.hand_in(number)
    print(f"handed in: {doors.answers}", flush=True)
    with measured(), ThreadPoolExecutor(os.cpu_count()) as pool:
        for outcome in pool.map(read, range(FILES)):
            outcomes.append(outcome)
            if len(outcomes) % 1_000 == 0 or len(outcomes) == FILES:
                print(f"{len(outcomes)} read, {sum(bool(one.wrong) for one in outcomes)} wrong", flush=True)
                figures.write("fuzz", "Ten thousand odd files", summary(outcomes, doors))
    assert not wrong(outcomes, doors), "\n".join(wrong(outcomes, doors))


def wrong(outcomes: list[Outcome], doors: Doors) -> list[str]:
    """Each answer that is none, with the number of its file."""
    return [f"{one.number} {one.kind}: {one.wrong}" for one in outcomes if one.wrong] + doors.wrong


def summary(outcomes: list[Outcome], doors: Doors) -> dict[str, Any]:
    largest = max(outcomes, key=lambda one: one.megabytes)
    slowest = max(outcomes, key=lambda one: one.seconds)
    busiest = max(outcomes, key=lambda one: one.cpu_seconds)
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "files": len(outcomes),
        "wrong_answers": len(wrong(outcomes, doors)),
        "peak_memory_of_a_child_mb": f"{largest.megabytes:.0f} ({largest.kind}, file {largest.number})",
        "most_processor_time_of_a_child_s": f"{busiest.cpu_seconds:.1f} ({busiest.kind}, file {busiest.number})",
        "slowest_reading_s": f"{slowest.seconds:.1f} ({slowest.kind}, file {slowest.number})",
        "files_through_page_and_api": len(range(0, FILES, ONE_IN)),
        "slowest_answer_of_page_or_api_s": round(doors.slowest, 1),
        "peak_memory_of_the_process_behind_them_with_all_tests_tools_mb": round(ours / 1_000),
        "answers": dict(sorted(doors.answers.items())),
        "outcomes": dict(Counter(one.code for one in outcomes).most_common()),
        "kinds_of_files": dict(Counter(kind_of(one.number) for one in outcomes).most_common()),
    }
