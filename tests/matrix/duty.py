"""Who may open which address of the area duty; a list per subject."""

from __future__ import annotations

from tests.matrix.row import ALL, EVERYBODY, GET, POST, STAFF, Row, less, row
from tests.world import World

# The gate stands in 澄浪社区, 南门街道, 海曙区; 毛建军 leads tonight's shift, 单晓芸 stands it.
KEEPERS = "city_operator district_operator community_secretary"
ANY_KEEPER = f"{KEEPERS} other_community_secretary"
OPENERS = f"{KEEPERS} colleague"


def of_poster(world: World) -> dict[str, str]:
    return {"code": world["gate"].poster}


def a_scan(world: World) -> dict[str, str]:
    return {"gate": world["gate"].public_id, "code": "1-00"}


def a_reveal(world: World) -> dict[str, str]:
    return {"reason": ""}


NOT_OPENERS, NOT_KEEPERS = less(STAFF, OPENERS), less(STAFF, KEEPERS)

# The order is the city's; its draft is only for the city's operators.
OPERATORS = "city_operator district_operator"
NOT_CITY = less(STAFF, "city_operator")
NOT_ANY = less(STAFF, ANY_KEEPER)
ANSWERERS = "unit_secretary clerk"  # of 海曙区教育局
UNIT_READERS = f"{ANSWERERS} {OPERATORS}"


def a_switch(world: World) -> dict[str, str]:
    return {"public_id": world["order"].public_id, "door": "takes_temperature", "to": "off"}


def of_unit(world: World) -> dict[str, str]:
    return {"public_id": world["order"].public_id, "unit": world["body:unit"].public_id}


def of_volunteer(world: World) -> dict[str, str]:
    return {"public_id": world["order"].public_id, "volunteer": world["volunteer"].public_id}


def a_filler(world: World) -> dict[str, str]:
    return {"person": world["person:clerk"].public_id, "kind": "general"}


POST_READERS = f"{KEEPERS} unit_secretary clerk"
CALLED = less(STAFF, "branch_secretary")


def _pair(name: str, yes: str, no: str, thing: str, reader: str = "city_operator") -> list[Row]:
    """Make the rows of a page with a form."""
    return [
        row(name, GET, yes, no, thing=thing, reader=reader),
        row(name, POST, yes, no, thing=thing),
    ]


ORDER: list[Row] = [
    row("duty:orders", GET, STAFF, reader="staff"),
    row("duty:order_new", GET, OPERATORS, less(STAFF, OPERATORS), reader="city_operator"),
    row("duty:order_new", POST, OPERATORS, less(STAFF, OPERATORS)),
    row("duty:order", GET, STAFF, thing="order", reader="city_operator"),
    row("duty:order", GET, "city_operator", thing="order:draft"),
    *_pair("duty:order_edit", "city_operator", "", "order:draft"),
    *_pair("duty:order_activate", "city_operator", "", "order:draft"),
    *_pair("duty:order_prolong", "city_operator", NOT_CITY, "order"),
    row("duty:order_switch", GET, "city_operator", NOT_CITY, arguments=a_switch),
    row("duty:order_switch", POST, "city_operator", NOT_CITY, arguments=a_switch),
    *_pair("duty:order_end", "city_operator", NOT_CITY, "order"),
    row("duty:notice", GET, EVERYBODY, thing="order", anonymous="yes", reader="staff"),
    row("duty:notice", GET, "", thing="order:draft", anonymous="404"),
    *_pair("duty:notice_edit", "city_operator", NOT_CITY, "order"),
    *_pair("duty:branch_new", "city_operator", NOT_CITY, "order"),
    row("duty:choices_places", GET, ANY_KEEPER, less(ALL, ANY_KEEPER), page=False),
    row("duty:choices_bodies", GET, OPERATORS, less(ALL, OPERATORS), page=False),
    row("duty:gates", GET, STAFF, thing="order", reader="city_operator"),
    *_pair("duty:gate_new", ANY_KEEPER, NOT_ANY, "order"),
    row("duty:needs", GET, STAFF, thing="order", reader="city_operator"),
    *_pair("duty:needs_copy", ANY_KEEPER, NOT_ANY, "order"),
    *_pair("duty:needs_many", ANY_KEEPER, NOT_ANY, "order"),
    *_pair("duty:needs_sheet", ANY_KEEPER, NOT_ANY, "order"),
    row("duty:needs_template", GET, ANY_KEEPER, NOT_ANY, thing="order", page=False),
    row("duty:needs_export", GET, ANY_KEEPER, NOT_ANY, thing="order", page=False),
    row("duty:sheet", GET, "city_operator", thing="need_sheet"),
    row("duty:sheet_confirm", POST, "city_operator", thing="need_sheet"),
    row("duty:sheet_marked", GET, "city_operator", thing="need_sheet", page=False),
    row("duty:gate", GET, STAFF, thing="gate", reader="city_operator"),
    *_pair("duty:gate_edit", KEEPERS, NOT_KEEPERS, "gate"),
    *_pair("duty:gate_shifts", KEEPERS, NOT_KEEPERS, "gate"),
    *_pair("duty:gate_copy", KEEPERS, NOT_KEEPERS, "gate"),
    *_pair("duty:gate_close", KEEPERS, NOT_KEEPERS, "gate"),
    row("duty:gate_reopen", POST, KEEPERS, NOT_KEEPERS, thing="gate"),
    row("duty:gate_poster", GET, KEEPERS, NOT_KEEPERS, thing="gate", reader="city_operator"),
    *_pair("duty:shift_numbers", KEEPERS, NOT_KEEPERS, "shift:tomorrow"),
    *_pair("duty:shift_call_off", KEEPERS, NOT_KEEPERS, "shift:tomorrow"),
    *_pair("duty:order_call", "city_operator", NOT_CITY, "order"),
    *_pair("duty:supply", STAFF, "", "order", reader="staff"),
    row(
        "duty:units",
        GET,
        f"{UNIT_READERS} other_secretary",
        less(STAFF, UNIT_READERS, "other_secretary"),
        thing="order",
        reader="city_operator",
    ),
    row("duty:unit", GET, UNIT_READERS, arguments=of_unit, reader="unit_secretary"),
    row("duty:unit", POST, ANSWERERS, OPERATORS, arguments=of_unit),
    row("duty:unit_release", POST, ANSWERERS, OPERATORS, arguments=of_unit),
    row("duty:unit_hold", POST, ANSWERERS, OPERATORS, arguments=of_volunteer),
]
# 单晓芸 is planned for tomorrow in 澄浪社区, 励志刚 offers his post to whom it fits.
PLAN: list[Row] = [
    *_pair("duty:runs", "city_operator", NOT_CITY, "order"),
    row("duty:run", GET, "city_operator", NOT_CITY, thing="run", reader="city_operator"),
    row("duty:run", GET, "city_operator", NOT_CITY, thing="run:running", reader="city_operator"),
    row("duty:replan", POST, "city_operator", NOT_CITY, thing="order"),
    row("duty:run_stop", POST, "city_operator", NOT_CITY, thing="run:running"),
    row("duty:run_publish", POST, "city_operator", NOT_CITY, thing="run"),
    row("duty:run_drop", POST, "city_operator", NOT_CITY, thing="run"),
    row("duty:board", GET, STAFF, thing="order", reader="city_operator"),
    row("duty:shifts", GET, STAFF, thing="order", reader="staff"),
    row("duty:shift", GET, STAFF, thing="shift:tomorrow", reader="staff"),
    row("duty:sign_up", POST, STAFF, "enterprise", thing="shift:tomorrow"),
    row("duty:why", GET, KEEPERS, NOT_KEEPERS, thing="shift:tomorrow", reader="city_operator"),
    row("duty:assign", POST, KEEPERS, NOT_KEEPERS, thing="shift:tomorrow", values=a_filler),
    row(
        "duty:tonight",
        GET,
        KEEPERS,
        less(ALL, KEEPERS),
        thing="place:chenglang",
        reader="community_secretary",
    ),
    row("duty:mine", GET, STAFF, "enterprise", reader="staff"),
    row("duty:open", GET, STAFF, "enterprise", reader="staff"),
    row("duty:swaps", GET, STAFF, "enterprise", reader="staff"),
    row("duty:post", GET, "staff", POST_READERS, thing="post:ahead", reader="staff"),
    row("duty:confirm", POST, "staff", POST_READERS, thing="post:ahead"),
    row("duty:decline", POST, "staff", POST_READERS, thing="post:ahead"),
    row("duty:post_why", GET, f"staff {POST_READERS}", thing="post:ahead", reader="staff"),
    *_pair("duty:swap_offer", "staff", POST_READERS, "post:ahead", reader="staff"),
    row("duty:swap_take", POST, STAFF, "enterprise", thing="swap"),
    row("duty:swap_withdraw", POST, "branch_secretary", CALLED, thing="swap"),
]

UNIT = "unit_secretary clerk"  # read the posts of their people
SEERS = f"{UNIT} staff"

GATE: list[Row] = [
    row("duty:phone", GET, "", anonymous="404", page=False),
    row("duty:phone_worker", GET, EVERYBODY, anonymous="yes", page=False),
    row("duty:phone_manifest", GET, EVERYBODY, anonymous="yes", page=False),
    row("duty:phone_state", GET, "", anonymous="404", page=False),
    row("duty:phone_sync", POST, "", anonymous="404"),
    row("duty:phone_open", GET, OPENERS, NOT_OPENERS, thing="gate"),
    row("duty:phone_open", POST, OPENERS, NOT_OPENERS, thing="gate"),
    row("duty:phone_close", POST, OPENERS, NOT_OPENERS, thing="gate"),
    row("duty:come", GET, EVERYBODY, arguments=a_scan, anonymous="yes", page=False),
    row("duty:come_worker", GET, EVERYBODY, anonymous="yes", page=False),
    row("duty:come_here", GET, ALL, reader="staff"),
    row("duty:come_here", POST, ALL),
    row("duty:poster", GET, EVERYBODY, arguments=of_poster, anonymous="yes"),
    row("duty:poster_here", POST, STAFF, "enterprise", arguments=of_poster),
    row("duty:thank", GET, EVERYBODY, arguments=of_poster, anonymous="yes"),
    row("duty:thank", POST, EVERYBODY, arguments=of_poster, anonymous="yes"),
    row("duty:log", GET, KEEPERS, NOT_KEEPERS, thing="gate"),
    row("duty:log", POST, KEEPERS, NOT_KEEPERS, thing="gate", values=a_reveal),
    row("duty:alarms", GET, ALL, reader="community_secretary"),
    row("duty:alarm", GET, KEEPERS, thing="alarm", reader="community_secretary"),
    row("duty:alarm", POST, KEEPERS, thing="alarm"),
    row("duty:hours", GET, ANY_KEEPER, less(ALL, ANY_KEEPER), reader="community_secretary"),
    row("duty:hours_approve", POST, ANY_KEEPER, less(ALL, ANY_KEEPER)),
    *_pair("duty:cannot", KEEPERS, f"{UNIT} staff", "post:ahead"),
    # 单晓芸's post is for the lead to mark; yesterday's lead 毛建军 was not seen.
    row("duty:mark_come", POST, f"{KEEPERS} colleague", SEERS, thing="post"),
    row("duty:mark_gone", POST, f"{KEEPERS} colleague", UNIT, thing="post:lead"),
    row("duty:mark_missed", POST, f"{KEEPERS} colleague", SEERS, thing="post"),
    row("duty:settle", GET, KEEPERS, f"{UNIT} colleague", thing="post:missed"),
    row("duty:settle", POST, KEEPERS, f"{UNIT} colleague", thing="post:missed"),
    row("duty:contest", GET, "colleague", f"{KEEPERS} {UNIT}", thing="post:missed"),
    row("duty:contest", POST, "colleague", f"{KEEPERS} {UNIT}", thing="post:missed"),
    row("duty:thanks_show", POST, KEEPERS, thing="thanks"),
    row("duty:certificate", GET, STAFF, "enterprise", thing="order", reader="staff"),
]
NO_KEY = "status 401"


def _api(name: str, yes: str = STAFF, no: str = "", thing: str = "") -> Row:
    """Make the row of what a program reads with a key, or with the session of a page."""
    return row(name, GET, yes, no, thing=thing, anonymous=NO_KEY, page=False)


def _said(name: str, thing: str = "") -> Row:
    """Make the row of what a program writes: unreadable here; the acts have tests of their own."""
    return row(name, POST, ALL, thing=thing, anonymous=NO_KEY)


API: list[Row] = [
    _api("api:orders", ALL),
    _api("api:order", thing="order"),
    _api("api:gates", thing="order"),
    _said("api:add_gate", "order"),
    _api("api:shifts", thing="order"),
    _api("api:gate", thing="gate"),
    _said("api:ask_for_shift", "gate"),
    _api("api:shift", thing="shift"),
    _said("api:sign_up", "shift"),
    _api("api:posts", ALL),
    _api("api:post", "staff", POST_READERS, "post:ahead"),
    _said("api:answer_post", "post:ahead"),
    _api("api:availability", thing="order"),
    _api("api:set_availability", thing="order"),  # read and set at one address
    _said("api:check_in"),
]
ROWS = [*ORDER, *PLAN, *GATE, *API]
