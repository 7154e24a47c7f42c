"""The sources of the television inquiry and the discussion: what was asked, told, said and found.

As in `sources`, each starts from its area's own policy: before its hour an evening is not even
counted. Who said something in a discussion is in no line.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.campaigns.models import Contribution, EpisodeItem, Finding
from groundwork.campaigns.policy.discussion import visible_words
from groundwork.campaigns.policy.inquiry import aired, aired_items
from groundwork.campaigns.policy.rectify import visible_findings
from groundwork.figures.queries.heard import WORDS
from groundwork.figures.queries.source import Condition, Line, Source, Time
from groundwork.figures.queries.things import EPISODES, UNITS_ON_AIR
from groundwork.matters.models import Raiser
from groundwork.matters.rules.states import CONFIRMED


# ---- what was asked on the air --------------------------------------------------------------
def _asked(at: datetime) -> QuerySet[EpisodeItem]:
    """Each problem of each evening; `again` where an evening before had asked it."""
    others = EpisodeItem.objects.filter(aired(at, "episode__"), matter=OuterRef("matter"))
    sooner = Q(episode__airs_at__lt=OuterRef("episode__airs_at"))
    beside = Q(episode__airs_at=OuterRef("episode__airs_at"), pk__lt=OuterRef("pk"))
    return aired_items(at).alias(again=Exists(others.filter(sooner | beside)))


def _item_line(item: EpisodeItem, by: Actor) -> Line:
    sub = " · ".join(str(one) for one in (item.episode, item.body) if one)
    url = reverse("campaigns:inquiry_item", args=[item.public_id])
    return Line(item.title, sub, clock.day_of(item.episode.airs_at), url)


ASKED = Source(
    key="campaigns.item",
    name=_("问政问到的问题"),
    rows=_asked,
    readable=lambda rows, by, at: rows,  # broadcast: it is everybody's
    line=_item_line,
    times={"aired": Time("episode__airs_at", _("播出时间"))},
    place="matter__place__path",
    body="body__path",
    conditions={
        "first": Condition(_("第一次问到"), Q(again=False)),
        "solved": Condition(_("本人确认解决"), Q(matter__state__in=CONFIRMED)),
    },
    named={"units": "body", "evenings": "episode"},
    things={"units": UNITS_ON_AIR, "evenings": EPISODES},
    beside=("episode", "body"),
    log={"campaigns.item": {"aired": "day"}},
    ripe=lambda since, until: (
        Q(episode__airs_at__gt=since, episode__airs_at__lte=until)
        | Q(matter__withheld_until__gt=since, matter__withheld_until__lte=until)
    ),
)


# ---- what the raisers of these problems said ------------------------------------------------
def _told(at: datetime) -> QuerySet[Raiser]:
    """Whoever was asked about the answer to a problem that was broadcast, on its first day."""
    shown = aired_items(at)
    first = shown.filter(matter=OuterRef("goes_on")).order_by("episode__airs_at", "pk")
    rows = WORDS.rows(at).filter(goes_on__in=shown.values("matter"))
    dated: QuerySet[Raiser] = rows.annotate(aired_at=Subquery(first.values("episode__airs_at")[:1]))
    return dated


TOLD = Source(
    key="campaigns.told",
    name=_("问政问题的提出人"),
    rows=_told,
    readable=WORDS.readable,
    line=WORDS.line,
    times={"aired": Time("aired_at", _("播出时间"))},
    place=WORDS.place,
    body=WORDS.body,
    conditions={name: WORDS.conditions[name] for name in ("satisfied_said", "satisfied_yes")},
    beside=WORDS.beside,
    log={"campaigns.item": {"aired": "day"}},
    ripe=lambda since, until: (
        Q(aired_at__gt=since, aired_at__lte=until)
        | Q(goes_on__withheld_until__gt=since, goes_on__withheld_until__lte=until)
    ),
)


# ---- what was said in discussions -----------------------------------------------------------
def _said(at: datetime) -> QuerySet[Contribution]:
    shown = Q(state=Contribution.State.SHOWN) | Q(matter__isnull=False)
    return Contribution.objects.filter(shown, said_at__lte=at)


def _word_line(word: Contribution, by: Actor) -> Line:
    sub = " · ".join([word.get_kind_display(), str(word.campaign)])
    url = reverse("campaigns:word", args=[word.public_id])
    return Line(str(word), sub, clock.day_of(word.said_at), url)


SAID = Source(
    key="campaigns.word",
    name=_("大讨论的发言和建议"),
    rows=_said,
    readable=lambda rows, by, at: rows.filter(pk__in=visible_words(by).values("pk")),
    line=_word_line,
    times={"said": Time("said_at", _("说的时间"))},
    place="campaign__body__place__path",
    body="",  # who spoke up is never said of one unit
    conditions={
        "suggestion": Condition(_("意见建议"), Q(kind=Contribution.Kind.SUGGESTION)),
        "taken_up": Condition(_("已转办"), Q(matter__isnull=False)),
    },
    beside=("campaign",),
    log={"campaigns.word": {"said": "day"}},
    ripe=lambda since, until: Q(said_at__gt=since, said_at__lte=until),
    hangs="campaign__body",
)


# ---- what units found with themselves -------------------------------------------------------
def _found(at: datetime) -> QuerySet[Finding]:
    return Finding.objects.filter(matter__raised_at__lte=at)


def _finding_line(finding: Finding, by: Actor) -> Line:
    matter = finding.matter
    sub = " · ".join([str(finding.body), matter.get_state_display()])
    url = reverse("campaigns:finding", args=[finding.public_id])
    return Line(str(matter.category), sub, clock.day_of(matter.raised_at), url)


FINDINGS = Source(
    key="campaigns.finding",
    name=_("对照检查找到的问题"),
    rows=_found,
    readable=lambda rows, by, at: rows.filter(pk__in=visible_findings(by).values("pk")),
    line=_finding_line,
    times={"found": Time("matter__raised_at", _("找到的时间"))},
    place="matter__place__path",
    body="body__path",
    conditions={
        "put_right": Condition(_("整改到位"), Q(matter__state__in=CONFIRMED)),
        "came_back": Condition(_("重新整改过"), Q(matter__redo_count__gt=0)),
    },
    beside=("body", "matter__category"),
    log={"campaigns.finding": {"found": "day"}},
    ripe=lambda since, until: Q(matter__raised_at__gt=since, matter__raised_at__lte=until),
)

ON_AIR: tuple[Source, ...] = (ASKED, TOLD, SAID, FINDINGS)
