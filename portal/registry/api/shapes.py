"""What the registers look like in the OpenAPI document; names, types and rules are the data dictionary's."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from portal.registry.models import ELEMENT_SYMBOLS, Family, IdentifierType, ProcessingLevel, Stage

PERCENT: Final = r"^(100(\.0{1,6})?|\d{1,2}(\.\d{1,6})?)$"


def percent(**options: Any) -> serializers.Field[Any, Any, Any, Any]:
    """Mass per cent as a decimal string."""
    return serializers.RegexField(PERCENT, required=False, allow_null=True, **options)


def choice(codes: type[Any], *, blank: bool = True) -> serializers.ChoiceField:
    """One of the dictionary's codes."""
    return serializers.ChoiceField(choices=codes.values, required=not blank, allow_blank=blank)


_CONTENTS = {
    f"{symbol}_pct": percent(
        help_text="mass per cent of the element; null = not measured, 0 = measured absence"
    )
    for symbol in ELEMENT_SYMBOLS
}
_CONTENTS["assay_rel_uncertainty_pct"] = percent(
    help_text="relative standard uncertainty of the contents; 1.0 if not given"
)


class _ProductShape(serializers.Serializer[Any]):
    """A product of the organisation's catalogue."""

    code = serializers.RegexField(
        r"^\S(.{0,38}\S)?$", max_length=40, help_text="unique in the organisation; the key"
    )
    name = serializers.RegexField(r"\S", max_length=200)
    stage = choice(Stage, blank=False)
    family = choice(Family)
    grade = serializers.CharField(max_length=40, required=False, allow_blank=True)
    hs_code = serializers.RegexField(r"^(\d{6}|\d{8}|\d{10})?$", required=False)
    processing_level = choice(ProcessingLevel)
    partners = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="symbols of the other metals: fe;b"
    )
    retired = serializers.BooleanField(required=False, help_text="no longer offered in new filings")


ProductShape = type("ProductShape", (_ProductShape,), {"__doc__": _ProductShape.__doc__, **_CONTENTS})
ProductChangeShape = type(
    "ProductChangeShape",
    (_ProductShape,),
    {
        "__doc__": "What may be sent of a product.",
        **_CONTENTS,
        "correction": serializers.CharField(
            required=False,
            max_length=500,
            allow_blank=True,
            help_text="what was recorded wrongly, where filings rest on the contents",
        ),
    },
)


class _LotShape(serializers.Serializer[Any]):
    """The assay of one lot, above the product's."""

    batch = serializers.RegexField(r"^[^;:/\s]([^;:/]{0,58}[^;:/\s])?$", max_length=60)
    product = serializers.CharField(max_length=40, help_text="code of the product")
    assay_no = serializers.CharField(max_length=60, required=False, allow_blank=True)
    laboratory = serializers.CharField(max_length=200, required=False, allow_blank=True)
    assayed_on = serializers.DateField(required=False, allow_null=True)


LotShape = type("LotShape", (_LotShape,), {"__doc__": _LotShape.__doc__, **_CONTENTS})


class CounterpartyShape(serializers.Serializer[Any]):
    """A client or supplier."""

    code = serializers.RegexField(
        r"^\S(.{0,38}\S)?$", max_length=40, help_text="unique in the organisation; the key"
    )
    name = serializers.RegexField(r"\S", max_length=300)
    name_local = serializers.CharField(max_length=300, required=False, allow_blank=True)
    country = serializers.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166-1 alpha-2")
    id_type = choice(IdentifierType)
    id_number = serializers.CharField(max_length=60, required=False, allow_blank=True)
    address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    city = serializers.CharField(max_length=100, required=False, allow_blank=True)
    end_use = serializers.CharField(max_length=300, required=False, allow_blank=True)
    end_user_name = serializers.CharField(max_length=300, required=False, allow_blank=True)
    end_user_country = serializers.RegexField(r"^([A-Z]{2})?$", required=False)
    retired = serializers.BooleanField(required=False, help_text="no longer offered in new filings")


class CounterpartyChangeShape(CounterpartyShape):
    """What may be sent of a client or supplier."""

    confirmed = serializers.BooleanField(
        required=False,
        help_text="you looked at the remarks (a failing check digit, a likeness), and it is right as it stands",
    )
