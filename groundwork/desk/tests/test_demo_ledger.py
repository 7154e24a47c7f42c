"""The demo city's ledger: printed figures by their definitions, every rule kept, desks alive."""

from __future__ import annotations

from datetime import date, time, timedelta
from random import Random

import pytest
from django.db import transaction
from django.db.models import Count, Q

from groundwork.access.models import Account
from groundwork.access.queries import actor_of_account
from groundwork.base import clock
from groundwork.base.actor import NOBODY, system
from groundwork.base.days import calendar
from groundwork.base.numbers import Count as Number
from groundwork.base.numbers import Rate, Ratio
from groundwork.campaigns.models import Season
from groundwork.campaigns.queries import inquiry_todo
from groundwork.campaigns.queries.inquiry import season_page
from groundwork.desk.demo import build
from groundwork.desk.demo.figures import (
    CALLED,
    ENTERPRISE,
    SOLVED,
    SOLVED_BEFORE,
    VISITS,
    Term,
    apportioned,
)
from groundwork.desk.demo.programme import VIEWERS
from groundwork.desk.demo.television import (
    EPISODES,
    FEWEST,
    FEWEST_EPISODES,
    PROBLEMS,
    UNITS,
    write_television,
)
from groundwork.desk.demo.voices import SHARES
from groundwork.desk.demo.ways import all_ways
from groundwork.figures.models import Briefing
from groundwork.figures.queries.briefings import looks
from groundwork.figures.queries.spring import spring_of
from groundwork.figures.queries.values import Value
from groundwork.figures.rules.spring import ROWS
from groundwork.matters.models import Matter, Raiser, Sample, State, Verdict
from groundwork.matters.policy import public_matters, visible_matters
from groundwork.matters.queries.queue import desk_of
from groundwork.matters.queries.wanted import Wanted
from groundwork.matters.rules import deadlines
from groundwork.matters.rules.routing import named_in_complaint
from groundwork.matters.rules.states import CLOSED
from groundwork.registry.models import Body, Place
from groundwork.service.models import ContactPoint, Patrol, PatrolArea, Round, Visit
from groundwork.service.queries.community import found_first
from groundwork.study.models import Evening

SCALE = 0.01
UNTIL = date(2020, 5, 31)
pytestmark = pytest.mark.django_db  # else no database is set up where this file runs alone


class Undo(Exception):
    """Leave a city behind."""


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """The spring of 2020 at a hundredth; it is taken back in the end."""
    with django_db_blocker.unblock():
        now = clock.local(UNTIL, time(18, 20))
        try:
            with transaction.atomic():
                build(0.004, 1, UNTIL, now=now, ledger_scale=SCALE)
                yield now
                raise Undo
        except Undo:
            pass


def between(field: str, days: tuple[date, date]) -> Q:
    """Make a condition: a moment lies within days, both included."""
    first, last = days
    return Q(
        **{
            f"{field}__gte": clock.local(first, time(0)),
            f"{field}__lt": clock.local(last + timedelta(days=1), time(0)),
        }
    )


def test_the_parts_of_a_figure_keep_its_sum_at_any_scale():
    assert apportioned(VISITS, 1) == {"weeks": 37_168, "rest": 106_937}
    assert sum(VISITS.values()) == 144_105
    assert sum(SOLVED.values()) == 143_836
    assert sum(ENTERPRISE.values()) == 310
    for scale in (0.004, 0.01, 0.02, 0.37, 3):
        for parts in (VISITS, SOLVED, ENTERPRISE):
            out = apportioned(parts, scale)
            assert sum(out.values()) == round(sum(parts.values()) * scale)
            assert all(abs(out[key] - n * scale) < 1 for key, n in parts.items())


def test_the_term_is_the_spring_of_2020():
    term = Term.until(UNTIL)
    assert (term.first, term.last) == (date(2020, 1, 1), UNTIL)
    assert term.weeks == (date(2020, 2, 10), date(2020, 3, 31))
    assert term.weeks_before == (date(2019, 2, 10), date(2019, 3, 31))
    Term.until(date(2024, 4, 29))  # its weeks begin on a day other years may not have


def test_visits_are_as_many_as_printed(city):
    term = Term.until(UNTIL)
    days = Visit.objects.filter(withdrawn_at=None)
    counted = apportioned(VISITS, SCALE)
    assert days.filter(day__range=(term.first, term.last)).count() == sum(counted.values())
    assert days.filter(day__range=term.weeks).count() == counted["weeks"]


def test_solved_matters_are_as_many_as_printed_here_and_a_year_before(city):
    term = Term.until(UNTIL)
    solved = Matter.objects.filter(state=State.SOLVED)
    counted = apportioned(SOLVED, SCALE)
    inside = solved.filter(between("closed_at", (term.first, term.last)))
    assert inside.count() == sum(counted.values())
    assert not inside.exclude(between("raised_at", (term.first, term.last))).exists()
    assert solved.filter(between("closed_at", term.weeks)).count() == counted["weeks"]
    before = solved.filter(between("closed_at", term.weeks_before)).count()
    assert before == apportioned({"": SOLVED_BEFORE}, SCALE)[""]


def test_enterprise_matters_are_as_many_as_printed(city):
    counted = apportioned(ENTERPRISE, SCALE)
    accepted = Matter.objects.filter(door="enterprise", accepted_at__isnull=False)
    solved = accepted.filter(state=State.SOLVED)
    satisfied = Verdict.objects.filter(matter__in=solved, solved=True, satisfied=True)
    assert accepted.count() == sum(counted.values())
    assert solved.count() == counted["satisfied"] + counted["other"]
    assert satisfied.count() == counted["satisfied"]


def test_what_enterprises_brought_is_done_in_as_many_as_printed_and_open_in_the_rest():
    now, rng = clock.local(UNTIL, time(18)), Random(1)
    ways = all_ways(Term.until(UNTIL), now, 0.2, calendar(), rng)
    fates = [way.fate for way in ways if way.door == "enterprise"]
    counted = apportioned(ENTERPRISE, 0.2)
    assert fates.count("solved") == counted["satisfied"] + counted["other"]
    assert len(fates) == sum(counted.values())
    assert counted["open"] == 2
    assert "unit_done" not in fates


def test_every_state_is_there_and_who_is_open_owes_a_step(city):
    assert set(Matter.objects.values_list("state", flat=True)) == set(State.values)
    assert not Matter.objects.filter(state__in=CLOSED, closed_at=None).exists()
    owed = Matter.objects.exclude(state__in=(*CLOSED, State.ANSWERED))
    assert not owed.filter(due_at=None).exists()
    lights = {deadlines.light(calendar(), m.due_at, city) for m in owed}
    assert lights == {"green", "amber", "red"}


def test_what_a_visit_found_stands_in_the_ledger(city):
    found = raised_of("service.visit")
    for visit in Visit.objects.filter(found__gt=0):
        assert found.pop(visit.public_id) == visit.found
    assert not found


def test_what_a_round_on_foot_found_stands_in_the_ledger_and_lies_in_its_area(city):
    found = raised_of("service.patrol")
    assert found
    for patrol in Patrol.objects.filter(found__gt=0).select_related("area"):
        assert found.pop(patrol.public_id) == patrol.found
        places = {place.pk for place in patrol.area.places.all()}
        told = Matter.objects.filter(source_id=patrol.public_id)
        assert {matter.place_id for matter in told} <= places
        assert all(matter.raised_at == patrol.recorded_at for matter in told)
    assert not found
    assert not Matter.objects.filter(door="patrol", source_kind="").exists()
    rounds = Patrol.objects.all()
    assert rounds.filter(found=0).exists()  # a round that finds nothing is a round
    assert not rounds.filter(day__gt=UNTIL).exists()
    assert all(patrol.area.valid_from <= patrol.day for patrol in rounds.select_related("area"))


def test_how_much_the_city_finds_by_itself_has_something_to_show(city):
    share = found_first(city, since=city - timedelta(days=90))
    by_patrol = Matter.objects.filter(door="patrol", raised_at__gte=city - timedelta(days=90))
    assert 0 < by_patrol.count() < share.part < share.whole


def raised_of(kind: str) -> dict[str, int]:
    """Count the matters by what they came out of."""
    rows = Matter.objects.filter(source_kind=kind).values("source_id").annotate(n=Count("pk"))
    return {row["source_id"]: row["n"] for row in rows}


def test_no_complaint_is_with_whom_it_names(city):
    for matter in Matter.objects.filter(kind="complaint", lead__isnull=False):
        assert not named_in_complaint(matter.lead.path, matter.concerns.path)


def test_what_is_withheld_is_nowhere_yet(city):
    hidden = Matter.objects.filter(withheld_until__gt=city)
    assert hidden.count() == 3  # the crew's own, and two of the evening to come
    assert not public_matters(city).filter(pk__in=hidden).exists()
    operator = actor_of("市级管理员")
    assert not visible_matters(operator, city).filter(pk__in=hidden).exists()


def actor_of(role: str):
    """Give the actor of a demo card."""
    for account in Account.objects.filter(demo=True):
        actor = actor_of_account(account)
        if role in actor.as_label:
            return actor
    raise AssertionError(role)


@pytest.mark.parametrize("role", ["受理派单员", "承办人", "社区书记", "市级管理员"])
def test_each_desk_has_something_on_it(city, role):
    desk = desk_of(actor_of(role), Wanted(), city)
    assert desk.lines
    assert sum(tab.n > 0 for tab in desk.tabs) >= 2


def test_raisers_are_invented_and_reachable_nowhere(city):
    phones = Raiser.objects.exclude(phone="").values_list("phone", flat=True)
    assert all(phone.startswith("154") for phone in phones)


def test_units_stand_at_their_places_and_a_round_and_a_sample_are_open(city):
    assert ContactPoint.objects.annotate(n=Count("squad")).filter(n__gte=3).count() >= 5
    assert PatrolArea.objects.filter(keepers__valid_to=None).exists()
    assert Round.objects.get(opens_at__lt=city, closes_at__gt=city).state == "open"
    assert sorted(Sample.objects.values_list("state", flat=True)) == ["closed", "published"]
    led = Body.objects.get(name="社保帮办工作室").studio_squad.filter(leads=True)
    assert led.get().person.name == "叶坤"  # whoever tries the staff card has a studio of their own
    assert Visit.objects.filter(studio__studio_squad__in=led).exists()


def test_the_page_of_the_spring_says_of_every_printed_number_what_the_records_say(city):
    with clock.at(city):
        found = {said.row.key: said for said in spring_of(Place.objects.order_by("path")[0], city)}
    assert len(found) == 20

    def shown(key: str) -> object:
        return found[key].number

    weeks, solved = apportioned(VISITS, SCALE), apportioned(SOLVED, SCALE)
    assert shown("service.visits.resumption") == Number(weeks["weeks"])
    assert shown("service.visits.to_may") == Number(sum(weeks.values()))
    assert shown("matters.resolved.resumption") == Number(solved["weeks"])
    assert shown("matters.resolved.to_may") == Number(sum(solved.values()))
    before = found["matters.resolved.resumption"].beside
    assert isinstance(before, Value)
    assert before.number == Number(apportioned({"": SOLVED_BEFORE}, SCALE)[""])
    enterprise = apportioned(ENTERPRISE, SCALE)
    accepted, done = sum(enterprise.values()), sum(enterprise.values()) - enterprise["open"]
    assert shown("matters.enterprise.accepted") == Number(accepted)
    assert shown("matters.enterprise.resolved") == Rate(done, accepted)
    assert shown("matters.enterprise.satisfaction") == Rate(enterprise["satisfied"], done)
    printed = found["matters.resolution_rate.to_may"]
    assert printed.number == Ratio(sum(solved.values()), sum(weeks.values()))
    assert isinstance(printed.beside, Value)
    assert isinstance(printed.beside.number, Rate)
    assert printed.verdict == "no_share"
    # The same records at a hundredth: what stands there is not what was printed, and says so.
    assert found["service.visits.to_may"].verdict == "differs"
    assert found["study.minutes_min"].verdict == "same"
    # Television and the night of note are counted by their own pages, and lead there.
    solved_on_air = FEWEST["satisfied"] + FEWEST["other"]
    assert shown("campaigns.episodes") == Number(FEWEST_EPISODES)
    assert shown("campaigns.problems_solved") == Rate(solved_on_air, sum(FEWEST.values()))
    assert shown("campaigns.satisfaction") == Rate(FEWEST["satisfied"], solved_on_air)
    ended = Season.objects.order_by("first_day")[0]
    for key in ("campaigns.episodes", "campaigns.units_questioned", "campaigns.satisfaction"):
        assert ended.public_id in found[key].url
    said = {key: shown(key) for key in SHARES}
    assert said == {key: Rate(round(100 * part / 1000), 100) for key, part in SHARES.items()}
    night = found["live.viewers"]
    assert night.number == Number(round(VIEWERS * 0.004))
    tuesday = Evening.objects.filter(starts_at__date=date(2020, 5, 19))
    assert any(one.public_id in night.url for one in tuesday)


def test_the_page_of_the_spring_holds_the_records_against_the_numbers_of_the_demo_city():
    goals = {row.key: row.goal for row in ROWS if row.goal}
    assert goals["service.visits.resumption"] == VISITS["weeks"]
    assert goals["service.visits.to_may"] == sum(VISITS.values())
    assert goals["matters.resolved.to_may"] == sum(SOLVED.values())
    assert goals["duty.staff"] == CALLED
    assert goals["matters.enterprise.satisfaction"] == round(100 * 289 / 300, 1)
    assert goals["campaigns.episodes"] == EPISODES
    assert goals["campaigns.problems_solved"] == PROBLEMS["satisfied"] + PROBLEMS["other"]
    assert goals["campaigns.satisfaction"] == round(100 * 301 / 315, 1)
    assert goals["campaigns.units_questioned"] <= UNITS
    assert goals["live.viewers"] <= VIEWERS
    assert {key: goals[key] for key in SHARES} == {key: n / 10 for key, n in SHARES.items()}


def test_a_season_ended_and_one_runs_with_something_for_editor_and_jury(city):
    ended, running = Season.objects.order_by("first_day")
    page = season_page(NOBODY, ended.public_id, city)
    assert page.solved.part == FEWEST["satisfied"] + FEWEST["other"]
    rate = page.words.rate("satisfied")
    assert (rate.part, rate.whole) == (FEWEST["satisfied"], page.solved.part)
    assert season_page(NOBODY, running.public_id, city).problems.n == 4  # not what is to come
    for role, words in (("问政", "九十天复查"), ("评议员", "请评议")):
        lines = inquiry_todo.todo(actor_of(role), city)
        assert any(words in str(line.title) for line in lines), role


def test_the_season_has_the_printed_figures_at_its_scale(city):
    assert (EPISODES, PROBLEMS["satisfied"], PROBLEMS["other"]) == (29, 301, 315 - 301)
    before = set(Season.objects.values_list("pk", flat=True))
    places = {place.code: place for place in Place.objects.all()}
    bodies = {body.code: body for body in Body.objects.all()}
    units = {code for code, body in bodies.items() if body.kind == Body.Kind.UNIT}
    with transaction.atomic():
        by, rng = system("demo"), Random(1)
        write_television(places, bodies, units, 0.2, UNTIL, city, by=by, rng=rng)
        season = Season.objects.exclude(pk__in=before).order_by("first_day")[0]
        page = season_page(NOBODY, season.public_id, city)
        counted = apportioned(PROBLEMS, 0.2)
        assert season.episodes.count() == 6
        assert page.solved.part == counted["satisfied"] + max(counted["other"], 1)
        assert page.words.rate("satisfied").part == counted["satisfied"]
        # Solved before the term, so that its own printed figures stand as they were.
        first = clock.local(Term.until(UNTIL).first, time(0))
        found = Matter.objects.filter(episode_items__episode__season=season, closed_at__gte=first)
        assert not found.exists()
        transaction.set_rollback(True)


def test_a_document_is_published_one_waits_and_one_is_in_hand(city):
    states = Briefing.objects.order_by("pk").values_list("kind", "state")
    assert list(states) == [("briefing", "published"), ("minutes", "checking"), ("letter", "draft")]
    for one in Briefing.objects.exclude(state="published"):
        seen = looks(one, city)
        assert seen
        assert not [look for look in seen if look.changed], "nothing is red from the start"
