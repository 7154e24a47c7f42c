"""Bulk ways and single ways write the same city, in the same small city, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from groundwork.base.actor import system
from groundwork.base.models import Change, SearchEntry
from groundwork.registry.actions import NewPerson, add_people_many, add_person
from groundwork.registry.models import Membership, Person
from groundwork.study.actions.evening import create_evening, create_evenings, hold_past_evenings
from groundwork.study.actions.plan import EveningPlan
from groundwork.study.actions.publishing import publish_evening, publish_evenings
from groundwork.study.actions.roll import Row, record_rolls_many, take_part, tick_people
from groundwork.study.actions.sheet import close_sheet, close_sheets_many
from groundwork.study.models import Absence, Evening, RollEntry, RollSheet
from groundwork.study.tests.make import CITY, MADE, NEXT, a_plan
from tests.cast import Cast

BY = system("demo")


class Undo(Exception):
    """Leave what was written behind."""


def seen_after(write: Callable[[], None], look: Callable[[], object]) -> object:
    """Write, look, and take everything back."""
    seen: object = None
    try:
        with transaction.atomic():
            write()
            seen = look()
            raise Undo
    except Undo:
        return seen


def counts(kind: str) -> Counter[str]:
    """Sum up what the figures were told, by dimensions: bulk acts group, single ones do not."""
    told: Counter[str] = Counter()
    for change in Change.objects.filter(kind=kind):
        told[f"{change.before} → {change.after}"] += change.n
    return told


def test_people_added_at_once_are_as_if_added_one_by_one(cast):
    unit, office, branch = (cast.bodies[key].pk for key in ("unit", "office", "branch"))
    home = cast.places["liujin"].pk
    names = ("欧阳清", "单　晓", "王小明", "John Smith")
    rows = [
        NewPerson(
            name=name,
            work_number=f"x{n}",
            unit_id=unit,
            office_id=office if n % 2 else None,
            branch_id=branch if n == 1 else None,
            home_community_id=home,
            phone="13805741111" if n else "",
        )
        for n, name in enumerate(names)
    ]

    def look() -> object:
        new = Person.objects.filter(work_number__startswith="X").order_by("work_number")
        fields = ("name", "sort_key", "initials", "work_number", "phone", "status", "unit",
                  "office", "branch", "home_community")  # fmt: skip
        belonging = Membership.objects.filter(person__in=new).order_by(
            "person__work_number", "kind"
        )
        words = SearchEntry.objects.filter(kind="registry.person", object_pk__in=new.values("pk"))
        return (
            list(new.values_list(*fields)),
            sorted(map(str, belonging.values_list("person__work_number", "kind", "body", "place"))),
            sorted(words.values_list("tokens", flat=True)),
            counts("registry.person"),
        )

    many = seen_after(lambda: add_people_many(rows, by=BY, at=MADE) and None, look)
    single = seen_after(lambda: [add_person(row, by=BY, at=MADE) for row in rows] and None, look)
    assert many == single


def plans(cast: Cast) -> list[EveningPlan]:
    """Plan three evenings for different parts of the tree."""
    return [
        a_plan(cast.bodies[key], title=f"第{n}场", starts_at=NEXT + timedelta(days=7 * n))
        for n, key in enumerate(("party", "unit", "other_unit"))
    ]


def test_evenings_published_at_once_are_as_if_published_one_by_one(cast):
    def at_once() -> None:
        made = create_evenings(plans(cast), by=BY, at=MADE)
        publish_evenings([evening.public_id for evening in made], by=BY, at=MADE)

    def one_by_one() -> None:
        for plan in plans(cast):
            publish_evening(create_evening(plan, by=BY, at=MADE).public_id, by=BY, at=MADE)

    def look() -> object:
        fields = ("title", "state", "starts_at", "published_at", "changed_at", "sequence")
        return (
            list(Evening.objects.order_by("starts_at").values_list(*fields)),
            sorted(RollSheet.objects.values_list("evening__title", "body")),
            counts("study.evening"),
        )

    assert seen_after(at_once, look) == seen_after(one_by_one, look)


def test_a_roll_written_at_once_is_as_if_everybody_had_come_one_by_one(cast):
    evening = publish_evening(
        create_evening(
            a_plan(cast.bodies["unit"], live_url="https://example.org/a"), by=CITY, at=MADE
        ).public_id,
        by=CITY,
        at=MADE,
    )
    live_at, after = NEXT + timedelta(minutes=5), evening.ends_at + timedelta(hours=1)
    sheet = RollSheet.objects.get(evening=evening)
    unit = cast.bodies["unit"].pk
    ticked = cast.people["clerk"]
    away = cast.people["colleague"]

    def at_once() -> None:
        rows = [Row(cast.people[who].pk, unit, "live", live_at) for who in ("staff", "clerk")]
        rows.append(Row(ticked.pk, unit, "tick", live_at))
        record_rolls_many(evening, rows[:2], by=BY, at=live_at)
        record_rolls_many(evening, rows[2:], by=BY, at=live_at)
        hold_past_evenings(by=BY, at=after)
        evening.refresh_from_db()
        close_sheets_many(evening, {away.pk: "travel"}, by=BY, at=after)

    def one_by_one() -> None:
        for who in ("staff", "clerk"):
            take_part(evening.public_id, source="live", by=cast.actor(who), at=live_at)
        secretary = cast.actor("unit_secretary")
        tick_people(sheet.public_id, [ticked.public_id], by=secretary, at=live_at)
        hold_past_evenings(by=BY, at=after)
        close_sheet(sheet.public_id, {away.public_id: "travel"}, by=secretary, at=after)

    def look() -> object:
        entries = RollEntry.objects.order_by("person")
        return (
            list(entries.values_list("person", "body", "source", "recorded_at", "withdrawn")),
            sorted(entries.values_list("person", "confirmations__source")),
            list(RollSheet.objects.values_list("body", "expected", "took_part", "closed_at")),
            sorted(Absence.objects.values_list("person", "category")),
            sum(counts("study.roll").values()),
        )

    assert seen_after(at_once, look) == seen_after(one_by_one, look)
