"""The demo city: whole, the same for the same seed, at any day, and built by the same rules."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import cache

import pytest
from django.db import transaction

from groundwork.access.models import Account, Grant
from groundwork.access.queries import actor_of_account
from groundwork.base import clock
from groundwork.base.actor import Role
from groundwork.base.models import OutboxMessage
from groundwork.desk.demo import NotEmpty, build, renew_running
from groundwork.desk.demo.cast import CAST
from groundwork.duty.models import Post
from groundwork.live.models import Digest
from groundwork.matters.models import Matter
from groundwork.registry.models import Body, Person, Place
from groundwork.service.models import Visit
from groundwork.study.models import Absence, Evening, RollEntry, RollSheet
from groundwork.study.queries.evening import tonight

pytestmark = pytest.mark.once  # on PostgreSQL it is built for test_demo_ledger
SMALL = 0.004
A_SUNDAY = date(2026, 11, 22)
WEEK = timedelta(days=7)


class Undo(Exception):
    """Leave a city behind."""


def picture() -> dict[str, list[tuple[object, ...]]]:
    """Describe a city without its secrets: no primary keys, no public ids, no room secrets."""
    entries = RollEntry.objects.order_by("evening__starts_at", "evening__title", "person__sort_key")
    return {
        "bodies": list(Body.objects.order_by("path").values_list("path", "code", "name", "kind")),
        "people": list(
            Person.objects.order_by("work_number").values_list(
                "work_number", "name", "unit__code", "office__code", "status", "phone",
                "home_community__code",
            )
        ),
        "grants": sorted(Grant.objects.values_list("account__username", "role", "valid_from")),
        "evenings": list(
            Evening.objects.order_by("starts_at", "host__path", "title").values_list(
                "title", "state", "starts_at", "ends_at", "host__code", "theme", "topic__name"
            )
        ),
        "entries": sorted(
            entries.values_list(
                "evening__title", "evening__starts_at", "person__work_number", "source",
                "recorded_at",
            )
        ),
        "sheets": sorted(
            RollSheet.objects.filter(closed_at__isnull=False).values_list(
                "evening__starts_at", "body__code", "expected", "took_part"
            )
        ),
        "absences": sorted(
            Absence.objects.values_list(
                "sheet__evening__starts_at", "person__work_number", "category"
            )
        ),
        "visits": sorted(
            Visit.objects.values_list("day", "unit__code", "place__code", "host__name", "note")
        ),
        "posts": list(
            Post.objects.order_by("shift__starts_at", "shift__gate__name", "person__work_number")
            .values_list(
                "shift__starts_at", "shift__gate__name", "person__work_number", "kind", "state",
                "came_at", "went_at",
            )
        ),
        "watched": list(
            Digest.objects.values_list(
                "stream__starts_at", "viewers", "plays", "peak", "peak_at", "curve_from"
            )
        ),
        "matters": list(
            Matter.objects.order_by("raised_at", "text", "door").values_list(
                "raised_at", "text", "door", "state", "lead__code", "place__code", "closed_at"
            )
        ),
    }  # fmt: skip


@cache
def built(seed: int, until: date, copy: int = 0) -> dict[str, list[tuple[object, ...]]]:
    """Build a city, describe it and leave it behind; another `copy` is built anew."""
    seen = {}
    now = clock.local(until, time(15))
    try:
        with transaction.atomic():
            build(SMALL, seed, until, now=now)
            seen = picture()
            raise Undo
    except Undo:
        return seen


THE_ARTICLES_DAY = date(2020, 5, 31)
A_TUESDAY = date(2026, 11, 24)


def test_the_same_seed_gives_the_same_city(db):
    assert built(1, A_TUESDAY) == built(1, A_TUESDAY, copy=1)


def test_another_seed_gives_other_people(db):
    first, other = built(1, A_TUESDAY)["people"], built(2, THE_ARTICLES_DAY)["people"]
    assert {row[1] for row in first} != {row[1] for row in other}


@pytest.mark.parametrize(("seed", "until"), [(1, A_TUESDAY), (2, THE_ARTICLES_DAY)])
def test_any_day_will_do(db, seed, until):
    seen = built(seed, until)
    days = {row[2].astimezone(clock.ZONE).date() for row in seen["evenings"]}
    assert min(days) < until - timedelta(days=300)
    assert max(days) > until
    assert len(seen["entries"]) > 1000
    starts, viewers, plays, peak, peak_at, _from = seen["watched"][0]
    assert len(seen["watched"]) == 1
    assert clock.day_of(starts) == (date(2020, 5, 19) if until.year == 2020 else until - WEEK)
    assert viewers == 4800  # 1.2 million at this scale
    assert peak <= viewers <= plays
    assert starts <= peak_at


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """One small city for all the looks at it; it is taken back in the end."""
    with django_db_blocker.unblock():
        now = clock.local(A_SUNDAY, time(15))
        try:
            with transaction.atomic():
                report = build(SMALL, 1, A_SUNDAY, now=now)
                yield report, now
                raise Undo
        except Undo:
            pass


def test_it_has_every_real_place_and_marks_every_person_as_invented(city):
    assert Place.objects.filter(level="district").count() == 10
    assert Place.objects.filter(level="township").count() == 162
    assert Place.objects.filter(level="community").count() == 3042
    assert not Person.objects.filter(demo=False).exists()
    assert Person.objects.count() == city[0].people


def test_every_one_of_the_cast_has_a_card_to_come_in_by(city):
    cards = Account.objects.filter(demo=True)
    assert cards.count() == len(CAST) + 1  # and the enterprise
    held = set(Grant.objects.filter(account__demo=True).values_list("role", flat=True))
    assert held == set(Role) - {Role.STAFF}
    ye_kun = cards.get(person__name="叶坤").person
    assert str(ye_kun.unit) == "市人社局"
    assert str(ye_kun.home_community) == "苍水社区"
    assert not any(account.has_usable_password() for account in cards)


def test_every_department_has_one_secretary(city):
    units = Body.objects.filter(people__isnull=False).distinct()
    led = Grant.objects.filter(role=Role.UNIT_SECRETARY).values_list("body", flat=True)
    assert sorted(led) == sorted(units.values_list("pk", flat=True))


def test_half_a_year_of_tuesdays_is_closed_and_the_next_is_announced(city):
    _report, now = city
    past = Evening.objects.filter(host__code="3302-D", ends_at__lt=now)
    assert past.count() == 26
    assert past.filter(state="cancelled").count() == 1
    assert not past.filter(state__in=("draft", "published")).exists()
    coming = Evening.objects.get(starts_at__gt=now, state="published")
    assert coming.starts_at.astimezone(clock.ZONE).date() == date(2026, 11, 24)


def test_the_night_of_note_has_every_roll_and_its_digest(city):
    digest = Digest.objects.get()
    evening = Evening.objects.get(public_id=digest.stream.subject_id)
    assert not evening.sheets.filter(closed_at=None).exists()
    assert sum(digest.curve) > 60 * digest.peak / 2  # people stay
    assert len(digest.curve) in range(95, 110)  # the evening and five minutes before
    assert (evening.public, digest.stream.state) == (True, "ended")
    assert evening.hall_questions.filter(state="answered").count() == 3


def test_a_year_of_history_lies_before_the_day(city):
    first = Evening.objects.order_by("starts_at").first()
    assert first is not None
    assert first.starts_at.astimezone(clock.ZONE).date() <= A_SUNDAY - timedelta(days=350)


def test_somebody_can_sign_in_at_once(city):
    _report, now = city
    account = Account.objects.get(demo=True, person__name="叶坤")
    mine = tonight(actor_of_account(account), now)
    assert mine is not None
    assert mine.own.can_sign_in
    assert mine.own.can_attend
    assert mine.room is not None


def test_nobody_is_on_a_roll_who_was_not_expected_and_totals_agree(city):
    for sheet in RollSheet.objects.filter(closed_at__isnull=False).select_related("evening"):
        came = RollEntry.objects.filter(evening=sheet.evening, body=sheet.body_id).count()
        assert came == sheet.took_part
        assert sheet.absences.count() == sheet.expected - sheet.took_part


def test_no_letter_leaves_about_evenings_of_the_past(city):
    assert not OutboxMessage.objects.filter(kind="study.told", done_at=None).exists()


def test_a_city_that_is_not_empty_is_left_alone(city):
    people = Person.objects.count()
    with pytest.raises(NotEmpty):
        build(SMALL, 2, A_SUNDAY)
    assert Person.objects.count() == people


@pytest.mark.django_db
def test_a_demo_city_of_last_week_gets_an_evening_that_runs_now_and_only_one():
    build(SMALL, 1, A_SUNDAY)
    later = clock.local(A_SUNDAY + timedelta(days=4), time(10, 3))
    with clock.at(later):
        begun = renew_running(later)
        assert begun is not None
        assert begun.starts_at <= later < begun.ends_at
        assert RollSheet.objects.filter(evening=begun).exists()
        assert renew_running(later) is None
    assert not OutboxMessage.objects.filter(kind="study.told", done_at=None).exists()


def test_a_real_city_is_left_alone(cast, at):
    assert renew_running(at) is None
