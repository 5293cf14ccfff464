"""Where the portal may send to: an address on the public internet, over TLS, at a port meant for it; nowhere else.

The address was chosen outside, the portal stands inside: without these rules it would knock wherever it is told to.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]

LONGEST: Final = 500
PORTS: Final = frozenset({443, 8443, 9443})
_INTERNET_6: Final = ip_network("2000::/3")  # all of IPv6 that is given out for use across the internet
_NAT64: Final = ip_network("64:ff9b::/96")
_RELAYS: Final = ip_network("192.88.99.0/24")  # once led into IPv6; to nowhere that is known


class Forbidden(Exception):
    """A place that nothing is sent to; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def by_the_system(host: str, port: int) -> list[str]:
    """Every address that the machine's own resolver knows for a name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(place[4][0]) for place in found]


@dataclass(frozen=True)
class Rules:
    """What holds here. ``networks`` are allowed beside the internet, at any port and without TLS: for tests and the
    demonstration alone."""

    networks: tuple[Network, ...] = ()
    resolve: Resolver = by_the_system
    tls: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)


@dataclass(frozen=True)
class Target:
    """A URL taken apart."""

    tls: bool
    host: str  # as certificates and DNS write it
    port: int
    path: str  # with the query

    @property
    def authority(self) -> str:
        """The host as the header of that name has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


def target_of(url: str, rules: Rules) -> Target:
    """The URL taken apart. Raises Forbidden where its form alone is reason enough; no name is looked up."""
    if len(url) > LONGEST or not url.isascii() or any(sign <= " " or sign in '\\"<>\x7f' for sign in url):
        raise Forbidden("url_unreadable")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise Forbidden("url_unreadable") from error
    if not host or "%" in host or parts.fragment or "#" in url:
        raise Forbidden("url_unreadable")
    if parts.username is not None or parts.password is not None:
        raise Forbidden("credentials_in_url")
    tls = _is_tls(parts, rules)
    port = port if port is not None else (443 if tls else 80)
    if port not in PORTS and not rules.networks:
        raise Forbidden("port_not_allowed")
    literal = _literal(host)
    if literal is not None and not is_allowed(literal, rules):
        raise Forbidden("address_not_public")
    path = parts.path or "/"
    return Target(tls, host, port, f"{path}?{parts.query}" if parts.query else path)


def _is_tls(parts: SplitResult, rules: Rules) -> bool:
    if parts.scheme == "https":
        return True
    if parts.scheme == "http" and rules.networks:
        return False
    raise Forbidden("not_https")


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def address_of(target: Target, rules: Rules) -> Address:
    """The one address to connect to. Its name is looked up once; one address of it that is not public refuses all of them."""
    found = rules.resolve(target.host, target.port)
    addresses = [_literal(text) for text in found]
    if not addresses:
        raise Forbidden("address_not_public")  # as for a private one: names inside are not to be guessed
    judged = [one for one in addresses if one is not None]
    if len(judged) != len(addresses) or not all(is_allowed(one, rules) for one in judged):
        raise Forbidden("address_not_public")
    special = _in_networks(judged[0], rules)
    if not special and (not target.tls or target.port not in PORTS):
        raise Forbidden("not_https" if not target.tls else "port_not_allowed")
    return judged[0]


def is_allowed(address: Address, rules: Rules) -> bool:
    """Whether something may be sent there."""
    return is_public(address) or _in_networks(address, rules)


def _in_networks(address: Address, rules: Rules) -> bool:
    return any(address in network for network in rules.networks)


def is_public(address: Address) -> bool:
    """Whether it lies in the internet at large, and so does every IPv4 address that is written inside it."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and address not in _RELAYS
    if address.scope_id is not None:
        return False
    inner = _inside(address)
    if inner is not None:
        return address.teredo is None and is_public(inner)
    return address in _INTERNET_6 and address.is_global and not address.is_multicast


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to: mapped, translated (NAT64), tunnelled (6to4, Teredo)."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour
