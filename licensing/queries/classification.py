"""Classification of goods by the list in force, or by another version of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from licensing.domain.classification import STAGE_FORMS, ControlList, Good, Verdict, classify
from licensing.queries.control_list import in_force
from portal.core import clock
from portal.registry.models import ProductDetails


def good_of(product: ProductDetails, *, on: date | None = None) -> Good:
    """A product of a catalogue, or its copy with a filing, as a good."""
    return Good(
        id=product.code,
        on=on,
        form=STAGE_FORMS.get(product.stage),
        family=product.family or None,
        grade=product.grade,
        processing_level=product.processing_level or None,
        contents=product.contents,
        partners=tuple(part.strip().lower() for part in product.partners.split(";") if part.strip()),
        hs_code=product.hs_code,
        description=product.name,
    )


def classify_goods(
    goods: Sequence[Good], *, on: date | None = None, control_list: ControlList | None = None
) -> list[Verdict]:
    """The verdicts in the order of the goods; the day is today in Beijing where neither a good nor ``on`` names one."""
    return classify(goods, control_list or in_force(), on=on or clock.today())


def verdicts_of(
    products: Iterable[ProductDetails], *, on: date | None = None, control_list: ControlList | None = None
) -> list[Verdict]:
    """The verdicts on products, in their order."""
    return classify_goods([good_of(product) for product in products], on=on, control_list=control_list)
