"""The regulator's lists begin at once, however much is stored."""

from django.db import migrations, models

from portal.core.indexes import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("reporting", "0012_national_recheck")]
    operations = [
        AddIndexBeside("filing", models.Index(fields=["submitted_at", "id"], name="filing_by_time")),
        AddIndexBeside(
            "filing",
            models.Index(
                condition=models.Q(("version__gt", 1)), fields=["organisation", "period"], name="filing_amendments"
            ),
        ),
        AddIndexBeside("finding", models.Index(fields=["-first_seen", "id"], name="finding_newest")),
        AddIndexBeside("finding", models.Index(fields=["period", "state"], name="finding_of_month")),
        AddIndexBeside(
            "obligation", models.Index(fields=["period", "due_at", "id"], name="obligation_of_month")
        ),
        migrations.RemoveIndex("obligation", "reporting_o_period_78b350_idx"),
    ]
