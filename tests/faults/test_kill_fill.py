"""A fill of the figures' sums is killed in the middle; the next one ends it rightly."""

from __future__ import annotations

import signal
import subprocess
import sys

from groundwork.figures.queries.sources import SOURCES
from tests.city import ROOT


def test_a_killed_fill_is_taken_up_where_it_stood_and_every_sum_is_right(city):
    assert city.call("tests.faults.fills:build") == 12
    died = subprocess.run([sys.executable, "-m", "tests.faults.fills", "2"], env=city.env, cwd=ROOT)
    assert died.returncode == -signal.SIGKILL
    halfway = city.call("tests.faults.fills:kept")
    assert halfway["cells"], "what was committed outlives the kill"
    assert halfway["marks"], "killed in the middle, not at the end"
    assert halfway["whole"] < len(SOURCES)

    filled = city.command("figures", "fill")
    assert filled.returncode == 0, filled.stderr
    assert len(filled.stdout.splitlines()) == len(SOURCES)
    verified = city.command("figures", "verify")
    assert verified.returncode == 0, verified.stdout
    assert verified.stdout == "Every sum is what the records say.\n"
