"""Back up and restore the embedded city: database, media and a manifest in one file.

The copy is taken while the city runs: SQLite's backup interface reads one snapshot, writers go on.
The manifest holds a SHA-256 of every file, the migrations and the rows of every table, so that a
restore knows what it has before it touches anything. The secret key is not in it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO, Any

from groundwork.base import clock

FORMAT = 1
MANIFEST, DATABASE, MEDIA = "manifest.json", "city.sqlite3", "media"
PAGES = 4096  # copied between two looks at the progress bar: 16 MB
Advance = Callable[[int], None]


class BackupError(Exception):
    """Say in one sentence why a backup or restore was not done."""


def write_backup(
    database: Path, media: Path, target: Path, advance: Advance = lambda _: None
) -> None:
    """Write one file with everything; it appears under its name only when it is whole."""
    if not database.exists():
        raise BackupError(f"There is no city at {database}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        copy = Path(folder) / DATABASE
        copy_database(database, copy, advance)
        half = Path(folder) / "half"
        with half.open("wb") as raw:
            os.fchmod(raw.fileno(), 0o600)  # it holds everybody's data
            _write_archive(raw, copy, media, target.suffix == ".gz")
            raw.flush()
            os.fsync(raw.fileno())
        half.replace(target)


def copy_database(source: Path, target: Path, advance: Advance = lambda _: None) -> None:
    """Copy one consistent state of a database in use, and check the copy."""
    with closing(_connect(source)) as old, closing(sqlite3.connect(target)) as new:
        # The open read transaction pins one snapshot: commits meanwhile do not restart the copy.
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()
        done = 0

        def step(_status: int, remaining: int, total: int) -> None:
            nonlocal done
            advance(total - remaining - done)
            done = total - remaining

        old.backup(new, pages=PAGES, progress=step)
        new.execute("PRAGMA journal_mode=DELETE")
        _refuse_broken(new)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=20)


def _refuse_broken(connection: sqlite3.Connection) -> None:
    answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if answer != "ok":
        raise BackupError(f"The database is damaged: {answer}")


def _write_archive(raw: IO[bytes], database: Path, media: Path, compress: bool) -> None:
    files: dict[str, dict[str, Any]] = {}
    stream: Any = gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=4) if compress else raw
    with tarfile.open(fileobj=stream, mode="w|") as archive:
        for name, path in _files(database, media):
            try:
                files[name] = _add(archive, name, path)
            except FileNotFoundError:
                continue  # deleted by the running city since the listing
        body = json.dumps(_manifest(database, files), ensure_ascii=False, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(body)
        archive.addfile(info, io.BytesIO(body))
    if compress:
        stream.close()


def _files(database: Path, media: Path) -> Iterator[tuple[str, Path]]:
    yield DATABASE, database
    if media.is_dir():
        for path in sorted(p for p in media.rglob("*") if p.is_file() and not p.is_symlink()):
            yield f"{MEDIA}/{path.relative_to(media).as_posix()}", path


class _Hashing(io.RawIOBase):
    """Hash a file while tar reads it."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.hash = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.source.read(size)
        self.hash.update(block)
        return block


def _add(archive: tarfile.TarFile, name: str, path: Path) -> dict[str, Any]:
    with path.open("rb") as source:
        info = tarfile.TarInfo(name)
        info.size = os.fstat(source.fileno()).st_size
        hashing = _Hashing(source)
        archive.addfile(info, hashing)
    return {"size": info.size, "sha256": hashing.hash.hexdigest()}


def _manifest(database: Path, files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    with closing(_connect(database)) as connection:
        return {
            "format": FORMAT,
            "groundwork": version("groundwork"),
            "made_at": clock.now().isoformat(timespec="seconds"),
            "migrations": migrations(connection),
            "rows": rows(connection),
            "files": files,
        }


def migrations(connection: sqlite3.Connection) -> list[str]:
    """Name the migrations a database has seen."""
    found = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [f"{app}.{name}" for app, name in found]


def rows(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the rows of every ordinary table."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    count = 'SELECT count(*) FROM "{}"'
    return {name: connection.execute(count.format(name)).fetchone()[0] for (name,) in names}


def restore_backup(
    source: Path, database: Path, media: Path, *, known: set[str], force: bool = False
) -> Path | None:
    """Put a backup in place; return where the former city went, None when there was none.

    `known` are the migrations of this program: a backup of a newer one is refused. Nothing is
    touched before every file was checked against its hash.
    """
    if not source.exists():
        raise BackupError(f"There is no file {source}.")
    if database.exists() and not force:
        raise BackupError(
            f"There is a city at {database} already. Choose another DATA_DIR, or --force: "
            "the old city is then kept beside the new one."
        )
    if database.exists():
        refuse_running(database)
    database.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=database.parent) as name:
        folder = Path(name)
        manifest = unpack(source, folder)
        _refuse_newer(manifest, known)
        _compare_rows(folder / DATABASE, manifest)
        return _put_in_place(folder, database, media)


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup into an empty folder and check every file against the manifest."""
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] = {}
    try:
        with tarfile.open(source, "r:*") as archive:
            for member in archive:
                stream = archive.extractfile(member) if member.isreg() else None
                if stream is None or not _harmless(member.name):
                    raise BackupError(f"The backup holds something strange: {member.name!r}.")
                if member.name == MANIFEST:
                    manifest = json.load(stream)
                else:
                    found[member.name] = _take(stream, folder / member.name)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise BackupError(f"The backup cannot be read ({type(error).__name__}).") from error
    if manifest.get("format") != FORMAT:
        raise BackupError("This is no backup of Groundwork, or one of another format.")
    wrong = [n for n, said in manifest["files"].items() if found.get(n) != said]
    wrong += sorted(found.keys() - manifest["files"].keys())
    if wrong or DATABASE not in found:
        raise BackupError(f"The backup is damaged: {', '.join(wrong[:5]) or DATABASE}.")
    return manifest


def _harmless(name: str) -> bool:
    path = PurePosixPath(name)
    inside = name in {MANIFEST, DATABASE} or path.parts[:1] == (MEDIA,)
    return inside and ".." not in path.parts and not path.is_absolute()


def _take(stream: IO[bytes], target: Path) -> dict[str, Any]:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as file:
        while block := stream.read(1 << 20):
            digest.update(block)
            file.write(block)
        os.fsync(file.fileno())
        size = file.tell()
    return {"size": size, "sha256": digest.hexdigest()}


def _refuse_newer(manifest: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(manifest["migrations"]) - known)
    if unknown:
        raise BackupError(
            f"The backup was made by Groundwork {manifest['groundwork']}, which is newer than this "
            f"one ({version('groundwork')}): it has {unknown[0]}."
        )


def _compare_rows(database: Path, manifest: dict[str, Any]) -> None:
    with closing(_connect(database)) as connection:
        _refuse_broken(connection)
        if rows(connection) != manifest["rows"]:
            raise BackupError("The backup's tables do not hold the rows its manifest names.")


def refuse_running(database: Path) -> None:
    """Refuse while another process has the database open: its open file would stay the old one."""
    with closing(sqlite3.connect(database, timeout=1)) as connection:
        try:
            # Leaving WAL mode needs the database for oneself; it also brings the log home.
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            raise BackupError("The city is running; stop server and worker first.") from error
        except sqlite3.DatabaseError:
            return  # damaged: all the more reason to restore


def _put_in_place(folder: Path, database: Path, media: Path) -> Path | None:
    kept: Path | None = None
    old = [
        p for p in (database, _beside(database, "-wal"), _beside(database, "-shm")) if p.exists()
    ]
    if old:
        kept = database.parent / f"before-restore-{clock.now():%Y%m%d-%H%M%S}"
        kept.mkdir()
        for path in [*old, *([media] if media.exists() else [])]:
            shutil.move(path, kept / path.name)
    os.replace(folder / DATABASE, database)
    if (folder / MEDIA).exists():
        shutil.move(folder / MEDIA, media)
    return kept


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
