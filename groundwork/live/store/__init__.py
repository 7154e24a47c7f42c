"""Where pulses wait for the digest: SQLite on one machine, Redis beyond; no Django."""

from groundwork.live.store.base import CHUNK, Counted, Store, StoreBusy, Watched
from groundwork.live.store.opening import open_store

__all__ = ["CHUNK", "Counted", "Store", "StoreBusy", "Watched", "open_store"]
