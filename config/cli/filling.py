"""Commands that put data in: demo, import."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import click
from django.utils.translation import gettext
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from config.cli.city import console, needs_city


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

    columns = (
        TextColumn("  {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    click.echo(f"Building the demo city at scale {scale:g} …")
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, int] = {}

        def tell(label: str, done: int, total: int) -> None:
            if label not in tasks:
                tasks[label] = bars.add_task(gettext(label), total=total)
            bars.update(tasks[label], completed=done, total=total)  # type: ignore[arg-type]

        report = build(scale, seed, until or clock.today(), tell)
    click.echo(
        f"{report.people:,} people in {report.departments:,} departments, {report.evenings:,} "
        f"evenings, {report.entries:,} sign-ins, in {report.seconds:.0f} s."
    )


@click.group("import")
def import_command() -> None:
    """Read official directories into the city. People and rolls come in through the pages."""


@import_command.command("places")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@needs_city
def places_command(file: Path) -> None:
    """Read the official places from a CSV FILE: code,name,level,parent_code.

    Levels are city, district, township and community of 4, 6, 9 and 12 digits; Ningbo's file is
    groundwork/registry/data/ningbo.csv. Reading it again changes nothing; places gone from the file
    are closed, never deleted.
    """
    from groundwork.base.actor import system
    from groundwork.registry.actions import NewPlace, add_places_many

    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        columns = {"code", "name", "level", "parent_code"}
        if not columns <= set(reader.fieldnames or ()):
            raise click.ClickException(
                f"{file} lacks columns; it needs {', '.join(sorted(columns))}."
            )
        rows = [
            NewPlace(row["code"], row["name"], row["level"], row["parent_code"]) for row in reader
        ]
    with console.status(f"Reading {len(rows):,} places …"):
        report = add_places_many(rows, by=system("console"))
    click.echo(
        f"{report.added:,} added, {report.renamed:,} renamed, {report.closed:,} closed, "
        f"{report.reopened:,} reopened, {report.same:,} as they were."
    )
