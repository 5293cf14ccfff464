"""One POST: to the address that was judged, under the certificate of the name, within its time, reading little."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from portal.contact.domain.places import Forbidden, Rules, target_of
from portal.contact.domain.posting import READ_MOST, Answered, Unsent, post
from tests.portal.contact.receiver import HOST, Receiver, certificate, receiving, rules, says

pytestmark = pytest.mark.holds("webhooks-no-private-networks")


def sent(receiver: Receiver, scheme: str = "http", held: Rules | None = None, seconds: float = 5) -> Answered:
    held = held or rules()
    target = target_of(receiver.url(scheme), held)
    return post(target, b'{"a": 1}', {"Content-Type": "application/json"}, held, seconds=seconds)


def unsent(receiver: Receiver, scheme: str = "http", held: Rules | None = None, seconds: float = 5) -> str:
    with pytest.raises(Unsent) as failed:
        sent(receiver, scheme, held, seconds)
    return failed.value.code


def test_the_body_arrives_and_the_answer_is_read() -> None:
    with receiving() as receiver:
        receiver.answer = says("200 OK", words="收到".encode())
        assert sent(receiver) == Answered(200, "收到")
    ((headers, body),) = receiver.came
    assert headers[""] == "POST /events?for=aurora HTTP/1.1"
    assert headers["Host"] == f"{HOST}:{receiver.port}"
    assert body == b'{"a": 1}'


def test_tls_is_spoken_with_the_name_and_its_certificate(tmp_path: Path) -> None:
    made = certificate(tmp_path, HOST)
    with receiving(made) as receiver:
        assert sent(receiver, "https", rules(authorities=made)).status == 204


def test_the_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    made = certificate(tmp_path, "other.example")
    with receiving(made) as receiver:
        assert unsent(receiver, "https", rules(authorities=made)) == "certificate"
    assert not receiver.came


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with receiving(certificate(tmp_path, HOST)) as receiver:
        assert unsent(receiver, "https") == "certificate"
    assert not receiver.came


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with receiving() as elsewhere, receiving() as receiver:
        receiver.answer = says("302 Found", f"Location: {elsewhere.url()}")
        assert sent(receiver).status == 302
    assert not elsewhere.came


def test_a_name_that_turns_to_another_address_is_connected_to_where_it_was_judged() -> None:
    """The second look-up of a rebinding name would lead to the metadata service; there is no second look-up."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    held = Rules(networks=rules().networks, resolve=resolve)
    with receiving() as receiver:
        assert sent(receiver, held=held).status == 204
    assert asked == [HOST]


def test_a_name_that_leads_inside_is_not_connected_to() -> None:
    with receiving() as receiver:
        target = target_of(receiver.url(), rules())
        with pytest.raises(Forbidden) as refused:
            post(target, b"", {}, Rules(resolve=lambda host, port: ["127.0.0.1"]))
    assert refused.value.code == "address_not_public"
    assert not receiver.came


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert sent(receiver).status == 204
    assert not proxy.came


def test_who_never_answers_is_left_in_time() -> None:
    with receiving() as receiver:
        receiver.answer = lambda connection, held: held.released.wait(10)
        begun = time.monotonic()
        assert unsent(receiver, seconds=0.3) == "too_slow"
    assert time.monotonic() - begun < 3


def test_who_drips_is_left_in_time() -> None:
    """A byte every now and then would keep a time-out of each read from ever running out."""

    def drip(connection: socket.socket, held: Receiver) -> None:
        for sign in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 500:
            connection.sendall(bytes([sign]))
            held.released.wait(0.02)

    with receiving() as receiver:
        receiver.answer = drip
        begun = time.monotonic()
        assert unsent(receiver, seconds=0.3) == "too_slow"
    assert time.monotonic() - begun < 3


def test_of_a_huge_answer_a_little_is_read() -> None:
    def endless(connection: socket.socket, held: Receiver) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not held.released.is_set():
            connection.sendall(b"x" * 65_536)

    with receiving() as receiver:
        receiver.answer = endless
        answered = sent(receiver)
    assert answered.status == 200
    assert READ_MOST // 2 < len(answered.words) <= READ_MOST


def test_headers_without_end_are_no_answer() -> None:
    with receiving() as receiver:
        receiver.answer = says("200 OK", *(f"X-{number}: {'x' * 100}" for number in range(500)))
        assert unsent(receiver) == "no_answer"


@pytest.mark.parametrize("words", [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 999 Odd\r\n\r\n"])
def test_what_is_not_http_is_no_answer(words: bytes) -> None:
    with receiving() as receiver:
        receiver.answer = lambda connection, held: connection.sendall(words)
        assert unsent(receiver) == "no_answer"


def test_nobody_at_the_port_is_unreachable() -> None:
    with receiving() as receiver:
        pass
    assert unsent(receiver) == "unreachable"


def test_a_server_that_keeps_the_connection_open_is_answered_by_its_length() -> None:
    def keeps(connection: socket.socket, held: Receiver) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        held.released.wait(10)

    with receiving() as receiver:
        receiver.answer = keeps
        begun = time.monotonic()
        assert sent(receiver) == Answered(200, "ok")
    assert time.monotonic() - begun < 4
