"""``manage.py reconcile-ledger``: whether every licence's balances are what its movements and declarations say."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from licensing.models import LicenceLine, Movement
from licensing.queries.reconciliation import differences


class Command(BaseCommand):
    help = "Sum the ledger anew. Prints each figure that differs and exits with 1 where there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        found = differences()
        for one in found:
            self.stdout.write(one.line())
        lines, movements = LicenceLine.objects.count(), Movement.objects.count()
        self.stdout.write(f"{lines} lines of licences, {movements} movements, {len(found)} differences")
        if found:
            sys.exit(1)
