import django.db.models.deletion
import groundwork.base.ids
from django.db import migrations, models

from groundwork.study.migrations._first_topics import add


class Migration(migrations.Migration):

    replaces = [('study', '0001_initial'), ('study', '0002_evening_changes'), ('study', '0003_first_topics'), ('study', '0004_rolls'), ('study', '0005_hall'), ('study', '0006_streams_of_links')]

    initial = True

    dependencies = [
        ('base', '0001_squashed_0003_tombstones'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CodeGuess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField(unique=True)),
                ('since', models.DateTimeField()),
                ('wrong', models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=300)),
                ('period', models.CharField(max_length=20)),
                ('cutoff', models.DateTimeField()),
                ('values', models.JSONField()),
                ('seen', models.BigIntegerField(default=0)),
                ('settled', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('scope', 'period'), name='coverage_once')],
            },
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
                ('aim', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-starts', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__gte', models.F('starts'))), name='programme_forward')],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('theme', models.CharField(choices=[('political', '政治理论'), ('professional', '业务知识')], max_length=16)),
                ('name', models.CharField(max_length=60)),
            ],
            options={
                'ordering': ['theme', 'id'],
                'constraints': [models.UniqueConstraint(fields=('theme', 'name'), name='topic_once_per_theme')],
            },
        ),
        migrations.CreateModel(
            name='Material',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('title', models.CharField(max_length=160)),
                ('theme', models.CharField(choices=[('political', '政治理论'), ('professional', '业务知识')], max_length=16)),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='study.topic')),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
                ('attachment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='base.attachment')),
                ('link', models.URLField(blank=True)),
                ('summary', models.TextField(blank=True)),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Evening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('draft', '草稿'), ('published', '已发布'), ('held', '已举行'), ('closed', '已封存'), ('cancelled', '已取消')], default='draft', max_length=12)),
                ('programme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='study.programme')),
                ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='study.series')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='own_evenings', to='study.evening')),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hosted_evenings', to='registry.body')),
                ('theme', models.CharField(choices=[('political', '政治理论'), ('professional', '业务知识')], max_length=16)),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='study.topic')),
                ('form', models.CharField(choices=[('systematic', '系统学习'), ('conveying', '精神传达'), ('micro_lesson', '微型党课'), ('salon', '沙龙分享'), ('on_site', '现场教学')], max_length=16)),
                ('led_by', models.CharField(choices=[('central_group', '中心组领学'), ('youth_groups', '青年小组比学'), ('branch', '支部自学'), ('office', '处（科）室自学')], max_length=16)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('broadcast', models.CharField(blank=True, choices=[('', '没有直播'), ('embedded', '本市直播'), ('upload', '事后上传录像'), ('outside', '外部直播')], default='', max_length=12)),
                ('live_url', models.URLField(blank=True)),
                ('public', models.BooleanField(default=False)),
                ('note', models.TextField(blank=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('moved_from', models.DateTimeField(null=True)),
                ('change_reason', models.CharField(blank=True, max_length=200)),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('materials', models.ManyToManyField(blank=True, related_name='evenings', to='study.material')),
                ('priorities', models.ManyToManyField(blank=True, related_name='evenings', to='registry.priority')),
                ('audience', models.ManyToManyField(blank=True, related_name='evenings', to='registry.body')),
            ],
            options={
                'indexes': [models.Index(fields=['starts_at', 'id'], name='evening_by_start'), models.Index(condition=models.Q(('state', 'published')), fields=['ends_at'], name='evening_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='evening_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='EveningSpeaker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='speakers', to='study.evening')),
                ('order', models.PositiveSmallIntegerField()),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='registry.person')),
                ('name', models.CharField(max_length=60)),
                ('subject', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='QuizQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('evening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='study.evening')),
                ('order', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=300)),
                ('choices', models.JSONField()),
                ('right', models.PositiveSmallIntegerField()),
                ('why', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RollCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='study.evening')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('took_part', models.BooleanField()),
                ('reason', models.CharField(max_length=200)),
                ('corrected_at', models.DateTimeField()),
                ('account_id', models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='RollSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('evening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='study.evening')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='registry.body')),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.BigIntegerField(null=True)),
                ('expected', models.PositiveIntegerField(null=True)),
                ('took_part', models.PositiveIntegerField(null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['body', 'evening'], name='sheet_by_body'), models.Index(condition=models.Q(('closed_at', None)), fields=['evening'], name='sheet_open')],
                'constraints': [models.UniqueConstraint(fields=('evening', 'body'), name='sheet_once')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='study.rollsheet')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('category', models.CharField(blank=True, choices=[('duty', '值班执勤'), ('travel', '出差'), ('leave', '休假'), ('sick', '病假'), ('family', '家庭原因'), ('other', '其他')], max_length=12)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sheet', 'person'), name='absence_once')],
            },
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('evening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rooms', to='study.evening')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
                ('name', models.CharField(max_length=80)),
                ('capacity', models.PositiveIntegerField(blank=True, null=True)),
                ('secret', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('evening', 'body', 'name'), name='room_once_per_evening')],
            },
        ),
        migrations.CreateModel(
            name='RollEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('evening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='study.evening')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roll_entries', to='registry.person')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
                ('room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='study.room')),
                ('source', models.CharField(choices=[('qr', '扫码'), ('code', '口令'), ('tick', '书记点名'), ('live', '在线收看'), ('replay', '回看补学'), ('statement', '本人说明'), ('import', '表格导入')], max_length=12)),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'evening'], name='roll_by_person'), models.Index(fields=['evening', 'body'], name='roll_by_body')],
                'constraints': [models.UniqueConstraint(fields=('evening', 'person'), name='roll_once')],
            },
        ),
        migrations.CreateModel(
            name='RollConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='confirmations', to='study.rollentry')),
                ('source', models.CharField(choices=[('qr', '扫码'), ('code', '口令'), ('tick', '书记点名'), ('live', '在线收看'), ('replay', '回看补学'), ('statement', '本人说明'), ('import', '表格导入')], max_length=12)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('entry', 'source'), name='confirmation_once')],
            },
        ),
        migrations.CreateModel(
            name='HallQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('evening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hall_questions', to='study.evening')),
                ('text', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('waiting', '待看'), ('shortlisted', '请宣讲员答'), ('answered', '已答'), ('set_aside', '不上屏')], default='waiting', max_length=12)),
                ('asked_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField(null=True)),
                ('sending', models.CharField(max_length=36, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['evening', 'state', 'id'], name='hall_question_by_state')],
                'constraints': [models.UniqueConstraint(fields=('evening', 'sending'), name='hall_question_once')],
            },
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('evening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leaves', to='study.evening')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='registry.person')),
                ('category', models.CharField(choices=[('duty', '值班执勤'), ('travel', '出差'), ('leave', '休假'), ('sick', '病假'), ('family', '家庭原因'), ('other', '其他')], max_length=12)),
                ('state', models.CharField(choices=[('asked', '待批'), ('granted', '已准'), ('refused', '未准'), ('withdrawn', '已撤回')], default='asked', max_length=12)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'asked')), fields=['evening'], name='leave_asked')],
                'constraints': [models.UniqueConstraint(fields=('evening', 'person'), name='leave_once')],
            },
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
