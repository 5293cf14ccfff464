"""``manage.py classify FILE.jsonl``: a classification a line, out as JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from licensing.domain.classification import ControlList, Good
from licensing.forms.goods import read, words_of
from licensing.queries import control_list
from licensing.queries.classification import classify_goods

AT_ONCE = 2_000


class Command(BaseCommand):
    help = (
        "Say of each good in a file of JSON lines whether it is controlled, and why. Lines that cannot be used are told on "
        "standard error and left out; then the exit code is 1. A file named - is standard input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.jsonl")
        parser.add_argument(
            "--on", metavar="YYYY-MM-DD", help="the day to judge by where a good names none (default: today)"
        )
        parser.add_argument("--list", type=int, metavar="N", help="another published version of the list")

    def handle(self, *args: Any, **options: Any) -> None:
        on, version = _day(options["on"]), _version(options["list"])
        self.faulty = 0
        with _opened(options["file"]) as file:
            for goods in _batches(self._goods(options["file"], file)):
                for verdict in classify_goods(goods, on=on, control_list=version):
                    self.stdout.write(json.dumps(verdict.plain(), ensure_ascii=False))
        if self.faulty:
            words = _("%(count)s lines could not be used.") % {"count": self.faulty}
            raise CommandError(words, returncode=1)

    def _goods(self, name: str, file: Iterable[str]) -> Iterator[Good]:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                data = json.loads(line)
            except (ValueError, RecursionError):
                self.stderr.write(f"{name}:{number}: unreadable: {_('The line is no JSON object.')}")
                self.faulty += 1
                continue
            good, unusable = read(data)
            for fault in unusable:
                place = "/".join(map(str, fault.place))
                self.stderr.write(f"{name}:{number}:{place}: {fault.code}: {words_of(fault)}")
            if unusable:
                self.faulty += 1
            else:
                yield good


def _batches(goods: Iterable[Good]) -> Iterator[list[Good]]:
    waiting: list[Good] = []
    for good in goods:
        waiting.append(good)
        if len(waiting) == AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _opened(name: str) -> Any:
    if name == "-":
        return nullcontext(sys.stdin)
    try:
        return Path(name).open(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        words = _("%(file)s cannot be read: %(reason)s") % {"file": name, "reason": error.strerror}
        raise CommandError(words) from error


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(_("Write the day as YYYY-MM-DD.")) from error


def _version(number: int | None) -> ControlList | None:
    if number is None:
        return None
    found = control_list.of_version(number)
    if found is None:
        raise CommandError(_("No version %(number)s of the list is published.") % {"number": number})
    return found
