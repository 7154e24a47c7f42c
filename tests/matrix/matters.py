"""The ledger: raising, the raiser's page, the board, handling, trust, settings, interfaces.

Each list belongs to the pages of one subject; whoever adds an address adds its rows.
"""

from __future__ import annotations

from collections.abc import Callable

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
    row("matters:community", GET, "", thing="place:haishu", anonymous="404"),  # a district
]
HANDLING: list[Row] = []  # queues, the matter's page, dispatching, settings
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
OPEN: list[Row] = []  # JSON, Open311, spreadsheets

ROWS: list[Row] = [*DOORS_IN, *RAISERS, *BOARD, *HANDLING, *TRUST, *OPEN]
