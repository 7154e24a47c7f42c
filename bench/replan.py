"""How fast and how gently a city is planned again: python -m bench.replan [--scale 1].

3 % of the people do not come; then single absences. First from a session that holds the planned
city; then (`cold_*`) as the page's worker does it, from the plan alone, its nets and its proof
built anew. Prints wall and CPU seconds; the gap is to a bound of the question without the absent.
The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from typing import Any

import numpy as np

from groundwork.duty.solver.check import judge
from groundwork.duty.solver.generate import generate
from groundwork.duty.solver.instance import Instance, Plan
from groundwork.duty.solver.replan import Session, fill_one, replan
from groundwork.duty.solver.solve import Progress

ONES = 50


def single_absences(instance: Instance, plan: Plan, draw: np.random.Generator) -> list[float]:
    """Time how long an answer to one absence takes, in milliseconds each."""
    taken = []
    for row in draw.integers(0, len(plan.person), ONES).tolist():
        began = time.perf_counter()
        fill_one(instance, plan, int(plan.person[row]), int(plan.shift[row]))
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def from_the_plan_alone(instance: Instance, plan: Plan, absent: list[int]) -> dict[str, Any]:
    """Plan again without a session, as the worker does, a change priced as a page prices it."""
    first: list[float] = []

    def hear(so_far: Progress) -> bool:
        if so_far.cost is not None and len(first) < 2:
            first.append(so_far.seconds)
        return True

    bonus = min(instance.weights.unfilled) // 4
    wall, cpu = time.perf_counter(), time.process_time()
    answer = replan(instance, plan, absent=absent, bonus=bonus, progress=hear)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    verdict = judge(instance, answer.plan)
    print(
        f"from the plan alone: filled after {first[-1]:.2f} s, proven after {wall:.2f} s,"
        f" {cpu:.2f} s cpu; {answer.changed:.3%} changed; gap {answer.gap:.3%};"
        f" {verdict.unfilled} empty; {'checked' if verdict.good else verdict.violations[:3]}"
    )
    return {
        "cold_filled_seconds": first[-1],
        "cold_seconds": wall,
        "cold_cpu": cpu,
        "cold_changed": answer.changed,
        "cold_gap": answer.gap,
        "cold_good": verdict.good,
    }


def asked_for() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--load", type=float, default=0.85)
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--seconds", type=float, default=120.0)
    return parser.parse_args()


def main() -> None:
    """Measure, and end with one line of JSON."""
    asked = asked_for()
    instance = generate(asked.scale, seed=asked.seed, load=asked.load)
    session = Session(instance, gap=asked.gap, seconds=asked.seconds)
    planned = session.plan
    print(f"planned: gap {session.plan.gap:.3%} in {session.plan.seconds:.1f} s", flush=True)
    draw = np.random.default_rng(7)
    people = len(instance.person_ids)
    absent = draw.choice(people, int(0.03 * people), replace=False).tolist()
    wall, cpu = time.perf_counter(), time.process_time()
    answer = session.replan(absent=absent)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    verdict = judge(instance, answer.plan)
    bound = session.prove()
    gap = (answer.plan.cost - bound) / answer.plan.cost if bound else answer.gap
    singles = single_absences(instance, session.plan, draw)
    print(
        f"{len(absent)} absent, {len(answer.gone_person)} places lost: {wall:.2f} s wall,"
        f" {cpu:.2f} s cpu; {len(answer.left_person)} of {answer.kept} kept changed"
        f" ({answer.changed:.3%}); gap {gap:.3%}; {verdict.unfilled} empty;"
        f" {'checked' if verdict.good else verdict.violations[:3]}"
    )
    print(f"one absence: median {statistics.median(singles):.1f} ms, worst {max(singles):.1f} ms")
    cold = from_the_plan_alone(instance, planned, absent)
    print(
        json.dumps(
            {
                **cold,
                "seconds": wall,
                "cpu": cpu,
                "changed": answer.changed,
                "gap": gap,
                "single_ms": statistics.median(singles),
                "single_ms_worst": max(singles),
                "good": verdict.good,
                "load_average": os.getloadavg()[0],
            }
        )
    )


if __name__ == "__main__":
    main()
