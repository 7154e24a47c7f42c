"""Figures: the numbers are everybody's; which records open is each area's own policy."""

from __future__ import annotations

from tests.matrix.row import EVERYBODY, GET, Row, Values, row


def of(**values: str) -> Values:
    return lambda world: values


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
    row("figures:open", GET, EVERYBODY, reader="staff"),
    row("figures:open_csv", GET, EVERYBODY, page=False),
    row("figures:open_json", GET, EVERYBODY, page=False),
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
]
