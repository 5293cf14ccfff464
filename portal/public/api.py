"""``verify/``: whether a receipt or a licence is true, for anybody; no organisation and no trade data."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from portal.core.api.endpoint import Endpoint, answer
from portal.core.api.problems import not_found
from portal.core.api.schema import MONTH, Operation, Said, described
from portal.core.clock import BEIJING
from portal.public.queries.verification import AMENDED, IN_FORCE, WITHDRAWN, verified, verified_licence

LICENCE_STATES = ["valid", "not_yet_valid", "suspended", "revoked", "surrendered", "exhausted", "expired"]


class VerifiedShape(serializers.Serializer[Any]):
    """What is known of a receipt, or of a licence; each has its own members."""

    kind = serializers.ChoiceField(choices=["receipt", "licence"])
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=[IN_FORCE, AMENDED, WITHDRAWN, *LICENCE_STATES])
    sha256 = serializers.RegexField("^[0-9a-f]{64}$", required=False, help_text="of a receipt")
    period = serializers.RegexField(MONTH, required=False, help_text="of a receipt")
    version = serializers.IntegerField(required=False, help_text="of a receipt")
    submitted_at = serializers.DateTimeField(required=False, help_text="of a receipt")
    on_time = serializers.BooleanField(required=False, help_text="of a receipt")
    issued_on = serializers.DateField(required=False, help_text="of a licence")
    expires_on = serializers.DateField(
        required=False, help_text="of a licence: the last day on which it holds"
    )


_EXAMPLE = {
    "kind": "receipt",
    "number": "LS202605-7K3MX-Q9DTW",
    "sha256": "3b1c" * 16,
    "period": "2026-05",
    "version": 1,
    "status": IN_FORCE,
    "submitted_at": "2026-06-05T10:12:31.402113+08:00",
    "on_time": True,
}


class Verification(Endpoint):
    """One receipt, by its number or its SHA-256; one licence, by its number."""

    reason_public = "anybody who is shown a receipt or a licence may check it; a status, no organisation and no trade data"
    allowed = {"GET": ()}

    @described(
        Operation(
            "verify",
            "Public",
            "Verify a receipt or a licence",
            public=True,
            refusals=["not_found"],
            words="By its number, or a receipt by the SHA-256 of the filed data. Needs no token.",
            answers={200: Said(VerifiedShape, "it was issued; how it stands today", _EXAMPLE)},
        )
    )
    def get(self, request: Request, proof: str) -> HttpResponse:
        found = verified(proof)
        if found is None:
            return _licence(proof)
        return answer(
            {
                "kind": "receipt",
                "number": found.number,
                "sha256": found.digest,
                "period": str(found.period),
                "version": found.version,
                "status": found.status,
                "submitted_at": found.submitted_at.astimezone(BEIJING).isoformat(),
                "on_time": found.on_time,
            }
        )


def _licence(proof: str) -> HttpResponse:
    """What is known of a licence. Raises the problem 404 where there is none."""
    licence = verified_licence(proof)
    if licence is None:
        raise not_found()
    return answer(
        {
            "kind": "licence",
            "number": licence.number,
            "status": licence.status,
            "issued_on": licence.issued_on.isoformat(),
            "expires_on": licence.expires_on.isoformat(),
        }
    )
