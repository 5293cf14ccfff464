"""What starts a whole portal is run by one process: two of them on one Redis take each other's messages."""

from __future__ import annotations

import pytest

from tests.spreading import WALKS, piece_of


def test_whoever_needs_the_running_portal_is_a_walk(request: pytest.FixtureRequest) -> None:
    together = [
        item.nodeid for item in request.session.items if "portal" in getattr(item, "fixturenames", ())
    ]
    assert all(nodeid.startswith(WALKS) for nodeid in together), together


def test_walks_are_one_piece_of_work_and_every_other_test_its_own() -> None:
    walks = {piece_of(f"{WALKS}{rest}") for rest in (".py::test_a", "_otherwise.py::test_b[sqlite]")}
    others = {piece_of(f"tests/portal/test_x.py::test_{name}") for name in "ab"}
    assert len(walks) == 1
    assert len(others | walks) == 3
