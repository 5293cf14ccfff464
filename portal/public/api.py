"""``verify/``: whether a receipt is true, for anybody; no organisation and no trade data."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from portal.core.api.endpoint import Endpoint, answer
from portal.core.api.problems import not_found
from portal.core.api.schema import MONTH, Operation, Said, described
from portal.core.clock import BEIJING
from portal.public.queries.verification import AMENDED, IN_FORCE, WITHDRAWN, verified


class VerifiedShape(serializers.Serializer[Any]):
    """What is known of a receipt."""

    number = serializers.CharField()
    sha256 = serializers.RegexField("^[0-9a-f]{64}$")
    period = serializers.RegexField(MONTH)
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=[IN_FORCE, AMENDED, WITHDRAWN])
    submitted_at = serializers.DateTimeField()
    on_time = serializers.BooleanField()


_EXAMPLE = {
    "number": "LS202605-7K3MX-Q9DTW",
    "sha256": "3b1c" * 16,
    "period": "2026-05",
    "version": 1,
    "status": IN_FORCE,
    "submitted_at": "2026-06-05T10:12:31.402113+08:00",
    "on_time": True,
}


class Verification(Endpoint):
    """One receipt, by its number or its SHA-256."""

    reason_public = "anybody who is shown a receipt may check it; a status, no organisation and no trade data"
    allowed = {"GET": ()}

    @described(
        Operation(
            "verify",
            "Public",
            "Verify a receipt",
            public=True,
            refusals=["not_found"],
            words="By its number or by the SHA-256 of the filed data. Needs no token.",
            answers={200: Said(VerifiedShape, "the receipt is true", _EXAMPLE)},
        )
    )
    def get(self, request: Request, proof: str) -> HttpResponse:
        found = verified(proof)
        if found is None:
            raise not_found()
        return answer(
            {
                "number": found.number,
                "sha256": found.digest,
                "period": str(found.period),
                "version": found.version,
                "status": found.status,
                "submitted_at": found.submitted_at.astimezone(BEIJING).isoformat(),
                "on_time": found.on_time,
            }
        )
