"""Live: what players ask, the host's page, the doors of machines."""

from tests.matrix.row import ALL, GET, POST, Row, others, row
from tests.world import World

HOSTS = "city_operator"  # for 市发展改革委


def of_file(world: World) -> dict[str, str]:
    return {"path": f"{world['stream'].public_id}/master.m3u8"}


ROWS: list[Row] = [
    row("live:now", GET, ALL, thing="stream", page=False, anonymous="yes"),
    row("live:captions", GET, ALL, thing="stream", page=False, anonymous="yes"),
    # Tonight's stream is still being rehearsed: only its hosts see the pictures.
    row("live:hls", GET, HOSTS, arguments=of_file, page=False, anonymous="404"),
    row("live:stream", GET, HOSTS, others(HOSTS), thing="stream"),
    row("live:key", POST, HOSTS, others(HOSTS), thing="stream"),
    row("live:close", POST, HOSTS, others(HOSTS), thing="stream"),
    row("live:reopen", POST, HOSTS, others(HOSTS), thing="stream"),
    row("live:upload", POST, HOSTS, others(HOSTS), thing="stream"),
    row("live:put_captions", POST, HOSTS, others(HOSTS), thing="stream"),
    row("live:still", GET, "", others(HOSTS), thing="stream", page=False),  # nothing is sent
    row("live:trim_page", GET, HOSTS, others(HOSTS), thing="recording"),
    row("live:trim", POST, HOSTS, others(HOSTS), thing="recording"),
    row("live:show", POST, HOSTS, others(HOSTS), thing="recording"),
    # nginx on this machine may ask; a visitor, however signed in, finds nothing there.
    row("live:on_publish", POST, "", anonymous="404"),
]
