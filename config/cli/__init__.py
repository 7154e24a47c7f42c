"""The `groundwork` command: everything an office does at the console.

Commands are small doors to the same actions that pages call. They are imported when they are
used, so that `groundwork --help` answers at once.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

import click

COMMANDS = {
    "run": "config.cli.serving",
    "serve": "config.cli.serving",
    "worker": "config.cli.serving",
    "ingest": "config.cli.pulses",
    "receive": "config.cli.serving",
    "migrate": "config.cli.serving",
    "check": "config.cli.serving",
    "shell": "config.cli.serving",
    "import": "config.cli.filling",
    "export": "config.cli.filling",
    "demo": "config.cli.filling",
    "user": "config.cli.people",
    "backup": "config.cli.keeping",
    "restore": "config.cli.keeping",
    "trail": "config.cli.keeping",
    "tombstones": "config.cli.trust",
    "outbox": "config.cli.letters",
    "sample": "config.cli.trust",
    "figures": "config.cli.figures",
    "roster": "config.cli.roster",
}


class Lazy(click.Group):
    """A group whose commands live in modules that are imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands in the order they are declared."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module that holds the command."""
        if cmd_name not in COMMANDS:
            return None
        found: Any = getattr(importlib.import_module(COMMANDS[cmd_name]), f"{cmd_name}_command")
        assert isinstance(found, click.Command)
        return found


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="groundwork", message="%(prog)s %(version)s")
def main() -> None:
    """Run and look after a Groundwork city (地气).

    Settings come from the environment; docs/operations.md lists them. Try `groundwork check` first.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
