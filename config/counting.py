"""Keep each process's counts in a file whose room was taken before it is written to.

The library maps a file full of holes into memory. Writing into a hole needs a page of the disk,
and where there is none the kernel ends the process (SIGBUS): a full disk took the city's server
with it at the first page that had not been counted before. Here the room is asked for first, and
where it is refused, something goes uncounted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prometheus_client import mmap_dict, values

from config.logs import logger

log = logger("groundwork.counting")
ROOM = 1 << 18  # bytes for some eighty views, before the file must grow
LONGEST = 1 << 12  # of one key and its value: labels are names of views, methods and numbers


class Reserved(mmap_dict.MmapedDict):
    """The library's file of counts, without holes."""

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        path = Path(filename)
        if not read_mode and not (path.exists() and path.stat().st_size):
            with path.open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, ROOM)
        super().__init__(filename, read_mode)  # type: ignore[no-untyped-call]

    def _init_value(self, key: str) -> None:
        inner: Any = self
        if inner._used + LONGEST > inner._capacity:
            os.posix_fallocate(inner._f.fileno(), 0, 2 * inner._capacity)
        super()._init_value(key)  # type: ignore[no-untyped-call]


def take_room_first() -> None:
    """Let the library keep its counts in such files from now on."""
    vars(values)["MmapedDict"] = Reserved


@contextmanager
def if_there_is_room() -> Iterator[None]:
    """Leave something uncounted where the disk has no room for it: the answer goes out."""
    try:
        yield
    except OSError as error:
        log.warning("not counted", errno=error.errno)
