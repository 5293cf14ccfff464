"""Work owed to the workers (the outbox) and long work that a person follows (jobs)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outbox(models.Model):
    """One piece of work that was promised in a transaction; done when ``done_at`` is set.

    The request writes the row and never talks to the broker; the relay sends what is owed, again if a worker died.
    """

    task = models.CharField(max_length=80)
    argument = models.BigIntegerField()
    queue = models.CharField(max_length=20, default="default")
    created_at = models.DateTimeField()
    due_at = (
        models.DateTimeField()
    )  # not sent before; pushed on with every sending, so that a lost message is resent
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="outbox_owed")]

    def __str__(self) -> str:
        return f"{self.task}({self.argument})"


class JobState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Job(models.Model):
    """Long work that a person started and follows: state, progress, result."""

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    organisation_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    parameters = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"

    @property
    def percent(self) -> int:
        return 100 if self.state == JobState.DONE else (self.done * 100 // self.total if self.total else 0)

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}


class IdempotentAnswer(models.Model):
    """The answer to a request that came with an ``Idempotency-Key``: sent again, it gets these bytes and acts no more.

    Plain numbers say whose key it is: what is deleted elsewhere takes no answer along.
    """

    organisation_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # of method, address and body
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100, blank=True, default="")
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "user_id", "key"], name="idempotency_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.status}"
