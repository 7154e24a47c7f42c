"""An ingest whose clock stands in a file: an evening is played through as fast as it can be.

`python -m bench.lapse FILE`, the configuration as for `python -m groundwork.live.ingest`. All else
is the real process.
"""

from __future__ import annotations

import mmap
import struct
import sys
from pathlib import Path

from groundwork.live.ingest.__main__ import run
from groundwork.live.ingest.config import Config


class FileClock:
    """A clock that several processes read; one of them sets it."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(struct.pack("<d", 0.0))
        self.file = path.open("r+b")
        self.map = mmap.mmap(self.file.fileno(), 8)

    def __call__(self) -> float:
        """Tell the time."""
        return float(struct.unpack("<d", self.map[:8])[0])

    def close(self) -> None:
        """Let go of the file."""
        self.map.close()
        self.file.close()

    def set(self, at: float) -> None:
        """Set the time, for everybody."""
        self.map[:8] = struct.pack("<d", at)


if __name__ == "__main__":
    run(Config.from_environment(), FileClock(Path(sys.argv[1])))
