"""Commands that keep the city safe: backup, restore, trail."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from config.cli.city import console, needs_city, progress

PG_BACKUP = """This city lives in PostgreSQL, which has its own tools:
  pg_dump --format=custom --no-owner --file=city.dump {where}
  tar -czf media.tar.gz -C {data} media"""
PG_RESTORE = """This city lives in PostgreSQL, which has its own tools (into an empty database):
  pg_restore --no-owner --exit-on-error --dbname={where} city.dump
  tar -xzf media.tar.gz -C {data}"""


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@needs_city
def backup_command(file: Path | None) -> None:
    """Write the whole embedded city into one FILE while it runs.

    FILE ends in .tar or .tar.gz; without it, a dated one under DATA_DIR/backups is made. The file
    holds personal data and belongs where only you can read it. Keep SECRET_KEY separately.
    """
    from django.conf import settings

    from config.backup import BackupError, write_backup
    from groundwork.base import clock

    database = embedded_database(PG_BACKUP)
    target = file or settings.DATA_DIR / "backups" / f"city-{clock.now():%Y%m%d-%H%M%S}.tar.gz"
    pages = max(1, database.stat().st_size // 4096) if database.exists() else None
    try:
        with progress("Copying pages", pages) as advance:
            write_backup(database, Path(settings.MEDIA_ROOT), target, advance)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Backup written: {target} ({target.stat().st_size / 1e6:.1f} MB)")


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the city that is there; it is kept beside.")
@click.option(
    "--tombstones",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A copy of tombstones.jsonl from the lost machine.",
)
@needs_city
def restore_command(file: Path, force: bool, tombstones: Path | None) -> None:
    """Put the city of a backup FILE in place.

    Checks every file first. Refuses while the city runs, when there is a city already (see
    --force), and when the backup comes from a newer Groundwork. An older one is migrated. What was
    erased since the backup is erased again, by DATA_DIR/tombstones.jsonl.
    """
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    from config.backup import BackupError, restore_backup
    from config.cli.serving import migrate_database

    database = embedded_database(PG_RESTORE)
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    connection.close()
    try:
        kept = restore_backup(file, database, Path(settings.MEDIA_ROOT), known=known, force=force)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    migrate_database()
    click.echo(f"Restored into {database}.")
    erase_again(tombstones)
    if kept:
        click.echo(f"The former city is kept in {kept}; delete it when you are content.")


def erase_again(copy: Path | None) -> None:
    """Erase what the backup brought back, by this machine's journal and by a copy of another's."""
    from groundwork.base import retention

    erased = retention.reapply() + (retention.reapply(copy) if copy else 0)
    if copy is not None:
        retention.take_over(copy)
    if erased:
        click.echo(f"{erased:,} records erased since the backup were erased again.")
    elif not retention.journal_path().exists():
        click.echo(
            "There is no tombstones.jsonl here: if records were erased since the backup, copy it "
            "from the old machine and run `groundwork tombstones apply FILE`."
        )


def embedded_database(instead: str) -> Path:
    """Return the SQLite file; on PostgreSQL stop with the commands to use instead."""
    from django.conf import settings

    database: dict[str, Any] = settings.DATABASES["default"]
    if "sqlite3" in database["ENGINE"]:
        return Path(database["NAME"])
    port = f" --port={database['PORT']}" if database["PORT"] else ""
    where = f"{database['NAME']} --host={database['HOST'] or 'localhost'}{port}"
    where += f" --username={database['USER']}" if database["USER"] else ""
    raise click.ClickException(instead.format(where=where, data=settings.DATA_DIR))


@click.group("trail")
def trail_command() -> None:
    """Check the trail: who did what, sealed into a chain."""


@trail_command.command("verify")
@click.option("--head", help="Digest noted earlier; also finds rows cut off the end.")
@needs_city
def verify_command(head: str | None) -> None:
    """Walk the chain and name every altered, missing or reordered row.

    Note the digest it prints outside this machine; give it as --head next time.
    """
    from groundwork.base import trail
    from groundwork.base.models import TrailEntry

    total = TrailEntry.objects.filter(position__isnull=False).count()
    with console.status(f"Reading {total:,} sealed rows …"):
        faults = list(trail.verify(head))
    for fault in faults:
        click.echo(f"position {fault.position}: {fault.problem}")
    position, digest = trail.head()
    if faults:
        click.echo(f"{len(faults)} faults in {position:,} rows.")
        sys.exit(1)
    waiting = TrailEntry.objects.filter(position=None).count()
    click.echo(f"{position:,} rows hold; {waiting:,} not yet sealed. Head: {digest}")
