"""The sixteen elements, from the product's own file."""

import csv
from pathlib import Path

from django.db import migrations

ORDER = "la ce pr nd sm eu gd tb dy ho er tm yb lu sc y".split()


def load(apps, schema_editor):
    Element = apps.get_model("registry", "Element")
    path = Path(__file__).resolve().parents[1] / "data" / "elements.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            Element.objects.update_or_create(
                symbol=row["symbol"],
                defaults={
                    "name_en": row["name_en"],
                    "name_zh": row["name_zh"],
                    "atomic_weight": row["atomic_weight"],
                    "oxide": row["oxide"],
                    "metal_fraction_of_oxide": row["metal_fraction_of_oxide"],
                    "position": ORDER.index(row["symbol"]) + 1,
                },
            )


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
