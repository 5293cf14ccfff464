"""``manage.py translations``: collect the words, see that both catalogues are complete, compile them.

Compiling needs no gettext on the machine; collecting does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

LANGUAGES = ("en", "zh_Hans")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|\{(\w*)\}")
IGNORE = (".venv/*", "var/*", "tests/*", "node_modules/*", "docs/*")


def catalogue_path(language: str) -> Path:
    """Where one language's words are."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def faults(catalogue: polib.POFile) -> Iterator[str]:
    """What keeps a catalogue from being complete: a missing word, a doubtful one, a lost placeholder."""
    for entry in catalogue:
        if entry.obsolete:
            continue
        words = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
        if "fuzzy" in entry.flags or not words or not all(words):
            yield f"no words for {entry.msgid!r}"
            continue
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for word in words:
            if not entry.msgid_plural and set(PLACEHOLDER.findall(word)) != wanted:
                yield f"placeholders differ in {entry.msgid!r}"


class Command(BaseCommand):
    help = "Collect the words to translate, check that both languages are complete, compile them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--collect", action="store_true", help="find the words in code and templates")
        parser.add_argument("--check", action="store_true", help="fail where a word is missing")
        parser.add_argument("--compile", action="store_true", help="write the .mo files")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["collect"]:
            self._collect()
        if options["check"]:
            self._check()
        if options["compile"]:
            for language in LANGUAGES:
                path = catalogue_path(language)
                polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))

    def _collect(self) -> None:
        call_command(
            "makemessages",
            locale=list(LANGUAGES),
            ignore_patterns=list(IGNORE),
            no_location=True,
            no_obsolete=True,
            verbosity=0,
        )
        english = polib.pofile(str(catalogue_path("en")), wrapwidth=110)
        for entry in english:
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
            if entry.msgid_plural:
                entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
            else:
                entry.msgstr = entry.msgid
        english.save()

    def _check(self) -> None:
        found = [
            f"{language}: {fault}"
            for language in LANGUAGES
            for fault in faults(polib.pofile(str(catalogue_path(language))))
        ]
        if found:
            raise CommandError("\n".join([*found[:40], f"{len(found)} words want mending in locale/."]))
