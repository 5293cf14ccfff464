"""A request sent again acts once, and gets the same bytes."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction

from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.core import clock
from portal.core.api import idempotency
from portal.core.models import IdempotentAnswer
from portal.registry.models import Product
from tests.calling import Caller, caller, token_for

pytestmark = pytest.mark.holds("idempotency")

PRODUCT: dict[str, Any] = {
    "code": "P-07",
    "name": "Ring",
    "stage": "magnet",
    "family": "ndfeb",
    "nd_pct": "24.1",
}


@pytest.mark.holds("idempotency")
def test_the_same_request_acts_once_and_gets_the_same_bytes(alma: User) -> None:
    api = caller(alma)
    first = api.post("products/", PRODUCT, Idempotency_Key="k1")
    second = api.post("products/", PRODUCT, Idempotency_Key="k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert (second["Location"], second["ETag"]) == (first["Location"], first["ETag"])
    assert second["Idempotent-Replayed"] == "true"
    assert Event.objects.filter(verb="product.added").count() == 1


@pytest.mark.holds("idempotency")
def test_another_request_with_the_key_is_refused(alma: User) -> None:
    api = caller(alma)
    api.post("products/", PRODUCT, Idempotency_Key="k1")
    for path, body in (("products/", PRODUCT | {"name": "Disc"}), ("counterparties/", PRODUCT)):
        answer = api.post(path, body, Idempotency_Key="k1")
        assert (answer.status_code, answer.body["code"]) == (422, "idempotency_key_reused")


def test_a_refused_request_leaves_its_key_free(alma: User) -> None:
    api = caller(alma)
    assert api.post("products/", PRODUCT | {"stage": "powder"}, Idempotency_Key="k1").status_code == 422
    assert api.post("products/", PRODUCT, Idempotency_Key="k1").status_code == 201


def test_a_key_is_one_persons_own(alma: User, carla: User) -> None:
    for person in (alma, carla):
        assert caller(person).post("products/", PRODUCT, Idempotency_Key="k1").status_code == 201
    assert Product.objects.count() == 2


@pytest.mark.parametrize("key", ["", "two words", "x" * 201, "schlüssel"])
def test_what_is_no_key_is_refused(alma: User, key: str) -> None:
    answer = caller(alma).post("products/", PRODUCT, Idempotency_Key=key)
    assert (answer.status_code, answer.body["code"]) == (400, "idempotency_key_unusable")


def test_a_file_sent_again_under_another_boundary_is_the_same_request(
    alma: User, aurora: Organisation
) -> None:
    api = caller(alma)
    data = b"kind,product,quantity_kg\nopening,P-07,1\nclosing,P-07,1\n"
    api.post("products/", PRODUCT)
    first = api.send_file("filings/", "may.csv", data, {"period": "2026-01"}, Idempotency_Key="k1")
    second = api.send_file("filings/", "may.csv", data, {"period": "2026-01"}, Idempotency_Key="k1")
    other = api.send_file("filings/", "may.csv", data + b"\n", {"period": "2026-01"}, Idempotency_Key="k1")
    assert (first.status_code, second.content, other.status_code) == (201, first.content, 422)


def test_the_database_keeps_a_key_once(alma: User, aurora: Organisation) -> None:
    row = {
        "organisation_id": aurora.pk,
        "user_id": alma.pk,
        "key": "k",
        "digest": "",
        "status": 200,
        "body": b"",
        "at": clock.now(),
    }
    IdempotentAnswer.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        IdempotentAnswer.objects.create(**row)


def test_old_answers_are_forgotten(alma: User) -> None:
    caller(alma).post("products/", PRODUCT, Idempotency_Key="k1")
    assert idempotency.prune() == 0
    IdempotentAnswer.objects.update(at=clock.now() - idempotency.KEPT - timedelta(days=1))
    assert idempotency.prune() == 1


@pytest.mark.holds("idempotency")
@pytest.mark.django_db(transaction=True)
def test_fifty_posts_sent_five_times_in_parallel_make_fifty_rows_and_equal_answers(alma: User) -> None:
    secret = token_for(alma)
    start = Barrier(5)

    def send_all(_thread: int) -> list[bytes]:
        api = Caller(secret)
        try:
            start.wait(10)
            return [settled(api, number) for number in range(50)]
        finally:
            close_old_connections()
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(send_all, range(5)))
    assert Product.objects.count() == 50
    assert IdempotentAnswer.objects.count() == 50
    assert all(given == answers[0] for given in answers)


def settled(api: Caller, number: int) -> bytes:
    """The answer once the request is no longer in flight, as a client waits for it."""
    until = time.monotonic() + 20
    while True:
        answer = api.post("products/", PRODUCT | {"code": f"P-{number:02}"}, Idempotency_Key=f"key-{number}")
        if answer.status_code == 201:
            return answer.content
        assert (answer.status_code, answer.body["code"], answer["Retry-After"]) == (409, "in_flight", "1")
        assert time.monotonic() < until
