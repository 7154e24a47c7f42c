"""Who takes part in a discussion, who keeps it, who reads what somebody said there.

Whoever works below the body that leads it takes part; a draft is its keepers' alone. What was said
is read once it is shown; before, by its author and the keepers.
"""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import hold_row, sole
from groundwork.base.tree import EVERYWHERE, NOWHERE, chain, covers, under
from groundwork.campaigns.models import Campaign, Contribution, PhaseTask, Question
from groundwork.campaigns.rules.discussion import NotOfCampaign
from groundwork.registry.models import Body
from groundwork.service.policy.points import kept_units, may_keep
from groundwork.service.policy.visits import KEEPERS, OPERATORS, keeps

Verb = Literal["view", "keep", "speak"]
WordVerb = Literal["view", "own", "settle"]
BESIDE = ("body__place", "upper__body", "upper__upper__body", "upper__upper__upper__body")
SHOWN, DRAFT = Contribution.State.SHOWN, Campaign.State.DRAFT


def _kept(by: Actor, prefix: str = "") -> Q:
    if by.system:
        return EVERYWHERE
    return under(f"{prefix}body__path", by.bodies(*KEEPERS, *OPERATORS)) | under(
        f"{prefix}body__place__path", by.places(*OPERATORS)
    )


def _seen(by: Actor) -> Q:
    audited = under("body__place__path", by.places(Role.AUDITOR))
    if by.unit is None or by.person_id is None:
        return audited
    return audited | Q(body__path__in=chain(by.unit))


def visible_campaigns(by: Actor) -> QuerySet[Campaign]:
    """Discussions that the actor keeps, takes part in or audits; drafts only as a keeper."""
    return Campaign.objects.filter(_kept(by) | (_seen(by) & ~Q(state=DRAFT)))


def campaign_for(by: Actor, public_id: str, verb: Verb = "view", *, lock: bool = False) -> Campaign:
    """Fetch a discussion for an act. Raises NotFound out of scope, Forbidden."""
    if lock:
        hold_row(Campaign, public_id=public_id)
    rows = visible_campaigns(by).select_related(*BESIDE)
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if verb == "keep" and not keeps(by, found.body):
        raise Forbidden
    if verb == "speak" and not takes_part(by, found):
        raise Forbidden
    return found


def require_staff(by: Actor) -> None:
    """Refuse whoever has nothing to do with discussions. Raises Forbidden."""
    if not by.system and by.person_id is None:
        raise Forbidden


def may_lead(by: Actor) -> bool:
    """Tell whether the actor keeps any body that could lead a discussion."""
    return may_keep(by)


def takes_part(by: Actor, campaign: Campaign) -> bool:
    """Tell whether the actor works below the body that leads the discussion."""
    return by.person_id is not None and covers([campaign.body.path], by.unit)


def speaking_units(by: Actor, campaign: Campaign) -> QuerySet[Body]:
    """Units of the discussion in whose name the actor may speak and report."""
    return kept_units(by).filter(path__startswith=campaign.body.path).select_related("place")


def require_unit(by: Actor, campaign: Campaign, body: Body) -> None:
    """Refuse a unit that takes no part, or for which the actor does not speak.

    Raises NotOfCampaign, Forbidden.
    """
    if not body.path.startswith(campaign.body.path):
        raise NotOfCampaign
    if not speaking_units(by, campaign).filter(pk=body.pk).exists():
        raise Forbidden


def require_leader(by: Actor, body: Body) -> None:
    """Refuse a body that is not the actor's to keep. Raises Forbidden."""
    if not kept_units(by).filter(pk=body.pk).exists():
        raise Forbidden


def line_of(campaign: Campaign) -> list[Campaign]:
    """List a discussion and those it was copied from, the own one first."""
    line, up = [campaign], campaign.upper
    while up is not None:
        line.append(up)
        up = up.upper
    return line


def task_of(campaign: Campaign, public_id: str) -> PhaseTask:
    """Fetch a task of a discussion or of those above it. Raises NotFound."""
    rows = PhaseTask.objects.filter(phase__campaign__in=line_of(campaign), public_id=public_id)
    found = sole(rows.select_related("phase", "category"))
    if found is None:
        raise NotFound
    return found


def question_of(campaign: Campaign, public_id: str) -> Question:
    """Fetch a question of a discussion or of those above it. Raises NotFound."""
    rows = Question.objects.filter(phase__campaign__in=line_of(campaign), public_id=public_id)
    found = sole(rows.select_related("phase"))
    if found is None:
        raise NotFound
    return found


def family(campaign: Campaign, prefix: str = "") -> Q:
    """Make a condition: of this discussion or of a copy below it, four levels deep."""
    ways = ("", "__upper", "__upper__upper", "__upper__upper__upper")
    condition = NOWHERE
    for way in ways:
        condition |= Q(**{f"{prefix}{way}".strip("_") or "pk": campaign.pk})
    return condition


def visible_words(by: Actor) -> QuerySet[Contribution]:
    """What was said and is shown, one's own, and everything where the actor keeps.

    What was taken back has no words any more: its author alone finds that it was there.
    """
    own = Q(person=by.person_id) if by.person_id is not None else NOWHERE
    kept = _kept(by, "campaign__") & ~Q(state=Contribution.State.WITHDRAWN)
    rows = Contribution.objects.filter(Q(state=SHOWN) | own | kept)
    return rows.filter(campaign__in=visible_campaigns(by).values("pk"))


def word_for(
    by: Actor, public_id: str, verb: WordVerb = "view", *, lock: bool = False
) -> Contribution:
    """Fetch what somebody said for an act. Raises NotFound, Forbidden."""
    if lock:
        hold_row(Contribution, public_id=public_id)
    rows = visible_words(by).select_related(
        "campaign__body__place", "question", "person__unit", "body", "matter", "recording"
    )
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if verb == "own" and not is_own(by, found):
        raise Forbidden
    if verb == "settle" and not keeps(by, found.campaign.body):
        raise Forbidden
    return found


def is_own(by: Actor, word: Contribution) -> bool:
    """Tell whether the actor said it."""
    return by.person_id is not None and word.person_id == by.person_id
