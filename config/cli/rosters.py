"""What the planner's commands share: files read and written, a search shown and stopped."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from config.cli.city import console
from config.cli.verdicts import describe, summary
from groundwork.duty.solver.check import COST, judge
from groundwork.duty.solver.format import Document, decode, decode_plan, encode_plan
from groundwork.duty.solver.instance import Plan
from groundwork.duty.solver.refusal import Nonsense
from groundwork.duty.solver.shapes import MOST_BYTES

if TYPE_CHECKING:
    from groundwork.duty.solver.solve import Listener, Progress

T = TypeVar("T")


class Refused(click.ClickException):
    """A file that is none: told with its path, exit status 2."""

    exit_code = 2


def search(
    document: Document, out: Path, *, gap: float, seconds: float, before: Plan | None = None
) -> Plan:
    """Find a plan, let the independent checker judge it, write it and say how good it is.

    It starts from the plan `before` where one is given.
    """
    with console.status("Making the planner ready (compiled at its first use) …"):
        from groundwork.duty.solver.mend import mend
        from groundwork.duty.solver.solve import solve
        from groundwork.duty.solver.warm import warm

        warm()
    asked = document.instance
    with stopping() as stopped, telling(stopped) as tell:
        if before is None:
            plan = solve(asked, gap=gap, seconds=seconds, progress=tell)
        else:
            plan = mend(asked, before, gap=gap, seconds=seconds, progress=tell)
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
    why = "stopped by the time limit" if plan.seconds >= seconds else "nothing more was won"
    why = "stopped by you" if stopped.is_set() else why
    reached = "" if plan.gap <= gap else f", {why} before {gap:.2%}"
    click.echo(f"{plan.seconds:.1f} s{reached}: {out}")
    return plan


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


def read_plan(path: Path, document: Document) -> Plan:
    """Read a plan that keeps the rules; what breaks them cannot be explained."""
    stated = refusing(path, lambda content: decode_plan(content, document.instance))
    verdict = judge(document.instance, stated.plan)
    if any(fault.rule != COST for fault in verdict.violations):
        raise Refused(f"{path} breaks rules: see `groundwork roster check`")
    return stated.plan


def row_of(ids: tuple[str, ...], name: str, what: str) -> int:
    """Find the row of an id that was typed."""
    try:
        return ids.index(name)
    except ValueError:
        raise Refused(f"there is no {what} {name!r} in the roster file") from None


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
