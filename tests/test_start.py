"""The portal starts, and says so."""

from django.test import Client


def test_the_portal_says_it_is_alive(db: None) -> None:
    assert Client().get("/healthz").content == b"alive\n"


def test_the_portal_is_ready_with_its_database_and_broker(db: None) -> None:
    answer = Client().get("/readyz")
    assert answer.status_code == 200, answer.content
    assert answer.json()["ready"] is True
