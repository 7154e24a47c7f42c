"""Marks as texts: lists, one mark with every word, a unit's year. Nothing here counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, page_by_key
from groundwork.registry.models import Person, Place
from groundwork.voices.models import Mark, MarkStep, Taking
from groundwork.voices.policy import marks as policy
from groundwork.voices.rules.marks import OLDEST

KEYS = ("-written_at", "-id")
SIZE = 20
MOST_OFFERED = 12
VERBS = ("reply", "adopt", "refuse", "appeal", "correct", "withdraw")


@dataclass(frozen=True)
class Happening:
    """Something that happened to which a mark may be tied."""

    kind: str
    id: str
    day: date
    words: str

    @property
    def value(self) -> str:
        """Name it in a form."""
        return f"{self.kind}:{self.id}"


Provider = Callable[[Actor, Person, Place, date], list[Happening]]
PROVIDERS: list[Provider] = []


def happenings(provider: Provider) -> Provider:
    """Register a function that names what somebody did at a place since a day.

    Areas beside this one are not known here; an area above both registers theirs.
    """
    PROVIDERS.append(provider)
    return provider


@happenings
def _takings(by: Actor, person: Person, place: Place, since: date) -> list[Happening]:
    rows = Taking.objects.filter(
        person=person,
        state__in=("taken", "confirmed"),
        call__place__path__startswith=place.path,
        call__starts_at__date__gte=since,
        call__starts_at__lte=clock.now(),
    )
    return [
        Happening("voices.taking", row.public_id, clock.day_of(row.call.starts_at), row.call.title)
        for row in rows.select_related("call").order_by("-call__starts_at")[:MOST_OFFERED]
    ]


def what_happened(by: Actor, person: Person, place: Place, at: datetime) -> list[Happening]:
    """List what somebody did in a community in the last quarter, the latest first."""
    since = clock.day_of(at) - OLDEST
    found = [one for provider in PROVIDERS for one in provider(by, person, place, since)]
    return sorted(found, key=lambda one: (one.day, one.words), reverse=True)[:MOST_OFFERED]


def marks(by: Actor, side: policy.Side, after: str = "") -> Listing[Mark]:
    """List the marks of one side, the newest first, with what was written."""
    rows = policy.marks_seen(by, side).select_related("person", "unit", "place")
    listing = page_by_key(rows, KEYS, after, size=SIZE)
    _with_texts(listing.rows)
    return listing


def _with_texts(rows: list[Mark]) -> None:
    """Lay beside each mark its own text and the newest correction, in one statement."""
    texts: dict[int, str] = {}
    corrections: dict[int, str] = {}
    steps = MarkStep.objects.filter(
        mark__in=[row.pk for row in rows], verb__in=("write", "correct", "withdraw")
    )
    for mark, verb, text in steps.order_by("id").values_list("mark", "verb", "text"):
        (texts if verb == "write" else corrections)[mark] = text
    for row in rows:
        row.text = texts.get(row.pk, "")  # type: ignore[attr-defined]
        row.correction = corrections.get(row.pk, "")  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Word:
    """One word in the matter, with the heading it stands under."""

    step: MarkStep
    title: str


@dataclass(frozen=True)
class MarkPage:
    """A mark with everything that was said, and what its reader may say now."""

    mark: Mark
    text: MarkStep | None
    corrections: list[Word]  # as large as the mark itself
    words: list[Word]
    may: list[str]
    tone: str


TONES = {
    "told": "act", "answered": "due", "unanswered": "due", "adopted": "act", "refused": "act",
    "appealed": "due", "stands": "ok", "void": "plain", "withdrawn": "plain", "expired": "plain",
}  # fmt: skip


def mark_page(by: Actor, mark: Mark) -> MarkPage:
    """Read a mark."""
    steps = list(mark.steps.order_by("id"))
    titles = word_titles()
    said = [Word(step, titles[step.verb]) for step in steps if step.verb != "write"]
    loud = ("correct", "withdraw")
    return MarkPage(
        mark=mark,
        text=next((step for step in steps if step.verb == "write"), None),
        corrections=[word for word in said if word.step.verb in loud],
        words=[word for word in said if word.step.verb not in loud],
        may=[verb for verb in VERBS if policy.may_now(by, mark, verb)],  # type: ignore[arg-type]
        tone=TONES[mark.state],
    )


def word_titles() -> dict[str, str]:
    """Say what each step of a mark is called."""
    return {
        "write": _("评议"),
        "reply": _("本人说明"),
        "lapse": _("说明期已过，没有说明"),
        "adopt": _("采纳，理由"),
        "refuse": _("不采纳，理由"),
        "appeal": _("申诉"),
        "settle": _("申诉期已过，认定生效"),
        "correct": _("更正"),
        "withdraw": _("收回，原因"),
        "expire": _("已到期"),
    }


def unit_year(by: Actor, year: int, after: str = "") -> Listing[Mark]:
    """List what communities said of one's unit in a year: texts, by time. No totals."""
    rows = policy.marks_seen(by, "unit").filter(day__year=year)
    listing = page_by_key(rows.select_related("person", "unit", "place"), KEYS, after, size=SIZE)
    _with_texts(listing.rows)
    return listing


def people_to_mark(by: Actor, place: Place, text: str) -> list[Person]:
    """Find who lives in a community by name, for the form."""
    rows = policy.markable(by, place).filter(name__icontains=text.strip()).select_related("unit")
    return list(rows.order_by("sort_key", "pk")[:MOST_OFFERED])


def soon_over(mark: Mark, today: date) -> bool:
    """Tell whether the time to reply ends today or tomorrow."""
    return mark.reply_by <= today + timedelta(days=1)
