"""Commands for letters and messages that did not go out."""

from __future__ import annotations

import click

from config.cli.city import needs_city


@click.group("outbox")
def outbox_command() -> None:
    """Look after letters and messages that did not go out."""


@outbox_command.command("list")
@needs_city
def list_command() -> None:
    """Count what failed ten times and was given up: by kind and by the error met last."""
    from django.db.models import Count, Min

    from groundwork.base import clock, outbox

    rows = outbox.given_up().values("kind", "last_error").order_by("kind", "last_error")
    for row in rows.annotate(n=Count("pk"), oldest=Min("created_at")):
        since = row["oldest"].astimezone(clock.ZONE)
        click.echo(f"{row['n']:>7,}  {row['kind']}  {row['last_error']}  since {since:%Y-%m-%d}")
    if not rows:
        click.echo("Nothing was given up.")


@outbox_command.command("again")
@needs_city
def again_command() -> None:
    """Send again what was given up, once the mail server works; the worker does so within a minute.

    Each message goes out once, whatever was tried before.
    """
    from groundwork.base import outbox
    from groundwork.base.actor import system

    n = outbox.send_again(by=system("console"))
    click.echo(f"{n:,} messages will be sent again.")
