"""Watch lists: parties that are held against those of applications and filings."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WatchEffect(models.TextChoices):
    DENY = "deny", _("no licence")
    NO_GENERAL = "no_general", _("no general licence")
    REVIEW = "review", _("to be looked at")


class WatchEntry(models.Model):
    """A party on a watch list: all its names, and what being on the list means for a licence."""

    list_name = models.CharField(_("list"), max_length=60)
    entry = models.CharField(_("entry"), max_length=40)  # the key in its list
    name = models.CharField(_("name"), max_length=300)
    aliases = models.TextField(_("other names"), blank=True, default="")  # `;`-list
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    id_number = models.CharField(_("identity number"), max_length=60, blank=True, default="")
    reason = models.TextField(_("reason"), blank=True, default="")
    effect = models.CharField(_("effect"), max_length=10, choices=WatchEffect, default=WatchEffect.REVIEW)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)  # the last day

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list_name", "entry"], name="watch_entry_once"),
            models.CheckConstraint(
                condition=models.Q(effect__in=WatchEffect.values), name="watch_effect_known"
            ),
        ]
        verbose_name_plural = "watch entries"

    def __str__(self) -> str:
        return f"{self.list_name} {self.entry}"

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return (self.name, *(alias.strip() for alias in self.aliases.split(";") if alias.strip()))
