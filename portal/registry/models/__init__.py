"""What the registry keeps: elements, products, counterparties and lots; the real parties behind counterparties."""

from portal.registry.models.parties import PartyDecision, PartyMember, PartyProposal
from portal.registry.models.register import (
    ELEMENT_SYMBOLS,
    Assay,
    CalendarDay,
    Counterparty,
    CounterpartyDetails,
    Element,
    Family,
    IdentifierType,
    Lot,
    ProcessingLevel,
    Product,
    ProductDetails,
    Stage,
)
from portal.registry.models.watch_lists import WatchEffect, WatchEntry

__all__ = [
    "ELEMENT_SYMBOLS",
    "Assay",
    "CalendarDay",
    "Counterparty",
    "CounterpartyDetails",
    "Element",
    "Family",
    "IdentifierType",
    "Lot",
    "PartyDecision",
    "PartyMember",
    "PartyProposal",
    "ProcessingLevel",
    "Product",
    "ProductDetails",
    "Stage",
    "WatchEffect",
    "WatchEntry",
]
