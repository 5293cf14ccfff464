"""Odd files through the doors that people and programs use: the upload page and the API. Nothing they do is kept."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from portal.accounts.models import Organisation, User
from reporting.models import Filing
from tests import factories
from tests.calling import Caller, token_for
from tests.conftest import signed_in
from tests.hostile.files import file, kind_of
from tests.hostile.judging import SECONDS


@dataclass
class Doors:
    """One draft, and the ways in to it."""

    draft: Filing
    page: Client
    api: Caller
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    busiest: float = 0.0
    answers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, owner: Organisation, person: User) -> Doors:
        factories.product(owner)
        factories.counterparty(owner)
        page, api = signed_in(person), Caller(token_for(person))
        page.raise_request_exception = api.client.raise_request_exception = False
        return cls(factories.filing(owner, "2026-05", created_by=person), page, api)

    def hand_in(self, number: int) -> None:
        """The file of this number, by page and by API."""
        name, data = file(number)
        with self._timed(number, "page"), transaction.atomic():
            sent = {"file": SimpleUploadedFile(name, data)}
            answer = self.page.post(f"/filings/{self.draft.pk}/upload/", sent, follow=True)
            self._note(number, "page", answer, {200, 422})
            transaction.set_rollback(True)
        with self._timed(number, "API"), transaction.atomic():
            called = self.api.send_file("filings/", name, data, {"period": "2026-05"})
            self._note(number, "API", called, {200, 201, 202, 413, 422})
            if called.status_code == 422 and not (called.body["code"] and called.body["detail"]):
                self.wrong.append(f"{number}: the API refuses without code or words")
            transaction.set_rollback(True)

    @contextmanager
    def _timed(self, number: int, door: str) -> Iterator[None]:
        """Time by the clock, which others' work lengthens, is noted; the processor's own time is judged."""
        began, used = time.perf_counter(), _processor_time()
        yield
        taken = _processor_time() - used
        self.slowest = max(self.slowest, time.perf_counter() - began)
        self.busiest = max(self.busiest, taken)
        if taken > SECONDS:
            self.wrong.append(f"{number}: {kind_of(number)} by {door} took {taken:.1f} s")

    def _note(self, number: int, door: str, answer: Any, expected: set[int]) -> None:
        key = f"{door} {answer.status_code}"
        self.answers[key] = self.answers.get(key, 0) + 1
        if answer.status_code not in expected:
            why = repr(getattr(answer, "exc_info", ("", ""))[1])[:300]
            self.wrong.append(f"{number}: {kind_of(number)} by {door}: {answer.status_code} {why}")


def _processor_time() -> float:
    """Of this process and of the children it had."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
