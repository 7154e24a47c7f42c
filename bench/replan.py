"""How fast and how gently a city is planned again: python -m bench.replan [--scale 1].

3 % of the people do not come; then single absences. A session holds the planned city, as the
worker does. Prints wall and CPU seconds; the gap is to a bound of the question without the absent.
The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time

import numpy as np

from groundwork.duty.solver.check import judge
from groundwork.duty.solver.generate import generate
from groundwork.duty.solver.instance import Instance, Plan
from groundwork.duty.solver.replan import Session, fill_one

ONES = 50


def single_absences(instance: Instance, plan: Plan, draw: np.random.Generator) -> list[float]:
    """Time how long an answer to one absence takes, in milliseconds each."""
    taken = []
    for row in draw.integers(0, len(plan.person), ONES).tolist():
        began = time.perf_counter()
        fill_one(instance, plan, int(plan.person[row]), int(plan.shift[row]))
        taken.append(1000 * (time.perf_counter() - began))
    return taken


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
    print(f"planned: gap {session.plan.gap:.3%} in {session.plan.seconds:.1f} s", flush=True)
    draw = np.random.default_rng(7)
    people = len(instance.person_ids)
    absent = draw.choice(people, int(0.03 * people), replace=False).tolist()
    wall, cpu = time.perf_counter(), time.process_time()
    answer = session.replan(absent=absent)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    verdict = judge(instance, answer.plan)
    bound = session.prove()
    gap = (answer.plan.cost - bound) / answer.plan.cost
    singles = single_absences(instance, session.plan, draw)
    print(
        f"{len(absent)} absent, {len(answer.gone_person)} places lost: {wall:.2f} s wall,"
        f" {cpu:.2f} s cpu; {len(answer.left_person)} of {answer.kept} kept changed"
        f" ({answer.changed:.3%}); gap {gap:.3%}; {verdict.unfilled} empty;"
        f" {'checked' if verdict.good else verdict.violations[:3]}"
    )
    print(f"one absence: median {statistics.median(singles):.1f} ms, worst {max(singles):.1f} ms")
    print(
        json.dumps(
            {
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
