"""Commands for the figures: fill their kept sums, hold them and printed numbers against records."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from config.cli.city import needs_city

if TYPE_CHECKING:
    from groundwork.figures.queries.source import Source

SOURCE = click.option(
    "--source", "sources", multiple=True, help="Only this source, as in docs/figures.md."
)


@click.group("figures")
def figures_command() -> None:
    """Look after the sums that figures are read from."""


@figures_command.command("fill")
@SOURCE
@click.option("--anew", is_flag=True, help="Count everything again, not only what changed.")
@needs_city
def fill_command(sources: tuple[str, ...], anew: bool) -> None:
    """Bring the sums to what the records say. The worker does so by itself every minute.

    A fill that was stopped is taken up where it stood; filling twice counts nothing twice.
    """
    from groundwork.base import clock
    from groundwork.figures.actions import fill as actions

    at = clock.now()
    for source in _chosen(sources) if anew else []:
        actions.forget(source, at=at)
    for done in actions.fill(sources or (), at=at):
        click.echo(f"{done.source}: {done.portions:,} portions, as of {_said(done.cutoff)}")


@figures_command.command("verify")
@SOURCE
@needs_city
def verify_command(sources: tuple[str, ...]) -> None:
    """Recount from the records and name every sum that differs; exit status 1 if one does.

    What changed since the last fill and waits for the next is said, and is no difference.
    """
    from groundwork.base import clock
    from groundwork.figures.actions import fill as actions
    from groundwork.figures.queries.checking import differences

    at, wrong = clock.now(), 0
    waiting = actions.read_log(at=at)
    if waiting:
        click.echo(f"{waiting:,} portions changed since the last fill and wait for the next.")
    for source in _chosen(sources):
        for difference in differences(source, at):
            click.echo(str(difference))
            wrong += 1
    if wrong:
        raise click.ClickException(f"{wrong:,} sums differ. `groundwork figures fill --anew`")
    click.echo("Every sum is what the records say.")


@figures_command.command("spring")
@needs_city
def spring_command() -> None:
    """Hold the records against what was printed of the spring of 2020, a line for each number.

    The demo city has all of it: `groundwork demo --scale 1 --until 2020-05-31`. Exit status 1 if a
    number is another one, or there are no records of it.
    """
    from groundwork.base import clock
    from groundwork.figures.queries.spring import spring_of
    from groundwork.figures.rules.saying import whole
    from groundwork.registry.models import Place

    city = Place.objects.order_by("path").first()
    if city is None:
        raise click.ClickException("There is no city yet.")
    wrong = 0
    for said in spring_of(city, clock.now()):
        row = said.row
        asked = f"{row.goal:,.10g}" if row.goal is not None else "-"
        asked = f"at least {asked}" if row.match == "at_least" else asked
        found = whole(said.number) if said.number is not None else "-"
        click.echo(f"{row.key:34} {asked:>20}  {found:<32} {said.verdict}")
        wrong += said.verdict in ("differs", "empty")
    if wrong:
        raise click.ClickException(f"{wrong} of the printed numbers are not what the records say.")
    click.echo("Every number that can be counted is what the records say.")


def _chosen(keys: tuple[str, ...]) -> list[Source]:
    from groundwork.figures.queries.sources import SOURCES

    if unknown := set(keys) - set(SOURCES):
        raise click.UsageError(f"No such source: {', '.join(sorted(unknown))}")
    return [source for key, source in SOURCES.items() if not keys or key in keys]


def _said(moment: datetime) -> str:
    from groundwork.base.clock import ZONE

    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"
