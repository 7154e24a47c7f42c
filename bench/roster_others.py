"""HiGHS and OR-Tools on the planner's question: each in a process of its own, the same judge.

`highs` is the exact model, a variable per person, shift and kind, by the HiGHS in scipy; `cp_sat`
the same model for OR-Tools, which is not part of the city: pip install -e '.[bench]'.
"""

from __future__ import annotations

_BEGIN = """
import json, resource, sys, time
import numpy as np
from groundwork.duty.solver.check import judge
from groundwork.duty.solver.generate import generate
from groundwork.duty.solver.instance import Plan
asked = json.loads(sys.argv[1])
q = generate(**{k: asked[k] for k in ("scale", "seed", "days", "load")})
cpu, wall = time.process_time(), time.perf_counter()
"""

_END = """
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
verdict = judge(q, Plan(plan.person, plan.shift, plan.kind, plan.cost, bound))
gap = max(0, verdict.cost - bound) / max(1, verdict.cost)
print(json.dumps(dict(
    cost=verdict.cost, bound=bound, gap=gap, good=verdict.good,
    violations=[v.rule for v in verdict.violations[:5]], slots=verdict.slots,
    unfilled=verdict.unfilled, seconds=wall, cpu=cpu,
    mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
)))
"""

_HIGHS = """
from groundwork.duty.solver import exact, linear
exact.MOST_COLUMNS = 100_000_000
exact.MOST_PAIRS = 10_000_000_000
best = exact.best_plan(q, seconds=asked["seconds"])
plan, bound = best.plan, best.bound
"""

_CP_SAT = """
from ortools.sat.python import cp_model
from groundwork.duty.solver.exact import _columns, _prices
from groundwork.duty.solver import exact, linear
exact.MOST_PAIRS = 10_000_000_000
columns, kind = _columns(q)
price = _prices(q, columns, kind)
person, shift = columns.person, columns.shift
m = cp_model.CpModel()
x = [m.new_bool_var("") for _ in range(len(person))]
base = linear.locked_cost(q)
left = linear.left_to_fill(q)
by = {}
for i, key in enumerate(zip(shift.tolist(), kind.tolist())):
    by.setdefault(key, []).append(x[i])
for (s, k), xs in by.items():
    m.add(sum(xs) <= int(left[s, k]))
cost = [int(p) * v for p, v in zip(price.tolist(), x)]
of = {}
for i, p in enumerate(person.tolist()):
    of.setdefault(p, []).append(i)
start, end = q.shift_start[shift], q.shift_end[shift]
week = (q.first_weekday + start // 1440) // 7
for p, rows in of.items():
    # One interval per possible row, lengthened by the rest: no two may overlap.
    m.add_no_overlap([
        m.new_optional_fixed_size_interval_var(
            int(start[i]), int(end[i] - start[i]) + q.rest, x[i], ""
        )
        for i in rows
    ])
    for w in set(week[rows].tolist()):
        mine = [x[i] for i in rows if week[i] == w]
        steps = [m.new_bool_var("") for _ in range(min(len(mine), int(q.person_cap[p])))]
        m.add(sum(mine) == sum(steps))
        cost += [q.weights.week[min(n, len(q.weights.week) - 1)] * v for n, v in enumerate(steps)]
for u in range(len(q.unit_ids)):
    mine = [x[i] for p in np.flatnonzero(q.person_unit == u).tolist() for i in of.get(p, ())]
    if not mine:
        continue
    share = int(q.unit_share[u])
    over = []
    for n, (part, each) in enumerate(q.weights.unit):
        first = 0 if n == 0 else int(q.weights.unit[n - 1][0] * share)
        top = len(mine) if n == len(q.weights.unit) - 1 else int(part * share) - first
        v = m.new_int_var(0, max(0, top), "")
        over.append(v)
        cost.append(each * v)
    m.add(sum(mine) <= share + sum(over))
for d in np.flatnonzero(q.workday).tolist():
    opens, closes = d * 1440 + q.office[0], d * 1440 + q.office[1]
    meets = (start < closes) & (end > opens)
    for u in range(len(q.unit_ids)):
        rows = np.flatnonzero(meets & (q.person_unit[person] == u)).tolist()
        if len(rows) > q.unit_out[u]:
            m.add(sum(x[i] for i in rows) <= int(q.unit_out[u]))
m.minimize(sum(cost))
solver = cp_model.CpSolver()
solver.parameters.max_time_in_seconds = asked["seconds"]
solver.parameters.num_workers = 2
solver.parameters.relative_gap_limit = asked["gap"]
status = solver.solve(m)
if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
    raise SystemExit("no plan in time: " + solver.status_name(status))
taken = np.array([solver.value(v) for v in x], bool)
bound = max(0, base + int(np.ceil(solver.best_objective_bound - 1e-6)))
plan = Plan(person[taken], shift[taken], kind[taken], 0, 0)
plan = Plan(plan.person, plan.shift, plan.kind, judge(q, plan).cost, 0)
"""

PROGRAMS = {"highs": _BEGIN + _HIGHS + _END, "cp_sat": _BEGIN + _CP_SAT + _END}
"""A program per solver, to be run with the question as JSON."""
