"""Bring a spreadsheet of needs in: upload and check, then confirm in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from groundwork.base import attachments, clock, trail
from groundwork.base.actor import Actor
from groundwork.duty.actions.bulk_needs import Put, Scope, Wish, gates_of, put_wishes
from groundwork.duty.actions.needs import GATE, gate_row
from groundwork.duty.models import Gate, Order
from groundwork.duty.policy import sheets as policy
from groundwork.duty.policy.gates import keeps_place
from groundwork.duty.policy.orders import order_for
from groundwork.duty.queries import need_sheets as queries
from groundwork.duty.rules import need_sheet as rules
from groundwork.duty.rules.needs import OrderOver
from groundwork.registry.models import ImportBatch, ImportProblem, Place
from groundwork.registry.queries import batches
from groundwork.registry.queries.above import Above
from groundwork.registry.queries.batches import Parsed
from groundwork.registry.queries.checking import Checked, Values
from groundwork.registry.queries.sheets import Sheet, read_sheet
from groundwork.registry.rules import imports as import_rules

KIND = "duty.needs"
State = ImportBatch.State


def upload_needs(
    order_id: str, content: bytes, *, name: str, by: Actor, at: datetime | None = None
) -> ImportBatch:
    """Check a sheet of needs and keep it with its check.

    Raises the refusals of `registry.rules.imports`; what is refused is not kept at all.
    """
    at = at or clock.now()
    order = order_for(by, order_id)
    policy.check_may_import(by)
    if order.state == Order.State.ENDED:
        raise OrderOver
    if len(content) > import_rules.MOST_FILE:
        raise attachments.TooBig(
            megabytes=round(len(content) / 2**20, 1), most=import_rules.MOST_FILE // 2**20
        )
    sheet = read_sheet(content, rules.COLUMNS, kind=rules.BATCH, csv_too=True)
    checked = queries.check_sheet(sheet, order, by=by, now=at)
    with transaction.atomic():
        attachment = attachments.store(
            content,
            name=name,
            by=by,
            at=at,
            allowed=(attachments.XLSX, attachments.TEXT),
            most=import_rules.MOST_FILE,
        )
        batch = ImportBatch(
            kind=rules.BATCH, attachment=attachment, account_id=by.account_id, uploaded_at=at
        )
        _keep(batch, order, sheet, checked, at)
        trail.record(by, "upload", KIND, batch.public_id, at=at)
    return batch


def _keep(batch: ImportBatch, order: Order, sheet: Sheet, checked: Checked, at: datetime) -> None:
    """Write a batch with its check and the problems of its rows."""
    plan = [(p.row, p.do, p.pk, p.before) for p in checked.plan]
    parsed = Parsed(checked.rows, plan, "", sheet.header_row, sheet.columns, sheet.title)
    batch.state, batch.checked_at = State.CHECKED, at
    batch.totals = {**checked.totals(), "order": order.public_id}
    batch.parsed = batches.pack(parsed)
    batch.save(force_insert=True)
    ImportProblem.objects.bulk_create(
        (
            ImportProblem(batch=batch, row=p.row, column=p.column, code=p.code, params=p.params)
            for p in checked.problems
        ),
        batch_size=500,
    )


@transaction.atomic
def confirm_needs(
    public_id: str, *, leaving_bad: bool = False, by: Actor, at: datetime | None = None
) -> Put:
    """Ask for every good row: new gates are set up, shifts that stand get the sheet's numbers.

    Raises RowsLeft when rows are bad and the clerk did not say that they stay out.
    """
    at = at or clock.now()
    batch, order = policy.sheet_for(by, public_id, lock=True)
    import_rules.check_step(batch.state, State.CONFIRMED)
    if batch.totals["bad"] and not leaving_bad:
        raise import_rules.RowsLeft(bad=batch.totals["bad"])
    rows = [values for _n, values in batches.parsed_of(batch).rows]
    if not rows:
        raise import_rules.NothingToWrite
    gates = _gates(order, rows, by=by, at=at)
    wishes = [
        Wish(gates[place, gate], start, end, values["needs"])
        for values in rows
        for place, gate, start, end in [queries.key_of(values)]
    ]
    done = put_wishes(order.public_id, wishes, by=by, at=at, replace=True)
    batch.state, batch.confirmed_at = State.CONFIRMED, at
    batch.totals = {**batch.totals, "new": done.made, "changed": done.changed, "same": done.same}
    batch.save(update_fields=["state", "confirmed_at", "totals"])
    trail.record(by, "import", KIND, batch.public_id, ["needs"], at=at)
    return done


def _gates(
    order: Order, rows: list[Values], *, by: Actor, at: datetime
) -> dict[tuple[int, str], Gate]:
    """Find the gates that rows name, and set up those that are not there yet."""
    known = {(gate.place_id, gate.name): gate for gate in gates_of(order, Scope(), by)}
    missing = {
        (values["place_id"], values["gate"]): values["spot"]
        for values in rows
        if (values["place_id"], values["gate"]) not in known
    }
    places = Place.objects.in_bulk({place for place, _name in missing})
    for place in places.values():
        if not keeps_place(by, place.path):  # the role changed since the check
            raise import_rules.ChangedMeanwhile
    over = Above()
    made = Gate.objects.bulk_create(
        [
            gate_row(order, places[place], name, spot, *over.of(places[place]))
            for (place, name), spot in missing.items()
        ],
        batch_size=500,
    )
    if made:
        trail.record(by, "add_many", GATE, str(len(made)), ["place", "name", "spot"], at=at)
    return known | {(gate.place_id, gate.name): gate for gate in made}
