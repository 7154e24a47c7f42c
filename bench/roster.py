"""How near the optimum, how fast and how large: python -m bench.roster [--quick] [--alone].

Every run is a process of its own (peak memory is its own, and HiGHS and OR-Tools cannot share one)
and every plan is judged by the checker, which shares no code with the solver. Beside wall time
stands CPU time: on a machine that others use, that is the figure to compare. Compilation is done at
setup (`python -m groundwork.duty.solver.warm`) and not counted. A run that breaks is a line of its
own (`failed`) and stops no other, but the worst of the figures is then none. Growth, one district,
odd hours and other solvers are measured beside, unless it is to be quick. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from typing import Any

RUN = """
import json, resource, sys, time
from groundwork.duty.solver.check import judge
from groundwork.duty.solver.generate import generate
from groundwork.duty.solver.solve import solve
asked = json.loads(sys.argv[1])
made = {k: asked[k] for k in ("scale", "seed", "days", "load", "hours", "districts") if k in asked}
instance = generate(**made)
cpu = time.process_time()
wall = time.perf_counter()
stages = []
def tell(p):
    stages.append([p.stage, round(p.seconds, 2), p.cost, p.bound])
    return True
plan = solve(instance, gap=asked["gap"], seconds=asked["seconds"], progress=tell)
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
verdict = judge(instance, plan)
print(json.dumps(dict(
    cost=verdict.cost, bound=plan.bound, gap=plan.gap, good=verdict.good,
    violations=[v.rule for v in verdict.violations[:5]], slots=verdict.slots,
    unfilled=verdict.unfilled, seconds=wall, cpu=cpu,
    mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    rounds=sum(s[0] == "prices" for s in stages),
)))
"""


def run(program: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Run one program in a process of its own; its last line is its answer."""
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(asked)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return {**asked, "failed": done.stderr.strip().splitlines()[-1:]}
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return {**asked, **answer}


def say(row: dict[str, Any]) -> None:
    """Print one run as a line."""
    if "failed" in row:
        print(f"  {name(row):46} {row['failed']}", flush=True)
        return
    print(
        f"  {name(row):46} gap {row['gap']:7.3%}  {row['seconds']:6.1f} s wall"
        f" {row['cpu']:6.1f} s cpu {row['mb']:5.0f} MB  {row['unfilled']} of {row['slots']} empty"
        f"  {'checked' if row['good'] else row['violations']}  load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def name(row: dict[str, Any]) -> str:
    """Name a run by what was asked."""
    given = ("by", "scale", "seed", "load", "days", "hours", "districts")
    return " ".join(f"{key}={row[key]}" for key in given if key in row)


def bound_runs(gap: float, seconds: float, quick: bool) -> list[dict[str, Any]]:
    """List the thirty runs that the bounds of the figures hold for; three of them if quick."""
    return [
        {"scale": 1.0, "seed": seed, "load": load, "days": days, "gap": gap, "seconds": seconds}
        for seed in ((1,) if quick else (1, 2, 3, 4, 5))
        for load in (0.7, 0.85, 1.0)
        for days in ((14,) if quick else (7, 14))
    ]


def beside_runs(gap: float) -> list[dict[str, Any]]:
    """List the runs that are reported without a bound: growth, one district, odd hours."""
    base = {"seed": 1, "load": 0.85, "days": 14, "gap": gap, "seconds": 120.0}
    return [
        *({**base, "scale": scale} for scale in (0.01, 0.1, 1.0, 3.0)),
        {**base, "scale": 1.0, "districts": 1},
        {**base, "scale": 1.0, "hours": "odd"},
    ]


def run_others() -> list[dict[str, Any]]:
    """Let HiGHS and OR-Tools answer the same small questions, before the same judge."""
    from bench.roster_others import PROGRAMS

    print("others on the same question, the same judge:")
    others = []
    for scale in (0.01, 0.1):
        base = {"scale": scale, "seed": 1, "load": 0.85, "days": 14, "gap": 0.01}
        others.append(run(RUN, {**base, "seconds": 60.0}) | {"by": "groundwork"})
        say(others[-1])
        for by, program in PROGRAMS.items():
            others.append(run(program, {**base, "by": by, "seconds": 300.0}))
            say(others[-1])
    return others


def worst(rows: list[dict[str, Any]], name: str) -> float | None:
    """Give the worst of a figure; None where there was no run, or one of them has no such figure.

    A run that broke, or whose plan the checker refused, has none: it is worse than any number, and
    must not make the others look like all.
    """
    if not rows or not all(row.get("good") for row in rows):
        return None
    return max(row[name] for row in rows)


def main() -> None:
    """Measure, print a table, end with one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--quick", action="store_true", help="one seed, 14 days")
    parser.add_argument("--small", action="store_true", help="no run at 28,000 people but --beside")
    parser.add_argument("--beside", action="store_true", help="growth, one district, odd hours")
    parser.add_argument(
        "--others", action="store_true", help="HiGHS and OR-Tools at 1 %% and 10 %%"
    )
    parser.add_argument("--alone", action="store_true", help="nothing beside: no growth, no others")
    asked = parser.parse_args()
    all_of_it = not (asked.quick or asked.small or asked.alone)
    rows = []
    print("28,000 people:")
    for each in [] if asked.small else bound_runs(asked.gap, asked.seconds, asked.quick):
        rows.append(run(RUN, each))
        say(rows[-1])
    beside = []
    if asked.beside or all_of_it:
        print("beside, without a bound:")
        for each in beside_runs(asked.gap):
            beside.append(run(RUN, each))
            say(beside[-1])
    others = run_others() if asked.others or all_of_it else []
    print(
        json.dumps(
            {
                "worst_gap": 1.0 if (gap := worst(rows, "gap")) is None else gap,
                "worst_seconds": worst(rows, "seconds"),
                "worst_cpu": worst(rows, "cpu"),
                "worst_mb": worst(rows, "mb"),
                "failed": sum(not row.get("good") for row in rows),
                "all_good": bool(rows) and all(row.get("good") for row in rows),
                "load_average": os.getloadavg()[0],
                "runs": rows,
                "beside": beside,
                "others": others,
            }
        )
    )


if __name__ == "__main__":
    main()
