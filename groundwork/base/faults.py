"""Faults of the machine that a person must hear of in words: the disk is full, too many write."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, OperationalError

from groundwork.base.errors import N_, GroundworkError


class DiskFull(GroundworkError):
    """Say that nothing was kept because nothing can be written."""

    code = "base.disk_full"
    status = 507
    text = N_(
        "服务器的磁盘满了，这次没有存下。请过一会儿再交一次；用“后退”回到刚才的页面，写的内容还在。"
    )


class TooBusy(GroundworkError):
    """Say that the database had no turn left for this one."""

    code = "base.too_busy"
    status = 503
    text = N_("此刻写入的人太多，这次没有存下。请再交一次；用“后退”回到刚才的页面，写的内容还在。")


def fault_of(error: BaseException) -> GroundworkError | None:
    """Give the sentence for a fault of the machine; None for every other error."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull()
    if isinstance(error, DatabaseError):
        # SQLite says it in words, PostgreSQL by SQLSTATE 53100 (disk_full).
        said, cause = str(error), error.__cause__
        if "disk is full" in said or getattr(cause, "sqlstate", "") == "53100":
            return DiskFull()
        if isinstance(error, OperationalError) and "database is locked" in said:
            return TooBusy()
    return None


@contextmanager
def in_words() -> Iterator[None]:
    """Turn a fault of the machine inside the block into its error. Put it outside `atomic`."""
    try:
        yield
    except (DatabaseError, OSError) as error:
        fault = fault_of(error)
        if fault is None:
            raise
        raise fault from error
