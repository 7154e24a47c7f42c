"""Counts on a full disk: the file has its room beforehand, and what has none goes uncounted."""

from __future__ import annotations

import errno
import os

import pytest
from prometheus_client import values

from config import counting, observe


def holes(path) -> bool:
    """Tell whether a write into a file may need a page of the disk that is not there."""
    seen = path.stat()
    return seen.st_blocks * 512 < seen.st_size


@pytest.fixture
def counts(tmp_path):
    """A fresh file of counts."""
    kept = counting.Reserved(str(tmp_path / "histogram_1.db"))
    yield kept
    kept.close()


def test_counts_have_their_room_when_they_begin_and_when_they_grow(counts, tmp_path):
    path = tmp_path / "histogram_1.db"
    assert path.stat().st_size == counting.ROOM
    assert not holes(path)
    for n in range(2000):
        counts.write_value(f"{n:0200}", n, 0.0)
    assert path.stat().st_size > counting.ROOM
    assert not holes(path)
    again = counting.Reserved(str(path))
    assert again.read_value(f"{1999:0200}") == (1999, 0.0)
    again.close()


def test_what_a_full_disk_has_no_room_for_goes_uncounted(counts, monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    with counting.if_there_is_room():
        for n in range(2000):
            counts.write_value(f"{n:0200}", n, 0.0)
    assert counts.read_value(f"{0:0200}") == (0, 0.0), "what was counted stays"
    assert len(list(counts.read_all_values())) < 2000


def test_the_city_counts_in_such_files():
    assert observe.take_room_first is counting.take_room_first
    assert values.MmapedDict is counting.Reserved
