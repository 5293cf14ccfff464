"""The last saves of a draft: what makes a repeated save act once, and tells a stale page what changed."""

from __future__ import annotations

from django.db import models

from reporting.models.filings import Filing


class DraftSave(models.Model):
    """One change of a draft: the revision it made, and which lines it touched (null = any of them).

    ``client`` and ``base`` (the revision the page had seen) with the digest of what was asked find a repetition.
    """

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="saves")
    revision = models.PositiveIntegerField()
    client = models.CharField(max_length=64, blank=True, default="")
    base = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")
    line_nos = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "revision"], name="draft_save_once")]

    def __str__(self) -> str:
        return f"{self.filing_id} r{self.revision}"
