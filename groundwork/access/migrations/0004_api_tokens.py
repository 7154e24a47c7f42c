from django.db import migrations, models
import django.db.models.deletion
import groundwork.base.ids


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0003_dispatcher'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=groundwork.base.ids.public_id, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('acts_as', models.CharField(blank=True, max_length=12)),
                ('created_at', models.DateTimeField()),
                ('used_on', models.DateField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to='access.account')),
            ],
            options={
                'indexes': [models.Index(fields=['account', '-id'], name='api_token_by_account')],
            },
        ),
    ]
