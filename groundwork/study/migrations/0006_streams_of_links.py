"""Move the plain links to broadcasts onto streams: one way for every evening."""

from django.db import migrations

TOLD = ("published", "held", "closed")


def move(apps, schema_editor):
    """Call an evening with a link one that is broadcast outside; give announced ones a stream."""
    Evening = apps.get_model("study", "Evening")
    Stream = apps.get_model("live", "Stream")
    linked = Evening.objects.exclude(live_url="")
    linked.update(broadcast="outside")
    rows = linked.filter(state__in=TOLD).order_by("pk")
    for evening in rows.iterator(chunk_size=500):
        Stream.objects.get_or_create(
            subject_kind="study.evening",
            subject_id=evening.public_id,
            defaults={
                "title": evening.title,
                "host_id": evening.host_id,
                "starts_at": evening.starts_at,
                "ends_at": evening.ends_at,
                "source": "outside",
                "outside_url": evening.live_url,
                "reach": "staff",
                "opened_at": evening.published_at or evening.changed_at,
            },
        )


class Migration(migrations.Migration):

    dependencies = [
        ("study", "0005_hall"),
        ("live", "0001_initial"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
