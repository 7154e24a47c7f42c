"""The command that takes pulses; its worker process loads no Django."""

from __future__ import annotations

import os
import sys

import click


@click.command("ingest")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port to listen on, behind nginx; without it the city's own socket in DATA_DIR.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def ingest_command(port: int | None, host: str) -> None:
    """Take the pulses of who watches a broadcast.

    One process uses one core. Beyond one machine run several, each with --port, on a Redis named by
    LIVE_STORE, and let nginx deal /live/pulse among them.
    """
    from config.environment import Faults, load
    from groundwork.live.ingest.config import Config

    try:
        env = load()
    except Faults as faults:
        raise click.ClickException(str(faults)) from faults
    store, welcome = env.pulses.store, env.pulses.per_second
    if port is not None:
        from config.cli.serving import refuse_busy_port

        refuse_busy_port(host, port)
        config = Config(store, welcome, host=host, port=port, trusted=tuple(env.trusted_proxies))
    else:
        env.pulses.socket.parent.mkdir(parents=True, exist_ok=True)
        config = Config(store, welcome, socket=str(env.pulses.socket))
    # A process of its own in this one's place: nothing of Django stays in memory.
    command = [sys.executable, "-m", "groundwork.live.ingest"]
    os.execve(sys.executable, command, {**os.environ, **config.environment()})  # noqa: S606
