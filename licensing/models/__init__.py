"""What licensing keeps: the control list, applications, licences, their ledger, customs declarations."""

from licensing.models.control import (
    Entry,
    Evidence,
    GoodsForm,
    Instrument,
    InstrumentKind,
    ListState,
    ListVersion,
    ReferenceCode,
    Suspension,
)
from licensing.models.control_settings import (
    MICRO_PER_CENT,
    AfterSuspension,
    CustomsMeaning,
    Regime,
    Threshold,
    ThresholdRole,
)
from licensing.models.declarations import Declaration, DeclarationState, Door, Reversal
from licensing.models.ledger import Decision, ExportCheck, Movement, MovementKind
from licensing.models.licences import Licence, LicenceKind, LicenceLine, LicenceStatus

__all__ = [
    "MICRO_PER_CENT",
    "AfterSuspension",
    "CustomsMeaning",
    "Decision",
    "Declaration",
    "DeclarationState",
    "Door",
    "Entry",
    "Evidence",
    "ExportCheck",
    "GoodsForm",
    "Instrument",
    "InstrumentKind",
    "Licence",
    "LicenceKind",
    "LicenceLine",
    "LicenceStatus",
    "ListState",
    "ListVersion",
    "Movement",
    "MovementKind",
    "ReferenceCode",
    "Regime",
    "Reversal",
    "Suspension",
    "Threshold",
    "ThresholdRole",
]
