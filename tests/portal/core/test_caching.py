"""The cache while Redis is there, gone, or takes connections and says nothing."""

from __future__ import annotations

import pickle
import socket
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings

from portal.core import caching
from portal.core.caching import PatientRedis
from tests.servers import free_port

pytestmark = pytest.mark.holds("broker-gone")


@pytest.fixture(autouse=True)
def nobody_is_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins with a Redis that answered, and leaves no other behind."""
    monkeypatch.setattr(caching, "_away_until", 0.0)
    yield
    cache_at(1)._own.clear()


def cache_at(port: int) -> PatientRedis:
    return PatientRedis(f"redis://127.0.0.1:{port}/0", {"OPTIONS": settings.CACHES["default"]["OPTIONS"]})


def use(cache: PatientRedis) -> list[object]:
    """What counting calls and remembering does; the answers."""
    return [cache.add("calls", 0, timeout=60), cache.incr("calls"), cache.incr("calls"), cache.get("calls")]


def test_a_redis_that_is_there_is_used() -> None:
    cache = PatientRedis(settings.REDIS_URL, settings.CACHES["default"].copy())
    cache.set("seen", "by all")
    assert cache._own.get("seen") is None
    assert (cache.get("seen"), cache.has_key("seen"), cache.touch("seen", 5)) == ("by all", True, True)
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    cache.delete_many(["a", "b"])
    assert (cache.delete("seen"), cache.get("seen")) == (True, None)
    with pytest.raises(ValueError, match="seen"):
        cache.incr("seen")


def test_while_redis_is_gone_the_process_counts_for_itself() -> None:
    assert use(cache_at(free_port())) == [True, 1, 2, 2]


def test_a_silent_redis_is_asked_once_and_then_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        cache = cache_at(silent.getsockname()[1])
        assert use(cache) == [True, 1, 2, 2]
        assert waiting(silent) == 1
        monkeypatch.setattr(caching, "_away_until", 0.0)
        cache.get("calls")
        assert waiting(silent) == 1, "after a while it is asked again"


def waiting(server: socket.socket) -> int:
    """How many connections came since this was last asked."""
    came = 0
    while True:
        try:
            connection, _address = server.accept()
        except BlockingIOError:
            return came
        connection.close()
        came += 1


def test_what_is_read_from_redis_is_data_and_never_run() -> None:
    cache = PatientRedis(settings.REDIS_URL, settings.CACHES["default"].copy())
    cache.set("said", [{"figure": 0.1, "words": "磁钢"}, None])
    assert cache.get("said") == [{"figure": 0.1, "words": "磁钢"}, None]
    planted = pickle.dumps(print)
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.set(cache.make_key("planted"), planted)
    with pytest.raises(ValueError, match="decode"):
        cache.get("planted")
    client.delete(cache.make_key("planted"), cache.make_key("said"))
