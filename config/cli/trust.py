"""Commands for who checks: draw a sample again, erase again what a database brought back."""

from __future__ import annotations

from pathlib import Path

import click

from config.cli.city import needs_city

FILE = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.group("sample")
def sample_command() -> None:
    """Draw an audited sample again; needs no city, only the published list."""


@sample_command.command("draw")
@click.argument("file", type=FILE, metavar="LIST")
@click.option("--seed", required=True, help="The public act's digits.")
@click.option("--n", "size", required=True, type=click.IntRange(1), help="How many were drawn.")
def draw_command(file: Path, seed: str, size: int) -> None:
    """Print the hashes that SEED draws from the published LIST, in the order of the draw."""
    from groundwork.base.errors import GroundworkError
    from groundwork.matters.rules import sampling

    try:
        hashes = sampling.hashes_in(file.read_bytes())
        digits = sampling.seed_of(seed)
    except (GroundworkError, UnicodeDecodeError) as error:
        raise click.ClickException(
            f"A seed has at least {sampling.SEED_DIGITS} digits, a list one hash a line."
        ) from error
    if size > len(hashes):
        raise click.ClickException(f"The list holds {len(hashes):,} hashes, not {size:,}.")
    for line in sampling.draw(hashes, digits, size):
        click.echo(line)


@click.group("tombstones")
def tombstones_command() -> None:
    """Look after the journal of what was erased."""


@tombstones_command.command("apply")
@click.argument("file", type=FILE, required=False)
@needs_city
def apply_command(file: Path | None) -> None:
    """Erase again what a restored database brought back, by the journal or a copy of it in FILE.

    `groundwork restore` does so by itself; on PostgreSQL run it after pg_restore, before the
    city serves. Running it twice erases nothing twice.
    """
    from groundwork.base import retention

    retention.write_journal()
    erased = retention.reapply(file)
    if file is not None:
        retention.take_over(file)
    click.echo(f"{erased:,} records erased again.")
