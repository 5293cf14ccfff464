"""The ledger: every movement of a licence's grams, written once and never changed; the answers that customs was given."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from licensing.domain.ledger import POSTINGS, Account
from licensing.domain.ledger import MovementKind as Kinds
from licensing.models.licences import Licence, LicenceLine
from portal.accounts.models import Organisation


class MovementKind(models.TextChoices):
    AUTHORISE = Kinds.AUTHORISE.value, _("authorised")
    RESERVE = Kinds.RESERVE.value, _("reserved")
    RELEASE = Kinds.RELEASE.value, _("released")
    DRAW = Kinds.DRAW.value, _("drawn")
    REVERSE = Kinds.REVERSE.value, _("reversed")
    ADJUST = Kinds.ADJUST.value, _("adjusted")
    CARRY = Kinds.CARRY.value, _("carried over")


def _postings() -> Q:
    """The pairs of accounts that each kind may post."""
    known = Q()
    for kind, pairs in sorted(POSTINGS.items()):
        for source, target in sorted(pairs):
            known |= Q(kind=str(kind), source=str(source), target=str(target))
    return known


class Movement(models.Model):
    """Grams that went from one account of a line to another, and the balances after it. Never changed, never deleted.

    ``sequence`` counts a line's movements from 1; each continues the one before, so the last one's balances are the
    sum of all. The database holds this, and that the line's own balances are those of its last movement.
    """

    line = models.ForeignKey(LicenceLine, models.PROTECT, related_name="movements")
    sequence = models.PositiveIntegerField()
    key = models.CharField(max_length=200, unique=True)  # whoever asks twice with one key moves once
    kind = models.CharField(max_length=10, choices=MovementKind)
    source = models.CharField(max_length=10)
    target = models.CharField(max_length=10)
    grams = models.BigIntegerField()
    authorised_after = models.BigIntegerField()
    reserved_after = models.BigIntegerField()
    drawn_after = models.BigIntegerField()
    carried_after = models.BigIntegerField()
    cause = models.CharField(max_length=30)  # a code: by what the movement came about
    declaration_no = models.CharField(max_length=60, blank=True, default="")
    item_no = models.PositiveIntegerField(null=True)
    day = models.DateField()  # the customs day of a declaration, else the day it was written
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "sequence"], name="movement_sequence_once"),
            models.CheckConstraint(condition=Q(grams__gt=0), name="movement_moves_something"),
            models.CheckConstraint(condition=_postings(), name="movement_posts_what_its_kind_may"),
            models.CheckConstraint(
                condition=Q(declaration_no="", item_no=None) | (~Q(declaration_no="") & Q(item_no__gt=0)),
                name="movement_declaration_paired",
            ),
            models.CheckConstraint(
                condition=Q(authorised_after__gte=0)
                & Q(reserved_after__gte=0)
                & Q(drawn_after__gte=0)
                & Q(carried_after__gte=0),
                name="movement_leaves_nothing_below_zero",
            ),
        ]
        indexes = [models.Index(fields=["declaration_no", "item_no"])]
        ordering = ["line_id", "sequence"]

    def __str__(self) -> str:
        return f"{self.line_id}.{self.sequence} {self.kind} {self.grams}"

    @property
    def signed_g(self) -> int:
        """What it did to the balance that may still be used: below zero where it took."""
        if self.target == Account.AVAILABLE:
            return self.grams
        return -self.grams if self.source == Account.AVAILABLE else 0


class Decision(models.TextChoices):
    PERMIT = "permit", _("permit")
    HOLD = "hold", _("hold")
    DENY = "deny", _("deny")


class ExportCheck(models.Model):
    """A question whether goods may leave, as it was asked, and the answer that was given. Never changed."""

    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="export_checks_asked")
    exporter = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="export_checks"
    )  # empty: the portal knows no such enterprise
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="export_checks")
    declaration_no = models.CharField(_("declaration"), max_length=60, blank=True, default="")
    item_no = models.PositiveIntegerField(_("item"), null=True)
    dry_run = models.BooleanField(_("rehearsal"), default=False)
    decision = models.CharField(_("decision"), max_length=6, choices=Decision)
    reasons = models.CharField(max_length=300, blank=True, default="")  # `;`-list of codes
    request = models.JSONField()
    answer = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values), name="export_check_decision_known"
            ),
            models.CheckConstraint(
                condition=Q(decision="permit") | ~Q(reasons=""), name="export_check_says_why_not"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "-id"]),
            models.Index(fields=["declaration_no", "item_no"]),
            models.Index(F("licence"), F("id").desc(), name="export_check_of_licence"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.decision}"

    @property
    def reason_codes(self) -> list[str]:
        """Why it was not permitted, or what to look at."""
        return [code for code in self.reasons.split(";") if code]
