"""Entity tags: what was read is named by them, so that nobody overwrites what they have not seen."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from portal.core.api.problems import stale

_TAG = re.compile(r'(?:W/)?"[^"]*"')


def tag_of(value: Any) -> str:
    """The tag of a plain value: equal values, equal tags."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def require_match(request: Request, tag: str) -> None:
    """Go on only where ``If-Match`` is absent, ``*``, or names what stands there. Raises the problem 412."""
    asked = request.headers.get("If-Match", "").strip()
    if asked and asked != "*" and tag not in _TAG.findall(asked):
        raise stale(tag)


def answered_with(request: Request, answer: HttpResponse, tag: str) -> HttpResponse:
    """The answer with its tag; 304 without a body where the caller has it already (``If-None-Match``)."""
    known = request.headers.get("If-None-Match", "").strip()
    if request.method in {"GET", "HEAD"} and known and (known == "*" or tag in _TAG.findall(known)):
        answer = HttpResponse(status=304)
        del answer["Content-Type"]
    answer["ETag"] = tag
    return answer
