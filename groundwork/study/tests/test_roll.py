"""A unit's roll: ticked, typed back, corrected, closed, reminded of."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import xlsxwriter

from groundwork.access.models import Notice
from groundwork.base.actor import system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Change, TrailEntry
from groundwork.base.spreadsheet import TooFar
from groundwork.registry.models import Person
from groundwork.registry.signals import merged
from groundwork.study.actions.leave import ask_leave, decide_leave, withdraw_leave
from groundwork.study.actions.roll import (
    Row,
    correct_roll,
    record_rolls_many,
    tick_all,
    tick_people,
)
from groundwork.study.actions.sheet import (
    close_sheet,
    close_sheets_many,
    open_sheet,
    remind_open_sheets,
    set_absence,
)
from groundwork.study.models import (
    Leave,
    RollConfirmation,
    RollCorrection,
    RollEntry,
    RollSheet,
    Source,
)
from groundwork.study.queries import roll as queries
from groundwork.study.queries import typed
from groundwork.study.rules import roll as rules
from groundwork.study.tests.make_roll import (
    AFTER,
    ENDS,
    MINUTE,
    STARTS,
    TONIGHT,
    entry,
    on_roll,
    signed_in,
    the_sheet,
    tonight,
)

UNIT = ("unit_secretary", "branch_secretary", "clerk", "staff", "colleague")


@pytest.fixture
def evening(cast):
    return tonight(cast)


@pytest.fixture
def sheet(cast, evening):
    return the_sheet(cast, evening)


def pid(cast, *who):
    return [cast.people[name].public_id for name in who]


def why(sheet):
    return {a.person.name: a.category for a in sheet.absences.select_related("person")}


def test_the_secretary_and_the_clerk_tick_and_a_neighbour_does_not_even_see(cast, sheet):
    assert tick_people(
        sheet.public_id, pid(cast, "staff"), by=cast.actor("unit_secretary"), at=TONIGHT
    )
    assert tick_people(sheet.public_id, pid(cast, "colleague"), by=cast.actor("clerk"), at=TONIGHT)
    for who, error in (
        ("other_secretary", NotFound),
        ("staff", NotFound),
        ("resident", NotFound),
        ("district_operator", Forbidden),
        ("auditor", Forbidden),
    ):
        with pytest.raises(error):
            tick_people(sheet.public_id, pid(cast, "clerk"), by=cast.actor(who), at=TONIGHT)
    assert RollEntry.objects.count() == 2


def test_a_branch_secretary_ticks_the_own_branch_only(cast, sheet):
    by = cast.actor("branch_secretary")
    assert tick_people(sheet.public_id, pid(cast, "staff"), by=by, at=TONIGHT) == 1
    with pytest.raises(NotFound):
        tick_people(sheet.public_id, pid(cast, "colleague"), by=by, at=TONIGHT)
    names = {line.person.name for line in queries.lines(sheet, by)}
    assert cast.people["staff"].name in names
    assert cast.people["colleague"].name not in names


def test_ticking_twice_counts_once_and_confirms_nothing(cast, evening, sheet):
    by = cast.actor("unit_secretary")
    assert tick_people(sheet.public_id, pid(cast, "staff"), by=by, at=TONIGHT) == 1
    assert tick_people(sheet.public_id, pid(cast, "staff"), by=by, at=TONIGHT) == 0
    signed_in(cast, evening, "staff")
    assert entry(cast, evening).source == Source.TICK
    assert list(RollConfirmation.objects.values_list("source", flat=True)) == [Source.QR]


def test_people_stand_in_pinyin_order_and_are_found_by_what_one_types(cast, sheet):
    found = queries.lines(sheet, cast.actor("unit_secretary"))
    keys = [line.person.sort_key for line in found]
    assert keys == sorted(keys)
    assert len(found) == 5
    for typed_in in (
        "单晓",
        cast.people["staff"].initials,
        cast.people["staff"].work_number.lower(),
    ):
        assert [x.person for x in queries.matching(found, typed_in)] == [cast.people["staff"]]


def test_all_present_leaves_out_who_has_leave(cast, evening, sheet):
    leave = ask_leave(evening.public_id, "sick", by=cast.actor("staff"), at=TONIGHT)
    decide_leave(leave.public_id, granted=True, by=cast.actor("unit_secretary"), at=TONIGHT)
    assert tick_all(sheet.public_id, by=cast.actor("unit_secretary"), at=TONIGHT) == 4
    assert not on_roll(cast, evening)


def test_nobody_is_ticked_before_the_doors_open_but_a_paper_is_typed_back_days_later(cast, sheet):
    by = cast.actor("unit_secretary")
    with pytest.raises(rules.NotYet):
        tick_people(sheet.public_id, pid(cast, "staff"), by=by, at=STARTS - timedelta(hours=1))
    late = ENDS + timedelta(days=3)
    assert tick_people(sheet.public_id, pid(cast, "staff"), source=Source.IMPORT, by=by, at=late)


def test_closing_keeps_the_totals_and_says_why_people_were_absent(cast, evening, sheet):
    signed_in(cast, evening, "unit_secretary", "clerk")
    leave = ask_leave(evening.public_id, "travel", by=cast.actor("staff"), at=TONIGHT)
    decide_leave(leave.public_id, granted=True, by=cast.actor("branch_secretary"), at=TONIGHT)
    by = cast.actor("unit_secretary")
    with pytest.raises(rules.CloseTooEarly):
        close_sheet(sheet.public_id, by=by, at=ENDS)
    given = dict(zip(pid(cast, "colleague", "branch_secretary"), ("duty", "made up"), strict=True))
    close_sheet(sheet.public_id, given, by=by, at=AFTER)
    sheet.refresh_from_db()
    assert (sheet.expected, sheet.took_part) == (5, 2)
    names = {who: cast.people[who].name for who in UNIT}
    assert why(sheet) == {
        names["staff"]: "travel",
        names["colleague"]: "duty",
        names["branch_secretary"]: "",
    }
    with pytest.raises(rules.SheetClosed):
        close_sheet(sheet.public_id, by=by, at=AFTER)
    with pytest.raises(rules.SheetClosed):
        tick_people(sheet.public_id, pid(cast, "staff"), by=by, at=AFTER)


def test_only_the_units_secretary_closes(cast, sheet):
    for who in ("clerk", "branch_secretary", "district_operator"):
        with pytest.raises(Forbidden):
            close_sheet(sheet.public_id, by=cast.actor(who), at=AFTER)
    with pytest.raises(NotFound):
        close_sheet(sheet.public_id, by=cast.actor("other_secretary"), at=AFTER)


def test_a_branch_secretary_closes_the_branchs_own_evening(cast):
    own = tonight(cast, "branch")
    sheet = the_sheet(cast, own)
    close_sheet(sheet.public_id, by=cast.actor("branch_secretary"), at=AFTER)
    sheet.refresh_from_db()
    assert sheet.expected == 4


def test_a_correction_needs_a_reason_and_moves_the_totals_of_a_closed_sheet(cast, evening, sheet):
    signed_in(cast, evening, "staff")
    by = cast.actor("unit_secretary")
    close_sheet(sheet.public_id, by=by, at=AFTER)
    (person,) = pid(cast, "staff")
    (other,) = pid(cast, "colleague")
    with pytest.raises(rules.ReasonNeeded):
        correct_roll(sheet.public_id, person, took_part=False, reason=" ", by=by, at=AFTER)
    correct_roll(sheet.public_id, person, took_part=False, reason="代签", by=by, at=AFTER)
    correct_roll(sheet.public_id, other, took_part=True, reason="补交纸表", by=by, at=AFTER)
    with pytest.raises(rules.NothingToCorrect):
        correct_roll(sheet.public_id, other, took_part=True, reason="补交纸表", by=by, at=AFTER)
    sheet.refresh_from_db()
    assert (sheet.took_part, sheet.absences.count()) == (1, 4)
    assert RollCorrection.objects.count() == 2
    assert RollEntry.objects.count() == 2, "nothing is deleted"
    assert Change.objects.filter(kind="study.roll", before__isnull=False).count() == 1


def test_a_clerk_and_a_neighbour_cannot_correct(cast, evening, sheet):
    signed_in(cast, evening, "staff")
    (person,) = pid(cast, "staff")
    for who, error in (("clerk", Forbidden), ("other_secretary", NotFound)):
        with pytest.raises(error):
            correct_roll(
                sheet.public_id,
                person,
                took_part=False,
                reason="代签",
                by=cast.actor(who),
                at=AFTER,
            )


def test_the_reason_of_an_absence_is_mended_after_closing(cast, sheet):
    by = cast.actor("unit_secretary")
    close_sheet(sheet.public_id, by=by, at=AFTER)
    (person,) = pid(cast, "staff")
    set_absence(sheet.public_id, person, "sick", by=by, at=AFTER)
    assert why(sheet)[cast.people["staff"].name] == "sick"
    with pytest.raises(NotFound):
        set_absence(sheet.public_id, person, "nonsense", by=by, at=AFTER)


def test_leave_is_asked_decided_once_and_taken_back_only_while_open(cast, evening):
    staff, secretary = cast.actor("staff"), cast.actor("unit_secretary")
    leave = ask_leave(evening.public_id, "sick", by=staff, at=TONIGHT)
    withdraw_leave(leave.public_id, by=staff, at=TONIGHT)
    leave = ask_leave(evening.public_id, "duty", by=staff, at=TONIGHT)
    with pytest.raises(NotFound):
        decide_leave(leave.public_id, granted=True, by=cast.actor("other_secretary"), at=TONIGHT)
    with pytest.raises(Forbidden):
        decide_leave(leave.public_id, granted=True, by=staff, at=TONIGHT)
    decide_leave(leave.public_id, granted=False, by=secretary, at=TONIGHT)
    with pytest.raises(rules.LeaveDecided):
        decide_leave(leave.public_id, granted=True, by=secretary, at=TONIGHT)
    with pytest.raises(rules.LeaveDecided):
        withdraw_leave(leave.public_id, by=staff, at=TONIGHT)
    with pytest.raises(rules.LeaveDecided):
        ask_leave(evening.public_id, "duty", by=staff, at=TONIGHT)
    assert Leave.objects.get().state == Leave.State.REFUSED
    assert Notice.objects.filter(kind="study.leave").count() == 1


def test_nobody_decides_the_own_leave(cast, evening):
    secretary = cast.actor("unit_secretary")
    leave = ask_leave(evening.public_id, "sick", by=secretary, at=TONIGHT)
    assert queries.leaves(secretary, TONIGHT).waiting == []
    with pytest.raises(Forbidden):
        decide_leave(leave.public_id, granted=True, by=secretary, at=TONIGHT)
    leave.refresh_from_db()
    assert leave.state == Leave.State.ASKED


def test_the_operator_above_decides_a_unit_secretarys_leave_and_no_other(cast, evening):
    own = ask_leave(evening.public_id, "sick", by=cast.actor("unit_secretary"), at=TONIGHT)
    staffs = ask_leave(evening.public_id, "sick", by=cast.actor("staff"), at=TONIGHT)
    operator = cast.actor("district_operator")
    with pytest.raises(NotFound):
        decide_leave(staffs.public_id, granted=True, by=operator, at=TONIGHT)
    with pytest.raises(NotFound):
        decide_leave(own.public_id, granted=True, by=cast.actor("other_secretary"), at=TONIGHT)
    decide_leave(own.public_id, granted=True, by=operator, at=TONIGHT)
    own.refresh_from_db()
    assert own.state == Leave.State.GRANTED


def test_leave_ends_with_the_evening_and_is_for_who_is_expected(cast):
    evening = tonight(cast, "haishu_party")
    with pytest.raises(rules.LeaveOver):
        ask_leave(evening.public_id, "sick", by=cast.actor("staff"), at=AFTER)
    with pytest.raises(NotFound):
        ask_leave(evening.public_id, "sick", by=cast.actor("outsider"), at=TONIGHT)
    signed_in(cast, evening, "staff")
    with pytest.raises(rules.AlreadyThere):
        ask_leave(evening.public_id, "sick", by=cast.actor("staff"), at=TONIGHT)


def test_units_with_an_open_roll_are_reminded_in_one_tap_and_not_twice_an_hour(cast, evening):
    by = cast.actor("district_operator")
    assert remind_open_sheets(by=by, at=TONIGHT) == 0, "the evening is not over"
    n = RollSheet.objects.filter(body__place__path__startswith=cast.places["haishu"].path).count()
    assert remind_open_sheets(by=by, at=AFTER) == n
    assert Notice.objects.get(kind="study.remind").account == cast.accounts["unit_secretary"]
    assert remind_open_sheets(by=by, at=AFTER + timedelta(minutes=59)) == 0
    assert remind_open_sheets(by=by, at=AFTER + timedelta(hours=1)) == n
    with pytest.raises(Forbidden):
        remind_open_sheets(by=cast.actor("unit_secretary"), at=AFTER)


def test_a_sheet_is_laid_for_people_who_came_after_the_publishing(cast, evening, sheet):
    RollSheet.objects.filter(pk=sheet.pk).delete()
    assert [s.body for s in open_sheet(evening.public_id, by=cast.actor("clerk"), at=TONIGHT)] == [
        cast.bodies["unit"]
    ]
    assert open_sheet(evening.public_id, by=cast.actor("clerk"), at=TONIGHT) == []
    assert open_sheet(evening.public_id, by=cast.actor("staff"), at=TONIGHT) == []


def test_many_rows_at_once_leave_what_single_taps_leave(cast):
    one, many = tonight(cast, "unit"), tonight(cast, "unit", starts_at=STARTS + timedelta(days=7))
    week = timedelta(days=7)
    signed_in(cast, one, "staff", "colleague", "staff")
    secretary = cast.actor("unit_secretary")
    tick_people(
        the_sheet(cast, one).public_id, pid(cast, "clerk", "staff"), by=secretary, at=TONIGHT
    )
    close_sheet(the_sheet(cast, one).public_id, by=secretary, at=AFTER)

    unit = cast.bodies["unit"].pk
    rows = [
        Row(cast.people[who].pk, unit, source, TONIGHT + week)
        for who, source in (
            ("staff", "qr"),
            ("colleague", "qr"),
            ("staff", "qr"),
            ("clerk", "tick"),
            ("staff", "tick"),
        )
    ]
    trail = TrailEntry.objects.count()
    assert record_rolls_many(many, rows, by=system("demo"), at=TONIGHT + week) == 3
    assert TrailEntry.objects.count() == trail + 1
    assert close_sheets_many(many, {}, by=system("demo"), at=AFTER + week) == 1

    def seen(evening):
        entries = RollEntry.objects.filter(evening=evening).order_by("person")
        sheet = the_sheet(cast, evening)
        after = Change.objects.filter(kind="study.roll", after__evening=evening.public_id)
        return (
            [(e.person_id, e.body_id, e.source) for e in entries],
            [
                (c.entry.person_id, c.source)
                for c in RollConfirmation.objects.filter(entry__evening=evening)
            ],
            (sheet.expected, sheet.took_part, why(sheet)),
            sum(after.values_list("n", flat=True)),
        )

    assert seen(one) == seen(many)


def test_many_rows_keep_the_rules_of_one(cast, evening, sheet):
    unit = cast.bodies["unit"].pk
    early = Row(cast.people["staff"].pk, unit, "qr", STARTS - timedelta(hours=2))
    good = Row(cast.people["staff"].pk, unit, "tick", TONIGHT)
    with pytest.raises(rules.NotYet):
        record_rolls_many(evening, [good, early], by=system("demo"), at=TONIGHT)
    with pytest.raises(Forbidden):
        record_rolls_many(evening, [good], by=cast.actor("other_secretary"), at=TONIGHT)
    close_sheet(sheet.public_id, by=cast.actor("unit_secretary"), at=AFTER)
    with pytest.raises(rules.SheetClosed):
        record_rolls_many(evening, [good], by=system("demo"), at=AFTER)
    assert RollEntry.objects.count() == 0
    made_up = Row(cast.people["staff"].pk, unit, "replay", AFTER + MINUTE)
    assert record_rolls_many(evening, [made_up], by=system("demo"), at=AFTER + MINUTE) == 1
    sheet.refresh_from_db()
    assert sheet.took_part == 1


def test_a_typed_list_is_read_by_number_and_name_with_a_reason_for_each_odd_line(cast, sheet):
    twin = Person.objects.create(
        name=cast.people["colleague"].name,
        sort_key="mao2",
        initials="mjj",
        work_number="NB9999",
        unit=cast.bodies["unit"],
    )
    number = cast.people["staff"].work_number
    written = typed.read_text(f"{number.lower()}，励 志 刚、毛建军\n查无此人\nｎｂ９９９９")
    found = typed.resolve(sheet, written, cast.actor("clerk"))
    assert [(x.row, x.person, x.problem) for x in found] == [
        (1, cast.people["staff"], ""),
        (1, cast.people["branch_secretary"], ""),
        (1, None, "namesakes"),
        (2, None, "unknown"),
        (3, twin, ""),
    ]


def a_workbook(rows):
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for i, row in enumerate(rows):
            page.write_row(i, 0, row)
    return out.getvalue()


def test_a_spreadsheet_is_read_by_its_heads_and_what_is_none_is_refused(cast, sheet):
    number = cast.people["staff"].work_number
    content = a_workbook(
        [["签到表"], ["序号", "姓 名", "工号"], [1, "", number], [2, "毛建军", ""]]
    )
    assert typed.read_file(content) == [(3, number), (4, "毛建军")]
    assert typed.read_file(a_workbook([["毛建军"], ["单晓芸"]])) == [(1, "毛建军"), (2, "单晓芸")]
    for odd in (b"not a sheet", content[: len(content) // 2], b"x" * (typed.MOST_BYTES + 1)):
        with pytest.raises(typed.NotASpreadsheet):
            typed.read_file(odd)
    with pytest.raises(TooFar):
        typed.read_file(a_workbook([["毛建军"], *[[]] * 9_998, [*[""] * 200, "x"]]))


def test_rolls_follow_a_person_whose_double_record_is_merged(cast, evening):
    signed_in(cast, evening, "staff", "colleague")
    duplicate, into = cast.people["colleague"], cast.people["staff"]
    other = tonight(cast, "unit", starts_at=STARTS + timedelta(days=7))
    week = TONIGHT + timedelta(days=7)
    row = Row(duplicate.pk, cast.bodies["unit"].pk, "tick", week)
    record_rolls_many(other, [row], by=system("demo"), at=week)
    merged.send(Person, person=duplicate, into=into, by=cast.actor("city_operator"), at=week)
    assert on_roll(cast, evening)
    assert not on_roll(cast, evening, "colleague")
    assert entry(cast, other).source == Source.TICK


def test_what_waits_for_whom(cast, evening):
    def titles(who, at):
        return [todo.title for todo in queries.todo(cast.actor(who), at)]

    assert titles("staff", STARTS - timedelta(hours=1)) == []
    assert titles("staff", TONIGHT) == [f"签到：{evening.title}"]
    signed_in(cast, evening, "staff")
    assert titles("staff", TONIGHT) == []
    ask_leave(evening.public_id, "sick", by=cast.actor("colleague"), at=TONIGHT)
    assert f"请假待批：{cast.people['colleague'].name}" in titles("unit_secretary", TONIGHT)
    assert f"核对并封存名册：{evening.title}" in titles("unit_secretary", AFTER)
    assert titles("other_secretary", AFTER) == [f"核对并封存名册：{evening.title}"]
    assert titles("clerk", AFTER) == []
    assert titles("district_operator", AFTER)[-1].endswith("份名册还没有封存")
