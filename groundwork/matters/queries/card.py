"""One matter as the staff read it: fields, way, raisers, helpers, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.errors import Forbidden, NotFound
from groundwork.matters.models import CoHandler, Matter, MatterFile, Raiser, Request
from groundwork.matters.policy import may, raisers_seen, visible_matters
from groundwork.matters.policy.matter import MatterVerb
from groundwork.matters.queries.queue import Due, due_of
from groundwork.matters.queries.timeline import Timeline, timeline
from groundwork.matters.rules import deadlines, states
from groundwork.matters.rules.states import AT_WORK, OPEN
from groundwork.registry.rules.people import mask_phone

MOST_RAISERS = 20
MOST_RELATED = 20


@dataclass(frozen=True)
class Act:
    """One act on offer: its address's word, who may, in which states, how it is called."""

    slug: str
    verb: MatterVerb
    label: str | Promise
    icon: str
    step: states.Verb | None = None  # the way of the table that must stand open
    within: tuple[str, ...] = OPEN
    main: bool = False  # stands in the bar at the bottom
    danger: bool = False


WITH_STAFF = ("accepted", *AT_WORK, "outside")
SHOWN = tuple(state for state in states.STATES if state not in ("withdrawn", "merged"))

# In the order in which they are offered; the page shows those that can be done now.
ACTS: tuple[Act, ...] = (
    Act("accept", "accept", _("受理"), "check", "accept", main=True),
    Act("assign", "assign", _("派单"), "arrow-right", "assign", ("accepted", "redo"), main=True),
    Act("start", "start", _("接单"), "check", "start", ("assigned",), main=True),
    Act("answer", "answer", _("答复"), "message-circle", "answer", AT_WORK, main=True),
    Act("contribute", "contribute", _("提供协办意见"), "users-group", None, AT_WORK, main=True),
    Act(
        "outside-answer",
        "take_back",
        _("登记外单位答复"),
        "message-circle",
        None,
        ("outside",),
        main=True,
    ),
    Act("reply", "answer", _("首次回复"), "mail", None, AT_WORK),
    Act("return", "return", _("退单"), "arrow-back-up", "return"),
    Act("extend", "ask_extension", _("申请延期"), "clock", None, AT_WORK),
    Act("dispute", "dispute", _("提出派单争议"), "flag", None, ("assigned", "handling")),
    Act("hand-over", "hand_over", _("转给同事"), "user", None, AT_WORK),
    Act("reassign", "assign", _("改派"), "refresh", "assign", ("assigned", "handling")),
    Act("remind", "remind", _("催办"), "bell", None, (*AT_WORK, "outside")),
    Act("supervise", "supervise", _("督办"), "eye", None, WITH_STAFF),
    Act("end-supervision", "supervise", _("结束督办"), "eye", None, WITH_STAFF),
    Act("merge", "merge", _("并单"), "link", "merge"),
    Act("split", "split", _("拆单"), "copy", None, ("accepted", *AT_WORK)),
    Act("hand-out", "hand_out", _("转外单位"), "external-link", "hand_out"),
    Act("take-back", "take_back", _("从外单位收回"), "arrow-back-up", "take_back"),
    Act("classify", "classify", _("更正类别或公开文字"), "pencil", None, SHOWN),
    Act("withhold", "withhold", _("定公开时间"), "clock"),
    Act("note", "note", _("写内部备注"), "notebook", None, states.STATES),
    Act("decline", "decline", pgettext_lazy("动作", "不予受理"), "ban", "decline", danger=True),
)
BY_SLUG = {act.slug: act for act in ACTS}


@dataclass(frozen=True)
class Voice:
    """A raiser as the page shows one: the phone masked until somebody asks for it."""

    raiser: Raiser
    phone: str
    email: str


@dataclass(frozen=True)
class Card:
    """One matter for the staff."""

    matter: Matter
    due: Due | None
    timeline: Timeline
    voices: list[Voice]
    voices_more: bool
    unseen: int  # raisers whom the reader may not know
    can_reveal: bool
    co: list[CoHandler]
    requests: list[Request]
    decidable: bool
    merged: list[Matter]
    parts: list[Matter]
    acts: list[Act]

    @property
    def main(self) -> list[Act]:
        """Give what stands in the bar at the bottom."""
        return [act for act in self.acts if act.main]

    @property
    def others(self) -> list[Act]:
        """Give what else may be done."""
        return [act for act in self.acts if not act.main]


def card_matter(by: Actor, public_id: str, at: datetime) -> Matter:
    """Fetch a visible matter with all that its page names. Raises NotFound."""
    found = (
        visible_matters(by, at)
        .filter(public_id=public_id)
        .select_related(
            "category__parent",
            "place",
            "township",
            "district",
            "priority",
            "lead__place",
            "handler",
            "concerns",
            "merged_into",
            "split_from",
        )
        .first()
    )
    if found is None:
        raise NotFound
    return found


def card_of(by: Actor, public_id: str, at: datetime) -> Card:
    """Give the page of a matter. Raises NotFound out of scope."""
    matter = card_matter(by, public_id, at)
    days = calendar()
    requests = list(matter.requests.select_related("body").order_by("-id"))
    seen = raisers_seen(by, matter)
    shown = list(seen.select_related("body").order_by("-first", "id")[: MOST_RAISERS + 1])
    voices = [_voice(raiser) for raiser in shown[:MOST_RAISERS]]
    asked = any(request.state == Request.State.ASKED for request in requests)
    related = visible_matters(by, at).only("public_id", "receipt", "title", "state")
    has_merged = matter.raisers_count > 1 or matter.state in OPEN
    return Card(
        matter=matter,
        due=due_of(matter, at, deadlines.amber_until(days, at)),
        timeline=timeline(matter, by, at),
        voices=voices,
        voices_more=len(shown) > MOST_RAISERS,
        unseen=max(matter.raisers_count - len(shown), 0) if len(shown) <= MOST_RAISERS else 0,
        can_reveal=any(v.raiser.phone or v.raiser.email for v in voices),
        co=list(matter.co_handlers.select_related("body").order_by("id")),
        requests=requests,
        decidable=asked and may(by, matter, "decide"),
        merged=list(related.filter(merged_into=matter)[:MOST_RELATED]) if has_merged else [],
        parts=list(related.filter(split_from=matter)[:MOST_RELATED]),
        acts=offered(by, matter, requests, at),
    )


def _voice(raiser: Raiser) -> Voice:
    at = raiser.email.find("@")
    email = f"{raiser.email[:1]}***{raiser.email[at:]}" if at > 0 else ""
    return Voice(raiser, mask_phone(raiser.phone) if raiser.phone else "", email)


def offered(by: Actor, matter: Matter, requests: list[Request], at: datetime) -> list[Act]:
    """Give the acts that the actor may do and the state allows, each question asked once."""
    allowed: dict[str, bool] = {}
    found = []
    insisted = matter.returned_count > 0 and _insisted(matter)
    for act in ACTS:
        if not fits(act, matter) or _is_spent(act, matter, requests, insisted, at):
            continue
        if act.verb not in allowed:
            allowed[act.verb] = may(by, matter, act.verb)
        if allowed[act.verb]:
            found.append(act)
    return found


def fits(act: Act, matter: Matter) -> bool:
    """Tell whether the matter stands where the act makes sense, whoever does it."""
    if matter.state not in act.within:
        return False
    if act.step is not None and not states.can(matter.state, act.step):
        return False
    if act.slug == "reply":
        return matter.replied_at is None
    if act.slug in ("supervise", "end-supervision"):
        return matter.supervised == (act.slug == "end-supervision")
    return True


def _insisted(matter: Matter) -> bool:
    """Tell whether the dispatcher insisted on the lead after a return."""
    given = matter.steps.filter(verb="assign").order_by("-id").first()
    return given is not None and bool(given.data.get("insisted"))


def _is_spent(
    act: Act, matter: Matter, requests: list[Request], insisted: bool, at: datetime
) -> bool:
    """Tell whether the rules have no room for the act any more, or not yet."""
    asked = {one.kind for one in requests if one.state == Request.State.ASKED}
    if act.slug == "extend":
        return "extension" in asked or (matter.due_at is not None and at > matter.due_at)
    if act.slug == "return":
        return insisted
    if act.slug == "dispute":
        before = any(one.kind == "dispute" and one.body_id == matter.lead_id for one in requests)
        return before or not insisted
    return False


def file_of(by: Actor, public_id: str, file: str, at: datetime) -> MatterFile:
    """Fetch a file of a visible matter. Raises NotFound."""
    matter = card_matter(by, public_id, at)
    found = matter.files.select_related("attachment").filter(attachment__public_id=file).first()
    if found is None or not found.attachment.file:
        raise NotFound
    return found


def request_for(by: Actor, public_id: str, at: datetime) -> Request:
    """Fetch what a lead asks for, for whom may decide it. Raises NotFound, Forbidden."""
    asked = Request.objects.filter(public_id=public_id).select_related("body").first()
    if asked is None:
        raise NotFound
    visible = visible_matters(by, at).filter(pk=asked.matter_id).values_list("public_id", flat=True)
    matter = card_matter(by, visible.first() or "", at)
    if not may(by, matter, "decide"):
        raise Forbidden
    asked.matter = matter
    return asked
