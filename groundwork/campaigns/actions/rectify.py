"""File what a unit found with itself as a matter of its own; look whether it is put right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from groundwork.base import clock, trail
from groundwork.base.actor import Actor, system
from groundwork.base.rows import known_or_made
from groundwork.campaigns.actions.counting import note_found
from groundwork.campaigns.actions.discussion import check_allowed
from groundwork.campaigns.models import Campaign, Finding, FindingCheck, Phase
from groundwork.campaigns.policy import discussion as discussions
from groundwork.campaigns.policy import rectify as policy
from groundwork.campaigns.rules import discussion, rectify
from groundwork.matters.actions.answering import write_answer
from groundwork.matters.actions.dispatch import accept_and_assign
from groundwork.matters.actions.handling import start_matter
from groundwork.matters.actions.raising import Teller, Telling, put_matter
from groundwork.matters.actions.reopening import reopen
from groundwork.matters.actions.steps import BY_RAISER
from groundwork.matters.actions.verdict import Own, Said, give_verdict
from groundwork.matters.models import Category, Door, Kind, Matter, Raiser, Verdict
from groundwork.matters.policy import locked
from groundwork.matters.queries.keepers import handles_for
from groundwork.matters.rules import states
from groundwork.matters.rules.words import masked
from groundwork.registry.models import Body, Person

FINDING = "campaigns.finding"
SELF = system("self-check")  # the ledger's desk: what a unit found with itself is its own at once
EVENING = time(18)  # of the last day


@dataclass(frozen=True)
class FindingPlan:
    """What was found where, what shows it, what is done about it, by whom until when."""

    body: Body
    category: Category
    words: str
    evidence: str
    measures: str
    owner: Person
    due_on: date
    point: str = ""  # public id of the point of the list
    client_key: str = ""


def file_finding(
    public_id: str, plan: FindingPlan, *, by: Actor, at: datetime | None = None
) -> Finding:
    """Write a finding into the ledger, led by its unit, in the owner's hands, due on the day said.

    The body that leads the discussion is its raiser: it asks, and is asked in the end. A known key
    gives the first one again, also where both come at once. Raises NotAllowedNow, NotOfCampaign,
    Forbidden, NotOwned, BadDueDay.
    """
    at = at or clock.now()
    campaign = discussions.campaign_for(by, public_id)
    discussions.require_unit(by, campaign, plan.body)
    return known_or_made(lambda: _known(campaign, plan), lambda: _file(campaign, plan, by, at))


def _known(campaign: Campaign, plan: FindingPlan) -> Finding | None:
    if not plan.client_key:
        return None
    rows = Finding.objects.filter(matter__client_key=_key(plan), body=plan.body)
    return rows.filter(campaign=campaign).first()


def _file(campaign: Campaign, plan: FindingPlan, by: Actor, at: datetime) -> Finding:
    check_allowed(campaign, "finding", at)
    rectify.check_due_day(plan.due_on, clock.day_of(at))
    if not handles_for(plan.owner, plan.body, at):
        raise rectify.NotOwned
    made = Finding(
        campaign=campaign,
        body=plan.body,
        point=discussions.task_of(campaign, plan.point) if plan.point else None,
        evidence=masked(discussion.clean_words(plan.evidence, most=1000)),
        measures=masked(discussion.clean_words(plan.measures, most=1000)),
    )
    made.matter = _matter_of(campaign, plan, made.public_id, at)
    made.save()
    note_found(made.matter, at=at)
    trail.record(by, "file", FINDING, made.public_id, at=at)
    return made


def _key(plan: FindingPlan) -> str:
    return f"found:{plan.client_key}"[:40]


def _matter_of(campaign: Campaign, plan: FindingPlan, source: str, at: datetime) -> Matter:
    place = plan.body.place or campaign.body.place
    if place is None:
        raise discussion.NotOfCampaign
    telling = Telling(
        words=discussion.clean_words(plan.words),
        category=plan.category,
        place=place,
        door=Door.CAMPAIGN,
        kind=Kind.SUGGESTION,
        source=(FINDING, source),
        client_key=_key(plan) if plan.client_key else "",
    )
    asked_by = Teller(name=str(campaign.body), body=campaign.body)
    matter = put_matter(telling, asked_by, BY_RAISER, at).matter
    matter.solve_by = clock.local(plan.due_on, EVENING)
    matter.save(update_fields=["solve_by"])
    accept_and_assign(matter.public_id, plan.body, by=SELF, at=at)
    return start_matter(matter.public_id, plan.owner, by=SELF, at=at)


@transaction.atomic
def report_fixed(finding_id: str, text: str, *, by: Actor, at: datetime | None = None) -> Finding:
    """Say that a finding is put right: it is the unit's answer in the ledger, until somebody looks.

    By the owner, or whoever keeps the unit. Raises Forbidden, WrongState.
    """
    at = at or clock.now()
    finding = policy.finding_for(by, finding_id, "fix")
    matter = locked(finding.matter_id)
    states.step(matter.state, "answer")
    write_answer(matter, discussion.clean_words(text, most=1000), by=by, at=at)
    trail.record(by, "fix", FINDING, finding_id, at=at)
    return finding


@dataclass(frozen=True)
class Look:
    """What somebody found who looked, and when."""

    found: str
    day: date
    text: str


@transaction.atomic
def check_finding(
    finding_id: str, look: Look, *, by: Actor, at: datetime | None = None
) -> FindingCheck:
    """Say whether a finding is put right: the ledger ends it, or it is at work again.

    Also long after: what comes back is reopened. Raises OwnHands, NothingToCheck, BadCheckDay.
    """
    at = at or clock.now()
    finding = policy.finding_for(by, finding_id, "check")
    matter = locked(finding.matter_id)
    fixed = look.found == FindingCheck.Found.FIXED
    owns = by.person_id is not None and matter.handler_id == by.person_id
    rectify.check_other_hands(by.unit, finding.body.path, is_owner=owns)
    rectify.check_state(matter.state, fixed=fixed)
    rectify.check_day(look.day, clock.day_of(matter.raised_at), clock.day_of(at))
    text = masked(discussion.clean_words(look.text, most=1000))
    made = FindingCheck.objects.create(
        finding=finding,
        found=look.found,
        day=look.day,
        text=text,
        label=by.as_label[:80],
        account_id=by.account_id,
        at=at,
    )
    trail.record(by, "check", FINDING, finding_id, ["found", "day", "text"], at=at)
    if fixed:
        own = Own(Raiser.objects.get(matter=matter, first=True), matter)
        give_verdict(own, Said(solved=True, words=text), source=Verdict.Source.PAGE, at=at)
    else:
        day = _due_again(finding.campaign, matter, clock.day_of(at))
        solve_by = clock.local(day, EVENING)
        reopen(matter, text, {"check": made.public_id}, by=by, at=at, solve_by=solve_by)
    return made


def _due_again(campaign: Campaign, matter: Matter, today: date) -> date:
    """A category of the ledger gives months; here a day was promised."""
    assert matter.solve_by is not None
    phase = campaign.phases.filter(kind=Phase.Kind.RECTIFY).first()
    promised = clock.day_of(matter.solve_by)
    return rectify.due_again(promised, phase.last_day if phase else None, today)
