"""The policy's verdict per id: who may see which thing of the ledger and of service.

For the walk with foreign ids: what an address answers to somebody is held against the set that the
policy shows to them, not against the table of addresses, where only one's own ids stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model, Q, QuerySet

from groundwork.base.actor import Actor
from groundwork.matters.models import CallTask, Matter, Request, SampleItem
from groundwork.matters.policy import embargo, hotline, register, settings
from groundwork.matters.policy.matter import MatterVerb, may, public_matters, visible_matters
from groundwork.matters.policy.own import own_raisers
from groundwork.service.models import Round, RoundReply
from groundwork.service.policy import points, rounds, studios, visits

Seen = Callable[[Actor, datetime], QuerySet[Model]]


@dataclass(frozen=True)
class Verdict:
    """What the first argument of some addresses names, and which of it the policy shows to whom."""

    model: str  # things of the world of this kind are put there
    seen: Seen
    names: tuple[str, ...]  # addresses; a trailing * stands for all that begin so

    def covers(self, name: str) -> bool:
        """Tell whether an address is one of these."""
        return any(
            name.startswith(one[:-1]) if one.endswith("*") else name == one for one in self.names
        )


def _asked(by: Actor, at: datetime) -> QuerySet[Round]:
    mine = Q(pk__in=rounds.asked(by).filter(opens_at__lte=at).values("pk"))
    everybodys = rounds.public_rounds(at).filter(audience=Round.Audience.ALL)
    return Round.objects.filter(mine | Q(pk__in=everybodys.values("pk")))


VERDICTS = (
    Verdict(
        "matters.matter",
        visible_matters,
        (
            *("matters:matter", "matters:accept", "matters:assign", "matters:reassign"),
            *("matters:merge", "matters:split", "matters:reveal", "matters:staff_file"),
            *("matters:act", "api:matter", "api:matter_way"),
        ),
    ),
    # An operator and the editors of the television inquiry keep back what is theirs, open or not.
    Verdict(
        "matters.matter",
        lambda by, at: Matter.objects.filter(
            Q(pk__in=visible_matters(by, at).values("pk")) | Q(embargo._kept(by)),
            erased_at=None,
        ),
        ("matters:withhold",),
    ),
    Verdict(
        "matters.matter",
        lambda by, at: Matter.objects.filter(pk__in=own_raisers(by).values("matter")),
        ("matters:mine*",),
    ),
    Verdict(
        "matters.matter",
        lambda by, at: public_matters(at),
        ("matters:board_matter", "matters:board_file", "api:board_*", "open311:request"),
    ),
    Verdict(
        "matters.request",
        lambda by, at: Request.objects.filter(matter__in=visible_matters(by, at)),
        ("matters:decide",),
    ),
    Verdict(
        "registry.body",
        lambda by, at: register.register_bodies(by),
        ("matters:register", "matters:register_print", "matters:register_export"),
    ),
    Verdict(
        "matters.answertemplate",
        lambda by, at: settings.visible_templates(by),
        ("matters:template_*",),
    ),
    Verdict("matters.route", lambda by, at: settings.visible_routes(by), ("matters:route_close",)),
    Verdict(
        "matters.calltask",
        lambda by, at: CallTask.objects.filter(matter__in=visible_matters(by, at)),
        ("matters:call", "matters:call_*"),
    ),
    Verdict(
        "matters.sampleitem",
        lambda by, at: SampleItem.objects.filter(matter__in=visible_matters(by, at)),
        ("matters:sample_item", "matters:sample_reply", "matters:sample_phone"),
    ),
    Verdict(
        "registry.importbatch", lambda by, at: hotline.visible_batches(by), ("matters:hotline_*",)
    ),
    Verdict(
        "service.visit",
        lambda by, at: visits.visible_visits(by),
        ("service:visit", "service:visit_add", "service:visit_withdraw", "api:visit"),
    ),
    Verdict(
        "service.heldvisit",
        lambda by, at: visits.own_held(by),
        ("service:visit_held", "service:visit_drop"),
    ),
    Verdict(
        "service.contactpoint",
        lambda by, at: points.visible_points(by),
        ("service:point", "service:point_*", "service:squad_*"),
    ),
    Verdict("registry.body", lambda by, at: studios.visible_studios(by), ("service:studio*",)),
    Verdict(
        "service.patrolarea",
        lambda by, at: points.visible_areas(by),
        ("service:area", "service:area_*", "service:patrol"),
    ),
    Verdict(
        "service.round",
        lambda by, at: rounds.visible_rounds(by),
        ("service:round", "service:round_*"),
    ),
    Verdict(
        "service.roundreply",
        lambda by, at: RoundReply.objects.filter(round__in=rounds.visible_rounds(by)),
        ("service:take_up",),
    ),
    Verdict("service.round", _asked, ("service:ask",)),
)


def verdict_of(name: str) -> Verdict | None:
    """Give the verdict that holds for an address."""
    return next((one for one in VERDICTS if one.covers(name)), None)


# What the acts on a matter ask the policy for, by the slug or the end of the address.
ACTS: dict[str, MatterVerb] = {
    **{verb: verb for verb in ("accept", "assign", "merge", "split", "answer")},
    **{verb: verb for verb in ("decline", "start", "note", "contribute", "remind", "supervise")},
    "reassign": "assign",
    "hand-over": "hand_over",
    "hand-out": "hand_out",
    "return": "return",
    "reply": "answer",
    "extend": "ask_extension",
    "dispute": "dispute",
}  # type: ignore[dict-item]


def allows(name: str, given: Mapping[str, str], by: Actor, at: datetime) -> bool:
    """Give the policy's verdict on an address with ids in it, for one who acts."""
    verdict = verdict_of(name)
    assert verdict is not None
    first = next(iter(given.values()))
    thing = verdict.seen(by, at).filter(public_id=first).first()
    if thing is None or not isinstance(thing, Matter):
        return thing is not None
    verb = ACTS.get(given.get("slug", name.partition(":")[2]))
    return verb is None or may(by, thing, verb)
