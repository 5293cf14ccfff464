"""Small, plain makers of what tests need; every value that matters is the test's to give."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import connection

from portal.accounts.models import Membership, Organisation, User
from portal.core import clock
from portal.core.months import Month
from portal.core.quantities import parse_quantity
from portal.registry.models import Counterparty, Product
from reporting.models import Filing, Kind, Line

PASSWORD = "correct-horse-battery-7"
AURORA_USCC = "91330201MADFQE5E01"
BOREALIS_USCC = "911500001141243517"


def organisation(
    uscc: str | None = AURORA_USCC, name_en: str = "Aurora Magnets", **fields: Any
) -> Organisation:
    """An active enterprise that reports from January 2026."""
    fields.setdefault("reports_from", Month.parse("2026-01") if uscc else None)
    return Organisation.objects.create(uscc=uscc, name_en=name_en, **fields)


def user(username: str, *memberships: tuple[Organisation, str], **fields: Any) -> User:
    """An account with the roles given."""
    email = fields.pop("email", f"{username}@example.test")
    person = User.objects.create_user(username, email, PASSWORD, first_name=username.capitalize(), **fields)
    moment = clock.now()
    for where, role in memberships:
        Membership.objects.create(user=person, organisation=where, role=role, granted_at=moment)
    return person


def product(of: Organisation, code: str = "P-01", **fields: Any) -> Product:
    """A sintered magnet of the organisation's catalogue."""
    values: dict[str, Any] = {
        "name": "Sintered magnet N42SH",
        "stage": "magnet",
        "family": "ndfeb",
        "hs_code": "8505111000",
        "nd_pct": "23.5",
        "pr_pct": "6.1",
        "dy_pct": "1.2",
        "tb_pct": "0",
    }
    return Product.objects.create(organisation=of, code=code, **(values | fields))


def counterparty(of: Organisation, code: str = "C-01", **fields: Any) -> Counterparty:
    """A client in Germany."""
    values: dict[str, Any] = {"name": "Rheinmotor GmbH", "country": "DE", "end_use": "electric motors"}
    return Counterparty.objects.create(organisation=of, code=code, **(values | fields))


def filing(of: Organisation, period: str = "2026-05", **fields: Any) -> Filing:
    """A draft."""
    moment = clock.now()
    return Filing.objects.create(
        organisation=of, period=Month.parse(period), **({"created_at": moment, "saved_at": moment} | fields)
    )


def line(
    of: Filing, line_no: int, kind: Kind, thing: Product, kg: str, cny: str | None = None, **fields: Any
) -> Line:
    """One line; quantities as typed."""
    quantity = parse_quantity(kg)
    value = parse_quantity(cny, 2) if cny is not None else None
    return Line.objects.create(
        filing=of,
        line_no=line_no,
        kind=kind,
        product=thing,
        quantity_g=quantity.units,
        quantity_dp=quantity.decimals,
        value_fen=value.units if value else None,
        value_dp=value.decimals if value else None,
        **fields,
    )


def control_list() -> None:
    """The elements and version 1 of the list, where a test that commits was before and emptied the tables."""
    editor = SimpleNamespace(connection=connection)
    import_module("portal.registry.migrations.0002_elements").load(apps, editor)
    import_module("licensing.migrations.0003_list_guards_and_first_version").load(apps, editor)
