"""What the cells of one organisation's filings may say: its products, its counterparties, the words for kinds."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.utils.translation import override

from portal.registry.models import Counterparty, Product
from reporting.domain.cells import Codes, Vocabulary, kind_lookup
from reporting.models import Filing, Kind
from reporting.queries.draft_lines import unread_cells


@lru_cache(maxsize=1)
def _kinds() -> dict[str, int]:
    """Every word for a kind that a page of ours shows in any language, besides those that people write."""
    shown = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            shown += [(str(kind.label), kind.value) for kind in Kind]
    return kind_lookup(shown)


def vocabulary_of(organisation_id: int) -> Vocabulary:
    """The registers of an organisation as its cells name them; retired records too, for they were used once."""
    products = Product.objects.filter(organisation_id=organisation_id).order_by("pk")
    parties = Counterparty.objects.filter(organisation_id=organisation_id).order_by("pk")
    return Vocabulary(
        _kinds(),
        Codes.of(products.values_list("pk", "code", "name")),
        Codes.of(parties.values_list("pk", "code", "name")),
    )


def codes_known_now(filing: Filing) -> list[str]:
    """Codes that were typed before their record existed and that would be found today."""
    kept = unread_cells(filing)
    if not any({"product", "counterparty"} & set(cells) for cells in kept.values()):
        return []
    words = vocabulary_of(filing.organisation_id)
    registers = {"product": words.products, "counterparty": words.counterparties}
    found = {
        cells[name]
        for cells in kept.values()
        for name, codes in registers.items()
        if name in cells and codes.find(cells[name]) is not None
    }
    return sorted(found)
