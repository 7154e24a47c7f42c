"""Let the database hold who took part inside who was expected, as it has been written all along."""

from django.db import migrations, models
from django.db.models import F, Q


def inside(apps, schema_editor):
    """Count who took part without being expected as expected, where such a sheet was kept."""
    sheets = apps.get_model("study", "RollSheet").objects
    sheets.filter(took_part__gt=F("expected")).update(expected=F("took_part"))


class Migration(migrations.Migration):

    dependencies = [
        ("study", "0001_squashed_0006_streams_of_links"),
    ]

    operations = [
        migrations.RunPython(inside, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="rollsheet",
            constraint=models.CheckConstraint(
                condition=Q(took_part=None, expected=None) | Q(took_part__lte=F("expected")),
                name="took_part_of_expected",
            ),
        ),
    ]
