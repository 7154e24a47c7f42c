"""Run the ingest: `python -m groundwork.live.ingest`, as `groundwork ingest` does.

Its configuration comes in one variable; no Django is loaded, whoever starts it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from groundwork.base import clock
from groundwork.live.ingest.app import Ingest
from groundwork.live.ingest.config import Config
from groundwork.live.ingest.wire import Line, sweep
from groundwork.live.store import StoreBusy, open_store

BACKLOG = 16_384


async def serve(config: Config, tell: Callable[[], float] = clock.seconds) -> None:
    """Serve until SIGTERM or SIGINT, then drain: what was taken is on disk and answered."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    ingest = Ingest(config, open_store(config.store), clock=tell)
    ingest.open()
    lines: set[Line] = set()
    server = await listen(config, lambda: Line(ingest, lines))
    sweep(loop, lines)
    await stop.wait()
    server.close()
    await ingest.drain()
    for line in list(lines):
        line.close()
    await asyncio.sleep(0)  # lets the last answers out


async def listen(config: Config, make: Callable[[], Line]) -> asyncio.Server:
    """Open the port, or a socket that only this user's processes can open."""
    loop = asyncio.get_running_loop()
    if not config.socket:
        return await loop.create_server(make, config.host, config.port, backlog=BACKLOG)
    path = Path(config.socket)
    refuse_second(path)
    old = os.umask(0o177)
    try:
        return await loop.create_unix_server(make, str(path), backlog=BACKLOG)
    finally:
        os.umask(old)


def refuse_second(path: Path) -> None:
    """Remove the socket a dead process left; refuse to take it from a living one."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)
            return
    raise SystemExit(f"Another ingest listens on {path}.")


def run(config: Config, tell: Callable[[], float] = clock.seconds) -> None:
    """Run on uvloop where it is installed."""
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    with suppress(ImportError):
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        try:
            runner.run(serve(config, tell))
        except StoreBusy as fault:
            sys.exit(f"The store of pulses cannot be used: {fault}")


if __name__ == "__main__":
    run(Config.from_environment())
