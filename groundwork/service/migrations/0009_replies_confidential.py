"""Keep with a reply that its sender wants to stay unknown, also of replies that came before."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Exists, OuterRef


def mark(apps: Any, schema_editor: Any) -> None:
    """Mark what an enterprise answered whose matter of that round says so."""
    reply, raiser = apps.get_model("service", "RoundReply"), apps.get_model("matters", "Raiser")
    unknown = raiser.objects.filter(
        confidential=True,
        body=OuterRef("body"),
        matter__source_kind="service.round",
        matter__source_id=OuterRef("round__public_id"),
    )
    found = reply.objects.filter(Exists(unknown), body__isnull=False).values_list("pk", flat=True)
    reply.objects.filter(pk__in=list(found)).update(confidential=True)


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0020_goes_on"),
        ("service", "0008_schedules"),
    ]

    operations = [
        migrations.AddField(
            model_name="roundreply",
            name="confidential",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop, elidable=True),
    ]
