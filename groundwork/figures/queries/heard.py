"""The sources of what people said, watched and filled in: words, surveys, digests, forms.

As in `sources`, each starts from its area's own policy. What was said is nobody's to read who may
not read the matter itself; who said it is in no line.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.models import FormTiming
from groundwork.figures.queries.source import Condition, Line, Measure, Source, Time
from groundwork.figures.queries.splits import matter_splits
from groundwork.live.models import Digest
from groundwork.live.policy.streams import visible_streams
from groundwork.matters.models import Raiser
from groundwork.matters.policy.matter import not_withheld, visible_matters
from groundwork.matters.queries.rates import with_word
from groundwork.registry.models import Place
from groundwork.voices.models import Survey
from groundwork.voices.policy.surveys import readable_surveys


# ---- who was asked about the last answer, and what they said ----------------------------------
def _asked(at: datetime) -> QuerySet[Raiser]:
    """Each raiser once, with the word or without: asked, said and yes are counted of one row.

    The conditions of the matter stand beside the rows and not in a list of keys, so that a day
    is found by its index.
    """
    rows = Raiser.objects.filter(not_withheld(at, "goes_on__"), goes_on__answered_at__isnull=False)
    return with_word(rows.exclude(goes_on__state="merged"))


def _open_asked(rows: QuerySet[Raiser], by: Actor, at: datetime) -> QuerySet[Raiser]:
    """Only to who may work on the matter: whether somebody was satisfied is on no board."""
    if not (by.grants or by.system):
        return rows.none()
    return rows.filter(goes_on__in=visible_matters(by, at).values("pk"))


def _asked_line(raiser: Raiser, by: Actor) -> Line:
    """Say which matter it was about; who was asked stands there, for those who may know."""
    matter = raiser.goes_on
    sub = " · ".join([matter.receipt, matter.place.name])
    url = reverse("matters:matter", args=[matter.public_id])
    return Line(
        matter.category.name, sub, clock.day_of(matter.answered_at or matter.raised_at), url
    )


WORDS = Source(
    key="matters.word",
    name=_("问到的提出人"),
    rows=_asked,
    readable=_open_asked,
    line=_asked_line,
    times={
        "raised": Time("goes_on__raised_at", _("提出时间")),
        "answered": Time("goes_on__answered_at", _("最近一次答复的时间")),
    },
    place="goes_on__place__path",
    body="goes_on__lead__path",
    conditions={
        "enterprise": Condition(_("企业提出"), Q(goes_on__door="enterprise")),
        "accepted": Condition(_("已受理"), Q(goes_on__accepted_at__isnull=False)),
        "answered_said": Condition(_("说了有没有答复"), Q(word__answered__isnull=False)),
        "answered_yes": Condition(_("说“答复了”"), Q(word__answered=True)),
        "solved_said": Condition(_("说了解决没有"), Q(word__solved__isnull=False)),
        "solved_yes": Condition(_("说“解决了”"), Q(word__solved=True)),
        "satisfied_said": Condition(_("说了满不满意"), Q(word__satisfied__isnull=False)),
        "satisfied_yes": Condition(_("说“满意”"), Q(word__satisfied=True)),
    },
    splits=matter_splits("goes_on__"),
    beside=("goes_on__category", "goes_on__place"),
    log={
        "matters.matter": {"raised": "raised", "answered": "answered"},
        "matters.word": {"raised": "raised", "answered": "answered"},
    },
    ripe=lambda since, until: Q(
        goes_on__withheld_until__gt=since, goes_on__withheld_until__lte=until
    ),
    edition=2,
)


# ---- surveys that are over ------------------------------------------------------------------
def _surveys(at: datetime) -> QuerySet[Survey]:
    return Survey.objects.filter(answered__isnull=False)


def _open_surveys(rows: QuerySet[Survey], by: Actor, at: datetime) -> QuerySet[Survey]:
    return rows.filter(pk__in=readable_surveys(by).values("pk"))


def _survey_line(survey: Survey, by: Actor) -> Line:
    shown = survey.state == Survey.State.PUBLISHED
    page = "voices:survey_results" if shown else "voices:survey"
    url = reverse(page, args=[survey.public_id])
    return Line(survey.title, str(survey.body), clock.day_of(survey.closes_at), url)


SURVEYS = Source(
    key="voices.survey",
    name=_("已截止的问卷"),
    rows=_surveys,
    readable=_open_surveys,
    line=_survey_line,
    times={"closed": Time("closes_at", _("截止时间"))},
    place="place__path",
    body="body__path",
    conditions={"invited": Condition(_("请人来答"), Q(invited__gt=0))},
    measures={
        "answers": Measure(_("收到的答卷"), F("answered")),
        "invited": Measure(_("请到的人"), F("invited")),
        "invited/answered": Measure(_("收到的答卷"), F("answered")),
    },
    beside=("body",),
    log={"voices.survey": {"closed": "day"}},
)


# ---- who watched ----------------------------------------------------------------------------
def _digests(at: datetime) -> QuerySet[Digest]:
    return Digest.objects.filter(made_at__lte=at)


def _open_digests(rows: QuerySet[Digest], by: Actor, at: datetime) -> QuerySet[Digest]:
    return rows.filter(stream__in=visible_streams(by).values("pk"))


def _digest_line(digest: Digest, by: Actor) -> Line:
    stream = digest.stream
    evening = stream.subject_kind == "study.evening" and stream.subject_id
    url = reverse("study:hall_figures", args=[evening]) if evening else ""
    return Line(stream.title, str(stream.host), clock.day_of(stream.starts_at), url)


DIGESTS = Source(
    key="live.digest",
    name=_("收看汇总"),
    rows=_digests,
    readable=_open_digests,
    line=_digest_line,
    times={"evening": Time("stream__starts_at", _("直播开始时间"))},
    place="stream__host__place__path",
    body="",  # who watched is never said of a unit
    measures={
        "viewers": Measure(_("去重后的收看人数"), F("viewers")),
        "plays": Measure(_("播放次数"), F("plays")),
    },
    beside=("stream__host",),
    sealed=_("每分钟谁在看的记号在直播后汇总成一行，随即删除；这里打开的是汇总。"),
    log={"live.digest": {"evening": "day"}},
    ripe=lambda since, until: Q(made_at__gt=since, made_at__lte=until),
    hangs="stream__host",
)


# ---- what forms took ------------------------------------------------------------------------
def _sends(at: datetime) -> QuerySet[FormTiming]:
    """All sends up to a day; a form asks the whole city, so that they lie at its root."""
    root = Place.objects.filter(depth=1).order_by("path").values("path")[:1]
    return FormTiming.objects.filter(day__lte=clock.day_of(at)).annotate(city=Subquery(root))


FORMS = Source(
    key="web.form",
    name=_("提交的表单"),
    rows=_sends,
    readable=lambda rows, by, at: rows,
    line=lambda row, by: Line(row.form_key, "", row.day),
    times={"day": Time("day", _("提交的日子"), day=True)},
    place="city",
    body="",
    measures={"seconds": Measure(_("从打开到提交"), F("seconds"))},
    groups="form_key",
    log={"web.form": {"day": "day"}},
)
