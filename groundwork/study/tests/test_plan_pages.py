"""The planners' pages: evenings, programmes, tours, the library."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from groundwork.study.actions.library import Upload, add_material
from groundwork.study.actions.programme import create_programme
from groundwork.study.models import Evening, Material, Programme, Series, Topic
from groundwork.study.queries.todo import todo
from groundwork.study.tests.make import CITY, MADE, NEXT, a_draft, an_evening

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"study:{name}", args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def filled(**changes: object) -> dict[str, object]:
    usual = {
        "title": "学习新修订的条例",
        "day": "2026-12-01",
        "starts": "18:15",
        "ends": "19:50",
        "theme": "political",
        "form": "systematic",
        "led_by": "branch",
        "host_q": "海曙区教育局",
    }
    return usual | changes


# --- the plan ---------------------------------------------------------------------------------


def test_a_new_plan_offers_the_next_tuesday_evening_of_the_own_unit(cast, at):
    html = page(cast.client("unit_secretary"), "evening_new")
    assert 'value="2026-12-01"' in html
    assert 'value="18:15"' in html
    assert "海曙区教育局" in html


def test_a_secretary_plans_sees_who_is_expected_and_publishes(cast, at):
    client = cast.client("unit_secretary")
    data = filled(room="三楼会议室", capacity="3", speakers="陈海波，解读条例\nNB0003，学习体会")
    answer = client.post(reverse("study:evening_new"), data)
    evening = Evening.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("study:evening_publish", args=[evening.public_id])
    outsider, colleague = evening.speakers.all()
    assert (outsider.name, outsider.subject) == ("陈海波", "解读条例")
    assert (outsider.person, colleague.person) == (None, cast.people["unit_secretary"])
    html = page(client, "evening_publish", evening.public_id)
    assert "会场共 3 座，应到 5 人，坐不下。" in html
    client.post(answer.url)
    evening.refresh_from_db()
    assert evening.state == "published"
    assert "三楼会议室" in page(cast.client("staff"), "evening", evening.public_id)


def test_a_short_evening_is_refused_with_the_reason_on_the_page(cast, at):
    client = cast.client("unit_secretary")
    client.post(reverse("study:evening_new"), filled(ends="19:00"))
    evening = Evening.objects.get()
    answer = client.post(reverse("study:evening_publish", args=[evening.public_id]))
    assert answer.status_code == 422
    assert "夜学不少于 90 分钟。" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"audience": "没有这个单位"}, "“没有这个单位”不在单位目录里"),
        ({"audience": "鄞州区水利局"}, "不归您安排"),
        ({"host_q": "鄞州区水利局"}, "没有找到"),
        ({"ends": "17:00"}, "结束时间要晚于开始时间。"),
    ],
)
def test_a_plan_outside_the_own_scope_or_sense_comes_back(cast, at, changes, sentence):
    answer = cast.client("unit_secretary").post(reverse("study:evening_new"), filled(**changes))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Evening.objects.exists()


def test_an_audience_is_pasted_by_name_or_code(cast, at):
    client = cast.client("district_operator")
    data = filled(host_q="海曙区委", audience="海曙区教育局\n\n HS-NM ")
    client.post(reverse("study:evening_new"), data)
    evening = Evening.objects.get()
    assert [b.code for b in evening.audience.order_by("path")] == ["HS-JYJ", "HS-NM"]
    assert "海曙区教育局\n南门街道办事处" in page(client, "evening_edit", evening.public_id)


def test_an_ambiguous_office_is_a_choice_of_codes(cast, at):
    data = filled(host_q="宁波市委", audience="办公室")
    answer = cast.client("city_operator").post(reverse("study:evening_new"), data)
    assert "请改写代码：HS-JYJ-01、YZ-SLJ-01。" in answer.content.decode()


def test_a_unit_plans_its_own_evening_under_the_citys_from_that_page(cast, at):
    city = an_evening(cast.bodies["party"], title="全市夜学", theme="professional")
    client = cast.client("unit_secretary")
    assert f"?under={city.public_id}" in page(client, "evening", city.public_id)
    assert f"?under={city.public_id}" not in page(cast.client("staff"), "evening", city.public_id)
    html = page(client, "evening_new", under=city.public_id)
    assert f'<option value="{city.public_id}" selected>' in html
    assert 'value="全市夜学"' in html
    client.post(reverse("study:evening_new"), filled(parent=city.public_id))
    own = Evening.objects.get(parent=city)
    client.post(reverse("study:evening_publish", args=[own.public_id]))
    assert own.sheets.count() == 1
    assert "单位自办场" in page(client, "evening", city.public_id)


def test_staff_and_others_have_no_plan_to_make(cast, at):
    draft = a_draft(cast.bodies["unit"])
    for who in ("staff", "handler", "enterprise"):
        client = cast.client(who)
        for name in ("evening_new", "programme_new", "tour_new", "material_new"):
            assert client.get(reverse(f"study:{name}")).status_code == 403, (who, name)
        url = reverse("study:evening_publish", args=[draft.public_id])
        assert client.post(url).status_code == 404
    assert Client().get(reverse("study:evening_new")).status_code == 302


def test_an_edit_shows_what_stands_and_saves_it(cast, at):
    evening = an_evening(cast.bodies["unit"])
    client = cast.client("clerk")
    html = page(client, "evening_edit", evening.public_id)
    assert 'name="day"' not in html
    data = {k: v for k, v in filled(title="改个题目").items() if k not in ("day", "starts", "ends")}
    client.post(reverse("study:evening_edit", args=[evening.public_id]), data)
    evening.refresh_from_db()
    assert (evening.title, evening.starts_at) == ("改个题目", NEXT)


def test_last_weeks_evening_is_copied_with_one_tap(cast, at):
    model = an_evening(cast.bodies["unit"], starts_at=at + timedelta(hours=2))
    client = cast.client("unit_secretary")
    assert reverse("study:evening_copy", args=[model.public_id]) in page(client, "evenings")
    answer = client.post(reverse("study:evening_copy", args=[model.public_id]))
    copy = Evening.objects.get(state="draft")
    assert answer.url == reverse("study:evening_edit", args=[copy.public_id])
    assert copy.starts_at == model.starts_at + timedelta(weeks=1)


def test_moving_and_cancelling_ask_for_a_reason_and_say_it(cast, at):
    evening = an_evening(cast.bodies["unit"])
    client = cast.client("unit_secretary")
    move, cancel = (
        reverse(f"study:evening_{verb}", args=[evening.public_id]) for verb in ("move", "cancel")
    )
    times = {"day": "2026-12-03", "starts": "18:30", "ends": "20:00"}
    assert client.post(move, times).status_code == 200
    client.post(move, times | {"reason": "会议室检修"})
    html = page(cast.client("staff"), "evening", evening.public_id)
    assert "本场已改期。" in html
    assert "会议室检修" in html
    client.post(cancel, {"reason": "台风"})
    html = page(cast.client("staff"), "evening", evening.public_id)
    assert "本场已取消。" in html
    assert cast.client("staff").post(cancel, {"reason": "x"}).status_code == 403


def test_closing_says_what_is_missing(cast, at):
    evening = an_evening(cast.bodies["unit"], starts_at=at - timedelta(hours=3))
    Evening.objects.update(state="held")
    url = reverse("study:evening_close", args=[evening.public_id])
    answer = cast.client("unit_secretary").post(url, follow=True)
    assert "还有 1 个单位没有交名册" in answer.content.decode()
    assert cast.client("staff").post(url).status_code == 403


def test_a_unit_adds_and_removes_its_room_at_the_citys_evening(cast, at):
    city = an_evening(cast.bodies["party"])
    client = cast.client("unit_secretary")
    html = page(client, "evening", city.public_id)
    add = reverse("study:room_add", args=[city.public_id])
    assert add in html
    unit = cast.bodies["unit"].public_id
    client.post(add, {"body": unit, "name": "三楼会议室", "capacity": "40"})
    room = city.rooms.get()
    again = client.post(add, {"body": unit, "name": "三楼会议室"})
    assert again.status_code == 422
    assert "已有会场“三楼会议室”" in again.content.decode()
    other = client.post(add, {"body": cast.bodies["other_unit"].public_id, "name": "大厅"})
    assert other.status_code == 422
    assert add not in page(cast.client("staff"), "evening", city.public_id)
    client.post(reverse("study:room_remove", args=[city.public_id, room.public_id]))
    assert not city.rooms.exists()


# --- lists ------------------------------------------------------------------------------------


def test_a_member_of_staff_sees_the_own_evenings_first_and_all_on_request(cast, at):
    an_evening(cast.bodies["unit"], title="教育局夜学")
    an_evening(cast.bodies["other_unit"], title="水利局夜学")
    a_draft(cast.bodies["unit"], title="草稿夜学", starts_at=NEXT + timedelta(weeks=1))
    client = cast.client("staff")
    mine, everything = page(client, "evenings"), page(client, "evenings", scope="all")
    assert "教育局夜学" in mine
    assert "水利局夜学" not in mine
    assert "水利局夜学" in everything
    assert "草稿夜学" not in everything
    assert "草稿夜学" not in page(client, "evenings", when="drafts", scope="all")
    assert "草稿夜学" in page(cast.client("clerk"), "evenings", when="drafts")


def test_the_list_narrows_by_month_theme_and_words(cast, at):
    an_evening(cast.bodies["unit"], title="十二月夜学")
    an_evening(
        cast.bodies["unit"],
        title="一月夜学",
        theme="professional",
        starts_at=NEXT + timedelta(weeks=6),
    )
    client = cast.client("staff")
    for query, found, missing in (
        ({"month": "2026-12"}, "十二月夜学", "一月夜学"),
        ({"theme": "professional"}, "一月夜学", "十二月夜学"),
        ({"q": "十二月"}, "十二月夜学", "一月夜学"),
    ):
        html = page(client, "evenings", **query)
        assert found in html
        assert missing not in html


@pytest.mark.parametrize("who", ["staff", "unit_secretary", "city_operator"])
def test_lists_and_pages_take_the_same_statements_however_much_there_is(cast, at, who):
    client, party, unit = cast.client(who), cast.bodies["party"], cast.bodies["unit"]

    def statements(name, *args):
        with CaptureQueriesContext(connection) as seen:
            page(client, name, *args)
        return len(seen)

    room = (unit, "三楼", 5)
    first = an_evening(party, rooms=(room,))
    an_evening(unit, parent=first, starts_at=NEXT + timedelta(days=1))
    before = statements("evenings"), statements("evening", first.public_id)
    for n in range(1, 9):
        an_evening(party, starts_at=NEXT + timedelta(weeks=n), rooms=(room,))
        own = cast.bodies["street"]
        an_evening(own, parent=first, starts_at=NEXT + timedelta(days=1, weeks=n))
        first.rooms.create(body=unit, name=f"{n} 号", secret="x")
    assert (statements("evenings"), statements("evening", first.public_id)) == before


# --- programmes and tours ---------------------------------------------------------------------


def test_a_term_is_planned_in_one_act_and_published_in_another(cast, at):
    client = cast.client("city_operator")
    client.post(
        reverse("study:programme_new"),
        {"name": "冬季学期", "host_q": "宁波市委", "starts": "2026-12-01", "ends": "2026-12-31"},
    )
    programme = Programme.objects.get()
    url = reverse("study:programme_term", args=[programme.public_id])
    html = page(client, "programme_term", programme.public_id)
    days = re.findall(r'name="days" value="([\d-]+)"', html)
    assert days == [f"2026-12-{n:02}" for n in (1, 8, 15, 22, 29)]
    data = {
        "days": days[:4],
        "first_theme": "professional",
        "form": "salon",
        "led_by": "youth_groups",
        "starts": "18:15",
        "ends": "19:50",
    }
    client.post(url, data)
    client.post(url, data | {"days": days[4:]})
    themes = Evening.objects.order_by("starts_at").values_list("theme", flat=True)
    assert list(themes[:4]) == ["professional", "political"] * 2
    assert "每个夜学日都已经安排好了" in page(client, "programme_term", programme.public_id)
    client.post(reverse("study:programme_publish", args=[programme.public_id]))
    assert Evening.objects.filter(state="published").count() == 5
    assert "冬季学期" in page(cast.client("staff"), "programmes")


def test_a_programme_without_one_theme_warns(cast, at):
    programme = create_programme(
        name="春季学期",
        host=cast.bodies["party"],
        starts=date(2026, 12, 1),
        ends=date(2027, 2, 1),
        by=CITY,
        at=MADE,
    )
    an_evening(cast.bodies["party"], programme=programme)
    warning = "还没有“业务知识”主题的夜学"
    assert warning in page(cast.client("city_operator"), "programme", programme.public_id)
    later = NEXT + timedelta(weeks=1)
    an_evening(cast.bodies["party"], programme=programme, theme="professional", starts_at=later)
    assert warning not in page(cast.client("city_operator"), "programme", programme.public_id)
    edit = reverse("study:programme_edit", args=[programme.public_id])
    assert cast.client("unit_secretary").get(edit).status_code == 403
    backwards = {"name": "春季学期", "starts": "2027-02-01", "ends": "2026-12-01"}
    answer = cast.client("city_operator").post(edit, backwards)
    assert "结束日期不能早于开始日期。" in answer.content.decode()


def test_a_tour_makes_an_evening_at_each_stop_and_takes_people_off_the_citys(cast, at):
    city = an_evening(cast.bodies["party"])
    client = cast.client("city_operator")
    data = {
        "name": "全会精神巡回宣讲",
        "host_q": "宁波市委",
        "theme": "political",
        "speakers": "陈海波，解读全会精神",
        "minutes": "95",
        "starts": "18:15",
        "stops": "海曙区教育局，12月1日 18:15，三楼会议室\n鄞州区水利局\t2026-12-03\t大厅",
    }
    answer = client.post(reverse("study:tour_new"), data)
    series = Series.objects.get()
    assert answer.url == reverse("study:tour", args=[series.public_id])
    first, second = Evening.objects.filter(series=series).order_by("starts_at")
    assert (first.parent, second.parent) == (city, None)
    client.post(reverse("study:tour_publish", args=[series.public_id]))
    assert Evening.objects.filter(series=series, state="published").count() == 2
    assert "三楼会议室" in page(cast.client("staff"), "evening", first.public_id)
    assert not city.sheets.filter(body=cast.bodies["unit"]).exists()
    again = client.post(reverse("study:tour_new"), data | {"stops": "海曙区教育局，随便哪天"})
    assert "看不出日期" in again.content.decode()


# --- the library ------------------------------------------------------------------------------


def test_a_material_is_put_in_found_by_its_words_and_downloaded(cast, at):
    client = cast.client("clerk")
    file = SimpleUploadedFile("讲稿.txt", "周二夜学讲稿：数字经济".encode())
    economy = Topic.objects.get(name="经济").public_id
    client.post(
        reverse("study:material_new"),
        {
            "title": "数字经济二十讲",
            "theme": "professional",
            "topic": economy,
            "summary": "平台治理与数据要素",
            "file": file,
            "host_q": "海曙区教育局",
        },
    )
    material = Material.objects.get()
    staff = cast.client("staff")
    for q in ("数字经济", "数据要素", "讲稿"):
        assert "数字经济二十讲" in page(staff, "library", q=q)
    assert "数字经济二十讲" not in page(staff, "library", q="防汛")
    assert "数字经济二十讲" not in page(staff, "library", theme="political")
    assert "数字经济二十讲" in page(staff, "library", topic=economy)
    answer = staff.get(reverse("study:material_file", args=[material.public_id]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).decode().startswith("周二夜学")
    assert page(client, "evening_new", material=material.public_id).count("checked") >= 2


def test_an_empty_or_foreign_material_is_refused(cast, at):
    data = {"title": "空的", "theme": "political", "host_q": "海曙区教育局"}
    answer = cast.client("clerk").post(reverse("study:material_new"), data)
    assert "空的资料没有用" in answer.content.decode()
    program = SimpleUploadedFile("x.pdf", b"MZ\x90\x00" + b"\x00" * 50)
    answer = cast.client("clerk").post(reverse("study:material_new"), data | {"file": program})
    assert "不是可以接收的类型" in answer.content.decode()
    mine = add_material(
        title="水利", theme="political", host=cast.bodies["other_unit"], summary="提要", by=CITY
    )
    edit = reverse("study:material_edit", args=[mine.public_id])
    assert cast.client("clerk").get(edit).status_code == 403
    changed = cast.client("other_secretary").post(
        edit, {"title": "水利二", "theme": "political", "summary": "防汛要点"}
    )
    assert changed.status_code == 302
    assert "水利二" in page(cast.client("staff"), "library", q="防汛")


def test_a_material_without_a_file_has_nothing_to_download(cast, at):
    material = add_material(
        title="提要",
        theme="political",
        host=cast.bodies["unit"],
        upload=Upload("a.txt", "内容".encode()),
        by=CITY,
    )
    material.attachment = None
    material.save()
    url = reverse("study:material_file", args=[material.public_id])
    assert cast.client("staff").get(url).status_code == 404


def test_topics_are_the_citys(cast, at):
    url = reverse("study:topic_add")
    data = {"theme": "professional", "name": "海洋"}
    assert cast.client("city_operator").post(url, data).status_code == 302
    again = cast.client("city_operator").post(url, data)
    assert "专题“海洋”已经有了。" in again.content.decode()
    assert cast.client("unit_secretary").post(url, data | {"name": "港口"}).status_code == 403


# --- to-do ------------------------------------------------------------------------------------


def test_planners_are_told_of_drafts_and_evenings_without_a_room(cast, at):
    a_draft(cast.bodies["unit"], title="还没发")
    an_evening(cast.bodies["unit"], title="没会场", starts_at=NEXT + timedelta(days=1))
    titles = [line.title for line in todo(cast.actor("unit_secretary"), at)]
    assert titles == ["发布夜学：还没发", "安排会场或直播：没会场"]
    assert todo(cast.actor("staff"), at) == []
    assert todo(cast.actor("other_secretary"), at) == []


def test_an_evening_with_every_roll_in_waits_to_be_closed(cast, at):
    evening = an_evening(
        cast.bodies["unit"], starts_at=at - timedelta(hours=3), live_url="https://x.cn"
    )
    Evening.objects.update(state="held")
    assert todo(cast.actor("unit_secretary"), at) == []
    evening.sheets.update(closed_at=at)
    assert [line.chip for line in todo(cast.actor("unit_secretary"), at)] == ["名册已齐"]
