"""A city with matters to sum, and a fill whose process dies by SIGKILL amid a portion."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

MONTHS = 8


def build() -> int:
    """Raise matters over some months, one or two in each; give how many."""
    from groundwork.matters.models import Matter
    from groundwork.matters.tests.make import RAISED, at_state
    from tests import cast as casting

    cast = casting.build()
    for month in range(MONTHS):
        for number, state in enumerate(("accepted", "solved")[: 1 + month % 2]):
            day = RAISED - timedelta(days=40 * month + number)
            at_state(cast, state, words=f"第{month}月第{number}件", at=day)
    return Matter.objects.count()


def kept() -> dict[str, int]:
    """Give what stands of the sums: cells, marks that wait, sources that are whole."""
    from groundwork.figures.models import DayCell, Fill, Stale

    return {
        "cells": DayCell.objects.count(),
        "marks": Stale.objects.count(),
        "whole": Fill.objects.filter(whole=True).count(),
    }


def fill_and_die(portions: int) -> None:
    """Fill, and be killed while the sums of one more portion are written."""
    import django

    django.setup()
    from groundwork.base import bulk
    from groundwork.figures.actions.fill import fill

    left = [portions]

    def dying(honest: Callable[..., Any]) -> Callable[..., Any]:
        def write(*arguments: Any) -> None:
            honest(*arguments)
            left[0] -= 1
            if left[0] < 0:  # written, and not committed
                os.kill(os.getpid(), signal.SIGKILL)

        return write

    for name in ("insert", "insert_from"):  # people are written row by row, days by one statement
        setattr(bulk, name, dying(getattr(bulk, name)))
    fill()


if __name__ == "__main__":
    fill_and_die(int(sys.argv[1]))
