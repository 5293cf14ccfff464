"""Customs records of exports: each item draws a licence once, or says why it did not."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from licensing import states
from licensing.models.licences import Licence, LicenceLine
from portal.accounts.models import Organisation


class Door(models.TextChoices):
    """By which way a record came."""

    CHECK = "check", _("export check")
    API = "api", _("declarations endpoint")
    PAGE = "page", _("customs page")
    BATCH = "batch", _("batch file")
    LOAD = "load", _("bulk load")


class DeclarationState(models.TextChoices):
    DRAWN = states.DeclarationState.DRAWN.value, _("drawn")
    FREE = states.DeclarationState.FREE.value, _("no licence presented")  # nothing to draw
    REFUSED = states.DeclarationState.REFUSED.value, _("not drawn")  # it left, and no licence could be drawn
    REVERSED = states.DeclarationState.REVERSED.value, _("reversed")


class Declaration(models.Model):
    """One item of a customs declaration, as declared. The customs quantity and day govern the ledger."""

    declaration_no = models.CharField(_("declaration"), max_length=60)
    item_no = models.PositiveIntegerField(_("item"))
    declared_on = models.DateField(_("declared on"))
    exporter = models.ForeignKey(Organisation, models.PROTECT, related_name="declarations")
    licence_no = models.CharField(
        _("licence number"), max_length=60, blank=True, default=""
    )  # as presented, right or wrong
    licence_line_no = models.PositiveIntegerField(_("line"), null=True)
    hs_code = models.CharField(_("HS code"), max_length=10, blank=True, default="")
    description = models.TextField(_("goods"), blank=True, default="")
    quantity_g = models.BigIntegerField(null=True)
    quantity_dp = models.SmallIntegerField(default=0)
    value_fen = models.BigIntegerField(null=True)
    value_dp = models.SmallIntegerField(default=0)
    destination = models.CharField(_("destination"), max_length=2, blank=True, default="")
    consignee_name = models.TextField(_("consignee"), blank=True, default="")

    state = models.CharField(_("state"), max_length=10, choices=DeclarationState)
    reason = models.CharField(max_length=30, blank=True, default="")  # why nothing was drawn: a code
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="declarations")
    line = models.ForeignKey(
        LicenceLine, models.PROTECT, null=True, related_name="declarations"
    )  # the line that it drew
    door = models.CharField(max_length=6, choices=Door)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["declaration_no", "item_no"], name="declaration_item_once"),
            models.CheckConstraint(condition=~Q(declaration_no=""), name="declaration_has_a_number"),
            models.CheckConstraint(
                condition=Q(state__in=DeclarationState.values), name="declaration_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="drawn") | (Q(line__isnull=False) & Q(reason="")),
                name="declaration_drawn_names_its_line",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="declaration_refused_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["exporter", "declared_on"]),
            models.Index(fields=["licence", "declared_on"]),
        ]
        ordering = ["declared_on", "declaration_no", "item_no"]

    def __str__(self) -> str:
        return f"{self.declaration_no}/{self.item_no}"


class Reversal(models.Model):
    """Customs took an item back. Kept also where it came before its draw, which then draws nothing."""

    declaration_no = models.CharField(max_length=60)
    item_no = models.PositiveIntegerField()
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["declaration_no", "item_no"], name="reversal_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.declaration_no}/{self.item_no}"
