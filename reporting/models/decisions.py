"""What officers decided about filings and findings, and why: kept for good, one row a decision."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reporting.models.filings import Filing
from reporting.models.findings import Finding


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    RETURNED = "returned", _("returned")
    EXPLAINED = "explained", _("explained")
    DISMISSED = "dismissed", _("dismissed")
    CONFIRMED = "confirmed", _("confirmed")
    REOPENED = "reopened", _("opened again")


class Decision(models.Model):
    """One decision about one filing or one finding. Its reason is the regulator's own: no organisation's trail has it."""

    filing = models.ForeignKey(Filing, models.PROTECT, null=True, related_name="decisions")
    finding = models.ForeignKey(Finding, models.CASCADE, null=True, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.TextField(blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(filing__isnull=False, finding=None) | Q(filing=None, finding__isnull=False),
                name="decision_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.filing_id or self.finding_id}"
