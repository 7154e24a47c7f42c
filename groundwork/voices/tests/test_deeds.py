"""Hours from another system: once, for one's own people, bad rows come back red."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from groundwork.base.errors import Forbidden, NotFound
from groundwork.registry.rules import imports as import_rules
from groundwork.voices.actions import deeds
from groundwork.voices.models import Deed
from groundwork.voices.queries.home import own_deeds
from groundwork.voices.rules import deed_sheet as rules
from groundwork.voices.tests.make import AT
from tests.world_voices import deed_sheet

GOOD = ("NB0012", "单晓芸", "2026-11-07", "秋季植树", "姚江边", "2.5", "V-1")


def upload(cast, *rows, who="clerk"):
    return deeds.upload_deeds(deed_sheet(*rows), name="志愿.xlsx", by=cast.actor(who), at=AT)


def test_the_same_sheet_twice_is_once_and_can_be_taken_back(cast):
    clerk = cast.actor("clerk")
    first = upload(cast, GOOD)
    assert deeds.confirm_deeds(first.public_id, by=clerk, at=AT) == 1
    [done] = own_deeds(cast.actor("staff"))
    assert (done.what, done.hours) == ("秋季植树", 2.5)
    again = upload(cast, GOOD, ("NB0012", "", "2026-11-08", "夜巡", "", "1", ""))
    assert (again.totals["same"], again.totals["new"]) == (1, 1)
    assert deeds.confirm_deeds(again.public_id, by=clerk, at=AT) == 1
    assert Deed.objects.count() == 2
    deeds.undo_deeds(again.public_id, by=clerk, at=AT)
    assert [deed.what for deed in Deed.objects.all()] == ["秋季植树"]


def test_bad_rows_come_back_red_and_do_not_go_in(cast, at):
    bad = [
        ("NB9999", "", "2026-11-07", "植树", "", "2", ""),
        ("NB0012", "张三", "2026-11-07", "植树", "", "2", ""),
        ("NB0012", "", "2026-12-31", "植树", "", "2", ""),
        ("NB0012", "", "2026-11-07", "植树", "", "25", ""),
        ("NB0012", "", "2026-11-07", "植树", "", "nan", ""),
        GOOD,
        GOOD,
    ]
    batch = upload(cast, *bad)
    assert (batch.totals["bad"], batch.totals["new"]) == (6, 1)
    with pytest.raises(import_rules.RowsLeft):
        deeds.confirm_deeds(batch.public_id, by=cast.actor("clerk"), at=AT)
    client = cast.client("clerk")
    assert client.get(reverse("voices:deed_sheet", args=[batch.public_id])).status_code == 200
    answer = client.get(reverse("voices:deed_marked", args=[batch.public_id]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert any("NB9999" in str(cell.value) for row in sheet.iter_rows() for cell in row)
    fills = {cell.fill.fgColor.rgb for row in sheet.iter_rows(min_row=2) for cell in row}
    assert len(fills) > 1
    done = deeds.confirm_deeds(batch.public_id, leaving_bad=True, by=cast.actor("clerk"), at=AT)
    assert done == 1


def test_other_units_people_are_unknown_and_not_everybody_imports(cast):
    batch = upload(cast, GOOD, who="other_secretary")
    assert batch.totals["bad"] == 1
    with pytest.raises(Forbidden):
        upload(cast, GOOD, who="staff")
    mine = upload(cast, GOOD)
    with pytest.raises(NotFound):
        deeds.confirm_deeds(mine.public_id, by=cast.actor("other_secretary"), at=AT)


def test_the_form_takes_a_sheet_and_the_template_is_understood(cast, at):
    client = cast.client("clerk")
    empty = client.get(reverse("voices:deeds_template")).content
    book = openpyxl.load_workbook(io.BytesIO(empty))
    book.active.append(["NB0012", "", "2026-11-07", "植树", "", "2"])
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("a.xlsx", out.getvalue())
    answer = client.post(reverse("voices:deeds"), {"file": file}, follow=True)
    assert answer.context["batch"].totals["new"] == 1


@pytest.mark.parametrize("cell", ["0", "-1", "24.5", "两小时", "inf", "1e3"])
def test_what_is_no_time_of_a_day_is_refused(cell):
    with pytest.raises(rules.BadHours):
        rules.time_of(cell)
