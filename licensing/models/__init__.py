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
from licensing.models.licences import Licence, LicenceKind, LicenceLine, LicenceStatus

__all__ = [
    "MICRO_PER_CENT",
    "AfterSuspension",
    "CustomsMeaning",
    "Entry",
    "Evidence",
    "GoodsForm",
    "Instrument",
    "InstrumentKind",
    "Licence",
    "LicenceKind",
    "LicenceLine",
    "LicenceStatus",
    "ListState",
    "ListVersion",
    "ReferenceCode",
    "Regime",
    "Suspension",
    "Threshold",
    "ThresholdRole",
]
