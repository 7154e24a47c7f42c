"""Commands of the planner: solve a roster file, judge a plan, make a city to try. Need no city."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from config.cli.city import console
from config.cli.rosters import read_plan, read_roster, refusing, search, write
from config.cli.verdicts import Report
from groundwork.duty.solver.check import judge
from groundwork.duty.solver.format import Document, decode_plan, encode
from groundwork.duty.solver.generate import HOURS, generate

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
OUT_PLAN = click.option("-o", "--out", required=True, type=OUT, help="The plan file to write.")
GAP = click.option(
    "--gap",
    default=0.01,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Stop when at most this part of the cost could still be saved, proven.",
)
SECONDS = click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Stop at this time in any case.",
)
MONDAY = datetime(2020, 2, 3)  # noqa: DTZ001 - a day, as click gives days


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
@OUT_PLAN
@GAP
@SECONDS
def solve_command(instance: Path, out: Path, gap: float, seconds: float) -> None:
    """Find a plan for the roster file INSTANCE and prove how good it is.

    Ctrl-C stops and keeps the best plan so far. A plan is judged by the independent checker
    before it is written; one that breaks a rule is not written.
    """
    document = read_roster(instance)
    search(document, out, gap=gap, seconds=seconds)


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


@roster_command.command("replan")
@click.argument("instance", type=FILE)
@click.argument("plan", type=FILE)
@OUT_PLAN
@click.option(
    "-r", "--roster-out", required=True, type=OUT, help="The roster file that OUT answers."
)
@click.option("--absent", multiple=True, metavar="PERSON", help="Who cannot come; may be repeated.")
@click.option(
    "--lock-before",
    type=click.DateTime(["%Y-%m-%dT%H:%M"]),
    help="Shifts that begin before this time stay as they are.",
)
@click.option(
    "--bonus",
    default=4,
    show_default=True,
    type=click.IntRange(0, 100_000),
    help="What a change must be worth, per assignment.",
)
@GAP
@SECONDS
def replan_command(
    instance: Path,
    plan: Path,
    out: Path,
    roster_out: Path,
    absent: tuple[str, ...],
    lock_before: datetime | None,
    bonus: int,
    gap: float,
    seconds: float,
) -> None:
    """Plan INSTANCE again after changes, from what still stands of PLAN, and say what changed.

    Edit INSTANCE first, or name who cannot come. Writes the new plan, and the roster that it
    answers: INSTANCE with what is kept and locked. `check` takes these two.
    """
    from config.cli.changes import asked_again, changes

    document = read_roster(instance)
    before = refusing(plan, lambda content: decode_plan(content, document.instance)).plan
    again = asked_again(document, before, absent=absent, lock_before=lock_before, bonus=bonus)
    after = search(again, out, gap=gap, seconds=seconds, before=before)
    write(roster_out, encode(again))
    for line in changes(again.instance, before, after):
        click.echo(line)


@roster_command.command("explain")
@click.argument("instance", type=FILE)
@click.argument("plan", type=FILE)
@click.option("--shift", help="Say who stands this shift and why, and why a place is empty.")
@click.option("--place", help="Say what one more person living at this place would change.")
@click.option(
    "--cap", default=3, show_default=True, type=click.IntRange(1, 50), help="With --place: a week."
)
@click.option("--attribute", multiple=True, help="With --place: what that person would be.")
def explain_command(
    instance: Path,
    plan: Path,
    shift: str | None,
    place: str | None,
    cap: int,
    attribute: tuple[str, ...],
) -> None:
    """Say why PLAN is as it is: why these people, why nobody, what one more would change."""
    from config.cli import reasons

    if (shift is None) == (place is None):
        raise click.UsageError("Name a --shift or a --place.")
    document = read_roster(instance)
    found = read_plan(plan, document)
    if shift is not None:
        lines = reasons.of_shift(document.instance, found, shift)
    else:
        lines = reasons.of_one_more(document.instance, found, str(place), cap, attribute)
    for line in lines:
        click.echo(line)
