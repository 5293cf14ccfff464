"""``manage.py token create``: a token of the API for a person, shown once. For whoever runs the machine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.models import User
from portal.accounts.queries import actor_of, organisations_of
from portal.accounts.scopes import SCOPES
from portal.accounts.services import tokens
from portal.core.actors import Actor
from portal.core.errors import Refused


class Command(BaseCommand):
    help = "Make a token of the API for a person; it is printed once and kept nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="make a token and print it")
        create.add_argument("--user", required=True, help="user name")
        create.add_argument(
            "--scopes",
            required=True,
            nargs="+",
            help=f"any of: {' '.join(SCOPES)} (also separated by commas)",
        )
        create.add_argument(
            "--expires", type=int, default=30, metavar="DAYS", help="days it lives (default 30)"
        )
        create.add_argument(
            "--organisation", metavar="USCC", help="where the person has roles in more than one"
        )
        create.add_argument(
            "--sandbox", action="store_true", help="for trying out: what it files is never real"
        )
        create.add_argument("--name", default="made by command", help="what it is used for")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = self._owner(options["user"], options["organisation"])
        scopes = [code for word in options["scopes"] for code in word.split(",") if code]
        unknown = sorted(set(scopes) - set(SCOPES))
        if unknown:
            raise CommandError(f"There is no scope {', '.join(unknown)}. There are: {', '.join(SCOPES)}.")
        try:
            _token, secret = tokens.create(
                by=Actor.system("token command"),
                owner=owner,
                name=options["name"][:60],
                scopes=scopes,
                days=options["expires"],
                sandbox=options["sandbox"],
            )
        except Refused as refusal:
            raise CommandError(refusal.words()) from refusal
        self.stdout.write(secret)

    def _owner(self, username: str, uscc: str | None) -> Actor:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account {username}.")
        places = [place for place in organisations_of(user) if uscc in {None, place.uscc}]
        if len(places) != 1:
            raise CommandError(
                f"{username} holds roles in {len(places)} organisations. Say which one with --organisation USCC."
                if places
                else f"{username} holds no role there."
            )
        return actor_of(user, places[0].pk)
