"""What the list in force says of what was judged by an earlier one, and of licences that nobody applied for here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from licensing.models.applications import Application
from licensing.models.casework import HitState
from licensing.models.licences import Licence
from portal.accounts.models import Organisation
from portal.registry.models import WatchEntry


class Rejudgement(models.Model):
    """A good of a live application or of a living licence that the list judges otherwise from a day on. Never changed.

    The codes are those that control it: of an application's goods as they classify, of a licence those of its own
    codes that are in force. The latest row of a line holds; without one, what was judged at submission does.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.CASCADE, null=True, related_name="rejudgements")
    licence = models.ForeignKey(Licence, models.CASCADE, null=True, related_name="rejudgements")
    line_no = models.PositiveIntegerField()
    list_version = models.PositiveIntegerField()
    on = models.DateField()
    verdict_before = models.CharField(max_length=20)
    codes_before = models.CharField(max_length=400, blank=True, default="")  # `;`-list
    verdict_after = models.CharField(max_length=20)
    codes_after = models.CharField(max_length=400, blank=True, default="")  # `;`-list
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(application__isnull=False, licence=None)
                | Q(application=None, licence__isnull=False),
                name="rejudgement_of_a_case_or_a_licence",
            ),
        ]
        indexes = [models.Index(fields=["list_version", "on"])]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application_id or self.licence_id}/{self.line_no} by version {self.list_version}"

    @property
    def entries_before(self) -> list[str]:
        """The codes of before, each for itself."""
        return [code for code in self.codes_before.split(";") if code]

    @property
    def entries_after(self) -> list[str]:
        """The codes that control it now."""
        return [code for code in self.codes_after.split(";") if code]


class LicenceHit(models.Model):
    """A party named on a living licence looks like an entry of a watch list; whether it is the same is a person's to say."""

    licence = models.ForeignKey(Licence, models.CASCADE, related_name="hits")
    party = models.CharField(max_length=300)  # as the licence names it
    entry = models.ForeignKey(WatchEntry, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=20)  # a reason of portal.registry.domain.similarity
    name = models.CharField(max_length=300)  # the entry's name that is alike
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=HitState, default=HitState.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licence", "party", "entry"], name="licence_hit_once"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | (~Q(state="open") & Q(decided_at__isnull=False) & ~Q(reason="")),
                name="licence_hit_decided_with_a_reason",
            ),
        ]
        ordering = ["-score", "pk"]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.party} like {self.entry_id}"
