"""A sweep of all checks over many months: one row, and the shards that workers claim."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.fields import MonthField


class SweepState(models.TextChoices):
    RUNNING = "running", _("running")
    DONE = "done", _("done")


class Sweep(models.Model):
    """All checks over a span of months as of one instant; closed by whoever finishes the last shard."""

    from_period = MonthField()
    to_period = MonthField()
    as_of = models.DateTimeField()
    cause = models.CharField(max_length=20, default="command")  # command, night, page
    state = models.CharField(max_length=10, choices=SweepState, default=SweepState.RUNNING)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    shard_count = models.PositiveIntegerField(default=0)
    filings = models.PositiveIntegerField(default=0)
    lines = models.PositiveBigIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"sweep {self.pk} {self.from_period}..{self.to_period}"


class ShardState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    CLAIMED = "claimed", _("claimed")
    DONE = "done", _("done")


class SweepShard(models.Model):
    """Some organisations' filings of the whole span, never splitting one, and what the nation needs of them; number 0 is
    the nation, once those are done."""

    NATION = 0

    sweep = models.ForeignKey(Sweep, models.CASCADE, related_name="shards")
    number = models.PositiveIntegerField()
    organisation_ids = models.JSONField()
    state = models.CharField(max_length=10, choices=ShardState, default=ShardState.WAITING)
    claimed_by = models.CharField(max_length=80, blank=True, default="")
    claimed_until = models.DateTimeField(
        null=True
    )  # a claim not renewed by then is free again: the worker is dead
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    gathered = models.BinaryField(null=True)  # for the nation; until the sweep is over
    norms = models.JSONField(null=True)  # what was usual in the nation; of the last sweep alone

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sweep", "number"], name="shard_once")]
        indexes = [models.Index(fields=["sweep", "state"])]

    def __str__(self) -> str:
        return f"{self.sweep_id}/{self.number}"
