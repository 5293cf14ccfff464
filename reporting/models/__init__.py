"""The tables of monthly reporting, one file a noun."""

from reporting.models.decisions import Decision, Verdict
from reporting.models.filed import FiledParty, FiledProduct, FiledSource
from reporting.models.filings import Explanation, Filing, FilingStatus, Kind, Line, Upload
from reporting.models.findings import Finding, FindingState, SavedView
from reporting.models.obligations import Extension, ExtensionState, Obligation
from reporting.models.references import Invoice, InvoiceStatus, Quota, ReferencePrice
from reporting.models.saves import DraftSave
from reporting.models.sweeps import ShardState, Sweep, SweepShard, SweepState

__all__ = [
    "Decision",
    "DraftSave",
    "Explanation",
    "Extension",
    "ExtensionState",
    "FiledParty",
    "FiledProduct",
    "FiledSource",
    "Filing",
    "FilingStatus",
    "Finding",
    "FindingState",
    "Invoice",
    "InvoiceStatus",
    "Kind",
    "Line",
    "Obligation",
    "Quota",
    "ReferencePrice",
    "SavedView",
    "ShardState",
    "Sweep",
    "SweepShard",
    "SweepState",
    "Upload",
    "Verdict",
]
