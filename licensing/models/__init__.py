"""What licensing keeps: the control list, applications, licences, their ledger, customs declarations."""

from licensing.models.licences import Licence, LicenceKind, LicenceLine, LicenceStatus

__all__ = ["Licence", "LicenceKind", "LicenceLine", "LicenceStatus"]
