"""What figures cost at two sizes of the ledger, held against hand-written SQL in the same run.

    make bench NAME=figures                    ARGS="--scales 0.02,0.2 --rounds 20" for a quick look

The cities are those of `bench.ledger_city`, kept under `var/bench/`: the ledger and the visits grow
tenfold, the directory with its rolls and shifts stays. Pages go through the WSGI application that
granian opens. In turn, round after round: the trivial view, the city's page for the year up to May
(two periods, every figure there is), the list behind a figure, and the same numbers by SQL written
by hand (`bench.figures_sql`), each of which must be what the page says.

The last line is one JSON object. `ratio`: the warm page's time by that of the hand-written SQL
for its numbers, the worst of all cities (goal ≤ 3). `recount`: every sum made anew, written and
marked, by that of the hand-written statements that only read them (goal ≤ 2); `recount_written`:
by that of the same statements writing what they find into a table of the same indexes. `growth`:
how much dearer the warm page is at the second scale than at the first, trivial view by trivial
view (goal ≤ 1.3). `cold`: the first page of a process, in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from datetime import time as clock_time
from functools import partial
from typing import Any

from bench.common import TRIVIAL, Browser, counted_queries, median_times
from bench.ledger_city import UNTIL, ensure_postgresql, ensure_sqlite, env_of, home_of
from bench.pages import ROOT
from groundwork.base.numbers import Count, Median, Rate, Ratio, Share

PERIOD = "to-2020-05"
RECOUNTS = 3
BY_CALENDAR = "matters.office_days"  # what no statement counts by itself, so not counted by hand


def measure(rounds: int) -> dict[str, Any]:
    """Measure in this process, whose settings name the city."""
    from django.urls import reverse

    from config.wsgi import application
    from groundwork.base import clock
    from groundwork.registry.models import Place

    browser = Browser(application, {})
    place = Place.objects.get(level=Place.Level.CITY)
    at = clock.now()
    recount, by_hand, written = _recounts(at)
    query = f"?period={PERIOD}&place={place.public_id}"
    pages = {
        "page": reverse("figures:figures") + query,
        "behind": reverse("figures:records", args=["matters.raised"]) + query,
        "trivial": TRIVIAL,
    }
    calls: dict[str, Callable[[], Any]] = {}
    seen: dict[str, Any] = {}
    for name, path in pages.items():
        started = time.perf_counter()
        _get(browser, path)
        seen[f"{name}_cold_ms"] = _ms(time.perf_counter() - started)
        with counted_queries() as sent:
            _get(browser, path)
        seen[f"{name}_queries"] = len(sent)
        calls[name] = partial(_get, browser, path)
    calls |= _by_hand(place.path, at)
    times = median_times(calls, rounds)
    seen |= {f"{name}_ms": _ms(taken) for name, taken in times.items()}
    return seen | {
        "ratio": round(times["page"] / times["page_sql"], 2),
        "behind_ratio": round(times["behind"] / times["behind_sql"], 2),
        "trivial_ratio": round(times["page"] / times["trivial"], 2),
        "recount": round(recount / by_hand, 2),
        "recount_written": round(recount / written, 2),
        "recount_ms": _ms(recount),
        "recount_sql_ms": _ms(by_hand),
        "recount_written_ms": _ms(written),
    }


def _get(browser: Browser, path: str) -> None:
    status, body = browser.get(path)
    if status != 200:
        raise SystemExit(f"{path}: {status} {body[:300]!r}")


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _recounts(at: Any) -> tuple[float, float, float]:
    """Make all sums anew, in turn with the hand's; give the median seconds of all three."""
    from bench import figures_sql
    from groundwork.figures.actions.fill import fill, forget
    from groundwork.figures.queries.sources import SOURCES

    asked = figures_sql.bounds(date(2000, 1, 1), date(2101, 1, 1), at, "")
    fill(at=at)
    ours, theirs, writing = [], [], []
    for _ in range(RECOUNTS):
        for source in SOURCES.values():
            forget(source, at=at)
        ours.append(_seconds(partial(fill, at=at)))
        theirs.append(_seconds(partial(figures_sql.everything, asked)))
        writing.append(_seconds(partial(figures_sql.everything, asked, written=True)))
    return statistics.median(ours), statistics.median(theirs), statistics.median(writing)


def _seconds(do: Callable[[], Any]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _by_hand(path: str, at: Any) -> dict[str, Callable[[], Any]]:
    """Give the hand's calls, after the numbers were found to be the page's."""
    from bench import figures_sql
    from groundwork.figures.queries.source import Scope
    from groundwork.figures.queries.values import values_of
    from groundwork.figures.rules import periods
    from groundwork.figures.rules.catalogue import CATALOGUE

    now = periods.read(PERIOD)
    both = (now, periods.year_before(now))
    asked = [figures_sql.bounds(one.first, one.after, at, path) for one in both]
    for period, bounds in zip(both, asked, strict=True):
        said = values_of(CATALOGUE, Scope("place", path), period, at)
        counted = counted_by_hand(figures_sql.page(bounds))
        wrong = {
            key: (str(said[key].number), str(number))
            for key, number in counted.items()
            if said[key].number != number
        }
        others = set(counted) ^ set(said) - {BY_CALENDAR}
        if wrong or others:
            raise SystemExit(f"not the same numbers: {wrong} {others}")
    return {
        "page_sql": lambda: [figures_sql.page(bounds) for bounds in asked],
        "behind_sql": lambda: figures_sql.behind(asked[0]),
    }


def counted_by_hand(found: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    """Name what was counted by hand as the page does, every figure of it."""
    raised, closed, words = found["raised"], found["closed"], found["words"]
    rolls, sheets, digests, surveys = (
        found[name] for name in ("rolls", "sheets", "digests", "surveys")
    )
    forms, visits, enterprise = found["forms"], found["visits"], found["enterprise"]
    asked = found["answered"][0]
    return {
        "matters.raised": Count(raised[0]),
        "matters.done": Count(closed[0]),
        "matters.confirmed": Count(closed[1]),
        "matters.resolution_rate": Rate(raised[2], raised[1]),
        "matters.confirmed_rate": Rate(raised[4], raised[3]),
        "matters.found_rate": Rate(raised[5], raised[0]),
        "matters.enterprise": Count(raised[6]),
        "matters.enterprise_rate": Rate(raised[7], raised[6]),
        "matters.time_to_close": Median.of(closed[0], closed[2], 24 * 60),
        "matters.said_answered": Share(words[1], words[0], asked),
        "matters.said_solved": Share(words[3], words[2], asked),
        "matters.said_satisfied": Share(words[5], words[4], asked),
        "matters.enterprise_satisfied": Share(enterprise[1], enterprise[0], raised[8]),
        "service.visits": Count(visits[0]),
        "service.found_rate": Rate(visits[1], visits[0]),
        "matters.per_visit": Ratio(closed[0], visits[0]),
        "study.attendance": Count(rolls[0]),
        "study.people": Count(rolls[1]),
        "study.bodies": Count(rolls[2]),
        "study.evenings": Count(rolls[3]),
        "study.rolled": Rate(sheets[1], sheets[0]),
        "study.coverage": Rate(sheets[4], sheets[3]),
        "live.viewers": Count(digests[1]),
        "live.plays": Count(digests[2]),
        "duty.people": Count(found["posts"][1]),
        "duty.shifts": Count(found["posts"][0]),
        "voices.answers": Count(surveys[1]),
        "voices.reply": Rate(surveys[3], surveys[2]),
        "forms.sends": Count(forms[0]),
        "forms.minutes": Count(round(forms[1] / 60)),
        "forms.each": Median.of(forms[0], forms[2], 60),
        **_on_air(found),
    }


def _on_air(found: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    """Name what was counted of the television inquiry and of discussions."""
    items, told, said, right = (found[name] for name in ("items", "told", "said", "found"))
    return {
        "campaigns.evenings": Count(items[3]),
        "campaigns.problems": Count(items[0]),
        "campaigns.units": Count(items[4]),
        "campaigns.solved": Rate(items[1], items[0]),
        "campaigns.satisfied": Share(told[1], told[0], items[2]),
        "campaigns.said": Count(said[0]),
        "campaigns.taken_up": Rate(said[2], said[1]),
        "campaigns.findings": Count(right[0]),
        "campaigns.put_right": Rate(right[1], right[0]),
        "campaigns.came_back": Rate(right[2], right[0]),
    }


def in_city(vendor: str, scale: str, base: str, rounds: int) -> dict[str, Any]:
    """Measure one city in a process of its own, built where it is missing."""
    command = [sys.executable, "-m", "bench.figures", "--measure", "--rounds", str(rounds)]
    if vendor == "sqlite":
        return _run(command, env_of(ensure_sqlite(scale, base)))
    from tools.pg import private_postgres

    home = home_of(vendor, scale)
    home.mkdir(parents=True, exist_ok=True)
    with private_postgres(keep=home / "pg") as address:
        ensure_postgresql(scale, base, home, address)
        return _run(command, env_of(home, address))


def _run(command: list[str], env: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(command, check=True, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare(scales: list[str], vendors: list[str], rounds: int) -> None:
    """Measure every city and print its rows, then the JSON line."""
    found: dict[str, dict[str, Any]] = {}
    growth = {}
    for vendor in vendors:
        for scale in scales:
            found[f"{vendor}-{scale}"] = seen = in_city(vendor, scale, scales[0], rounds)
            print(f"{vendor:10} {scale:>4} {seen}", flush=True)
        if len(scales) > 1:
            small, large = (found[f"{vendor}-{scale}"]["trivial_ratio"] for scale in scales[:2])
            growth[vendor] = round(large / small, 2)
    rows = found.values()
    line = {
        "name": "figures",
        "ratio": max(row["ratio"] for row in rows),
        "recount": max(row["recount"] for row in rows),
        "recount_written": max(row["recount_written"] for row in rows),
        "growth": max(growth.values(), default=None),
        "cold": max(row["page_cold_ms"] for row in rows),
        "growths": growth,
        "cities": found,
    }
    print(json.dumps(line))


def main() -> None:
    """Measure all cities and print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", default="1,10")
    parser.add_argument("--vendors", default="sqlite,postgresql")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--measure", action="store_true")
    args = parser.parse_args()
    if not args.measure:
        compare(args.scales.split(","), args.vendors.split(","), args.rounds)
        return
    import django

    django.setup()
    from groundwork.base import clock

    # As it stood that night, after the evening's end.
    with clock.at(clock.local(date.fromisoformat(UNTIL), clock_time(23, 30))):
        print(json.dumps(measure(args.rounds)))


if __name__ == "__main__":
    main()
