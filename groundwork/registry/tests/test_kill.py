"""Kill -9 in the middle of an import: after the restart everything of it stands, or nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.city import copy_of, ready

ROOT = Path(__file__).resolve().parents[3]
# Where the child dies by its own SIGKILL: after the people, after everything but the commit.
POINTS = {
    "people written": "groundwork.registry.actions.memberships:open_first",
    "before search words": "groundwork.registry.actions.entries:index_people",
    "before the trail": "groundwork.base.trail:record",
    "nowhere": "",
}
PREPARE = """
import django; django.setup()
from groundwork.registry import actions
from groundwork.registry.tests import make, sheets
make.city()
rows = [sheets.person(f"张{n:03d}号", f"R{n}") for n in range(300)]
actions.upload_import(sheets.people(*rows), name="名单.xlsx", kind="people", by=make.SYSTEM)
"""
CONFIRM = """
import importlib, os, signal, sys
import django; django.setup()
from groundwork.registry import actions
from groundwork.registry.models import ImportBatch
from groundwork.registry.tests import make
if sys.argv[1]:
    module, name = sys.argv[1].split(":")
    def die(*args, **more):
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(importlib.import_module(module), name, die)
actions.confirm_import(ImportBatch.objects.get(), by=make.SYSTEM)
"""
LOOK = """
import django; django.setup()
from groundwork.base.models import Change, SearchEntry
from groundwork.registry.models import ImportBatch, Membership, Person
from groundwork.registry.queries.batches import parsed_of
batch = ImportBatch.objects.get()
print(batch.state, Person.objects.count(), Membership.objects.count(),
      SearchEntry.objects.filter(kind="registry.person").count(),
      Change.objects.filter(kind="registry.person").exists(), batch.undo is not None)
"""
NOTHING = "checked 0 0 0 False False"
EVERYTHING = "confirmed 300 1200 300 True True"


def run(directory: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DATA_DIR": str(directory),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "error",
    }
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment, cwd=ROOT, text=True, capture_output=True, timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    directory = copy_of(ready(), tmp_path_factory.mktemp("killed"))
    done = run(directory, PREPARE)
    assert done.returncode == 0, done.stderr
    return directory


def test_an_import_killed_anywhere_is_not_half_done_and_goes_in_afterwards(prepared):
    for point, target in POINTS.items():
        done = run(prepared, CONFIRM, target)
        seen = run(prepared, LOOK).stdout.strip()
        if target:
            assert done.returncode == -signal.SIGKILL, (point, done.stderr)
            assert seen == NOTHING, point
        else:
            assert done.returncode == 0, done.stderr
            assert seen == EVERYTHING
