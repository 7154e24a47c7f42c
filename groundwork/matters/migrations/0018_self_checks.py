"""Categories of what units find with themselves, and the door it comes in by.

The five are the ones the city named; the office changes them like any other (Settings, Categories).
"""

from datetime import date, datetime, timezone

from django.db import migrations, models

from groundwork.base.ids import public_id

TOP = ("self-check", "对照检查")
PARTS = (
    ("check-responsibility", "责任落实"),
    ("check-organisation", "组织领导"),
    ("check-duty", "担当意识"),
    ("check-methods", "工作方法"),
    ("check-staffing", "人员力量"),
)
URGENCIES = ("normal", "urgent", "emergency")
DAYS = (1, 5, 60)  # working days to accept, to reply first, to have it put right


def write(apps, schema_editor):
    Category, Term = apps.get_model("matters", "Category"), apps.get_model("matters", "Term")
    accept, reply, solve = DAYS
    parent = None
    for order, (code, name) in enumerate((TOP, *PARTS), 900):
        row = Category.objects.create(
            public_id=public_id(), code=code, name=name, audience="staff", parent=parent,
            order=order,
        )
        parent = parent or row
    for urgency in URGENCIES:
        Term.objects.create(
            category=parent, urgency=urgency, accept_days=accept, reply_days=reply,
            solve_days=solve, valid_from=date(2000, 1, 1),
            written_at=datetime(2020, 1, 1, tzinfo=timezone.utc),
        )


class Migration(migrations.Migration):

    dependencies = [("matters", "0017_terms_once")]

    operations = [
        migrations.AlterField(
            model_name="category",
            name="audience",
            field=models.CharField(choices=[("people", "群众"), ("enterprise", "企业"), ("both", "群众和企业"), ("staff", "单位自查")], default="people", max_length=12),
        ),
        migrations.AlterField(
            model_name="matter",
            name="door",
            field=models.CharField(choices=[("portal", "群众自己提"), ("enterprise", "企业自己提"), ("staff", "干部代提"), ("phone", "电话"), ("hotline", "12345热线"), ("open311", "开放接口"), ("visit", "走访发现"), ("patrol", "巡查发现"), ("round", "征询收到"), ("television", "电视问政"), ("campaign", "大讨论")], max_length=12),
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
