"""The planner's command as a stranger uses it: files in, files out, exit statuses to trust."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.cli.roster import roster_command


def run(*args: object) -> Result:
    return CliRunner().invoke(roster_command, [str(arg) for arg in args])


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    """An invented city of 140 people."""
    file = tmp_path_factory.mktemp("roster") / "city.json"
    told = run("generate", "--scale", "0.005", "--days", "7", "--load", "1.2", "-o", file)
    assert told.exit_code == 0
    assert told.output.startswith("140 people, ")
    return file


@pytest.fixture(scope="module")
def plan(city) -> Path:
    """The plan of that city."""
    file = city.with_name("plan.json")
    told = run("solve", city, "-o", file, "--gap", "0.05")
    assert told.exit_code == 0, told.output
    assert "could be saved, proven" in told.output
    return file


def test_the_same_seed_writes_the_same_file_and_only_for_its_owner(city, tmp_path):
    again, other = tmp_path / "again.json", tmp_path / "other.json"
    run("generate", "--scale", "0.005", "--days", "7", "--load", "1.2", "-o", again)
    run("generate", "--scale", "0.005", "--days", "7", "--load", "1.2", "--seed", "2", "-o", other)
    assert again.read_bytes() == city.read_bytes() != other.read_bytes()
    assert stat.S_IMODE(os.stat(again).st_mode) == 0o600


def test_a_plan_of_the_planner_passes_the_checker_and_its_bound_is_proven_again(city, plan):
    told = run("check", city, plan, "--prove")
    assert told.exit_code == 0, told.output
    assert "No rule is broken." in told.output
    assert "on this very roster file" in told.output
    stated = json.loads(plan.read_text())
    facts = json.loads(run("check", city, plan, "--prove", "--json").output)
    assert facts["good"]
    assert facts["same_question"]
    assert facts["cost"] == stated["cost"] == sum(stated["parts"].values())
    assert stated["bound"] <= facts["proven"] <= stated["cost"]


def test_every_breach_is_named_with_its_place_and_ends_with_status_1(city, plan, tmp_path):
    stated = json.loads(plan.read_text())
    twice = stated["assignments"][0]
    nobody = {"person": "nobody", "shift": twice["shift"], "kind": "lead"}
    stated["assignments"] += [twice, nobody]
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(stated))
    told = run("check", city, bad)
    size = len(stated["assignments"])
    assert told.exit_code == 1
    assert f"twice: {twice['person']} stands {twice['shift']} twice" in told.output
    assert f"unknown: row {size - 1} ('nobody', " in told.output
    facts = json.loads(run("check", city, bad, "--json").output)
    assert {"twice", "unknown"} <= {fault["rule"] for fault in facts["violations"]}


def test_a_plan_of_another_program_needs_only_its_assignments(city, plan, tmp_path):
    bare = tmp_path / "bare.json"
    bare.write_text(json.dumps({"assignments": json.loads(plan.read_text())["assignments"]}))
    told = run("check", city, bare)
    assert told.exit_code == 0
    assert "no bound is stated" in told.output


def test_a_bound_given_for_another_roster_is_not_trusted(city, plan, tmp_path):
    other = tmp_path / "other.json"
    content = json.loads(city.read_text())
    content["people"][0]["weekly_cap"] += 1
    other.write_text(json.dumps(content))
    told = run("check", other, plan)
    assert told.exit_code == 0
    assert "the bound is NOT trusted" in told.output


def test_a_wrong_cost_or_bound_is_a_breach(city, plan, tmp_path):
    stated = json.loads(plan.read_text())
    boast = tmp_path / "boast.json"
    boast.write_text(json.dumps(stated | {"cost": 1, "bound": stated["cost"] + 1}))
    told = run("check", city, boast)
    assert told.exit_code == 1
    assert "cost: the stated cost 1 is not the cost" in told.output
    assert "bound: the stated bound" in told.output


def test_nonsense_is_refused_with_its_path_and_status_2_and_nothing_is_written(city, tmp_path):
    broken, out = tmp_path / "broken.json", tmp_path / "out.json"
    content = json.loads(city.read_text())
    window = content["people"][17]["windows"][0]
    window["end"] = window["start"]
    broken.write_text(json.dumps(content))
    told = run("solve", broken, "-o", out)
    assert told.exit_code == 2
    assert "$.people[17].windows[0].end: before its start（早于开始）" in told.output
    assert run("check", broken, city).exit_code == 2
    assert run("check", city, city).exit_code == 2
    assert not out.exists()


def test_a_city_begins_on_a_monday_and_a_file_that_cannot_be_written_is_told(tmp_path):
    told = run("generate", "--scale", "0.001", "--first-day", "2020-02-04", "-o", tmp_path / "x")
    assert "is not a Monday" in told.output
    told = run("generate", "--scale", "0.001", "-o", tmp_path / "none" / "x.json")
    assert told.exit_code == 1
    assert "No such file or directory" in told.output


def test_planning_again_keeps_what_can_stay_and_says_what_changed(city, plan, tmp_path):
    stood = json.loads(plan.read_text())["assignments"]
    ill = stood[-1]["person"]
    monday = [row for row in stood if "-" in row["shift"] and ".01-" in row["shift"]]
    out, roster = tmp_path / "again.json", tmp_path / "roster.json"
    told = run(
        *("replan", city, plan, "-o", out, "-r", roster, "--gap", "0.05"),
        *("--absent", ill, "--lock-before", "2020-02-04T00:00"),
    )
    assert told.exit_code == 0, told.output
    now = {(row["person"], row["shift"]) for row in json.loads(out.read_text())["assignments"]}
    before = {(row["person"], row["shift"]) for row in stood}
    assert {(row["person"], row["shift"]) for row in monday} <= now
    assert not [shift for person, shift in now if person == ill and ".01-" not in shift]
    assert len(before & now) >= 0.98 * len(before) - 3  # the absent one's own
    lines = told.output.splitlines()
    assert sorted(line[2:] for line in lines if line.startswith("- ")) == sorted(
        f"{shift} {person}" for person, shift in before - now
    )
    checked = run("check", roster, out)
    assert checked.exit_code == 0, checked.output
    assert "on this very roster file" in checked.output
    assert run("replan", city, plan, "-o", out, "-r", roster, "--absent", "x").exit_code == 2


def test_a_plan_is_explained_and_one_more_volunteer_is_weighed(city, plan):
    roster, stated = json.loads(city.read_text()), json.loads(plan.read_text())
    row = stated["assignments"][0]
    told = run("explain", city, plan, "--shift", row["shift"])
    assert told.exit_code == 0, told.output
    assert f"{row['person']} as {row['kind']}: in their own " in told.output
    filled = {(row["shift"], row["kind"]) for row in stated["assignments"]}
    empty = [
        (shift["id"], kind)
        for shift in roster["shifts"]
        for kind in shift["needs"]
        if (shift["id"], kind) not in filled
    ]
    told = run("explain", city, plan, "--shift", empty[0][0])
    assert f"{empty[0][1]} empty: " in told.output
    told = run("explain", city, plan, "--place", roster["people"][0]["place"])
    assert told.exit_code == 0
    assert "one more person at" in told.output
    assert run("explain", city, plan, "--shift", "never").exit_code == 2
    assert run("explain", city, plan).exit_code == 2
