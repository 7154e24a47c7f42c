"""What a raiser's own pages show: one matter with what may be said now, and the list of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.listing import Listing, page_by_key
from groundwork.matters.models import Matter, MatterFile, Raiser, Step, Verdict
from groundwork.matters.policy import all_raisers
from groundwork.matters.policy.own import on_board, own_raisers, own_work, raiser_for
from groundwork.matters.queries.timeline import Entry, Timeline, entry_for, timeline
from groundwork.matters.rules import verdicts, words
from groundwork.matters.rules.states import AT_WORK, OPEN, can

AT_OFFICE = ("raised", "accepted", *AT_WORK, "outside")  # the office owes the next step
QUESTIONS = ("answered", "satisfied")


@dataclass(frozen=True)
class Part:
    """Another matter that came out of this one, and the key of the own way to it."""

    matter: Matter
    title: str
    key: str


@dataclass(frozen=True)
class OwnPage:
    """One matter as its raiser reads it, and what the raiser may do now."""

    key: str
    raiser: Raiser
    raised: Matter  # what the link was given for
    matter: Matter  # what goes on: that one, or the one it was merged into
    timeline: Timeline
    parts: list[Part]
    others: int
    said: Verdict | None  # of the answer spoken of
    on_board: bool  # everybody may read the public wording
    waits_until: datetime | None  # kept back: nobody works on it before
    may_say: bool  # solved or not, by one tap
    own_work: bool  # the lead's own people: they may ask for a redo, no more
    may_rate: list[str]  # the questions still open
    may_thank: bool
    may_add: bool
    may_appeal: bool
    may_withdraw: bool

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The steps of the own matter and, where it went on, of the other one."""
        return self.timeline.whole


def own_page(by: Actor, key: str, at: datetime) -> OwnPage:
    """Read the own matter. Raises NotFound."""
    raiser = raiser_for(by, key)
    way = timeline(raiser.matter, raiser, at)
    matter = way.standing.matter
    of_round = verdicts.round_of(matter.state, matter.redo_count)
    spoken = Verdict.objects.filter(raiser=raiser, matter=matter, round=of_round)
    said = spoken.first() if of_round >= 0 else None
    mine = matter.steps.filter(verb__in=("thank", "appeal", "add"))
    acts = list(mine.values_list("verb", "data__raiser"))
    own = own_work(by, raiser, matter)
    others = all_raisers(matter).filter(erased_at=None).exclude(pk=raiser.pk).count()
    return OwnPage(
        key=key,
        raiser=raiser,
        raised=raiser.matter,
        matter=matter,
        timeline=way,
        parts=_parts(raiser, key),
        others=others,
        said=said,
        on_board=on_board(raiser.matter, at),
        waits_until=_waits_until(matter, at),
        may_say=can(matter.state, "refuse") and (said is None or said.solved is None),
        own_work=own,
        may_rate=[
            name
            for name in QUESTIONS
            if of_round >= 0 and not own and (said is None or getattr(said, name) is None)
        ],
        may_thank=matter.state in verdicts.SPOKEN_OF and ("thank", raiser.pk) not in acts,
        may_add=matter.state in OPEN and acts.count(("add", raiser.pk)) < verdicts.MOST_ADDED,
        may_appeal=can(matter.state, "appeal") and "appeal" not in {verb for verb, _by in acts},
        may_withdraw=can(matter.state, "withdraw") and not others,
    )


@dataclass(frozen=True)
class KeptOf:
    """What is kept of what a raiser said after raising."""

    said: list[Entry]
    verdicts: list[Verdict]
    words: str  # yes, no, nothing said: for the template's own filter


def kept_of(page: OwnPage) -> KeptOf:
    """Read all that stands of one raiser beside the matter itself."""
    raiser = page.raiser
    keys = {way.matter.pk for way in page.timeline.ways}
    steps = Step.objects.filter(matter__in=keys, data__raiser=raiser.pk).order_by("id")
    # Solved or not is a step; these are the two questions beside it.
    rated = Verdict.objects.filter(raiser=raiser).exclude(answered=None, satisfied=None)
    return KeptOf(
        said=[entry_for(step, raiser) for step in steps],
        verdicts=list(rated.order_by("pk")),
        words=",".join((gettext("是"), gettext("否"), "—")),
    )


def _waits_until(matter: Matter, at: datetime) -> datetime | None:
    """Say until when nobody works on an open matter because it is kept back."""
    until = matter.withheld_until
    held = until is not None and until > at and matter.state in AT_OFFICE
    return until if held else None


def _parts(raiser: Raiser, key: str) -> list[Part]:
    """List what was split off; the old link opens it, an account finds it by its own id."""
    split = raiser.matter.parts.filter(raisers__isnull=False).distinct().order_by("pk")
    signed_in = key == raiser.matter.public_id
    return [
        Part(
            row,
            row.title if raiser.first else words.title_of(row.public_text) or str(row.category),
            row.public_id if signed_in else f"{key}.{row.public_id}",
        )
        for row in split.select_related("category")[:20]
    ]


def own_matters(by: Actor, after: str = "") -> Listing[Raiser]:
    """List what the actor raised or joined, the newest first."""
    rows = own_raisers(by).select_related("matter__place", "matter__category", "matter__lead")
    return page_by_key(rows, ("-id",), after, size=30)


def own_file(by: Actor, key: str, file_id: str, at: datetime) -> MatterFile:
    """Fetch a file that the raiser's own page shows. Raises NotFound."""
    page = own_page(by, key, at)
    shown = {file.public_id for way in page.timeline.ways for file in way.files}
    shown |= {file.public_id for entry in page.timeline.whole for file in entry.files}
    if file_id not in shown:
        raise NotFound
    return shown_file(file_id, [page.raised, page.matter])


def shown_file(file_id: str, matters: list[Matter]) -> MatterFile:
    """Give the file of one of the matters, known to be shown. Raises NotFound."""
    files = MatterFile.objects.filter(attachment__public_id=file_id, matter__in=matters)
    found = files.select_related("attachment").first()
    if found is None or not found.attachment.file:
        raise NotFound
    return found
