"""Open granian for the ingest and stay until it is told to stop."""

from __future__ import annotations

from pathlib import Path

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes, TaskImpl
from granian.log import LogLevels

from groundwork.live.ingest.config import Config

TARGET = "groundwork.live.ingest.app:create"
MOST_CONNECTIONS = 16_384


def serve_ingest(
    config: Config, *, host: str = "", port: int = 0, socket: Path | None = None, log_level: str
) -> None:
    """Serve on a port, or on a socket that only this user's processes can open.

    One worker with one loop: a second core is a second process, and nginx deals between them.
    """
    config.to_environment()
    where = {"uds": socket, "uds_permissions": 0o600} if socket else {"address": host, "port": port}
    Granian(
        TARGET,
        **where,  # type: ignore[arg-type]
        factory=True,
        interface=Interfaces.RSGI,
        workers=1,
        runtime_threads=1,
        runtime_mode=RuntimeModes.st,
        loop=Loops.auto,  # uvloop where it is installed
        task_impl=TaskImpl.rust,  # Python 3.11; later ones fall back to asyncio's by themselves
        http=HTTPModes.http1,
        websockets=False,
        backlog=MOST_CONNECTIONS,
        backpressure=MOST_CONNECTIONS,
        workers_kill_timeout=15,
        log_level=LogLevels(log_level),
    ).serve()
