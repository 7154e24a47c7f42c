"""Voices: home community, calls, hours, marks, drives, surveys."""

from __future__ import annotations

from typing import Any

from tests.matrix.row import ALL, EVERYBODY, GET, POST, STAFF, Row, Values, others, row
from tests.world import World

SECRETARIES = "community_secretary other_community_secretary"
KEEPER = "community_secretary"  # of 澄浪社区, where 单晓芸 lives
HERE = "unit_secretary community_secretary staff dispatcher"  # who live there
UNIT_KEEPERS = "city_operator district_operator unit_secretary clerk other_secretary"
ABOUT = f"staff {KEEPER} unit_secretary"


def less(group: str, *gone: str) -> str:
    """Name who is in a group and in none of the others."""
    out = {who for names in gone for who in names.split()}
    return " ".join(who for who in group.split() if who not in out)


def of_mark(thing: str, verb: str) -> Values:
    return lambda world: {"public_id": world[thing].public_id, "verb": verb}


def since(world: World) -> dict[str, Any]:
    return {"place": world["place:liujin"].public_id, "since": world.at.date().isoformat()}


HOME: list[Row] = [
    row("voices:home", GET, STAFF, "enterprise", reader="staff"),
    row("voices:register", GET, STAFF, "enterprise", reader="staff"),
    row("voices:register", POST, STAFF, "enterprise", values=since),
    row("voices:withdraw", POST, "staff", KEEPER, thing="registration"),
    row("voices:community", GET, SECRETARIES, others(SECRETARIES), reader=KEEPER),
    row("voices:confirm", POST, KEEPER, "staff", thing="registration"),
    row("voices:refuse", GET, KEEPER, "staff", thing="registration"),
    row("voices:refuse", POST, KEEPER, "staff", thing="registration"),
    row("voices:choices_communities", GET, ALL, page=False),
]

CALLS: list[Row] = [
    row("voices:calls", GET, STAFF, "enterprise", reader="staff"),
    row("voices:call_new", GET, SECRETARIES, others(SECRETARIES), reader=KEEPER),
    row("voices:call_new", POST, SECRETARIES, others(SECRETARIES)),
    row("voices:call", GET, STAFF, thing="wanted", reader=KEEPER),
    row("voices:take", POST, STAFF, "enterprise", thing="wanted"),
    row("voices:call_off", GET, KEEPER, less(STAFF, KEEPER), thing="wanted"),
    row("voices:call_off", POST, KEEPER, less(STAFF, KEEPER), thing="wanted"),
    row("voices:give_back", POST, "colleague", KEEPER, thing="taking:wanted"),
    row("voices:taking_confirm", GET, KEEPER, thing="taking:begun", reader=KEEPER),
    row("voices:taking_confirm", POST, KEEPER, thing="taking:begun"),
    row("voices:taking_release", POST, KEEPER, "staff", thing="taking:begun"),
    row("voices:hours", GET, STAFF, "enterprise", reader="staff"),
    row("voices:hours_export", GET, STAFF, "enterprise", page=False),
]

DEEDS: list[Row] = [
    row("voices:deeds", GET, UNIT_KEEPERS, others(UNIT_KEEPERS), reader="clerk"),
    row("voices:deeds", POST, UNIT_KEEPERS, others(UNIT_KEEPERS)),
    row("voices:deeds_template", GET, UNIT_KEEPERS, others(UNIT_KEEPERS), page=False),
    row("voices:deed_sheet", GET, "clerk", thing="deeds"),
    row("voices:deed_confirm", POST, "clerk", thing="deeds"),
    row("voices:deed_undo", POST, "clerk", thing="deeds"),
    row("voices:deed_marked", GET, "clerk", thing="deeds", page=False),
]

MARKS: list[Row] = [
    row("voices:marks", GET, STAFF, "enterprise", reader="staff"),
    row("voices:mark_new", GET, SECRETARIES, others(SECRETARIES), reader=KEEPER),
    row("voices:mark_new", POST, SECRETARIES, others(SECRETARIES)),
    row(
        "voices:marks_year",
        GET,
        "unit_secretary other_secretary",
        others("unit_secretary other_secretary"),
    ),
    # The person alone has it first; its writer keeps it.
    row("voices:mark", GET, f"staff {KEEPER}", thing="mark", reader="staff"),
    row("voices:mark", GET, ABOUT, thing="answered", reader="unit_secretary"),
    row("voices:mark_say", GET, "staff", KEEPER, arguments=of_mark("mark", "reply")),
    row("voices:mark_say", POST, "staff", KEEPER, arguments=of_mark("mark", "reply")),
    row(
        "voices:mark_say",
        POST,
        "unit_secretary",
        f"staff {KEEPER}",
        arguments=of_mark("answered", "adopt"),
    ),
    row(
        "voices:mark_say",
        POST,
        KEEPER,
        "staff unit_secretary",
        arguments=of_mark("answered", "withdraw"),
    ),
]

DRIVES: list[Row] = [
    row("voices:drives", GET, ALL, reader="staff"),
    row("voices:drive_new", GET, SECRETARIES, others(SECRETARIES), reader=KEEPER),
    row("voices:drive_new", POST, SECRETARIES, others(SECRETARIES)),
    row("voices:drive", GET, HERE, thing="drive", reader=KEEPER),
    row("voices:drive_tap", POST, HERE, "enterprise", thing="drive"),
    row("voices:drive_spot", GET, KEEPER, less(HERE, KEEPER), thing="drive"),
    row("voices:drive_spot", POST, KEEPER, less(HERE, KEEPER), thing="drive"),
    row("voices:drive_shut", GET, KEEPER, less(HERE, KEEPER), thing="drive"),
    row("voices:drive_shut", POST, KEEPER, less(HERE, KEEPER), thing="ending"),
    row("voices:picture", GET, f"staff {KEEPER}", thing="picture", page=False),
]

ASKERS = "unit_secretary clerk other_secretary city_operator district_operator"
ASKING = "unit_secretary clerk city_operator district_operator"  # for 海曙区教育局


def of_key(world: World) -> dict[str, str]:
    return {"key": world["survey_text"].key}


def of_question(world: World) -> dict[str, str]:
    return {"public_id": world["survey_draft"].public_id, "key": "q2"}


def of_choice(world: World) -> dict[str, str]:
    return {"public_id": world["survey_draft"].public_id, "key": "q1"}


SURVEYS: list[Row] = [
    row("voices:surveys", GET, ASKERS, others(ASKERS)),
    row("voices:survey_new", GET, ASKERS, others(ASKERS)),
    row("voices:survey_new", POST, ASKERS, others(ASKERS)),
    row("voices:survey", GET, ASKING, thing="survey_open"),
    row("voices:survey_answer", GET, EVERYBODY, thing="survey_open", reader="staff"),
    row("voices:survey_answer", POST, EVERYBODY, thing="survey_open"),
    row("voices:question_new", GET, ASKING, thing="survey_draft"),
    row("voices:question_new", POST, ASKING, thing="survey_draft"),
    row("voices:question_drop", POST, ASKING, arguments=of_question),
    row("voices:survey_quotas", GET, ASKING, arguments=of_choice),
    row("voices:survey_quotas", POST, ASKING, arguments=of_choice, values=lambda world: {"a1": 50}),
    row("voices:survey_open", POST, ASKING, thing="survey_draft"),
    row("voices:survey_close", POST, ASKING, thing="survey_open"),
    row("voices:survey_publish", POST, ASKING, thing="survey_done"),
    row("voices:survey_results", GET, ASKING, thing="survey_done", anonymous="404"),
    row("voices:survey_texts", GET, ASKING, thing="survey_done"),
    row("voices:text_take_up", GET, ASKING, arguments=of_key),
    row("voices:text_take_up", POST, ASKING, arguments=of_key),
    row("voices:survey_export", GET, ASKING, thing="survey_done", page=False),
]

ROWS: list[Row] = [*HOME, *CALLS, *DEEDS, *MARKS, *DRIVES, *SURVEYS]
