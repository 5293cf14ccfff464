"""Elements, an organisation's products and counterparties, lots, and corrections of the calendar."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.core.words import said_here

ELEMENT_SYMBOLS = (
    "la",
    "ce",
    "pr",
    "nd",
    "sm",
    "eu",
    "gd",
    "tb",
    "dy",
    "ho",
    "er",
    "tm",
    "yb",
    "lu",
    "sc",
    "y",
)


class Element(models.Model):
    """A rare-earth element and its usual oxide. Which elements are controlled is the control list's to say."""

    symbol = models.CharField(max_length=2, primary_key=True)
    name_en = models.CharField(max_length=30)
    name_zh = models.CharField(max_length=10)
    atomic_weight = models.DecimalField(max_digits=10, decimal_places=6)
    oxide = models.CharField(max_length=10)
    metal_fraction_of_oxide = models.DecimalField(max_digits=7, decimal_places=6)
    position = models.PositiveSmallIntegerField(unique=True)  # the order of columns and charts

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return said_here(self.name_en, self.name_zh)


class Stage(models.TextChoices):
    CONCENTRATE = "concentrate", _("concentrate")
    MIXED_CARBONATE = "mixed_carbonate", _("mixed carbonate")
    OXIDE = "oxide", _("oxide")
    METAL = "metal", _("metal")
    ALLOY = "alloy", _("alloy")
    MAGNET_BLOCK = "magnet_block", _("magnet block")
    MAGNET = "magnet", _("magnet")
    ASSEMBLY = "assembly", _("assembly")
    SCRAP = "scrap", _("scrap")
    TARGET = "target", _("target")
    COMPOUND = "compound", _("compound")


class Family(models.TextChoices):
    NDFEB = "ndfeb", _("NdFeB")
    SMCO = "smco", _("SmCo")
    OTHER = "other", _("other")


class ProcessingLevel(models.TextChoices):
    BULK = "bulk", _("bulk")
    PRIMARY_SHAPE = "primary_shape", _("primary shape")
    ASSEMBLY = "assembly", _("assembly")
    DOWNSTREAM = "downstream", _("downstream goods")


def _content(symbol: str) -> models.DecimalField[Decimal | None, Decimal | None]:
    return models.DecimalField(
        _("%(symbol)s, mass %%") % {"symbol": symbol.capitalize()},
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )


class Assay(models.Model):
    """Mass per cent of each element (not of its oxide). Empty = not measured; 0 = measured absence."""

    la_pct = _content("la")
    ce_pct = _content("ce")
    pr_pct = _content("pr")
    nd_pct = _content("nd")
    sm_pct = _content("sm")
    eu_pct = _content("eu")
    gd_pct = _content("gd")
    tb_pct = _content("tb")
    dy_pct = _content("dy")
    ho_pct = _content("ho")
    er_pct = _content("er")
    tm_pct = _content("tm")
    yb_pct = _content("yb")
    lu_pct = _content("lu")
    sc_pct = _content("sc")
    y_pct = _content("y")
    assay_rel_uncertainty_pct = models.DecimalField(
        _("relative standard uncertainty of the contents, %"),
        max_digits=7,
        decimal_places=4,
        default=Decimal("1.0"),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )

    class Meta:
        abstract = True

    @property
    def contents(self) -> dict[str, Decimal]:
        """Measured contents by symbol; what was not measured is absent."""
        pairs = ((symbol, getattr(self, f"{symbol}_pct")) for symbol in ELEMENT_SYMBOLS)
        return {symbol: value for symbol, value in pairs if value is not None}


class ProductDetails(Assay):
    """What is said of a product: in the catalogue as it is now, with a filing as it was filed."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    family = models.CharField(_("family"), max_length=10, choices=Family, blank=True, default="")
    hs_code = models.CharField(
        _("HS code"),
        max_length=10,
        blank=True,
        default="",
        validators=[RegexValidator(r"^(\d{6}|\d{8}|\d{10})$", _("Write 6, 8 or 10 digits."))],
    )
    grade = models.CharField(_("grade"), max_length=40, blank=True, default="")
    processing_level = models.CharField(
        _("processing level"), max_length=20, choices=ProcessingLevel, blank=True, default=""
    )
    partners = models.CharField(_("other metals of the alloy"), max_length=60, blank=True, default="")

    class Meta:
        abstract = True


class Product(ProductDetails):
    """What an organisation handles: its own catalogue. A changed recipe is a new code."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="products")
    retired_at = models.DateTimeField(null=True, blank=True)  # no longer offered in new filings

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="product_code_once")]
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class IdentifierType(models.TextChoices):
    USCC = "USCC", _("USCC (China)")
    LEI = "LEI", _("LEI")
    VAT = "VAT", _("VAT number")
    EORI = "EORI", _("EORI")
    DUNS = "DUNS", _("D-U-N-S")
    OTHER = "OTHER", _("other")


class CounterpartyDetails(models.Model):
    """What is said of a client or supplier: in the register as it is now, with a filing as it was filed."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("legal name"), max_length=300)
    name_local = models.CharField(_("name in the local script"), max_length=300, blank=True, default="")
    country = models.CharField(_("country"), max_length=2)
    id_type = models.CharField(
        _("kind of identity number"), max_length=5, choices=IdentifierType, blank=True, default=""
    )
    id_number = models.CharField(_("identity number"), max_length=60, blank=True, default="")
    address = models.CharField(_("address"), max_length=300, blank=True, default="")
    city = models.CharField(_("city"), max_length=100, blank=True, default="")
    end_use = models.CharField(_("end use"), max_length=300, blank=True, default="")
    end_user_name = models.CharField(_("end user"), max_length=300, blank=True, default="")
    end_user_country = models.CharField(_("end user's country"), max_length=2, blank=True, default="")

    class Meta:
        abstract = True


class Counterparty(CounterpartyDetails):
    """A client or supplier as one organisation knows it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="counterparties")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="counterparty_code_once")
        ]
        ordering = ["code"]
        verbose_name_plural = "counterparties"

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Lot(Assay):
    """An assay for one lot, above the product's."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="lots")
    product = models.ForeignKey(Product, models.PROTECT, related_name="lots")
    batch = models.CharField(_("lot"), max_length=60)
    assay_no = models.CharField(_("assay number"), max_length=60, blank=True, default="")
    laboratory = models.CharField(_("laboratory"), max_length=200, blank=True, default="")
    assayed_on = models.DateField(_("assayed on"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "batch", "product"], name="lot_once")]

    def __str__(self) -> str:
        return self.batch


class CalendarDay(models.Model):
    """A day on which the working-day calendar differs from the library's."""

    date = models.DateField(_("date"), primary_key=True)
    working = models.BooleanField(_("working day"))
    source = models.CharField(_("source"), max_length=200, blank=True, default="")

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return self.date.isoformat()
