"""Sweden's 290 kommuner and 21 län, from schools/data/kommuner.csv (SCB's regional division)."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parent.parent / "data" / "kommuner.csv"


def load(apps, schema_editor):
    """Puts every kommun and län in place by code; run again, it changes nothing but names that differ."""
    County = apps.get_model("schools", "County")
    Municipality = apps.get_model("schools", "Municipality")
    with open(DATA, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counties = {}
    for code, name in sorted({(row["county_code"], row["county"]) for row in rows}):
        counties[code], _ = County.objects.update_or_create(code=code, defaults={"name": name})
    Municipality.objects.bulk_create(
        [
            Municipality(code=row["code"], name=row["name"], county=counties[row["county_code"]])
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "county"],
    )


class Migration(migrations.Migration):
    dependencies = [("schools", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
