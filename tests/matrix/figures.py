"""Figures: the numbers are everybody's; which records open is each area's own policy."""

from __future__ import annotations

from typing import Any

from tests.matrix.row import EVERYBODY, GET, POST, STAFF, Row, Values, others, row

OPERATOR = "city_operator"
CITY = "city_operator auditor"  # write and check the city's documents


def of(**values: str) -> Values:
    return lambda world: values


def _file(thing: str) -> Values:
    return lambda world: {"public_id": world[thing].public_id, "form": "docx"}


def _picture(thing: str) -> Values:
    return lambda world: {"public_id": world[thing].public_id, "layout": "board", "form": "svg"}


def _edition(world: Any) -> dict[str, str]:
    return {"public_id": world["edition"].public_id, "form": "csv"}


ROWS: list[Row] = [
    row("figures:figures", GET, EVERYBODY, reader="staff"),
    row(
        "figures:figure",
        GET,
        EVERYBODY,
        arguments=of(key="matters.resolution_rate"),
        reader="staff",
    ),
    row(
        "figures:records",
        GET,
        EVERYBODY,
        arguments=of(key="study.attendance"),
        reader="city_operator",
    ),
    row(
        "figures:records_of",
        GET,
        EVERYBODY,
        arguments=of(key="matters.resolution_rate", which="whole"),
        page=False,
    ),
    row("figures:bodies", GET, STAFF, anonymous="404", reader="city_operator"),
    row(
        "figures:bodies_of",
        GET,
        STAFF,
        arguments=of(key="matters.resolution_rate"),
        anonymous="404",
        reader="city_operator",
    ),
    row("figures:spring", GET, EVERYBODY, reader="staff"),
    row("figures:wall", GET, EVERYBODY, reader="staff"),
    row("figures:wall_part", GET, EVERYBODY, page=False),
    row("figures:open", GET, EVERYBODY, reader="staff"),
    row("figures:open_csv", GET, EVERYBODY, page=False),
    row("figures:open_json", GET, EVERYBODY, page=False),
    row("figures:edition", GET, EVERYBODY, arguments=_edition, page=False),
    row(
        "figures:export",
        GET,
        EVERYBODY,
        arguments=of(key="study.attendance", form="xlsx"),
        page=False,
    ),
    row("api:figures", GET, EVERYBODY, page=False),
    row("api:figure", GET, EVERYBODY, arguments=of(key="matters.raised"), page=False),
    row("api:figure_records", GET, EVERYBODY, arguments=of(key="matters.raised"), page=False),
    row("figures:briefings", GET, EVERYBODY, reader="city_operator"),
    row(
        "figures:briefing_new",
        GET,
        "city_operator district_operator",
        others("city_operator district_operator"),
    ),
    row(
        "figures:briefing_new",
        POST,
        "city_operator district_operator",
        others("city_operator district_operator"),
    ),
    row("figures:briefing", GET, EVERYBODY, thing="briefing", reader="staff"),
    row("figures:briefing", GET, CITY, thing="briefing:draft", anonymous="404", page=False),
    row("figures:briefing", GET, STAFF, thing="minutes", anonymous="404", page=False),
    row("figures:briefing_file", GET, EVERYBODY, arguments=_file("briefing"), page=False),
    row(
        "figures:briefing_file",
        GET,
        CITY,
        arguments=_file("briefing:draft"),
        anonymous="404",
        page=False,
    ),
    row("figures:briefing_picture", GET, EVERYBODY, arguments=_picture("briefing"), page=False),
    row(
        "figures:briefing_picture",
        GET,
        CITY,
        arguments=_picture("briefing:draft"),
        anonymous="404",
        page=False,
    ),
    row("figures:briefing_edit", GET, "city_operator", "auditor", thing="briefing:draft"),
    row("figures:briefing_edit", POST, "city_operator", "auditor", thing="briefing:draft"),
    row("figures:briefing_number", GET, "city_operator", "auditor", thing="briefing:draft"),
    row("figures:briefing_number", POST, "city_operator", "auditor", thing="briefing:draft"),
    row("figures:briefing_look", POST, CITY, thing="briefing:draft"),
    row("figures:briefing_send", POST, "city_operator", "auditor", thing="briefing:draft"),
    row("figures:briefing_return", GET, CITY, thing="briefing:draft", reader="auditor"),
    row("figures:briefing_return", POST, CITY, thing="briefing:draft"),
    row("figures:briefing_publish", POST, CITY, thing="briefing:draft"),
    row("figures:briefing_correct", GET, OPERATOR, others(OPERATOR), thing="briefing"),
    row("figures:briefing_correct", POST, OPERATOR, others(OPERATOR), thing="briefing"),
]
