"""Service: visits, contact points, patrols, rounds of consultation."""

from __future__ import annotations

from tests.matrix.row import ALL, EVERYBODY, GET, POST, STAFF, Row, Values, others, row
from tests.world import World

# The visit was paid by 单晓芸 and 毛建军 of 海曙区教育局 to 澄浪社区, in 海曙区.
WENT = "staff colleague"
UNIT_READERS = "unit_secretary clerk unit_handler"  # a branch reads its branch's, not the unit's
HAISHU = "city_operator district_operator dispatcher auditor"
VISIT_READERS = f"{WENT} {UNIT_READERS} {HAISHU} community_secretary"
VISIT_KEEPERS = f"{WENT} unit_secretary clerk"
KEEPERS = "unit_secretary clerk city_operator district_operator"  # of points, areas, rounds
ANY_KEEPER = f"{KEEPERS} other_secretary"
# Colleagues of the unit and whoever reads its area.
UNIT = "unit_secretary branch_secretary clerk staff colleague"
AREA_READERS = f"{UNIT} city_operator district_operator"
ROUND_READERS = f"{KEEPERS} unit_handler auditor"


def less(group: str, *gone: str) -> str:
    """Name who is in a group and in none of the others."""
    out = {who for names in gone for who in names.split()}
    return " ".join(who for who in group.split() if who not in out)


def of_member(world: World) -> dict[str, str]:
    return {"public_id": world["point"].public_id, "person": world["person:colleague"].public_id}


def of_studio(world: World) -> dict[str, str]:
    return {"public_id": world["studio"].public_id, "person": world["person:colleague"].public_id}


def of_schedule(world: World) -> dict[str, str]:
    """Give the standing order to ask again what 校门口怎么改 asks; set where there is none yet."""
    from datetime import time, timedelta

    from groundwork.service.actions.schedules import SchedulePlan, schedule_round
    from groundwork.service.models import RoundSchedule

    found = RoundSchedule.objects.first()
    if found is None:
        today = world.at.date()
        plan = SchedulePlan("month", 1, time(9), 5, "征询制度", today, today + timedelta(days=200))
        by = world.cast.actor("unit_secretary")
        found = schedule_round(world["round"].public_id, plan, by=by, at=world.at)
    return {"public_id": found.public_id}


def problem(world: World) -> dict[str, str]:
    return {"problem_0": "楼道灯不亮。", "urgency_0": "normal"}


def query(**values: str) -> Values:
    return lambda world: values


def question(world: World) -> dict[str, str]:
    return {"question": world["reply_question"]}


VISITS: list[Row] = [
    row("service:worker", GET, EVERYBODY, page=False),
    row("service:visits", GET, ALL, reader="staff"),
    row("service:visits_export", GET, ALL, page=False),
    row("service:visit_new", GET, STAFF, "enterprise", reader="staff"),
    row("service:visit_new", POST, STAFF, "enterprise"),
    row("service:category_hint", GET, STAFF, "enterprise", page=False),
    row("service:choices_where", GET, STAFF, "enterprise", page=False),
    row("service:visit_held", GET, "staff", thing="held"),
    row("service:visit_drop", POST, "staff", thing="held"),
    row("service:visit", GET, VISIT_READERS, thing="visit", reader="staff"),
    # The enterprise reads who came to it; the street's community is where it stands.
    row(
        "service:visit",
        GET,
        f"staff enterprise {UNIT_READERS} {HAISHU}",
        thing="received",
        reader="enterprise",
    ),
    row(
        "service:visit_add",
        GET,
        VISIT_KEEPERS,
        less(VISIT_READERS, VISIT_KEEPERS),
        thing="visit",
    ),
    row(
        "service:visit_add",
        POST,
        VISIT_KEEPERS,
        less(VISIT_READERS, VISIT_KEEPERS),
        thing="visit",
        values=problem,
    ),
    row(
        "service:visit_withdraw",
        GET,
        VISIT_KEEPERS,
        less(VISIT_READERS, VISIT_KEEPERS),
        thing="visit",
    ),
    row(
        "service:visit_withdraw",
        POST,
        VISIT_KEEPERS,
        less(VISIT_READERS, VISIT_KEEPERS),
        thing="visit",
    ),
]

POINTS: list[Row] = [
    row("service:choices_units", GET, ANY_KEEPER, others(ANY_KEEPER), page=False),
    row("service:choices_places", GET, EVERYBODY, page=False),
    row("service:choices_areas", GET, ALL, page=False),
    row("service:points", GET, STAFF, "enterprise", reader="staff"),
    row("service:point_new", GET, ANY_KEEPER, others(ANY_KEEPER)),
    row("service:point_new", POST, ANY_KEEPER, others(ANY_KEEPER)),
    row("service:point", GET, STAFF, thing="point"),
    row("service:point_edit", GET, KEEPERS, less(STAFF, KEEPERS), thing="point"),
    row("service:point_edit", POST, KEEPERS, less(STAFF, KEEPERS), thing="point"),
    row("service:point_close", GET, KEEPERS, less(STAFF, KEEPERS), thing="point"),
    row("service:point_close", POST, KEEPERS, less(STAFF, KEEPERS), thing="point"),
    row("service:squad_join", POST, KEEPERS, less(STAFF, KEEPERS), thing="point"),
    row("service:squad_leave", POST, KEEPERS, less(STAFF, KEEPERS), arguments=of_member),
    row("service:studios", GET, STAFF, "enterprise", reader="staff"),
    row("service:studio", GET, STAFF, thing="studio", reader="unit_secretary"),
    row("service:studio_join", POST, KEEPERS, less(STAFF, KEEPERS), thing="studio"),
    row("service:studio_leave", POST, KEEPERS, less(STAFF, KEEPERS), arguments=of_studio),
    row("service:areas", GET, STAFF, "enterprise", reader="staff"),
    row("service:area_new", GET, ANY_KEEPER, others(ANY_KEEPER)),
    row("service:area_new", POST, ANY_KEEPER, others(ANY_KEEPER)),
    row("service:area", GET, AREA_READERS, thing="area", reader="staff"),
    row("service:area_edit", GET, KEEPERS, less(AREA_READERS, KEEPERS), thing="area"),
    row("service:area_edit", POST, KEEPERS, less(AREA_READERS, KEEPERS), thing="area"),
    row("service:area_close", GET, KEEPERS, less(AREA_READERS, KEEPERS), thing="area"),
    row("service:area_close", POST, KEEPERS, less(AREA_READERS, KEEPERS), thing="area"),
    row("service:patrol", GET, UNIT, less(AREA_READERS, UNIT), thing="area", reader="staff"),
    row("service:patrol", POST, UNIT, less(AREA_READERS, UNIT), thing="area"),
    row("service:place", GET, EVERYBODY, thing="place:chenglang", reader="staff"),
]

ROUNDS: list[Row] = [
    row(
        "service:rounds",
        GET,
        f"{ROUND_READERS} other_secretary handler other_handler",
        others(f"{ROUND_READERS} other_secretary handler other_handler"),
    ),
    row("service:round_new", GET, ANY_KEEPER, others(ANY_KEEPER)),
    row("service:round_new", POST, ANY_KEEPER, others(ANY_KEEPER)),
    row("service:round", GET, ROUND_READERS, thing="round"),
    row("service:round_edit", GET, KEEPERS, less(ROUND_READERS, KEEPERS), thing="draft_round"),
    row("service:round_edit", POST, KEEPERS, less(ROUND_READERS, KEEPERS), thing="draft_round"),
    row("service:round_open", POST, KEEPERS, less(ROUND_READERS, KEEPERS), thing="draft_round"),
    row("service:round_close", POST, KEEPERS, less(ROUND_READERS, KEEPERS), thing="round"),
    row("service:round_copy", POST, KEEPERS, less(ROUND_READERS, KEEPERS), thing="round"),
    row("service:round_report", GET, KEEPERS, less(ROUND_READERS, KEEPERS), thing="closed_round"),
    row("service:round_report", POST, KEEPERS, less(ROUND_READERS, KEEPERS), thing="closed_round"),
    *(
        row("service:round_schedule", method, KEEPERS, less(ROUND_READERS, KEEPERS), thing=thing)
        for method in (GET, POST)
        for thing in ("draft_round", "round")
    ),
    *(
        row(name, POST, KEEPERS, less(ROUND_READERS, KEEPERS), arguments=of_schedule)
        for name in ("service:schedule_pause", "service:schedule_resume", "service:schedule_end")
    ),
    row(
        "service:take_up",
        GET,
        KEEPERS,
        less(ROUND_READERS, KEEPERS),
        thing="reply",
        values=question,
        page=False,
    ),
    row(
        "service:take_up",
        POST,
        KEEPERS,
        less(ROUND_READERS, KEEPERS),
        thing="reply",
        values=question,
    ),
    row("service:asking", GET, EVERYBODY, reader="resident"),
    row("service:ask", GET, EVERYBODY, thing="round", reader="resident"),
    row("service:ask", POST, EVERYBODY, thing="round"),
    # Who is not among those asked by name is told nothing of the round.
    row("service:ask", GET, "staff enterprise", thing="named_round", anonymous="404"),
    row("service:ask", POST, "staff enterprise", thing="named_round", anonymous="404"),
    row("service:outcome", GET, EVERYBODY, thing="reported_round", reader="resident"),
]

# Programs come without a session: 401 is theirs, no sign-in page.
NO_KEY = "status 401"
OPEN: list[Row] = [
    row("api:visits", GET, ALL, anonymous=NO_KEY, page=False),
    row("api:record_visit", POST, ALL, anonymous=NO_KEY),
    row("api:visit", GET, VISIT_READERS, thing="visit", anonymous=NO_KEY, page=False),
    row("api:contact_points", GET, ALL, anonymous=NO_KEY, page=False),
    row("api:rounds", GET, EVERYBODY, page=False),
    row("api:round", GET, EVERYBODY, thing="round", page=False),
    row("api:round", GET, "", thing="draft_round", anonymous="404"),
    row("api:reply_to_round", POST, EVERYBODY, thing="round"),
    row("api:patrol_areas", GET, ALL, anonymous=NO_KEY, page=False),
    # An empty body is refused before the area is looked for; who may is in test_api_scope.
    row("api:record_patrol", POST, ALL, thing="area", anonymous=NO_KEY),
]

ROWS: list[Row] = [*VISITS, *POINTS, *ROUNDS, *OPEN]
