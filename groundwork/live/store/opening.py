"""Open the store that an address names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from groundwork.live.store.base import Store


def open_store(url: str) -> Store:
    """Open sqlite:////path/file, redis://host:port/0, rediss://… or redis+cluster://host:port.

    Raises ValueError for any other address, and StoreBusy when a Redis does not keep what it says.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and parts.path:
        from groundwork.live.store.sqlite import SqliteStore

        return SqliteStore(Path(unquote(parts.path[1:] if parts.path[:2] == "//" else parts.path)))
    if parts.scheme in {"redis", "rediss", "unix", "redis+cluster", "rediss+cluster"}:
        from groundwork.live.store.redis import RedisStore

        return RedisStore(url)
    raise ValueError(
        "must look like sqlite:////path/file, redis://host:6379/0 or redis+cluster://…"
    )
