"""What the checks found, and what people made of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.core.fields import MonthField
from portal.registry.models import Counterparty
from reporting import states
from reporting.models.filings import Filing


class FindingState(models.TextChoices):
    OPEN = states.FindingState.OPEN.value, _("open")
    ASKED = states.FindingState.ASKED.value, _("asked")
    EXPLAINED = states.FindingState.EXPLAINED.value, _("explained")
    DISMISSED = states.FindingState.DISMISSED.value, _("dismissed")
    CONFIRMED = states.FindingState.CONFIRMED.value, _("confirmed")
    CLOSED = states.FindingState.CLOSED.value, _("mended")


class Severity(models.TextChoices):
    ERROR = "error", _("error")
    WARNING = "warning", _("warning")
    NOTICE = "notice", _("notice")


class Queue(models.TextChoices):
    BLOCK = "block", _("to be mended")
    QUERY = "query", _("to be asked")
    CASE = "case", _("worth an officer's time")


class Finding(models.Model):
    """One fault of one organisation and month. Codes and values only; words are made when shown.

    ``fingerprint`` is stable: a second sweep finds the same row, a mended fault closes it, and what a person decided
    stays until ``figures_digest`` changes.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    figures_digest = models.CharField(max_length=64)
    check_code = models.CharField(max_length=6)
    severity = models.CharField(max_length=8, choices=Severity)
    queue = models.CharField(max_length=6, choices=Queue)
    case = models.CharField(max_length=40, blank=True, default="")
    score = models.PositiveSmallIntegerField(default=0)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="findings")
    period = MonthField(_("reporting month"))
    first_period = MonthField()
    anchor = MonthField(null=True)  # the month that names it, where that is not the reporting month
    filing = models.ForeignKey(Filing, models.SET_NULL, null=True, related_name="findings")
    line_nos = models.JSONField(default=list)
    counterparty = models.ForeignKey(Counterparty, models.SET_NULL, null=True, related_name="+")
    other_organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")
    licence_no = models.CharField(max_length=60, blank=True, default="")
    declaration_no = models.CharField(max_length=60, blank=True, default="")
    subject = models.CharField(max_length=120)
    values = models.JSONField(default=dict)  # fills the message
    evidence = models.JSONField(default=dict)  # the figures it rests on
    state = models.CharField(max_length=10, choices=FindingState, default=FindingState.OPEN)
    first_seen = models.DateTimeField()
    last_changed = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(score__lte=100), name="finding_score_to_100")
        ]
        indexes = [
            models.Index(fields=["organisation", "period"]),
            models.Index(fields=["state", "-score", "id"]),
            models.Index(fields=["check_code", "state"]),
            models.Index(fields=["-first_seen", "id"], name="finding_newest"),
            models.Index(fields=["period", "state"], name="finding_of_month"),
        ]

    def __str__(self) -> str:
        return f"{self.check_code} {self.organisation_id} {self.period}"


class SavedView(models.Model):
    """A reviewer's own filter of a list, kept under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    listing = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "listing", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
