"""A passkey made of code: answers what a browser's would, for tests that need no browser."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from portal.accounts.models import User

ORIGIN = "http://localhost:8000"
FLAG = AuthenticatorData.FLAG


class Passkey:
    """One key pair. ``verifies``: it asked for a fingerprint or a PIN."""

    def __init__(self, number: int = 1, *, verifies: bool = True, origin: str = ORIGIN) -> None:
        self.private = ec.derive_private_key(number, ec.SECP256R1())
        self.number = hashlib.sha256(f"passkey {number}".encode()).digest()[:16]
        self.flags = FLAG.UP | (FLAG.UV if verifies else FLAG(0))
        self.origin = origin

    def made(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to being created."""
        asked = options["publicKey"]
        public = ES256.from_cryptography_key(self.private.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.number, public)
        about = AuthenticatorData.create(_site(asked["rp"]["id"]), self.flags | FLAG.AT, 0, credential)
        client = CollectedClientData.create("webauthn.create", asked["challenge"], self.origin)
        answer = {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", about, {})),
        }
        return self._said(answer) | {"clientExtensionResults": {"credProps": {"rk": True}}}

    def asked(self, options: dict[str, Any], owner: User | None = None) -> dict[str, Any]:
        """The answer to being asked who one is; by ``owner`` a passkey says whose it is."""
        asked = options["publicKey"]
        about = AuthenticatorData.create(_site(asked["rpId"]), self.flags, 0)
        client = CollectedClientData.create("webauthn.get", asked["challenge"], self.origin)
        signature = self.private.sign(about + client.hash, ec.ECDSA(SHA256()))
        answer = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(about),
            "signature": websafe_encode(signature),
        }
        if owner is not None:
            answer["userHandle"] = websafe_encode(user_pk_to_url_str(owner).encode())
        return self._said(answer) | {"clientExtensionResults": {}}

    def _said(self, answer: dict[str, str]) -> dict[str, Any]:
        number = websafe_encode(self.number)
        return {"type": "public-key", "id": number, "rawId": number, "response": answer}


def _site(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def options_on(client: Client, url: str) -> dict[str, Any]:
    """What the page asks a passkey, as the script on it reads it."""
    page = client.get(url)
    assert page.status_code == 200, page
    text = page.content.decode().split('<script id="passkey-options" type="application/json">')[1]
    options: dict[str, Any] = json.loads(text.split("</script>")[0])
    return options


def add(client: Client, passkey: Passkey, name: str = "office computer") -> Any:
    """Add the passkey to the account of who is signed in."""
    url = reverse("mfa_add_webauthn")
    credential = passkey.made(options_on(client, url))
    return client.post(url, {"name": name, "credential": json.dumps(credential)})


def sign_in(client: Client, passkey: Passkey, owner: User | None, **more: str) -> Any:
    """By the passkey alone."""
    url = reverse("mfa_login_webauthn")
    asked = client.get(url, headers={"Accept": "application/json"}).json()["request_options"]
    return client.post(url, {"credential": json.dumps(passkey.asked(asked, owner)), **more})


def answer(client: Client, url: str, passkey: Passkey, **more: str) -> Any:
    """Where the page asks for it."""
    credential = json.dumps(passkey.asked(options_on(client, url)))
    return client.post(url, {"credential": credential, **more})
