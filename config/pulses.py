"""Where pulses are kept and how the city passes them on to the ingest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from config.environment import Reader

STORES = ("sqlite", "redis", "rediss", "unix", "redis+cluster", "rediss+cluster")
LONGEST_SOCKET = 100  # a Unix socket's path ends at 107 bytes


@dataclass(frozen=True)
class Pulses:
    """The store's address, how many pulses a second are welcome, where the ingest listens."""

    store: str
    per_second: int
    socket: Path


def read_pulses(reader: Reader, data_dir: Path) -> Pulses:
    """Read and check what the office set."""
    store = reader.text("LIVE_STORE", f"sqlite:///{data_dir / 'pulses.sqlite3'}")
    parts = urlsplit(store)
    if parts.scheme not in STORES or not (parts.netloc or parts.path.strip("/")):
        # The value may hold a password: it is never repeated.
        reader.faults.append(
            "LIVE_STORE must look like redis://host:6379/0, redis+cluster://host:6379 or "
            "sqlite:////path."
        )
    socket = data_dir / "run" / "ingest.sock"
    if len(str(socket)) > LONGEST_SOCKET:
        reader.faults.append(f"DATA_DIR {data_dir} is too long a path for a socket inside it.")
    return Pulses(store, reader.number("LIVE_PULSES_PER_SECOND", 300, 10, 100_000), socket)
