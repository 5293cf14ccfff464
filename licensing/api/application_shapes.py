"""What applications look like in the OpenAPI document; names and types are the data dictionary's where it has them."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from licensing.models import (
    ApplicationStatus,
    LicenceKind,
    Outcome,
    PaperKind,
    PartyRole,
    Purpose,
    Transport,
    Undertaking,
)
from portal.core.api.schema import KILOGRAMS, YUAN
from portal.registry.models import IdentifierType

Shape = serializers.Serializer[Any]


def text(longest: int, **more: Any) -> serializers.CharField:
    """A text that may be absent or empty."""
    return serializers.CharField(max_length=longest, required=False, allow_blank=True, **more)


class AppliedGoodShape(Shape):
    """One good of the catalogue."""

    product = serializers.CharField(max_length=40, help_text="code of the product")
    quantity_kg = serializers.RegexField(KILOGRAMS, required=False, allow_null=True)
    value_cny = serializers.RegexField(YUAN, required=False, allow_null=True)
    note = text(300)


class PartyShape(Shape):
    """Somebody abroad whom the goods reach or pass."""

    role = serializers.ChoiceField(choices=PartyRole.values)
    name = serializers.CharField(max_length=300)
    name_local = text(300)
    country = text(2, help_text="ISO 3166-1 alpha-2")
    id_type = serializers.ChoiceField(choices=["", *IdentifierType.values], required=False)
    id_number = text(60)
    address = text(300)
    city = text(100)


class ApplicationContentShape(Shape):
    """What a draft holds. Goods and parties that are sent take the place of those that stood there."""

    lines = serializers.ListField(child=AppliedGoodShape(), required=False, max_length=200)
    parties = serializers.ListField(child=PartyShape(), required=False, max_length=50)
    end_use = text(5_000)
    destination = text(2, help_text="ISO 3166-1 alpha-2")
    contract_no = text(60)
    contract_on = serializers.DateField(required=False, allow_null=True)
    months = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=36)
    max_uses = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=9_999)
    customs_office = text(100)
    transport_mode = serializers.ChoiceField(choices=["", *Transport.values], required=False)
    no_split = serializers.BooleanField(required=False)
    reason = text(2_000)


class NewApplicationShape(ApplicationContentShape):
    """An application to begin."""

    kind = serializers.ChoiceField(choices=LicenceKind.values, required=False)
    purpose = serializers.ChoiceField(choices=Purpose.values, required=False)
    licence_no = text(60, help_text="of the licence that is renewed or amended")
    copy_of = serializers.IntegerField(required=False, help_text="id of an application to copy")


class LackShape(Shape):
    """What is missing, or will probably be asked."""

    code = serializers.CharField()
    line_no = serializers.IntegerField(allow_null=True)
    blocks = serializers.BooleanField()
    message = serializers.CharField()


class ClockShape(Shape):
    """The statutory clock."""

    accepted_on = serializers.DateField()
    used = serializers.IntegerField(help_text="working days")
    limit = serializers.IntegerField()
    runs = serializers.BooleanField()
    due_on = serializers.DateField()
    provisional = serializers.BooleanField()


class AskedShape(Shape):
    """A request for information."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    line_no = serializers.IntegerField(allow_null=True)
    due_on = serializers.DateField()
    state = serializers.CharField()


class ApplicationShape(Shape):
    """An application as it stands."""

    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=ApplicationStatus.values)
    outcome = serializers.ChoiceField(choices=Outcome.values, allow_null=True)
    kind = serializers.ChoiceField(choices=LicenceKind.values)
    purpose = serializers.ChoiceField(choices=Purpose.values)
    revision = serializers.IntegerField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    licence_no = serializers.CharField(allow_null=True, help_text="of the licence that was issued")


class WholeApplicationShape(ApplicationShape):
    """An application with all that it holds."""

    lines = serializers.ListField(child=AppliedGoodShape())
    parties = serializers.ListField(child=PartyShape())
    lacks = serializers.ListField(child=LackShape())
    clock = ClockShape(allow_null=True)
    requests = serializers.ListField(child=AskedShape())


class SubmitShape(Shape):
    """Every undertaking, and which state of the draft was read."""

    undertakings = serializers.ListField(child=serializers.ChoiceField(choices=Undertaking.values))
    revision = serializers.IntegerField(required=False)


class WithdrawShape(Shape):
    """Why it is taken back."""

    reason = serializers.CharField(max_length=2_000)


class AnswerShape(Shape):
    """The answer to a request."""

    text = serializers.CharField(max_length=5_000)


class PaperSentShape(Shape):
    """One file and what it is."""

    kind = serializers.ChoiceField(choices=PaperKind.values)
    file = serializers.FileField()


class PaperKeptShape(Shape):
    """A file as it is kept."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=PaperKind.values)
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.RegexField("^[0-9a-f]{64}$")
    scan = serializers.ChoiceField(choices=["clean", "not_scanned"])


EXAMPLE: Final[dict[str, Any]] = {
    "id": 7,
    "number": None,
    "status": "draft",
    "outcome": None,
    "kind": "individual",
    "purpose": "new",
    "revision": 5,
    "submitted_at": None,
    "decided_at": None,
    "licence_no": None,
}
CONTENT_EXAMPLE: Final[dict[str, Any]] = {
    "lines": [{"product": "P-01", "quantity_kg": "500.0", "value_cny": "30000.00", "note": ""}],
    "parties": [
        {
            "role": role,
            "name": "Rheinmotor GmbH",
            "country": "DE",
            "id_type": "VAT",
            "id_number": "DE811111111",
            "address": "Am Ring 1",
            "city": "Köln",
        }
        for role in ("consignee", "end_user")
    ],
    "end_use": "Traction motors of electric buses",
    "destination": "DE",
    "contract_no": "RM-2026-7",
    "months": 12,
}
WHOLE_EXAMPLE: Final[dict[str, Any]] = EXAMPLE | {
    "lines": CONTENT_EXAMPLE["lines"],
    "parties": CONTENT_EXAMPLE["parties"],
    "lacks": [
        {"code": "contract_missing", "line_no": None, "blocks": True, "message": "Hand in the contract."}
    ],
    "clock": None,
    "requests": [],
}
