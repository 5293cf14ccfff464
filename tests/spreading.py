"""How the tests are spread over processes: one more than there are cores, and all walks in one of them.

A test mostly waits: for PostgreSQL, a browser, a server. Walks share a portal that takes long to start; their groups are
read from addresses, for the marks of ``--dist=loadgroup`` do not reach the scheduler of this version of pytest.
"""

from __future__ import annotations

import os
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

WALKS: Final = "tests/browser/test_walk"
MOST_PROCESSES: Final = 8


def piece_of(nodeid: str) -> str:
    """The piece of work that a test is part of, which one process does whole."""
    return "walks" if nodeid.startswith(WALKS) else nodeid


class Spreading(LoadScopeScheduling):
    """Each test goes to whoever is free; walks are one piece of work, and the first that is given out."""

    def _split_scope(self, nodeid: str) -> str:
        return piece_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spreading:
    """The one way in which this suite is spread."""
    return Spreading(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Processes, where their number is left to us."""
    return min(len(os.sched_getaffinity(0)) + 1, MOST_PROCESSES)
