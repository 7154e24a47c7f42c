"""Commands of the planner: solve a roster file, judge a plan, make a city to try. Need no city."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from config.cli.city import console
from config.cli.verdicts import Report, describe, summary
from groundwork.duty.solver.check import judge
from groundwork.duty.solver.format import Document, decode, decode_plan, encode, encode_plan
from groundwork.duty.solver.generate import HOURS, generate
from groundwork.duty.solver.refusal import Nonsense
from groundwork.duty.solver.shapes import MOST_BYTES

if TYPE_CHECKING:
    from groundwork.duty.solver.solve import Listener, Progress

T = TypeVar("T")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
MONDAY = datetime(2020, 2, 3)  # noqa: DTZ001 - a day, as click gives days


class Refused(click.ClickException):
    """A file that is none: told with its path, exit status 2."""

    exit_code = 2


@click.group("roster")
def roster_command() -> None:
    """Plan who stands which shift, and judge plans; needs no city, only files.

    docs/roster-format.md describes both files. Try:

    \b
      groundwork roster generate --scale 0.02 -o city.json
      groundwork roster solve city.json -o plan.json
      groundwork roster check city.json plan.json
    """


@roster_command.command("generate")
@click.option(
    "--scale",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.0005, 4),
    help="1 is 28,000 people, 3,000 communities and some 5,900 gates.",
)
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(0), help="Same seed, same city."
)
@click.option(
    "--days", default=14, show_default=True, type=click.IntRange(1, 92), help="Length of the plan."
)
@click.option(
    "--load",
    default=0.85,
    show_default=True,
    type=click.FloatRange(0, 2),
    help="Slots asked for, as a part of what all weekly caps allow.",
)
@click.option(
    "--hours",
    default="three",
    show_default=True,
    type=click.Choice(list(HOURS)),
    help="08-12-17-22; 06-14-22-06; 08-20-08; or shifts that overlap.",
)
@click.option("--districts", type=click.IntRange(1, 100), help="Default: ten at scale 1.")
@click.option(
    "--first-day",
    default=MONDAY,
    show_default="2020-02-03",
    type=click.DateTime(["%Y-%m-%d"]),
    help="A Monday.",
)
@click.option("-o", "--out", required=True, type=OUT, help="The roster file to write.")
def generate_command(
    scale: float,
    seed: int,
    days: int,
    load: float,
    hours: str,
    districts: int | None,
    first_day: datetime,
    out: Path,
) -> None:
    """Write the roster file of an invented city: the same arguments, the same file."""
    if first_day.weekday():
        raise click.BadParameter("is not a Monday", param_hint="--first-day")
    instance = generate(scale, seed, days, load, hours, districts)
    write(out, encode(Document(instance, first_day.date())))
    click.echo(
        f"{len(instance.person_ids):,} people, {len(instance.gate_ids):,} gates, "
        f"{len(instance.shift_ids):,} shifts with {int(instance.need_count.sum()):,} slots "
        f"over {instance.days} days: {out}"
    )


@roster_command.command("solve")
@click.argument("instance", type=FILE)
@click.option("-o", "--out", required=True, type=OUT, help="The plan file to write.")
@click.option(
    "--gap",
    default=0.01,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Stop when at most this part of the cost could still be saved, proven.",
)
@click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Stop at this time in any case.",
)
def solve_command(instance: Path, out: Path, gap: float, seconds: float) -> None:
    """Find a plan for the roster file INSTANCE and prove how good it is.

    Ctrl-C stops and keeps the best plan so far. A plan is judged by the independent checker
    before it is written; one that breaks a rule is not written.
    """
    from groundwork.duty.solver.solve import solve

    document = read_roster(instance)
    with stopping() as stopped, telling(stopped) as tell:
        plan = solve(document.instance, gap=gap, seconds=seconds, progress=tell)
    verdict = judge(document.instance, plan)
    if not verdict.good:
        for fault in verdict.violations[:20]:
            click.echo(f"  {describe(fault, document)}", err=True)
        raise click.ClickException(
            f"The plan breaks {len(verdict.violations):,} rules: a fault of this program. "
            "Nothing was written; please report it with the roster file."
        )
    write(out, encode_plan(document, plan, verdict, version=own_version()))
    click.echo(summary(verdict))
    click.echo(f"bound {plan.bound:,}: at most {plan.gap:.2%} could be saved, proven")
    why = "stopped by you" if stopped.is_set() else "stopped by the time limit"
    reached = "" if plan.gap <= gap else f", {why} before {gap:.2%}"
    click.echo(f"{plan.seconds:.1f} s{reached}: {out}")


@roster_command.command("check")
@click.argument("instance", type=FILE)
@click.argument("plan", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Say it all as JSON, for programs.")
@click.option(
    "--prove",
    "proves",
    is_flag=True,
    help="Prove the bound again with HiGHS, apart from the planner (up to some 3,000 people).",
)
@click.option(
    "--seconds",
    default=300.0,
    show_default=True,
    type=click.FloatRange(10),
    help="How long --prove may take.",
)
@click.pass_context
def check_command(
    ctx: click.Context, instance: Path, plan: Path, as_json: bool, proves: bool, seconds: float
) -> None:
    """Judge PLAN by the rules of the roster file INSTANCE, apart from the planner.

    Names every rule that is broken, works out the cost and its parts anew, and says what the
    stated bound is worth. A plan from any other program can be judged: only its assignments are
    needed.

    Exit status: 0 when no rule is broken, 1 when one is, 2 when a file is none.
    """
    document = read_roster(instance)
    stated = refusing(plan, lambda content: decode_plan(content, document.instance))
    verdict = judge(document.instance, stated.plan)
    if stated.cost is None:
        verdict = judge(document.instance, replace(stated.plan, cost=verdict.cost))
    proven = prove_again(document, seconds) if proves else None
    report = Report(document, stated, verdict, proven)
    for line in [report.as_json()] if as_json else report.lines():
        click.echo(line)
    ctx.exit(0 if verdict.good else 1)


def prove_again(document: Document, seconds: float) -> int | str:
    """Prove a bound apart from the planner, or say why not."""
    from groundwork.duty.solver.linear import TooLarge
    from groundwork.duty.solver.pooled import prove_bound

    try:
        with console.status("Proving the bound with HiGHS …"):
            return prove_bound(document.instance, seconds)
    except TooLarge:
        return "it is too large to be proven again here"
    except ArithmeticError:
        return f"HiGHS found none within {seconds:g} s"


def own_version() -> str:
    """Name the program that made a plan."""
    return f"groundwork {version('groundwork')}"


def refusing(path: Path, read: Callable[[bytes], T]) -> T:
    """Read a file; where it is none, say in which place."""
    try:
        with path.open("rb") as file:
            return read(file.read(MOST_BYTES + 1))
    except Nonsense as fault:
        raise Refused(f"{path}: {fault}") from fault


def read_roster(path: Path) -> Document:
    """Read a roster file, showing that it takes a moment."""
    with console.status(f"Reading {path.name} …"):
        return refusing(path, decode)


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; it names people, so only you can read it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.touch(mode=0o600)
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Let Ctrl-C ask for the best plan so far; a second Ctrl-C ends the program."""
    asked = threading.Event()

    def on_interrupt(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def telling(stopped: threading.Event) -> Iterator[Listener]:
    """Show how far the planner is, and tell it whether to go on."""
    with console.status("Starting …") as status:

        def tell(now: Progress) -> bool:
            best = "" if now.cost is None else f": cost {now.cost:,}, gap {now.gap:.2%}"
            ending = ", stopping" if stopped.is_set() else ""
            status.update(f"{now.seconds:.0f} s, {now.stage}{best}{ending}")
            return not stopped.is_set()

        yield tell
