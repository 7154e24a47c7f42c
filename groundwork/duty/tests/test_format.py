"""Roster files: what is written reads back the same, and nonsense is refused where it stands."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.duty.solver import check, shapes
from groundwork.duty.solver.check import judge
from groundwork.duty.solver.exact import best_plan
from groundwork.duty.solver.format import Document, decode, decode_plan, encode, encode_plan
from groundwork.duty.solver.generate import generate
from groundwork.duty.solver.refusal import SAID, Nonsense
from groundwork.duty.tests.rosters import small_instance

GUIDE = Path(__file__).parents[3] / "docs" / "roster-format.md"
MONDAY = date(2020, 2, 3)


def block(name: str) -> bytes:
    """Read an example out of the guide."""
    found = re.search(rf"```json {name}\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    assert found is not None, name
    return found[1].encode()


def test_the_example_of_the_guide_reads_and_its_plan_is_the_best_there_is():
    document = decode(block("roster"))
    stated = decode_plan(block("plan"), document.instance)
    verdict = judge(document.instance, stated.plan)
    assert verdict.good
    assert stated.instance == document.digest
    assert stated.plan.bound == verdict.cost == best_plan(document.instance).bound


def test_the_guide_names_every_field_limit_and_rule():
    text = GUIDE.read_text("utf-8")
    names = set(shapes.Roster.__struct_fields__ + shapes.PlanFile.__struct_fields__)
    assert not {name for name in names if f"`{name}`" not in text and f'"{name}"' not in text}
    rules = {
        value for name, value in vars(check).items() if name.isupper() and isinstance(value, str)
    }
    assert not {rule for rule in rules if f"`{rule}`" not in text}
    assert f"{shapes.MOST_SLOTS:,} places to fill" in text
    assert f"from 0 to {shapes.MOST_PRICE:,}" in text


def assert_same(one: Document, other: Document) -> None:
    for field in fields(one.instance):
        mine, theirs = getattr(one.instance, field.name), getattr(other.instance, field.name)
        if isinstance(mine, np.ndarray):
            assert mine.tolist() == theirs.tolist(), field.name
            assert mine.dtype == theirs.dtype, field.name
        else:
            assert mine == theirs, field.name
    assert one.digest == other.digest


@pytest.mark.parametrize("hours", ["three", "odd", "overlap"])
def test_a_made_city_reads_back_the_same(hours):
    document = Document(generate(0.02, days=9, hours=hours), MONDAY)
    assert_same(document, decode(encode(document)))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_was_read_once_reads_back_the_same(seed):
    instance = small_instance(seed)
    first_day = MONDAY + timedelta(days=instance.first_weekday)
    # Reading sorts and joins windows and needs; a second time there is nothing left to do.
    document = decode(encode(Document(instance, first_day)))
    assert_same(document, decode(encode(document)))
    plan = best_plan(instance).plan
    assert judge(document.instance, plan).cost == plan.cost


def test_a_plan_reads_back_the_same():
    document = decode(block("roster"))
    plan = replace(best_plan(document.instance).plan, bound=90, seconds=1.5)
    verdict = judge(document.instance, plan)
    stated = decode_plan(
        encode_plan(document, plan, verdict, version="groundwork 1"), document.instance
    )
    assert judge(document.instance, stated.plan) == verdict
    assert (stated.bound, stated.cost, stated.version) == (90, plan.cost, "groundwork 1")
    assert stated.instance == document.digest


def test_layout_does_not_change_the_digest_and_content_does():
    document = decode(block("roster"))
    assert decode(encode(document)).digest == document.digest
    instance = replace(document.instance, person_cap=document.instance.person_cap + 1)
    assert replace(document, instance=instance).digest != document.digest
    assert replace(document, first_day=MONDAY + timedelta(7)).digest != document.digest


def test_windows_that_touch_are_one_and_a_closed_gate_has_no_shifts():
    instance = decode(block("roster")).instance
    assert "exit-tue" not in instance.shift_ids
    assert "exit-tue-early" in instance.shift_ids
    roster = example()
    roster["people"][3]["windows"] = [
        {"start": "2020-02-04T10:00", "end": "2020-02-04T12:00:00"},
        {"start": "2020-02-04T08:00", "end": "2020-02-04T10:00"},
    ]
    joined = decode(msgspec.json.encode(roster)).instance
    assert joined.window_start.tolist() == instance.window_start.tolist()
    assert joined.window_end.tolist() == instance.window_end.tolist()


def example() -> dict[str, Any]:
    return msgspec.json.decode(block("roster"), type=dict[str, Any])


WRONG: list[tuple[str, Any, str, str]] = [
    # where, what stands there instead, the path told, the fault
    ("people.1.windows.0.end", "2020-02-03T16:00", "$.people[1].windows[0].end", "backwards"),
    (
        "people.1.windows.1.start",
        "2020-02-31T08:00",
        "$.people[1].windows[1].start",
        "no_such_time",
    ),
    ("people.0.windows.0.start", "2020-02-03 17:00", "$.people[0].windows[0].start", "time"),
    ("people.0.windows.0.start", "2020-02-03T17:00Z", "$.people[0].windows[0].start", "time"),
    ("people.0.windows.0.start", "2020-02-03T17:00:30", "$.people[0].windows[0].start", "time"),
    ("people.0.windows.0.start", 17, "$.people[0].windows[0].start", "type"),
    ("people.2.id", "chen-jie", "$.people[2].id", "twice"),
    ("people.2.id", "", "$.people[2].id", "shortest"),
    ("people.2.id", "w" * 101, "$.people[2].id", "longest"),
    ("people.2.place", "beilun", "$.people[2].place", "nothing"),
    ("people.2.unit", "beilun", "$.people[2].unit", "nothing"),
    ("people.2.attributes", ["party", "dialect"], "$.people[2].attributes[1]", "nothing"),
    ("people.2.weekly_cap", 2.5, "$.people[2].weekly_cap", "type"),
    ("people.2.weekly_cap", -1, "$.people[2].weekly_cap", "least"),
    ("people.2.weekly_cap", 10**30, "$.people[2].weekly_cap", "most"),
    ("people.2.windos", [], "$.people[2]", "unknown_field"),
    ("people.2.windows", None, "$.people[2].windows", "type"),
    ("places.0.parent", "yinzhou", "$.places[0]", "first_place"),
    ("places.1.level", "city", "$.places[1].level", "only_city"),
    ("places.1.level", "village", "$.places[1].level", "choice"),
    ("places.1.parent", None, "$.places[1].parent", "no_parent"),
    ("places.1.parent", "wenzhou", "$.places[1].parent", "nothing"),
    ("places.1.parent", "yinzhou", "$.places[1].level", "level"),
    ("places.5.level", "cell", "$.places[5].parent", "stray_cell"),
    ("units.1.staff", 1, "$.units[1].staff", "staff"),
    ("gates.1.place", "wenzhou", "$.gates[1].place", "nothing"),
    ("gates.1.closed.0.end", "2020-02-04T13:00", "$.gates[1].closed[0].end", "backwards"),
    ("shifts.2.gate", "exit", "$.shifts[2].gate", "nothing"),
    ("shifts.2.start", "2020-02-05T00:00", "$.shifts[2].start", "off_calendar"),
    ("shifts.2.end", "2020-02-03T17:00", "$.shifts[2].end", "backwards"),
    ("shifts.2.end", "2020-02-04T17:01", "$.shifts[2].end", "too_long"),
    ("shifts.2.needs", {"leader": 1}, "$.shifts[2].needs", "nothing"),
    ("shifts.2.needs", {"lead": -1}, "$.shifts[2].needs[...]", "least"),
    ("kinds.0.any_of", ["party", "old"], "$.kinds[0].any_of[1]", "nothing"),
    ("kinds.1.id", "lead", "$.kinds[1].id", "twice"),
    ("kinds.1.unfilled", 100_001, "$.kinds[1].unfilled", "most"),
    ("attributes", ["party", "party"], "$.attributes[1]", "twice"),
    ("weights.week", [0, 3, 2], "$.weights.week[2]", "falls"),
    ("weights.week", [], "$.weights.week", "shortest"),
    ("weights.unit.1.price", 1, "$.weights.unit[1].price", "falls"),
    ("weights.unit.0.up_to", 0, "$.weights.unit[0].up_to", "above"),
    ("weights.travel.district", 1, "$.weights.travel.district", "falls"),
    ("weights.travel.township", None, "$.weights.travel.district", "falls"),
    ("office.start", "8:00", "$.office.start", "hour"),
    ("office.start", "24:01", "$.office.start", "hour"),
    ("office.end", "07:00", "$.office.end", "backwards"),
    ("office.working_days", ["2020-02-05"], "$.office.working_days[0]", "off_calendar"),
    ("office.working_days", ["20200203"], "$.office.working_days[0]", "no_such_time"),
    ("kept.0.person", "nobody", "$.kept[0].person", "nothing"),
    ("kept.0.shift", "never", "$.kept[0].shift", "nothing"),
    ("locked.0.kind", "driver", "$.locked[0].kind", "nothing"),
    ("locked.0.shift", "exit-tue", "$.locked[0].shift", "closed_lock"),
    ("first_day", "2020-2-3", "$.first_day", "no_such_time"),
    ("days", 0, "$.days", "least"),
    ("days", 93, "$.days", "most"),
    ("format", "groundwork-roster/9", "$.format", "choice"),
]


@pytest.mark.parametrize(("where", "value", "path", "fault"), WRONG)
def test_nonsense_is_refused_with_its_path_in_both_languages(where, value, path, fault):
    roster = example()
    *steps, last = [int(step) if step.isdigit() else step for step in where.split(".")]
    inner = roster
    for step in steps:
        inner = inner[step]
    inner[last] = value
    with pytest.raises(Nonsense) as refused:
        decode(msgspec.json.encode(roster))
    assert (refused.value.path, refused.value.fault) == (path, fault)
    assert str(refused.value).startswith(f"{path}: ")
    assert re.search("[一-龥]", refused.value.chinese)
    assert not re.search("[一-龥]", refused.value.english)


@pytest.mark.parametrize("field", ["format", "days", "people", "kinds", "shifts"])
def test_a_field_that_is_missing_is_named(field):
    roster = example()
    del roster[field]
    with pytest.raises(Nonsense, match=f"lacks `{field}`"):
        decode(msgspec.json.encode(roster))


def test_two_rows_of_one_assignment_are_refused():
    for name in ("kept", "locked"):
        roster = example()
        roster[name].append(roster[name][0])
        with pytest.raises(Nonsense, match=rf"\$\.{name}\[1\]: .* stands here twice"):
            decode(msgspec.json.encode(roster))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}}", b"\xff\xfe", b'{"format": NaN}', b"[" * 10_000]
)
def test_what_is_no_json_is_refused_without_a_traceback(content):
    with pytest.raises(Nonsense, match=r"^\$"):
        decode(content)


def test_what_a_file_says_cannot_command_a_terminal():
    roster = example()
    roster["people"][0]["place"] = "\x1b[2Jgone" + "x" * 90
    with pytest.raises(Nonsense) as refused:
        decode(msgspec.json.encode(roster))
    assert "\x1b" not in str(refused.value)
    assert len(refused.value.english) < 110


def test_too_many_slots_and_too_large_a_file_are_refused(monkeypatch):
    monkeypatch.setattr(shapes, "MOST_SLOTS", 6)
    with pytest.raises(Nonsense, match="7 slots in all, 6 at most"):
        decode(block("roster"))
    monkeypatch.setattr(shapes, "MOST_BYTES", 1000)
    with pytest.raises(Nonsense, match="too big a file"):
        decode(block("roster"))


def test_every_refusal_says_the_same_names_in_both_languages():
    for chinese, english in SAID.values():
        names = [set(re.findall(r"%\((\w+)\)s", said)) for said in (chinese, english)]
        assert {name.removesuffix("_zh") for name in names[0]} == names[1]
