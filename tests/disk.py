"""A disk so small that it can really be filled."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from groundwork.live.media.files import free_bytes

CHUNK = 1 << 20


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Path]:
    """Mount a disk of so many megabytes at a new folder; skips, with the reason, without root."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    made = subprocess.run(mount, capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"a small disk needs root: {' '.join(mount)}: {made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path, *, leave: int = 0) -> Path:
    """Let somebody else's file take the room of a disk, all but `leave` bytes; give the file.

    To the last byte: what has no room for a page of memory may still have some for one byte.
    """
    path = disk / "somebody-elses"
    with path.open("ab", buffering=0) as file:
        while (free := free_bytes(disk) - leave) > 0:
            try:
                file.write(bytes(min(free, CHUNK)))
            except OSError:  # somebody else took the last of it
                break
        if not leave:
            with suppress(OSError):
                while file.write(b"\0"):
                    pass
    return path
