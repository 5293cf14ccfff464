"""``manage.py demonstrate``: a made-up nation, checked, with an account for each role; once made it stays."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, QuerySet

from portal.accounts import demonstration
from portal.accounts.models import Organisation, User
from portal.accounts.roles import ROLES, Kind
from portal.accounts.services.demonstration import create_demonstration_people
from portal.audit.services.sealing import seal_events
from portal.core.actors import Actor
from portal.registry.services.parties import match
from portal.simulation.services.licence_cases import make_licence_cases
from reporting.checks.core import Queue
from reporting.models import Finding

SEED = 2026


class Command(BaseCommand):
    help = "Make up a nation of about 40 enterprises, a few of which cheat, with two years of filings, and accounts for each role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--enterprises", type=int, default=40)
        parser.add_argument("--months", type=int, default=24)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Only LODESTONE_MODE=demonstration makes up a nation.")
        if not User.objects.filter(username=demonstration.PEOPLE[0].username).exists():
            self.stdout.write("Making up a nation and checking two years of its filings; this happens once …")
            self._make(options["enterprises"], options["months"])
        self._introduce()

    def _make(self, enterprises: int, months: int) -> None:
        with tempfile.TemporaryDirectory(prefix="lodestone-nation-") as folder:
            size = {
                "seed": SEED,
                "enterprises": enterprises,
                "months": months,
                "open_last": True,
                "planted": 1,
            }
            call_command("simulate", out=Path(folder), verbosity=0, stdout=self.stdout, **size)
            call_command("load", folder, verbosity=0, stdout=self.stdout)
        call_command("sweep", verbosity=0, stdout=self.stdout)
        match(by=Actor.system("demonstration"))
        maker = _producer("alloy;magnet;exporter", "magnet")
        create_demonstration_people(
            by=Actor.system("demonstration"),
            maker=maker,
            supplier=_producer("metal"),
            office=_office(Kind.REGULATOR, "Rare Earth Administration", "稀土管理办公室"),
            customs=_office(Kind.CUSTOMS, "Customs Administration", "海关"),
        )
        make_licence_cases(maker=maker)
        seal_events()  # what was done on days gone by; the sealer of every minute looks at the last ones alone

    def _introduce(self) -> None:
        self.stdout.write(
            f"\nAccounts of the demonstration (password {demonstration.PASSWORD}; codes on the sign-in page):"
        )
        for person in demonstration.PEOPLE:
            roles = ", ".join(str(ROLES[code].name) for code in person.roles)
            self.stdout.write(f"  {person.username:<16} {roles}")


def _office(kind: Kind, name_en: str, name_zh: str) -> Organisation:
    office, _ = Organisation.objects.get_or_create(
        kind=kind, defaults={"name_en": name_en, "name_zh": name_zh}
    )
    return office


def _producer(*trades: str) -> Organisation:
    """A producer of the first of these trades that the nation has, with a past that nobody looks into, and the last month still
    to be filed.
    """
    found = next((one for one in map(_producer_of, trades) if one is not None), None)
    if found is None:
        raise CommandError(f"The nation has no producer of this trade: {trades[-1]}")
    return found


def _producer_of(trade: str) -> Organisation | None:
    producers: QuerySet[Organisation] = Organisation.objects.filter(
        kind=Kind.ENTERPRISE, activities__contains=trade, reports_from__isnull=False
    ).exclude(pk__in=Finding.objects.filter(queue=Queue.CASE).values("organisation"))
    unmet = (
        producers.filter(obligations__submitted_at=None)
        .annotate(unmet=Count("obligations"))
        .order_by("unmet", "pk")
    )
    return unmet.first() or producers.order_by("pk").first()
