"""Discussions: 市委 leads one for everybody below; 海曙区委 copied it for its own units."""

from __future__ import annotations

from tests.matrix.row import ALL, GET, POST, STAFF, Row, Values, less, others, row
from tests.world import World

CITY = "city_operator"  # keeps what 市委 leads
BOTH = f"{CITY} district_operator"  # keep the copy
DESKS = f"{BOTH} unit_secretary other_secretary clerk"  # speak for a unit
HAISHU = (  # who belongs to 海曙区委 or reads the whole city
    f"{BOTH} unit_secretary branch_secretary community_secretary other_community_secretary "
    "auditor clerk staff colleague unit_handler other_handler juror"
)
OF_UNIT = f"{BOTH} unit_secretary clerk auditor branch_secretary staff colleague"
NO, COPY = less(STAFF, CITY), "campaign:copy"


def _with(thing: str, **more: str) -> Values:
    """Name the discussion, and by `more` what else the address names: a thing or a plain word."""

    def arguments(world: World) -> dict[str, str]:
        named = {key: world[word[1:]].public_id if word[0] == "=" else word
                 for key, word in more.items()}  # fmt: skip
        return {"public_id": world[thing].public_id, **named}

    return arguments


def _both(name: str, yes: str, no: str, arguments: Values, reader: str = "") -> list[Row]:
    return [
        row(f"campaigns:{name}", GET, yes, no, arguments=arguments, reader=reader),
        row(f"campaigns:{name}", POST, yes, no, arguments=arguments),
    ]


READING: list[Row] = [
    row("campaigns:discussions", GET, STAFF, less(ALL, STAFF)),
    row("campaigns:discussion", GET, STAFF, thing="campaign", reader=CITY),
    row("campaigns:discussion", GET, HAISHU, thing=COPY, reader="unit_secretary"),
    row("campaigns:task", GET, STAFF, arguments=_with("campaign", task="=talk:task"), reader=CITY),
    row("campaigns:question", GET, STAFF, arguments=_with("campaign", question="=talk:question")),
    row("campaigns:words", GET, STAFF, arguments=_with("campaign", kind="practice")),
    row("campaigns:words", GET, CITY, NO, arguments=_with("campaign", kind="waiting")),
]

DESK: list[Row] = [
    row("campaigns:discussion_new", GET, DESKS, others(DESKS)),
    row("campaigns:discussion_new", POST, DESKS, others(DESKS)),
    *_both("discussion_edit", CITY, NO, _with("campaign")),
    *_both("discussion_copy", DESKS, less(STAFF, DESKS), _with("campaign")),
    *_both("phase_edit", CITY, NO, _with("campaign", kind="discuss")),
    *_both("task_new", CITY, NO, _with("campaign")),
    *_both("question_new", CITY, NO, _with("campaign")),
    *_both("gathering_new", CITY, NO, _with("campaign")),
    *(
        row(f"campaigns:{name}", POST, CITY, NO, arguments=arguments)
        for name, arguments in (
            ("discussion_move", _with("campaign", verb="close")),
            ("task_drop", _with("campaign", task="=talk:task")),
            ("question_drop", _with("campaign", question="=talk:question")),
            ("gathering_drop", _with("campaign", gathering="=gathering")),
        )
    ),
]

SPEAKING: list[Row] = [
    *_both("word_new", STAFF, "", _with("campaign", kind="suggestion"), "staff"),
    *_both("word_new", DESKS, less(STAFF, DESKS), _with("campaign", kind="practice")),
    *_both("task_report", DESKS, less(STAFF, DESKS), _with("campaign", task="=talk:task")),
    row("campaigns:word", GET, STAFF, thing="talk:word:practice", reader=CITY),
    row("campaigns:word_recording", GET, STAFF, thing="talk:word:practice", page=False),
    # What is not shown yet: its author and who keeps the discussion.
    row("campaigns:word", GET, f"{CITY} staff", thing="talk:word:waiting"),
    *_both("word_rewrite", "staff", CITY, _with("talk:word:waiting")),
    *_both("word_withdraw", "staff", CITY, _with("talk:word:waiting")),
    row("campaigns:word_show", POST, CITY, "staff", thing="talk:word:waiting"),
    *_both("word_refuse", CITY, "staff", _with("talk:word:waiting")),
    *_both("word_take_up", CITY, "staff", _with("talk:word:waiting")),
    *_both(
        "word_adopt",
        f"{BOTH} other_secretary",
        less(STAFF, BOTH, "other_secretary"),
        _with("talk:word:practice"),
    ),
]

RECTIFYING: list[Row] = [
    row("campaigns:findings", GET, HAISHU, thing=COPY),
    *_both("finding_new", less(DESKS, "other_secretary"), less(HAISHU, DESKS), _with(COPY)),
    row("campaigns:finding", GET, OF_UNIT, thing="finding", reader=CITY),
    *_both(
        "finding_fix",
        "unit_secretary clerk staff",
        less(OF_UNIT, "unit_secretary clerk staff"),
        _with("finding"),
    ),
    *_both("finding_check", f"{BOTH} auditor", less(OF_UNIT, BOTH, "auditor"), _with("finding")),
]

ROWS: list[Row] = [*READING, *DESK, *SPEAKING, *RECTIFYING]
