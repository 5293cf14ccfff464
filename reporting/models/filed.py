"""What a filing names, as it stood when it was submitted: the register may change, the filing does not."""

from __future__ import annotations

from django.db import models

from portal.registry.models import Counterparty, CounterpartyDetails, Product, ProductDetails
from reporting.models.filings import Filing


class FiledParty(CounterpartyDetails):
    """A counterparty that a submitted filing names, as it was signed. The database lets nothing of it change."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="filed_parties")
    counterparty = models.ForeignKey(Counterparty, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "counterparty"], name="filed_party_once")]
        ordering = ["filing", "code"]

    def __str__(self) -> str:
        return f"{self.filing_id}/{self.code}"


class FiledProduct(ProductDetails):
    """A product that a submitted filing names, with its contents as they were signed."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="filed_products")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "product"], name="filed_product_once")]
        ordering = ["filing", "code"]

    def __str__(self) -> str:
        return f"{self.filing_id}/{self.code}"


class FiledSource(models.Model):
    """A lot that a line of a submitted filing says its product was made from. The database lets nothing of it change."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="filed_sources", db_index=False)
    line_no = models.IntegerField()
    place = models.PositiveSmallIntegerField()  # in the line's list
    batch = models.CharField(max_length=100, blank=True, default="")  # the lot that was made
    source_uscc = models.CharField(
        max_length=18, blank=True, default=""
    )  # the supplier's; empty for one's own
    source_batch = models.CharField(max_length=100)
    quantity_g = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filing", "line_no", "place"], name="filed_source_once")
        ]
        indexes = [
            models.Index(fields=["batch"], name="filed_source_made"),
            models.Index(fields=["source_batch"], name="filed_source_used"),
        ]

    def __str__(self) -> str:
        return f"{self.batch} from {self.source_batch}"
