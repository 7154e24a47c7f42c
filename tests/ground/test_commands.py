"""The console: the first hour of a real city, and what is refused."""

from __future__ import annotations

import csv
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.city import City

PLACES = [
    ("3302", "宁波市", "city", ""),
    ("330203", "海曙区", "district", "3302"),
    ("330203001", "南门街道", "township", "330203"),
    ("330203001001", "澄浪社区", "community", "330203001"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "places.csv", PLACES)


def written(path: Path, rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines).writerows([("code", "name", "level", "parent_code"), *rows])
    return path


def asked(city: City, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(city.data / "city.sqlite3")) as connection:
        return connection.execute(question).fetchall()


OPERATOR = ("user", "operator", "--name", "王海波", "--number", "NB-0001", "--unit", "NB-ZZB")


def test_a_real_city_begins_with_places_and_one_operator(city: City, file: Path):
    assert "no places yet" in city.command(*OPERATOR).stderr
    assert "Written." in city.command("import", "places", str(file)).stdout
    assert "there already" in city.command("import", "places", str(file)).stdout
    assert "no unit NB-ZZB" in city.command(*OPERATOR).stderr
    done = city.command(*OPERATOR, "--unit-name", "中共宁波市委组织部")
    assert done.returncode == 0, done.stderr
    assert re.search(r"NB-0001, code [0-9A-Z-]{10,}", done.stdout)
    assert asked(city, "SELECT role FROM access_grant") == [("city_operator",)]
    again = city.command("user", "slip", "nb-0001")
    assert re.search(r"code [0-9A-Z-]{10,}", again.stdout)
    assert again.stdout != done.stdout
    assert "no account NB-2" in city.command("user", "slip", "NB-2").stderr
    verbs = {verb for (verb,) in asked(city, "SELECT verb FROM base_trailentry")}
    assert {"import", "issue_slip"} <= verbs


def test_a_broken_directory_changes_nothing(city: City, tmp_path: Path):
    bad = written(tmp_path / "bad.csv", [*PLACES, ("330299", "无名区", "community", "3302")])
    done = city.command("import", "places", str(bad))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert asked(city, "SELECT count(*) FROM registry_place") == [(0,)]
    assert (tmp_path / "bad-to-mend.csv").stat().st_size > 0
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    other = city.command("import", "places", str(tmp_path / "other.csv"))
    assert other.returncode == 1
    assert "Traceback" not in other.stderr


def test_the_list_of_people_leaves_as_a_sheet_that_only_the_owner_reads(city: City, tmp_path: Path):
    city.call("tests.ground.seed:something_everywhere")
    target = tmp_path / "people.xlsx"
    assert city.command("export", "people", str(target)).returncode == 0
    assert target.read_bytes()[:2] == b"PK"
    assert target.stat().st_mode & 0o077 == 0
    assert asked(city, "SELECT count(*) FROM base_trailentry WHERE verb = 'export'") == [(1,)]


def test_the_directories_leave_as_sheets_that_come_in_again_as_the_same(city: City, tmp_path: Path):
    city.call("tests.ground.seed:something_everywhere")
    for kind in ("places", "bodies"):
        target = tmp_path / f"{kind}.xlsx"
        assert city.command("export", kind, str(target)).returncode == 0
        back = city.command("import", kind, str(target))
        assert back.returncode == 0, back.stdout + back.stderr
        assert "Everything was there already." in back.stdout


def test_the_demo_fills_an_empty_city_once(city: City):
    done = city.command("demo", "--scale", "0.003", "--until", "2026-11-22")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\d+ people in \d+ departments", done.stdout)
    again = city.command("demo", "--scale", "0.003", "--until", "2026-11-22")
    assert again.returncode == 1
    assert "Traceback" not in again.stderr


def test_the_trail_is_verified_and_a_changed_row_is_named(city: City, file: Path):
    city.command("import", "places", str(file))
    city.call("tests.ground.seed:something_sealed")
    fine = city.command("trail", "verify")
    assert fine.returncode == 0
    head = re.search(r"Head: ([0-9a-f]{64})", fine.stdout)
    assert head
    with closing(sqlite3.connect(city.data / "city.sqlite3")) as connection, connection:
        connection.execute("UPDATE base_trailentry SET verb = 'view' WHERE position = 3")
    altered = city.command("trail", "verify")
    assert altered.returncode == 1
    assert "position 3: altered" in altered.stdout
    with closing(sqlite3.connect(city.data / "city.sqlite3")) as connection, connection:
        connection.execute("DELETE FROM base_trailentry WHERE position >= 3")
    assert city.command("trail", "verify").returncode == 0  # the end is gone: no gap to see
    cut = city.command("trail", "verify", "--head", head.group(1))
    assert cut.returncode == 1


def test_on_postgresql_backup_names_the_commands_to_use(tmp_path: Path):
    city = City(tmp_path, DATABASE_URL="postgres://keeper:s3cr3t@db.example:5433/groundwork")
    for words, tool in ((("backup",), "pg_dump"), (("restore", "x.tar"), "pg_restore")):
        done = city.command(*words)
        assert done.returncode == 1
        assert tool in done.stderr
        assert "groundwork --host=db.example --port=5433 --username=keeper" in done.stderr
        assert "s3cr3t" not in done.stderr
