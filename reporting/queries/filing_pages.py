"""What the pages of a filing show: faults with their places, balances in words, versions and the next thing to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from portal.core.figures import format_quantity
from portal.core.quantities import KG_PLACES
from reporting.models import Filing, FilingStatus
from reporting.queries.balances import Balances
from reporting.queries.line_words import column_label
from reporting.queries.wording import message_of, title_of

FAULTS_SHOWN = 100
LOST_AT_MOST_PCT = (
    12.0  # grinding and melting keep or lose so much of an element in a month; scrap is a product
)
GAINED_AT_MOST_PCT = 3.0  # the laboratory's uncertainty, several products together


@dataclass(frozen=True)
class ShownFault:
    """A fault as a page lists it."""

    code: str
    severity: str
    title: str
    message: str
    url: str
    line_no: int | None
    column: str
    column_label: str
    line_url: str
    subject: str
    explanation: str
    open_warning: bool

    @property
    def explained(self) -> bool:
        return bool(self.explanation)

    def as_json(self) -> dict[str, Any]:
        """As the grid takes it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "line_no": self.line_no,
            "column": self.column or None,
            "message": self.message,
            "url": self.url,
            "explained": self.explained,
        }


def shown_faults(filing: Filing, faults: Iterable[Any]) -> list[ShownFault]:
    """The faults of a filing in the reader's language, in the order given."""
    editing = reverse("filing_edit", args=[filing.pk])
    pages: dict[str, str] = {}
    return [
        ShownFault(
            code=fault.code,
            severity=fault.severity,
            title=title_of(fault.code),
            message=message_of(fault.code, fault.values),
            url=pages.setdefault(fault.code, fault.url),
            line_no=fault.line_no,
            column=fault.column or "",
            column_label=column_label(fault.column) if fault.column else "",
            line_url=f"{editing}?line={fault.line_no}#line-{fault.line_no}" if fault.line_no else "",
            subject=fault.subject,
            explanation=fault.explained or "",
            open_warning=fault.needs_explanation,
        )
        for fault in faults
    ]


@dataclass(frozen=True)
class FaultCounts:
    """How many stand in the way, and how many there are."""

    errors: int
    warnings: int  # not explained yet
    all: int

    @property
    def blocking(self) -> int:
        return self.errors + self.warnings


def count_faults(faults: Sequence[ShownFault]) -> FaultCounts:
    """Errors, warnings that wait for an explanation, and all."""
    errors = sum(fault.severity == "error" for fault in faults)
    return FaultCounts(errors, sum(fault.open_warning for fault in faults), len(faults))


def balances_in_words(balances: Balances) -> dict[str, Any]:
    """Stock of each product and mass of each element; ``text`` says what is off, and is empty where nothing is."""
    products = [
        {
            "code": row.code,
            "name": row.name,
            "in": _kg(row.opening_g + row.in_g),
            "out": _kg(row.out_g + row.closing_g),
            "difference": _kg(row.difference_g),
            "text": "" if row.state == "balanced" else _off(row.difference_g, row.code),
        }
        for row in balances.products
    ]
    elements = [
        {
            "symbol": row.symbol.capitalize(),
            "in": number_format(Decimal(row.in_kg), use_l10n=True, force_grouping=True),
            "out": number_format(Decimal(row.out_kg), use_l10n=True, force_grouping=True),
            "text": _off_element(row.difference_kg, row.symbol) if _is_off(row.share_pct) else "",
        }
        for row in balances.elements
    ]
    off = any(row["text"] for row in (*products, *elements))
    return {"products": products, "elements": elements, "off": off}


def _is_off(share_pct: float) -> bool:
    """More than a process usually keeps or loses in a month; contents are estimates, so a little is no news."""
    return share_pct > LOST_AT_MOST_PCT or share_pct < -GAINED_AT_MOST_PCT


def _kg(grams: int) -> str:
    return format_quantity(grams, KG_PLACES, 0)


def _off(grams: int, code: str) -> str:
    values = {"quantity": _kg(abs(grams)), "product": code}
    if grams > 0:
        return _("%(quantity)s kg of %(product)s unaccounted for") % values
    return _("%(quantity)s kg of %(product)s more went out than there was") % values


def _off_element(kilograms: str, symbol: str) -> str:
    shown = number_format(Decimal(kilograms.lstrip("-")), use_l10n=True, force_grouping=True)
    values = {"quantity": shown, "element": symbol.capitalize()}
    if kilograms.startswith("-"):
        return _("%(quantity)s kg of %(element)s more went out than there was") % values
    return _("%(quantity)s kg of %(element)s unaccounted for") % values


def badge_code(filing: Filing, newest_filed: int | None = None) -> str:
    """The state of a version as its badge names it; a filed one that an amendment replaced says so."""
    if filing.status == FilingStatus.HANDED_OVER:
        return "ready"
    if filing.is_filed and newest_filed is not None and filing.version < newest_filed:
        return "superseded"
    return str(filing.status)


def newest_filed(versions: Iterable[Filing]) -> int | None:
    """The version number in force among the versions of one month."""
    return max((version.version for version in versions if version.is_filed), default=None)
