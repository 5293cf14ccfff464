"""What filings are held against: quotas, price bands, and the tax authority's invoices. Loaded, never typed here."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.core.fields import MonthField


class Quota(models.Model):
    """What an organisation may mine or separate in a year, in kg of rare earth oxide."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="quotas")
    year = models.PositiveSmallIntegerField()
    stage = models.CharField(
        max_length=11, choices=[("concentrate", _("mining")), ("oxide", _("separation"))]
    )
    quantity_g = models.BigIntegerField()
    quantity_dp = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "year", "stage"], name="quota_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year} {self.stage}"


class ReferencePrice(models.Model):
    """The band of prices seen in a month for a kind of goods, ex VAT."""

    period = MonthField()
    stage = models.CharField(max_length=20)
    family = models.CharField(max_length=10, blank=True, default="")
    main_element = models.CharField(max_length=2, blank=True, default="")
    market = models.CharField(max_length=6, default="home")
    low_fen = models.BigIntegerField()
    low_dp = models.PositiveSmallIntegerField(default=2)
    high_fen = models.BigIntegerField()
    high_dp = models.PositiveSmallIntegerField(default=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "stage", "family", "main_element", "market"], name="reference_price_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.stage} {self.family or self.main_element} {self.market}"


class InvoiceStatus(models.TextChoices):
    ISSUED = "issued", _("issued")
    VOIDED = "voided", _("voided")
    RED = "red", _("correction or return")


class Invoice(models.Model):
    """A special VAT invoice as the tax authority has it. Seller and buyer stand as written: not everybody is registered."""

    invoice_no = models.CharField(max_length=60)
    issued_on = models.DateField(db_index=True)
    seller = models.CharField(max_length=18)
    buyer = models.CharField(max_length=18, db_index=True)
    stage = models.CharField(max_length=20, blank=True, default="")
    description = models.CharField(max_length=300, blank=True, default="")
    quantity_g = models.BigIntegerField(null=True)
    quantity_dp = models.PositiveSmallIntegerField(null=True)
    value_fen = models.BigIntegerField(null=True)
    value_dp = models.PositiveSmallIntegerField(null=True)
    tax_fen = models.BigIntegerField(null=True)
    tax_dp = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=6, choices=InvoiceStatus, default=InvoiceStatus.ISSUED)
    voided_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "invoice_no"], name="invoice_once")]

    def __str__(self) -> str:
        return f"{self.seller} {self.invoice_no}"
