import django.db.models.deletion
import groundwork.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('live', '0001_initial'), ('live', '0002_watching'), ('live', '0003_broadcast')]

    initial = True

    dependencies = [
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Stream',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('subject_kind', models.CharField(blank=True, max_length=40)),
                ('subject_id', models.CharField(blank=True, max_length=40)),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('source', models.CharField(choices=[('embedded', '本平台直播'), ('upload', '上传录像'), ('outside', '外部直播链接')], default='embedded', max_length=8)),
                ('outside_url', models.URLField(blank=True)),
                ('reach', models.CharField(choices=[('hosts', '仅主办方（尚未公布）'), ('staff', '登录后可看'), ('public', '公开，不必登录')], default='public', max_length=8)),
                ('state', models.CharField(choices=[('waiting', '未开始'), ('on_air', '直播中'), ('broken', '信号中断'), ('ended', '已结束')], default='waiting', max_length=8)),
                ('key_digest', models.CharField(blank=True, max_length=64)),
                ('key_made_at', models.DateTimeField(null=True)),
                ('key_made_by', models.BigIntegerField(null=True)),
                ('opened_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('broken_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('captions', models.TextField(blank=True)),
                ('captions_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['starts_at', 'id'], name='stream_by_start'), models.Index(condition=models.Q(('state', 'ended'), _negated=True), fields=['ends_at'], name='stream_not_ended')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='stream_ends_after_start'), models.UniqueConstraint(condition=models.Q(('subject_id', ''), _negated=True), fields=('subject_kind', 'subject_id'), name='stream_once_per_subject'), models.UniqueConstraint(condition=models.Q(('key_digest', ''), _negated=True), fields=('key_digest',), name='stream_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Recording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('stream', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recordings', to='live.stream')),
                ('origin', models.CharField(choices=[('broadcast', '直播录制'), ('upload', '上传')], max_length=10)),
                ('state', models.CharField(choices=[('growing', '录制中'), ('waiting', '等待处理'), ('working', '处理中'), ('ready', '可以回看'), ('refused', '无法使用'), ('erased', '已到期删除')], max_length=8)),
                ('problem', models.CharField(blank=True, max_length=20)),
                ('cut_short', models.BooleanField(default=False)),
                ('duration', models.FloatField(null=True)),
                ('trim_start', models.FloatField(default=0)),
                ('trim_end', models.FloatField(null=True)),
                ('shown_start', models.FloatField(null=True)),
                ('shown_end', models.FloatField(null=True)),
                ('size', models.BigIntegerField(default=0)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('ready_at', models.DateTimeField(null=True)),
                ('shown', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'working'])), fields=['made_at'], name='recording_to_do')],
                'constraints': [models.CheckConstraint(condition=models.Q(('trim_end', None), ('trim_end__gt', models.F('trim_start')), _connector='OR'), name='recording_trim_forward'), models.CheckConstraint(condition=models.Q(('trim_start__gte', 0)), name='recording_trim_from_0')],
            },
        ),
        migrations.CreateModel(
            name='Push',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('stream', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pushes', to='live.stream')),
                ('part', models.PositiveSmallIntegerField(default=0)),
                ('rehearsal', models.BooleanField(default=False)),
                ('began_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ending', models.CharField(blank=True, choices=[('stopped', '推流端停止'), ('lost', '线路中断'), ('restart', '服务器重启'), ('codec', '编码不支持'), ('disk', '磁盘已满'), ('closed', '主办方结束'), ('second', '已有人在推流，被拒绝')], max_length=8)),
                ('video', models.CharField(blank=True, max_length=40)),
                ('audio', models.CharField(blank=True, max_length=40)),
                ('found', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('stream',), name='push_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='OutsideFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outside_figures', to='live.stream')),
                ('figure', models.CharField(choices=[('plays', '播放次数'), ('viewers', '观看人数（去重）'), ('peak', '同时在线峰值')], max_length=8)),
                ('number', models.PositiveBigIntegerField()),
                ('source', models.CharField(max_length=120)),
                ('said_on', models.DateField()),
                ('recorded_by', models.BigIntegerField(null=True)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='outside_figure_has_source')],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='digest', to='live.stream')),
                ('plays', models.PositiveBigIntegerField()),
                ('viewers', models.PositiveBigIntegerField()),
                ('peak', models.PositiveBigIntegerField()),
                ('peak_at', models.DateTimeField(null=True)),
                ('curve', models.JSONField(default=list)),
                ('curve_from', models.DateTimeField()),
                ('refused', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('peak__lte', models.F('viewers')), ('viewers__lte', models.F('plays'))), name='digest_figures_agree')],
            },
        ),
        migrations.CreateModel(
            name='RecordingPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recording', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='live.recording')),
                ('number', models.PositiveSmallIntegerField()),
                ('push', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='live.push')),
                ('file', models.CharField(max_length=80)),
                ('size', models.BigIntegerField(default=0)),
                ('duration', models.FloatField(null=True)),
            ],
            options={
                'ordering': ['recording', 'number'],
                'constraints': [models.UniqueConstraint(fields=('recording', 'number'), name='part_once')],
            },
        ),
    ]
