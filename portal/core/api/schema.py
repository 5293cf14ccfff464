"""The OpenAPI document: every answer and every refusal of an operation, each with an example.

The shapes are serializers that describe and never read or write: what was sent is judged by the same forms and
services as on the pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from portal.core.api.problems import MEDIA_TYPE

Shape = Any  # a serializer, a type of drf-spectacular, or plain OpenAPI
HEADER: Final = "header"
QUERY: Final = "query"


class PlaceShape(serializers.Serializer[Any]):
    """One faulty place."""

    pointer = serializers.CharField(
        help_text="JSON pointer into what was sent; empty for the whole of it", allow_blank=True
    )
    code = serializers.CharField(help_text="stable; the code of a check has its page at /checks/CODE/")
    message = serializers.CharField(help_text="words, in the language of Accept-Language")


class ProblemShape(serializers.Serializer[Any]):
    """A refusal as RFC 9457 has it."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="stable, scripted against")
    detail = serializers.CharField(help_text="words, in the language of Accept-Language")
    errors = PlaceShape(many=True)  # type: ignore[assignment]
    reference = serializers.CharField(required=False, help_text="tell us this when you ask about it")


# code -> (status, words of the example, faulty places of the example)
REFUSALS: Final[Mapping[str, tuple[int, str, Sequence[Mapping[str, Any]]]]] = {
    "unreadable": (400, "The request cannot be read.", ()),
    "unusable_parameter": (
        400,
        "Ask for 1 to 500 rows at once.",
        (
            {
                "pointer": "/query/limit",
                "code": "unusable_parameter",
                "message": "Ask for 1 to 500 rows at once.",
            },
        ),
    ),
    "token_missing": (401, "Send a token: Authorization: Bearer ls_…", ()),
    "token_expired": (401, "The token has expired. Make a new one on your account's page.", ()),
    "scope_missing": (403, "The token was not given the scope for this.", ()),
    "not_permitted": (403, "Your role does not include this.", ()),
    "not_found": (404, "There is no such thing here.", ()),
    "method_not_allowed": (405, "This address does not know the method.", ()),
    "in_flight": (409, "The same request is being answered right now. Send it again in a second.", ()),
    "stale": (
        412,
        "It was changed after you read it. Read it again, then send your change with the new ETag.",
        (),
    ),
    "too_large": (413, "The request is too large. Send the lines as a CSV file instead.", ()),
    "media_type": (415, "Send JSON (Content-Type: application/json), or a file where one is taken.", ()),
    "unusable": (
        422,
        "Some of what was sent cannot be used. See “errors” for each place.",
        (
            {
                "pointer": "/nd_pct",
                "code": "max_value",
                "message": "Ensure this value is less than or equal to 100.",
            },
        ),
    ),
    "idempotency_key_reused": (
        422,
        "This Idempotency-Key came with another request before. Use a new key for a new request.",
        (),
    ),
    "too_many_calls": (429, "Too many calls. Wait for the seconds that Retry-After says, then go on.", ()),
}
SIGNED: Final = ("token_missing", "token_expired", "scope_missing", "not_permitted", "too_many_calls")


@dataclass(frozen=True, eq=False)
class Refusal:
    """A refusal of one operation that is not in the table of all."""

    status: int
    code: str
    detail: str
    errors: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Said:
    """One answer of an operation: its shape, words, an example."""

    shape: Shape
    words: str
    example: Any = None


@dataclass(frozen=True)
class Operation:
    """What the document says of one method of one address."""

    name: str
    tag: str
    summary: str
    answers: Mapping[int, Said]
    words: str = ""
    request: Shape = None
    request_example: Any = None
    refusals: Sequence[str | Refusal] = ()
    query: Sequence[OpenApiParameter] = ()
    public: bool = False
    creates: bool = False
    matches: bool = False
    paged: bool = False
    headers: Sequence[OpenApiParameter] = field(default_factory=tuple)


def described(operation: Operation) -> Callable[[Any], Any]:
    """Put an operation into the document."""
    refusals = [*operation.refusals, *_usual(operation)]
    answers: dict[Any, Any] = {
        status: OpenApiResponse(
            said.shape, said.words, examples=_examples(said.words, said.example, str(status))
        )
        for status, said in operation.answers.items()
    }
    extra: dict[str, Any] = {}
    if operation.public:
        extra["auth"] = []
    return extend_schema(
        operation_id=operation.name,
        tags=[operation.tag],
        summary=operation.summary,
        description=operation.words or operation.summary,
        request=operation.request,
        examples=_examples("request", operation.request_example, None),
        responses=answers | _refused(refusals),
        parameters=[*operation.query, *_parameters(operation), *operation.headers],
        **extra,
    )


def _examples(name: str, value: Any, status: str | None) -> list[OpenApiExample]:
    if value is None:
        return []
    if status is None:
        return [OpenApiExample(name, value, request_only=True)]
    return [OpenApiExample(name[:60], value, response_only=True, status_codes=[status])]


def _usual(operation: Operation) -> list[str]:
    usual = [] if operation.public else list(SIGNED)
    if operation.public:
        usual.append("too_many_calls")
    if operation.creates:
        usual += ["in_flight", "idempotency_key_reused"]
    if operation.request is not None or operation.creates:
        usual += ["unreadable", "media_type", "unusable", "too_large"]
    if operation.matches:
        usual.append("stale")
    if operation.paged:
        usual.append("unusable_parameter")
    return usual


def _refused(refusals: Sequence[str | Refusal]) -> dict[tuple[int, str], OpenApiResponse]:
    by_status: dict[int, list[OpenApiExample]] = {}
    for one in dict.fromkeys(refusals):
        refusal = one if isinstance(one, Refusal) else Refusal(REFUSALS[one][0], one, *REFUSALS[one][1:])
        value = {
            "type": "about:blank",
            "title": HTTPStatus(refusal.status).phrase,
            "status": refusal.status,
            "code": refusal.code,
            "detail": refusal.detail,
            "errors": [dict(place) for place in refusal.errors],
        }
        example = OpenApiExample(
            refusal.code, value, response_only=True, status_codes=[str(refusal.status)], media_type=MEDIA_TYPE
        )
        by_status.setdefault(refusal.status, []).append(example)
    return {
        (status, MEDIA_TYPE): OpenApiResponse(ProblemShape, HTTPStatus(status).phrase, examples=examples)
        for status, examples in sorted(by_status.items())
    }


def _parameters(operation: Operation) -> list[OpenApiParameter]:
    found = [
        OpenApiParameter(
            "Accept-Language",
            str,
            HEADER,
            description="the language of words",
            examples=[OpenApiExample("Chinese", "zh-CN")],
        ),
        OpenApiParameter("Retry-After", int, HEADER, response=[429], description="seconds to wait"),
    ]
    if operation.creates:
        found.append(
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "pattern": r"^[\x21-\x7e]{1,200}$"},
                HEADER,
                description="a new one (a UUID) for each request; sent again with the same request, it acts once "
                "and gives the same answer",
                examples=[OpenApiExample("UUID", "0e5b3c1a-7a0b-4a55-9a6b-3f0c9d1f2b11")],
            )
        )
    if operation.matches:
        found.append(
            OpenApiParameter(
                "If-Match",
                str,
                HEADER,
                description="the ETag of what was read: without it the last writer wins",
            )
        )
        found.append(
            OpenApiParameter("ETag", str, HEADER, response=[200, 412], description="names what stands there")
        )
    if operation.paged:
        found.append(
            OpenApiParameter(
                "limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}, QUERY
            )
        )
        found.append(OpenApiParameter("cursor", str, QUERY, description="from “next” of the page before"))
    return found


def month_parameter(name: str, words: str) -> OpenApiParameter:
    """A month in the query string."""
    return OpenApiParameter(name, {"type": "string", "pattern": MONTH}, QUERY, description=words)


def code_parameter(name: str, words: str, codes: Sequence[str]) -> OpenApiParameter:
    """A code in the query string."""
    return OpenApiParameter(name, OpenApiTypes.STR, QUERY, description=words, enum=list(codes))


MONTH: Final = r"^(199\d|20\d\d|21\d\d)-(0[1-9]|1[0-2])$"
KILOGRAMS: Final = r"^-?\d{1,12}(\.\d{1,3})?$"
YUAN: Final = r"^-?\d{1,13}(\.\d{1,2})?$"


def page_of(shape: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """The shape of one cursor page of rows."""
    name = re.sub(r"Shape$", "", shape.__name__)
    fields = {
        "__doc__": f"One page of {name}.",
        "results": shape(many=True),
        "next": serializers.URLField(allow_null=True, help_text="the next page; null on the last one"),
    }
    return type(f"{name}PageShape", (serializers.Serializer,), fields)


class Described(AutoSchema):
    """Names of the shapes without the word that tells them from models."""

    def _get_serializer_name(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> str:
        name: str = super()._get_serializer_name(serializer, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        return name.replace("Shape", "")

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        """A shape that is ``closed`` takes no member beside those that it names."""
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        if getattr(serializer, "closed", False):
            schema["additionalProperties"] = False
        return schema
