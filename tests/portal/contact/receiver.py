"""A system that receives messages: a real server on 127.0.0.1 that says what the test tells it to, with TLS or without."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.contact.domain.places import Rules

HOST = "hooks.aurora.test"
LOOPBACK = (ip_network("127.0.0.0/8"),)
Answer = Callable[[socket.socket, "Receiver"], None]


def says(status: str, *headers: str, words: bytes = b"") -> Answer:
    """Answer with a status line, headers and words, each time."""

    def answer(connection: socket.socket, receiver: Receiver) -> None:
        head = [f"HTTP/1.1 {status}", f"Content-Length: {len(words)}", *headers, "", ""]
        connection.sendall("\r\n".join(head).encode() + words)

    return answer


@dataclass
class Receiver:
    """What came, and what is said to it."""

    port: int
    answer: Answer = field(default_factory=lambda: says("204 No Content"))
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def url(self, scheme: str = "http", host: str = HOST) -> str:
        return f"{scheme}://{host}:{self.port}/events?for=aurora"


@contextmanager
def receiving(certificate: Path | None = None) -> Iterator[Receiver]:
    """A server until the end of the block."""
    listener = socket.create_server(("127.0.0.1", 0))
    receiver = Receiver(listener.getsockname()[1])
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    thread = threading.Thread(target=_serve, args=(listener, receiver, context), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def _serve(listener: socket.socket, receiver: Receiver, context: ssl.SSLContext | None) -> None:
    while True:
        try:
            plain, _address = listener.accept()
        except OSError:
            return
        with plain:
            try:
                connection = plain if context is None else context.wrap_socket(plain, server_side=True)
                with connection:
                    receiver.came.append(_read(connection))
                    receiver.answer(connection, receiver)
            except OSError:
                continue  # the portal hung up: some tests want that


def _read(connection: socket.socket) -> tuple[dict[str, str], bytes]:
    seen = b""
    while b"\r\n\r\n" not in seen:
        seen += connection.recv(4096)
    head, _end, body = seen.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {"": first, **dict(line.split(": ", 1) for line in lines)}
    while len(body) < int(headers["Content-Length"]):
        body += connection.recv(4096)
    return headers, body


def rules(*addresses: str, authorities: Path | None = None) -> Rules:
    """Rules that know the loopback network, and one name by these addresses."""

    def trusting() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=authorities)

    return Rules(networks=LOOPBACK, resolve=lambda host, port: addresses or ("127.0.0.1",), tls=trusting)


def certificate(folder: Path, name: str) -> Path:
    """A certificate for a name with its key, in one file; it is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path
