"""Tuesday night: planning, telling, the roll, the record, coverage."""

from groundwork.study.queries import rooms
from tests.matrix.row import ALL, GET, POST, STAFF, Row, Values, others, row
from tests.world import World

PLANNERS = "city_operator district_operator unit_secretary other_secretary branch_secretary clerk"
CITY = "city_operator"  # plans for the bureau, which hosts tonight's evening
UNIT_PLANNERS = "city_operator district_operator unit_secretary clerk"  # for 海曙区教育局

# The roll of 海曙区教育局: who keeps it, who only reads it.
TICKERS = "unit_secretary branch_secretary clerk"
WATCHERS = "city_operator district_operator auditor"
ROLL = f"{TICKERS} {WATCHERS}"
SCREEN = f"{TICKERS} city_operator district_operator"
SHEET = "sheet:tonight:unit"


def of_room(world: World) -> dict[str, str]:
    room = world["room:unit"]
    return {"public_id": world["tonight"].public_id, "room_id": room.public_id}


def of_line(world: World) -> dict[str, str]:
    person = world["person:staff"].public_id
    return {"sheet": world[SHEET].public_id, "person": person}


def of_absence(world: World) -> dict[str, str]:
    absent = world["sheet:last:unit"].absences.get(person=world["person:clerk"])
    return {"sheet": absent.sheet.public_id, "person": absent.person.public_id}


def of_question(world: World) -> dict[str, str]:
    question = world["question"].public_id
    return {"evening": world["tonight"].public_id, "question": question}


def of_asked(world: World) -> dict[str, str]:
    question = world["asked"].public_id
    return {"evening": world["tonight"].public_id, "question": question}


def to_screen(world: World) -> dict[str, str]:
    return {"verb": "shortlist"}


def haishu(**more: str) -> Values:
    return lambda world: {"place": world["place:haishu"].public_id, **more}


PLANNING: list[Row] = [
    row("study:evenings", GET, ALL),
    row("study:evening_new", GET, PLANNERS, others(PLANNERS)),
    row("study:evening_new", POST, PLANNERS, others(PLANNERS)),
    row("study:evening", GET, ALL, thing="tonight"),
    row("study:evening", GET, CITY, thing="draft"),
    row("study:evening", GET, f"{UNIT_PLANNERS}", thing="unit_draft"),
    row("study:evening_edit", GET, CITY, others(CITY), thing="tonight"),
    row("study:evening_edit", POST, CITY, others(CITY), thing="tonight"),
    row("study:evening_publish", GET, CITY, thing="draft"),
    row("study:evening_publish", POST, CITY, thing="draft"),
    row("study:evening_copy", POST, PLANNERS, others(PLANNERS), thing="tonight"),
    row("study:evening_move", GET, CITY, others(CITY), thing="next"),
    row("study:evening_move", POST, CITY, others(CITY), thing="next"),
    row("study:evening_cancel", GET, CITY, others(CITY), thing="next"),
    row("study:evening_cancel", POST, CITY, others(CITY), thing="next"),
    row("study:evening_close", POST, CITY, others(CITY), thing="tonight"),
    # The form offers only bodies of one's own; for another it comes back refused, 422.
    row("study:room_add", POST, ALL, thing="tonight"),
    row("study:room_remove", POST, UNIT_PLANNERS, arguments=of_room),
    row("study:choices_bodies", GET, ALL, page=False),
    row("study:programmes", GET, ALL),
    row("study:programme_new", GET, PLANNERS, others(PLANNERS)),
    row("study:programme_new", POST, PLANNERS, others(PLANNERS)),
    row("study:programme", GET, ALL, thing="programme"),
    row("study:programme_edit", GET, CITY, others(CITY), thing="programme"),
    row("study:programme_edit", POST, CITY, others(CITY), thing="programme"),
    row("study:programme_term", GET, CITY, others(CITY), thing="programme"),
    row("study:programme_term", POST, CITY, others(CITY), thing="programme"),
    row("study:programme_publish", POST, CITY, others(CITY), thing="programme"),
    row("study:tour_new", GET, PLANNERS, others(PLANNERS)),
    row("study:tour_new", POST, PLANNERS, others(PLANNERS)),
    row("study:tour", GET, ALL, thing="series"),
    row("study:tour_publish", POST, CITY, others(CITY), thing="series"),
    row("study:library", GET, ALL),
    row("study:material_new", GET, PLANNERS, others(PLANNERS)),
    row("study:material_new", POST, PLANNERS, others(PLANNERS)),
    row("study:topic_add", POST, CITY, others(CITY)),
    row("study:material", GET, ALL, thing="material"),
    row("study:material_edit", GET, CITY, others(CITY), thing="material"),
    row("study:material_edit", POST, CITY, others(CITY), thing="material"),
    row("study:material_file", GET, "", thing="material"),  # this one is a link, not a file
]

ROLLS: list[Row] = [
    row("study:sign_in", GET, ALL, reader="staff"),
    row("study:sign_in", POST, ALL),
    row("study:sign_in_here", GET, ALL, page=False),
    row(
        "scan:room",  # who is not signed in comes back here from the door, with a receipt
        GET,
        ALL,
        arguments=lambda world: {
            "room": world["room:unit"].public_id,
            "token": rooms.screen(world["room:unit"], world.at).address.rpartition("/")[2],
        },
        page=False,
    ),
    row("study:own_part", GET, ALL, thing="tonight", arg="evening", reader="staff"),
    row(
        "study:take_part",
        POST,
        STAFF,
        "enterprise",
        thing="tonight",
        arg="evening",
        values=lambda world: {"source": "live"},
    ),
    row(
        "study:ask_leave",
        POST,
        STAFF,
        "enterprise",
        thing="next",
        arg="evening",
        values=lambda world: {"category": "travel"},
    ),
    row("study:leaves", GET, ALL),
    row(
        "study:withdraw_leave",
        POST,
        "staff",
        "unit_secretary branch_secretary",
        thing="leave",
        arg="leave",
    ),
    row(
        "study:decide_leave",
        POST,
        "unit_secretary branch_secretary",
        "staff",
        thing="leave",
        arg="leave",
    ),
    row("study:screens", GET, ALL, thing="tonight", arg="evening"),
    row("study:screen", GET, SCREEN, others(SCREEN), thing="room:unit", arg="room"),
    row("study:own_sheets", GET, ALL, thing="tonight", arg="evening", reader="staff"),
    row("study:own_sheets", POST, ALL, thing="tonight", arg="evening"),
    row("study:open_sheets", GET, ALL, reader="city_operator"),
    row(
        "study:open_sheets",
        POST,
        "city_operator district_operator",
        others("city_operator district_operator"),
    ),
    row("study:sheet", GET, ROLL, thing=SHEET, arg="sheet"),
    row(
        "study:tick",
        POST,
        TICKERS,
        WATCHERS,
        thing=SHEET,
        arg="sheet",
        values=lambda world: {"person": world["person:staff"].public_id},
    ),
    row("study:tick_all", POST, TICKERS, WATCHERS, thing=SHEET, arg="sheet"),
    row("study:type_back", GET, TICKERS, WATCHERS, thing=SHEET, arg="sheet"),
    row("study:type_back", POST, TICKERS, WATCHERS, thing=SHEET, arg="sheet"),
    row("study:blank_sheet", GET, TICKERS, WATCHERS, thing=SHEET, arg="sheet"),
    row(
        "study:close_sheet",
        GET,
        "unit_secretary",
        f"branch_secretary clerk {WATCHERS}",
        thing=SHEET,
        arg="sheet",
    ),
    row(
        "study:close_sheet",
        POST,
        "unit_secretary",
        f"branch_secretary clerk {WATCHERS}",
        thing=SHEET,
        arg="sheet",
    ),
    row(
        "study:export_sheet",
        GET,
        f"unit_secretary clerk {WATCHERS}",
        "branch_secretary",
        thing=SHEET,
        arg="sheet",
        page=False,
    ),
    row(
        "study:correct_roll",
        GET,
        "unit_secretary branch_secretary",
        f"clerk {WATCHERS}",
        arguments=of_line,
    ),
    row(
        "study:correct_roll",
        POST,
        "unit_secretary branch_secretary",
        f"clerk {WATCHERS}",
        arguments=of_line,
    ),
    row(
        "study:set_absence",
        POST,
        "unit_secretary branch_secretary",
        f"clerk {WATCHERS}",
        arguments=of_absence,
        values=lambda world: {"category": "travel"},
    ),
    row("study:quiz", GET, ALL, thing="tonight", arg="evening", reader="staff"),
    row("study:quiz", POST, ALL, thing="tonight", arg="evening"),
    row("study:questions", GET, CITY, others(CITY), thing="tonight", arg="evening"),
    row("study:questions", POST, CITY, others(CITY), thing="tonight", arg="evening"),
    row("study:remove_question", POST, CITY, others(CITY), arguments=of_question),
]

HOST = "city_operator auditor district_operator"  # who watches the bureau's hall
HALL: list[Row] = [
    row("study:hall", GET, ALL, thing="tonight", arg="evening", anonymous="yes", reader="staff"),
    # Not public: the door, and no word whether there is such an evening.
    row("study:hall", GET, ALL, thing="next", arg="evening", page=False),
    row("study:hall", GET, "", thing="draft", arg="evening"),
    row("study:hall_part", GET, ALL, thing="tonight", arg="evening", anonymous="yes", page=False),
    row("study:hall_ask", GET, ALL, thing="tonight", arg="evening", anonymous="yes"),
    row("study:hall_ask", POST, ALL, thing="tonight", arg="evening", anonymous="yes"),
    row("study:hall_questions", GET, ALL, thing="tonight", arg="evening", anonymous="yes"),
    row("study:hall_quiz", GET, ALL, thing="tonight", arg="evening", anonymous="yes"),
    row("study:hall_quiz", POST, ALL, thing="tonight", arg="evening", anonymous="yes"),
    row("study:hall_moderate", GET, CITY, others(CITY), thing="tonight", arg="evening"),
    row("study:hall_move", POST, CITY, others(CITY), arguments=of_asked, values=to_screen),
    row("study:hall_speaker", GET, CITY, others(CITY), thing="tonight", arg="evening"),
    row("study:hall_figures", GET, ALL, thing="tonight", arg="evening", anonymous="yes"),
    row("study:hall_outside", POST, CITY, others(CITY), thing="tonight", arg="evening"),
    row("study:hall_screen", GET, HOST, others(HOST), thing="tonight", arg="evening"),
    row("study:hall_now", GET, HOST, others(HOST), thing="tonight", arg="evening", page=False),
]

RECORDS: list[Row] = [
    row("study:record", GET, ALL, reader="staff"),
    row("study:record_print", GET, ALL, reader="staff"),
    row("study:record_export", GET, ALL, page=False),
    row("study:own_register", GET, f"{TICKERS} other_secretary", page=False),
    row("study:register", GET, ROLL, thing="body:unit", arg="body"),
    row("study:register_print", GET, ROLL, thing="body:unit", arg="body"),
    row("study:register_export", GET, ROLL, thing="body:unit", arg="body", page=False),
    row("study:coverage", GET, WATCHERS, page=False),
    row("study:coverage_of", GET, WATCHERS, thing="place:haishu", arg="place"),
    row("study:coverage_of", GET, "city_operator auditor", thing="place:city", arg="place"),
    row("study:coverage_list", GET, WATCHERS, arguments=haishu(what="evenings")),
    row(
        "study:coverage_evening",
        GET,
        WATCHERS,
        arguments=lambda world: {
            "place": world["place:haishu"].public_id,
            "evening": world["last"].public_id,
        },
    ),
]

ROWS = [*PLANNING, *ROLLS, *HALL, *RECORDS]
