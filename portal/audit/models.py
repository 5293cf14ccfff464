"""Events are inserted freely; seals chain them afterwards, so that writers never wait for one another."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One thing that was done. Codes and values only; words are made when shown. Never changed, never deleted.

    People, organisations and subjects are plain numbers, so that no deletion elsewhere can reach the trail.
    """

    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60)  # a user's public label or the system's part that acted
    actor_organisation_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True, db_index=True)  # whose trail it belongs to
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class Seal(models.Model):
    """An event's place in the chain: ``digest`` = SHA-256(previous digest + the event's canonical bytes)."""

    sequence = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.sequence}: event {self.event_id}"
