"""Ten thousand refreshes of the wall in a real Chromium, and what a refresh costs the city.

    python -m bench.wall [--refreshes 10000] [--scale 0.02] [--watchers 1000]

A fresh demo city on the real server. The page's own refresh runs one after the other as fast as it
goes; the bench plays the line (`tests/walls.py`): of ten looks one is lost, three find nothing
new, six bring new numbers. Every tenth of the way garbage is collected and what is left is weighed.
Then, in the same run and through the WSGI application: what the part costs the first of an
audience, what it costs `--watchers` others, with and without the tag, and the trivial view.

The last line is one JSON object. `heap`: the scripts' heap after all refreshes by that after the
first hundred (goal ≤ 1.05); `nodes` likewise; `ratio`: a look that finds nothing new by the trivial
view; `growth`: the last tenth of the watchers by the first tenth.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench.common import TRIVIAL, Browser
from tests.city import ROOT, City, migrated
from tests.journeys.browser import CHROMIUM, FLAGS
from tests.walls import Line

WALL, PART = "/figures/wall/", "/figures/wall/part/"
WARM, PARTS = 100, 10


def watch(city: City, refreshes: int) -> dict[str, Any]:
    """Refresh a wall so often; give its weight after the warm-up and after every tenth."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(city.url + WALL)
        line = Line(page, page.request.get(city.url + PART).text())
        line.refresh(WARM)
        weights = [line.weigh()]
        started = time.perf_counter()
        for _tenth in range(PARTS):
            line.refresh(refreshes // PARTS)
            weights.append(line.weigh())
            print(weights[-1], flush=True)
        taken = time.perf_counter() - started
        browser.close()
    first, last = weights[0], weights[-1]
    return {
        "refreshes": refreshes,
        "heap": round(last.heap / first.heap, 4),
        "heap_highest": round(max(w.heap for w in weights) / first.heap, 4),
        "heap_kb": round(last.heap / 1024),
        "nodes": round(last.nodes / first.nodes, 4),
        "listeners": last.listeners - first.listeners,
        "ms_each": round(1000 * taken / refreshes, 2),
    }


def cost(watchers: int) -> dict[str, Any]:
    """Measure in this process, whose settings name the city, what looks cost."""
    from django.core.cache import cache

    from config.wsgi import application

    browser = Browser(application, {})
    for path in (TRIVIAL, WALL):
        browser.get(path)
    cache.clear()
    first = _timed(lambda: _get(browser, PART, 200))
    tag = browser.seen["etag"]
    same = [
        _timed(lambda: _get(browser, PART, 304, HTTP_IF_NONE_MATCH=tag)) for _ in range(watchers)
    ]
    whole = [_timed(lambda: _get(browser, PART, 200)) for _ in range(100)]
    trivial = [_timed(lambda: _get(browser, TRIVIAL, 200)) for _ in range(100)]
    tenth = max(1, watchers // 10)
    ms = {"same": same, "whole": whole, "trivial": trivial}
    medians = {name: statistics.median(times) for name, times in ms.items()}
    return {
        "watchers": watchers,
        "first_ms": round(1000 * first, 2),
        **{f"{name}_ms": round(1000 * taken, 3) for name, taken in medians.items()},
        "ratio": round(medians["same"] / medians["trivial"], 2),
        "growth": round(statistics.median(same[-tenth:]) / statistics.median(same[:tenth]), 2),
    }


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _get(browser: Browser, path: str, wanted: int, **more: str) -> None:
    status, body = browser.get(path, **more)
    if status != wanted:
        raise SystemExit(f"{path}: {status} {body[:300]!r}")


def main() -> None:
    """Build a city, watch its wall, measure what it costs, print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--refreshes", type=int, default=10_000)
    parser.add_argument("--watchers", type=int, default=1000)
    parser.add_argument("--scale", default="0.02")
    parser.add_argument("--cost", action="store_true")
    args = parser.parse_args()
    if args.cost:
        print(json.dumps(cost(args.watchers)))
        return
    with tempfile.TemporaryDirectory() as folder:
        city = City(migrated(Path(folder)))
        built = city.command("demo", "--scale", args.scale)
        if built.returncode:
            raise SystemExit(built.stderr)
        city.start()
        try:
            seen = watch(city, args.refreshes)
        finally:
            city.stop()
        env = {**city.env, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        command = [sys.executable, "-m", "bench.wall", "--cost", "--watchers", str(args.watchers)]
        done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE)
    print(json.dumps({"name": "wall", **seen, **json.loads(done.stdout.splitlines()[-1])}))


if __name__ == "__main__":
    import django

    if "--cost" in sys.argv:
        django.setup()
    main()
