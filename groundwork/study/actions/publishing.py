"""Tell the city of evenings: states written, then held to the rules, then a sheet for each unit.

What is checked is what stands in the database after the write; a broken rule rolls it back. So one
check serves publishing, moving, editing and cancelling, one evening or a whole term.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from groundwork.base import changes, clock, outbox, trail
from groundwork.base.actor import Actor
from groundwork.base.changes import Dimensions
from groundwork.base.errors import Forbidden
from groundwork.base.models import Lease
from groundwork.study.actions.broadcast import follow_evenings
from groundwork.study.models import Evening, RollEntry, RollSheet
from groundwork.study.policy.evening import planned_evenings, visible_evenings
from groundwork.study.queries.audience import TOLD, homes_by_unit
from groundwork.study.rules import evening as rules
from groundwork.study.rules.evening import Gathering, Home, Paths

KIND = "study.evening"
NEIGHBOURS = (-timedelta(days=1), timedelta(0), timedelta(days=1))  # an evening ends within 6 h


def dimensions(evening: Evening) -> Dimensions | None:
    """Give what the figures count an evening by; nothing while it is not announced."""
    if evening.state not in TOLD:
        return None
    return {
        "day": evening.starts_at.astimezone(clock.ZONE).date().isoformat(),
        "state": str(evening.state),
        "host": evening.host_id,
        "theme": str(evening.theme),
        "topic": evening.topic_id,
        "form": str(evening.form),
    }


@transaction.atomic
def publish_evenings(
    public_ids: Sequence[str], *, by: Actor, at: datetime | None = None
) -> list[Evening]:
    """Publish drafts, all or none; every unit with people expected gets its sheet.

    Raises NotFound, Forbidden, or the first rule an evening breaks, with its title.
    """
    at = at or clock.now()
    hold_the_board()
    wanted = Evening.objects.filter(public_id__in=public_ids)
    evenings = list(
        planned_evenings(by)
        .filter(pk__in=wanted)
        .select_related("host__place")
        .select_for_update(of=("self",))
        .order_by("id")
    )
    if len(evenings) != len(set(public_ids)):
        seen = visible_evenings(by).filter(pk__in=wanted).count()
        raise Forbidden if seen == len(set(public_ids)) else rules.EveningGone
    for evening in evenings:
        evening.state = rules.step(evening.state, "publish")
        rules.check_times(evening.starts_at, evening.ends_at)
        rules.check_future(evening.starts_at, at)
        evening.published_at = evening.changed_at = at
    Evening.objects.bulk_update(evenings, ["state", "published_at", "changed_at"], batch_size=100)
    check_and_lay(evenings)
    changes.record_many(
        changes.change(KIND, e.public_id, before=None, after=dimensions(e), at=at) for e in evenings
    )
    for evening in evenings:
        trail.record(by, "publish", KIND, evening.public_id, ["state"], at=at)
        tell(evening, "published")
    follow_evenings(evenings, by=by, at=at)
    return evenings


def publish_evening(public_id: str, *, by: Actor, at: datetime | None = None) -> Evening:
    """Publish one draft."""
    return publish_evenings([public_id], by=by, at=at)[0]


def tell(evening: Evening, what: str) -> None:
    """Leave word for the notices; the worker finds out who is to be told."""
    outbox.put(
        "study.told",
        {"evening": evening.public_id, "what": what},
        key=f"study.told:{evening.public_id}:{what}:{evening.sequence}",
    )


def hold_the_board() -> None:
    """Let one planner at a time decide who is expected where, until the transaction ends.

    Two evenings published in the same second by two hands must see each other (PostgreSQL reads
    what is committed; SQLite writes one after the other anyway).
    """
    Lease.objects.get_or_create(name="study.board")
    Lease.objects.select_for_update().get(name="study.board")


# --- nobody twice, a sheet for each unit ------------------------------------------------------


@dataclass
class Board:
    """All announced evenings around some days, and who of the staff lives where."""

    gatherings: dict[int, Gathering]
    evenings: dict[int, Evening]
    homes: list[tuple[int, Home]]  # unit's primary key, home
    by_path: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_day: dict[date, list[Gathering]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        wanted = {path for g in self.gatherings.values() for path in g.audience}
        lengths = sorted({len(path) for path in wanted})
        for i, (_unit, home) in enumerate(self.homes):
            for prefix in {path[:n] for path in home for n in lengths} & wanted:
                self.by_path[prefix].append(i)
        for gathering in self.gatherings.values():
            self.by_day[gathering.starts.astimezone(clock.ZONE).date()].append(gathering)

    def expected(self, gathering: Gathering) -> list[tuple[int, Home]]:
        """List the units and homes from which somebody is expected."""
        rows = {i for path in gathering.audience for i in self.by_path.get(path, ())}
        released = Paths(gathering.released)
        return [self.homes[i] for i in sorted(rows) if not released.hold(self.homes[i][1])]

    def rivals(self, gathering: Gathering) -> list[Gathering]:
        """List the evenings of the days around."""
        day = gathering.starts.astimezone(clock.ZONE).date()
        return [g for shift in NEIGHBOURS for g in self.by_day.get(day + shift, ())]


def check_and_lay(evenings: Iterable[Evening], also: Iterable[Evening] = ()) -> None:
    """Hold announced evenings, and those they stand under, to every rule; then lay the sheets.

    `also` are evenings whose people changed because of these: the one left behind by an edit.
    Raises NobodyExpected, ParentNotOpen, OutsideParent or ExpectedTwice.
    """
    evenings = list(evenings)
    hold_the_board()
    affected = _with_parents(evenings, also)
    board = _board(affected)
    own = {evening.pk for evening in evenings}
    expected = {pk: board.expected(board.gatherings[pk]) for pk in affected}
    for evening in evenings:
        if not expected[evening.pk]:
            raise rules.NobodyExpected
        _check_parent(evening, board)
    for pk in sorted(affected, key=lambda pk: pk not in own):
        _check_once(board, board.gatherings[pk], expected[pk], rules.ExpectedTwice)
    _lay({pk: {unit for unit, _home in rows} for pk, rows in expected.items()})


def check_and_lay_parent(evening: Evening) -> None:
    """Give a cancelled evening's people back to the one it stood under. Raises ReturnsTwice."""
    if evening.parent_id is None:
        return
    hold_the_board()
    affected = _with_parents([], [evening])
    board = _board(affected)
    for pk in affected:
        rows = board.expected(board.gatherings[pk])
        _check_once(board, board.gatherings[pk], rows, rules.ReturnsTwice)
        _lay({pk: {unit for unit, _home in rows}})


def _with_parents(evenings: Iterable[Evening], also: Iterable[Evening]) -> set[int]:
    """Name the announced evenings among these and those directly above them."""
    keys: set[int] = set()
    for evening in (*evenings, *also):
        keys.add(evening.pk)
        if evening.parent_id is not None:
            keys.add(evening.parent_id)
    return set(Evening.objects.filter(pk__in=keys, state__in=TOLD).values_list("pk", flat=True))


def _board(affected: set[int]) -> Board:
    """Load the announced evenings that could meet the affected ones, in five statements."""
    mine = list(Evening.objects.filter(pk__in=affected))
    if not mine:
        return Board({}, {}, [])
    around = Evening.objects.filter(
        state__in=TOLD,
        starts_at__lt=max(e.ends_at for e in mine),
        starts_at__gt=min(e.starts_at for e in mine) - rules.LONGEST,
    ).select_related("host")
    evenings = {e.pk: e for e in around}
    invited = Evening.audience.through.objects
    audience: dict[int, set[str]] = defaultdict(set)
    released: dict[int | None, set[str]] = defaultdict(set)
    shown = invited.filter(evening__in=around.select_related(None))
    for pk, path in shown.values_list("evening_id", "body__path"):
        audience[pk].add(path)
    taken = invited.filter(evening__state__in=TOLD, evening__parent__in=around.select_related(None))
    for parent, path in taken.values_list("evening__parent_id", "body__path"):
        released[parent].add(path)
    gatherings = {
        pk: Gathering(pk, e.starts_at, e.ends_at, frozenset(audience[pk]), frozenset(released[pk]))
        for pk, e in evenings.items()
    }
    paths = {path for pk in affected for path in audience[pk]}
    return Board(gatherings, evenings, homes_by_unit(paths))


def _check_parent(evening: Evening, board: Board) -> None:
    if evening.parent_id is None:
        return
    parent = board.evenings.get(evening.parent_id)
    if parent is None:  # the board holds what is announced
        raise rules.ParentNotOpen
    whole = board.gatherings[parent.pk].audience
    if not rules.within(board.gatherings[evening.pk].audience, whole):
        raise rules.OutsideParent(title=parent.title)


def _check_once(
    board: Board,
    gathering: Gathering,
    expected: list[tuple[int, Home]],
    error: type[rules.ExpectedTwice | rules.ReturnsTwice],
) -> None:
    homes = [home for _unit, home in expected]
    clash = rules.expected_twice(gathering, board.rivals(gathering), homes)
    if clash is not None:
        other = board.evenings[clash.key]
        raise error(title=other.title, host=str(other.host))


def _lay(units_of: dict[int, set[int]]) -> None:
    """Make the sheets of units with people expected, and take back empty ones of the others."""
    there: dict[int, set[int]] = defaultdict(set)
    sheets = RollSheet.objects.filter(evening__in=units_of)
    for pk, unit in sheets.values_list("evening_id", "body_id"):
        there[pk].add(unit)
    RollSheet.objects.bulk_create(
        [
            RollSheet(evening_id=pk, body_id=unit)
            for pk, units in units_of.items()
            for unit in sorted(units - there[pk])
        ],
        batch_size=1000,
    )
    for pk, units in units_of.items():
        if gone := there[pk] - units:
            signed = RollEntry.objects.filter(evening=pk, body__in=gone).values("body_id")
            sheets.filter(evening=pk, body__in=gone, closed_at=None).exclude(
                body__in=signed
            ).delete()
