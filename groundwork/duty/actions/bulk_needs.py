"""Ask for many shifts at once: a day copied, hours for every gate of a place, a spreadsheet.

A whole city's week is 40,000 shifts: the rows are written in bulk and counted once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from groundwork.base import bulk, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Conflict
from groundwork.base.ids import public_id
from groundwork.duty.actions.counting import recount
from groundwork.duty.actions.needs import SHIFT
from groundwork.duty.models import Closure, Gate, Need, Order, Shift
from groundwork.duty.policy.gates import kept_gates
from groundwork.duty.policy.orders import order_for
from groundwork.duty.rules import needs as rules
from groundwork.registry.models import Place

Hours = tuple[datetime, datetime]
CHUNK = 500


@dataclass(frozen=True)
class Scope:
    """Which gates of an order: one, those of a place, or all that the actor keeps."""

    place: Place | None = None
    gate: Gate | None = None


@dataclass(frozen=True)
class Wish:
    """One shift to be asked for."""

    gate: Gate
    starts_at: datetime
    ends_at: datetime
    needs: Mapping[str, int]

    @property
    def key(self) -> tuple[int, datetime, datetime]:
        """Name the shift this is: a gate has hours once."""
        return self.gate.pk, self.starts_at, self.ends_at


@dataclass
class Put:
    """What became of many wishes."""

    made: int = 0
    changed: int = 0
    same: int = 0  # there already: left as they are, or asking for just this
    outside: int = 0  # of the order's time, or over
    closed: int = 0  # the gate is closed then, or the shift is called off


def gates_of(order: Order, scope: Scope, by: Actor) -> QuerySet[Gate]:
    """Give the gates of a scope that the actor keeps."""
    gates = kept_gates(by, order)
    if scope.gate is not None:
        gates = gates.filter(pk=scope.gate.pk)
    if scope.place is not None:
        gates = gates.filter(place__path__startswith=scope.place.path)
    return gates


@transaction.atomic
def copy_day(
    order_id: str,
    source: date,
    first: date,
    last: date,
    scope: Scope | None = None,
    *,
    by: Actor,
    at: datetime | None = None,
) -> Put:
    """Ask for the same as on `source` on every day from `first` to `last`.

    What is there already stays as it is, so a day may be copied twice. Raises NothingToCopy.
    """
    at = at or clock.now()
    order = _order(order_id, by)
    days = [day for day in rules.days_of(first, last) if day != source]
    gates = {gate.pk: gate for gate in gates_of(order, scope or Scope(), by)}
    midnight = clock.local(source, time())
    shifts = Shift.objects.filter(
        order=order,
        called_off_at=None,
        starts_at__gte=midnight,
        starts_at__lt=midnight + timedelta(days=1),
    )
    pattern = [shift for shift in shifts.order_by("pk") if shift.gate_id in gates]
    if not pattern:
        raise rules.NothingToCopy
    _check_number(len(pattern) * len(days))
    needs = needs_of([shift.pk for shift in pattern])
    wishes = [
        Wish(
            gates[shift.gate_id],
            shift.starts_at + timedelta(days=(day - source).days),
            shift.ends_at + timedelta(days=(day - source).days),
            needs[shift.pk],
        )
        for day in days
        for shift in pattern
    ]
    return _put(order, wishes, "copy", by=by, at=at)


@transaction.atomic
def ask_many(
    order_id: str,
    hours: Sequence[tuple[str, str]],
    first: date,
    last: date,
    needs: Mapping[str, int],
    scope: Scope,
    *,
    replace: bool = False,
    by: Actor,
    at: datetime | None = None,
) -> Put:
    """Ask for the same hours and numbers on every day at one gate, or at all of a place.

    `replace` sets the numbers anew of the shifts that are there already.
    """
    at = at or clock.now()
    order = _order(order_id, by)
    asked = rules.asked_of(needs)
    spans: list[Hours] = [
        rules.span_on(day, start, end, clock.ZONE)
        for day in rules.days_of(first, last)
        for start, end in hours
    ]
    gates = list(gates_of(order, scope, by))
    _check_number(len(gates) * len(spans))
    wishes = [Wish(gate, start, end, asked) for gate in gates for start, end in spans]
    return _put(order, wishes, "ask_many", by=by, at=at, replace=replace)


def put_wishes(
    order_id: str, wishes: Sequence[Wish], *, by: Actor, at: datetime, replace: bool = False
) -> Put:
    """Ask for all of these; `replace` sets the numbers anew of what is there.

    The gates must be the actor's to keep: the caller took them from `gates_of`.
    """
    order = _order(order_id, by)
    _check_number(len(wishes))
    return _put(order, wishes, "import", by=by, at=at, replace=replace)


def _order(order_id: str, by: Actor) -> Order:
    order = order_for(by, order_id, lock=True)  # two copies of one day follow each other
    if order.state == Order.State.ENDED:
        raise rules.OrderOver
    return order


def _check_number(n: int) -> None:
    if n > rules.MOST_SHIFTS:
        raise rules.TooManyShifts(most=f"{rules.MOST_SHIFTS:,}")


def needs_of(shifts: Sequence[int]) -> dict[int, dict[str, int]]:
    """Give the numbers by kind of these shifts."""
    found: dict[int, dict[str, int]] = {pk: {} for pk in shifts}
    for start in range(0, len(shifts), CHUNK):
        rows = Need.objects.filter(shift__in=shifts[start : start + CHUNK])
        for shift, kind, count in rows.values_list("shift", "kind", "count"):
            found[shift][kind] = count
    return found


def _put(
    order: Order,
    wishes: Sequence[Wish],
    verb: str,
    *,
    by: Actor,
    at: datetime,
    replace: bool = False,
) -> Put:
    done, closures = Put(), _closures(order)
    standing = _standing(order, wishes)
    fresh: dict[tuple[int, datetime, datetime], Wish] = {}
    there: list[tuple[int, Wish]] = []
    for wish in wishes:
        if not _within(order, wish, at):
            done.outside += 1
        elif wish.key in standing:
            pk, called_off = standing[wish.key]
            if called_off:
                done.closed += 1
            else:
                there.append((pk, wish))
        elif any(_meets(closure, wish) for closure in closures[wish.gate.pk]):
            done.closed += 1
        else:
            fresh[wish.key] = wish
    done.made = _write(list(fresh.values()))
    done.changed = _renumber(there) if replace else 0
    done.same = len(there) - done.changed
    if done.made or done.changed:
        trail.record(by, verb, SHIFT, order.public_id, ["needs"], at=at)
    return done


def _within(order: Order, wish: Wish, at: datetime) -> bool:
    inside = order.starts_at <= wish.starts_at < wish.ends_at <= order.ends_at
    return inside and wish.ends_at > at


def _closures(order: Order) -> dict[int, list[Closure]]:
    found: dict[int, list[Closure]] = defaultdict(list)
    for closure in Closure.objects.filter(gate__order=order):
        found[closure.gate_id].append(closure)
    return found


def _meets(closure: Closure, wish: Wish) -> bool:
    ends = closure.ends_at
    return wish.ends_at > closure.starts_at and (ends is None or wish.starts_at < ends)


def _standing(
    order: Order, wishes: Sequence[Wish]
) -> dict[tuple[int, datetime, datetime], tuple[int, bool]]:
    if not wishes:
        return {}
    starts = [wish.starts_at for wish in wishes]
    rows = Shift.objects.filter(order=order, starts_at__range=(min(starts), max(starts)))
    gates = {wish.gate.pk for wish in wishes}
    if len(gates) == 1:
        rows = rows.filter(gate__in=gates)
    values = rows.values_list("gate", "starts_at", "ends_at", "pk", "called_off_at")
    return {(gate, a, b): (pk, off is not None) for gate, a, b, pk, off in values}


_SHIFT = (
    *("id", "public_id", "order", "gate", "place", "township", "district"),
    *("day", "starts_at", "ends_at", "wanted", "posted", "confirmed", "present"),
)


def _write(wishes: Sequence[Wish]) -> int:
    """Write new shifts as plain rows: as model objects a city's week takes three times as long."""
    try:
        with transaction.atomic():
            keys = bulk.keys(Shift, len(wishes))
            rows = (_row(pk, wish) for pk, wish in zip(keys, wishes, strict=True))
            bulk.insert(Shift, _SHIFT, rows)
            _write_needs(zip(keys, wishes, strict=True))
    except IntegrityError as error:  # a shift of the same hours was added at this very moment
        raise Conflict from error
    recount(keys)
    return len(keys)


def _row(pk: int, wish: Wish) -> tuple[object, ...]:
    gate = wish.gate
    where = (gate.pk, gate.place_id, gate.township_id, gate.district_id)
    day = clock.day_of(wish.starts_at)
    return (pk, public_id(), gate.order_id, *where, day, wish.starts_at, wish.ends_at, 0, 0, 0, 0)


def _write_needs(pairs: Iterable[tuple[int, Wish]]) -> None:
    rows = ((pk, kind, count) for pk, wish in pairs for kind, count in wish.needs.items())
    bulk.insert(Need, ("shift", "kind", "count"), rows)


def _renumber(there: Sequence[tuple[int, Wish]]) -> int:
    """Set the numbers of shifts that ask for others; give how many did."""
    standing = needs_of([pk for pk, _wish in there])
    wanted = {pk: wish for pk, wish in there if standing[pk] != dict(wish.needs)}
    keys = list(wanted)
    for start in range(0, len(keys), CHUNK):
        Need.objects.filter(Q(shift__in=keys[start : start + CHUNK])).delete()
    _write_needs(wanted.items())
    recount(keys)
    return len(keys)
