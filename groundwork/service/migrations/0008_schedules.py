import django.db.models.deletion
import groundwork.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0001_initial'),
        ('service', '0007_studios'),
    ]

    operations = [
        migrations.AddField(
            model_name='round',
            name='turn',
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name='RoundSchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('every', models.CharField(choices=[('week', '每周'), ('month', '每月'), ('quarter', '每季度')], max_length=8)),
                ('nth', models.PositiveSmallIntegerField()),
                ('opens', models.TimeField()),
                ('lasts', models.PositiveSmallIntegerField()),
                ('authority', models.CharField(max_length=120)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('paused_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
            ],
        ),
        migrations.AddField(
            model_name='round',
            name='schedule',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='service.roundschedule'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(fields=('schedule', 'turn'), name='round_once_a_turn'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('schedule', None), ('turn', None)), models.Q(('schedule__isnull', False), ('turn__isnull', False)), _connector='OR'), name='round_of_a_schedule_has_its_turn'),
        ),
        migrations.AddIndex(
            model_name='roundschedule',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['body'], name='schedule_running'),
        ),
        migrations.AddConstraint(
            model_name='roundschedule',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='schedule_runs_forward'),
        ),
    ]
