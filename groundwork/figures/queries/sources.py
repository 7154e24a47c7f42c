"""The sources: what the areas keep, as records that a figure may count.

Each starts from its area's own policy. Merged matters count in the one they went into; what is
withheld before its hour does not count yet, or the number would tell of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.duty.models import Post
from groundwork.duty.policy.posts import visible_posts
from groundwork.figures.queries.heard import DIGESTS, FORMS, SURVEYS, WORDS
from groundwork.figures.queries.office import office_days, pair_of
from groundwork.figures.queries.on_air import ON_AIR
from groundwork.figures.queries.source import Condition, Line, Measure, Minutes, Source, Split, Time
from groundwork.figures.queries.splits import by_priority, matter_splits, named
from groundwork.figures.queries.things import BODIES, EVENINGS, PEOPLE
from groundwork.figures.rules.catalogue import CATALOGUE, Figure
from groundwork.figures.rules.kinds import (
    DeclarationError,
    Distinct,
    MedianOf,
    Records,
    Sealed,
    Total,
)
from groundwork.matters.models import Kind, Matter
from groundwork.matters.policy.matter import public_matters, visible_matters
from groundwork.matters.queries import counted
from groundwork.matters.rules.words import title_of
from groundwork.service.models import Service, Visit
from groundwork.service.policy.visits import visible_visits
from groundwork.study.models import RollEntry, RollSheet
from groundwork.study.policy.roll import visible_entries, visible_sheets
from groundwork.study.queries.coverage import ROLLED_BY_UNIT, entries_at, over, sheets_at


# ---- matters --------------------------------------------------------------------------------
def _open_matters(rows: QuerySet[Matter], by: Actor, at: datetime) -> QuerySet[Matter]:
    shown = Q(pk__in=public_matters(at).values("pk"))
    if by.grants or by.system:
        shown |= Q(pk__in=visible_matters(by, at).values("pk"))
    return rows.filter(shown)


def _matter_line(matter: Matter, by: Actor) -> Line:
    """Say of a matter what the board says of it, never the raiser's own words."""
    shown = bool(matter.public_text) and matter.kind != Kind.COMPLAINT and not matter.erased_at
    page = "matters:board_matter" if shown else "matters:matter"
    title = title_of(matter.public_text) if shown else matter.category.name
    sub = " · ".join(
        [matter.receipt, matter.category.name, matter.place.name, matter.get_state_display()]
    )
    url = reverse(page, args=[matter.public_id])
    return Line(title, sub, clock.day_of(matter.raised_at), url)


MATTERS = Source(
    key="matters.matter",
    name=_("诉求"),
    rows=counted.counted_matters,
    readable=_open_matters,
    line=_matter_line,
    times={
        "raised": Time("raised_at", _("提出时间")),
        "closed": Time("closed_at", _("办结时间")),
    },
    place="place__path",
    body="lead__path",
    conditions={
        "enterprise": Condition(_("企业提出"), counted.ENTERPRISE),
        "accepted": Condition(_("已受理"), counted.ACCEPTED),
        "done": Condition(_("已办结"), counted.IS_DONE),
        "confirmed": Condition(_("本人确认解决"), counted.IS_CONFIRMED),
        "found": Condition(_("走访和巡查发现"), counted.FOUND),
    },
    measures={
        "took": Measure(_("从提出到办结"), Minutes(F("closed_at"), F("raised_at"))),
        "office_days": Measure(
            _("从提出到办结的工作日"), pair_of("raised_at", "closed_at"), office_days
        ),
    },
    splits=matter_splits(""),
    beside=("category", "place"),
    log={"matters.matter": {"raised": "raised", "closed": "closed"}},
    ripe=lambda since, until: Q(withheld_until__gt=since, withheld_until__lte=until),
)


# ---- visits ---------------------------------------------------------------------------------
def _visits(at: datetime) -> QuerySet[Visit]:
    return Visit.objects.filter(withdrawn_at=None, day__lte=clock.day_of(at))


def _open_visits(rows: QuerySet[Visit], by: Actor, at: datetime) -> QuerySet[Visit]:
    return rows.filter(pk__in=visible_visits(by).values("pk"))


def _visit_line(visit: Visit, by: Actor) -> Line:
    sub = " · ".join([visit.get_service_display(), str(visit.unit)])
    return Line(visit.place.name, sub, visit.day, reverse("service:visit", args=[visit.public_id]))


VISITS = Source(
    key="service.visit",
    name=_("走访"),
    rows=_visits,
    readable=_open_visits,
    line=_visit_line,
    times={"day": Time("day", _("走访日期"), day=True)},
    place="place__path",
    body="unit__path",
    conditions={"found": Condition(_("发现问题"), Q(found__gt=0))},
    splits={
        "service": Split(_("服务谁"), F("service"), lambda: named(Service.choices)),
        "priority": by_priority("priority"),
    },
    beside=("place", "unit"),
    log={"service.visit": {"day": "day"}},
    ripe=lambda since, until: Q(day__gt=clock.day_of(since), day__lte=clock.day_of(until)),
)


# ---- the rolls of Tuesday night -------------------------------------------------------------
def _entries(at: datetime) -> QuerySet[RollEntry]:
    return entries_at(at).filter(over(at, "evening__"))


def _open_entries(rows: QuerySet[RollEntry], by: Actor, at: datetime) -> QuerySet[RollEntry]:
    return rows.filter(pk__in=visible_entries(by).values("pk"))


def _entry_line(entry: RollEntry, by: Actor) -> Line:
    sub = " · ".join([entry.evening.title, str(entry.body)])
    url = reverse("study:evening", args=[entry.evening.public_id])
    return Line(entry.person.name, sub, clock.day_of(entry.evening.starts_at), url)


ROLLS = Source(
    key="study.roll",
    name=_("夜学名册"),
    rows=_entries,
    readable=_open_entries,
    line=_entry_line,
    times={"evening": Time("evening__starts_at", _("夜学开始时间"))},
    place="body__place__path",
    body="body__path",
    named={"people": "person", "bodies": "body", "evenings": "evening"},
    things={"people": PEOPLE, "bodies": BODIES, "evenings": EVENINGS},
    splits={"priority": by_priority("evening__priorities", several=True)},
    beside=("evening", "person", "body"),
    log={"study.roll": {"evening": "day"}, "study.evening": {"evening": "day"}},
    ripe=lambda since, until: Q(evening__ends_at__gt=since, evening__ends_at__lte=until),
    hangs="body",
)


# ---- the sheets of Tuesday night: a unit's roll of one evening --------------------------------
def _open_sheets(rows: QuerySet[RollSheet], by: Actor, at: datetime) -> QuerySet[RollSheet]:
    return rows.filter(pk__in=visible_sheets(by).values("pk"))


def _sheet_line(sheet: RollSheet, by: Actor) -> Line:
    url = reverse("study:sheet", args=[sheet.public_id])
    day = clock.day_of(sheet.evening.starts_at)
    return Line(str(sheet.body), sheet.evening.title, day, url)


SHEETS = Source(
    key="study.sheet",
    name=_("单位的名册"),
    rows=sheets_at,
    readable=_open_sheets,
    line=_sheet_line,
    times={"evening": Time("evening__starts_at", _("夜学开始时间"))},
    place="body__place__path",
    body="body__path",
    conditions={
        "rolled": Condition(_("有人在册或已封存"), ROLLED_BY_UNIT),
        "closed": Condition(_("已封存"), Q(closed_at__isnull=False, expected__isnull=False)),
    },
    measures={
        "expected": Measure(_("封存时应到的人"), F("expected")),
        "expected/here": Measure(_("应到的人里参加的"), F("took_part")),
    },
    splits={"priority": by_priority("evening__priorities", several=True)},
    beside=("evening", "body"),
    log={
        "study.sheet": {"evening": "day"},
        "study.roll": {"evening": "day"},
        "study.evening": {"evening": "day"},
    },
    ripe=lambda since, until: Q(evening__ends_at__gt=since, evening__ends_at__lte=until),
    hangs="body",
)


# ---- shifts at gates ------------------------------------------------------------------------
def _posts(at: datetime) -> QuerySet[Post]:
    return Post.objects.filter(state__in=("standing", "stood", "approved"), came_at__lte=at)


def _open_posts(rows: QuerySet[Post], by: Actor, at: datetime) -> QuerySet[Post]:
    return rows.filter(pk__in=visible_posts(by).values("pk"))


def _post_line(post: Post, by: Actor) -> Line:
    sub = gettext("%(gate)s · %(unit)s") % {"gate": post.shift.gate, "unit": post.person.unit}
    return Line(post.person.name, sub, clock.day_of(post.shift.starts_at))


POSTS = Source(
    key="duty.post",
    name=_("到岗的值守"),
    rows=_posts,
    readable=_open_posts,
    line=_post_line,
    times={"shift": Time("shift__starts_at", _("班次开始时间"))},
    place="shift__place__path",
    body="person__unit__path",
    named={"people": "person"},
    things={"people": PEOPLE},
    beside=("shift__gate", "person__unit"),
    log={"duty.post": {"shift": "day"}},
    ripe=lambda since, until: Q(came_at__gt=since, came_at__lte=until),
)

SOURCES: dict[str, Source] = {
    s.key: s
    for s in (MATTERS, WORDS, VISITS, ROLLS, SHEETS, DIGESTS, POSTS, SURVEYS, FORMS, *ON_AIR)
}


def source_of(records: Records) -> Source:
    """Give the source that a declaration's records come from."""
    return SOURCES[records.source]


def check(figures: Iterable[Figure]) -> None:
    """Hold declarations to what their sources know. Raises DeclarationError."""
    seen: set[str] = set()
    for figure in figures:
        if figure.key in seen:
            raise DeclarationError(f"{figure.key} is declared twice")
        seen.add(figure.key)
        for records in figure.records:
            _check_records(figure.key, records)
        _check_kind(figure)


def _check_kind(figure: Figure) -> None:
    """Hold a kind to its source: what it names and measures, what is sealed, in what unit."""
    key, kind = figure.key, figure.kind
    source = source_of(kind.opens)
    if isinstance(kind, Distinct) and not (kind.of in source.named and kind.of in source.things):
        raise DeclarationError(f"{key}: {source.key} names no {kind.of}")
    if isinstance(kind, MedianOf) and kind.of not in source.measures:
        raise DeclarationError(f"{key}: {source.key} measures no {kind.of}")
    if isinstance(kind, MedianOf | Total) and not figure.unit:
        raise DeclarationError(f"{key}: a measure says nothing without its unit")
    if isinstance(kind, Sealed) and not source.sealed:
        raise DeclarationError(
            f"{key}: the records of {source.key} are all there, nothing was erased or digested by"
            " rule. Declare a Counted or a Total, which open onto them."
        )
    if source.sealed and kind.opens.sums and not isinstance(kind, Sealed):
        raise DeclarationError(
            f"{key}: {source.key} holds digests of records that are gone. Declare a Sealed, which"
            " says so where it opens."
        )
    bodies = all(source_of(records).body for records in figure.records)
    if bodies == (figure.city_only or figure.no_body):
        raise DeclarationError(f"{key}: whether it is said of a body, its sources say otherwise")


def _check_records(key: str, records: Records) -> None:
    source = SOURCES.get(records.source)
    if source is None:
        raise DeclarationError(f"{key}: there is no source {records.source}")
    if unknown := records.where - set(source.conditions):
        raise DeclarationError(f"{key}: {source.key} knows no {', '.join(sorted(unknown))}")
    if records.when not in source.times:
        raise DeclarationError(f"{key}: {source.key} has no time {records.when}")
    if records.sums and records.sums not in source.measures:
        raise DeclarationError(f"{key}: {source.key} measures no {records.sums}")
    if records.sums and source.measures[records.sums].read:
        raise DeclarationError(f"{key}: no database adds up {records.sums}; declare a MedianOf")


check(CATALOGUE)
