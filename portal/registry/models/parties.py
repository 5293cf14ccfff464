"""The real parties behind the records of counterparties: who is whom, what is asked of people, what they decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.registry.models.register import Counterparty


class PartyMember(models.Model):
    """One record and the party it stands for. ``party`` is the lowest counterparty number in it; made anew at matching."""

    counterparty = models.OneToOneField(
        Counterparty, models.CASCADE, primary_key=True, related_name="membership"
    )
    party = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.counterparty_id} of {self.party}"


class PartyProposal(models.Model):
    """Two records that are likely one party, and what says so: bits by part of the evidence. Made anew at matching."""

    left = models.ForeignKey(Counterparty, models.CASCADE, related_name="+")
    right = models.ForeignKey(Counterparty, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    bits = models.JSONField(default=dict)
    first_seen = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="party_proposal_once"),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="party_proposal_in_order"),
        ]
        indexes = [models.Index(fields=["-score", "id"])]

    def __str__(self) -> str:
        return f"{self.left_id} ~ {self.right_id}"


class PartyDecision(models.Model):
    """What a person said of two records: one party, or not; with what was known then. It stands until it is undone."""

    left = models.ForeignKey(Counterparty, models.CASCADE, related_name="+")
    right = models.ForeignKey(Counterparty, models.CASCADE, related_name="+")
    same = models.BooleanField()
    reason = models.TextField()
    score = models.PositiveSmallIntegerField(
        null=True
    )  # as it was proposed; empty where a person thought of it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["left", "right"], condition=Q(undone_at=None), name="party_decision_one_in_force"
            ),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="party_decision_in_order"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="party_decision_undone_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} {'=' if self.same else '≠'} {self.right_id}"
