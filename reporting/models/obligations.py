"""What is due from whom, until when, and the extensions of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.core.fields import MonthField


class Obligation(models.Model):
    """One organisation's duty to file one month.

    ``submitted_at`` is that of the first version that was not withdrawn: amendments never move it.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="obligations")
    period = MonthField(_("reporting month"))
    due_on = models.DateField(_("due"))  # rolled to a working day, before any extension
    due_at = models.DateTimeField()  # 24:00 Beijing time of the day that counts, extension included
    submitted_at = models.DateTimeField(null=True)
    nil = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "period"], name="obligation_once")]
        indexes = [
            models.Index(fields=["period", "due_at", "id"], name="obligation_of_month"),
            models.Index(fields=["due_at"], condition=Q(submitted_at=None), name="obligation_unmet"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.period}"


class ExtensionState(models.TextChoices):
    ASKED = "asked", _("asked for")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")


class Extension(models.Model):
    """A later due day for one organisation and month, or for everybody (an outage)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="extensions")
    period = MonthField(_("reporting month"))
    until = models.DateField(_("until"))
    reason = models.TextField(_("reason"))
    state = models.CharField(max_length=10, choices=ExtensionState, default=ExtensionState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None)
                | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="extension_decision_paired",
            ),
            models.UniqueConstraint(
                fields=["organisation", "period"], condition=Q(state="asked"), name="extension_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id or 'all'} {self.period} until {self.until}"
