"""The receiver: encoders push RTMP with a stream's key, viewers get HLS, the recording grows.

One asyncio process. What it knows of streams and keys it asks `live.actions.pushing`, on one
thread of its own; ffmpeg runs as a child for each encoder that was let in.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from config.logs import logger
from config.receiver.connection import Connection
from groundwork.live.actions import pushing
from groundwork.live.media.files import Places
from groundwork.live.rules import pushing as rules

log = logger("groundwork.receiver")
MOST_CONNECTIONS = 64
AGAIN = 5.0  # seconds between two tries for a port


class Receiver:
    """Listens, and holds what every connection needs."""

    def __init__(self) -> None:
        self.places = Places(Path(settings.LIVE_DIR))
        self.reserve = settings.LIVE_KEEP_FREE_MB * rules.MB
        self.database = ThreadPoolExecutor(1, "database")
        self.connections: set[Connection] = set()

    async def ask(self, work: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Run an action or a query, one after the other."""

        def run() -> Any:
            close_old_connections()
            return work(*args, **more)

        return await asyncio.get_running_loop().run_in_executor(self.database, run)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one encoder from its first byte to its last."""
        if len(self.connections) >= MOST_CONNECTIONS:
            writer.close()
            return
        connection = Connection(self, reader, writer)
        self.connections.add(connection)
        try:
            await connection.run()
        except Exception:
            log.exception("connection failed")
        finally:
            self.connections.discard(connection)
            writer.close()

    async def _listen(self, host: str, port: int, stop: asyncio.Event) -> asyncio.Server | None:
        """Listen, as soon as nobody else does: the rest of the city must not wait for it."""
        while not stop.is_set():
            try:
                server = await asyncio.start_server(self.meet, host, port, limit=1 << 18)
            except OSError as fault:
                if fault.errno != errno.EADDRINUSE:
                    raise
                log.warning("somebody else listens here, trying again", port=port)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), AGAIN)
            else:
                log.info("receiver listens", port=port)
                return server
        return None

    async def run(self, host: str, port: int) -> None:
        """Listen until SIGTERM or SIGINT; then end every broadcast's part properly."""
        self.places.root.mkdir(parents=True, exist_ok=True)
        await self.ask(pushing.recover_pushes)
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        server = await self._listen(host, port, stop)
        if server is not None:
            await stop.wait()
            server.close()
        await asyncio.gather(*(one.stop("server") for one in list(self.connections)))
        self.database.shutdown()
