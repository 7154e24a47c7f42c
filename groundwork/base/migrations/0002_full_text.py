"""Full-text index over search tokens: FTS5 on SQLite, a GIN index on PostgreSQL."""

from django.db import migrations

from groundwork.base.migrations._full_text import forward, back


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]
    operations = [migrations.RunPython(forward, back)]
