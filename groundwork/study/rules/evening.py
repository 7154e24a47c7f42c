"""What makes an evening, which days it falls on, and that nobody is expected twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from groundwork.base.errors import N_, NotFound, RuleBroken
from groundwork.base.states import after
from groundwork.base.workdays import Calendar

State = Literal["draft", "published", "held", "closed", "cancelled"]
Verb = Literal["edit", "publish", "move", "cancel", "hold", "close"]

# The one table of an evening's life. What it does not list is refused.
STEPS: Mapping[tuple[State, Verb], State] = {
    ("draft", "edit"): "draft",
    ("draft", "publish"): "published",
    ("draft", "cancel"): "cancelled",
    ("published", "edit"): "published",
    ("published", "move"): "published",
    ("published", "cancel"): "cancelled",
    ("published", "hold"): "held",
    ("held", "close"): "closed",
}
STATES: tuple[State, ...] = ("draft", "published", "held", "closed", "cancelled")
VERBS: tuple[Verb, ...] = ("edit", "publish", "move", "cancel", "hold", "close")

SHORTEST = timedelta(minutes=90)  # 周二夜学: "at least 90 minutes"
LONGEST = timedelta(hours=6)  # an evening, not a day: a slip of the keyboard is found here
THEMES = ("political", "professional")
# Who works here now is expected; who is seconded elsewhere, retired or gone is not.
EXPECTED_STATUSES = ("on_roll", "contract", "on_loan")
WAIT_FOR_SHEETS = 10  # working days after which an evening may be closed over a missing roll
TUESDAY = 1


class WrongState(RuleBroken):
    """Refuse an act that the evening's state does not allow."""

    code = "study.wrong_state"
    text = N_("这场夜学现在不能这样做。")


class TooShort(RuleBroken):
    code = "study.too_short"
    text = N_("夜学不少于 %(minutes)s 分钟。")


class TooLong(RuleBroken):
    code = "study.too_long"
    text = N_("一场夜学不超过 %(hours)s 小时，请检查起止时间。")


class EndsBeforeStart(RuleBroken):
    code = "study.ends_before_start"
    text = N_("结束时间要晚于开始时间。")


class InThePast(RuleBroken):
    code = "study.in_the_past"
    text = N_("开始时间已经过去，不能发布或改到过去。")


class AlreadyBegun(RuleBroken):
    code = "study.already_begun"
    text = N_("夜学已经开始，不能改期。")


class SomebodyIsThere(RuleBroken):
    """Refuse to move an evening onto whose roll people came when the doors opened."""

    code = "study.somebody_is_there"
    text = N_("已有人签到，不能改期；请取消这一场，再另发一场。")


class AlreadyOver(RuleBroken):
    code = "study.already_over"
    text = N_("夜学已经结束，不能取消。")


class NotOver(RuleBroken):
    code = "study.not_over"
    text = N_("夜学还没有结束。")


class NobodyExpected(RuleBroken):
    code = "study.nobody_expected"
    text = N_("参加范围里没有应到人员，请检查参加单位。")


class ExpectedTwice(RuleBroken):
    """Refuse an evening at whose time somebody is already expected elsewhere."""

    code = "study.expected_twice"
    text = N_("同一时间已有《%(title)s》（%(host)s）要求其中的人参加，请改时间或范围。")


class OutsideParent(RuleBroken):
    code = "study.outside_parent"
    text = N_("单位自办夜学的范围要在上级夜学《%(title)s》的参加范围之内。")


class ParentNotOpen(RuleBroken):
    code = "study.parent_not_open"
    text = N_("上级夜学还没有发布，或已取消。")


class ReturnsTwice(RuleBroken):
    """Refuse a cancellation that would send people back to an evening at another's time."""

    code = "study.returns_twice"
    text = N_("取消后，这些人员要回到上级夜学，但同一时间还有《%(title)s》，请先处理那一场。")


class TopicOfOtherTheme(RuleBroken):
    code = "study.topic_of_other_theme"
    text = N_("专题“%(topic)s”不属于所选主题。")


class RoomTwice(RuleBroken):
    code = "study.room_twice"
    text = N_("这场夜学已有会场“%(name)s”。")


class NotInvited(RuleBroken):
    """Refuse a room to a body that the evening does not invite."""

    code = "study.not_invited"
    text = N_("这个单位不在这场夜学的参加范围内，不能设会场。")


class RoomInUse(RuleBroken):
    code = "study.room_in_use"
    text = N_("已有人在这个会场签到，不能删除。")


class EveningGone(NotFound):
    """Say that an evening is not there, or not for the reader."""

    code = "study.evening_gone"


class RoomGone(NotFound):
    """Say that the evening has no such room."""

    code = "study.room_gone"


class SheetsOpen(RuleBroken):
    code = "study.sheets_open"
    text = N_("还有 %(n)s 个单位没有交名册，满 %(days)s 个工作日后才能不等它们封存。")


def step(state: str, verb: Verb) -> State:
    """Say the state after `verb`. Raises WrongState for a pair the table does not list."""
    return after(STEPS, state, verb, WrongState)


def verbs_in(state: str) -> frozenset[str]:
    """Name the verbs that a state allows."""
    return frozenset(verb for before, verb in STEPS if before == state)


def check_times(starts: datetime, ends: datetime) -> None:
    """Hold an evening to its length. Raises EndsBeforeStart, TooShort or TooLong."""
    if ends <= starts:
        raise EndsBeforeStart
    if ends - starts < SHORTEST:
        raise TooShort(minutes=int(SHORTEST.total_seconds() // 60))
    if ends - starts > LONGEST:
        raise TooLong(hours=int(LONGEST.total_seconds() // 3600))


def check_future(starts: datetime, now: datetime) -> None:
    """Refuse to tell people of an evening that has begun. Raises InThePast."""
    if starts <= now:
        raise InThePast


def check_move(starts: datetime, now: datetime) -> None:
    """Refuse to move what has begun: people are sitting there. Raises AlreadyBegun."""
    if starts <= now:
        raise AlreadyBegun


def check_invited(body: str, audience: Collection[str]) -> None:
    """Hold a room's body to the audience: below it, or with an invited part. Raises NotInvited."""
    if not any(body.startswith(path) or path.startswith(body) for path in audience):
        raise NotInvited


def check_cancel(ends: datetime, now: datetime) -> None:
    """Refuse to cancel what is over. Raises AlreadyOver."""
    if ends <= now:
        raise AlreadyOver


def check_over(ends: datetime, now: datetime) -> None:
    """Refuse to call held what still runs. Raises NotOver."""
    if ends > now:
        raise NotOver


def check_close(open_sheets: int, ended: date, today: date, calendar: Calendar) -> None:
    """Wait for every roll, at most ten working days. Raises SheetsOpen."""
    if open_sheets and calendar.between(ended, today) < WAIT_FOR_SHEETS:
        raise SheetsOpen(n=open_sheets, days=WAIT_FOR_SHEETS)


def missing_themes(themes: Iterable[str]) -> tuple[str, ...]:
    """Name the themes that a term's evenings lack; both belong into every term."""
    present = set(themes)
    return tuple(theme for theme in THEMES if theme not in present)


# --- days -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """A day for an evening: the Tuesday it stands for and why it moved ('' where it did not).

    `day` is None where no evening fits before the term ends or the next Tuesday takes its place.
    """

    tuesday: date
    day: date | None
    reason: Literal["", "holiday", "eve"] = ""
    known: bool = True  # False: no notice covers the year yet, the rule is Monday to Friday


def _starts_holiday(day: date, calendar: Calendar) -> bool:
    """Tell whether a free weekday follows: people travel that night."""
    following = day + timedelta(days=1)
    return following.weekday() < 5 and not calendar.is_working(following)


def default_days(starts: date, ends: date, calendar: Calendar) -> list[Day]:
    """Give the days of a term's evenings, one for each Tuesday from `starts` to `ends`.

    A Tuesday that is free, or the eve of a holiday, moves to the next working day that is not an
    eve (a make-up Saturday or Sunday counts as working). Where that is not before the next
    Tuesday's own day, the two are one evening and the earlier is dropped.
    """
    first = starts + timedelta(days=(TUESDAY - starts.weekday()) % 7)
    tuesdays = [first + timedelta(weeks=i) for i in range((ends - first).days // 7 + 1)]
    days: list[Day] = []
    taken: date | None = None  # the next evening's day; walked backwards
    for tuesday in reversed(tuesdays):
        day = _fitting(tuesday, ends, calendar)
        if day is not None and taken is not None and day >= taken:
            day = None
        reason = _why_not(tuesday, calendar)
        known = calendar.known(tuesday) and calendar.known(tuesday + timedelta(days=1))
        days.append(Day(tuesday, day, reason, known))
        taken = day or taken
    return days[::-1]


def look_at(day: date, calendar: Calendar) -> Day:
    """Say of any day whether an evening fits: free, an eve, in a year without a notice."""
    known = calendar.known(day) and calendar.known(day + timedelta(days=1))
    return Day(day, day, _why_not(day, calendar), known)


def _why_not(day: date, calendar: Calendar) -> Literal["", "holiday", "eve"]:
    if not calendar.is_working(day):
        return "holiday"
    return "eve" if _starts_holiday(day, calendar) else ""


def _fitting(day: date, last: date, calendar: Calendar) -> date | None:
    while day <= last:
        if not _why_not(day, calendar):
            return day
        day += timedelta(days=1)
    return None


def alternate(n: int, first: str = THEMES[0]) -> list[str]:
    """Give `n` evenings their themes in turn."""
    start = THEMES.index(first)
    return [THEMES[(start + i) % len(THEMES)] for i in range(n)]


# --- who is expected --------------------------------------------------------------------------

Home = tuple[str, ...]  # the paths of a person's unit, office and branch


@dataclass(frozen=True)
class Gathering:
    """An evening as this rule sees it: when, whom it expects, whom its own evenings release."""

    key: int
    starts: datetime
    ends: datetime
    audience: frozenset[str] = field(default_factory=frozenset)
    released: frozenset[str] = field(default_factory=frozenset)

    def meets(self, other: Gathering) -> bool:
        """Tell whether the two run at the same time; one may begin as the other ends."""
        return self.starts < other.ends and other.starts < self.ends


class Paths:
    """A set of subtrees that answers fast whether a home lies in one: by prefix, not by walk."""

    def __init__(self, paths: Collection[str]) -> None:
        self.paths = frozenset(paths)
        self.lengths = sorted({len(path) for path in paths})

    def hold(self, home: Home) -> bool:
        """Tell whether any path of the home is one of the subtrees or below one."""
        return any(path[:n] in self.paths for path in home for n in self.lengths)


def is_expected(home: Home, audience: Collection[str], released: Collection[str]) -> bool:
    """Tell whether a person of that home is expected: in the audience and not released.

    A unit's own evening under the city's releases its people from the city's.
    """
    return Paths(audience).hold(home) and not Paths(released).hold(home)


def expected_twice(
    new: Gathering, others: Sequence[Gathering], homes: Iterable[Home]
) -> Gathering | None:
    """Find an evening at the same time that expects somebody whom `new` expects, or None.

    One walk over the homes whatever the number of evenings: a Tuesday may have a thousand.
    """
    rivals = [other for other in others if other.key != new.key and new.meets(other)]
    if not rivals:
        return None
    expecting, releasing = _index(g.audience for g in rivals), _index(g.released for g in rivals)
    inside, outside = Paths(new.audience), Paths(new.released)
    for home in homes:
        if inside.hold(home) and not outside.hold(home):
            found = _lookup(expecting, home) - _lookup(releasing, home)
            if found:
                return rivals[min(found)]
    return None


Index = tuple[dict[str, set[int]], list[int]]


def _index(sets: Iterable[frozenset[str]]) -> Index:
    table: dict[str, set[int]] = defaultdict(set)
    for i, paths in enumerate(sets):
        for path in paths:
            table[path].add(i)
    return dict(table), sorted({len(path) for path in table})


def _lookup(index: Index, home: Home) -> set[int]:
    table, lengths = index
    found: set[int] = set()
    for path in home:
        for n in lengths:
            found |= table.get(path[:n], set())
    return found


def within(audience: Iterable[str], parent: Collection[str]) -> bool:
    """Tell whether every subtree of `audience` lies in one of the parent's."""
    whole = Paths(parent)
    return all(whole.hold((path,)) for path in audience)
