"""The round trip with the hotline: orders come in and can be taken back, answers go out.

The road is the directory's import (upload → check → choose → confirm → undo) on the same tables;
what is written are matters, through the bulk action of the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from groundwork.base import attachments, changes, clock, search, trail
from groundwork.base.actor import Actor
from groundwork.base.models import Change
from groundwork.matters.actions import steps, telling
from groundwork.matters.actions.bulk import Row, record_matters_many
from groundwork.matters.actions.raising import Teller, Telling
from groundwork.matters.models import Category, Door, Matter, Step
from groundwork.matters.policy import hotline as policy
from groundwork.matters.policy import matter_for
from groundwork.matters.queries import hotline as queries
from groundwork.matters.queries import hotline_back as back
from groundwork.matters.rules import hotline as rules
from groundwork.matters.rules import words
from groundwork.registry.actions import batch_steps
from groundwork.registry.models import ImportBatch, Place
from groundwork.registry.queries import batches
from groundwork.registry.queries.batches import Undo
from groundwork.registry.queries.checking import Chosen, Values
from groundwork.registry.queries.sheets import Sheet, read_sheet
from groundwork.registry.rules import imports as import_rules

KIND = "matters.hotline"
MOST_NAMED = 5
State = ImportBatch.State
STAFF = Step.Audience.STAFF


def upload_orders(
    content: bytes, *, name: str, by: Actor, at: datetime | None = None
) -> ImportBatch:
    """Check the hotline's sheet and keep it with its check.

    Raises the refusals of `registry.rules.imports`; what is refused is not kept at all.
    """
    policy.check_may_exchange(by)
    at = at or clock.now()
    batch_steps.check_size(content)
    sheet = _read(content)
    with transaction.atomic():
        batch = batch_steps.keep_file(content, name=name, kind=rules.IN, by=by, at=at)
        _check(batch, sheet, {}, by=by, at=at)
        trail.record(by, "upload", KIND, batch.public_id, at=at)
    return batch


def _read(content: bytes) -> Sheet:
    return read_sheet(content, rules.COLUMNS, kind=rules.IN, csv_too=True)


def _check(batch: ImportBatch, sheet: Sheet, chosen: Chosen, *, by: Actor, at: datetime) -> None:
    checked = queries.check_sheet(sheet, by=by, now=at, chosen=chosen)
    batch_steps.keep_check(batch, sheet, checked, at=at)


@transaction.atomic
def choose_for_orders(
    public_id: str, choices: Chosen, *, by: Actor, at: datetime | None = None
) -> ImportBatch:
    """Answer ambiguous places and unknown categories, and check again."""
    at = at or clock.now()
    batch = policy.batch_for(by, public_id, "choose", lock=True)
    import_rules.check_step(batch.state, State.CHECKED)
    sheet = _read(attachments.read(batch.attachment))
    _check(batch, sheet, {**batch_steps.chosen_before(batch), **choices}, by=by, at=at)
    return batch


def confirm_orders(
    public_id: str, *, leaving_bad: bool = False, by: Actor, at: datetime | None = None
) -> ImportBatch:
    """Write every good order that does not stand yet, in one transaction.

    Raises RowsLeft when rows are bad and the clerk did not say that they stay out, NothingToWrite,
    or CameMeanwhile where another sheet brought one of them at this moment.
    """
    at = at or clock.now()
    try:
        with transaction.atomic():
            return _confirm(public_id, leaving_bad, by, at)
    except IntegrityError as error:
        choose_for_orders(public_id, {}, by=by, at=at)
        raise rules.CameMeanwhile from error


def _confirm(public_id: str, leaving_bad: bool, by: Actor, at: datetime) -> ImportBatch:
    batch = policy.batch_for(by, public_id, "confirm", lock=True)
    import_rules.check_step(batch.state, State.CONFIRMED)
    batch_steps.check_left(batch, may_leave=leaving_bad)
    good = batches.parsed_of(batch).rows
    plan = queries.plan_rows(good, by=by, at=at)
    new = {planned.row for planned in plan if planned.do == "new"}
    other = {planned.row: planned.pk for planned in plan if planned.do == "changed"}
    rows = [values for n, values in good if n in new]
    if not rows and not other:
        raise import_rules.NothingToWrite
    matters = _write(rows, by=by, at=at) if rows else []
    _tell_anew({other[n]: values["words"] for n, values in good if n in other}, by=by, at=at)
    batch.totals = {**batch.totals, "new": len(matters), "changed": len(other)}
    batch_steps.keep_written(batch, Undo(created={matter.pk: 0 for matter in matters}), at)
    trail.record(by, "import", KIND, batch.public_id, ["phone"], at=at)
    return batch


def _tell_anew(said: Mapping[int | None, str], *, by: Actor, at: datetime) -> None:
    """Put other words that came for an order beside those that stand, for who handles it."""
    found = Matter.objects.filter(pk__in=[pk for pk in said if pk is not None]).order_by("pk")
    for pk, public_id in found.values_list("pk", "public_id"):
        matter = matter_for(by, public_id, "note", at=at, lock=True)
        text = words.masked(said[pk].strip())
        data = {"words": words.digest(text)}
        steps.append(matter, rules.TOLD_ANEW, by=by, at=at, text=text, audience=STAFF, data=data)
        if matter.lead is not None and matter.closed_at is None:
            telling.tell_lead(matter, "add", by=by, at=at)


def _write(rows: list[Values], *, by: Actor, at: datetime) -> list[Matter]:
    places = Place.objects.in_bulk({values["place_id"] for values in rows})
    for place in places.values():
        if not policy.may_take_in(by, place.path):  # checked by one, confirmed by another
            raise import_rules.ChangedMeanwhile
    categories = Category.objects.in_bulk({values["category_id"] for values in rows})
    made = record_matters_many(
        [
            Row(
                Telling(
                    words=values["words"],
                    category=categories[values["category_id"]],
                    place=places[values["place_id"]],
                    door=Door.HOTLINE,
                    source=(rules.SOURCE, values["order"]),
                    client_key=queries.key_of(values["order"]),
                ),
                Teller(
                    name=values["name"],
                    phone=values["phone"] or "",
                    confidential=values["confidential"],
                ),
                datetime.fromisoformat(values["time"]),
            )
            for values in rows
        ],
        by=by,
        at=at,
    )
    _keep_deadlines(rows, made)
    return made


def _keep_deadlines(rows: list[Values], matters: list[Matter]) -> None:
    """Keep what the hotline promised; acceptance keeps to it where it is the earlier promise."""
    promised = []
    for values, matter in zip(rows, matters, strict=True):
        if values["deadline"]:
            matter.solve_by = datetime.fromisoformat(values["deadline"])
            promised.append(matter)
    Matter.objects.bulk_update(promised, ["solve_by"], batch_size=500)


@transaction.atomic
def undo_orders(
    public_id: str, *, leaving_moved: bool = False, by: Actor, at: datetime | None = None
) -> ImportBatch:
    """Take orders back with which nothing has happened since.

    Raises MovedSince with the others, unless the clerk says that these stay; UndoOver after 30
    days.
    """
    at = at or clock.now()
    batch = policy.batch_for(by, public_id, "undo", lock=True)
    created = list(batch_steps.undo_of(batch, at).created)
    locked = Matter.objects.select_for_update(of=("self",)).filter(pk__in=created)
    standing = {matter.pk: matter for matter in locked}
    free = set(queries.untouched(standing).values_list("pk", flat=True))
    moved = [matter for pk, matter in standing.items() if pk not in free]
    if moved and not leaving_moved:
        named = "、".join(matter.receipt for matter in moved[:MOST_NAMED])
        raise rules.MovedSince(n=len(moved), receipts=named)
    _take_back([standing[pk] for pk in free], at)
    batch_steps.keep_undone(batch, len(moved), at)
    trail.record(by, "undo_import", KIND, batch.public_id, at=at)
    return batch


def _take_back(matters: list[Matter], at: datetime) -> None:
    changes.record_many(
        Change(
            at=at,
            kind=steps.KIND,
            object_id=matter.public_id,
            before=steps.dimensions(matter),
            after=None,
        )
        for matter in matters
    )
    pks = [matter.pk for matter in matters]
    for start in range(0, len(pks), 500):
        part = pks[start : start + 500]
        search.remove(steps.KIND, part)
        search.remove("matters.public", part)
        Matter.objects.filter(pk__in=part).delete()


@transaction.atomic
def export_answers(
    wanted: back.Wanted, *, by: Actor, at: datetime | None = None
) -> tuple[ImportBatch, bytes]:
    """Write what is new since the actor's last export of the same narrowing, in its columns.

    Callers' numbers go along, which the trail says. Raises NothingNew.
    """
    at = at or clock.now()
    policy.check_may_exchange(by)
    found = back.to_send(by, wanted, back.span_for(by, wanted, at), at)
    if not found.pks:
        raise rules.NothingNew
    content = back.back_sheet(by, found.pks)
    local = at.astimezone(clock.ZONE)
    attachment = attachments.store(
        content, name=f"答复回传{local:%Y%m%d-%H%M}.xlsx", by=by, at=at, allowed=(attachments.XLSX,)
    )
    batch = ImportBatch(
        kind=rules.OUT,
        attachment=attachment,
        account_id=by.account_id,
        state=State.CONFIRMED,
        uploaded_at=at,
        confirmed_at=at,
        totals={"rows": len(found.pks), "through": found.through, "wanted": wanted.kept()},
    )
    batch.save(force_insert=True)
    trail.record(by, "export", KIND, batch.public_id, ["phone", "answer", "verdict"], at=at)
    return batch, content


def fetch_sheet(
    public_id: str, *, by: Actor, at: datetime | None = None
) -> tuple[ImportBatch, bytes]:
    """Give a sheet that went out once more; the trail says so. Raises NotFound."""
    batch = policy.batch_for(by, public_id, "view")
    content = attachments.read(batch.attachment)
    trail.record(by, "export", KIND, batch.public_id, ["phone"], at=at)
    return batch, content
