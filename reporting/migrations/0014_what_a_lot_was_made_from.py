"""The lots that the lines of submitted filings name, each a row of its own: the threads of a trace."""

import django.db.models.deletion
from django.db import migrations, models

from reporting.domain.source_lots import source_lots

AT_ONCE = 5_000
FILED = ("submitted", "accepted", "returned", "withdrawn")


def fill(apps, schema_editor):
    """Keep those of what is filed already."""
    alias = schema_editor.connection.alias
    line, kept = apps.get_model("reporting", "Line"), apps.get_model("reporting", "FiledSource")
    rows = line.objects.using(alias).filter(filing__status__in=FILED).exclude(from_batches="")
    made = []
    for filing_id, number, batch, text in rows.values_list(
        "filing_id", "line_no", "batch", "from_batches"
    ).iterator(chunk_size=AT_ONCE):
        made += [
            kept(
                filing_id=filing_id, line_no=number, place=place, batch=batch, source_uscc=lot.uscc,
                source_batch=lot.batch, quantity_g=lot.grams,
            )
            for place, lot in enumerate(source_lots(text))
        ]  # fmt: skip
        if len(made) >= AT_ONCE:
            kept.objects.using(alias).bulk_create(made)
            made = []
    kept.objects.using(alias).bulk_create(made)


class Migration(migrations.Migration):
    dependencies = [("reporting", "0013_long_lists")]
    operations = [
        migrations.CreateModel(
            name="FiledSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line_no", models.IntegerField()),
                ("place", models.PositiveSmallIntegerField()),
                ("batch", models.CharField(blank=True, default="", max_length=100)),
                ("source_uscc", models.CharField(blank=True, default="", max_length=18)),
                ("source_batch", models.CharField(max_length=100)),
                ("quantity_g", models.BigIntegerField(null=True)),
                (
                    "filing",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="filed_sources",
                        to="reporting.filing",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["batch"], name="filed_source_made"),
                    models.Index(fields=["source_batch"], name="filed_source_used"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("filing", "line_no", "place"), name="filed_source_once")
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
