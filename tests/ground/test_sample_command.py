"""Anybody draws the same sample: by ten lines of Python, or by the command."""

from __future__ import annotations

import hashlib
import subprocess
import sys

from click.testing import CliRunner

from config.cli.trust import sample_command
from groundwork.matters.rules import sampling as rules


def test_an_outsider_draws_the_same_by_ten_lines_and_by_the_command(tmp_path):
    hashes = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(50)]
    listed, script = tmp_path / "list.txt", tmp_path / "draw.py"
    listed.write_bytes(rules.listing(hashes))
    script.write_text(rules.SCRIPT)
    assert len([line for line in rules.SCRIPT.splitlines() if line]) <= 10
    drawn = rules.draw(hashes, "03111520273209", 7)
    told = subprocess.run(
        [sys.executable, "-I", script, listed, "03111520273209", "7"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == drawn
    command = ["draw", str(listed), "--seed", "03 11 15 20 27 32 09", "--n", "7"]
    assert CliRunner().invoke(sample_command, command).output.split() == drawn
    refused = CliRunner().invoke(sample_command, [*command[:-1], "51"])
    assert refused.exit_code == 1
    assert "50 hashes, not 51" in refused.output
