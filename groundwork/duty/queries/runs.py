"""A run as its planner reads it: how far, what it costs, what stays empty, what changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.duty.models import Need, Order, PlanRun, Post, Shift
from groundwork.duty.models.need import Kind
from groundwork.duty.queries.packing import Row, unpack
from groundwork.duty.rules.posts import HOLDS
from groundwork.registry.models import Person, Place

MOST = 200
PARTS: dict[str, str | Promise] = {
    "unfilled": _("没有人的岗位"),
    "travel": _("路上：不在本社区的班"),
    "mismatch": _("不对口：带班、医护等由别人顶"),
    "week": _("同一个人一周多个班"),
    "unit": _("有的单位出人多于应分摊的"),
    "kept": _("改动了已通知的班"),
}
RULES: dict[str, str | Promise] = {
    "unknown": _("有不认识的人或班次"),
    "twice": _("同一人在一个班次里排了两次"),
    "overlap": _("同一人两个班时间重叠"),
    "rest": _("两班之间休息不足 11 小时"),
    "outside": _("排在本人不能来的时间"),
    "week": _("一周班次超过本人上限"),
    "office": _("单位留岗人数不足"),
    "overfilled": _("排的人多于需要"),
    "distance": _("派得太远"),
    "missing": _("丢了已确认的班"),
    "cost": _("算的成本对不上"),
    "bound": _("下限对不上"),
}


@dataclass(frozen=True)
class Part:
    """One part of the cost, in words."""

    label: str
    cost: int


@dataclass(frozen=True)
class Empty:
    """Slots of a kind that a plan leaves empty on a shift, and why, in words."""

    shift: Shift
    kind: str
    n: int
    why: str = ""


@dataclass(frozen=True)
class Change:
    """What a plan changes for one person who had been told something."""

    person: Person
    taken: list[Shift] = field(default_factory=list)
    given: list[Shift] = field(default_factory=list)


@dataclass(frozen=True)
class RunPage:
    """One run."""

    run: PlanRun
    gap: float | None  # proven, 0 to 1
    parts: list[Part]
    empty: list[Empty]
    more: list[tuple[Place, int]]  # what one more person there would fill
    faults: list[tuple[str, int]]
    changes: list[Change]
    more_changes: int

    @property
    def clean(self) -> bool:
        """Tell whether the independent checker found nothing."""
        return not self.run.violations

    @property
    def percent(self) -> str:
        """Say the gap in percent, rounded up so that nothing is promised that is not proven."""
        return f"{-(-self.gap * 10000 // 1) / 100:.2f}" if self.gap is not None else ""


def gap_of(cost: int | None, bound: int | None) -> float | None:
    """Give the proven gap: how much of the cost could at most be saved."""
    if cost is None or bound is None:
        return None
    return 0.0 if cost <= bound else (cost - bound) / max(cost, 1)


def runs_of(order: Order) -> list[PlanRun]:
    """List the last runs of an order."""
    return list(order.runs.defer("result").order_by("-pk")[:20])


def span_published(order: Order, at: datetime) -> tuple[date, date] | None:
    """Give the days ahead for which a plan was published, from today on; None where none is."""
    rows = order.runs.filter(state=PlanRun.State.PUBLISHED).values_list("first_day", "days")
    spans = [(first, first + timedelta(days=days - 1)) for first, days in rows]
    today = clock.day_of(at)
    ahead = [(first, last) for first, last in spans if last >= today]
    if not ahead:
        return None
    return max(today, min(first for first, _ in ahead)), max(last for _, last in ahead)


@dataclass(frozen=True)
class Fallen:
    """What fell out of a published plan: slots empty now, and posts given up since."""

    first: date
    last: date
    empty: int
    gone: int


def fallen(order: Order, at: datetime) -> Fallen | None:
    """Count what a new plan would have to mend; None where nothing was published."""
    span = span_published(order, at)
    if span is None:
        return None
    ahead = Shift.objects.filter(
        order=order, called_off_at=None, starts_at__gt=at, day__gte=span[0], day__lte=span[1]
    )
    empty = ahead.filter(posted__lt=F("wanted")).aggregate(n=Sum(F("wanted") - F("posted")))["n"]
    gone = Post.objects.filter(shift__in=ahead, run__isnull=False, state="declined").count()
    return Fallen(*span, empty or 0, gone)


def last_weights(order: Order) -> dict[str, Any]:
    """Give the prices that the last run of an order was computed with."""
    return dict(order.weights)


def run_page(run: PlanRun) -> RunPage:
    """Read a run with what it would do; the people and shifts it names in a few statements."""
    kept = PlanRun.objects.filter(pk=run.pk).values_list("result", flat=True).first()
    rows = unpack(bytes(kept)) if kept else []
    changes = _changes(run, rows) if rows else []
    return RunPage(
        run=run,
        gap=gap_of(run.cost, run.bound),
        parts=[Part(str(PARTS[name]), run.parts.get(name, 0)) for name in PARTS],
        empty=_empty(run),
        more=_more(run),
        faults=_faults(run.violations),
        changes=changes[:MOST],
        more_changes=max(0, len(changes) - MOST),
    )


def _faults(violations: Iterable[dict[str, Any]]) -> list[tuple[str, int]]:
    counts = Counter(one["rule"] for one in violations)
    return [(str(RULES.get(rule, rule)), n) for rule, n in counts.items()]


def _empty(run: PlanRun) -> list[Empty]:
    """Read what the worker noted of the empty slots."""
    noted = run.parts.get("empty", [])
    shifts = Shift.objects.select_related("gate", "place").in_bulk([one["shift"] for one in noted])
    return [
        Empty(shifts[one["shift"]], str(Kind(one["kind"]).label), one["n"], why_text(one["why"]))
        for one in noted
        if one["shift"] in shifts
    ]


def _more(run: PlanRun) -> list[tuple[Place, int]]:
    """Read what one more person would change, township by township."""
    noted = run.parts.get("more", [])
    places = Place.objects.in_bulk([one["place"] for one in noted])
    return [
        (places[one["place"]], one["fills"])
        for one in noted
        if one["place"] in places and one["fills"]
    ]


def why_text(sieve: dict[str, int]) -> str:
    """Say why nobody of those who live near enough stands a shift, the greatest group first."""
    if not sieve:
        return ""
    order = sorted((code for code in sieve if sieve[code]), key=lambda code: -sieve[code])
    return " · ".join(str(SIEVED[code]) % {"n": sieve[code]} for code in order if code in SIEVED)


SIEVED: dict[str, str | Promise] = {
    "reach": _("派得到的 %(n)s 人"),
    "unable": _("%(n)s 人没填这个时段"),
    "busy": _("%(n)s 人同时或前后已有班"),
    "week": _("%(n)s 人本周已满"),
    "office": _("%(n)s 人单位要留岗"),
    "far": _("%(n)s 人离得太远"),
    "free": _("%(n)s 人各项都符合，只是没有排到"),
}


def _changes(run: PlanRun, rows: list[Row]) -> list[Change]:
    """Compare a plan with what people were told: who loses a shift, and what they get instead."""
    last = run.first_day + timedelta(days=run.days)
    told = Post.objects.filter(
        shift__order=run.order_id,
        shift__called_off_at=None,
        shift__day__gte=run.first_day,
        shift__day__lt=last,
        state__in=HOLDS,
    )
    stands: dict[tuple[int, int], bool] = {
        (person, shift): state == "planned" and source in ("plan", "fill")
        for person, shift, state, source in told.values_list(
            "person_id", "shift_id", "state", "source"
        )
    }
    if not stands:
        return []
    after = {(person, shift) for person, shift, _kind in rows}
    taken, given = defaultdict(list), defaultdict(list)
    for (person, shift), free in stands.items():
        if free and (person, shift) not in after:
            taken[person].append(shift)
    for person, shift in after - stands.keys():
        given[person].append(shift)
    # First who loses something: they were told; then who is asked anew.
    people = [*sorted(taken), *sorted(given.keys() - taken.keys())]
    return _named(people, taken, given)


def _named(
    people: list[int], taken: dict[int, list[int]], given: dict[int, list[int]]
) -> list[Change]:
    shown = people[:MOST]
    keys = {shift for one in shown for shift in (*taken.get(one, ()), *given.get(one, ()))}
    shifts = Shift.objects.select_related("gate", "place").in_bulk(keys)
    names = Person.objects.select_related("unit").in_bulk(shown)

    def of(ids: Iterable[int]) -> list[Shift]:
        found = [shifts[one] for one in ids if one in shifts]
        return sorted(found, key=lambda shift: shift.starts_at)

    named = [Change(names[one], of(taken.get(one, ())), of(given.get(one, ()))) for one in shown]
    return named + [Change(Person(pk=one)) for one in people[MOST:]]


def gap_sentence(page: RunPage) -> str:
    """Say what is proven, in one sentence that a mayor understands."""
    if page.gap is None:
        return ""
    if page.gap >= 1:
        return gettext("离最好的排法最多差多少，这次没有证明。")
    if page.gap == 0:
        return gettext("已证明：没有比这更好的排法。")
    said = gettext("已证明：任何人、任何软件再怎么排，总代价最多还能省 %(n)s%%。")
    return said % {"n": page.percent}


def estimate(order: Order, at: datetime) -> tuple[int, int]:
    """Count the slots ahead and those that nobody has, to know what a plan would be for."""
    rows = Need.objects.filter(
        shift__order=order, shift__called_off_at=None, shift__starts_at__gt=at
    )
    wanted = sum(rows.values_list("count", flat=True))
    held = Post.objects.filter(
        shift__order=order, shift__called_off_at=None, shift__starts_at__gt=at, state__in=HOLDS
    ).count()
    return wanted, max(0, wanted - held)
