"""Open a drive, say it with one tap, look at a spot, shut it; at the end everything said goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from groundwork.base import attachments, changes, clock, retention, trail
from groundwork.base.actor import NOBODY, Actor, system
from groundwork.base.models import Attachment
from groundwork.registry.models import Place
from groundwork.voices.models import Drive, SpotVisit, Statement
from groundwork.voices.policy import drives as policy
from groundwork.voices.policy.home import check_keeps, require_person
from groundwork.voices.rules import drives as rules

KIND = "voices.drive"
RULE = "voices.drives"
CLOCK = system("voices.clock")
PICTURE = "photo"


@dataclass(frozen=True)
class DrivePlan:
    """What a community asks for, what one tap says, by whose authority, from when to when."""

    place: Place
    title: str
    statement: str
    authority: str
    first_day: date
    last_day: date


@transaction.atomic
def open_drive(plan: DrivePlan, *, by: Actor, at: datetime | None = None) -> Drive:
    """Open a drive; it shuts by itself. Raises Forbidden, BadPeriod, NoAuthority."""
    at = at or clock.now()
    check_keeps(by, plan.place)
    rules.check_period(plan.first_day, plan.last_day, clock.day_of(at))
    if len(plan.authority.strip()) < 4:
        raise rules.NoAuthority
    made = Drive.objects.create(opened_at=at, **vars(plan))
    trail.record(by, "open", KIND, made.public_id, at=at)
    return made


def state_done(
    public_id: str, picture: bytes | None = None, *, by: Actor, at: datetime | None = None
) -> Statement:
    """Say with one tap that one takes part; twice is once. Raises DriveShut."""
    at = at or clock.now()
    person = require_person(by)
    with transaction.atomic():
        drive = _open(public_id, "say", by, at)
        known = Statement.objects.filter(drive=drive, person=person).first()
        if known is not None:
            return known
        try:
            with transaction.atomic():
                made = Statement.objects.create(
                    drive=drive, person=person, day=clock.day_of(at), picture=_keep(picture, at)
                )
        except IntegrityError:
            return Statement.objects.get(drive=drive, person=person)
        trail.record(by, "state", KIND, drive.public_id, at=at)
        return made


def visit_spot(
    public_id: str,
    spot: str,
    *,
    fine: bool,
    note: str = "",
    picture: bytes | None = None,
    client_key: str = "",
    by: Actor,
    at: datetime | None = None,
) -> SpotVisit:
    """Write down what the community saw at a spot; a key known already gives the first again."""
    at = at or clock.now()
    with transaction.atomic():
        drive = _open(public_id, "keep", by, at)
        known = SpotVisit.objects.filter(drive=drive, client_key=client_key or None).first()
        if client_key and known is not None:
            return known
        made = SpotVisit.objects.create(
            drive=drive,
            spot=spot.strip()[:80],
            fine=fine,
            note=note.strip()[:200],
            day=clock.day_of(at),
            picture=_keep(picture, at),
            client_key=client_key[:40] or None,
        )
        trail.record(by, "visit", KIND, drive.public_id, at=at)
        return made


def _open(public_id: str, verb: policy.Verb, by: Actor, at: datetime) -> Drive:
    drive = policy.drive_for(by, public_id, verb, lock=True)
    rules.step(drive.state, "state" if verb == "say" else "visit")
    rules.check_today(drive.first_day, drive.last_day, clock.day_of(at))
    return drive


def _keep(picture: bytes | None, at: datetime) -> Attachment | None:
    """Draw a picture anew, without where and when it was taken and whose phone it was."""
    if not picture:
        return None
    return attachments.store(picture, name=PICTURE, by=NOBODY, at=at, allowed=attachments.IMAGES)


@transaction.atomic
def shut_drive(public_id: str, *, by: Actor, at: datetime | None = None) -> Drive:
    """End a drive now: what was said and photographed is erased, a tombstone says how much."""
    at = at or clock.now()
    drive = policy.drive_for(by, public_id, "keep", lock=True)
    rules.step(drive.state, "shut")
    return _shut(drive, by, at)


def _shut(drive: Drive, by: Actor, at: datetime) -> Drive:
    retention.erase(KIND, [drive.public_id], rule=RULE, by=by, at=at)
    drive.refresh_from_db()
    trail.record(by, "shut", KIND, drive.public_id, ["state", "shut_at"], at=at)
    day = clock.day_of(at).isoformat()
    changes.record(KIND, drive.public_id, after={"place": drive.place_id, "day": day}, at=at)
    return drive


def shut_due(*, at: datetime | None = None) -> int:
    """Shut the drives whose last day is over; give how many."""
    at = at or clock.now()
    over = Drive.objects.filter(state=Drive.State.OPEN, last_day__lt=clock.day_of(at))
    shut = 0
    for public_id in over.order_by("pk").values_list("public_id", flat=True):
        with transaction.atomic():
            drive = policy.drive_for(CLOCK, public_id, "keep", lock=True)
            if drive.state == Drive.State.OPEN:
                _shut(drive, CLOCK, at)
                shut += 1
    return shut


@retention.eraser(KIND)
def erase_drives(ids: Sequence[str], at: datetime) -> int:
    """Shut drives and erase what was said in them; numbers without names stay.

    A restore of an older backup, in which a drive was still open, shuts it again.
    """
    erased = 0
    for drive in Drive.objects.select_for_update().filter(public_id__in=ids):
        said, seen = Statement.objects.filter(drive=drive), SpotVisit.objects.filter(drive=drive)
        pictures = {
            *said.values_list("picture", flat=True),
            *seen.values_list("picture", flat=True),
        }
        if drive.statements is None:
            drive.statements, drive.visits = said.count(), seen.count()
            drive.fine = seen.filter(fine=True).count()
            drive.state, drive.shut_at = Drive.State.SHUT, at
            drive.save(update_fields=["statements", "visits", "fine", "state", "shut_at"])
            erased += 1
        erased += said.delete()[0] + seen.delete()[0]
        for row in Attachment.objects.filter(pk__in=pictures - {None}):
            attachments.erase_content(row)
            row.delete()
    return erased
