"""``manage.py fence``: draws the second fence in PostgreSQL, as the owner of the tables; may be run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.core import fencing


class Command(BaseCommand):
    help = "Draw the row-level security of PostgreSQL and grant the roles their verbs; nothing on SQLite."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in fencing.draw():
            self.stdout.write(line)
