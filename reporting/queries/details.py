"""What two versions say differently of the counterparties and products that both name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.registry.countries import country_name
from reporting.models import Filing
from reporting.queries.filed import PARTY_FIELDS, PRODUCT_FIELDS, parties_of, products_of, texts_of

_COUNTRIES = ("country", "end_user_country")


@dataclass(frozen=True)
class Detail:
    """One detail of a counterparty or product that changed, in the reader's language."""

    about: str  # counterparty or product
    code: str
    label: str
    was: str
    now: str


def differing_details(was: Filing, now: Filing) -> list[Detail]:
    """Counterparties first, in the order of codes, details in the order of the form. At most eight queries."""
    parties = _differing(_("Counterparty"), parties_of(was), parties_of(now), PARTY_FIELDS)
    products = _differing(_("Product"), products_of(was), products_of(now), PRODUCT_FIELDS)
    return [*parties, *products]


def _differing(
    about: str, was: Mapping[int, Model], now: Mapping[int, Model], fields: Sequence[str]
) -> Iterator[Detail]:
    for pk, row in now.items():
        if pk not in was:
            continue
        before, after = texts_of(was[pk], fields), texts_of(row, fields)
        for name in fields:
            if before.get(name, "") != after.get(name, ""):
                label = str(capfirst(row._meta.get_field(name).verbose_name))  # type: ignore[union-attr] # noqa: SLF001 - Django's documented way to a field
                yield Detail(
                    about, after["code"], label, _shown(was[pk], name, before), _shown(row, name, after)
                )


def _shown(row: Model, name: str, texts: Mapping[str, str]) -> str:
    text = texts.get(name, "")
    if not text:
        return ""
    if name in _COUNTRIES:
        return country_name(text)
    words = getattr(row, f"get_{name}_display", None)
    return str(words()) if words else text
