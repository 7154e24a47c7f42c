import groundwork.base.ids
from django.db import migrations, models

from groundwork.base.migrations._full_text import forward, back


class Migration(migrations.Migration):

    replaces = [('base', '0001_initial'), ('base', '0002_full_text'), ('base', '0003_tombstones')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('file', models.FileField(max_length=200, upload_to='attachments/%Y/%m')),
                ('created_at', models.DateTimeField()),
                ('account_id', models.BigIntegerField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=40)),
                ('object_id', models.CharField(max_length=40)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('n', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='DayOverride',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('working', models.BooleanField()),
                ('name', models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('name', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('holder', models.CharField(blank=True, max_length=80)),
                ('until', models.DateTimeField(null=True)),
                ('ran_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('payload', models.JSONField()),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['due_at'], name='outbox_waiting')],
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('object_pk', models.BigIntegerField()),
                ('tokens', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_pk'), name='search_one_per_object')],
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('rule', models.CharField(max_length=40)),
                ('count', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('ids', models.JSONField(default=list)),
                ('journaled', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['rule', '-at'], name='tombstone_by_rule'), models.Index(condition=models.Q(('journaled', False)), fields=['id'], name='tombstone_unwritten')],
            },
        ),
        migrations.CreateModel(
            name='TrailEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('account_id', models.BigIntegerField(null=True)),
                ('system', models.CharField(blank=True, max_length=40)),
                ('role', models.CharField(blank=True, max_length=24)),
                ('verb', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=40)),
                ('object_id', models.CharField(max_length=40)),
                ('fields', models.JSONField(default=list)),
                ('position', models.BigIntegerField(null=True, unique=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'object_id', 'id'], name='trail_by_object'), models.Index(condition=models.Q(('position', None)), fields=['id'], name='trail_unsealed')],
            },
        ),
        migrations.RunPython(forward, back),
    ]
