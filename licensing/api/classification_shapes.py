"""What goods and verdicts look like in the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from licensing.domain.classification import FAMILIES, FORMS, LEVELS, VERDICTS
from portal.registry.models import ELEMENT_SYMBOLS

MOST: Final = 10_000  # goods in one call
_PER_CENT: Final = r"^(100(\.0{1,30})?|\d{1,2}(\.\d{1,30})?)$"


def _code(codes: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=list(codes), required=False, allow_null=True)


_CONTENTS = {
    symbol: serializers.RegexField(
        _PER_CENT,
        required=False,
        allow_null=True,
        help_text="mass per cent; a JSON number is taken as well",
    )
    for symbol in ELEMENT_SYMBOLS
}
ContentsShape = type(
    "ContentsShape",
    (serializers.Serializer,),
    {"__doc__": "Mass per cent of the element: absent or null = unknown, 0 = measured absence.", **_CONTENTS},
)


class GoodShape(serializers.Serializer[Any]):
    """A good to classify. Whatever is left out is unknown."""

    closed = True  # by this one good is told from many

    id = serializers.CharField(required=False, max_length=100, allow_blank=True, allow_null=True)
    on = serializers.DateField(
        required=False, allow_null=True, help_text="the day to judge by; today if absent"
    )
    form = _code(FORMS)
    family = _code(FAMILIES)
    grade = serializers.CharField(required=False, max_length=40, allow_blank=True, allow_null=True)
    processing_level = _code(LEVELS)
    contents = ContentsShape(required=False, allow_null=True)
    partners = serializers.ListField(
        child=serializers.RegexField(r"^[A-Za-z]{1,2}$"),
        required=False,
        allow_null=True,
        max_length=20,
        help_text="symbols of the other metals of an alloy",
    )
    hs_code = serializers.RegexField(r"^(\d{6}|\d{8}|\d{10})?$", required=False, allow_null=True)
    description = serializers.CharField(
        required=False, max_length=2_000, allow_blank=True, allow_null=True, help_text="in either language"
    )


class ManyGoodsShape(serializers.Serializer[Any]):
    """Many goods."""

    closed = True

    goods = serializers.ListField(child=GoodShape(), min_length=1, max_length=MOST)


class BothShape(serializers.Serializer[Any]):
    """A sentence in both languages."""

    en = serializers.CharField(allow_blank=True)
    zh = serializers.CharField(allow_blank=True)


class ContradictionShape(BothShape):
    """What is said of the good and does not go together."""

    code = serializers.CharField()


class ConsideredShape(serializers.Serializer[Any]):
    """One entry of the list that the good was held against."""

    control_code = serializers.CharField()
    instrument = serializers.CharField()
    status = serializers.ChoiceField(choices=["in_force", "suspended", "not_yet_in_force"])
    unconfirmed = serializers.BooleanField(
        help_text="a suspension ran out and what followed is not known: the operator's setting speaks"
    )
    applies = serializers.ChoiceField(choices=["yes", "no", "unknown"])
    because = BothShape()


class ClassificationShape(serializers.Serializer[Any]):
    """The verdict on one good."""

    id = serializers.CharField(allow_blank=True)
    on = serializers.DateField()
    verdict = serializers.ChoiceField(choices=list(VERDICTS))
    entry = serializers.CharField(
        allow_null=True, help_text="the deciding entry, where a licence is required"
    )
    because = BothShape(help_text="the deciding fact")
    entries = ConsideredShape(many=True)
    contradictions = ContradictionShape(many=True)
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="what would decide it: contents.dy, family, partners, form"
    )
    list_version = serializers.IntegerField()


class ClassificationsShape(serializers.Serializer[Any]):
    """The verdicts on many goods, in their order."""

    results = ClassificationShape(many=True)
    list_version = serializers.IntegerField()


SENT: Final = PolymorphicProxySerializer(
    "GoodOrGoods",
    [GoodShape, ManyGoodsShape, GoodShape(many=True)],
    resource_type_field_name=None,
    many=False,
)
ANSWERED: Final = PolymorphicProxySerializer(
    "ClassificationOrMany",
    [ClassificationShape, ClassificationsShape],
    resource_type_field_name=None,
    many=False,
)
EXAMPLE: Final = {
    "goods": [
        {
            "id": "P-07",
            "on": "2026-06-01",
            "form": "magnet",
            "family": "ndfeb",
            "contents": {"nd": "29.1", "dy": "0.42", "tb": "0"},
            "hs_code": "8505111000",
        }
    ]
}
ANSWER: Final = {
    "id": "P-07",
    "on": "2026-06-01",
    "verdict": "licence_required",
    "entry": "1C905.a.4",
    "because": {
        "en": "1C905.a.4: 0.42 % of dysprosium is at or above the setting of 0.1 % (vendors' practice, not law).",
        "zh": "1C905.a.4：镝含量0.42%，达到设定值0.1%（供应商惯例，并非法定限值）。",
    },
    "entries": [
        {
            "control_code": "1C905.a.4",
            "instrument": "MOFCOM-GAC 2025 No. 18",
            "status": "in_force",
            "unconfirmed": False,
            "applies": "yes",
            "because": {
                "en": "0.42 % of dysprosium is at or above the setting of 0.1 % (vendors' practice, not law).",
                "zh": "镝含量0.42%，达到设定值0.1%（供应商惯例，并非法定限值）。",
            },
        }
    ],
    "contradictions": [],
    "missing": [],
    "list_version": 1,
}
