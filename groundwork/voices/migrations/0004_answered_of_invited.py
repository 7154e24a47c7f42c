"""Let the database hold who answered inside who was invited."""

from django.db import migrations, models
from django.db.models import F, Q


def inside(apps, schema_editor):
    """Let no survey that is over say that more answered than were invited."""
    over = apps.get_model("voices", "Survey").objects.filter(answered__gt=F("invited"))
    over.update(invited=F("answered"))


class Migration(migrations.Migration):

    dependencies = [
        ("voices", "0003_rights"),
    ]

    operations = [
        migrations.RunPython(inside, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=Q(answered=None) | Q(invited=None) | Q(answered__lte=F("invited")),
                name="survey_answered_of_invited",
            ),
        ),
    ]
