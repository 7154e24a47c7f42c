"""A city begins with the hotline's usual categories and deadlines; the office changes them."""

from django.db import migrations

from groundwork.matters.migrations._first_settings import write


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
