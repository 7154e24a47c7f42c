from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0021_priority_index'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='calltask',
            name='call_once_per_raiser',
        ),
        migrations.RemoveConstraint(
            model_name='verdict',
            name='verdict_once_per_round',
        ),
        migrations.AddConstraint(
            model_name='calltask',
            constraint=models.UniqueConstraint(fields=('raiser', 'matter', 'round'), name='call_once_per_raiser'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.UniqueConstraint(fields=('raiser', 'matter', 'round'), name='verdict_once_per_round'),
        ),
    ]
