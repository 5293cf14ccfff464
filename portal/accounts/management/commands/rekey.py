"""``manage.py rekey``: what is kept encrypted, encrypted with the present SECRET_KEY, before an older one is forgotten."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from portal.accounts.services.rekeying import rekey
from portal.core.actors import Actor


class Command(BaseCommand):
    help = "Encrypt every second factor and every secret of a webhook with the present SECRET_KEY; afterwards SECRET_KEY_FALLBACKS may be emptied."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = rekey(by=Actor.system("rekey"))
            also: int = import_string(settings.REKEYED_TOO)(by=Actor.system("rekey"))
        except InvalidToken as error:
            raise CommandError(
                _(
                    "A secret opens with none of the keys. Give the key it was made with in SECRET_KEY_FALLBACKS."
                )
            ) from error
        self.stdout.write(
            _(
                "%(count)s second factors and %(webhooks)s secrets of webhooks are encrypted with the present key."
            )
            % {"count": count, "webhooks": also}
        )
