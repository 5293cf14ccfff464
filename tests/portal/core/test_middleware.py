"""Around every request: what cannot be asked, and a database that is away."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError

from portal.core.api.problems import problem_of
from portal.core.errors import Refused
from portal.core.middleware import refusals


@pytest.mark.parametrize("address", ["/verify/a%00b/", "/checks/?q=a%00b", "/sign-in/password/%00/x/"])
def test_an_address_with_a_nul_is_refused(client, db, address):
    assert client.get(address).status_code == 400


@pytest.mark.holds("database-killed")
@pytest.mark.parametrize(
    "error",
    [
        OperationalError("gone"),
        InterfaceError("connection already closed"),
        DatabaseError("error with status PGRES_TUPLES_OK and no message from the libpq"),
    ],
)
def test_a_database_that_is_away_is_said_to_be_away(rf, error):
    answer = refusals(lambda request: None).process_exception(rf.get("/"), error)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    problem = problem_of(error)
    assert (problem.status, problem.code) == (503, "unavailable")


def test_other_faults_are_no_refusals(rf):
    assert refusals(lambda request: None).process_exception(rf.get("/"), ValueError("x")) is None
    assert (
        refusals(lambda request: None).process_exception(rf.get("/"), Refused("no", "No.")).status_code == 409
    )
