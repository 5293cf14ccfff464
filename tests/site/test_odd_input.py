"""Every address with what nobody sends in earnest: answered, never with a fault of the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch
from django.utils.http import urlencode

from portal.accounts.models import Organisation
from portal.accounts.roles import ROLES, Kind
from tests import factories
from tests.conftest import with_second_factor
from tests.reporting.filled import just_signed_in
from tests.site.addresses import Address, addresses
from tests.site.test_access import ask

NUMBERS = ["0", "9223372036854775807", "9223372036854775808", "9" * 40]
MONTHS = ["0000-01", "0001-01", "1850-01", "2731-01", "9999-11", "9999-12"]
WORDS = [
    "",
    "0",
    "-1",
    "1e308",
    "nan",
    "O'Brien",
    "🧲",
    "a\x00b",
    "9" * 5000,
    "²",
    "%",
    "../..",
    *NUMBERS,
    *MONTHS,
]
ASKED = (
    "page", "q", "severity", "year", "line", "period", "with", "part", "lang", "as", "state", "sort", "order", "from",
    "to", "first", "last", "format", "copy", "next", "check", "code", "organisation", "reviewer", "assigned", "month",
    "status", "queue", "retired", "who", "verb", "since", "until", "standing", "late", "search",
)  # fmt: skip


def everything(name: str, place: Organisation) -> Client:
    """A session of somebody with every role of the organisation."""
    roles = [role.code for role in ROLES.values() if role.kind == place.kind]
    return just_signed_in(with_second_factor(factories.user(name, *((place, role) for role in roles))))


def odd_urls(address: Address, sample: dict[str, Any], turn: int) -> Iterator[str]:
    """Every odd word between the slashes; of those after the question mark a fourth at each address, in turns."""
    for parameter in address.parameters:
        for word in dict.fromkeys([*NUMBERS, *MONTHS, *WORDS]):
            try:
                yield address.url(sample | {parameter: word})
            except NoReverseMatch:
                continue
    for word in WORDS[turn % 4 :: 4]:
        yield f"{address.url(sample)}?{urlencode(dict.fromkeys(ASKED, word))}"


@pytest.mark.holds("odd-input-answered")
@pytest.mark.parametrize("kind", [Kind.ENTERPRISE, Kind.REGULATOR])
def test_odd_addresses_are_answered(
    kind: str, two_producers: dict[str, Any], aurora: Organisation, office: Organisation
) -> None:
    place = aurora if kind == Kind.ENTERPRISE else office
    client = everything("the-all", place)
    client.raise_request_exception = False
    wrong = []
    for turn, address in enumerate(addresses()):
        for url in odd_urls(address, two_producers["own"], turn):
            answer = ask(client, "GET", url)
            if answer.status_code >= 500 and answer.status_code != 503:
                wrong.append((address.name, url[:150], repr(getattr(answer, "exc_info", ("", ""))[1])[:200]))
    assert not wrong, "\n".join(map(str, wrong[:60]))


FIELDS = (
    *ASKED, "name", "name_en", "name_zh", "listing", "here", "query", "reason", "text", "action", "chosen", "revision",
    "form_key", "next_line", "due_on", "email", "roles", "decision", "session", "language", "subject", "how", "number",
    "named", "client", "address", "uscc", "login", "username", "country", "id_type", "id_number", "end_use", "stage",
    "hs_code", "nd_pct", "assay_rel_uncertainty_pct", "line_no", "block", "paste", "lines", "kind-1", "quantity_kg-1",
    "note-1", "product-1", "scopes", "days", "expires", "confirm", "separate", "capacity", "province",
)  # fmt: skip
SAID = [
    "0",
    "-1",
    "1e308",
    "NaN",
    "O'Brien 🧲",
    "a\x00b",
    "9" * 5000,
    "99999999999999999999",
    "0000-01",
    "9999-12-31",
    "true",
]


@pytest.mark.holds("odd-input-answered")
@pytest.mark.parametrize("kind", [Kind.ENTERPRISE, Kind.REGULATOR])
def test_odd_forms_are_answered(
    kind: str, two_producers: dict[str, Any], aurora: Organisation, office: Organisation
) -> None:
    client = everything("the-all", aurora if kind == Kind.ENTERPRISE else office)
    client.raise_request_exception = False
    wrong = []
    for turn, address in enumerate(addresses()):
        for word in SAID[turn % 3 :: 3]:
            with transaction.atomic():
                answer = client.post(address.url(two_producers["own"]), dict.fromkeys(FIELDS, word))
                transaction.set_rollback(True)
            if answer.status_code >= 500 and answer.status_code != 503:
                wrong.append((address.name, word[:30], repr(getattr(answer, "exc_info", ("", ""))[1])[:200]))
    assert not wrong, "\n".join(map(str, wrong[:60]))


BODIES = [
    "", "[]", "{", "null", '{"revision": 1e999, "ops": []}', '{"revision": NaN, "ops": []}', '{"revision": "1", "ops": 7}',
    '{"revision": 0, "client": "a\\u0000b", "ops": []}', '{"revision": 0, "client": "\\ud800", "ops": []}',
    '{"revision": 0, "ops": [{"op": "set", "line_no": 1, "cells": {"note": "a\\u0000b\\ud800"}}]}',
    '{"revision": 0, "ops": [{"op": "insert", "line_no": 1e999, "cells": {}}]}',
    '{"revision": 0, "ops": [{"op": "insert", "line_no": 99999999999, "cells": {}}]}',
    '{"revision": 0, "ops": [{"op": "insert", "line_no": -1, "cells": {}}]}',
    '{"revision": 0, "ops": [{"op": "insert", "line_no": 7, "cells": {"quantity_kg": 5, "note": ["x"]}}]}',
    '{"revision": 0, "ops": [{"op": "insert", "line_no": 7, "cells": {"quantity_kg": "1e308", "value_cny": "-1", "date": "0000-00-00"}}]}',
    '{"revision": 0, "ops": [{"op": ["set"], "line_no": true, "cells": null}]}',
    '{"revision": ' + "9" * 6000 + ', "ops": []}', "[" * 100_000,
]  # fmt: skip


@pytest.mark.holds("odd-input-answered")
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_odd_operations_are_answered(body: str, two_producers: dict[str, Any], aurora: Organisation) -> None:
    client = everything("the-all", aurora)
    client.raise_request_exception = False
    url = f"/filings/{two_producers['own']['filing_id']}/lines/"
    answer = client.post(url, body.encode(), content_type="application/json")
    assert answer.status_code in {200, 409, 422}, getattr(answer, "exc_info", "")
