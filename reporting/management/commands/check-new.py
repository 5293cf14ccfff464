"""``manage.py check-new CODE NAME``: the file of a new check, to be filled in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.checks import rules
from reporting.checks.core import REGISTRY, every_check

FOLDER = Path(rules.__path__[0])
TEXT = """from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="{code}",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("What is wrong, in five words"),
    message=_("Line %(line_no)s: what is wrong, with its figures."),
    explanation=_("What it means, and why it is asked."),
    remedy=_("How to mend it."),
    legal_basis=("DICTIONARY",),
    per="line",
    needs=("quantity_g",),
    passes=[filing("opening A 10", "sold A 4", "closing A 6")],
    fails=[filing("opening A 10", "sold A 4", "closing A 6")],
)
def {name}(lines: View) -> Broken:
    return lines.quantity_g < 0
"""


class Command(BaseCommand):
    help = "Write the file of a new check; its own examples fail until it is filled in."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="three letters of the family and a number, for example STK009")
        parser.add_argument("name", help="the fault in words, for example opening_stock_negative")

    def handle(self, *args: Any, **options: Any) -> None:
        code, name = options["code"].upper(), options["name"]
        if not re.fullmatch(r"[A-Z]{3}[0-4]\d\d", code) or not re.fullmatch(r"[a-z][a-z0-9_]+", name):
            raise CommandError("Give a code such as STK009 and a name such as opening_stock_negative.")
        every_check()
        if code in REGISTRY:
            raise CommandError(f"{code} is taken by {REGISTRY[code].name}; codes are never reused.")
        path = FOLDER / f"{code.lower()}_{name}.py"
        path.write_text(TEXT.format(code=code, name=name), encoding="utf-8")
        self.stdout.write(
            f"Fill in reporting/checks/rules/{path.name}, then: make test T=tests/reporting/checks"
        )
