"""Every address of the portal, from the resolver itself, and samples for what stands between its slashes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name, what stands in it, and who may."""

    name: str
    route: str
    parameters: tuple[str, ...]
    policy: Any

    @property
    def is_public(self) -> bool:
        return isinstance(self.policy, str)

    def url(self, values: dict[str, Any]) -> str:
        return reverse(self.name, kwargs={key: values[key] for key in self.parameters})


API = "api/"


def addresses() -> list[Address]:
    """All pages: not Django's stock admin, which answers to superusers alone, nor the API, which knows tokens alone.

    Both are tested on their own.
    """
    return [address for address in _all() if not address.route.startswith((API, "admin/"))]


def api_addresses() -> list[Address]:
    """All of the API: it takes no session, so it is walked with tokens."""
    return [address for address in _all() if address.route.startswith(API)]


def _all() -> list[Address]:
    return [
        Address(
            pattern.name or route,
            route,
            tuple(pattern.pattern.converters),
            getattr(pattern.callback, "policy", None),
        )
        for route, pattern in _walk(get_resolver())
    ]


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        else:
            yield route, pattern
