"""Home, search, calendar, the directory and its imports."""

from tests.matrix.row import ALL, EVERYBODY, GET, POST, row

ROWS = [
    row("desk:home", GET, EVERYBODY),
    row("desk:search", GET, ALL),
    row("desk:calendar", GET, ALL),
    row("desk:calendar", POST, ALL),
    row("desk:calendar_revoke", POST, ALL),
    row("desk:about", GET, EVERYBODY),
    row("desk:privacy", GET, EVERYBODY),
    # A secret address is its own key: a wrong one is nothing, to everybody.
    row("desk:feed", GET, "", arguments=lambda world: {"secret": "x" * 32}, anonymous="404"),
]
