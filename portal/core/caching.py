"""The cache is a convenience: while Redis is gone or silent, each process keeps what it counts in its own memory."""

from __future__ import annotations

import time
from typing import Any, Final

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

AWAY: Final = 10.0  # seconds for which a Redis that did not answer is not asked again
_away_until = 0.0  # by the clock that only goes forward; of the process, whose threads share it


class PatientRedis(RedisCache):
    """No request fails or waits for a Redis that does not answer; how long one may wait is said in the settings."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
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
