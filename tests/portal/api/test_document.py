"""The OpenAPI document: complete, with an example for every answer, and kept to by every answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import cycle
from threading import Barrier
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.accounts.models import Organisation, User
from portal.config.api_urls import Document, urlpatterns
from portal.core.months import Month
from tests import factories
from tests.calling import token_for
from tests.reporting.api.months import registered

PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ROLES = cycle(("preparer", "certifier"))  # by turns
UNSAID = {"api_schema", "api_docs", "api_nowhere"}


def portal(environ: Any, start_response: Any) -> Any:
    """The application within the test's own transaction: its connection stays open between two calls."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        answer = application(environ, start_response)
        body = b"".join(answer)
        answer.close()
        return [body]
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


application = get_wsgi_application()
schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", portal)
schema.config.generation.update(with_security_parameters=False)


@lru_cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = Client().get("/api/v1/schema/").json()
    return found


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_openapi_3_1_and_knows_every_address() -> None:
    assert document()["openapi"].startswith("3.1")
    assert len(document()["paths"]) == len([one for one in urlpatterns if one.name not in UNSAID])


def test_it_is_made_one_at_a_time_and_once_in_each_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generator is not made for threads; several readers at once, in a fresh process, all got an answer."""
    monkeypatch.setattr(Document, "_made", {})
    made, gate = [], Barrier(4)
    generate = Document.generator_class.get_schema

    def alone(*args: Any, **kwargs: Any) -> Any:
        assert Document._one_at_a_time.locked()
        made.append(1)
        return generate(*args, **kwargs)

    def ask(language: str) -> int:
        gate.wait()
        return int(Client().get(f"/api/v1/schema/?lang={language}").status_code)

    monkeypatch.setattr(Document.generator_class, "get_schema", alone)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, ("en", "zh-hans", "en", "zh-hans"))) == [200] * 4
    assert len(made) == 2


def test_every_answer_and_refusal_has_an_example_that_fits_its_shape() -> None:
    wrong = []
    for name, operation in operations():
        for status, answer in operation["responses"].items():
            for media, said in answer.get("content", {}).items():
                if not said.get("examples"):
                    wrong.append((name, status, media, "no example"))
                for example in said.get("examples", {}).values():
                    wrong += [
                        (name, status, error.message) for error in faults_in(example["value"], said["schema"])
                    ]
    assert not wrong


def test_every_example_of_a_request_fits_its_shape() -> None:
    wrong = []
    for name, operation in operations():
        for media, sent in operation.get("requestBody", {}).get("content", {}).items():
            for example in sent.get("examples", {}).values():
                if media == "application/json" and "patch" not in name:
                    wrong += [(name, error.message) for error in faults_in(example["value"], sent["schema"])]
    assert not wrong


def faults_in(value: Any, shape: dict[str, Any]) -> list[Any]:
    whole = {**shape, "components": document()["components"]}
    return list(Draft202012Validator(whole).iter_errors(value))


def test_every_operation_says_who_may_not() -> None:
    for name, operation in operations():
        wanted = {"429"} if "verify" in name else {"401", "403", "429"}
        assert wanted <= set(operation["responses"]), name


@pytest.fixture
def tokens(aurora: Organisation, alma: User, bruno: User) -> dict[str, str]:
    registered(aurora)
    factories.filing(aurora, "2026-02", created_by=alma)
    return {"preparer": token_for(alma), "certifier": token_for(bruno)}


@pytest.mark.holds("api-document")
@schema.parametrize()
@settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_call_gets_an_answer_that_is_not_in_the_document(
    case: schemathesis.Case, tokens: dict[str, str], aurora: Organisation
) -> None:
    draft = aurora.filings.get(period=Month.parse("2026-02"))
    if isinstance(case.path_parameters.get("filing_id"), int) and case.path_parameters["filing_id"] % 2 == 0:
        case.path_parameters["filing_id"] = draft.pk
    with transaction.atomic():
        case.call_and_validate(checks=PROMISES, headers={"Authorization": f"Bearer {tokens[next(ROLES)]}"})
        transaction.set_rollback(True)
