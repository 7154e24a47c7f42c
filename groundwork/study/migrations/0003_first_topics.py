"""Give a new city the topics that its guide to Tuesday night names; it adds its own."""

from django.db import migrations

from groundwork.study.migrations._first_topics import add


class Migration(migrations.Migration):
    dependencies = [("study", "0002_evening_changes")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
