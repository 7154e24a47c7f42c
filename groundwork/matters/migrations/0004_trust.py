import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0003_doors'),
    ]

    operations = [
        migrations.AddField(
            model_name='calltask',
            name='again_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='calltask',
            name='taken_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='sample',
            name='act_at',
            field=models.DateTimeField(default=datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='sample',
            name='drawn_by',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='sample',
            name='witness',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='sample',
            name='seed_source',
            field=models.CharField(max_length=200),
        ),
        migrations.AddField(
            model_name='sampleitem',
            name='reply_by',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='sampleitem',
            name='matter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='matters.matter'),
        ),
    ]
