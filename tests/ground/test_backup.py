"""Backup and restore: whole while the city runs, refused when anything is off."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from config import backup
from config.backup import BackupError, restore_backup, write_backup
from tests.city import City, wait_until

KNOWN = {"base.0001_initial", "base.0002_more"}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A small database in WAL mode with two tables and one migration."""
    path = tmp_path / "city" / "city.sqlite3"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "PRAGMA journal_mode=WAL;"
            "CREATE TABLE django_migrations (app text, name text);"
            "INSERT INTO django_migrations VALUES ('base', '0001_initial');"
            "CREATE TABLE pair (left integer, right integer);"
            "INSERT INTO pair VALUES (1, 1);"
        )
    return path


@pytest.fixture
def media(database: Path) -> Path:
    folder = database.parent / "media"
    (folder / "attachments").mkdir(parents=True)
    (folder / "attachments" / "讲义.pdf").write_bytes(b"%PDF-" + bytes(3000))
    return folder


@pytest.fixture
def archive(database: Path, media: Path, tmp_path: Path) -> Path:
    target = tmp_path / "backup.tar.gz"
    write_backup(database, media, target)
    return target


def contents(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with closing(sqlite3.connect(database)) as connection:
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in backup.rows(connection)
        }


def test_what_comes_back_is_what_was_there(archive, database, media, tmp_path):
    place = tmp_path / "elsewhere" / "city.sqlite3"
    assert restore_backup(archive, place, place.parent / "media", known=KNOWN) is None
    assert contents(place) == contents(database)
    restored = place.parent / "media" / "attachments" / "讲义.pdf"
    assert restored.read_bytes() == (media / "attachments" / "讲义.pdf").read_bytes()


def test_only_the_owner_may_read_a_backup_and_nothing_half_is_left(archive):
    assert archive.stat().st_mode & 0o077 == 0
    assert not list(archive.parent.glob(".backup-*"))


def test_a_copy_taken_during_writes_is_one_moment(database, tmp_path):
    """Every transaction writes the same number left and right: a copy may not tear them apart."""
    stop, written = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(database, timeout=20)) as connection:
            n = 1
            while not stop.is_set():
                n += 1
                connection.execute("INSERT INTO pair VALUES (?, ?)", (n, 0))
                connection.execute("UPDATE pair SET right = ? WHERE left = ?", (n, n))
                connection.commit()
                written.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.wait(20)
        for number in range(5):
            copy = tmp_path / f"copy-{number}.sqlite3"
            backup.copy_database(database, copy)
            pairs = contents(copy)["pair"]
            assert all(left == right for left, right in pairs)
            assert sorted(left for left, _ in pairs) == list(range(1, len(pairs) + 1))
    finally:
        stop.set()
        writer.join()


def test_an_existing_city_is_not_overwritten_without_force(archive, database, media):
    before = contents(database)
    with pytest.raises(BackupError, match="There is a city"):
        restore_backup(archive, database, media, known=KNOWN)
    assert contents(database) == before


def test_with_force_the_former_city_is_kept_beside(archive, database, media):
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO pair VALUES (9, 9)")
    later = contents(database)
    kept = restore_backup(archive, database, media, known=KNOWN, force=True)
    assert kept is not None
    assert contents(kept / "city.sqlite3") == later
    assert (kept / "media" / "attachments" / "讲义.pdf").exists()
    assert contents(database)["pair"] == [(1, 1)]


def test_a_city_in_use_is_not_replaced(archive, database, media):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("SELECT * FROM pair").fetchall()
        with pytest.raises(BackupError, match="is running"):
            restore_backup(archive, database, media, known=KNOWN, force=True)


def test_a_backup_of_a_newer_version_is_refused(archive, tmp_path):
    place = tmp_path / "elsewhere" / "city.sqlite3"
    with pytest.raises(BackupError, match="newer than this"):
        restore_backup(archive, place, place.parent / "media", known=set())
    assert not place.exists()


def rewritten(archive: Path, change: dict[str, bytes]) -> Path:
    """A copy of the archive with some members replaced or added."""
    target = archive.with_name("changed.tar")
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        members = {m.name: old.extractfile(m).read() for m in old}  # type: ignore[union-attr]
        for name, body in {**members, **change}.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            new.addfile(info, io.BytesIO(body))
    return target


def flipped(archive: Path, name: str) -> bytes:
    with tarfile.open(archive) as old:
        body = bytearray(old.extractfile(name).read())  # type: ignore[union-attr]
    body[len(body) // 2] ^= 1
    return bytes(body)


@pytest.mark.parametrize("name", ["city.sqlite3", "media/attachments/讲义.pdf"])
def test_one_changed_bit_is_found_before_anything_is_touched(archive, tmp_path, name):
    place = tmp_path / "elsewhere" / "city.sqlite3"
    bad = rewritten(archive, {name: flipped(archive, name)})
    with pytest.raises(BackupError, match="damaged"):
        restore_backup(bad, place, place.parent / "media", known=KNOWN)
    assert not place.exists()


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "media/../../x", "other"])
def test_a_file_that_would_land_elsewhere_is_refused(archive, tmp_path, name):
    bad = rewritten(archive, {name: b"x"})
    place = tmp_path / "elsewhere" / "city.sqlite3"
    with pytest.raises(BackupError, match="strange"):
        restore_backup(bad, place, place.parent / "media", known=KNOWN)


def test_a_truncated_file_is_refused(archive, tmp_path):
    bad = tmp_path / "half.tar.gz"
    bad.write_bytes(archive.read_bytes()[:-400])
    place = tmp_path / "elsewhere" / "city.sqlite3"
    with pytest.raises(BackupError, match=r"cannot be read|damaged|no backup"):
        restore_backup(bad, place, place.parent / "media", known=KNOWN)


def test_a_backup_whose_tables_lost_rows_is_refused(archive, tmp_path):
    with tarfile.open(archive) as old:
        manifest = json.load(old.extractfile("manifest.json"))  # type: ignore[arg-type]
    manifest["rows"]["pair"] = 2
    bad = rewritten(archive, {"manifest.json": json.dumps(manifest).encode()})
    place = tmp_path / "elsewhere" / "city.sqlite3"
    with pytest.raises(BackupError, match="rows"):
        restore_backup(bad, place, place.parent / "media", known=KNOWN)


def all_sealed(city: City) -> bool:
    with closing(sqlite3.connect(city.data / "city.sqlite3")) as connection:
        waiting = "SELECT count(*) FROM base_trailentry WHERE position IS NULL"
        return bool(connection.execute(waiting).fetchone()[0] == 0)


def test_a_running_city_is_backed_up_restored_and_the_same(running_city: City, tmp_path):
    running_city.call("tests.ground.seed:something_everywhere")
    wait_until(lambda: all_sealed(running_city), "the worker to seal the trail")
    target = tmp_path / "backup.tar.gz"
    done = running_city.command("backup", str(target))
    assert done.returncode == 0, done.stderr
    refused = running_city.command("restore", str(target), "--force")
    assert "is running" in refused.stderr
    running_city.stop()
    other = City(tmp_path / "other")
    restored = other.command("restore", str(target))
    assert restored.returncode == 0, restored.stderr
    here = contents(running_city.data / "city.sqlite3")
    there = contents(other.data / "city.sqlite3")
    assert here.keys() == there.keys()
    # The worker's signs of life go on after the backup; everything else is the same.
    changed = {name for name in here if here[name] != there[name]}
    assert changed <= {"base_lease"}
    assert there["registry_person"]
    assert (other.data / "media" / "attachments" / "讲义.txt").read_text() == "周二夜学"
    verified = other.command("trail", "verify")
    assert verified.returncode == 0, verified.stdout
    other.start()
    other.stop()
