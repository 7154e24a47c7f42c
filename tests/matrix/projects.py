"""Assistance projects: led by 海曙区教育局, whose people read all of it; `staff` was sent there."""

from __future__ import annotations

from tests.matrix.row import ALL, GET, POST, STAFF, Row, less, others, row
from tests.world import World

KEEPERS = "unit_secretary clerk city_operator district_operator"
ANY_KEEPER = f"{KEEPERS} other_secretary"
READERS = f"{KEEPERS} auditor branch_secretary staff colleague"
WRITERS = f"{KEEPERS} staff"
NO = less(READERS, KEEPERS)


def of_posting(world: World) -> dict[str, str]:
    return {"public_id": world["project"].public_id, "posting": world["posting"].public_id}


def of_milestone(world: World) -> dict[str, str]:
    return {
        "public_id": world["project"].public_id,
        "milestone": world["milestone"].public_id,
        "verb": "reach",
    }


ROWS: list[Row] = [
    row("campaigns:projects", GET, STAFF, less(ALL, STAFF)),
    row("campaigns:project_new", GET, ANY_KEEPER, others(ANY_KEEPER)),
    row("campaigns:project_new", POST, ANY_KEEPER, others(ANY_KEEPER)),
    row("campaigns:choices_sent", GET, ALL, page=False),
    row("campaigns:project", GET, READERS, thing="project"),
    row("campaigns:project_report", GET, READERS, thing="project", reader="staff"),
    row("campaigns:project_end", GET, KEEPERS, NO, thing="project"),
    row("campaigns:project_end", POST, KEEPERS, NO, thing="project"),
    row("campaigns:posting_new", GET, KEEPERS, NO, thing="project"),
    row("campaigns:posting_new", POST, KEEPERS, NO, thing="project"),
    row("campaigns:posting_end", GET, KEEPERS, NO, arguments=of_posting),
    row("campaigns:posting_end", POST, KEEPERS, NO, arguments=of_posting),
    row("campaigns:milestone_new", GET, KEEPERS, NO, thing="project"),
    row("campaigns:milestone_new", POST, KEEPERS, NO, thing="project"),
    # Who was sent writes what was done, like whoever keeps the project.
    row(
        "campaigns:milestone_settle",
        GET,
        WRITERS,
        less(READERS, WRITERS),
        arguments=of_milestone,
        reader="staff",
    ),
    row(
        "campaigns:milestone_settle", POST, WRITERS, less(READERS, WRITERS), arguments=of_milestone
    ),
    row(
        "campaigns:note_new",
        GET,
        WRITERS,
        less(READERS, WRITERS),
        thing="project",
        reader="staff",
    ),
    row("campaigns:note_new", POST, WRITERS, less(READERS, WRITERS), thing="project"),
    row("campaigns:note_picture", GET, READERS, thing="note", page=False),
]
