
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0020_goes_on'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='matter',
            name='priority',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.priority'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(condition=models.Q(('priority__isnull', False)), fields=['priority', '-id'], name='matter_by_priority'),
        ),
    ]
