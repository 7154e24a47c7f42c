"""Home, search, calendar, the directory and its imports."""

from tests.matrix.row import ALL, EVERYBODY, GET, POST, STAFF, Row, less, others, row
from tests.world import World

# Who keeps the directory of 海曙区教育局, who keeps any, and who reads in it.
UNIT_KEEPERS = "city_operator district_operator unit_secretary clerk"
KEEPERS = f"{UNIT_KEEPERS} other_secretary"
UNIT_READERS = f"{UNIT_KEEPERS} branch_secretary auditor community_secretary staff"
LOOK_UP = f"{KEEPERS} branch_secretary auditor community_secretary other_community_secretary"
OFFICES = "city_operator district_operator"
CITY = "city_operator"
GRID_KEEPERS = f"{OFFICES} community_secretary"

PERSON, BODY, PLACE = "person:staff", "body:unit", "place:chenglang"


def both(name: str, yes: str, no: str, **more: str) -> list[Row]:
    """Make the row of a form and the row of its sending."""
    return [row(name, GET, yes, no, **more), row(name, POST, yes, no, **more)]


def keeping_a_person(name: str) -> list[Row]:
    reads_only = "branch_secretary auditor community_secretary staff"
    return both(name, UNIT_KEEPERS, reads_only, thing=PERSON)


def keeping_a_body(name: str) -> list[Row]:
    return both(name, UNIT_KEEPERS, others(UNIT_KEEPERS), thing=BODY)


def of_deployment(world: World) -> dict[str, str]:
    """Name 海曙区教育局 at 澄浪社区, where 单晓芸 stood yesterday."""
    return {
        "order": world["order"].public_id,
        "unit": world["body:unit"].public_id,
        "place": world["place:chenglang"].public_id,
    }


# Who answers for a unit or a place has deployments to read; who keeps neither is refused.
DEPLOYERS = f"{UNIT_KEEPERS} other_secretary branch_secretary community_secretary"
DEPLOYERS = f"{DEPLOYERS} other_community_secretary"
MAKERS = f"{UNIT_KEEPERS} community_secretary"

DESK: list[Row] = [
    row("desk:home", GET, EVERYBODY),
    row("desk:search", GET, ALL),
    row("desk:calendar", GET, ALL),
    row("desk:calendar", POST, ALL),
    row("desk:calendar_revoke", POST, ALL),
    row(
        "desk:deployments",
        GET,
        DEPLOYERS,
        less(STAFF, DEPLOYERS),
        thing="order",
        arg="order",
        reader="unit_secretary",
    ),
    row(
        "desk:deployment_point",
        GET,
        MAKERS,
        arguments=of_deployment,
        reader="unit_secretary",
    ),
    row("desk:deployment_point", POST, MAKERS, arguments=of_deployment),
    row("desk:about", GET, EVERYBODY),
    row("desk:privacy", GET, EVERYBODY),
    # A secret address is its own key: a wrong one is nothing, to everybody.
    row("desk:feed", GET, "", arguments=lambda world: {"secret": "x" * 32}, anonymous="404"),
]

DIRECTORY: list[Row] = [
    row("desk:people", GET, LOOK_UP, others(LOOK_UP)),
    *both("desk:person_add", KEEPERS, others(KEEPERS)),
    row("desk:people_export", POST, LOOK_UP, others(LOOK_UP)),
    row("desk:person", GET, UNIT_READERS, thing=PERSON),
    *keeping_a_person("desk:person_edit"),
    *keeping_a_person("desk:person_move"),
    *keeping_a_person("desk:person_home"),
    *keeping_a_person("desk:person_status"),
    *keeping_a_person("desk:person_hand_over"),
    *keeping_a_person("desk:person_merge"),
    row(
        "desk:person_phone",
        POST,
        f"{UNIT_KEEPERS} staff",
        "branch_secretary auditor community_secretary",
        thing=PERSON,
    ),
    row("desk:bodies", GET, ALL),
    row("desk:body", GET, ALL, thing=BODY),
    *keeping_a_body("desk:body_add"),
    *keeping_a_body("desk:body_edit"),
    *keeping_a_body("desk:body_move"),
    *keeping_a_body("desk:body_close"),
    row("desk:places", GET, ALL),
    row("desk:place", GET, ALL, thing=PLACE),
    *both("desk:place_edit", OFFICES, others(OFFICES), thing=PLACE),
    *both("desk:grid_add", GRID_KEEPERS, others(GRID_KEEPERS), thing=PLACE),
    *both("desk:grid_close", GRID_KEEPERS, others(GRID_KEEPERS), thing=PLACE),
    row("desk:priorities", GET, ALL),
    *both("desk:priority_add", CITY, others(CITY)),
    *both("desk:priority_edit", CITY, others(CITY), thing="priority"),
    *both("desk:imports", KEEPERS, others(KEEPERS)),
    row(
        "desk:import_template",
        GET,
        KEEPERS,
        others(KEEPERS),
        arguments=lambda world: {"kind": "people"},
        page=False,
    ),
    row("desk:import", GET, UNIT_KEEPERS, thing="import"),
    row("desk:import_choose", POST, UNIT_KEEPERS, thing="import"),
    row("desk:import_confirm", POST, UNIT_KEEPERS, thing="import"),
    row("desk:import_undo", POST, UNIT_KEEPERS, thing="import"),
    row("desk:import_marked", GET, UNIT_KEEPERS, thing="import", page=False),
    row("desk:choices_people", GET, ALL, page=False),
    row("desk:choices_bodies", GET, ALL, page=False),
    row("desk:choices_units", GET, ALL, page=False),
    row("desk:choices_communities", GET, ALL, page=False),
]

ROWS = [*DESK, *DIRECTORY]
