"""Leave the burden meter's rows to `base`, where figures may read them."""

from django.db import migrations

COPY = "INSERT INTO {into} (form_key, day, seconds) SELECT form_key, day, seconds FROM {out}"
NEW, OLD = "base_formtiming", "web_formtiming"


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0001_initial"),
        ("base", "0004_form_timing"),
    ]

    operations = [
        migrations.RunSQL(
            COPY.format(into=NEW, out=OLD),
            COPY.format(into=OLD, out=NEW),
        ),
        migrations.DeleteModel(name="FormTiming"),
    ]
