"""Campaigns: the television inquiry. Before its hour an evening is there for few."""

from __future__ import annotations

from tests.matrix.row import EVERYBODY, GET, POST, Row, Values, others, row
from tests.world import World

EDITOR = "editor"
CREW = "editor juror"  # who finds an evening before its hour
SHOWN = "unit_secretary clerk unit_handler"  # who handle for the unit that may read its problem
LOOKERS = "editor auditor"


def _with(thing: str, name: str, word: str) -> Values:
    def arguments(world: World) -> dict[str, str]:
        return {"public_id": world[thing].public_id, name: word}

    return arguments


def form(name: str, thing: str, yes: str = EDITOR, no: str = "") -> list[Row]:
    """Make the rows of a form on a page of its own."""
    return [
        row(f"campaigns:{name}", GET, yes, no, thing=thing),
        row(f"campaigns:{name}", POST, yes, no, thing=thing),
    ]


SEASONS: list[Row] = [
    row("campaigns:inquiry", GET, EVERYBODY),
    row("campaigns:inquiry_season_new", GET, EDITOR, others(EDITOR)),
    row("campaigns:inquiry_season_new", POST, EDITOR, others(EDITOR)),
    row("campaigns:inquiry_season", GET, EVERYBODY, thing="season"),
    *form("inquiry_episode_new", "season", no=others(EDITOR)),
    row("campaigns:inquiry_checks", GET, EDITOR, others(EDITOR)),
    row("api:seasons", GET, EVERYBODY, page=False),
    row("api:season", GET, EVERYBODY, thing="season", page=False),
]

EPISODES: list[Row] = [
    row("campaigns:inquiry_episode", GET, EVERYBODY, thing="episode", reader=EDITOR),
    row("campaigns:inquiry_order", GET, EVERYBODY, thing="episode"),
    row("campaigns:inquiry_jury", GET, "juror", others("juror"), thing="episode"),
    *form("inquiry_hour", "episode:coming", no="juror"),
    *form("inquiry_off", "episode:coming", no="juror"),
    *form("inquiry_links", "episode:coming", no="juror"),
    *form("inquiry_jurors", "episode:planned"),
    *form("inquiry_question_new", "episode:coming", no="juror"),
    *form("inquiry_matter_put", "episode:coming", no="juror"),
    *form("inquiry_clip_new", "episode:coming", no="juror"),
    row(
        "campaigns:inquiry_act",
        POST,
        EDITOR,
        "juror",
        arguments=_with("episode:coming", "verb", "close_vote"),
    ),
    row(
        "campaigns:inquiry_act",
        POST,
        EDITOR,
        others(EDITOR),
        anonymous="sign in",
        arguments=_with("episode", "verb", "close"),
    ),
]

BEFORE_THE_HOUR: list[Row] = [
    row("campaigns:inquiry_episode", GET, CREW, thing="episode:coming", anonymous="404"),
    row("campaigns:inquiry_order", GET, CREW, thing="episode:coming", anonymous="404"),
    row("campaigns:inquiry_jury", GET, "juror", EDITOR, thing="episode:coming"),
    row("campaigns:inquiry_item", GET, f"{CREW} {SHOWN}", thing="item:coming", anonymous="404"),
    row("campaigns:inquiry_item", GET, CREW, thing="item:spare", anonymous="404"),
    row(
        "campaigns:inquiry_clip_file",
        GET,
        f"{CREW} {SHOWN}",
        thing="clip",
        anonymous="404",
        page=False,
    ),
    row(
        "campaigns:inquiry_subtitles",
        GET,
        f"{CREW} {SHOWN}",
        thing="clip",
        anonymous="404",
        page=False,
    ),
]

ITEMS: list[Row] = [
    row("campaigns:inquiry_item", GET, EVERYBODY, thing="item", reader=EDITOR),
    row("campaigns:inquiry_clip_file", GET, EVERYBODY, thing="evidence", page=False),
    *form("inquiry_item_edit", "item:coming", no=f"juror {SHOWN}"),
    *form("inquiry_item_drop", "item:coming", no=f"juror {SHOWN}"),
    *form("inquiry_promise", "item", no=others(EDITOR)),
    *form("inquiry_look", "item", LOOKERS, others(LOOKERS)),
    *form("inquiry_clip_drop", "clip", no=f"juror {SHOWN}"),
    row(
        "campaigns:inquiry_item_move",
        POST,
        EDITOR,
        "juror",
        arguments=_with("item:spare", "way", "up"),
    ),
    row(
        "campaigns:inquiry_item_show",
        POST,
        EDITOR,
        f"juror {SHOWN}",
        arguments=_with("item:coming", "way", "no"),
    ),
    row(
        "campaigns:inquiry_vote",
        POST,
        "juror",
        f"{EDITOR} {SHOWN}",
        arguments=_with("item:coming", "word", "yes"),
    ),
]

ROWS: list[Row] = [*SEASONS, *EPISODES, *BEFORE_THE_HOUR, *ITEMS]
