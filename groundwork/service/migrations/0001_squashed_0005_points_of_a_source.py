import django.db.models.deletion
import groundwork.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('service', '0001_initial'), ('service', '0002_visits_held_rounds_told'), ('service', '0003_patrols_kept'), ('service', '0004_held_patrols'), ('service', '0005_points_of_a_source')]

    initial = True

    dependencies = [
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_points', to='registry.body')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_points', to='registry.place')),
                ('weekdays', models.JSONField(default=list)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('source_kind', models.CharField(blank=True, max_length=40)),
                ('source_id', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='contact_point_runs_forward'), models.UniqueConstraint(condition=models.Q(models.Q(('source_id', ''), _negated=True), ('valid_to', None)), fields=('source_kind', 'source_id', 'body', 'place'), name='contact_point_of_a_source_once')],
            },
        ),
        migrations.CreateModel(
            name='PatrolArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='patrol_areas', to='registry.body')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('places', models.ManyToManyField(related_name='patrol_areas', to='registry.place')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Patrol',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('client_key', models.CharField(max_length=40, null=True, unique=True)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='patrols', to='service.patrolarea')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='patrols', to='registry.person')),
                ('day', models.DateField()),
                ('note', models.CharField(blank=True, max_length=300)),
                ('found', models.PositiveSmallIntegerField(default=0)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['area', '-day', '-id'], name='patrol_by_area')],
            },
        ),
        migrations.CreateModel(
            name='HeldVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('client_key', models.CharField(max_length=40, unique=True)),
                ('account_id', models.BigIntegerField()),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='service.patrolarea')),
                ('fields', models.JSONField()),
                ('held_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['account_id', '-id'], name='held_by_account')],
            },
        ),
        migrations.CreateModel(
            name='AreaKeeper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keepers', to='service.patrolarea')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kept_areas', to='registry.person')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('area',), name='area_one_keeper')],
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='registry.body')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.place')),
                ('audience', models.CharField(choices=[('named', '指定的人或企业'), ('enterprises', '范围内的企业'), ('all', '所有人')], max_length=12)),
                ('state', models.CharField(choices=[('draft', '草稿'), ('open', '征询中'), ('closed', '已截止'), ('reported', '结果已公布')], default='draft', max_length=12)),
                ('why', models.TextField(blank=True)),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('outcome', models.TextField(blank=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('reported_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['body', '-opens_at', '-id'], name='round_by_body'), models.Index(fields=['state', '-opens_at', '-id'], name='round_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='round_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='RoundInvite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invites', to='service.round')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('body', None), ('person__isnull', False)), models.Q(('body__isnull', False), ('person', None)), _connector='OR'), name='invite_person_or_body'), models.UniqueConstraint(fields=('round', 'person', 'body'), name='invite_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='RoundQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='service.round')),
                ('order', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RoundReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='service.round')),
                ('client_key', models.CharField(max_length=40, null=True, unique=True)),
                ('account_id', models.BigIntegerField(null=True)),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
                ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.place')),
                ('answers', models.JSONField(default=dict)),
                ('matters', models.PositiveSmallIntegerField(default=0)),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['round', '-id'], name='reply_by_round')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('account_id__isnull', False)), fields=('round', 'account_id'), name='reply_once_per_account'), models.UniqueConstraint(condition=models.Q(('body__isnull', False)), fields=('round', 'body'), name='reply_once_per_body')],
            },
        ),
        migrations.CreateModel(
            name='SquadMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact_point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='squad', to='service.contactpoint')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='squads', to='registry.person')),
                ('leads', models.BooleanField(default=False)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('contact_point', 'person'), name='squad_member_once')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('client_key', models.CharField(max_length=40, null=True, unique=True)),
                ('service', models.CharField(choices=[('enterprises', '服务企业'), ('people', '服务群众'), ('grassroots', '服务基层')], max_length=12)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='registry.body')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='registry.place')),
                ('township', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.place')),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.place')),
                ('host', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visited', to='registry.body')),
                ('contact_point', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='service.contactpoint')),
                ('priority', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.priority')),
                ('day', models.DateField()),
                ('brought', models.JSONField(default=list)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('found', models.PositiveSmallIntegerField(default=0)),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('account_id', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['-day', '-id'], name='visit_newest'), models.Index(fields=['unit', '-day', '-id'], name='visit_by_unit'), models.Index(fields=['district', '-day', '-id'], name='visit_by_district'), models.Index(fields=['township', '-day', '-id'], name='visit_by_township'), models.Index(fields=['place', '-day', '-id'], name='visit_by_place'), models.Index(condition=models.Q(('host__isnull', False)), fields=['host', '-day', '-id'], name='visit_by_host'), models.Index(condition=models.Q(('contact_point__isnull', False)), fields=['contact_point', '-day', '-id'], name='visit_by_point')],
            },
        ),
        migrations.CreateModel(
            name='Visitor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visitors', to='service.visit')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='registry.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('visit', 'person'), name='visitor_once')],
            },
        ),
    ]
