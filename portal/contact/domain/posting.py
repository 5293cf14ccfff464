"""One POST over a connection of its own, within a time that nobody can stretch, reading no more than a little.

By hand on a socket, for three things that HTTP libraries do not give together: it connects to the very address that was
judged while the certificate is held against the name, all of it ends at one point in time however slowly the other side
drips, and neither redirects nor proxies of the environment are followed.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from portal.contact.domain.places import Rules, Target, address_of

SECONDS: Final = 10.0  # for all of it
READ_MOST: Final = 16 * 1024
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)(?: |\r\n)")
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_END: Final = b"\r\n\r\n"


class Unsent(Exception):
    """No answer came; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Answered:
    """What the other side said: its status and the beginning of its words."""

    status: int
    words: str


def post(
    target: Target, body: bytes, headers: Mapping[str, str], rules: Rules, *, seconds: float = SECONDS
) -> Answered:
    """Send, and read the answer. Raises Forbidden for a place that nothing is sent to, Unsent where no answer came."""
    until = time.monotonic() + seconds
    address = address_of(target, rules)
    try:
        with (
            socket.create_connection((str(address), target.port), timeout=_left(until)) as plain,
            _wrapped(plain, target, rules, until) as connection,
        ):
            connection.settimeout(_left(until))
            connection.sendall(_request(target, body, headers))
            return _answer(connection, until)
    except ssl.SSLError as error:
        raise Unsent("certificate") from error
    except TimeoutError as error:
        raise Unsent("too_slow") from error
    except OSError as error:
        raise Unsent("unreachable") from error


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _wrapped(plain: socket.socket, target: Target, rules: Rules, until: float) -> socket.socket:
    if not target.tls:
        return plain
    plain.settimeout(_left(until))
    return rules.tls().wrap_socket(plain, server_hostname=target.host)


def _request(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = {
        "Host": target.authority,
        "Content-Length": str(len(body)),
        "Connection": "close",
        "Accept": "*/*",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {target.path} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


def _answer(connection: socket.socket, until: float) -> Answered:
    seen = b""
    while _END not in seen:
        more = _received(connection, until)
        seen += more
        if not more or len(seen) > READ_MOST:
            raise Unsent("no_answer")
    status = _STATUS.match(seen)
    if status is None:
        raise Unsent("no_answer")
    head, _end, words = seen.partition(_END)
    length = _LENGTH.search(head + b"\r\n")
    wanted = READ_MOST - len(head) if length is None else min(int(length[1]), READ_MOST - len(head))
    try:
        while len(words) < wanted and (more := _received(connection, until)):
            words += more
    except OSError:
        pass  # the status has come: what was meant to follow changes nothing
    return Answered(int(status[1]), words[: max(wanted, 0)].decode("utf-8", "replace"))


def _received(connection: socket.socket, until: float) -> bytes:
    connection.settimeout(_left(until))
    return connection.recv(4096)
