"""Check the code of a licence without a connection. Needs Python 3.8 or newer and nothing else.

    python verify_licence.py licence-key.pem CODE        CODE is what a phone reads from the QR code
    python verify_licence.py licence-key.pem - < file    reads it from a file

Prints what was signed and exits with 0; exits with 1 where the signature does not hold. The public key is offered at
/verify/licence-key.pem of the portal: fetch it once, over a connection that you trust, and keep it. That a licence was
signed does not say that it still holds: a suspension or a revocation stands on the portal alone.

The signature is Ed25519 as RFC 8032 describes it, and the arithmetic below is that of its section 6.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

FORM = "lodestone-licence-1"
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
HALF = pow(2, (P - 1) // 4, P)
PREFIX = bytes.fromhex(
    "302a300506032b6570032100"
)  # SubjectPublicKeyInfo of Ed25519, before the 32 bytes of the key
Point = Any  # (X, Y, Z, T) in extended homogeneous coordinates


def add(one: Point, other: Point) -> Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(factor: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = add(total, point)
        point, factor = add(point, point), factor >> 1
    return total


def recover_x(y: int, sign: int) -> int:
    if y >= P:
        raise ValueError("no point of the curve")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        if sign:
            raise ValueError("no point of the curve")
        return 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * HALF % P
    if (x * x - square) % P:
        raise ValueError("no point of the curve")
    return P - x if (x & 1) != sign else x


def point_of(data: bytes) -> Point:
    if len(data) != 32:
        raise ValueError("a point has 32 bytes")
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x = recover_x(y, sign)
    return (x, y, 1, x * y % P)


def same(one: Point, other: Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % P == 0


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is the key's over the message."""
    if len(key) != 32 or len(signature) != 64:
        return False
    try:
        public, nonce = point_of(key), point_of(signature[:32])
    except ValueError:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= Q:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    return same(times(s, BASE), add(nonce, times(challenge, public)))


def key_of(pem: str) -> bytes:
    body = "".join(line for line in pem.splitlines() if line and not line.startswith("-"))
    data = base64.b64decode(body)
    if not data.startswith(PREFIX) or len(data) != len(PREFIX) + 32:
        sys.exit("This is no public Ed25519 key.")
    return data[len(PREFIX) :]


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def facts(key: bytes, code: str) -> dict[str, Any] | None:
    """What was signed; None where the signature does not hold."""
    payload_text, _, signature_text = code.strip().rpartition("#")[2].partition(".")
    try:
        payload, signature = unpacked(payload_text), unpacked(signature_text)
    except ValueError:
        return None
    if not holds(key, payload, signature):
        return None
    found: dict[str, Any] = json.loads(payload)
    name = hashlib.sha256(key).hexdigest()[:16]
    return found if found.get("form") == FORM and found.get("key") == name else None


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    key = key_of(Path(sys.argv[1]).read_text(encoding="ascii"))
    code = sys.stdin.read() if sys.argv[2] == "-" else sys.argv[2]
    found = facts(key, code)
    if found is None:
        sys.stdout.write("The signature does NOT hold.\n")
        sys.exit(1)
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
    sys.stdout.write("The signature holds.\n")


if __name__ == "__main__":
    main()
