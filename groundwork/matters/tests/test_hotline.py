"""The round trip with the hotline: every row checked, once for ever, taken back, answered."""

import io
from datetime import timedelta

import openpyxl
import pytest
import xlsxwriter
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import SearchEntry, TrailEntry
from groundwork.matters.actions import hotline as actions
from groundwork.matters.models import Matter, Raiser, Step, Verdict
from groundwork.matters.policy import hotline as policy
from groundwork.matters.queries import hotline_back
from groundwork.matters.queries.hotline_back import Wanted
from groundwork.matters.queries.hotline_sheets import template
from groundwork.matters.rules import hotline as rules
from groundwork.matters.tests.make import ANSWER, CITY, _go
from groundwork.registry.models import Place
from groundwork.registry.queries.workbooks import marked_sheet
from groundwork.registry.rules.imports import EmptySheet, IdNumbersInside, NothingToWrite, RowsLeft

pytestmark = pytest.mark.django_db
HEADER = ["工单号", "受理时间", "事发地址", "诉求内容", "分类", "办理时限", "联系电话", "保密"]
LAMP = ["NB-001", "2026-11-23 09:30", "海曙区南门街道澄浪社区北门", "路灯坏了三天没人修。",
        "道路与市政设施", "2026-11-27", "139 0574 0001", "是"]  # fmt: skip
NOISE = ["NB-002", "2026/11/24 8:05", "柳锦社区", "夜里打桩，老人睡不着。", "noise", "", "", ""]


def sheet(*rows, header=HEADER) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("导出")
    for n, row in enumerate([header, *rows]):
        page.write_row(n, 0, row)
    book.close()
    return out.getvalue()


def upload(cast, *rows, who="dispatcher"):
    return actions.upload_orders(sheet(*rows), name="热线.xlsx", by=cast.actor(who))


def take_in(cast, *rows):
    by = cast.actor("dispatcher")
    return actions.confirm_orders(upload(cast, *rows).public_id, leaving_bad=True, by=by)


def table(content: bytes) -> list[list[str]]:
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]


# ---- in -----------------------------------------------------------------------------------------
def test_orders_become_matters_of_the_hotlines_door_with_its_deadline(cast, at):
    batch = take_in(cast, LAMP, NOISE)
    assert batch.totals["new"] == 2
    lamp = Matter.objects.get(source_kind=rules.SOURCE, source_id="NB-001")
    assert (lamp.door, lamp.state, lamp.place) == ("hotline", "raised", cast.places["chenglang"])
    assert lamp.raised_at.isoformat() == "2026-11-23T01:30:00+00:00"
    assert lamp.solve_by.isoformat() == "2026-11-27T09:30:00+00:00"  # the office ends at 17:30
    assert lamp.confidential
    raiser = Raiser.objects.get(matter=lamp)
    assert (raiser.phone, raiser.first) == ("13905740001", True)
    assert not TrailEntry.objects.filter(object_id__contains="1390574").exists()
    assert Matter.objects.get(source_id="NB-002").category.code == "noise"


def test_the_same_orders_again_write_nothing(cast, at):
    take_in(cast, LAMP)
    again = upload(cast, LAMP, NOISE)
    assert (again.totals["new"], again.totals["same"]) == (1, 1)
    actions.confirm_orders(again.public_id, by=cast.actor("dispatcher"))
    assert Matter.objects.count() == 2


def test_an_order_that_comes_again_with_other_words_is_told_and_overwrites_nothing(cast, at):
    take_in(cast, LAMP, NOISE)
    lamp = Matter.objects.get(source_id="NB-001")
    for verb in ("accept", "assign"):
        _go(cast, lamp, verb, "unit", "路灯坏了。", at)
    again = [*LAMP[:3], "路灯修过又坏了，还漏电，电话13905740001。", *LAMP[4:]]
    by = cast.actor("dispatcher")
    for told in (1, 0):  # the second time it says nothing new
        batch = upload(cast, again, NOISE)
        assert (batch.totals["changed"], batch.totals["same"]) == (told, 2 - told)
        if told:
            assert actions.confirm_orders(batch.public_id, by=by).totals["changed"] == 1
    with pytest.raises(NothingToWrite):
        actions.confirm_orders(batch.public_id, by=by)
    step = lamp.steps.get(verb="told_anew")
    assert ("漏电" in step.text, step.audience) == (True, "staff")
    assert Matter.objects.get(pk=lamp.pk).text == LAMP[3]
    assert Notice.objects.filter(account=cast.accounts["unit_handler"]).exists()
    back = upload(cast, LAMP)  # and back to the first words: that is news again
    assert back.totals["changed"] == 1


def test_two_sheets_checked_side_by_side_bring_an_order_once(cast, at):
    one, other = upload(cast, LAMP), upload(cast, LAMP, NOISE)
    by = cast.actor("dispatcher")
    actions.confirm_orders(one.public_id, by=by)
    actions.confirm_orders(other.public_id, by=by)
    assert Matter.objects.filter(source_id="NB-001").count() == 1
    assert Matter.objects.count() == 2


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (0, "", "registry.missing"),
        (0, "编号一", rules.BadOrder.code),
        (1, "上周三", rules.BadTime.code),
        (1, "2026-11-25 09:00", rules.InFuture.code),
        (2, "", "registry.missing"),
        (2, "火星基地", "registry.unknown_place"),
        (3, "坏", rules.BadWords.code),
        (4, "天外来客", rules.CategoryToChoose.code),
        (5, "2026-11-01", rules.DeadlineFirst.code),
        (6, "打我家电话", rules.BadPhone.code),
        (7, "也许", "registry.bad_yes_no"),
    ],
)
def test_a_bad_row_stays_out_with_its_reason_in_the_clerks_own_sheet(cast, at, column, value, code):
    bad = [value if i == column else cell for i, cell in enumerate(LAMP)]
    batch = upload(cast, NOISE, bad)
    assert [(p.row, p.code) for p in batch.problems.all()] == [(3, code)]
    by = cast.actor("dispatcher")
    with pytest.raises(RowsLeft):
        actions.confirm_orders(batch.public_id, by=by)
    back = openpyxl.load_workbook(io.BytesIO(marked_sheet(batch, rules.COLUMNS))).active
    assert [cell.value for cell in back[1]][:8] == HEADER
    assert back.max_row == 2
    assert back.cell(2, column + 1).fill.start_color.rgb == "FFF8D7DA"
    assert back.cell(2, 9).value
    actions.confirm_orders(batch.public_id, leaving_bad=True, by=by)
    assert list(Matter.objects.values_list("source_id", flat=True)) == ["NB-002"]


def test_a_name_of_two_places_and_an_unknown_category_are_choices(cast, at):
    twin = Place.objects.create(
        path="0001000200010002", depth=4, code="330212001002", name="澄浪社区", level="community"
    )
    row = ["NB-3", LAMP[1], "澄浪社区", "路面坑洼，没有人来修。", "市容", "", "", ""]
    batch = upload(cast, row)
    assert batch.totals["choice"] == 1
    by = cast.actor("dispatcher")
    problems = {p.column: p for p in batch.problems.all()}
    assert {choice["id"] for choice in problems["place"].choices} == {
        twin.public_id, cast.places["chenglang"].public_id,
    }  # fmt: skip
    assert problems["category"].choices[0]["label"] == "道路与市政设施"  # by the words
    chosen = {(2, "place"): twin.public_id, (2, "category"): problems["category"].choices[0]["id"]}
    again = actions.choose_for_orders(batch.public_id, chosen, by=by)
    assert (again.totals["new"], again.totals["choice"]) == (1, 0)
    actions.confirm_orders(batch.public_id, by=by)
    matter = Matter.objects.get()
    assert (matter.place, matter.category.code) == (twin, "roads")


def test_one_number_twice_in_a_sheet_is_told_where_the_rows_differ(cast, at):
    batch = upload(cast, LAMP, LAMP, [*NOISE[:0], "NB-001", *NOISE[1:]])
    assert [(p.row, p.code) for p in batch.problems.all()] == [(4, rules.OrderTwice.code)]
    assert (batch.totals["new"], batch.totals["same"]) == (1, 1)


def test_a_place_that_is_not_ones_own_is_refused(cast, at):
    row = ["NB-9", LAMP[1], "东升社区", *LAMP[3:]]
    batch = upload(cast, LAMP, row, who="district_operator")
    assert [(p.row, p.code) for p in batch.problems.all()] == [(3, rules.PlaceElsewhere.code)]


def test_a_csv_is_read_and_a_template_and_an_id_number_are_known(cast, at):
    lines = "\n".join(",".join(row) for row in (HEADER, LAMP))
    by = cast.actor("dispatcher")
    batch = actions.upload_orders(lines.encode("gb18030"), name="热线.csv", by=by)
    assert batch.totals["new"] == 1
    with pytest.raises(EmptySheet):  # only the sample
        actions.upload_orders(template(), name="模板.xlsx", by=by)
    card = [*LAMP[:3], "我的身份证是11010519491231002X，请回电。", *LAMP[4:]]
    for content in (sheet(card), ",".join(HEADER).encode() + b"\n" + ",".join(card).encode()):
        with pytest.raises(IdNumbersInside):
            actions.upload_orders(content, name="热线", by=by)


def test_only_who_dispatches_exchanges_and_only_the_city_sees_others_sheets(cast, at):
    for who in ("handler", "clerk", "unit_secretary", "auditor", "staff"):
        with pytest.raises(Forbidden):
            upload(cast, LAMP, who=who)
    citys = upload(cast, LAMP)
    districts = upload(cast, LAMP, who="district_operator")
    with pytest.raises(NotFound):
        policy.batch_for(cast.actor("district_operator"), citys.public_id, "view")
    assert policy.batch_for(cast.actor("dispatcher"), districts.public_id, "view")


# ---- taken back --------------------------------------------------------------------------------
def test_an_import_is_taken_back_with_all_it_wrote(cast, at):
    batch = take_in(cast, LAMP, NOISE)
    by = cast.actor("dispatcher")
    actions.undo_orders(batch.public_id, by=by)
    assert not Matter.objects.exists()
    assert not Raiser.objects.exists()
    assert not SearchEntry.objects.filter(kind="matters.matter").exists()
    assert upload(cast, LAMP).totals["new"] == 1


def test_what_has_moved_since_stays_and_is_told(cast, at):
    batch = take_in(cast, LAMP, NOISE)
    by = cast.actor("dispatcher")
    _go(cast, Matter.objects.get(source_id="NB-001"), "accept", "unit", "路灯坏了。", at)
    with pytest.raises(rules.MovedSince) as told:
        actions.undo_orders(batch.public_id, by=by)
    assert told.value.params["n"] == 1
    undone = actions.undo_orders(batch.public_id, leaving_moved=True, by=by)
    assert undone.totals["kept"] == 1
    assert list(Matter.objects.values_list("source_id", flat=True)) == ["NB-001"]


# ---- the way back ------------------------------------------------------------------------------
def answered(cast, at, order="NB-001", lead="unit"):
    matter = Matter.objects.get(source_id=order)
    for minutes, verb in enumerate(("accept", "assign", "start", "answer")):
        _go(cast, matter, verb, lead, "路灯坏了。", at + timedelta(minutes=minutes))
    return matter


def test_answers_and_verdicts_go_back_in_the_hotlines_columns_once(cast, at):
    take_in(cast, LAMP, NOISE)
    matter = answered(cast, at)
    by, later = cast.actor("dispatcher"), at + timedelta(hours=1)
    _batch, content = actions.export_answers(Wanted(), by=by, at=later)
    header, *rows = table(content)
    assert header == list(rules.BACK)
    due = matter.solve_by.astimezone(at.tzinfo)
    [row] = rows  # of the other order there is nothing new
    assert dict(zip(header, row, strict=True)) | {"答复时间": ""} == {
        "工单编号": "NB-001", "来电时间": "2026-11-23 09:30", "地点": "海曙区 南门街道 澄浪社区",
        "类别": "道路与市政设施", "办结期限": f"{due:%Y-%m-%d %H:%M}",
        "承办单位": "海曙区教育局", "办理状态": "已答复，待本人确认", "答复内容": ANSWER,
        "答复时间": "",
        "诉求人确认解决": "", "诉求人满意": "", "诉求人的话": "", "来电号码": "13905740001",
    }  # fmt: skip
    assert TrailEntry.objects.filter(verb="export", kind="matters.hotline").exists()
    with pytest.raises(rules.NothingNew):
        actions.export_answers(Wanted(), by=by, at=later)
    raiser = Raiser.objects.get(matter=matter)
    Verdict.objects.create(
        matter=matter, raiser=raiser, round=0, source="page", at=later, solved=False,
        satisfied=False, words="还是黑的",
    )  # fmt: skip
    _go(cast, matter, "refuse", "unit", "", later)
    _batch, content = actions.export_answers(Wanted(), by=by, at=later + timedelta(hours=1))
    [row] = table(content)[1:]
    assert row[9:12] == ["否", "否", "还是黑的"]


def test_an_export_that_is_full_ends_where_the_next_begins(cast, at, monkeypatch):
    rows = [[f"NB-{n:03}", *NOISE[1:]] for n in range(5)]
    take_in(cast, *rows)
    for matter in Matter.objects.order_by("pk"):
        _go(cast, matter, "accept", "unit", "", at - timedelta(hours=1))
    monkeypatch.setattr(hotline_back, "STEPS_AT_ONCE", 2)
    most = {"most": 2}
    by, sent, span = cast.actor("dispatcher"), [], None
    newest = Step.objects.latest("pk").pk
    span = hotline_back.Span(0, newest)
    while span.since < span.through:
        found = hotline_back.to_send(by, Wanted(), span, at, **most)
        assert len(found.pks) <= 3
        sent += found.pks
        span = hotline_back.Span(found.through, newest)
    assert sorted(sent) == sorted(Matter.objects.values_list("pk", flat=True))


def test_a_narrowed_export_leaves_the_others_for_the_next(cast, at):
    take_in(cast, LAMP, NOISE)
    answered(cast, at)
    answered(cast, at, "NB-002")
    by, later = cast.actor("dispatcher"), at + timedelta(hours=1)
    narrowed = Wanted(place=cast.places["chenglang"].public_id)
    _batch, content = actions.export_answers(narrowed, by=by, at=later)
    assert [row[0] for row in table(content)[1:]] == ["NB-001"]
    _batch, content = actions.export_answers(Wanted(), by=by, at=later)
    assert [row[0] for row in table(content)[1:]] == ["NB-001", "NB-002"]


def test_a_withheld_order_and_a_hidden_callers_number_do_not_go_back(cast, at):
    take_in(cast, LAMP, NOISE)
    answered(cast, at, lead="bureau")  # where the dispatcher works
    withheld = answered(cast, at, "NB-002")
    Matter.objects.filter(pk=withheld.pk).update(withheld_until=at + timedelta(days=3))
    later = at + timedelta(hours=1)
    _batch, content = actions.export_answers(Wanted(), by=cast.actor("dispatcher"), at=later)
    assert [(row[0], row[12]) for row in table(content)[1:]] == [("NB-001", "")]


# ---- pages -------------------------------------------------------------------------------------
def test_the_pages_lead_through_the_whole_road(cast, at):
    client = cast.client("dispatcher")
    file = io.BytesIO(sheet(LAMP, ["NB-7", *LAMP[1:2], "火星基地", *LAMP[3:]]))
    file.name = "热线.xlsx"
    page = client.post(reverse("matters:hotline"), {"file": file}, follow=True)
    assert "海曙区" not in page.content.decode()  # no problem with the good row
    assert "火星基地" in page.content.decode()
    where = page.redirect_chain[-1][0]
    assert client.get(f"{where}marked/").status_code == 200
    client.post(f"{where}confirm/", {"leaving_bad": "yes"})
    assert Matter.objects.count() == 1
    answered(cast, at - timedelta(hours=1))
    listed = client.get(reverse("matters:hotline"), {"state": "answered"})
    assert listed.context["waiting"].n == 1
    sent = client.post(reverse("matters:hotline_export"), {"state": "answered"})
    assert [row[0] for row in table(sent.content)[1:]] == ["NB-001"]
    empty = client.post(reverse("matters:hotline_export"), {"state": "answered"}, follow=True)
    assert "没有新的答复" in empty.content.decode()
    client.post(f"{where}undo/")
    assert Matter.objects.count() == 1  # it was answered
    assert cast.client("handler").get(reverse("matters:hotline")).status_code == 403
    assert cast.client("district_operator").get(where).status_code == 404


def test_a_thousand_orders_take_as_many_statements_as_ten(cast, at, django_assert_max_num_queries):
    rows = [[f"NB-{n:05}", *LAMP[1:]] for n in range(1000)]
    with django_assert_max_num_queries(45):
        batch = upload(cast, *rows)
    with django_assert_max_num_queries(70):
        actions.confirm_orders(batch.public_id, by=CITY)
    assert Step.objects.count() == 1000
