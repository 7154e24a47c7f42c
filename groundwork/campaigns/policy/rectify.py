"""Who reads a finding, who files one, and who may look whether it is put right.

A finding is its unit's own business, and of those who keep or audit the discussion it came of.
"""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet

from groundwork.base.actor import Actor, Role
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.rows import sole
from groundwork.base.tree import EVERYWHERE, covers, under
from groundwork.campaigns.models import Finding
from groundwork.service.policy.visits import KEEPERS, OPERATORS, keeps

Verb = Literal["view", "check", "fix"]


def visible_findings(by: Actor) -> QuerySet[Finding]:
    """Findings of the actor's own unit, of the units it keeps, of the places it audits."""
    if by.system:
        return Finding.objects.filter(EVERYWHERE)
    seen = under("body__path", by.bodies(*KEEPERS, *OPERATORS))
    seen |= under("body__place__path", by.places(*OPERATORS, Role.AUDITOR))
    if by.unit is not None and by.person_id is not None:
        seen |= Q(body__path=by.unit) | Q(matter__handler=by.person_id)
    return Finding.objects.filter(seen)


def may_check(by: Actor, finding: Finding) -> bool:
    """Tell whether the actor looks after the discussion, or audits the place."""
    if keeps(by, finding.campaign.body):
        return True
    place = finding.body.place
    return covers(by.places(Role.AUDITOR), place.path if place else None)


def finding_for(by: Actor, public_id: str, verb: Verb = "view") -> Finding:
    """Fetch a finding for an act. Raises NotFound, Forbidden."""
    rows = visible_findings(by).select_related(
        "campaign__body__place", "body__place", "point", "matter__category", "matter__handler"
    )
    found = sole(rows.filter(public_id=public_id))
    if found is None:
        raise NotFound
    if verb == "check" and not may_check(by, found):
        raise Forbidden
    if verb == "fix" and not may_fix(by, found):
        raise Forbidden
    return found


def may_fix(by: Actor, finding: Finding) -> bool:
    """Tell whether the actor answers for the finding, or keeps its unit."""
    owner = by.person_id is not None and finding.matter.handler_id == by.person_id
    return owner or bool(by.system) or covers(by.bodies(*KEEPERS), finding.body.path)
