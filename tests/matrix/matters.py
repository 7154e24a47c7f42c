"""The ledger: raising, the raiser's page, the board, handling, trust, settings, interfaces.

Each list belongs to the pages of one subject; whoever adds an address adds its rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from groundwork.matters.pages.views.doors import photo_token
from tests.cast import RESIDENT
from tests.matrix.row import ALL, EVERYBODY, GET, POST, STAFF, Row, others, row
from tests.world import World

PHONES = "dispatcher clerk"  # who write calls down


def _call(world: World) -> dict[str, str]:
    return {"place_q": "澄浪", "words": "路灯坏了三天了。", "phone": "13805740001"}


DOORS_IN: list[Row] = [  # portal, enterprise, staff, phone
    row("matters:portal", GET, EVERYBODY, anonymous="yes", reader=RESIDENT),
    row("matters:raise", GET, EVERYBODY, anonymous="yes", reader=RESIDENT),
    row("matters:raise", POST, EVERYBODY, anonymous="yes", values=_call),
    row("matters:portal_places", GET, EVERYBODY, anonymous="yes", page=False),
    row("matters:portal_units", GET, EVERYBODY, anonymous="yes", page=False),
    # Whoever holds the link holds the matter; whoever holds the token sees the photo.
    row(
        "matters:portal_photo",
        GET,
        EVERYBODY,
        arguments=lambda world: {"token": photo_token(world["loose_photo"])},
        anonymous="yes",
        page=False,
    ),
    row(
        "matters:receipt",
        GET,
        EVERYBODY,
        arguments=lambda world: {"secret": world["matter_secret"]},
        anonymous="yes",
        reader=RESIDENT,
    ),
    row("matters:raise_enterprise", GET, "enterprise", STAFF),
    row("matters:raise_enterprise", POST, "enterprise", STAFF, values=_call),
    row("matters:raise_for", GET, STAFF, "enterprise"),
    row("matters:raise_for", POST, STAFF, "enterprise", values=_call),
    row("matters:phone", GET, PHONES, others(PHONES), reader="dispatcher"),
    row("matters:phone", POST, PHONES, others(PHONES), values=_call),
    row("matters:phone_near", POST, PHONES, others(PHONES), values=_call),
    row("matters:phone_earlier", POST, "dispatcher", others("dispatcher"), values=_call),
]


def _mine(**more: str) -> Callable[[World], dict[str, str]]:
    """Name the own page of the answered matter, and what hangs on it."""
    return lambda world: {"key": world["public_secret"], **more}


def _file_of(thing: str, name: str) -> Callable[[World], dict[str, str]]:
    return lambda world: {name: world[thing], "file_id": world[f"{thing}_file"]}


# The raiser's own page: whoever holds the link may read, say and erase; nobody finds it otherwise.
RAISERS: list[Row] = [
    row("matters:own", GET, ALL, reader="staff"),
    row("matters:mine", GET, EVERYBODY, anonymous="yes", arguments=_mine(), reader=RESIDENT),
    row(
        "matters:mine",
        GET,
        "staff",
        arguments=lambda world: {"key": world["public_matter"].public_id},
        anonymous="404",
    ),
    row("matters:mine_act", POST, EVERYBODY, anonymous="yes", arguments=_mine(slug="confirm")),
    row(
        "matters:mine_details", GET, EVERYBODY, anonymous="yes", arguments=_mine(), reader=RESIDENT
    ),
    row("matters:mine_details", POST, EVERYBODY, anonymous="yes", arguments=_mine()),
    row("matters:mine_erase", GET, EVERYBODY, anonymous="yes", arguments=_mine(), reader=RESIDENT),
    row("matters:mine_erase", POST, EVERYBODY, anonymous="yes", arguments=_mine()),
    row(
        "matters:mine_file",
        GET,
        EVERYBODY,
        anonymous="yes",
        arguments=_file_of("public_secret", "key"),
        page=False,
    ),
]
# The public board and a community's page: the same for everybody, but the inner part.
BOARD: list[Row] = [
    row("matters:board", GET, EVERYBODY, anonymous="yes", reader=RESIDENT),
    row("matters:board_rss", GET, EVERYBODY, anonymous="yes", page=False),
    row("matters:board_atom", GET, EVERYBODY, anonymous="yes", page=False),
    row("matters:board_csv", GET, EVERYBODY, anonymous="yes", page=False),
    row("matters:board_json", GET, EVERYBODY, anonymous="yes", page=False),
    row(
        "matters:board_matter",
        GET,
        EVERYBODY,
        anonymous="yes",
        thing="public_matter",
        reader=RESIDENT,
    ),
    row("matters:board_matter", GET, "", thing="matter", anonymous="404"),  # not accepted yet
    row(
        "matters:board_file",
        GET,
        EVERYBODY,
        anonymous="yes",
        arguments=_file_of("public_id", "public_id"),
        page=False,
    ),
    row(
        "matters:community",
        GET,
        EVERYBODY,
        anonymous="yes",
        thing="place:chenglang",
        reader="community_secretary",
    ),
    # A larger place has its part of the board.
    row("matters:community", GET, EVERYBODY, anonymous="yes", thing="place:haishu", page=False),
]
# Who reads what lies in 澄浪社区; who handles at 海曙区教育局; whose desk holds anything at all.
READS_THERE = "city_operator district_operator dispatcher auditor community_secretary"
AT_LEAD = "unit_handler unit_secretary clerk"
SEES_HANDLED = f"{READS_THERE} {AT_LEAD}"
DISPATCH = "city_operator district_operator dispatcher"
OPERATE = "city_operator district_operator"
HANDLE = f"{AT_LEAD} handler other_handler other_secretary"
AT_A_DESK = f"{READS_THERE} {HANDLE} other_community_secretary"
TAKE_LISTS = f"{DISPATCH} auditor {HANDLE}"
REGISTER = f"{DISPATCH} auditor {AT_LEAD}"
CITY = "city_operator"


def _both(name: str, yes: str, seen: str = "", **more: Any) -> list[Row]:
    """Make the row of a form and the row of its sending; who else of `seen` is refused."""
    no = " ".join(who for who in seen.split() if who not in yes.split())
    return [row(name, GET, yes, no, **more), row(name, POST, yes, no, **more)]


def _do(thing: str, slug: str, yes: str, seen: str) -> list[Row]:
    """Make the rows of one act on a matter's page."""
    return _both(
        "matters:act",
        yes,
        seen,
        arguments=lambda world: {"public_id": world[thing].public_id, "slug": slug},
    )


HANDLING: list[Row] = [  # queues, the matter's page, dispatching, settings
    row("matters:queue", GET, AT_A_DESK, others(AT_A_DESK)),
    row("matters:queue_export", GET, TAKE_LISTS, others(TAKE_LISTS), page=False),
    row("matters:accept_many", POST, AT_A_DESK, others(AT_A_DESK)),
    row("matters:assign_many", POST, AT_A_DESK, others(AT_A_DESK)),
    row("matters:answer_many", POST, AT_A_DESK, others(AT_A_DESK)),
    row("matters:choices_bodies", GET, ALL, page=False),
    row("matters:choices_outside", GET, ALL, page=False),
    row("matters:choices_places", GET, ALL, page=False),
    row(
        "matters:choices_people",
        GET,
        AT_LEAD,
        READS_THERE,
        values=lambda world: {"matter": world["handled"].public_id},
        page=False,
    ),
    row("matters:matter", GET, SEES_HANDLED, thing="handled", reader="unit_handler"),
    *_both("matters:accept", DISPATCH, READS_THERE, thing="matter"),
    *_both("matters:assign", DISPATCH, READS_THERE, thing="accepted"),
    *_both("matters:reassign", DISPATCH, SEES_HANDLED, thing="handled"),
    *_both("matters:merge", DISPATCH, SEES_HANDLED, thing="handled"),
    *_both("matters:split", DISPATCH, SEES_HANDLED, thing="handled"),
    row("matters:reveal", POST, SEES_HANDLED, thing="handled"),
    row(
        "matters:staff_file",
        GET,
        SEES_HANDLED,
        arguments=lambda world: {
            "public_id": world["public_matter"].public_id,
            "file_id": world["public_secret_file"],
        },
        page=False,
    ),
    *_do("handled", "answer", AT_LEAD, SEES_HANDLED),
    *_do("handled", "hand-over", AT_LEAD, SEES_HANDLED),
    *_do("handled", "remind", DISPATCH, SEES_HANDLED),
    *_do("handled", "classify", DISPATCH, SEES_HANDLED),
    *_do("handled", "supervise", OPERATE, SEES_HANDLED),
    *_do("handled", "note", f"{DISPATCH} {AT_LEAD}", SEES_HANDLED),
    *_do("matter", "decline", DISPATCH, READS_THERE),
    *_both("matters:decide", OPERATE, SEES_HANDLED, thing="request"),
    row("matters:withheld", GET, f"{OPERATE} editor", others(f"{OPERATE} editor")),
    *_both("matters:withheld_new", f"{OPERATE} editor", ALL),
    *_both("matters:withhold", OPERATE, SEES_HANDLED, thing="handled"),
    # Before its hour what a crew brought is there for nobody but the operators and its editors.
    *_both("matters:withhold", f"{OPERATE} editor", thing="filmed", reader="editor"),
    row("matters:own_register", GET, f"{REGISTER} {HANDLE}", page=False),
    row("matters:register", GET, REGISTER, thing="body:unit", arg="body"),
    row("matters:register_print", GET, REGISTER, thing="body:unit", arg="body"),
    row("matters:register_export", GET, REGISTER, thing="body:unit", arg="body", page=False),
    row("matters:settings", GET, f"{DISPATCH} {HANDLE}", others(DISPATCH, HANDLE)),
    row("matters:settings_categories", GET, CITY, others(CITY)),
    *_both("matters:category_add", CITY, ALL),
    *_both("matters:category_edit", CITY, ALL, thing="category"),
    *_both("matters:category_close", CITY, ALL, thing="category"),
    row("matters:settings_terms", GET, CITY, others(CITY)),
    *_both("matters:term_write", CITY, ALL),
    row("matters:settings_routes", GET, DISPATCH, others(DISPATCH)),
    *_both("matters:route_add", DISPATCH, ALL),
    row("matters:route_close", POST, DISPATCH, thing="route"),
    row("matters:settings_templates", GET, HANDLE, others(HANDLE)),
    *_both("matters:template_write", HANDLE, ALL),
    *_both("matters:template_edit", AT_LEAD, thing="template"),
    row("matters:template_delete", POST, AT_LEAD, thing="template"),
]
# Who reads the matters of 澄浪社区 led by 海曙区教育局: by the place, and at the lead.
BY_PLACE = "city_operator district_operator dispatcher auditor community_secretary"
AT_LEAD = "unit_secretary unit_handler clerk"
READERS = f"{BY_PLACE} {AT_LEAD}"


def _but(named: str) -> str:
    """Name the readers of the matter who may not do this."""
    return " ".join(who for who in READERS.split() if who not in named.split())


TRUST: list[Row] = [  # call-backs, samples
    row("matters:calls", GET, "dispatcher", others("dispatcher")),
    row("matters:call", GET, "dispatcher", _but("dispatcher"), thing="call"),
    row("matters:call_take", POST, "dispatcher", _but("dispatcher"), thing="call"),
    row("matters:call_record", POST, "dispatcher", _but("dispatcher"), thing="call"),
    row("matters:satisfaction", GET, EVERYBODY, anonymous="yes", reader=RESIDENT),
    row("matters:samples", GET, EVERYBODY, anonymous="yes", reader="auditor"),
    row("matters:sample", GET, EVERYBODY, anonymous="yes", reader=RESIDENT, thing="drawn_sample"),
    row("matters:sample", GET, EVERYBODY, anonymous="yes", reader="auditor", thing="sample"),
    row("matters:sample_list", GET, EVERYBODY, anonymous="yes", page=False, thing="sample"),
    row("matters:sample_new", GET, "auditor", others("auditor")),
    row("matters:sample_new", POST, "auditor", others("auditor")),
    row("matters:sample_draw", POST, "auditor", others("auditor"), thing="sample"),
    row("matters:sample_close", POST, "auditor", others("auditor"), thing="drawn_sample"),
    row(
        "matters:sample_item",
        GET,
        f"auditor {AT_LEAD}",
        _but(f"auditor {AT_LEAD}"),
        thing="sample_item",
        reader="auditor",
    ),
    row("matters:sample_item", POST, "auditor", _but("auditor"), thing="sample_item"),
    row("matters:sample_reply", POST, AT_LEAD, _but(AT_LEAD), thing="sample_item"),
    row("matters:sample_phone", POST, "auditor", _but("auditor"), thing="sample_item"),
    row("matters:kept", GET, EVERYBODY, anonymous="yes", reader=RESIDENT),
]
# JSON, Open311, spreadsheets. Programs come without a session: 401 is theirs, no sign-in page.
NO_KEY = "status 401"
CITYWIDE = "city_operator dispatcher"


def _open(name: str, **more: Any) -> Row:
    """Make the row of what programs read without a key."""
    return row(name, GET, EVERYBODY, anonymous="yes", page=False, **more)


def _said(**more: str) -> Callable[[World], dict[str, str]]:
    return lambda world: {"form": "json", **more}


def _named(thing: str, name: str = "public_id") -> Callable[[World], dict[str, str]]:
    return lambda world: {
        "form": "xml",
        name: getattr(world[thing], "public_id", world[thing]),
    }


OPEN: list[Row] = [
    _open("api:openapi-json"),
    row("api:api-root", GET, "", anonymous="404"),
    row("api_nothing", GET, "", anonymous="404", arguments=lambda world: {"rest": "v1/none"}),
    _open("api:categories"),
    _open("api:places", values=lambda world: {"q": "澄浪"}),
    _open("api:board"),
    _open("api:board_matter", thing="public_matter"),
    _open("api:board_way", thing="public_matter"),
    row("api:board_matter", GET, "", thing="matter", anonymous="404"),
    row("api:matters", GET, ALL, anonymous=NO_KEY, page=False),
    row("api:raise_matter", POST, EVERYBODY, anonymous="yes"),
    row("api:matter", GET, READS_THERE, thing="matter", anonymous=NO_KEY, page=False),
    row("api:matter_way", GET, READS_THERE, thing="matter", anonymous=NO_KEY, page=False),
    row("api:raised_way", GET, "", anonymous="404"),  # its secret stands in a header
    _open("open311:discovery", arguments=_said()),
    _open("open311:services", arguments=_said()),
    _open("open311:service", arguments=_said(code="roads")),
    _open("open311:requests", arguments=_said()),
    row("open311:requests", POST, "", ALL, arguments=_said(), anonymous="403"),  # without a key
    _open("open311:request", arguments=_named("public_matter")),
    row("open311:request", GET, "", arguments=_named("matter"), anonymous="404"),
    _open("open311:token", arguments=_named("public_secret", "secret")),
    _open("open311:updates", arguments=_said()),
    row("matters:hotline", GET, DISPATCH, others(DISPATCH), reader="dispatcher"),
    row("matters:hotline", POST, DISPATCH, others(DISPATCH)),
    row("matters:hotline_template", GET, DISPATCH, others(DISPATCH), page=False),
    row("matters:hotline_export", POST, DISPATCH, others(DISPATCH)),
    row("matters:hotline_batch", GET, CITYWIDE, thing="orders", reader="dispatcher"),
    row("matters:hotline_choose", POST, CITYWIDE, thing="orders"),
    row("matters:hotline_confirm", POST, CITYWIDE, thing="orders"),
    row("matters:hotline_undo", POST, CITYWIDE, thing="orders"),
    row("matters:hotline_marked", GET, CITYWIDE, thing="orders", page=False),
]

ROWS: list[Row] = [*DOORS_IN, *RAISERS, *BOARD, *HANDLING, *TRUST, *OPEN]
