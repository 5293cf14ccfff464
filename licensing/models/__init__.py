"""What licensing keeps: the control list, applications, licences, their ledger, customs declarations."""

from licensing.models.declarations import Declaration, DeclarationState, Door, Reversal
from licensing.models.ledger import Decision, ExportCheck, Movement, MovementKind
from licensing.models.licences import Licence, LicenceKind, LicenceLine, LicenceStatus

__all__ = [
    "Decision",
    "Declaration",
    "DeclarationState",
    "Door",
    "ExportCheck",
    "Licence",
    "LicenceKind",
    "LicenceLine",
    "LicenceStatus",
    "Movement",
    "MovementKind",
    "Reversal",
]
