"""Who may stand which shift, person by person: for sign-up, swaps and a slot that fell empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from groundwork.base import clock
from groundwork.base.days import calendar
from groundwork.duty.models import Need, Order, Post, Shift, UnitPart, Volunteer
from groundwork.duty.queries.instance import GONE, office_sizes
from groundwork.duty.rules import fits
from groundwork.duty.rules.posts import HOLDS
from groundwork.duty.rules.times import can_stand
from groundwork.duty.rules.weights import merged
from groundwork.registry.models import Person, Place
from groundwork.registry.rules.people import EXPECTED

CHUNK = 900
ENOUGH = 12
PART = 900  # people of a district that are read at once


@dataclass(frozen=True)
class Candidate:
    """Somebody for whom every rule holds on a shift; `near` 0 is the same community."""

    person: Person
    near: int
    in_week: int


class Fitting:
    """What is known of some people about the days of some shifts, read in a few statements."""

    def __init__(self, order: Order, people: Collection[int], shifts: Collection[Shift]) -> None:
        self.order, self.ids = order, sorted(set(people))
        days = [shift.day for shift in shifts]
        self.first, self.last = min(days), max(days)
        self.travel: list[int] = merged(order.weights)["travel"]
        self.calendar = calendar()
        self.people: dict[int, Person] = {}
        self.called: dict[int, Volunteer] = {}
        self.duties: dict[int, list[fits.Duty]] = defaultdict(list)
        self.gave: set[tuple[int, int]] = set()
        self.stood: set[int] = set()
        self.spare: dict[int, int] = {}  # of units with a minimum: how many may be away
        self.away: dict[tuple[int, date], set[int]] = defaultdict(set)
        for start in range(0, len(self.ids), CHUNK):
            self._read(self.ids[start : start + CHUNK])
        if any(self._office_days(shift.starts_at, shift.ends_at) for shift in shifts):
            self._read_office()  # most shifts lie in the evening, and take nobody from a desk

    def _read(self, ids: list[int]) -> None:
        people = Person.objects.filter(pk__in=ids).select_related("home_community", "unit__place")
        self.people |= {person.pk: person for person in people}
        called = Volunteer.objects.filter(order=self.order, person__in=ids)
        self.called |= {row.person_id: row for row in called}
        first = self.first - timedelta(days=self.first.weekday() + 1)
        posts = Post.objects.filter(
            person__in=ids,
            state__in=(*HOLDS, *GONE),
            shift__day__gte=first,
            shift__day__lte=self.last + timedelta(days=8 - self.last.weekday()),
        )
        for person, shift, state, start, end in posts.values_list(
            "person_id", "shift_id", "state", "shift__starts_at", "shift__ends_at"
        ):
            if state in GONE:
                self.gave.add((person, shift))
            else:
                duty = fits.Duty(_local(start), _local(end), shift)
                self.duties[person].append(duty)
        stood = Post.objects.filter(person__in=ids, state__in=("stood", "approved"))
        self.stood |= set(stood.values_list("person_id", flat=True))

    def _read_office(self) -> None:
        """Count, per unit and day, who is away in office hours; only units with a minimum.

        A unit that keeps nobody can never be full: somebody who asks is one of its people.
        """
        units = {person.unit_id for person in self.people.values()}
        held = UnitPart.objects.filter(order=self.order, unit__in=units, stay__gt=0)
        parts = dict(held.values_list("unit_id", "stay"))
        sizes = office_sizes(list(parts)) if parts else {}
        self.spare = {unit: max(0, sizes.get(unit, 0) - stay) for unit, stay in parts.items()}
        if not parts:
            return
        posts = Post.objects.filter(
            shift__order=self.order,
            # By the people, who are few; by the days it would be all the city's posts.
            person__in=Person.objects.filter(unit__in=list(parts)).values("pk"),
            state__in=HOLDS,
            shift__day__gte=self.first - timedelta(days=1),
            shift__day__lte=self.last + timedelta(days=1),
        )
        for person, unit, start, end in posts.values_list(
            "person_id", "person__unit_id", "shift__starts_at", "shift__ends_at"
        ):
            for day in self._office_days(start, end):
                self.away[unit, day].add(person)

    def _office_days(self, start: datetime, end: datetime) -> list[date]:
        return list(fits.office_days(_local(start), _local(end), self.calendar.is_working))

    # ---- the answers -----------------------------------------------------------------------------
    def hindrances(self, person: int, shift: Shift, *, giving: int | None = None) -> list[str]:
        """Say what keeps somebody from a shift; `giving` is one of theirs that they would lose."""
        duties = [duty for duty in self.duties.get(person, ()) if duty.shift != giving]
        start, end = _local(shift.starts_at), _local(shift.ends_at)
        if any(duty.shift == shift.pk for duty in duties):
            return ["there"]
        call = self.called.get(person)
        found = {"off": shift.called_off_at is not None, "unlisted": call is None}
        if call is not None:
            found["excused"] = call.excused_at is not None
            found["held"] = call.held_at is not None
            found["unable"] = not can_stand(call.times, start, end)
        found |= {
            "gave": (person, shift.pk) in self.gave,
            "far": self.travel[self.near(person, shift)] < 0,
            "busy": fits.busy(duties, start, end),
            "rest": fits.short_rest(duties, start, end),
            "week": call is not None and fits.in_week(duties, start) >= call.cap,
            "office": self._office_full(person, start, end),
        }
        return [code for code, stands in found.items() if stands]

    def _office_full(self, person: int, start: datetime, end: datetime) -> bool:
        unit = self.people[person].unit_id
        if unit not in self.spare:
            return False
        days = self._office_days(start, end)
        return any(len(self.away[unit, day] - {person}) >= self.spare[unit] for day in days)

    def has(self, person: int) -> dict[str, bool]:
        """Say what somebody is and can."""
        call = self.called.get(person)
        skills = call.skills if call is not None else ()
        known = {"party": self.people[person].party_member, "experienced": person in self.stood}
        return {**known, **dict.fromkeys(skills, True)}

    def matches(self, person: int, kind: str) -> bool:
        """Tell whether somebody has what a kind of need asks for."""
        return fits.matches(kind, self.has(person))

    def near(self, person: int, shift: Shift) -> int:
        """Give how far somebody would go: 0 the own community … 3 across the city."""
        one = self.people[person]
        home = one.home_community or one.unit.place
        return fits.distance(home.path, shift.place.path) if home is not None else 3

    def fits(self, person: int, shift: Shift, kind: str) -> bool:
        """Tell whether every rule holds."""
        return self.matches(person, kind) and not self.hindrances(person, shift)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(clock.ZONE)


def open_slots(shift: Shift) -> dict[str, int]:
    """Count what a shift still lacks, by kind."""
    needs = dict(Need.objects.filter(shift=shift).order_by("pk").values_list("kind", "count"))
    posts = Post.objects.filter(shift=shift, state__in=HOLDS).values_list("kind", flat=True)
    for kind in posts:
        if kind in needs:
            needs[kind] -= 1
    return {kind: left for kind, left in needs.items() if left > 0}


TOWNSHIP = 3 * Place.steplen


class Around:
    """Who lives around a shift, ring by ring: its community, the township, the district.

    Each ring is read once, whatever is asked of it; the widest in parts, as far as needed. Nobody
    who was called up is left out: "no one fits nearby" is said of everybody.
    """

    def __init__(self, shift: Shift) -> None:
        self.shift = shift
        self.start = _local(shift.starts_at)
        path = shift.place.path
        self.rings = [path[:end] for end in range(len(path), Place.steplen, -Place.steplen)]
        self._read: dict[int, list[Fitting]] = {}
        self._left: dict[int, Iterator[list[int]]] = {}
        self._against: dict[int, list[str]] = {}

    def _ring(self, n: int) -> Iterator[Fitting]:
        """Give what is known of a ring's people, a part at a time."""
        yield from self._read.setdefault(n, [])
        if n not in self._left:
            inner = self.rings[n - 1] if n else ""
            people = living(self.shift.order, self.rings[n], apart_from=inner)
            self._left[n] = (people[at : at + PART] for at in range(0, len(people), PART))
        for part in self._left[n]:
            known = Fitting(self.shift.order, part, [self.shift])
            self._read[n].append(known)
            yield known

    def _township(self) -> Iterator[Fitting]:
        for n, path in enumerate(self.rings):
            if n == 0 or len(path) >= TOWNSHIP:
                yield from self._ring(n)

    def candidates(self, kind: str, *, most: int = ENOUGH) -> list[Candidate]:
        """Find people for whom every rule holds: from the community, else farther out.

        Near before far, and among those by name: nobody is compared with anybody.
        """
        found: list[Candidate] = []
        for n in range(len(self.rings)):
            for known in self._ring(n):
                found += self._fitting(known, kind)
                if len(found) >= most and len(self.rings[n]) < TOWNSHIP:
                    break  # a district has thousands
            if len(found) >= most:
                break
        found.sort(key=lambda one: (one.near, one.person.sort_key, one.person.pk))
        return found[:most]

    def _fitting(self, known: Fitting, kind: str) -> Iterator[Candidate]:
        for one in known.ids:
            if known.matches(one, kind) and not self._hindrances(known, one):
                week = fits.in_week(known.duties[one], self.start)
                yield Candidate(known.people[one], known.near(one, self.shift), week)

    def _hindrances(self, known: Fitting, person: int) -> list[str]:
        """Say what keeps somebody from the shift, whatever kind of post; looked at once."""
        if person not in self._against:
            self._against[person] = known.hindrances(person, self.shift)
        return self._against[person]

    def sieve(self, kind: str) -> tuple[int, Mapping[str, int]]:
        """Count who lives in the township, and by the first thing in the way who cannot stand it.

        The key "" is for who could.
        """
        looked, counts = 0, defaultdict[str, int](int)
        for known in self._township():
            looked += len(known.ids)
            for one in known.ids:
                found = self._hindrances(known, one)
                fit = "" if known.matches(one, kind) else "kind"
                counts[found[0] if found else fit] += 1
        return looked, counts


def candidates(shift: Shift, kind: str, *, most: int = ENOUGH) -> list[Candidate]:
    """Find the people nearest to a shift for whom every rule holds."""
    return Around(shift).candidates(kind, most=most)


def living(order: Order, path: str, *, apart_from: str = "") -> list[int]:
    """Name those called up, and neither excused nor held back, who live at a place or below.

    Apart from those who live in a part of it.
    """
    called: QuerySet[Volunteer] = Volunteer.objects.filter(
        order=order,
        excused_at=None,
        held_at=None,
        person__status__in=EXPECTED,
        person__home_community__path__startswith=path,
    )
    if apart_from:
        called = called.exclude(person__home_community__path__startswith=apart_from)
    return list(called.order_by("pk").values_list("person_id", flat=True))
