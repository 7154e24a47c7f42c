"""The public board: what everybody may read of what was raised, and what is not shown, counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundwork.base.days import calendar
from groundwork.base.errors import NotFound
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.numbers import SMALLEST_WHOLE, Rate
from groundwork.base.numbers import Count as Number
from groundwork.base.search import newest
from groundwork.base.workdays import Calendar
from groundwork.matters.models import Category, Door, Kind, Matter, MatterFile, State
from groundwork.matters.policy import not_withheld, public_matters
from groundwork.matters.policy.places import at_place
from groundwork.matters.queries.embargo import Waiting, waiting
from groundwork.matters.queries.own import shown_file
from groundwork.matters.queries.search import page_of_words
from groundwork.matters.queries.timeline import (
    NOW,
    STATE_TONES,
    Deadline,
    Entry,
    Timeline,
    deadline_of,
    timeline,
)
from groundwork.matters.rules.private import blanked
from groundwork.matters.rules.states import CONFIRMED
from groundwork.matters.rules.words import title_of
from groundwork.registry.models import Body, Place

Row = TypeVar("Row", bound=Model)
PUBLIC = "matters.public"
PAGE, FEED, MOST_EXPORTED, CHUNK = 20, 30, 10_000, 1000
WHOLE = 300  # the figures are over the newest so many, so that they cost the same in any city
_OWN = (
    *("public_id", "receipt", "kind", "door", "public_text", "answer", "state", "state_since"),
    *("raised_at", "accepted_at", "replied_at", "reply_by", "due_at", "ask_until", "raisers_count"),
)
# What a line reads: a page of twenty needs no more of the ledger's forty columns.
COLUMNS = (
    *_OWN,
    *("category__name", "category__name_en", "category__code"),
    *("place__name", "place__public_id", "district__name"),
    *("lead__name", "lead__short_name", "lead__public_id"),
)
EXPORTED = ("township__name", "place__code", "answered_at", "redo_count", "closed_at")
# What a raiser's word on the matter is, where there is one.
SAYS: dict[str, Promise] = {
    "solved": _("解决了"),
    "redo": _("没有解决"),
    "unit_done": _("没有表态"),
}
LARGE = (Place.Level.CITY, Place.Level.DISTRICT, Place.Level.TOWNSHIP)
STATES = tuple(state for state in State if state not in (State.RAISED, State.DECLINED))


@dataclass(frozen=True)
class Wanted:
    """What the board is narrowed by."""

    place: Place | None = None
    category: Category | None = None
    state: str = ""
    lead: Body | None = None
    door: str = ""
    q: str = ""
    after: str = ""

    @property
    def narrowed(self) -> bool:
        """Tell whether anything is asked for."""
        return self != Wanted(after=self.after)


@dataclass(frozen=True)
class Line:
    """One matter as everybody reads it: no name, no door, no photo of the raiser's."""

    matter: Matter
    title: str
    text: str
    answer: str
    now: str | Promise
    tone: str
    says: str | Promise  # the raiser's word; "" where none was asked for yet
    deadline: Deadline | None


@dataclass(frozen=True)
class Figures:
    """Three figures over the newest matters of a filter, and how many of those are not shown."""

    shown: int
    answered: Rate
    solved: Rate  # of the answered ones, by the raiser's own word
    withheld: Number
    few_withheld: bool  # between one and four: the number would say too much
    newest_only: bool  # there are older ones over which nothing is said


@dataclass(frozen=True)
class Board:
    """A page of the board."""

    lines: list[Line]
    next: str
    figures: Figures | None
    waiting: Waiting | None  # of the whole city; nobody learns of which part


def board(wanted: Wanted, at: datetime) -> Board:
    """Read a page of the board; the statements are the same in every city."""
    rows = shown_rows(wanted, at)
    if wanted.q:
        listing = page_of_words(rows, PUBLIC, wanted.q, after=wanted.after, size=PAGE)
    else:
        listing = page_by_key(rows, ("-id",), wanted.after, size=PAGE)
    first = not wanted.after and not wanted.q
    return Board(
        lines=lines_of(listing, at),
        next=listing.next,
        figures=figures_of(wanted, at) if first else None,
        waiting=waiting(at) if first and not wanted.narrowed else None,
    )


def shown_rows(wanted: Wanted, at: datetime) -> QuerySet[Matter]:
    """Give the matters of the board that a filter asks for, not yet by words."""
    rows = _narrowed(public_matters(at), wanted)
    return rows.select_related("category", "place", "district", "lead").only(*COLUMNS)


def _narrowed(rows: QuerySet[Matter], wanted: Wanted) -> QuerySet[Matter]:
    if wanted.place is not None:
        rows = rows.filter(at_place(wanted.place))
    if wanted.category is not None:
        rows = rows.filter(Q(category__in=_kin(wanted.category)))
    named = {"state": wanted.state, "door": wanted.door, "lead": wanted.lead}
    return rows.filter(**{name: value for name, value in named.items() if value})


def _kin(category: Category) -> list[int]:
    """Name a category and its parts: as numbers, so that the index is used, not a join."""
    parts = Category.objects.filter(parent=category).values_list("pk", flat=True)
    return [category.pk, *parts]


def lines_of(listing: Listing[Matter], at: datetime) -> list[Line]:
    """Put matters into the words of the board."""
    days = calendar()
    return [line_of(matter, at, days) for matter in listing.rows]


def line_of(matter: Matter, at: datetime, days: Calendar) -> Line:
    """Put one matter into the words of the board; what looks private is blanked once more."""
    text = blanked(matter.public_text)
    return Line(
        matter=matter,
        title=title_of(text),
        text=text,
        answer=blanked(matter.answer),
        now=NOW[matter.state],
        tone=STATE_TONES.get(matter.state, "plain"),
        says=SAYS.get(matter.state, ""),
        deadline=deadline_of(matter, at, days),
    )


def figures_of(wanted: Wanted, at: datetime) -> Figures:
    """Count the newest matters of a place, category and lead in one statement.

    Not of a state or door: of the solved all are solved, and what is rare is far to seek.
    What is under embargo is not counted here, where a place would be named: see `waiting`.
    Complaints, texts no dispatcher let through and what somebody erased are: as a number, and no
    number from one to four.
    """
    wanted = replace(wanted, state="", door="")
    rows = _narrowed(Matter.objects.filter(not_withheld(at)), wanted).order_by("-id")
    # Counted here: three hundred short rows cost less than making the statement that counts them.
    newest = list(
        rows.values_list("erased_at", "public_text", "kind", "answered_at", "state")[:WHOLE]
    )
    shown = [
        (answered_at, state)
        for erased_at, public_text, kind, answered_at, state in newest
        if erased_at is None and public_text and kind != Kind.COMPLAINT
    ]
    answered = [state for answered_at, state in shown if answered_at is not None]
    withheld = len(newest) - len(shown)
    few = 0 < withheld < SMALLEST_WHOLE
    return Figures(
        shown=len(shown),
        answered=Rate(len(answered), len(shown)),
        solved=Rate(sum(state in CONFIRMED for state in answered), len(answered)),
        withheld=Number(0 if few else withheld),
        few_withheld=few,
        newest_only=len(newest) == WHOLE,
    )


@dataclass(frozen=True)
class PublicPage:
    """One matter on a page of its own."""

    line: Line
    timeline: Timeline

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its steps and, where it went into another one, those of that."""
        return self.timeline.whole


def public_matter(public_id: str, at: datetime) -> Matter:
    """Fetch a matter of the board. Raises NotFound for everything else."""
    rows = public_matters(at).select_related(
        "category", "place", "district", "lead", "merged_into__lead"
    )
    matter = rows.filter(public_id=public_id).first()
    if matter is None:
        raise NotFound
    return matter


def public_page(public_id: str, at: datetime) -> PublicPage:
    """Read one matter of the board with its way. Raises NotFound."""
    matter = public_matter(public_id, at)
    return PublicPage(line_of(matter, at, calendar()), timeline(matter, None, at))


def public_file(public_id: str, file_id: str, at: datetime) -> MatterFile:
    """Fetch a photo or document that a public answer came with. Raises NotFound."""
    for way in public_page(public_id, at).timeline.ways:
        if any(file_id == file.public_id for entry in way.entries for file in entry.files):
            return shown_file(file_id, [way.matter])
    raise NotFound


# ---- open data -------------------------------------------------------------------------------
def feed_lines(wanted: Wanted, at: datetime) -> list[Line]:
    """Give the newest of a filter for a feed."""
    rows = shown_rows(wanted, at)
    if wanted.q:
        return lines_of(page_of_words(rows, PUBLIC, wanted.q, size=FEED), at)
    return lines_of(Listing(list(rows.order_by("-id")[:FEED])), at)


@dataclass(frozen=True)
class Export:
    """A stretch of the open data; `next` names where the following one begins."""

    lines: Iterator[Line]
    next: str


def export(wanted: Wanted, at: datetime) -> Export:
    """Stream up to MOST_EXPORTED matters of a filter: their keys at once, the rows in chunks."""
    rows = shown_rows(wanted, at)
    keys = _newest_keys(rows, wanted)
    if len(keys) <= MOST_EXPORTED:
        return Export(_stream(rows, keys, at), "")
    keys = keys[:MOST_EXPORTED]
    last = Matter.objects.values_list("public_id", flat=True).get(pk=keys[-1])
    return Export(_stream(rows, keys, at), last)


def _newest_keys(rows: QuerySet[Matter], wanted: Wanted) -> list[int]:
    """Give the keys of a file and one more."""
    start = Matter.objects.filter(public_id=wanted.after).values_list("pk", flat=True).first()
    keys, most = rows.values_list("pk", flat=True), MOST_EXPORTED + 1
    if wanted.q:
        return newest(keys, PUBLIC, wanted.q, size=most, before=start)
    keys = keys.filter(pk__lt=start) if start is not None else keys
    return list(keys.order_by("-id")[:most])


def _stream(rows: QuerySet[Matter], keys: Sequence[int], at: datetime) -> Iterator[Line]:
    rows = rows.select_related("township").order_by("-id").only(*COLUMNS, *EXPORTED)
    days = calendar()
    for start in range(0, len(keys), CHUNK):
        for matter in rows.filter(pk__in=keys[start : start + CHUNK]):
            yield line_of(matter, at, days)


# ---- what may be asked for -------------------------------------------------------------------
@dataclass(frozen=True)
class Choices:
    """Places one level down from the chosen one, with the way there, and categories."""

    above: list[Place]
    below: list[Place]
    categories: list[tuple[Category, list[Category]]]


def choices_of(wanted: Wanted) -> Choices:
    """Offer what the board may be narrowed by, in two statements."""
    top, step = Place.objects.filter(depth=1), Place.steplen
    at = wanted.place
    path = at.path if at is not None else ""
    ends = range(step, len(path) + 1, step)
    above = Q(path__in=[path[:end] for end in ends]) if at is not None else Q(pk__in=top)
    deeper = at is None or at.level in (
        Place.Level.CITY,
        Place.Level.DISTRICT,
        Place.Level.TOWNSHIP,
    )
    depth = at.depth + 1 if at is not None else 2
    below = Q(path__startswith=path, depth=depth, valid_to=None) if deeper else Q(pk__in=())
    rows = list(Place.objects.filter(above | below).order_by("path"))
    leaves: dict[int | None, list[Category]] = {}
    offered = Category.objects.exclude(audience=Category.Audience.STAFF)
    for row in offered.order_by("order", "id"):
        leaves.setdefault(row.parent_id, []).append(row)
    return Choices(
        above=[row for row in rows if row.depth < depth and row.depth > 1],
        below=[row for row in rows if row.depth == depth],
        categories=[(row, leaves.get(row.pk, [])) for row in leaves.get(None, [])],
    )


def wanted_of(
    *,
    place: str = "",
    category: str = "",
    state: str = "",
    lead: str = "",
    door: str = "",
    q: str = "",
    after: str = "",
) -> Wanted:
    """Read a filter from an address; what names nothing asks for nothing that exists.

    Raises NotFound for a place, category or body that is not there.
    """
    wanted = Wanted(q=q, after=after)
    if place:
        wanted = replace(wanted, place=_named(Place.objects.filter(public_id=place)))
    if category:
        wanted = replace(wanted, category=_named(Category.objects.filter(code=category)))
    if lead:
        wanted = replace(wanted, lead=_named(Body.objects.filter(public_id=lead)))
    if (state and state not in State.values) or (door and door not in Door.values):
        raise NotFound
    return replace(wanted, state=state, door=door)


def _named(rows: QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise NotFound
    return row
