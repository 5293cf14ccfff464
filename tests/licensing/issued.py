"""Licences for the tests, issued as the office issues them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from licensing.domain.terms import LineTerms, Terms
from licensing.models import Licence, LicenceLine
from licensing.services import licences
from portal.accounts.models import Organisation
from portal.core import clock
from portal.core.actors import Actor

OFFICE = Actor.system("office")
CUSTOMS = Actor.system("customs")
MAGNETS = "1C905.a.4"


def line_terms(kg: int = 10, line_no: int = 1, grams: int | None = None, **more: Any) -> LineTerms:
    """Magnets with dysprosium."""
    values: dict[str, Any] = {"control_codes": (MAGNETS,), "hs_code": "8505111000", "description": "Magnets"}
    return LineTerms(line_no=line_no, quantity_g=kg * 1000 if grams is None else grams, **(values | more))


def terms(**more: Any) -> Terms:
    """An individual licence for a year from a month ago, to Rheinmotor in Germany."""
    today = clock.today()
    values: dict[str, Any] = {
        "kind": "individual",
        "issued_on": today - timedelta(days=30),
        "expires_on": today + timedelta(days=335),
        "consignee_name": ("Rheinmotor GmbH",),
        "destinations": ("DE",),
        "tolerance_pct": Decimal(0),
    }
    return Terms(**(values | more))


def licence(
    exporter: Organisation,
    *lines: LineTerms,
    licence_no: str | None = None,
    predecessor: Licence | None = None,
    **more: Any,
) -> Licence:
    """Issued, with 10 kg on one line where nothing else is said."""
    return licences.issue(
        by=OFFICE,
        exporter_id=exporter.pk,
        terms=terms(**more),
        lines=lines or [line_terms()],
        licence_no=licence_no,
        predecessor_id=None if predecessor is None else predecessor.pk,
    )


def line_of(of: Licence, line_no: int = 1) -> LicenceLine:
    """The line as it stands now."""
    return LicenceLine.objects.get(licence=of, line_no=line_no)
