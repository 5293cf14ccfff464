import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_submitted_is_final")]

    operations = [
        migrations.CreateModel(
            name="DraftSave",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField()),
                ("client", models.CharField(blank=True, default="", max_length=64)),
                ("base", models.PositiveIntegerField(default=0)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("line_nos", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="saves", to="reporting.filing"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("filing", "revision"), name="draft_save_once")],
            },
        ),
    ]
