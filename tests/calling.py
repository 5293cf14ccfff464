"""Calling the API as a company's software does: with a token, JSON in and out."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from portal.accounts.models import User
from portal.accounts.queries import actor_of
from portal.accounts.scopes import SCOPES
from portal.accounts.services import tokens
from portal.core.permissions import Permission as P

EVERYTHING = tuple(SCOPES)


def token_for(person: User, *scopes: str, days: int = 30) -> str:
    """A token of this person; all that the roles permit where no scope is named."""
    actor = actor_of(person)
    wanted = scopes or [code for code in EVERYTHING if actor.may(code)]
    _token, secret = tokens.create(by=actor, owner=actor, name="test", scopes=wanted, days=days)
    return secret


class Caller:
    """One program with one token (or none)."""

    def __init__(self, secret: str | None, **headers: str) -> None:
        self.client = Client()
        self.headers = dict(headers)
        if secret is not None:
            self.headers["Authorization"] = f"Bearer {secret}"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One call; ``answer.body`` is what came back as plain values."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.client.generic(
            method, f"/api/v1/{path}", data, content_type="application/json", headers=self.headers | sent
        )
        answer.body = _plain(answer)
        return answer

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("PUT", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.ask("DELETE", path, **headers)

    def send_file(self, path: str, name: str, data: bytes, fields: dict[str, str], **headers: str) -> Any:
        """A multipart call with one file."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        form = {**fields, "file": SimpleUploadedFile(name, data)}
        answer = self.client.post(f"/api/v1/{path}", form, headers=self.headers | sent)
        answer.body = _plain(answer)
        return answer


def _plain(answer: Any) -> Any:
    is_json = answer.content and "json" in answer.get("Content-Type", "")
    return json.loads(answer.content) if is_json else None


def caller(person: User, *scopes: str) -> Caller:
    """A program of this person."""
    return Caller(token_for(person, *scopes))


READ_ONLY = (P.FILING_VIEW.value,)
