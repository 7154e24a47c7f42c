"""Ask a roster's question again after changes, and say what changed in the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

import numpy as np

from config.cli.rosters import row_of
from groundwork.duty.solver.format import Document
from groundwork.duty.solver.instance import Instance, Ints, Plan


def asked_again(
    document: Document,
    plan: Plan,
    *,
    absent: Sequence[str],
    lock_before: datetime | None,
    bonus: int,
) -> Document:
    """Make the question after changes: who is absent offers no time, what stood is kept or locked.

    Rows of the plan that name nobody or nothing of the roster any more are forgotten.
    """
    instance = document.instance
    gone = np.array([row_of(instance.person_ids, name, "person") for name in absent], np.int64)
    known = (plan.person >= 0) & (plan.shift >= 0) & (plan.kind >= 0)
    person, shift, kind = plan.person[known], plan.shift[known], plan.kind[known]
    begun = np.zeros(len(person), bool)
    if lock_before is not None:
        since = lock_before - datetime.combine(document.first_day, time())
        begun = instance.shift_start[shift] < since.total_seconds() // 60
    size = len(instance.shift_ids)
    key = person * size + shift
    fresh = begun & ~np.isin(key, instance.locked_person * size + instance.locked_shift)
    stays = ~np.isin(person, gone) & ~np.isin(
        key, instance.kept_person * size + instance.kept_shift
    )
    return replace(
        document,
        instance=replace(
            instance,
            **_windows_without(instance, gone),
            kept_person=np.concatenate([instance.kept_person, person[stays]]),
            kept_shift=np.concatenate([instance.kept_shift, shift[stays]]),
            kept_bonus=np.concatenate(
                [instance.kept_bonus, np.full(int(stays.sum()), bonus, np.int64)]
            ),
            locked_person=np.concatenate([instance.locked_person, person[fresh]]),
            locked_shift=np.concatenate([instance.locked_shift, shift[fresh]]),
            locked_kind=np.concatenate([instance.locked_kind, kind[fresh]]),
        ),
    )


def _windows_without(instance: Instance, gone: Ints) -> dict[str, Any]:
    """Take out what the absent offered."""
    names = ("window_person", "window_start", "window_end")
    offers = ~np.isin(instance.window_person, gone)
    return {name: getattr(instance, name)[offers] for name in names}


def changes(instance: Instance, before: Plan, after: Plan) -> Iterator[str]:
    """Say who stands no more and who stands anew, by the time of the shift."""
    old, new = _pairs(before), _pairs(after)
    gone, come = old - new, new - old
    yield f"{len(old & new):,} assignments stay, {len(gone):,} go, {len(come):,} come:"
    for person, shift in sorted(
        gone | come, key=lambda pair: (instance.shift_start[pair[1]], pair[1], pair in come)
    ):
        sign = "+" if (person, shift) in come else "-"
        yield f"{sign} {instance.shift_ids[shift]} {instance.person_ids[person]}"


def _pairs(plan: Plan) -> set[tuple[int, int]]:
    """List who stands where, leaving out rows that name nobody."""
    rows = zip(plan.person.tolist(), plan.shift.tolist(), strict=True)
    return {(person, shift) for person, shift in rows if person >= 0 and shift >= 0}
