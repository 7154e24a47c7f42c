"""Say in words why a plan is as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from config.cli.rosters import row_of
from groundwork.duty.solver.explain import WhyEmpty, WhyPerson, one_more, why_empty, why_person
from groundwork.duty.solver.instance import Instance, Plan

NEAR = {
    "community": "in their own community",
    "township": "in their own township",
    "district": "in their own district",
    "city": "across districts",
}


def of_shift(instance: Instance, plan: Plan, name: str) -> Iterator[str]:
    """Say who stands a shift and why, and why places of it are empty."""
    shift = row_of(instance.shift_ids, name, "shift")
    for row in np.flatnonzero(plan.shift == shift).tolist():
        person = instance.person_ids[int(plan.person[row])]
        kind = instance.kinds[int(plan.kind[row])]
        yield f"{person} as {kind}: {_person(why_person(instance, plan, row))}"
    for kind in instance.need_kind[instance.need_shift == shift].tolist():
        why = why_empty(instance, plan, shift, kind)
        if why.open:
            yield f"{why.open} {instance.kinds[kind]} empty: {_empty(why)}"


def _person(why: WhyPerson) -> str:
    """Say why this person."""
    if why.locked:
        return "locked"
    match = "has" if why.matches else "lacks"
    asked = f", {match} what is asked" if why.asked else ""
    kept = ", stood here before" if why.kept else ""
    others = "nobody else could have come"
    if why.could:
        others = (
            f"{why.could:,} others could have come, {why.nearer:,} of them live nearer and "
            f"{why.cheaper:,} would cost less here but are worth more elsewhere"
        )
    return (
        f"{NEAR[why.near]}{asked}{kept}, shift {why.nth} of at most {why.cap} of their week; "
        f"their unit stands {why.unit_load:,} of its fair share of {why.unit_share:,}; {others}"
    )


def _empty(why: WhyEmpty) -> str:
    """Say why nobody: everybody is counted once, at the first reason."""
    counts = (
        (why.far, "live too far"),
        (why.unavailable, "offered other times"),
        (why.standing, "stand elsewhere then"),
        (why.resting, "need rest before or after"),
        (why.at_cap, "have their week full"),
        (why.office, "are needed in the office"),
    )
    told = ", ".join(f"{count:,} {reason}" for count, reason in counts if count)
    if not why.free:
        return f"of {why.people:,} people {told}"
    return (
        f"{why.free:,} could still come, {why.matching:,} with what is asked; the cheapest costs "
        f"{why.price:,}, an empty place {why.unfilled:,}" + (f"; {told}" if told else "")
    )


def of_one_more(
    instance: Instance, plan: Plan, name: str, cap: int, attributes: Sequence[str]
) -> Iterator[str]:
    """Say what one more person at a place would change, whenever free."""
    place = row_of(instance.place_ids, name, "place")
    mask = sum(1 << row_of(instance.attributes, each, "attribute") for each in set(attributes))
    more = one_more(instance, plan, place, cap, mask)
    if not more.shifts:
        yield f"one more person at {name} would change nothing: nothing near is empty or dear"
        return
    yield (
        f"one more person at {name}, free at any time and {cap} times a week, would save "
        f"{more.saves:,}: {more.fills:,} empty places filled, {more.relieves:,} people relieved"
    )
    for shift in more.shifts:
        yield f"  {instance.shift_ids[shift]}"
