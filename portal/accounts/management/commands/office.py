"""``manage.py office``: the regulator's office, or that of customs, and its first administrator, on a new installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.accounts.models import Membership, Organisation, User
from portal.accounts.roles import Kind
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor

FIRST = {Kind.REGULATOR.value: "administrator", Kind.CUSTOMS.value: "customs_administrator"}


class Command(BaseCommand):
    help = (
        "Make the regulator's office, or with --kind customs that of customs, and give its first administrator; "
        "the others are invited in the portal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the office's English name")
        parser.add_argument("--name-zh", default="", help="the office's Chinese name")
        parser.add_argument("--kind", choices=sorted(FIRST), default="regulator", help="whose office it is")
        parser.add_argument("--administrator", required=True, help="user name of an existing account")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["administrator"]).first()
        if user is None:
            raise CommandError("There is no such account: make it first with manage.py createsuperuser.")
        kind = Kind(options["kind"])
        if Organisation.objects.filter(kind=kind).exists():
            raise CommandError(
                "The office is there already; its administrators invite further ones on the page People."
            )
        names = {"name_en": options["name"], "name_zh": options["name_zh"]}
        office = Organisation.objects.create(kind=kind, **names)
        Membership.objects.create(user=user, organisation=office, role=FIRST[kind], granted_at=clock.now())
        record(
            "office.made",
            by=Actor.system("office"),
            organisation_id=office.pk,
            subject=("organisation", office.pk),
        )
        self.stdout.write(
            f"{user.username} administers {office.name}; the first sign-in asks for a second factor."
        )
