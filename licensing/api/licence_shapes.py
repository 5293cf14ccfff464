"""What licences, their ledger, export checks and declarations look like in the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from licensing.api.classification_shapes import GoodShape
from licensing.models import Decision, DeclarationState, LicenceKind, LicenceStatus, MovementKind
from portal.core.api.schema import KILOGRAMS, YUAN

USCC: Final = r"^[0-9A-Z]{18}$"
_POSITIVE: Final = r"^\d{1,12}(\.\d{1,3})?$"


class LineShape(serializers.Serializer[Any]):
    """One line of a licence with what is left of it."""

    line_no = serializers.IntegerField()
    control_code = serializers.CharField(allow_blank=True, help_text="`;`-list")
    hs_code = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    quantity_kg = serializers.RegexField(KILOGRAMS, help_text="authorised")
    ceiling_kg = serializers.RegexField(KILOGRAMS, help_text="with the tolerance: what may leave")
    reserved_kg = serializers.RegexField(KILOGRAMS)
    drawn_kg = serializers.RegexField(KILOGRAMS)
    carried_kg = serializers.RegexField(KILOGRAMS, help_text="went over to the licence that replaces it")
    balance_kg = serializers.RegexField(KILOGRAMS, help_text="what may still be drawn or reserved")


class BalanceShape(serializers.Serializer[Any]):
    """What is left of a licence, now."""

    licence_no = serializers.CharField()
    status = serializers.ChoiceField(choices=LicenceStatus.values)
    holds_today = serializers.BooleanField()
    uses_left = serializers.IntegerField(allow_null=True, help_text="null: any number of declarations")
    lines = LineShape(many=True)


class LicenceShape(serializers.Serializer[Any]):
    """A licence."""

    licence_no = serializers.CharField()
    exporter = serializers.RegexField(USCC)
    kind = serializers.ChoiceField(choices=LicenceKind.values)
    issued_on = serializers.DateField()
    expires_on = serializers.DateField()
    status = serializers.ChoiceField(choices=LicenceStatus.values)
    suspended_from = serializers.DateField(allow_null=True)
    suspended_until = serializers.DateField(allow_null=True)
    revoked_on = serializers.DateField(allow_null=True)
    max_uses = serializers.IntegerField(allow_null=True)
    tolerance_pct = serializers.RegexField(r"^\d{1,3}(\.\d{1,2})?$")
    consignee_name = serializers.CharField(allow_blank=True)
    consignee_id = serializers.CharField(allow_blank=True)
    end_user_name = serializers.CharField(allow_blank=True)
    end_user_id = serializers.CharField(allow_blank=True)
    destination = serializers.CharField(allow_blank=True)
    no_split = serializers.BooleanField()
    replaces = serializers.CharField(allow_null=True, help_text="number of the licence that it replaces")


class WholeLicenceShape(LicenceShape):
    """A licence with its lines."""

    lines = LineShape(many=True)


class MovementShape(serializers.Serializer[Any]):
    """One movement of a licence's ledger."""

    id = serializers.IntegerField()
    line_no = serializers.IntegerField()
    sequence = serializers.IntegerField(help_text="counts the movements of the line from 1")
    kind = serializers.ChoiceField(choices=MovementKind.values)
    from_account = serializers.CharField()
    to_account = serializers.CharField()
    quantity_kg = serializers.RegexField(KILOGRAMS)
    drawn_after_kg = serializers.RegexField(KILOGRAMS)
    reserved_after_kg = serializers.RegexField(KILOGRAMS)
    cause = serializers.CharField()
    declaration_no = serializers.CharField(allow_null=True)
    item_no = serializers.IntegerField(allow_null=True)
    day = serializers.DateField()
    at = serializers.DateTimeField()


class ItemShape(serializers.Serializer[Any]):
    """One item of a customs declaration."""

    declaration_no = serializers.CharField(max_length=60)
    item_no = serializers.IntegerField(min_value=1)
    declared_on = serializers.DateField(required=False, help_text="today if absent")
    exporter = serializers.RegexField(USCC)
    licence_no = serializers.CharField(max_length=60, required=False, allow_blank=True, allow_null=True)
    licence_line_no = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    hs_code = serializers.RegexField(r"^(\d{6}|\d{8}|\d{10})?$", required=False, allow_null=True)
    description = serializers.CharField(max_length=2_000, required=False, allow_blank=True, allow_null=True)
    quantity_kg = serializers.RegexField(_POSITIVE, help_text="more than 0, at most three decimals, as text")
    value_cny = serializers.RegexField(YUAN, required=False, allow_null=True)
    destination = serializers.RegexField(r"^([A-Z]{2})?$", required=False, allow_null=True)
    consignee_name = serializers.CharField(max_length=300, required=False, allow_blank=True, allow_null=True)


class ItemsShape(serializers.Serializer[Any]):
    """Many items."""

    declarations = serializers.ListField(child=ItemShape(), min_length=1, max_length=500)


class RecordShape(ItemShape):
    """An item as it is kept, with what became of it."""

    state = serializers.ChoiceField(choices=DeclarationState.values)
    reason = serializers.CharField(allow_null=True, help_text="why nothing was drawn: a code")


class KeptShape(serializers.Serializer[Any]):
    """What became of one item that was sent."""

    declaration_no = serializers.CharField()
    item_no = serializers.IntegerField()
    state = serializers.ChoiceField(choices=[*DeclarationState.values, "unkept"])
    reason = serializers.CharField(allow_null=True)
    message = serializers.CharField(allow_null=True)
    licence_no = serializers.CharField(allow_null=True)
    licence_line_no = serializers.IntegerField(allow_null=True)


class KeptManyShape(serializers.Serializer[Any]):
    """What became of the items, in their order."""

    results = KeptShape(many=True)


class AskedShape(serializers.Serializer[Any]):
    """May these goods leave?"""

    exporter = serializers.RegexField(USCC)
    licence_no = serializers.CharField(max_length=60, required=False, allow_blank=True, allow_null=True)
    licence_line_no = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    goods = GoodShape(help_text="as for a classification: by it the goods are judged")
    quantity_kg = serializers.RegexField(_POSITIVE, help_text="more than 0, at most three decimals, as text")
    unit = serializers.ChoiceField(choices=["kg"], required=False)
    value_cny = serializers.RegexField(YUAN, required=False, allow_null=True)
    consignee_name = serializers.CharField(max_length=300, required=False, allow_blank=True, allow_null=True)
    consignee_id = serializers.CharField(
        max_length=100, required=False, allow_blank=True, allow_null=True, help_text="TYPE:NUMBER"
    )
    end_user_name = serializers.CharField(max_length=300, required=False, allow_blank=True, allow_null=True)
    end_user_id = serializers.CharField(max_length=100, required=False, allow_blank=True, allow_null=True)
    destination = serializers.RegexField(r"^([A-Z]{2})?$", required=False, allow_null=True)
    customs_office = serializers.CharField(max_length=100, required=False, allow_blank=True, allow_null=True)
    transport_mode = serializers.CharField(max_length=20, required=False, allow_blank=True, allow_null=True)
    declaration_no = serializers.CharField(
        max_length=60, required=False, allow_null=True, help_text="needed unless it is a rehearsal"
    )
    item_no = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    declared_on = serializers.DateField(required=False, allow_null=True, help_text="today if absent")
    dry_run = serializers.BooleanField(required=False, help_text="a rehearsal: nothing is drawn")


class ReasonShape(serializers.Serializer[Any]):
    """Why, or what to look at."""

    code = serializers.CharField()
    message = serializers.CharField()


class CheckedShape(serializers.Serializer[Any]):
    """The signed answer."""

    decision = serializers.ChoiceField(choices=Decision.values)
    reasons = ReasonShape(many=True)
    exporter = serializers.RegexField(USCC)
    licence_no = serializers.CharField(allow_null=True)
    licence_line_no = serializers.IntegerField(allow_null=True, help_text="the line that was drawn")
    declaration_no = serializers.CharField(allow_null=True)
    item_no = serializers.IntegerField(allow_null=True)
    declared_on = serializers.DateField()
    quantity_kg = serializers.RegexField(_POSITIVE)
    balance_kg = serializers.RegexField(
        KILOGRAMS, allow_null=True, help_text="what is left on the line afterwards"
    )
    uses_left = serializers.IntegerField(allow_null=True)
    control_codes = serializers.ListField(child=serializers.CharField())
    list_version = serializers.IntegerField(allow_null=True)
    dry_run = serializers.BooleanField()
    checked_at = serializers.DateTimeField()
    form = serializers.CharField()
    key = serializers.CharField(help_text="names the key that signed")
    signature = serializers.CharField(
        help_text="base64; Ed25519 over the answer without it: JSON, keys sorted, no blanks, UTF-8"
    )


LICENCE: Final = {
    "licence_no": "REL2026-0000123-41", "exporter": "91330201MADFQE5E01", "kind": "individual", "issued_on": "2026-03-02",
    "expires_on": "2027-03-01", "status": "valid", "suspended_from": None, "suspended_until": None, "revoked_on": None,
    "max_uses": 12, "tolerance_pct": "5", "consignee_name": "Rheinmotor GmbH", "consignee_id": "", "end_user_name": "",
    "end_user_id": "", "destination": "DE", "no_split": False, "replaces": None,
}  # fmt: skip
LINE: Final = {
    "line_no": 1, "control_code": "1C905.a.4", "hs_code": "8505111000", "description": "Sintered magnets N42SH",
    "quantity_kg": "10000", "ceiling_kg": "10500.000", "reserved_kg": "0.000", "drawn_kg": "1250.500",
    "carried_kg": "0.000", "balance_kg": "9249.500",
}  # fmt: skip
BALANCE: Final = {
    "licence_no": "REL2026-0000123-41", "status": "valid", "holds_today": True, "uses_left": 11, "lines": [LINE],
}  # fmt: skip
MOVEMENT: Final = {
    "id": 4711, "line_no": 1, "sequence": 2, "kind": "draw", "from_account": "available", "to_account": "drawn",
    "quantity_kg": "1250.500", "drawn_after_kg": "1250.500", "reserved_after_kg": "0.000", "cause": "export_check",
    "declaration_no": "310120260000123456", "item_no": 1, "day": "2026-06-01", "at": "2026-06-01T09:12:31.402113+08:00",
}  # fmt: skip
ITEM: Final = {
    "declaration_no": "310120260000123456", "item_no": 1, "declared_on": "2026-06-01", "exporter": "91330201MADFQE5E01",
    "licence_no": "REL2026-0000123-41", "licence_line_no": 1, "hs_code": "8505111000",
    "description": "Sintered magnets N42SH", "quantity_kg": "1250.500", "value_cny": "812000.00", "destination": "DE",
    "consignee_name": "Rheinmotor GmbH",
}  # fmt: skip
KEPT: Final = {
    "declaration_no": "310120260000123456", "item_no": 1, "state": "drawn", "reason": None, "message": None,
    "licence_no": "REL2026-0000123-41", "licence_line_no": 1,
}  # fmt: skip
ASKED: Final = {
    "exporter": "91330201MADFQE5E01", "licence_no": "REL2026-0000123-41",
    "goods": {"form": "magnet", "family": "ndfeb", "contents": {"nd": "29.1", "dy": "0.42", "tb": "0"}, "hs_code": "8505111000"},
    "quantity_kg": "1250.500", "consignee_name": "Rheinmotor GmbH", "destination": "DE",
    "declaration_no": "310120260000123456", "item_no": 1,
}  # fmt: skip
CHECKED: Final = {
    "decision": "permit", "reasons": [], "exporter": "91330201MADFQE5E01", "licence_no": "REL2026-0000123-41",
    "licence_line_no": 1, "declaration_no": "310120260000123456", "item_no": 1, "declared_on": "2026-06-01",
    "quantity_kg": "1250.500", "balance_kg": "9249.500", "uses_left": 11, "control_codes": ["1C905.a.4"], "list_version": 1,
    "dry_run": False, "checked_at": "2026-06-01T09:12:31.402113+08:00", "form": "lodestone-export-check-1",
    "key": "9f2c61b07d3e4a58", "signature": "hT3n…==",
}  # fmt: skip
