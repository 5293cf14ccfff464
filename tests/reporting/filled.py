"""A filing of trade in magnets that the checks find nothing in, ready to be signed."""

from __future__ import annotations

import time

from django.test import Client

from portal.accounts.models import Organisation, User
from portal.core import clock
from portal.core.months import Month
from portal.registry.models import Counterparty, Product
from reporting.models import Filing, FilingStatus, Kind
from tests import factories

SUPPLIER = {"name": "Northern Alloys", "country": "CN", "id_type": "USCC", "id_number": "91110000600037341L"}
CLIENT = {"name": "Southern Motors", "country": "CN", "id_type": "USCC", "id_number": "91440300708461136T"}


def party(of: Organisation, code: str, **values: str) -> Counterparty:
    """The counterparty of this code, made if it is not there."""
    found = Counterparty.objects.filter(organisation=of, code=code).first()
    return found or factories.counterparty(of, code, end_use="", **values)


def filled(of: Organisation, period: str = "2026-01", *, by: User | None = None, **fields: object) -> Filing:
    """Bought 100 kg, sold 60, the rest in stock; with ``by`` it was handed over by that person."""
    month = Month.parse(period)
    magnet = Product.objects.filter(organisation=of).first() or factories.product(of)
    filing = factories.filing(of, period, line_count=4, **fields)
    bought = {"counterparty": party(of, "S-01", **SUPPLIER), "date": month.first, "invoice_no": f"A-{period}"}
    sold = {"counterparty": party(of, "C-01", **CLIENT), "date": month.last, "invoice_no": f"B-{period}"}
    factories.line(filing, 1, Kind.OPENING, magnet, "0")
    factories.line(filing, 2, Kind.PURCHASED, magnet, "100.0", "30000.00", **bought)
    factories.line(filing, 3, Kind.SOLD, magnet, "60.0", "19800.00", **sold)
    factories.line(filing, 4, Kind.CLOSING, magnet, "40.0")
    if by is not None:
        handed_over(filing, by)
    return filing


def handed_over(filing: Filing, by: User) -> Filing:
    """The preparer passes it to the certifier."""
    filing.status, filing.prepared_by, filing.handed_over_at = FilingStatus.HANDED_OVER, by, clock.now()
    filing.save()
    return filing


def puzzling(filing: Filing) -> None:
    """The client's identity number fails its check digit: a warning, to be explained."""
    Counterparty.objects.filter(organisation=filing.organisation, code="C-01").update(
        id_number="914403007084611360"
    )


def just_signed_in(person: User) -> Client:
    """A session of somebody who gave the password a moment ago: signing asks for that."""
    client = Client()
    client.force_login(person)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client
