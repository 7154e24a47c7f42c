"""How fast and how gently a city is planned again, as users have it done: python -m bench.replan.

The city of `bench.duty_pages` amid its winter: 28,000 people, twelve days of a published
plan ahead. 3 % of those with shifts ahead fall out and give up every one. Then what really runs:

- the re-plan is asked for and computed by the worker's own `planning.run_plan`: the question read
  from the database, mended, held to the judge, what stays empty explained, all of it kept:
  `seconds`; `read_seconds`, `solve_seconds` and `keep_seconds` its parts, `filled_seconds` how
  long the solver takes until a plan with the empty places dealt out is in hand. `changed` is the
  share of those told of a shift who lose it, `gap` what the run proves.
- one absence: `single_ms` is the median of the form that notes it, sent, and of the page that
  follows and names who could stand instead, added up; through the WSGI application, a shift each.

It happens in a copy of the city, on SQLite. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from bench.duty_pages import city
from bench.pages import ROOT

ONES = 30
PART = 0.03
PARTS = {"question": "read", "_compute": "solve", "finish_run": "keep"}


def measure() -> dict[str, Any]:
    """Measure in this process, whose settings name the city."""
    from bench.duty_city import moment
    from groundwork.base import clock
    from groundwork.duty.models import Order

    order = Order.objects.get(title__contains="联防联控")
    with clock.at(moment()):
        found = {**_singles(order), **_again(order)}
    return {"name": "replan", **found, "load_average": os.getloadavg()[0]}


# ---- one absence ---------------------------------------------------------------------------------
def _singles(order: Any) -> dict[str, Any]:
    """Note absences one after the other, each at another shift, as a keeper of the gates does."""
    from django.urls import reverse

    from bench.common import sign_in
    from bench.ledger import Teller
    from config.wsgi import application
    from groundwork.desk.demo.hands import account_of
    from groundwork.duty.models import Post

    browser = Teller(application, sign_in(account_of("city-operator")))
    posts = Post.objects.filter(shift__order=order, state="planned").order_by("shift", "pk")
    ahead = list(posts.filter(shift__starts_at__gt=_now()).select_related("shift"))
    by_shift = list({post.shift_id: post for post in ahead}.values())
    noted, named = [], []
    for post in by_shift[:: max(1, len(by_shift) // (ONES + 1))][: ONES + 1]:
        cannot = reverse("duty:cannot", args=[post.public_id])
        why = reverse("duty:why", args=[post.shift.public_id])
        noted.append(
            _timed(lambda cannot=cannot: browser.post(cannot, {"until": ""}) in (200, 302))
        )
        named.append(_timed(lambda why=why: browser.get(why)[0] == 200))
    both = [1000 * (one + other) for one, other in zip(noted[1:], named[1:], strict=True)]
    return {
        "single_ms": statistics.median(both),
        "single_ms_worst": max(both),
        "noted_ms": 1000 * statistics.median(noted[1:]),  # the first opens files and caches
        "named_ms": 1000 * statistics.median(named[1:]),
    }


def _now() -> Any:
    from groundwork.base import clock

    return clock.now()


def _timed(work: Callable[[], bool]) -> float:
    began = time.perf_counter()
    assert work()
    return time.perf_counter() - began


# ---- three in a hundred --------------------------------------------------------------------------
def _fall_out(order: Any) -> int:
    """Let people drawn by a fixed seed give up every shift ahead; tell how many people."""
    import random

    from groundwork.duty.actions.counting import recount
    from groundwork.duty.models import Post, Volunteer

    ahead = Post.objects.filter(
        shift__order=order, shift__starts_at__gt=_now(), state__in=("planned", "confirmed")
    )
    people = sorted(set(ahead.values_list("person_id", flat=True)))
    gone = random.Random(7).sample(people, int(PART * len(people)))
    shifts: set[int] = set()
    for start in range(0, len(gone), 500):
        part = ahead.filter(person__in=gone[start : start + 500])
        shifts |= set(part.values_list("shift_id", flat=True))
        part.update(state="declined")
        called = Volunteer.objects.filter(order=order, person__in=gone[start : start + 500])
        called.update(excused_at=_now())
    recount(sorted(shifts))
    return len(gone)


def _watch(spent: dict[str, float], filled: list[float]) -> None:
    """Have the parts of `run_plan` tell how long they take, the solver when a plan is filled."""
    from groundwork.duty.actions import planning

    def part(name: str) -> None:
        work: Callable[..., Any] = getattr(planning, name)

        def timed(*given: Any, **more: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*given, **more)
            finally:
                spent[f"{PARTS[name]}_seconds"] = time.perf_counter() - began

        setattr(planning, name, timed)

    class Pulse(planning._Pulse):
        def __call__(self, so_far: Any) -> bool:
            if so_far.cost is not None and len(filled) < 2:  # what stood, then what was dealt out
                filled.append(so_far.seconds)
            return super().__call__(so_far)

    for name in PARTS:
        part(name)
    planning._Pulse = Pulse  # type: ignore[misc]


def _again(order: Any) -> dict[str, Any]:
    """Ask for the re-plan and let the worker's function compute it; time it and its parts."""
    from groundwork.base.actor import system
    from groundwork.duty.actions import planning

    gone = _fall_out(order)
    spent: dict[str, float] = {}
    filled: list[float] = []
    _watch(spent, filled)
    run = planning.ask_replan(order.public_id, by=system("bench"))
    wall, cpu = time.perf_counter(), time.process_time()
    planning.run_plan(run.public_id)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    run.refresh_from_db()
    told = run.changed["kept"] + run.changed["takes"]
    return {
        "seconds": wall,
        "cpu": cpu,
        **spent,
        "filled_seconds": filled[-1] if filled else None,
        "changed": run.changed["takes"] / max(1, told),
        "gap": (run.cost - run.bound) / run.cost if run.bound else 1.0,
        "absent": gone,
        "told": told,
        "open": run.parts["open"],
        "good": not run.violations,
    }


def main() -> None:
    """Measure in the city, and end with one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="1")
    parser.add_argument("--measure", action="store_true", help="in the city the settings name")
    asked = parser.parse_args()
    if asked.measure:
        import django

        django.setup()
        print(json.dumps(measure()))
        return
    with city("sqlite", asked.scale) as env, tempfile.TemporaryDirectory() as copy:
        shutil.copytree(env["DATA_DIR"], copy, dirs_exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "bench.replan", "--measure"],
            check=True, cwd=ROOT, env={**env, "DATA_DIR": copy}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    print(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
