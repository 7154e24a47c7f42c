"""Let every invitation have its right to answer from the beginning: a rate is of those invited."""

from django.db import migrations, models

from groundwork.base import vault


def issue(apps, schema_editor):
    """Give the seats of running surveys their rights, those that were used up as used.

    A survey whose key is gone can take no answer any more, and needs none.
    """
    Survey, Seat, Right = (apps.get_model("voices", one) for one in ("Survey", "Seat", "Right"))
    for survey in Survey.objects.filter(state="open", way="invited").order_by("pk"):
        key = f"survey-{survey.public_id}"
        seats = list(Seat.objects.filter(survey=survey).values_list("pk", "person"))
        try:
            marks = vault.mac_all(key, [f"seat {pk}" for pk, _person in seats])
            before = vault.mac_all(key, [f"person {person}" for _pk, person in seats])
        except vault.KeyGone:
            continue
        spent = set(Right.objects.filter(survey=survey).values_list("mark", flat=True))
        Right.objects.filter(survey=survey).delete()
        rights = sorted((mark, was in spent) for mark, was in zip(marks, before, strict=True))
        Right.objects.bulk_create(
            (Right(mark=mark, survey=survey, used=used) for mark, used in rights), batch_size=5000
        )


class Migration(migrations.Migration):

    dependencies = [
        ("voices", "0001_squashed_0002_surveys"),
    ]

    operations = [
        migrations.RenameModel(old_name="Spent", new_name="Right"),
        migrations.AlterField(
            model_name="right",
            name="survey",
            field=models.ForeignKey(
                on_delete=models.CASCADE, related_name="rights", to="voices.survey"
            ),
        ),
        migrations.AddField(
            model_name="right",
            name="used",
            field=models.BooleanField(default=True),
            preserve_default=False,
        ),
        migrations.RunPython(issue, migrations.RunPython.noop),
    ]
