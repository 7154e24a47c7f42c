"""The rectification ledger of a discussion, one finding, what a body still has open.

All of it is read from the matters: there is no second state to keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from groundwork.base.actor import Actor
from groundwork.base.listing import Listing, Todo, page_by_key
from groundwork.campaigns.models import Campaign, Finding, FindingCheck
from groundwork.campaigns.policy import discussion as discussions
from groundwork.campaigns.policy import rectify as policy
from groundwork.campaigns.rules import rectify as rules
from groundwork.matters.models import Category, Door, Matter
from groundwork.matters.policy import visible_matters
from groundwork.matters.queries.intake import offered_categories
from groundwork.matters.rules.states import AT_WORK, can
from groundwork.registry.models import Body, Person

SIZE, FEW = 40, 10
BESIDE = ("body", "matter__category", "matter__handler", "campaign")
OPEN = Q(matter__closed_at=None)


def problem_categories() -> list[Category]:
    """List the kinds of problems of the city, in the office's order."""
    return offered_categories(Category.Audience.STAFF)


def ledger(
    by: Actor, campaign: Campaign, *, category: str = "", done: bool = False, after: str = ""
) -> Listing[Finding]:
    """List findings of a discussion and its copies, open or ended, of one kind or all."""
    rows = policy.visible_findings(by).filter(discussions.family(campaign, "campaign"))
    rows = rows.filter(~OPEN if done else OPEN)
    if category:
        rows = rows.filter(matter__category__code=category)
    return page_by_key(rows.select_related(*BESIDE), ("-id",), after, size=SIZE)


@dataclass(frozen=True)
class FindingPage:
    """A finding: the matter as it stands, who looked, what the reader may do."""

    finding: Finding
    checks: list[FindingCheck]
    may_confirm: bool
    may_reopen: bool
    may_fix: bool
    may_work: bool  # the reader's desk has the matter
    late: bool


def finding_page(by: Actor, finding: Finding, at: datetime) -> FindingPage:
    """Read a finding."""
    matter = finding.matter
    own = by.unit is not None and by.unit.startswith(finding.body.path)
    owner = by.person_id is not None and matter.handler_id == by.person_id
    looks = policy.may_check(by, finding) and not own and not owner
    late = matter.closed_at is None and matter.solve_by is not None and matter.solve_by < at
    return FindingPage(
        finding=finding,
        checks=list(finding.checks.all()),
        may_confirm=looks and matter.state in rules.TO_CHECK,
        may_reopen=looks and matter.state in rules.TO_REOPEN,
        may_fix=policy.may_fix(by, finding) and can(matter.state, "answer"),
        may_work=visible_matters(by, at).filter(pk=matter.pk).exists(),
        late=late,
    )


def open_of(by: Actor, body: Body) -> list[Finding]:
    """List what a body still has to put right, the most urgent first."""
    rows = policy.visible_findings(by).filter(OPEN, body=body).select_related(*BESIDE)
    return list(rows.order_by("matter__solve_by", "id")[:FEW])


def finding_of(by: Actor, matter: Matter) -> Finding | None:
    """Give the finding that a matter is, to whom may read it; other matters ask nothing."""
    if matter.door != Door.CAMPAIGN:
        return None
    rows = policy.visible_findings(by).filter(matter=matter)
    return rows.select_related("body", "campaign", "point").first()


def person_of(public_id: str) -> Person | None:
    """Give the person chosen."""
    return Person.objects.filter(public_id=public_id, merged_into=None).first()


def todo(by: Actor, at: datetime) -> list[Todo]:
    """List what one answers for and has not put right, what is late first."""
    if by.person_id is None:
        return []
    rows = Finding.objects.filter(
        matter__handler=by.person_id, matter__state__in=AT_WORK
    ).select_related("matter", "body")
    return [
        Todo(
            title=row.matter.title,
            url=reverse("campaigns:finding", args=[row.public_id]),
            sub=str(row.body),
            due=row.matter.solve_by,
            tone="late" if row.matter.solve_by and row.matter.solve_by < at else "",
        )
        for row in rows.order_by("matter__solve_by", "id")[:3]
    ]
