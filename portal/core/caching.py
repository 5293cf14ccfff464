"""The cache is a convenience: while Redis is gone or silent, each process keeps what it counts in its own memory."""

from __future__ import annotations

import json
import time
from typing import Any, Final

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

AWAY: Final = 10.0  # seconds for which a Redis that did not answer is not asked again
_away_until = 0.0  # by the clock that only goes forward; of the process, whose threads share it


_COUNT: Final = (
    "return redis.call('exists', KEYS[1]) == 1 and redis.call('incrby', KEYS[1], ARGV[1]) or false"
)


class Json:
    """What is kept is written as JSON: whoever writes to Redis cannot make a process run what it reads there."""

    def dumps(self, value: Any) -> str:
        return json.dumps(value)

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


class OneRoundTrip(RedisCacheClient):
    """Counts with one question where Django asks two, through a client made once: every call of the API is counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"serializer": Json, **kwargs})
        self._one: Any = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if self._one is None:  # there is one server, to write to and to read from
            self._one = super().get_client(key, write=True)
        return self._one

    def incr(self, key: Any, delta: int) -> int:
        found = self.get_client(key, write=True).eval(_COUNT, 1, key, delta)
        if found is None:
            raise ValueError(f"Key {key!r} not found.")
        return int(found)


class PatientRedis(RedisCache):
    """No request fails or waits for a Redis that does not answer; how long one may wait is said in the settings."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneRoundTrip
        own = {key: value for key, value in params.items() if key != "OPTIONS"}
        self._own = LocMemCache("while-redis-is-away", {**own, "MAX_ENTRIES": 20_000})

    def _ask(self, verb: str, *args: Any, **kwargs: Any) -> Any:
        global _away_until  # noqa: PLW0603 - one state for all threads of the process
        if time.monotonic() >= _away_until:
            try:
                return getattr(super(), verb)(*args, **kwargs)
            except RedisError as error:
                _away_until = time.monotonic() + AWAY
                log.warning("cache_away", error=type(error).__name__)
        return getattr(self._own, verb)(*args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("add", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("incr", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("has_key", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete_many", *args, **kwargs)

    def clear(self) -> Any:
        return self._ask("clear")
