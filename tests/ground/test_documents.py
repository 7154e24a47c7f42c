"""Documents: no link leads nowhere, no lock names an index, generated pages are fresh."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.city import ROOT

PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "groundwork").rglob("*.md")]
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("name", ["run", "test"])
def test_locks_hold_hashes_for_everything_and_no_index_address(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert not re.search(r"://|--(extra-)?index-url|--find-links", text)
    packages = re.findall(r"^([a-z0-9][a-z0-9._-]*)==.*\\\n\s+--hash=sha256:", text, re.MULTILINE)
    assert len(packages) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 40


@pytest.mark.parametrize("tool", ["rules.py", "messages.py"])
def test_generated_pages_and_catalogues_are_complete(tool):
    done = subprocess.run(
        [sys.executable, f"tools/{tool}", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_every_make_target_explains_itself():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    for target in ("setup", "run", "test", "lock", "messages", "rules", "bench", "screenshots"):
        assert re.search(rf"^  make {target}\s+\S", done.stdout, re.MULTILINE), target
