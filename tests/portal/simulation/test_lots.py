"""First in, first out."""

import numpy as np
import pytest

from portal.simulation.domain.lots import LotBook


def _texts(*texts):
    return np.array(texts, dtype=object)


@pytest.fixture
def book():
    """Product 1 holds an unnamed 100 g, then A; product 2 holds B from a supplier."""
    book = LotBook()
    book.add(np.array([1, 2]), np.array([100, 70]), _texts("", "B"), _texts("", "S"))
    book.add(np.array([1]), np.array([200]), _texts("A"), _texts(""))
    return book


def test_the_oldest_goes_first(book):
    drawn = book.draw(np.array([1, 2, 1, 1]), np.array([60, 70, 80, 10]))
    assert drawn.pieces.tolist() == [1, 1, 2, 1]
    assert drawn.label.tolist() == ["", "B", "", "A", "A"]
    assert drawn.origin.tolist() == ["", "S", "", "", ""]
    assert drawn.grams.tolist() == [60, 70, 40, 40, 10]
    assert book.grams_of(3).tolist() == [0, 150, 0]


def test_a_draw_from_two_lots_has_no_sole_label(book):
    labels, origins = book.draw(np.array([1, 1, 2]), np.array([120, 30, 5])).sole_labels()
    assert labels.tolist() == ["", "A", "B"]
    assert origins.tolist() == ["", "", "S"]


def test_drawing_nothing_changes_nothing(book):
    nothing = np.zeros(0, dtype=np.int64)
    assert len(book.draw(nothing, nothing).pieces) == 0
    assert book.grams_of(3).tolist() == [0, 300, 70]


def test_runs_name_lots_that_were_bought_or_made(nation, in_force):
    """`USCC/LOT` was bought from that supplier; a bare `LOT` was made in the house."""
    silent = set(nation["lateness"].query("state == 'missing'")["organisation"])
    parties = nation["counterparties"].set_index(["organisation", "code"])["id_number"].to_dict()
    made = set(zip(in_force["organisation"], in_force["batch"], strict=True))
    bought = {
        (r.organisation, f"{parties[r.organisation, r.counterparty]}/{r.batch}")
        for r in in_force[in_force["kind"] == "purchased"].itertuples()
        if r.batch
    }
    named = {
        (row.organisation, piece.partition(":")[0])
        for row in in_force[in_force["from_batches"] != ""].itertuples()
        for piece in row.from_batches.split(";")
        if row.organisation not in silent
    }
    assert len(named) > 500
    assert named <= (bought | made)
