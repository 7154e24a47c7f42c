"""Say of each raiser which matter goes on for them, so that who was asked is counted at once."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce


def go_on(apps: Any, schema_editor: Any) -> None:
    """A merged matter's raisers are asked where it went; one hop, as merging keeps it."""
    raiser, matter = (apps.get_model("matters", name) for name in ("Raiser", "Matter"))
    into = matter.objects.filter(pk=OuterRef("matter")).values("merged_into")[:1]
    raiser.objects.update(goes_on=Coalesce(Subquery(into), models.F("matter")))


class Migration(migrations.Migration):
    dependencies = [("matters", "0019_counted_by_day")]

    operations = [
        migrations.AddField(
            "raiser",
            "goes_on",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="asked",
                to="matters.matter",
            ),
        ),
        migrations.RunPython(go_on, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            "raiser",
            "goes_on",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="asked",
                to="matters.matter",
            ),
        ),
    ]
