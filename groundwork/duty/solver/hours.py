"""The hours that shifts have, as blocks: weeks, cliques of conflicting hours, office days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.duty.solver.instance import DAY, Instance, Ints

MONDAY_WEEK = 7


@dataclass(frozen=True)
class Blocks:
    """Hours that shifts have, by start and end; minutes. Groups are cliques: one of them at most.

    `week` and `group` one per block; `office_*` pairs (block, day) for the working days whose
    office hours it meets; `office_times[day]` how many such blocks one person can stand that day.
    """

    start: Ints
    end: Ints
    week: Ints
    group: Ints
    office_block: Ints
    office_day: Ints
    office_times: Ints


def week_of(minute: Ints, first_weekday: int) -> Ints:
    """Number the calendar weeks of moments from the first day's week, Monday first."""
    weeks: Ints = (minute // DAY + first_weekday) // MONDAY_WEEK
    return weeks


def _groups(start: Ints, end: Ints, week: Ints, rest: int) -> Ints:
    """Cut blocks, in order of start, into runs in which every two conflict."""
    group: list[int] = []
    until, last = 0, -1
    for opens, closes, now in zip(start.tolist(), end.tolist(), week.tolist(), strict=True):
        if now != last or opens >= until:
            group.append(group[-1] + 1 if group else 0)
            until = closes + rest
        else:
            group.append(group[-1])
            until = min(until, closes + rest)
        last = now
    return np.array(group, np.int64)


def make_blocks(q: Instance, rows: Ints) -> tuple[Blocks, Ints]:
    """Number the hours that the shifts `rows` have; the block of each of them."""
    wide = int(q.shift_end.max(initial=0)) + 1
    hours, block = np.unique(q.shift_start[rows] * wide + q.shift_end[rows], return_inverse=True)
    start, end = hours // wide, hours % wide
    week = week_of(start, q.first_weekday)
    group = _groups(start, end, week, q.rest)
    days = np.flatnonzero(q.workday[: q.days])
    opens, closes = days * DAY + q.office[0], days * DAY + q.office[1]
    meets = (start[:, None] < closes[None, :]) & (end[:, None] > opens[None, :])
    at, day = np.nonzero(meets)
    times = np.ones(q.days, np.int64)
    for d in np.unique(day):
        times[days[d]] = _most_in_turn(start[at[day == d]], end[at[day == d]], q.rest)
    return Blocks(start, end, week, group, at, days[day], times), block.reshape(-1)


def _most_in_turn(start: Ints, end: Ints, rest: int) -> int:
    """Count how many of these blocks one person can stand with rest between them."""
    count, free_at = 0, -(1 << 60)
    for e, s in sorted(zip(end.tolist(), start.tolist(), strict=True)):
        if s >= free_at:
            count, free_at = count + 1, e + rest
    return max(1, count)
