"""Campaigns: alliances."""

from __future__ import annotations

from tests.matrix.row import ALL, GET, POST, Row, Values, less, others, row
from tests.world import World

KEEPERS = "unit_secretary clerk city_operator district_operator"  # of what 海曙区教育局 leads
ANY_KEEPER = f"{KEEPERS} other_secretary"


# --- alliances: led by a branch of a unit, whose people read all; an enterprise its own side
READERS = f"{KEEPERS} auditor branch_secretary staff colleague"
LOOKERS = f"{READERS} enterprise"


def of_link(world: World) -> dict[str, str]:
    return {
        "public_id": world["member:supplier"].public_id,
        "customer": world["member:lead"].public_id,
    }


def of_side(side: str) -> Values:
    return lambda world: {"public_id": world["pair"].public_id, "side": side}


ALLIANCES: list[Row] = [
    row("campaigns:alliances", GET, ALL),
    row("campaigns:alliance_new", GET, ANY_KEEPER, others(ANY_KEEPER)),
    row("campaigns:alliance_new", POST, ANY_KEEPER, others(ANY_KEEPER)),
    row("campaigns:choices_enterprises", GET, ALL, page=False),
    row("campaigns:choices_leaders", GET, ANY_KEEPER, others(ANY_KEEPER), page=False),
    row("campaigns:alliance", GET, LOOKERS, thing="alliance"),
    row("campaigns:alliance_close", GET, KEEPERS, less(LOOKERS, KEEPERS), thing="alliance"),
    row("campaigns:alliance_close", POST, KEEPERS, less(LOOKERS, KEEPERS), thing="alliance"),
    row("campaigns:member_new", GET, KEEPERS, less(LOOKERS, KEEPERS), thing="alliance"),
    row("campaigns:member_new", POST, KEEPERS, less(LOOKERS, KEEPERS), thing="alliance"),
    row("campaigns:link_new", GET, KEEPERS, less(LOOKERS, KEEPERS), thing="alliance"),
    row("campaigns:link_new", POST, KEEPERS, less(LOOKERS, KEEPERS), thing="alliance"),
    row("campaigns:propose", POST, KEEPERS, less(LOOKERS, KEEPERS), thing="alliance"),
    # Of another member the enterprise is not told that there is such a thing.
    row("campaigns:member_drop", GET, KEEPERS, less(READERS, KEEPERS), thing="member:leaving"),
    row("campaigns:member_drop", POST, KEEPERS, less(READERS, KEEPERS), thing="member:leaving"),
    row(
        "campaigns:member_resumed",
        GET,
        f"{KEEPERS} enterprise",
        less(READERS, KEEPERS),
        thing="member:lead",
        reader="enterprise",
    ),
    row(
        "campaigns:member_resumed",
        POST,
        f"{KEEPERS} enterprise",
        less(READERS, KEEPERS),
        thing="member:lead",
    ),
    row("campaigns:member_resumed", POST, KEEPERS, less(READERS, KEEPERS), thing="member:supplier"),
    row(
        "campaigns:entry_new",
        GET,
        f"{KEEPERS} enterprise",
        less(READERS, KEEPERS),
        thing="member:lead",
        reader="enterprise",
    ),
    row(
        "campaigns:entry_new",
        POST,
        f"{KEEPERS} enterprise",
        less(READERS, KEEPERS),
        thing="member:lead",
    ),
    row("campaigns:entry_new", POST, KEEPERS, less(READERS, KEEPERS), thing="member:supplier"),
    row("campaigns:link_drop", POST, KEEPERS, less(READERS, KEEPERS), arguments=of_link),
    row(
        "campaigns:entry_withdraw",
        GET,
        f"{KEEPERS} enterprise",
        less(READERS, KEEPERS),
        thing="entry",
        reader="enterprise",
    ),
    row(
        "campaigns:entry_withdraw",
        POST,
        f"{KEEPERS} enterprise",
        less(READERS, KEEPERS),
        thing="entry",
    ),
    row("campaigns:entry_pass", GET, KEEPERS, less(LOOKERS, KEEPERS), thing="entry"),
    row("campaigns:entry_pass", POST, KEEPERS, less(LOOKERS, KEEPERS), thing="entry"),
    row("campaigns:pair", GET, LOOKERS, thing="pair", reader="enterprise"),
    # Each side speaks for itself; for the one without an account the keeper writes it down.
    row(
        "campaigns:pair_accept",
        POST,
        "enterprise",
        less(LOOKERS, "enterprise"),
        arguments=of_side("need"),
    ),
    row("campaigns:pair_accept", POST, KEEPERS, less(LOOKERS, KEEPERS), arguments=of_side("offer")),
    row(
        "campaigns:pair_decline",
        GET,
        "enterprise",
        less(LOOKERS, "enterprise"),
        arguments=of_side("need"),
    ),
    row(
        "campaigns:pair_decline", POST, KEEPERS, less(LOOKERS, KEEPERS), arguments=of_side("offer")
    ),
]

ROWS: list[Row] = [*ALLIANCES]
