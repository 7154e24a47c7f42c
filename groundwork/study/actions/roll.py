"""Come onto the roll: by code, by tick, before a broadcast, afterwards; one row per person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F

from groundwork.base import bulk, changes, clock, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.ids import public_id
from groundwork.registry.models import Body, Person
from groundwork.study.models import (
    Absence,
    CodeGuess,
    Evening,
    RollConfirmation,
    RollCorrection,
    RollEntry,
    RollSheet,
    Room,
    Source,
)
from groundwork.study.policy import roll as policy
from groundwork.study.queries import roll as queries
from groundwork.study.queries import rooms
from groundwork.study.rules import roll as rules

KIND = "study.roll"
BATCH = 2000
_ENTRY = ("public_id", "evening", "person", "body", "room", "source", "recorded_at", "withdrawn")
BACK = "更正后又到场"  # the reason where a scan or a tick brings somebody back


@dataclass(frozen=True)
class Row:
    """Somebody took part: who, of which unit, by which source, when that was seen."""

    person_id: int
    body_id: int
    source: str
    at: datetime
    room_id: int | None = None
    scanned_at: datetime | None = None  # where the tap came later than the scan


@dataclass
class Written:
    """What became of rows: new on the roll, back on it, confirmed, or known already."""

    new: list[Row] = field(default_factory=list)
    back: list[Row] = field(default_factory=list)
    confirmed: list[Row] = field(default_factory=list)
    entries: dict[int, RollEntry] = field(default_factory=dict)  # by person

    @property
    def counted(self) -> list[Row]:
        """The rows that changed the count."""
        return [*self.new, *self.back]


@dataclass(frozen=True)
class Taken:
    """The answer to one tap: the entry that counts, and whether this tap made it."""

    evening: Evening
    entry: RollEntry
    fresh: bool


# ---- by oneself -----------------------------------------------------------------------------
@transaction.atomic
def sign_in(
    room_id: str, *, scanned_at: datetime, source: str, by: Actor, at: datetime | None = None
) -> Taken:
    """Sign in after a code that was good at `scanned_at`, by the server's clock.

    The tap may arrive later, and as often as it likes. Eight statements with session, account
    and grants: this is what a thousand phones do in one minute.
    """
    at = at or clock.now()
    person_id, unit = _person(by)
    rules.check_receipt(scanned_at, at)
    sheet = (
        RollSheet.objects.filter(evening__rooms__public_id=room_id, body__path=unit)
        .annotate(room_id=F("evening__rooms__id"))
        .select_related("evening")
        .select_for_update(of=("self",))
        .first()
    )
    if sheet is not None:
        evening, body_id, room = sheet.evening, sheet.body_id, sheet.room_id
    else:
        evening, body_id, room = _as_guest(room_id, unit)
    rules.check_sign_in(queries.hours_of(evening), scanned_at)
    row = Row(person_id, body_id, source, at, room, scanned_at)
    return _take(evening, row, sheet, by=by)


def _person(by: Actor) -> tuple[int, str]:
    if by.person_id is None or by.unit is None:
        raise rules.NoPerson
    return by.person_id, by.unit


def _account(by: Actor) -> int:
    if by.account_id is None:
        raise rules.NoPerson
    return by.account_id


def _as_guest(room_id: str, unit: str) -> tuple[Evening, int, int]:
    """Let somebody from outside the audience take part: recorded, on no unit's sheet."""
    room = Room.objects.select_related("evening").filter(public_id=room_id).first()
    if room is None:
        raise NotFound
    return room.evening, Body.objects.only("pk").get(path=unit).pk, room.pk


def sign_in_by_code(code: str, *, by: Actor, at: datetime | None = None) -> Taken:
    """Sign in with the six digits on the screen. Wrong ones are counted: five in ten minutes."""
    at = at or clock.now()
    _person(by)
    guess = CodeGuess.objects.filter(account_id=_account(by)).first()
    if guess is not None:
        rules.check_guesses(guess.wrong, guess.since, at)
    try:
        room = rooms.room_of_code(code, by, at)
    except (rules.ForgedCode, rules.OtherEvening):
        _count_wrong(by, at)
        raise
    return sign_in(room.public_id, scanned_at=at, source=Source.CODE, by=by, at=at)


@transaction.atomic
def _count_wrong(by: Actor, at: datetime) -> None:
    guess, _made = CodeGuess.objects.select_for_update().get_or_create(
        account_id=_account(by), defaults={"since": at}
    )
    if at - guess.since >= rules.WRONG_CODES_PER:
        guess.since, guess.wrong = at, 0
    guess.wrong += 1
    guess.save(update_fields=["since", "wrong"])


@transaction.atomic
def take_part(evening_id: str, *, source: str, by: Actor, at: datetime | None = None) -> Taken:
    """Say that one watches the broadcast, or made the evening up: one tap, no minutes."""
    at = at or clock.now()
    person_id, unit = _person(by)
    if source not in (Source.LIVE, Source.REPLAY, Source.STATEMENT):
        raise Forbidden
    evening = policy.rolled_evening_for(by, evening_id)
    rules.check_source(source, queries.hours_of(evening), at)
    sheets = RollSheet.objects.select_for_update(of=("self",))
    sheet = sheets.filter(evening=evening, body__path=unit).first()
    body_id = sheet.body_id if sheet else Body.objects.only("pk").get(path=unit).pk
    return _take(evening, Row(person_id, body_id, source, at), sheet, by=by)


def _take(evening: Evening, row: Row, sheet: RollSheet | None, *, by: Actor) -> Taken:
    written = write_rows(evening, [row], by=by, at=row.at)
    entry = written.entries[row.person_id]
    if written.new or written.back or written.confirmed:
        verb = "sign_in" if written.counted else "confirm"
        trail.record(by, verb, KIND, entry.public_id, ["source"], at=row.at)
    _count(evening, written.counted, +1, entry.public_id, at=row.at)
    if sheet is not None and sheet.closed_at is not None:
        follow(sheet, [r.person_id for r in written.counted])
    return Taken(evening, entry, fresh=bool(written.counted))


# ---- by the keepers of a sheet --------------------------------------------------------------
@transaction.atomic
def tick_people(
    sheet_id: str,
    people: Sequence[str],
    *,
    source: str = Source.TICK,
    by: Actor,
    at: datetime | None = None,
) -> int:
    """Tick people, named by public id, of an open sheet; return how many are new on the roll.

    Raises NotFound when one of them is not of this sheet or not the actor's to tick.
    """
    at = at or clock.now()
    sheet = policy.sheet_for(by, sheet_id, "tick", lock=True)
    wanted = set(people)
    found = queries.people_of(sheet, by).filter(public_id__in=wanted)
    keys = list(found.values_list("pk", flat=True))
    if len(keys) != len(wanted):
        raise NotFound
    return _tick(sheet, keys, source, by=by, at=at)


@transaction.atomic
def tick_all(sheet_id: str, *, by: Actor, at: datetime | None = None) -> int:
    """Tick everybody expected who is not on leave; return how many are new on the roll."""
    at = at or clock.now()
    sheet = policy.sheet_for(by, sheet_id, "tick", lock=True)
    kept = set(queries.people_of(sheet, by).order_by().values_list("pk", flat=True))
    keys = [
        line.person.pk
        for line in queries.lines(sheet, by)
        if line.person.pk in kept
        and not line.guest
        and line.entry is None
        and (line.leave is None or line.leave.state != "granted")
    ]
    return _tick(sheet, keys, Source.TICK, by=by, at=at)


def _tick(sheet: RollSheet, people: list[int], source: str, *, by: Actor, at: datetime) -> int:
    if sheet.closed_at is not None:
        raise rules.SheetClosed
    rules.check_source(source, queries.hours_of(sheet.evening), at)
    rows = [Row(pk, sheet.body_id, source, at) for pk in people]
    written = write_rows(sheet.evening, rows, by=by, at=at)
    if written.new or written.back or written.confirmed:
        trail.record(by, "tick", "study.sheet", sheet.public_id, ["entries"], at=at)
    _count(sheet.evening, written.counted, +1, sheet.public_id, at=at)
    return len(written.counted)


@transaction.atomic
def correct_roll(
    sheet_id: str,
    person_id: str,
    *,
    took_part: bool,
    reason: str,
    by: Actor,
    at: datetime | None = None,
) -> None:
    """Put somebody on the roll or take them off, with a reason, also after closing.

    Nothing is deleted: the correction is appended, the sheet's totals follow.
    """
    at = at or clock.now()
    reason = rules.check_reason(reason)
    sheet = policy.sheet_for(by, sheet_id, "correct", lock=True)
    rules.check_held(queries.hours_of(sheet.evening))
    person = queries.people_of(sheet, by).filter(public_id=person_id).first()
    if person is None:
        raise NotFound
    row = Row(person.pk, sheet.body_id, Source.TICK, at)
    entry = RollEntry.objects.filter(evening=sheet.evening_id, person=person).first()
    if (entry is not None and not entry.withdrawn) == took_part:
        raise rules.NothingToCorrect
    correction = RollCorrection(
        evening=sheet.evening, person=person, took_part=took_part, reason=reason,
        corrected_at=at, account_id=by.account_id,
    )  # fmt: skip
    if entry is None:
        write_rows(sheet.evening, [row], by=by, at=at)
    else:
        row = Row(person.pk, entry.body_id, entry.source, at)
        RollEntry.objects.filter(pk=entry.pk).update(withdrawn=not took_part)
    correction.save()
    trail.record(by, "correct", "study.sheet", sheet.public_id, ["entry", "reason"], at=at)
    _count(sheet.evening, [row], +1 if took_part else -1, sheet.public_id, at=at)
    if sheet.closed_at is not None:
        if took_part:
            follow(sheet, [person.pk])
        else:
            _unfollow(sheet, person)


@transaction.atomic
def record_rolls_many(
    evening: Evening, rows: Sequence[Row], *, by: Actor, at: datetime | None = None
) -> int:
    """Write many rows of one evening by the same rules as one tap; return how many are new.

    For imports and the demo city. One trail row, one change for each unit. Raises Forbidden for
    units the actor does not tick, SheetClosed, or what the rules say of the first odd row.
    """
    at = at or clock.now()
    hours = queries.hours_of(evening)
    units = {row.body_id for row in rows}
    if not by.system and policy.tickable_units(by).filter(pk__in=units).count() != len(units):
        raise Forbidden
    for row in rows:
        rules.check_source(row.source, hours, row.at)
    sheets = list(RollSheet.objects.select_for_update().filter(evening=evening).order_by("pk"))
    closed = {s.body_id: s for s in sheets if s.closed_at is not None and s.body_id in units}
    if any(row.source in rules.ON_THE_SPOT and row.body_id in closed for row in rows):
        raise rules.SheetClosed
    written = write_rows(evening, rows, by=by, at=at)
    trail.record(by, "record_many", "study.evening", evening.public_id, ["entries"], at=at)
    _count(evening, written.counted, +1, evening.public_id, at=at)
    for body_id, sheet in closed.items():
        follow(sheet, [r.person_id for r in written.counted if r.body_id == body_id])
    return len(written.counted)


# ---- what all of them share -----------------------------------------------------------------
def write_rows(evening: Evening, rows: Sequence[Row], *, by: Actor, at: datetime) -> Written:
    """Put rows onto the roll: the first source wins, later ones confirm it (two statements).

    The unique constraint decides: two taps at once are one entry. Many new ones are not read back.
    """
    keys = [public_id() for _ in rows]
    values = (
        (key, evening.pk, row.person_id, row.body_id, row.room_id, row.source, row.at, False)
        for key, row in zip(keys, rows, strict=True)
    )
    fresh = bulk.insert(RollEntry, _ENTRY, values, ignore_conflicts=True)
    if fresh == len(rows) > 1:
        return Written(new=list(rows))
    stored = RollEntry.objects.filter(evening=evening.pk)
    if len(rows) <= 500:
        stored = stored.filter(person__in=[row.person_id for row in rows])
    written = Written(entries={entry.person_id: entry for entry in stored})
    for row, key in zip(rows, keys, strict=True):
        entry = written.entries[row.person_id]
        if entry.public_id == key:
            written.new.append(row)
        elif entry.withdrawn:
            written.back.append(row)
        elif entry.source != row.source:
            written.confirmed.append(row)
    if written.back:
        _bring_back(evening, written, by=by, at=at)
    if written.confirmed:
        RollConfirmation.objects.bulk_create(
            [
                RollConfirmation(
                    entry=written.entries[r.person_id], source=r.source, recorded_at=r.at
                )
                for r in written.confirmed
            ],
            ignore_conflicts=True,
            batch_size=BATCH,
        )
    return written


def _bring_back(evening: Evening, written: Written, *, by: Actor, at: datetime) -> None:
    """Undo withdrawals by corrections of their own: past cut-offs read what stood then."""
    rows = {row.person_id: row for row in written.back}
    last = dict(
        RollCorrection.objects.filter(evening=evening.pk, person__in=rows)
        .order_by("corrected_at", "id")
        .values_list("person", "corrected_at")
    )
    for pk, row in rows.items():
        rules.check_return(row.source, row.scanned_at or row.at, last.get(pk))
        written.entries[pk].withdrawn = False
    entries = [written.entries[pk] for pk in rows]
    RollEntry.objects.bulk_update(entries, ["withdrawn"], batch_size=500)
    RollCorrection.objects.bulk_create(
        RollCorrection(
            evening_id=evening.pk, person_id=pk, took_part=True, reason=BACK,
            corrected_at=at, account_id=by.account_id,
        )
        for pk in rows
    )  # fmt: skip


def dimensions(evening: Evening, body_id: int) -> changes.Dimensions:
    """Give what the figures count an entry by: the evening's day, the evening, the unit."""
    day = evening.starts_at.astimezone(clock.ZONE).date()
    return {"day": day.isoformat(), "evening": evening.public_id, "body": body_id}


def _count(
    evening: Evening, rows: Iterable[Row], sign: int, object_id: str, *, at: datetime
) -> None:
    """Tell the figures: one change for each unit, however many people."""
    units = Counter(row.body_id for row in rows)
    if units:
        changes.record_many(
            changes.change(
                KIND, object_id, n=n, at=at,
                **{"after" if sign > 0 else "before": dimensions(evening, unit)},
            )
            for unit, n in units.items()
        )  # fmt: skip


def follow(sheet: RollSheet, people: Sequence[int]) -> None:
    """Let a closed sheet follow late entries: the absence goes, the total grows."""
    gone, _kinds = Absence.objects.filter(sheet=sheet, person__in=people).delete()
    if gone:
        RollSheet.objects.filter(pk=sheet.pk).update(took_part=F("took_part") + gone)


def _unfollow(sheet: RollSheet, person: Person) -> None:
    if person.pk not in queries.expected_on(sheet):
        return
    _absence, made = Absence.objects.get_or_create(sheet=sheet, person=person)
    if made:
        RollSheet.objects.filter(pk=sheet.pk, took_part__gt=0).update(took_part=F("took_part") - 1)
