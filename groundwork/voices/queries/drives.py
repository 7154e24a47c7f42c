"""Drives: what runs, what was seen, what stays once it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.listing import Listing, page_by_key
from groundwork.base.models import Attachment
from groundwork.base.numbers import Rate
from groundwork.base.tree import NOWHERE
from groundwork.voices.models import Drive, SpotVisit, Statement
from groundwork.voices.policy import drives as policy
from groundwork.voices.policy.home import at_kept, keeps

SIZE = 30
PICTURES = 24  # the newest on a page


def drives(by: Actor, after: str = "") -> Listing[Drive]:
    """List the drives of one's communities, the latest first."""
    rows = policy.visible_drives(by).select_related("place")
    return page_by_key(rows, ("-first_day", "-id"), after, size=SIZE)


@dataclass(frozen=True)
class DrivePage:
    """What the page of a drive shows: one's own tap; to the community what it saw."""

    drive: Drive
    open: bool
    mine: Statement | None
    keeps: bool
    lives: bool
    spots: Listing[SpotVisit] | None
    statements: int
    fine: Rate | None
    pictures: list[str]  # of statements, without whose they are: to the community alone


def drive_page(by: Actor, drive: Drive, at: datetime, after: str = "") -> DrivePage:
    """Read a drive. Who tapped is told to nobody; how many is told to everybody who sees it."""
    today = clock.day_of(at)
    running = drive.state == "open" and drive.first_day <= today <= drive.last_day
    mine = Statement.objects.filter(drive=drive, person=by.person_id)
    seen = SpotVisit.objects.filter(drive=drive)
    over = drive.statements is not None
    visits = (drive.visits or 0) if over else seen.count()
    fine = (drive.fine or 0) if over else seen.filter(fine=True).count()
    keeping = keeps(by, drive.place)
    rows = policy.spots_of(by, drive).select_related("picture")
    return DrivePage(
        drive=drive,
        open=running,
        mine=mine.select_related("picture").first() if by.person_id is not None else None,
        keeps=keeping,
        lives=policy.lives_in(by, drive.place),
        spots=page_by_key(rows, ("-id",), after, size=SIZE) if keeping else None,
        statements=drive.statements
        if drive.statements is not None
        else Statement.objects.filter(drive=drive).count(),
        fine=Rate(fine, visits) if visits else None,
        pictures=_pictures(drive) if keeping else [],
    )


def _pictures(drive: Drive) -> list[str]:
    rows = Statement.objects.filter(drive=drive, picture__isnull=False).order_by("-id")
    return list(rows.values_list("picture__public_id", flat=True)[:PICTURES])


def picture(by: Actor, public_id: str) -> Attachment:
    """Find a picture of a drive of a community one keeps, or one's own. Raises NotFound."""
    mine = Q(pk__in=Statement.objects.filter(person=by.person_id).values("picture"))
    own = mine if by.person_id is not None else NOWHERE
    seen = SpotVisit.objects.filter(at_kept(by, "drive__place__path")).values("picture")
    said = Statement.objects.filter(at_kept(by, "drive__place__path")).values("picture")
    rows = Attachment.objects.filter(own | Q(pk__in=seen) | Q(pk__in=said))
    found = rows.filter(public_id=public_id).first()
    if found is None or not found.file:
        raise NotFound
    return found
