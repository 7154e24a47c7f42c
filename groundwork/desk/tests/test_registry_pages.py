"""The directory's pages: lists, cards, forms and the import wizard, through the front door."""

import io

import openpyxl
import pytest
from django.urls import reverse

from groundwork.base.models import TrailEntry
from groundwork.registry.models import Body, ImportBatch, Person, Priority
from groundwork.registry.tests.sheets import people, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def url(name, *arguments):
    return reverse(f"desk:{name}", args=arguments)


def upload(client, content, kind="people", name="名单.xlsx"):
    file = io.BytesIO(content)
    file.name = name
    return client.post(url("imports"), {"kind": kind, "file": file})


def test_a_secretary_lists_the_own_unit_and_nobody_elses(cast, at):
    page = cast.client("unit_secretary").get(url("people")).content.decode()
    assert "单晓芸" in page
    assert "戴向东" not in page
    assert "13805740012" not in page
    assert "138****0012" in page


def test_the_list_costs_as_many_statements_for_ten_as_for_two(
    cast, at, django_assert_max_num_queries
):
    client = cast.client("unit_secretary")
    client.get(url("people"))
    with django_assert_max_num_queries(9):
        client.get(url("people"))
    with django_assert_max_num_queries(14):
        client.get(url("body", cast.bodies["unit"].public_id))


@pytest.mark.parametrize(("q", "found"), [("单晓", True), ("sxy", False), ("dxy", True)])
def test_people_are_found_by_name_and_initials(cast, at, q, found):
    page = cast.client("unit_secretary").get(url("people"), {"q": q}).content.decode()
    assert ("单晓芸" in page) is found


def test_plain_staff_are_told_whose_list_it_is_and_shown_the_own_card(cast, at):
    client = cast.client("staff")
    page = client.get(url("people"))
    own = cast.people["staff"].public_id
    assert page.status_code == 403
    assert url("person", own) in page.content.decode()
    assert client.get(url("person", own)).status_code == 200
    assert client.get(url("person", cast.people["colleague"].public_id)).status_code == 404


def test_a_phone_is_revealed_by_a_post_that_stays_in_the_trail(cast, at):
    client = cast.client("clerk")
    target = url("person_phone", cast.people["staff"].public_id)
    assert client.get(target).status_code == 405
    page = client.post(target, headers={"HX-Request": "true"}).content.decode()
    assert cast.people["staff"].phone in page
    assert TrailEntry.objects.latest("pk").verb == "reveal_phone"
    assert cast.client("branch_secretary").post(target).status_code in (403, 404)


def test_a_clerk_adds_edits_and_moves_a_person(cast, at):
    client = cast.client("clerk")
    unit, office = cast.bodies["unit"], cast.bodies["office"]
    said = {
        "name": "新来的", "work_number": "N1", "unit": unit.public_id, "office": office.public_id,
        "status": "on_roll", "since": "2026-11-01", "phone": "13805749999",
    }  # fmt: skip
    answer = client.post(url("person_add"), said)
    new = Person.objects.get(work_number="N1")
    assert answer.url == url("person", new.public_id)
    again = client.post(url("person_add"), said)
    assert again.status_code == 422
    assert "工号 N1 已经有人用了" in again.content.decode()
    edit = url("person_edit", new.public_id)
    client.post(edit, {"name": "新来客", "sort_key": new.sort_key, "phone": ""})
    new.refresh_from_db()
    assert (new.name, new.phone) == ("新来客", "13805749999")
    move = url("person_move", new.public_id)
    client.post(move, {"unit": unit.public_id, "office_q": "基教科", "since": "2026-11-20"})
    new.refresh_from_db()
    assert new.office == cast.bodies["office_2"]
    late = client.post(move, {"unit": unit.public_id, "since": "2026-12-20"})
    assert "还没到" in late.content.decode()


def test_forms_of_people_out_of_scope_are_not_there(cast, at):
    client = cast.client("other_secretary")
    target = cast.people["staff"].public_id
    for name in ("person", "person_edit", "person_move", "person_status", "person_merge"):
        assert client.get(url(name, target)).status_code == 404, name


@pytest.mark.parametrize("name", ["body_add", "body_edit", "body_move", "body_close"])
def test_a_body_is_seen_by_all_and_kept_by_its_keepers(cast, at, name):
    target = cast.bodies["unit"].public_id
    assert cast.client("outsider").get(url("body", target)).status_code == 200
    assert cast.client("outsider").get(url(name, target)).status_code == 403
    assert cast.client("unit_secretary").get(url(name, target)).status_code == 200


def test_an_office_is_added_and_closed_from_its_units_card(cast, at):
    client = cast.client("unit_secretary")
    said = {"name": "督导室", "code": "HS-JYJ-09", "kind": "office"}
    client.post(url("body_add", cast.bodies["unit"].public_id), said)
    office = Body.objects.get(code="HS-JYJ-09")
    client.post(url("body_close", office.public_id), {"last_day": "2026-11-24"})
    office.refresh_from_db()
    assert office.valid_to is not None
    assert (
        "还有"
        in client.post(
            url("body_close", cast.bodies["unit"].public_id), {"last_day": "2026-11-24"}
        ).content.decode()
    )


def test_places_are_browsed_found_and_divided_into_cells(cast, at):
    client = cast.client("community_secretary")
    assert "海曙区" in client.get(url("places")).content.decode()
    assert "没有找到" in client.get(url("places"), {"q": "没有这里"}).content.decode()
    community = cast.places["chenglang"]
    client.post(url("grid_add", community.public_id), {"name": "第一网格"})
    assert "第一网格" in client.get(url("place", community.public_id)).content.decode()
    other = cast.places["liujin"].public_id
    assert client.get(url("grid_add", other)).status_code == 403


def test_central_tasks_are_the_citys_to_write_and_everybodys_to_read(cast, at):
    said = {"name": "平安建设年", "valid_from": "2026-01-01", "valid_to": ""}
    assert cast.client("staff").post(url("priority_add"), said).status_code == 403
    cast.client("city_operator").post(url("priority_add"), said)
    assert Priority.objects.get().name == "平安建设年"
    assert "平安建设年" in cast.client("staff").get(url("priorities")).content.decode()


def test_an_import_goes_from_template_to_undo_in_the_browser(cast, at):
    client = cast.client("clerk")
    template = client.get(url("import_template", "people"))
    assert openpyxl.load_workbook(io.BytesIO(template.content)).sheetnames[0] == "人员名单"
    good = person("张三", "Q1", "海曙区教育局", "办公室", "", "在编", "是", "澄浪社区")
    bad = person("李四", "Q2", "没有的局", "", "", "在编", "是", "", "")
    answer = upload(client, people(good, bad))
    batch = ImportBatch.objects.get()
    assert answer.url == url("import", batch.public_id)
    page = client.get(answer.url).content.decode()
    assert "目录里没有“没有的局”" in page
    refused = client.post(url("import_confirm", batch.public_id), follow=True).content.decode()
    assert "还有 1 行不能写入" in refused
    assert not Person.objects.filter(work_number="Q1").exists()
    marked = client.get(url("import_marked", batch.public_id))
    sheet = openpyxl.load_workbook(io.BytesIO(marked.content)).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["姓名", "李四"]
    client.post(url("import_confirm", batch.public_id), {"leaving_bad": "yes"})
    assert Person.objects.filter(work_number="Q1").exists()
    assert url("import_undo", batch.public_id) in client.get(answer.url).content.decode()
    client.post(url("import_undo", batch.public_id))
    assert not Person.objects.filter(work_number="Q1").exists()


def test_a_refused_file_comes_back_with_its_reason_and_keeps_nothing(cast, at):
    page = upload(cast.client("clerk"), b"not a sheet")
    assert page.status_code == 422
    assert "这不是 .xlsx 表格" in page.content.decode()
    assert not ImportBatch.objects.exists()


def test_an_import_is_seen_by_its_keepers_only(cast, at):
    upload(cast.client("clerk"), people(person("张三", "Q1", "海曙区教育局", "", "", "", "", "")))
    target = url("import", ImportBatch.objects.get().public_id)
    assert cast.client("unit_secretary").get(target).status_code == 200
    assert cast.client("other_secretary").get(target).status_code == 404
    assert cast.client("staff").get(url("imports")).status_code == 403


def test_an_export_leaves_without_phones_and_stays_in_the_trail(cast, at):
    answer = cast.client("unit_secretary").post(url("people_export"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    text = str(list(book.worksheets[0].iter_rows(values_only=True)))
    assert "单晓芸" in text
    assert "1380574" not in text
    assert TrailEntry.objects.latest("pk").verb == "export"
    assert cast.client("staff").post(url("people_export")).status_code == 403


@pytest.mark.parametrize(
    ("name", "q", "found"),
    [
        ("choices_people", "单晓芸", "单晓芸"),
        ("choices_bodies", "水利", "鄞州区水利局"),
        ("choices_units", "教育", "海曙区教育局"),
        ("choices_units", "水利", None),
        ("choices_communities", "澄浪", "澄浪社区"),
    ],
)
def test_fields_that_search_offer_what_the_actor_may_choose(cast, at, name, q, found):
    page = cast.client("unit_secretary").get(url(name), {"q": q}).content.decode()
    assert (found or "没有找到") in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_directory_renders_in_both_languages(cast, at, client, language):
    client = cast.client("city_operator")
    client.cookies["django_language"] = language
    for name in ("people", "bodies", "places", "priorities", "imports", "person_add"):
        assert client.get(url(name)).status_code == 200, name
    unit, who = cast.bodies["unit"].public_id, cast.people["staff"].public_id
    for name in ("person", "person_edit", "person_move", "person_home", "person_status",
                 "person_hand_over", "person_merge"):  # fmt: skip
        assert client.get(url(name, who)).status_code == 200, name
    for name in ("body", "body_add", "body_edit", "body_move", "body_close"):
        assert client.get(url(name, unit)).status_code == 200, name


def test_the_own_card_leads_to_the_list_only_whom_the_list_lets_in(cast):
    for who, leads in (("handler", False), ("clerk", True), ("community_secretary", True)):
        client = cast.client(who)
        page = client.get(f"/people/{cast.people[who].public_id}/").content.decode()
        assert ('href="/people/"' in page) is leads
        assert (client.get("/people/").status_code == 200) is leads
