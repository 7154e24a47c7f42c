"""Live: what players ask, the host's page, the doors of machines."""

from tests.matrix.row import ALL, GET, Row, row

ROWS: list[Row] = [
    row("live:now", GET, ALL, thing="stream", page=False, anonymous="yes"),
    row("live:captions", GET, ALL, thing="stream", page=False, anonymous="yes"),
]
