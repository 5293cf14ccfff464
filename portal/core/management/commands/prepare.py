"""``manage.py prepare``: everything that must stand before the portal answers; quick where it stands already."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.core.management.commands.translations import LANGUAGES, catalogue_path


class Command(BaseCommand):
    help = "Migrate, compile the words, gather static files and, in a demonstration, make up the nation."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for language in LANGUAGES:
            words, compiled = catalogue_path(language), catalogue_path(language).with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < words.stat().st_mtime:
                call_command("translations", compile=True)
                break
        call_command("migrate", verbosity=0, interactive=False)
        if not settings.REDIS_URL:
            call_command("createcachetable", verbosity=0)
        call_command("fence")
        call_command("collectstatic", verbosity=0, interactive=False)
        if settings.DEMONSTRATION:
            call_command("demonstrate")
        self.stdout.write(f"\nLodestone answers on {settings.PUBLIC_URL} (Ctrl-C stops it)\n")
