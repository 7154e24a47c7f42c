"""A sheet of people goes in whole, or as far as the clerk says, and comes out again."""

from datetime import date, timedelta

import pytest

from groundwork.base.actor import Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Attachment, Change, TrailEntry
from groundwork.registry import actions
from groundwork.registry.models import Body, ImportBatch, Membership, Person, Place
from groundwork.registry.queries import batches
from groundwork.registry.rules import imports as rules
from groundwork.registry.tests.make import BODIES, MOMENT, PLACES, SYSTEM
from groundwork.registry.tests.sheets import people, person, workbook

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def upload(content: bytes, by=SYSTEM, kind="people", at=MOMENT) -> ImportBatch:
    return actions.upload_import(content, name="名单.xlsx", kind=kind, by=by, at=at)


def confirm(batch: ImportBatch, by=SYSTEM, at=MOMENT, **more) -> ImportBatch:
    return actions.confirm_import(batch, by=by, at=at, **more)


def codes(one: Person) -> tuple[str, ...]:
    return tuple(body.code if body else "" for body in (one.unit, one.office, one.branch))


def problems(batch: ImportBatch) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.code) for p in batch.problems.all()]


def totals(batch: ImportBatch) -> dict[str, int]:
    return {k: v for k, v in batch.totals.items() if v and k != "rows"}


def test_a_sheet_goes_in_with_every_home_and_the_same_sheet_again_changes_nothing(city):
    content = people(person(), person("李四", "R1002", "NB-JT", "办公室"))
    batch = upload(content)
    assert totals(batch) == {"new": 2}
    assert not Person.objects.exists()
    confirm(batch)
    one = Person.objects.get(work_number="R1001")
    assert codes(one) == ("NB-RS", "NB-RS-01", "NB-RS-Z1")
    assert (str(one.home_community), one.party_member, one.phone) == (
        "澄浪社区", True, "13805740001",
    )  # fmt: skip
    assert Membership.objects.filter(person=one, valid_to=None).count() == 4
    again = upload(content)
    assert totals(again) == {"same": 2}
    with pytest.raises(rules.NothingToWrite):
        confirm(again)


def test_what_clerks_really_type_is_understood(city):
    header = ["序号", "姓　名*", "人员编号", "工作单位", "科室", "人员类别", "政治面貌", "报到社区",
              "联系电话", "调入时间"]  # fmt: skip
    content = workbook(
        [
            ["市直机关人员名册"],
            header,
            [1, "张　三", "Ｒ１００１", "市劳动局 ", " 办公室", "公务员", "中共党员",
             "海曙区南门街道澄浪", 13805740001.0, "2024年3月1日"],
            [2, "李四", 2002.0, "宁波市人力资源和社会保障局", "", "劳务派遣", "群众",
             "东升", "’138 0574 0002", 45352],
            [3, "John  Smith", "R1003", "nb-rs", "无", "借调", "否", "", "0574-87180000",
             date(2024, 3, 1)],
        ]
    )  # fmt: skip
    batch = upload(content)
    assert problems(batch) == []
    confirm(batch)
    rows = Person.objects.order_by("pk").values_list(
        "name", "work_number", "unit__code", "office__code", "status", "party_member",
        "home_community__name", "phone",
    )  # fmt: skip
    assert list(rows) == [
        ("张三", "R1001", "NB-RS", "NB-RS-01", "on_roll", True, "澄浪社区", "13805740001"),
        ("李四", "2002", "NB-RS", None, "contract", False, "东升社区居委会", "13805740002"),
        ("John Smith", "R1003", "NB-RS", None, "on_loan", False, None, "057487180000"),
    ]
    starts = Membership.objects.filter(kind="unit").values_list("valid_from", flat=True)
    assert set(starts) == {date(2024, 3, 1)}


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (person(""), "name", "registry.missing"),
        (person("张三", ""), "work_number", "registry.missing"),
        (person("张三", "号码一"), "work_number", "registry.work_number"),
        (person("张三", "R1", "没有这个局"), "unit", "registry.unknown_body"),
        (person("张三", "R1", "市人社局", "没有这个处"), "office", "registry.unknown_body"),
        (person("张三", "R1", "市人社局", "", "", "在职退休"), "status", "registry.unknown_status"),
        (person("张三", "R1", "市人社局", "", "", "", "吗"), "party_member", "registry.bad_yes_no"),
        (
            person("张三", "R1", "市人社局", "", "", "", "", "后鄞村"),
            "home_community",
            "registry.unknown_community",
        ),
        (person("张三", "R1", "市人社局", "", "", "", "", "", "123"), "phone", "registry.phone"),
        (person('=HYPERLINK("http://x")', "@1"), "work_number", "registry.work_number"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_with_its_row_column_and_reason(city, row, column, code):
    batch = upload(people(person("好人", "R0"), row))
    assert problems(batch) == [(3, column, code)]
    assert totals(batch) == {"new": 1, "bad": 1}


def test_bad_rows_stay_out_only_when_the_clerk_says_so(city):
    batch = upload(people(person(), person("李四", "R1002", "没有这个局")))
    with pytest.raises(rules.RowsLeft):
        confirm(batch)
    assert not Person.objects.exists()
    confirm(batch, leaving_bad=True)
    assert list(Person.objects.values_list("work_number", flat=True)) == ["R1001"]


def test_an_ambiguous_community_is_a_choice_and_a_chosen_one_goes_in(city):
    row = person("张三", "R1", "市人社局", "", "", "", "", "岭下村")
    batch = upload(people(row))
    assert totals(batch) == {"choice": 1}
    [group] = batches.preview_of(batch).groups
    assert [c["label"] for c in group.choices] == [
        "海曙区 南门街道 岭下村委会", "鄞州区 下应街道 岭下村委会",
    ]  # fmt: skip
    wanted = Place.objects.get(code="330212001200")
    actions.choose_for_import(batch, {(2, "home_community"): wanted.public_id}, by=SYSTEM)
    batch.refresh_from_db()
    assert totals(batch) == {"new": 1}
    confirm(batch)
    assert Person.objects.get().home_community == wanted


def test_a_choice_that_was_not_offered_is_not_taken(city):
    batch = upload(people(person("张三", "R1", "市人社局", "", "", "", "", "岭下村")))
    other = Place.objects.get(code="330203001001")
    actions.choose_for_import(batch, {(2, "home_community"): other.public_id}, by=SYSTEM)
    batch.refresh_from_db()
    assert totals(batch) == {"choice": 1}


def test_two_rows_of_one_number_count_once_when_equal_and_are_refused_when_not(city):
    batch = upload(people(person(), person(), person("李四", "R2"), person("李四儿", "r2")))
    assert totals(batch) == {"new": 1, "bad": 2}
    assert [p[:2] for p in problems(batch)] == [(4, "work_number"), (5, "work_number")]


def test_a_change_moves_homes_and_says_what_stood_before(city):
    confirm(upload(people(person())))
    later = MOMENT + timedelta(days=10)
    batch = upload(people(person("张三", "R1001", "市交通局", "", "", "", "否")), at=later)
    assert totals(batch) == {"changed": 1}
    [(_row, _name, pairs)] = batches.preview_of(batch).changed
    assert {pair[0] for pair in pairs} == {"unit_id", "office_id", "branch_id", "party_member"}
    confirm(batch, at=later)
    one = Person.objects.get()
    assert (one.unit.code, one.office, one.branch, one.party_member) == ("NB-JT", None, None, False)
    history = Membership.objects.filter(person=one, kind="unit").order_by("valid_from")
    assert list(history.values_list("body__code", "valid_to")) == [
        ("NB-RS", date(2026, 12, 3)), ("NB-JT", None),
    ]  # fmt: skip


def test_an_empty_cell_leaves_what_stands_and_none_clears_it(city):
    confirm(upload(people(person())))
    row = person("张三", "R1001", "市人社局", "", "无", "", "", "", "无")
    confirm(upload(people(row)))
    one = Person.objects.get()
    assert (*codes(one), one.phone) == ("NB-RS", "NB-RS-01", "", "")
    assert str(one.home_community) == "澄浪社区"


def test_undo_restores_exactly_what_stood(city):
    confirm(upload(people(person())))
    before = list(Person.objects.values()), list(Membership.objects.order_by("kind").values())
    later = MOMENT + timedelta(days=10)
    rows = [
        person("张三丰", "R1001", "市交通局", "无", "无", "编外", "否", "东升社区", "13805740009"),
        person("李四", "R1002"),
    ]
    batch = confirm(upload(people(*rows), at=later), at=later)
    assert Person.objects.count() == 2
    actions.undo_import(batch, by=SYSTEM, at=later)
    after = list(Person.objects.values()), list(Membership.objects.order_by("kind").values())
    assert after == before
    with pytest.raises(rules.WrongState):
        actions.undo_import(batch, by=SYSTEM, at=later)


def test_undo_on_the_very_day_restores_too(city):
    confirm(upload(people(person())))
    wanted = set(Membership.objects.values_list("kind", "body", "place", "valid_from", "valid_to"))
    batch = confirm(upload(people(person("张三", "R1001", "市交通局", "无", "无"))))
    actions.undo_import(batch, by=SYSTEM, at=MOMENT)
    rows = Membership.objects.values_list("kind", "body", "place", "valid_from", "valid_to")
    assert set(rows) == wanted


def test_undo_refuses_what_has_changed_since_with_names_and_can_leave_it(city):
    batch = confirm(upload(people(person(), person("李四", "R1002"))))
    actions.edit_person(
        Person.objects.get(work_number="R1001"), phone="13805740777", by=SYSTEM, at=MOMENT
    )
    with pytest.raises(rules.CannotUndo) as refused:
        actions.undo_import(batch, by=SYSTEM, at=MOMENT)
    assert refused.value.params == {"n": 1, "rows": "张三"}
    assert Person.objects.count() == 2
    actions.undo_import(batch, leaving_changed=True, by=SYSTEM, at=MOMENT)
    assert list(Person.objects.values_list("work_number", flat=True)) == ["R1001"]


def test_of_two_clerks_the_second_is_told_and_sees_the_new_state(city):
    one, two = upload(people(person())), upload(people(person("张三", "R1001", "市交通局")))
    confirm(one)
    with pytest.raises(rules.ChangedMeanwhile):
        confirm(two)
    two.refresh_from_db()
    assert totals(two) == {"changed": 1}
    assert Person.objects.get().unit.code == "NB-RS"
    confirm(two)
    assert Person.objects.get().unit.code == "NB-JT"


def test_a_second_tap_on_confirm_writes_nothing_twice(city):
    batch = upload(people(person()))
    confirm(batch)
    with pytest.raises(rules.WrongState):
        confirm(batch)
    assert Person.objects.count() == 1


def test_a_unit_clerk_imports_for_the_own_unit_only(city):
    by = city.actor(Role.CLERK, body="NB-RS")
    batch = upload(people(person(), person("李四", "R2", "市交通局")), by=by)
    assert [(p[0], p[2]) for p in problems(batch)] == [(3, "registry.body_out_of_scope")]
    confirm(batch, by=by, leaving_bad=True)
    theirs = city.person("王五", unit="NB-JT", work_number="J1")
    batch = upload(people(person("王五", "J1")), by=by)
    assert [p[2] for p in problems(batch)] == ["registry.belongs_elsewhere"]
    assert theirs.name not in str(batch.problems.get().params)
    with pytest.raises(Forbidden):
        upload(people(person()), by=city.actor(Role.STAFF, body="NB-RS"))
    with pytest.raises(Forbidden):
        upload(b"", by=by, kind="places")


def test_the_clerk_of_another_unit_does_not_find_the_import(city):
    mine = city.actor(Role.CLERK, body="NB-RS")
    batch = upload(people(person()), by=mine)
    other = city.actor(Role.CLERK, body="NB-JT")
    other = type(other)(account_id=8, grants=other.grants)
    with pytest.raises(NotFound):
        confirm(batch, by=other)


def test_a_merged_number_says_where_it_went(city):
    confirm(upload(people(person(), person("张三", "R1002"))))
    one, two = Person.objects.order_by("work_number")
    actions.merge_people(two, into=one, by=SYSTEM, at=MOMENT)
    batch = upload(people(person("张三", "R1002")))
    [problem] = batch.problems.all()
    assert (problem.code, problem.params["into"]) == ("registry.was_merged", "R1001")


def test_the_trail_and_the_change_log_hold_no_name_and_no_number(city):
    confirm(upload(people(person(), person("李四", "R1002"))))
    trail = list(TrailEntry.objects.filter(kind="registry.people").values("verb", "fields"))
    assert [row["verb"] for row in trail] == ["import"]
    change = Change.objects.filter(kind="registry.person")
    assert [row.n for row in change] == [2]
    text = str(trail) + str(list(change.values("before", "after")))
    for word in ("张三", "李四", "R1001", "13805740001"):
        assert word not in text


def test_after_thirty_days_rows_and_file_are_forgotten_and_undo_is_over(city):
    batch = confirm(upload(people(person())))
    later = MOMENT + timedelta(days=31)
    assert actions.forget_old_imports(at=later) == 1
    assert actions.forget_old_imports(at=later) == 0
    batch.refresh_from_db()
    assert (batch.parsed, batch.undo, batch.attachment.file.name) == (None, None, "")
    assert batch.totals["new"] == 1
    with pytest.raises(rules.UndoOver):
        actions.undo_import(batch, by=SYSTEM, at=later)


# ---- bodies and places ----------------------------------------------------------------------
BODY_HEADER = ["代码", "名称", "简称", "类别", "上级代码", "所在地", "别名"]


def test_bodies_come_in_by_the_tree_and_go_out_again(city):
    rows = [
        ["NB-JY-01", "办公室", "", "处室", "NB-JY", "", ""],
        ["NB-JY", "宁波市教育局", "市教育局", "机关", "宁波市人民政府", "海曙区", "市教委、教育局"],
        ["NB-JT", "宁波市交通运输管理局", "市交通局", "单位", "NB", "宁波市", ""],
    ]
    batch = upload(workbook([BODY_HEADER, *rows]), kind="bodies")
    assert problems(batch) == []
    assert totals(batch) == {"new": 2, "changed": 1}
    confirm(batch)
    new = Body.objects.get(code="NB-JY")
    assert (str(new.place), new.aliases, new.numchild) == ("海曙区", ["市教委", "教育局"], 1)
    assert Body.objects.get(code="NB-JT").name == "宁波市交通运输管理局"
    actions.undo_import(batch, by=SYSTEM, at=MOMENT)
    assert Body.objects.count() == len(BODIES)
    assert Body.objects.get(code="NB-JT").name == "宁波市交通运输局"
    assert Body.objects.find_problems() == ([], [], [], [], [])


def test_bodies_of_a_wrong_kind_or_parent_are_named(city):
    rows = [
        ["A1", "某局", "", "单位", "NB-RS-01", "", ""],
        ["A2", "某局", "", "衙门", "NB", "", ""],
        ["A3", "某局", "", "单位", "没有的上级", "", ""],
        ["NB-JT", "宁波市交通运输局", "", "企业", "NB", "", ""],
    ]
    batch = upload(workbook([BODY_HEADER, *rows]), kind="bodies")
    assert problems(batch) == [
        (2, "parent", "registry.wrong_parent"),
        (3, "kind", "registry.unknown_kind"),
        (4, "parent", "registry.unknown_body"),
        (5, "code", "registry.kind_stays"),
    ]


def test_a_body_that_people_belong_to_is_not_undone(city):
    row = ["NB-JY", "宁波市教育局", "", "单位", "NB", "", ""]
    batch = confirm(upload(workbook([BODY_HEADER, row]), kind="bodies"))
    confirm(upload(people(person("张三", "R1", "宁波市教育局", "无", "无"))))
    with pytest.raises(rules.CannotUndo):
        actions.undo_import(batch, by=SYSTEM, at=MOMENT)


def csv_of(rows) -> bytes:
    lines = ["code,name,level,parent_code", *(",".join(row) for row in rows)]
    return "\n".join(lines).encode("utf-8-sig")


def test_places_come_in_from_a_csv_and_close_only_after_a_look(city):
    rows = [row for row in PLACES if row.code != "330203001200"]
    batch = upload(csv_of(rows), kind="places")
    assert totals(batch) == {"same": len(rows), "closed": 1}
    assert batches.preview_of(batch).closed == ["岭下村委会"]
    confirm(batch)
    gone = Place.objects.get(code="330203001200")
    assert gone.valid_to == date(2026, 11, 23)
    actions.undo_import(batch, by=SYSTEM, at=MOMENT)
    gone.refresh_from_db()
    assert gone.valid_to is None


def test_one_bad_row_keeps_a_whole_directory_file_out(city):
    rows = [*PLACES, ("33020300100X", "错码社区", "community", "330203001")]
    batch = upload(csv_of(rows), kind="places")
    assert totals(batch)["bad"] == 1
    with pytest.raises(rules.RowsLeft):
        confirm(batch, leaving_bad=True)


def test_what_is_refused_is_not_kept(city):
    with pytest.raises(rules.IdNumbersInside):
        upload(people(person("张三", "R1", "市人社局", "", "", "", "", "", "11010519491231002X")))
    assert not Attachment.objects.exists()
    assert not ImportBatch.objects.exists()
