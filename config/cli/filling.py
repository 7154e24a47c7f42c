"""Commands that put data in and take it out: demo, import, export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from django.utils.translation import gettext
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from config.cli.city import console, needs_city

Tell = Callable[[str, int, int], None]


@click.command("demo")
@click.option(
    "--scale",
    default=0.02,
    show_default=True,
    type=click.FloatRange(0.001, 4),
    help="1 is 40,000 people in 1,000 departments with half a year of evenings.",
)
@click.option("--seed", default=1, show_default=True, help="Same seed, same city.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Last day of its history (default: today); the Tuesday after is planned.",
)
@needs_city
def demo_command(scale: float, seed: int, until: datetime | None) -> None:
    """Fill an empty database with the demo city: Ningbo's real places, invented people."""
    build_demo(scale, seed=seed, until=until.date() if until else None)


def build_demo(scale: float, *, seed: int, until: date | None) -> None:
    """Build the demo city and show how far it is."""
    from groundwork.base import clock
    from groundwork.desk.demo import build

    click.echo(f"Building the demo city at scale {scale:g} …")
    with _bars() if console.is_terminal else _lines() as tell:
        report = build(scale, seed, until or clock.today(), tell)
    click.echo(
        f"{report.people:,} people in {report.departments:,} departments, {report.evenings:,} "
        f"evenings, {report.entries:,} sign-ins, in {report.seconds:.0f} s."
    )


@contextmanager
def _bars() -> Iterator[Tell]:
    """Show how far each part is as a bar, on a terminal."""
    columns = (
        TextColumn("  {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(label: str, done: int, total: int) -> None:
            if label not in tasks:
                tasks[label] = bars.add_task(gettext(label), total=total)
            bars.update(tasks[label], completed=done, total=total)

        yield tell


@contextmanager
def _lines() -> Iterator[Tell]:
    """Say how far each part is in a line for every tenth of it, into a file or a log."""
    told: dict[str, int] = {}

    def tell(label: str, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 10
        if told.get(label) != tenth:
            told[label] = tenth
            click.echo(f"  {gettext(label)} {done:,} / {total:,}")

    yield tell


@click.command("import")
@click.argument("kind", type=click.Choice(["places", "bodies", "people"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--leave-bad", is_flag=True, help="Write the good rows though others are bad.")
@needs_city
def import_command(kind: str, file: Path, leave_bad: bool) -> None:
    """Read a sheet (xlsx or csv) of places, bodies or people: the same road as on the pages.

    Every row is checked before any is written. Bad rows come back beside FILE as a sheet with a
    reason each, and nothing is written. The same file again changes nothing; undo is
    on the pages. Ningbo's official places: groundwork/registry/data/ningbo.csv.
    """
    from groundwork.base.actor import system
    from groundwork.registry.actions import confirm_import, upload_import
    from groundwork.registry.queries.workbooks import marked_sheet
    from groundwork.registry.rules.imports import NothingToWrite

    by = system("console")
    with console.status(f"Checking {file.name} …"):
        batch = upload_import(file.read_bytes(), name=file.name, kind=kind, by=by)  # type: ignore[arg-type]
    totals = batch.totals
    click.echo(", ".join(f"{count:,} {name}" for name, count in totals.items() if count))
    bad = totals["bad"] + totals["choice"]
    if bad:
        marked = file.with_name(f"{file.stem}-to-mend{file.suffix}")
        marked.write_bytes(marked_sheet(batch))
        click.echo(f"{bad:,} rows need mending: {marked}")
        if not leave_bad:
            raise click.ClickException("Nothing was written.")
    try:
        with console.status("Writing …"):
            confirm_import(batch, leaving_bad=leave_bad, by=by)
    except NothingToWrite:
        click.echo("Everything was there already.")
    else:
        click.echo("Written.")


@click.command("export")
@click.argument("kind", type=click.Choice(["places", "bodies", "people"]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--unit", default="", help="People of one unit: its public id, as in its address.")
@needs_city
def export_command(kind: str, file: Path, unit: str) -> None:
    """Write the directory of places or bodies, or the list of people, to FILE (xlsx).

    People come without phones. The trail says that a list left.
    """
    from groundwork.base.actor import system
    from groundwork.registry import actions

    by = system("console")
    if kind == "people":
        content = actions.export_people_list(unit=unit, by=by)
    elif kind == "bodies":
        content = actions.export_bodies_list(by=by)
    else:
        content = actions.export_places_list(by=by)
    file.write_bytes(content)
    file.chmod(0o600)
    click.echo(f"Written: {file}")
