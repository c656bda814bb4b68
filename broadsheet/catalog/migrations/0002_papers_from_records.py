"""Matching looks at the titles of records, and readings of signals belong to records."""

from collections.abc import Iterator
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from broadsheet.catalog.payload import unpack
from broadsheet.core import text


def title_records(apps: Any, schema_editor: Any) -> None:
    record_rows = apps.get_model("catalog", "Record").objects
    for batch in _batches(record_rows.only("id", "payload")):
        for row in batch:
            row.title_key = text.title_key(unpack(bytes(row.payload)).title)
        record_rows.bulk_update(batch, ["title_key"])


def _batches(rows: Any) -> Iterator[list[Any]]:
    last = 0
    while batch := list(rows.filter(id__gt=last).order_by("id")[:500]):
        last = batch[-1].id
        yield batch


def forget_observations(apps: Any, schema_editor: Any) -> None:
    """Which record told a reading was not kept; the last of each is in its record, and the next run adds it."""
    apps.get_model("catalog", "Observation").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.AddField("record", "title_key", models.CharField(max_length=16, default="", db_index=True)),
        migrations.RunPython(title_records, migrations.RunPython.noop),
        migrations.RemoveField("paper", "title_key"),
        migrations.RemoveField("author", "name"),
        migrations.RunPython(forget_observations, migrations.RunPython.noop),
        migrations.RemoveConstraint("observation", "observation_at"),
        migrations.RemoveField("observation", "paper"),
        migrations.AddField(
            "observation",
            "record",
            models.ForeignKey(
                default=0,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="observations",
                to="catalog.record",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "observation",
            models.UniqueConstraint(fields=["record", "source", "kind", "seen_at"], name="observation_at"),
        ),
        migrations.AlterField("record", "title_key", models.CharField(max_length=16, db_index=True)),
    ]
