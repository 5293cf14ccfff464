"""The short form of ``make load-test``: real connections to the real server, half of them cut before the answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import Queue

import pytest
from django.conf import settings
from django.db import connection

from portal.accounts.models import User
from portal.audit.models import Event
from portal.core.models import IdempotentAnswer
from portal.registry.models import Product
from tests.calling import token_for
from tests.load.sent_again import SENDERS, asked, body_of, send_all, with_another_body
from tests.load.serving import gunicorn, url_of

POSTS = 40
pytestmark = [pytest.mark.holds("idempotency"), pytest.mark.postgresql]  # SQLite has one writer


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[str]:
    """Web workers on the database of these tests."""
    with gunicorn(url_of(connection), settings.REDIS_URL) as address:
        yield address


@pytest.mark.django_db(transaction=True)
def test_posts_sent_five_times_at_once_and_cut_make_a_row_each_and_equal_answers(
    server: str, alma: User
) -> None:
    token = token_for(alma)
    seen = send_all(server, [token], POSTS)
    others = with_another_body(server, token, POSTS)
    assert seen.cut == SENDERS * POSTS // 2
    assert {number: len(set(given)) for number, given in seen.answers.items()} == dict.fromkeys(
        range(POSTS), 1
    )
    assert all(len(given) == SENDERS for given in seen.answers.values())
    assert Product.objects.count() == IdempotentAnswer.objects.count() == POSTS
    assert Event.objects.filter(verb="product.added").count() == POSTS
    assert others == {"422 idempotency_key_reused": POSTS}


@pytest.mark.django_db(transaction=True)
def test_while_a_request_is_being_answered_the_same_one_is_told_so(server: str, alma: User) -> None:
    """One of two waits for a table that the test holds; the other is not made to wait behind it."""
    token = token_for(alma)
    answers: Queue[tuple[int, bytes]] = Queue()
    both = [threading.Thread(target=lambda: answers.put(asked(server, token, "k", body_of(1)))) for _ in "ab"]
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE registry_product IN SHARE MODE")
        for one in both:
            one.start()
        quick = answers.get(timeout=30)
        cursor.execute("ROLLBACK")
    slow = answers.get(timeout=30)
    for one in both:
        one.join(30)
    assert quick[0] == 409
    assert b'"in_flight"' in quick[1]
    assert slow[0] == 201
