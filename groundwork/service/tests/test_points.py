"""Contact points with their squads, patrol areas with their keepers, and what ends with a move."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundwork.base.actor import system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Change
from groundwork.base.numbers import Rate
from groundwork.matters.models import Door, Matter
from groundwork.matters.tests.make import raise_one
from groundwork.registry.actions import hand_over, leave_person, merge_people, move_person
from groundwork.registry.actions.places import add_grid
from groundwork.registry.models import Person
from groundwork.service.actions import areas, many, points, squads
from groundwork.service.models import AreaKeeper, HeldVisit, Patrol, SquadMember
from groundwork.service.queries import community as places
from groundwork.service.queries import points as queries
from groundwork.service.queries.todo import todo
from groundwork.service.rules import points as rules
from groundwork.service.rules import visits
from groundwork.service.tests.make import AT, TODAY, a_point, a_problem, a_visit, an_area

LATER = AT + timedelta(days=30)
CITY = system("tests")


class Undo(Exception):
    """Leave what was written behind."""


def seen_after(write, look):
    """Write, look, and take everything back."""
    found = None
    with suppress(Undo), transaction.atomic():
        write()
        found = look()
        raise Undo
    return found


def squad(point):
    """Give today's squad: who leads."""
    return {row.person.name: row.leads for row in point.squad.filter(valid_to=None)}


def test_a_new_leader_ends_the_one_before_who_stays_in_the_squad(cast):
    point, chief = a_point(cast), cast.actor("unit_secretary")
    points.join_squad(point.public_id, cast.people["colleague"], by=chief, at=AT)
    points.join_squad(point.public_id, cast.people["colleague"], leads=True, by=chief, at=LATER)
    assert squad(point) == {"单晓芸": False, "毛建军": True}
    led = SquadMember.objects.get(person=cast.people["staff"], leads=True)
    assert (led.valid_from, led.valid_to) == (TODAY, LATER.date())


def test_only_the_units_own_people_stand_in_its_squad_and_each_once(cast):
    point, chief = a_point(cast), cast.actor("unit_secretary")
    with pytest.raises(rules.NotOfTheUnit):
        points.join_squad(point.public_id, cast.people["outsider"], by=chief, at=AT)
    points.join_squad(point.public_id, cast.people["colleague"], by=chief, at=AT)
    with pytest.raises(rules.AlreadyIn):
        points.join_squad(point.public_id, cast.people["colleague"], by=chief, at=AT)


def test_a_neighbour_sees_a_point_and_keeps_none_of_it(cast):
    point = a_point(cast)
    with pytest.raises(Forbidden):
        points.close_point(point.public_id, by=cast.actor("other_secretary"), at=AT)
    with pytest.raises(Forbidden):
        a_point(cast, body=cast.bodies["other_unit"], leader=None)


def test_what_is_given_up_keeps_its_history_and_takes_nobody(cast):
    point, chief = a_point(cast), cast.actor("unit_secretary")
    points.close_point(point.public_id, by=chief, at=AT)
    with pytest.raises(rules.Ended):
        points.join_squad(
            point.public_id, cast.people["colleague"], by=chief, at=AT + timedelta(days=1)
        )
    assert point.squad.get().valid_to == TODAY


def test_the_page_shows_squad_visits_and_matters(cast, at):
    point = a_point(cast)
    a_visit(cast, "staff", "路灯坏了。", contact_point=point)
    page = queries.point_page(cast.actor("city_operator"), point, AT)
    assert (len(page.visits.rows), len(page.matters), page.days) == (1, 1, "周二、周四")
    assert (
        cast.client("outsider").get(reverse("service:point", args=[point.public_id])).status_code
        == 200
    )
    assert (
        cast.client("enterprise").get(reverse("service:point", args=[point.public_id])).status_code
        == 404
    )


def test_visits_that_a_reader_may_not_open_are_counted_and_not_listed(cast, at):
    point = a_point(cast)
    a_visit(cast, contact_point=point)
    address = reverse("service:point", args=[point.public_id])
    seen = [(who, len(page.visits.rows), page.visits_count.n, page.unseen.n) for who, page in (
        (who, queries.point_page(cast.actor(who), point, AT)) for who in ("staff", "outsider")
    )]  # fmt: skip
    assert seen == [("staff", 1, 1, 0), ("outsider", 0, 1, 1)]
    assert "只计数" in cast.client("outsider").get(address).content.decode()
    assert "只计数" not in cast.client("staff").get(address).content.decode()


def test_who_leaves_leads_and_keeps_nothing_any_more(cast):
    point, area = a_point(cast), an_area(cast)
    leave_person(cast.people["staff"], since=TODAY, by=CITY, at=AT)
    assert squad(point) == {}
    assert not area.keepers.filter(valid_to=None).exists()


def test_duties_go_to_a_successor_of_the_unit_and_end_with_one_from_elsewhere(cast):
    point, area = a_point(cast), an_area(cast)
    hand_over(cast.people["staff"], successor=cast.people["colleague"], by=CITY, at=LATER)
    assert squad(point) == {"毛建军": True}
    assert area.keepers.get(valid_to=None).person == cast.people["colleague"]
    hand_over(cast.people["colleague"], successor=cast.people["outsider"], by=CITY, at=LATER)
    assert squad(point) == {}
    assert AreaKeeper.objects.filter(valid_to=None).count() == 0


def test_a_merged_duplicate_gives_its_visits_and_duties(cast):
    point = a_point(cast)
    a_visit(cast, companions=(cast.people["colleague"],))
    a_visit(cast)
    merge_people(cast.people["staff"], into=cast.people["colleague"], by=CITY, at=AT)
    assert squad(point) == {"毛建军": True}
    assert cast.people["colleague"].visits.count() == 2
    assert not cast.people["staff"].visits.exists()


def test_who_moves_to_another_unit_keeps_nothing_from_that_moment(cast):
    point, area, staff = a_point(cast), an_area(cast), cast.people["staff"]
    move_person(
        staff, unit=cast.bodies["unit"], office=cast.bodies["office_2"], since=TODAY, by=CITY, at=AT
    )
    assert squad(point)  # another office of the same unit is no move away
    move_person(staff, unit=cast.bodies["other_unit"], since=TODAY, by=CITY, at=AT)
    assert squad(point) == {}
    assert not area.keepers.filter(valid_to=None).exists()


def test_who_works_elsewhere_by_now_is_found_by_the_sweep(cast):
    point, area = a_point(cast), an_area(cast)
    unit = cast.bodies["other_unit"]
    Person.objects.filter(pk=cast.people["staff"].pk).update(unit=unit)  # as a sheet does
    assert squads.end_duties_of_the_moved(by=CITY, at=AT) == 2
    assert squad(point) == {}
    assert not area.keepers.filter(valid_to=None).exists()
    assert squads.end_duties_of_the_moved(by=CITY, at=AT) == 0


# --- my grid --------------------------------------------------------------------------------------


def test_a_round_through_two_communities_writes_what_was_seen_where_it_was_seen(cast):
    area = an_area(cast)
    seen = a_problem("垃圾桶满了。", place=cast.places["liujin"])
    plan = areas.PatrolPlan(TODAY, (seen,), client_key="one")
    first = areas.record_patrol(area.public_id, plan, by=cast.actor("staff"), at=AT)
    again = areas.record_patrol(area.public_id, plan, by=cast.actor("staff"), at=AT)
    assert (first.patrol, again.fresh) == (again.patrol, False)
    matter = Matter.objects.get()
    assert (matter.door, matter.place) == (Door.PATROL, cast.places["liujin"])
    with pytest.raises(Forbidden):
        areas.record_patrol(area.public_id, plan, by=cast.actor("colleague"), at=AT)


def test_a_patrol_the_queue_sent_askew_is_held_for_its_sender_and_mended(cast, at):
    area, client = an_area(cast), cast.client("staff")
    address = reverse("service:patrol", args=[area.public_id])
    sent = {"day": "2027-01-01", "problem_0": "垃圾桶满了。", "client_key": "walk-1"}
    refused = client.post(address, sent, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    held = HeldVisit.objects.get()
    page = reverse("service:visit_held", args=[held.public_id])
    assert page in refused.content.decode()
    assert "垃圾桶满了。" in client.get(page).content.decode()
    assert "walk-1" in client.get(page).content.decode()
    assert next(line.url for line in todo(cast.actor("staff"), at)) == page
    assert cast.client("colleague").get(page).status_code == 404
    assert client.post(address, sent | {"day": TODAY.isoformat()}).status_code == 302
    assert not HeldVisit.objects.exists()
    assert Matter.objects.get().door == Door.PATROL


def test_what_was_queued_for_an_area_that_went_to_another_unit_is_not_lost(cast, at):
    area, client = an_area(cast), cast.client("staff")
    Person.objects.filter(pk=cast.people["staff"].pk).update(unit=cast.bodies["bureau"])
    area.keepers.update(valid_to=TODAY)
    address = reverse("service:patrol", args=[area.public_id])
    sent = {"day": TODAY.isoformat(), "problem_0": "垃圾桶满了。", "client_key": "walk-2"}
    assert client.post(address, sent).status_code in (403, 404)
    answer = client.post(address, sent, headers={"HX-Request": "true"})
    assert (answer.status_code, HeldVisit.objects.count()) == (422, 1)
    page = reverse("service:visit_held", args=[HeldVisit.objects.get().public_id])
    shown = client.get(page).content.decode()
    assert "垃圾桶满了。" in shown
    assert "不由您走" in shown


def test_a_stranger_walks_no_round(cast):
    area = an_area(cast)
    with pytest.raises(NotFound):
        areas.record_patrol(
            area.public_id, areas.PatrolPlan(TODAY), by=cast.actor("outsider"), at=AT
        )
    with pytest.raises(Forbidden):
        areas.close_area(area.public_id, by=cast.actor("staff"), at=AT)


def test_a_new_keeper_ends_the_one_before(cast):
    area, chief = an_area(cast), cast.actor("unit_secretary")
    areas.edit_area(
        area.public_id,
        name="南门三社区",
        places=[cast.places["liujin"]],
        keeper=cast.people["colleague"],
        by=chief,
        at=LATER,
    )
    assert area.keepers.get(valid_to=None).person == cast.people["colleague"]
    assert area.keepers.get(person=cast.people["staff"]).valid_to == LATER.date()


def test_what_the_city_finds_by_itself_is_a_rate_over_the_doors(cast):
    area = an_area(cast)
    for n in range(5):
        raise_one(cast, f"第{n}盏路灯坏了。", door=Door.PORTAL, at=AT - timedelta(days=n))
    a_visit(cast, "staff", "台阶破了。")
    plan = areas.PatrolPlan(TODAY, (a_problem("井盖松了。"),))
    areas.record_patrol(area.public_id, plan, by=cast.actor("staff"), at=AT)
    raise_one(cast, "暂不公开。", door=Door.VISIT, at=AT, withheld_until=LATER)
    since = AT - timedelta(days=90)
    assert places.found_first(AT, since=since) == Rate(2, 7)
    assert places.found_first(AT, since=since, place=cast.places["yinzhou"]) == Rate(0, 0)


def test_a_community_shows_everybody_what_was_done_and_nobody_who_did_it(cast, at):
    a_point(cast)
    an_area(cast)
    a_visit(cast, companions=(cast.people["colleague"],))
    address = reverse("service:place", args=[cast.places["chenglang"].public_id])
    page = cast.client("resident").get(address).content.decode()
    assert "澄浪联系点" in page
    assert "南门两社区" in page
    assert not [p.name for p in cast.people.values() if p.name in page]
    assert reverse("service:visits") not in page.split("<main")[1]


def test_the_staff_see_who_answers_for_each_cell_and_for_which_nobody_does(cast, at):
    community, other = cast.places["chenglang"], cast.places["liujin"]
    north = add_grid(community, name="北网格", by=CITY, at=AT)
    add_grid(community, name="南网格", by=CITY, at=AT)
    far = add_grid(other, name="六锦一网格", by=CITY, at=AT)
    keeper, chief = cast.people["staff"], cast.actor("unit_secretary")
    unit = cast.bodies["unit"]
    areas.open_area(name="北格", body=unit, places=[north], keeper=keeper, by=chief, at=AT)
    address, staff = reverse("service:place", args=[community.public_id]), cast.client("staff")
    with CaptureQueriesContext(connection) as first:
        staff.get(address)
    areas.open_area(name="跨社区片", body=unit, places=[north, far], by=chief, at=AT)
    with CaptureQueriesContext(connection) as second:
        page = staff.get(address).content.decode()
    assert len(second) <= len(first)
    assert "北格（单晓芸）、跨社区片（海曙区教育局）" in page
    rows = page.split("网格由谁负责")[1].split("<li>")[1:]
    assert ["还没有人负责" in row for row in rows] == [False, True]
    assert "南网格" in rows[1]
    # Who may not open the area reads whose it is, and nobody's name; a resident no cells.
    stranger = cast.client("outsider").get(address).content.decode()
    assert "北格（海曙区教育局）" in stranger
    assert "单晓芸" not in stranger
    assert "网格由谁负责" not in cast.client("resident").get(address).content.decode()
    # An area over the whole community answers for the cell that had nobody.
    an_area(cast, keeper="colleague")
    assert all(cell.kept for cell in places.community(community, chief, AT).cells)


def test_the_communitys_page_shows_what_service_did_beside_what_was_raised(cast, at):
    point = a_point(cast)
    a_visit(cast, note="看望独居老人")
    place = cast.places["chenglang"].public_id
    page = cast.client("resident").get(f"/matters/community/{place}/").content.decode()
    assert point.name in page
    assert "走访、驻点和巡查" in page
    for name in ("单晓芸", "独居老人"):  # nobody who did it, nothing that was noted
        assert name not in page


def test_the_day_of_the_squad_and_the_month_of_the_area_are_reminders(cast, at):
    point, area = a_point(cast), an_area(cast)  # it is a Tuesday
    staff = cast.actor("staff")
    assert [line.chip for line in todo(staff, AT)] == ["驻点日", "我的网格"]
    a_visit(cast, contact_point=point)
    areas.record_patrol(area.public_id, areas.PatrolPlan(TODAY), by=staff, at=AT)
    assert todo(staff, AT) == []
    assert todo(cast.actor("colleague"), AT) == []


def test_rounds_written_at_once_are_as_those_their_keeper_wrote_down(cast):
    area, keeper = an_area(cast), cast.people["staff"]
    by, days = system("demo"), (AT, AT + timedelta(days=1), AT + timedelta(days=2))

    def seen() -> object:
        rows = Patrol.objects.values_list("area", "person", "day", "note", "found", "recorded_at")
        told = Counter[str]()
        for change in Change.objects.filter(kind=areas.PATROL):
            told[str(sorted((change.after or {}).items()))] += change.n
        return sorted(rows), told

    def one_by_one() -> None:
        for n, at in enumerate(days):
            found = tuple(a_problem() for _one in range(n))
            plan = areas.PatrolPlan(at.date(), found, note="桥下都看了。")
            areas.record_patrol(area.public_id, plan, by=cast.actor("staff"), at=at)

    def at_once() -> None:
        made = [
            many.NewPatrol(area, keeper.pk, at.date(), at, "桥下都看了。", found=n)
            for n, at in enumerate(days)
        ]
        many.record_patrols_many(made, by=by, at=days[-1])

    assert seen_after(one_by_one, seen) == seen_after(at_once, seen)


def test_no_round_is_written_ahead_before_its_area_or_by_somebody_for_others(cast):
    area, keeper = an_area(cast), cast.people["staff"].pk
    for day, error in (
        (TODAY + timedelta(days=1), visits.NotYet),
        (TODAY - timedelta(days=1), rules.BeforeBegin),
    ):
        with pytest.raises(error):
            many.record_patrols_many([many.NewPatrol(area, keeper, day, AT)], by=CITY, at=AT)
    with pytest.raises(Forbidden):
        many.record_patrols_many([], by=cast.actor("city_operator"), at=AT)
