"""Beside each submitted filing: the counterparties and products that it names, as they were signed."""

import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models


SYMBOLS = "la ce pr nd sm eu gd tb dy ho er tm yb lu sc y".split()
LIMITS = [
    django.core.validators.MinValueValidator(Decimal("0")),
    django.core.validators.MaxValueValidator(Decimal("100")),
]


def content(symbol):
    return models.DecimalField(
        blank=True,
        decimal_places=6,
        max_digits=9,
        null=True,
        validators=LIMITS,
        verbose_name=f"{symbol.capitalize()}, mass %",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_elements"),
        ("reporting", "0005_decisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="FiledParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=300, verbose_name="legal name")),
                (
                    "name_local",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="name in the local script"
                    ),
                ),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                (
                    "id_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("USCC", "USCC (China)"),
                            ("LEI", "LEI"),
                            ("VAT", "VAT number"),
                            ("EORI", "EORI"),
                            ("DUNS", "D-U-N-S"),
                            ("OTHER", "other"),
                        ],
                        default="",
                        max_length=5,
                        verbose_name="kind of identity number",
                    ),
                ),
                (
                    "id_number",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="identity number"),
                ),
                ("address", models.CharField(blank=True, default="", max_length=300, verbose_name="address")),
                ("city", models.CharField(blank=True, default="", max_length=100, verbose_name="city")),
                ("end_use", models.CharField(blank=True, default="", max_length=300, verbose_name="end use")),
                (
                    "end_user_name",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="end user"),
                ),
                (
                    "end_user_country",
                    models.CharField(blank=True, default="", max_length=2, verbose_name="end user's country"),
                ),
                (
                    "counterparty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.counterparty",
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="filed_parties",
                        to="reporting.filing",
                    ),
                ),
            ],
            options={
                "ordering": ["filing", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("filing", "counterparty"), name="filed_party_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="FiledProduct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                *((f"{symbol}_pct", content(symbol)) for symbol in SYMBOLS),
                (
                    "assay_rel_uncertainty_pct",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("1.0"),
                        max_digits=7,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="relative standard uncertainty of the contents, %",
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("concentrate", "concentrate"),
                            ("mixed_carbonate", "mixed carbonate"),
                            ("oxide", "oxide"),
                            ("metal", "metal"),
                            ("alloy", "alloy"),
                            ("magnet_block", "magnet block"),
                            ("magnet", "magnet"),
                            ("assembly", "assembly"),
                            ("scrap", "scrap"),
                            ("target", "target"),
                            ("compound", "compound"),
                        ],
                        max_length=20,
                        verbose_name="stage",
                    ),
                ),
                (
                    "family",
                    models.CharField(
                        blank=True,
                        choices=[("ndfeb", "NdFeB"), ("smco", "SmCo"), ("other", "other")],
                        default="",
                        max_length=10,
                        verbose_name="family",
                    ),
                ),
                (
                    "hs_code",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(\\d{6}|\\d{8}|\\d{10})$", "Write 6, 8 or 10 digits."
                            )
                        ],
                        verbose_name="HS code",
                    ),
                ),
                ("grade", models.CharField(blank=True, default="", max_length=40, verbose_name="grade")),
                (
                    "processing_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("bulk", "bulk"),
                            ("primary_shape", "primary shape"),
                            ("assembly", "assembly"),
                            ("downstream", "downstream goods"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="processing level",
                    ),
                ),
                (
                    "partners",
                    models.CharField(
                        blank=True, default="", max_length=60, verbose_name="other metals of the alloy"
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="filed_products",
                        to="reporting.filing",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.product"
                    ),
                ),
            ],
            options={
                "ordering": ["filing", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("filing", "product"), name="filed_product_once")
                ],
            },
        ),
    ]
