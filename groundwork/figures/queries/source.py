"""What a source of records must say of itself, so that any figure over it can be counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from django.db.models import DateField, F, Func, IntegerField, Q, QuerySet, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Least
from django.db.models.lookups import Exact, IsNull
from django.utils.functional import Promise

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.tree import NOWHERE
from groundwork.figures.rules.kinds import Records
from groundwork.figures.rules.periods import FIRST_YEAR, Period

BODY = "body"  # the name of the part that is cut by a body


class Minutes(Func):
    """The whole minutes from the second moment to the first, seconds cut off, in the database."""

    arity = 2
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Take the difference of whole seconds."""
        template = "(CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)) / 60"
        joiner = ") AS INTEGER) - CAST(strftime('%%s', "
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Take the difference of whole seconds."""
        template = "(EXTRACT(EPOCH FROM DATE_TRUNC('second', %(expressions)s))::bigint) / 60"
        joiner = "))::bigint - EXTRACT(EPOCH FROM DATE_TRUNC('second', "
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)


class CityDay(Func):
    """The city's day of a moment, worked out by the database itself."""

    arity = 1
    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Add the city's hours, the same all through the years that a period may name."""
        hours = clock.local(date(FIRST_YEAR, 1, 1), time()).strftime("%z")
        shift = f"'{hours[:3]}:{hours[3:]}'"
        return self.as_sql(
            compiler, connection, template=f"date(%(expressions)s, {shift})", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Let PostgreSQL look the zone up."""
        template = f"(%(expressions)s AT TIME ZONE '{clock.ZONE.key}')::date"
        return self.as_sql(compiler, connection, template=template, **context)


class DayNumber(Func):
    """How many days a day lies after the first of the year 2000."""

    arity = 1
    output_field = IntegerField()
    template = "(%(expressions)s - DATE '2000-01-01')"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Take the difference of Julian days."""
        template = "CAST(julianday(%(expressions)s) - 2451544.5 AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)


class CityWeek(Func):
    """The Monday of the week of a day, as it is written: a text asks for no conversion."""

    arity = 1
    output_field = TextField()
    template = "TO_CHAR(DATE_TRUNC('week', %(expressions)s), 'YYYY-MM-DD')"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Go on to the Sunday, and six days back."""
        template = "date(%(expressions)s, 'weekday 0', '-6 days')"
        return self.as_sql(compiler, connection, template=template, **context)


class CityMonth(Func):
    """The number of the month of a day."""

    arity = 1
    output_field = IntegerField()
    template = "EXTRACT(MONTH FROM %(expressions)s)::integer"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Read it from the text of the day."""
        template = "CAST(SUBSTR(%(expressions)s, 6, 2) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)


@dataclass(frozen=True)
class Time:
    """A column that dates a record: a moment, or (`day`) a calendar day."""

    column: str
    name: Promise
    day: bool = False

    def inside(self, period: Period) -> Q:
        """Make a condition: dated inside the period, by the city's own midnight."""
        first: date | datetime = period.first
        after: date | datetime = period.after
        if not self.day:
            first, after = clock.local(period.first, time()), clock.local(period.after, time())
        return Q(**{f"{self.column}__gte": first, f"{self.column}__lt": after})

    @property
    def city_day(self) -> Combinable:
        """The day on which a record counts."""
        return F(self.column) if self.day else CityDay(F(self.column))


@dataclass(frozen=True)
class Condition:
    """What a named condition means in the database, and how it is said."""

    name: Promise
    meaning: Q


@dataclass(frozen=True)
class Split:
    """By what records are taken apart: the key of each one, and all keys with their names in the
    order of their directory. The key None is those that have none.

    `inside`: the directory is known to who is signed in, and nobody else. `several`: one record
    may have more than one key, and counts with each.
    """

    name: Promise
    by: Combinable
    names: Callable[[], Sequence[tuple[Any, str]]]
    inside: bool = False
    several: bool = False

    def on(self, key: Any) -> Q:
        """Make a condition: those of one key."""
        return Q(IsNull(self.by, True) if key is None else Exact(self.by, key))


@dataclass(frozen=True)
class Measure:
    """A whole number that a record holds or that follows from it; null is not measured.

    `read` makes what turns the number of the database into the measure, where that takes what no
    database knows: the office's calendar.
    """

    name: Promise
    expression: F | Combinable
    read: Callable[[], Callable[[int], int]] | None = None


@dataclass(frozen=True)
class Thing:
    """What records name, so that different ones are listed and not the records that name them.

    `rows` are all there are, `order` the keys by which a list pages; `readable` those among them
    that the actor may know, of which the last argument are named by records the actor may open.
    """

    name: Promise
    rows: Callable[[], QuerySet[Any]]
    line: Callable[[Any], Line]
    readable: Callable[[QuerySet[Any], Actor, Q], QuerySet[Any]]
    order: tuple[str, ...]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One record in a list behind a figure; nothing in it that its reader may not read.

    `amount` is what it adds to a number, or its measure, in the figure's unit. Where the records
    themselves are nobody's to read a line stands for `n` of them. No `day`: a person or a unit,
    which has none.
    """

    title: str
    sub: str
    day: date | None
    url: str = ""
    amount: float | None = None
    n: int = 1

    @property
    def shown(self) -> str:
        """The amount with one place at most, "" where there is none."""
        return "" if self.amount is None else f"{round(self.amount, 1):,.15g}"


@dataclass(frozen=True)
class Source:
    """Records of one kind. `rows` are all that count at a moment, `readable` those among them
    that the actor may open: the others are counted, never listed.

    `place` and `body` are look-ups of the paths by which a scope is cut, `body` "" where they are
    nobody's by rule; `named` gives the column of what Distinct counts, `things` how these are
    listed; `splits` say by what a figure may be taken apart. `measures` are what may be added up
    or have a middle; `whole/part` is cut to what lies inside `whole`.

    `sealed` says by what rule the records were made from others that are gone: such a source has
    Sealed figures and no other sums. `groups` names a column: the records are nobody's to read
    one by one, and it opens onto a line for each value of that, of so many records.

    For the roll-ups: `log` names the kinds of change that move its numbers, and for each of its
    times the dimension that says on which day; `ripe` the records that the clock alone let count
    between two moments; `hangs` the look-up of the body through which it has its place. Whoever
    changes what `rows` gives raises `edition`.
    """

    key: str
    name: Promise
    rows: Callable[[datetime], QuerySet[Any]]
    readable: Callable[[QuerySet[Any], Actor, datetime], QuerySet[Any]]
    line: Callable[[Any, Actor], Line]
    times: Mapping[str, Time]
    place: str
    body: str
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    things: Mapping[str, Thing] = field(default_factory=dict)
    splits: Mapping[str, Split] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    sealed: Promise | str = ""
    groups: str = ""
    log: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ripe: Callable[[datetime, datetime], Q] | None = None
    hangs: str = ""
    edition: int = 1

    @property
    def meanings(self) -> list[str]:
        """Write out what its names mean in the database, in one order."""
        conditions = [
            f"{name}: {self.conditions[name].meaning}" for name in sorted(self.conditions)
        ]
        times = [f"{name}: {self.times[name].column}" for name in sorted(self.times)]
        named = [f"{name}: {self.named[name]}" for name in sorted(self.named)]
        measured = [f"{name}: {self.measures[name].expression}" for name in sorted(self.measures)]
        return [f"{self.edition} {self.place}", *conditions, *times, *named, *measured]

    @property
    def by_calendar(self) -> bool:
        """Tell whether the office's calendar moves what it measures."""
        return any(measure.read for measure in self.measures.values())

    def reader(self, name: str) -> Callable[[int], int]:
        """Make what turns the database's number into a measure."""
        read = self.measures[name].read
        return read() if read else _as_it_is

    def measured(self, name: str) -> F | Combinable:
        """Give the expression of a measure; one inside another is cut to it."""
        mine = self.measures[name].expression
        whole = name.rpartition("/")[0]
        return Least(mine, self.measured(whole)) if whole else mine

    def meaning(self, records: Records) -> Q:
        """Make the condition of a declaration's records, period and scope apart."""
        condition = Q()
        for name in sorted(records.where):
            condition &= self.conditions[name].meaning
        return condition


def _as_it_is(number: int) -> int:
    return number


@dataclass(frozen=True)
class Scope:
    """Whose records: of a place and all below it, of a body and all below it, or everybody's.

    `parts` cut further: by the key of a split of the source, or ("body", path) by a body as well.
    """

    kind: str = ""
    path: str = ""
    parts: tuple[tuple[str, Any], ...] = ()

    def on(self, source: Source) -> Q:
        """Make a condition on the records of a source."""
        condition = _under(source, self.kind, self.path) if self.kind else Q()
        for name, key in self.parts:
            cut = _under(source, name, key) if name == BODY else source.splits[name].on(key)
            condition &= cut
        return condition

    def cut(self, name: str, key: Any) -> Scope:
        """Give the part of it that has a key."""
        return replace(self, parts=(*self.parts, (name, key)))


def _under(source: Source, kind: str, path: str) -> Q:
    column = source.place if kind == "place" else source.body
    return Q(**{f"{column}__startswith": path}) if column else NOWHERE
