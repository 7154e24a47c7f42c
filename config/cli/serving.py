"""Commands that run the city: run, serve, worker, migrate, check, shell."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import click

from config.cli.city import load_city, needs_city

SMALL_CITY = 0.02

port_option = click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port to listen on.",
)
host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all."
)


@click.command("run")
@port_option
@click.option(
    "--lan", is_flag=True, help="Listen on the office network and print the address as a QR code."
)
@click.option("--no-demo", is_flag=True, help="Leave an empty database empty.")
def run_command(port: int, lan: bool, no_demo: bool) -> None:
    """Prepare the database and run server and worker until Ctrl-C.

    An empty database is filled with the small demo city, so that there is something to look at.
    """
    host = "0.0.0.0" if lan else "127.0.0.1"  # noqa: S104 - asked for with --lan
    refuse_busy_port(host, port)
    name_public_url(port, lan)
    load_city()
    migrate_database()
    if not no_demo:
        fill_if_empty()
    cards = offer_cards()
    sys.exit(run_children(host, port, lan, cards))


@click.command("serve")
@port_option
@host_option
def serve_command(port: int, host: str) -> None:
    """Run the web server alone (granian, WSGI)."""
    refuse_busy_port(host, port)
    load_city()
    serve(host, port)


@click.command("receive")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; else LIVE_RTMP_PORT.")
@host_option
@click.option("--wait", is_flag=True, help="Wait for the port where somebody else listens.")
@needs_city
def receive_command(port: int | None, host: str, wait: bool) -> None:
    """Take the broadcasts: encoders push RTMP here with their stream's key."""
    import asyncio

    from django.conf import settings

    from config.receiver import Receiver

    port = port or settings.LIVE_RTMP_PORT
    if not port:
        raise click.ClickException("LIVE_RTMP_PORT=0: nothing is broadcast from here.")
    if not wait:
        refuse_busy_port(host, port)
    asyncio.run(Receiver().run(host, port))


@click.command("worker")
@click.option("--interval", default=1.0, show_default=True, help="Seconds between two rounds.")
@needs_city
def worker_command(interval: float) -> None:
    """Run the worker: messages, the trail's seal, periodic jobs, queued tasks."""
    from config.worker import Worker

    Worker(interval=interval).run()


@click.command("migrate")
@needs_city
def migrate_command() -> None:
    """Bring the database's tables up to this version."""
    migrate_database()
    click.echo("The database is up to date.")


@click.command("check")
@needs_city
def check_command() -> None:
    """Check settings, database, tables and worker; say what is wrong."""
    from django.core.management import call_command
    from django.db import DatabaseError

    from config.observe import LATE, heartbeat_age, migrations_applied

    call_command("check", verbosity=0)
    faults = []
    try:
        if not migrations_applied():
            faults.append("The database lacks tables of this version; run `groundwork migrate`.")
        elif (age := heartbeat_age()) is None or age > LATE:
            faults.append("No worker shows signs of life; start `groundwork worker`.")
    except DatabaseError as error:
        faults.append(f"The database cannot be reached ({type(error).__name__}).")
    for fault in faults:
        click.echo(f"- {fault}")
    if faults:
        sys.exit(1)
    click.echo("Settings, database, tables and worker are in order.")


@click.command("shell")
@needs_city
def shell_command() -> None:
    """Open a Python shell with the city loaded. What you do here is in no trail."""
    from django.core.management import call_command

    call_command("shell")


def refuse_busy_port(host: str, port: int) -> None:
    """Stop with one clear sentence when somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            raise click.ClickException(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Choose another, for example: make run PORT={port + 1}"
            ) from error


def name_public_url(port: int, lan: bool) -> None:
    """Set PUBLIC_URL from where we listen, unless the office set it."""
    if not os.environ.get("PUBLIC_URL"):
        address = own_address() if lan else "127.0.0.1"
        os.environ["PUBLIC_URL"] = f"http://{address}:{port}"


def own_address() -> str:
    """Return this machine's address on the office network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # no packet is sent: it only picks the interface
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def migrate_database() -> None:
    """Apply what is missing; two starting at once wait for each other in the database.

    A table that SQLite makes anew for it is one that it knows nothing of: of 170,000 matters the
    board then took twenty times as long, until the next night counted them.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from groundwork.base import statistics

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    call_command("migrate", interactive=False, verbosity=0)
    if missing:
        statistics.learn()


def fill_if_empty() -> None:
    """Build the small demo city when the database holds no place, body or person yet.

    A demo city built earlier gets an evening that runs now and an order in force, to be tried.
    """
    from config.cli.filling import build_demo
    from groundwork.base import clock
    from groundwork.desk.demo import is_empty, renew_order, renew_running

    if is_empty():
        build_demo(SMALL_CITY, seed=1, until=None)
    else:
        renew_running(clock.now())
        renew_order(clock.now())


def offer_cards() -> bool:
    """Switch the one-tap sign-in cards on when this is a demo city; tell whether it is."""
    from django.conf import settings

    from groundwork.access.models import Account

    if settings.PRODUCTION or not Account.objects.filter(demo=True).exists():
        return False
    os.environ.setdefault("DEMO", "1")
    return True


def run_children(host: str, port: int, lan: bool, cards: bool) -> int:
    """Run server, worker and ingest under one supervisor."""
    from config.supervise import Child, supervise

    command = [sys.executable, "-m", "config.cli"]
    env = dict(os.environ)
    server = Child("server", [*command, "serve", "--host", host, "--port", str(port)], env)
    worker = Child("worker", [*command, "worker"], env)
    ingest = Child("ingest", [*command, "ingest"], env)
    receiver = Child("receiver", [*command, "receive", "--wait", "--host", host], env)
    children = [server, worker, ingest, *([receiver] if may_receive(host) else [])]
    return supervise(children, ready=announce_when_up(port, lan, cards))


def may_receive(host: str) -> bool:
    """Tell whether broadcasts can be taken; the rest of the city runs without."""
    from django.conf import settings

    if not settings.LIVE_RTMP_PORT:
        return False
    try:
        refuse_busy_port(host, settings.LIVE_RTMP_PORT)
    except click.ClickException as busy:
        click.echo(f"  {busy.message.split('. ')[0]}: no broadcast; set LIVE_RTMP_PORT.")
        return False
    return True


def announce_when_up(port: int, lan: bool, cards: bool) -> Callable[[], bool]:
    """Return a function that prints the address once the server answers."""

    def ready() -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
        except urllib.error.HTTPError:
            pass  # it answers; the worker may still be starting
        except OSError:
            return False
        announce(port, lan, cards)
        return True

    return ready


def announce(port: int, lan: bool, cards: bool) -> None:
    """Print where the city is and how to sign in."""
    public = os.environ["PUBLIC_URL"]
    click.echo(f"\n  Groundwork · 地气   http://127.0.0.1:{port}/")
    if public != f"http://127.0.0.1:{port}":
        click.echo(f"  For phones · 手机访问   {public}/")
    if lan:
        import segno

        segno.make(f"{public}/", error="m").terminal(compact=True)
    if cards:
        click.echo("  Sign in: tap one of the cards on the sign-in page (invented people).")
        click.echo("  登录：在登录页点一张身份卡即可（人物均为虚构）。")
    else:
        click.echo(
            "  Sign in with your account, or with the one-time slip from your unit's secretary."
        )
        click.echo("  登录：用账号密码，或单位书记发的一次性登录条。")
    click.echo("  Ctrl-C stops it · 按 Ctrl-C 停止\n")


def serve(host: str, port: int) -> None:
    """Open granian and stay until it is told to stop."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from config.settings import env

    metrics = fresh_metrics_dir(settings.DATA_DIR)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
    try:
        Granian(
            "config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=env.processes,
            blocking_threads=env.threads,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=15,
            log_level=LogLevels(env.log_level),
            log_dictconfig=settings.LOGGING,
        ).serve()
    finally:
        shutil.rmtree(metrics, ignore_errors=True)


def fresh_metrics_dir(data_dir: Path) -> Path:
    """Make the folder in which the server processes share their counts; clear those of the dead."""
    parent = data_dir / "run"
    parent.mkdir(exist_ok=True)
    for old in parent.glob("metrics-*"):
        if not Path(f"/proc/{old.name.split('-')[1]}").exists():
            shutil.rmtree(old, ignore_errors=True)
    made = parent / f"metrics-{os.getpid()}"
    made.mkdir(exist_ok=True)
    return made
