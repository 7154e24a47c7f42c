from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0004_trust'),
    ]

    operations = [
        migrations.AlterField(
            model_name='matter',
            name='source_id',
            field=models.CharField(blank=True, max_length=40),
        ),
    ]
