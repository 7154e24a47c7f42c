import django.db.models.deletion
import groundwork.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('voices', '0001_initial'), ('voices', '0002_surveys')]

    initial = True

    dependencies = [
        ('base', '0001_squashed_0003_tombstones'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='registry.place')),
                ('kind', models.CharField(choices=[('hour', '一两个小时'), ('skill', '一门手艺'), ('day', '半天到一天')], max_length=8)),
                ('title', models.CharField(max_length=80)),
                ('about', models.CharField(blank=True, max_length=1000)),
                ('skill', models.CharField(blank=True, max_length=60)),
                ('meet', models.CharField(max_length=120)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('wanted', models.PositiveSmallIntegerField()),
                ('posted_at', models.DateTimeField()),
                ('called_off_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['place', '-starts_at', '-id'], name='call_by_place'), models.Index(fields=['starts_at', 'id'], name='call_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='call_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='Deed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to='registry.person')),
                ('day', models.DateField()),
                ('what', models.CharField(max_length=120)),
                ('where', models.CharField(blank=True, max_length=120)),
                ('lasted', models.DurationField()),
                ('key', models.CharField(max_length=64, unique=True)),
                ('brought_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-day', '-id'], name='deed_by_person')],
            },
        ),
        migrations.CreateModel(
            name='Drive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drives', to='registry.place')),
                ('title', models.CharField(max_length=60)),
                ('statement', models.CharField(max_length=60)),
                ('authority', models.CharField(max_length=200)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('state', models.CharField(choices=[('open', '进行中'), ('shut', '已结束')], default='open', max_length=6)),
                ('opened_at', models.DateTimeField()),
                ('shut_at', models.DateTimeField(null=True)),
                ('statements', models.PositiveIntegerField(null=True)),
                ('visits', models.PositiveIntegerField(null=True)),
                ('fine', models.PositiveIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['place', '-first_day', '-id'], name='drive_by_place'), models.Index(fields=['state', 'last_day'], name='drive_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='drive_runs_forward'), models.CheckConstraint(condition=models.Q(('fine', None), ('fine__lte', models.F('visits')), _connector='OR'), name='drive_fine_is_a_part')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('like', '点赞'), ('brick', '拍砖')], max_length=6)),
                ('state', models.CharField(choices=[('told', '先请本人看'), ('answered', '本人已说明，等单位认定'), ('unanswered', '说明期已过，等单位认定'), ('adopted', '单位已采纳，可申诉'), ('refused', '单位未采纳，可申诉'), ('appealed', '已申诉，等上级认定'), ('stands', '成立'), ('void', '不成立'), ('withdrawn', '已收回'), ('expired', '已到期')], default='told', max_length=10)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='registry.person')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='registry.body')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='registry.place')),
                ('subject_kind', models.CharField(blank=True, max_length=40)),
                ('subject_id', models.CharField(blank=True, max_length=12)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('day', models.DateField()),
                ('written_at', models.DateTimeField()),
                ('reply_by', models.DateField()),
                ('heard_at', models.DateTimeField(null=True)),
                ('appeal_by', models.DateField(null=True)),
                ('appealed', models.BooleanField(default=False)),
                ('expires_on', models.DateField()),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-written_at', '-id'], name='mark_by_person'), models.Index(fields=['unit', '-written_at', '-id'], name='mark_by_unit'), models.Index(fields=['place', '-written_at', '-id'], name='mark_by_place'), models.Index(fields=['state', 'reply_by'], name='mark_waiting')],
            },
        ),
        migrations.CreateModel(
            name='MarkStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='voices.mark')),
                ('verb', models.CharField(max_length=10)),
                ('at', models.DateTimeField()),
                ('account_id', models.BigIntegerField(null=True)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('office', models.CharField(blank=True, max_length=120)),
                ('text', models.CharField(blank=True, max_length=1000)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='registry.person')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='registry.place')),
                ('since', models.DateField()),
                ('state', models.CharField(choices=[('asked', '等社区确认'), ('confirmed', '已报到'), ('refused', '社区没有确认'), ('withdrawn', '已撤回')], default='asked', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('account_id', models.BigIntegerField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-id'], name='registration_by_person'), models.Index(fields=['place', 'state', 'id'], name='registration_by_place')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('person',), name='registration_one_waiting')],
            },
        ),
        migrations.CreateModel(
            name='SpotVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('drive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seen', to='voices.drive')),
                ('spot', models.CharField(max_length=80)),
                ('fine', models.BooleanField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('day', models.DateField()),
                ('picture', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.attachment')),
                ('client_key', models.CharField(max_length=40, null=True, unique=True)),
            ],
            options={
                'indexes': [models.Index(fields=['drive', '-id'], name='spot_by_drive')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('drive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='said', to='voices.drive')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('day', models.DateField()),
                ('picture', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.attachment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('drive', 'person'), name='statement_once')],
            },
        ),
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('title_en', models.CharField(blank=True, max_length=200)),
                ('why', models.CharField(blank=True, max_length=1000)),
                ('why_en', models.CharField(blank=True, max_length=2000)),
                ('authority', models.CharField(max_length=200)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='registry.body')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.place')),
                ('audience', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
                ('anonymous', models.BooleanField(default=True)),
                ('way', models.CharField(choices=[('invited', '请到的人，一人一份'), ('open', '扫码就能答')], max_length=8)),
                ('state', models.CharField(choices=[('draft', '草稿'), ('open', '正在问'), ('closed', '已截止'), ('published', '结果已公布')], default='draft', max_length=10)),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('seed', models.CharField(blank=True, max_length=40)),
                ('wanted', models.PositiveIntegerField(null=True)),
                ('population', models.PositiveIntegerField(null=True)),
                ('invited', models.PositiveIntegerField(null=True)),
                ('answered', models.PositiveIntegerField(null=True)),
                ('quotas', models.JSONField(default=list)),
                ('tally', models.JSONField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['body', '-opens_at', '-id'], name='survey_by_body'), models.Index(fields=['state', 'closes_at'], name='survey_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='survey_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('key', models.CharField(default=groundwork.base.ids.public_id, max_length=12, primary_key=True, serialize=False)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='voices.survey')),
                ('said', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='Signed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='signed', to='voices.answer')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('day', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='Spent',
            fields=[
                ('mark', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spent', to='voices.survey')),
            ],
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='voices.survey')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('survey', 'person'), name='seat_once')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='voices.survey')),
                ('order', models.PositiveSmallIntegerField()),
                ('key', models.CharField(max_length=8)),
                ('kind', models.CharField(choices=[('single', '单选'), ('several', '多选'), ('scale', '一到五分'), ('text', '文字'), ('matrix', '矩阵')], max_length=8)),
                ('text', models.CharField(max_length=300)),
                ('text_en', models.CharField(blank=True, max_length=500)),
                ('options', models.JSONField(default=list)),
                ('rows', models.JSONField(default=list)),
                ('required', models.BooleanField(default=False)),
                ('groups', models.BooleanField(default=False)),
                ('shown_if', models.JSONField(null=True)),
            ],
            options={
                'ordering': ['order', 'id'],
                'constraints': [models.UniqueConstraint(fields=('survey', 'key'), name='question_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Held',
            fields=[
                ('key', models.CharField(default=groundwork.base.ids.public_id, max_length=12, primary_key=True, serialize=False)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held', to='voices.survey')),
                ('sealed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Taking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='takings', to='voices.call')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='takings', to='registry.person')),
                ('state', models.CharField(choices=[('taken', '已报名'), ('given_back', '已退'), ('confirmed', '社区已确认'), ('released', '没有用上')], default='taken', max_length=10)),
                ('taken_at', models.DateTimeField()),
                ('began_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('account_id', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-id'], name='taking_by_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('taken', 'confirmed'))), fields=('call', 'person'), name='taking_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), ('ended_at__gt', models.F('began_at')), _connector='OR'), name='taking_confirmed_has_its_time')],
            },
        ),
        migrations.CreateModel(
            name='Text',
            fields=[
                ('key', models.CharField(default=groundwork.base.ids.public_id, max_length=12, primary_key=True, serialize=False)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='voices.survey')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='voices.question')),
                ('text', models.CharField(max_length=1000)),
                ('taken_up', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['survey', 'key'], name='text_by_survey')],
            },
        ),
    ]
