"""Every act on a body; bulk adding obeys the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from groundwork.base import changes, clock, search, trail
from groundwork.base.actor import Actor
from groundwork.base.errors import Conflict, Forbidden
from groundwork.registry import policy
from groundwork.registry.actions import entries, tree
from groundwork.registry.models import Body, Person, Place
from groundwork.registry.rules import bodies as rules
from groundwork.registry.rules.bodies import NewBody
from groundwork.registry.rules.people import LEFT
from groundwork.registry.rules.places import NoParent

KIND = "registry.body"


@transaction.atomic
def add_body(row: NewBody, *, by: Actor, at: datetime | None = None) -> Body:
    """Add one body as the last under its parent. Raises what `rules.bodies` raises."""
    [body] = insert_bodies([row], by=by, at=at or clock.now())
    trail.record(by, "add", KIND, body.public_id, ["code", "name", "kind", "parent"], at=at)
    return body


@transaction.atomic
def add_bodies_many(
    rows: Sequence[NewBody], *, by: Actor, at: datetime | None = None
) -> list[Body]:
    """Add many bodies in directory order; a parent may stand in the same batch, even later."""
    bodies = insert_bodies(rows, by=by, at=at or clock.now())
    trail.record(by, "add_many", KIND, str(len(bodies)), ["*"], at=at)
    return bodies


def insert_bodies(rows: Sequence[NewBody], *, by: Actor, at: datetime) -> list[Body]:
    """Check and write new bodies; the caller holds the transaction and the trail."""
    rows = parents_first([_clean(row) for row in rows])
    codes = {row.code for row in rows}
    for taken in Body.objects.filter(code__in=codes).values_list("code", flat=True)[:1]:
        raise rules.CodeTaken(code=taken)
    known = Body.objects.select_related("place").in_bulk(
        {row.parent_code for row in rows} - codes - {""}, field_name="code"
    )
    places = Place.objects.in_bulk(
        {row.place_code for row in rows if row.place_code}, field_name="code"
    )
    nodes: list[tuple[Body, Body | None]] = []
    for row in rows:
        parent = known.get(row.parent_code) if row.parent_code else None
        _check_parent(row, parent, codes, by)
        known[row.code] = body = _body_from(row, places)
        nodes.append((body, parent))
    try:
        with transaction.atomic():
            tree.append_many(Body, nodes)
    except IntegrityError as error:
        raise Conflict from error
    bodies = [body for body, _parent in nodes]
    index_bodies(bodies)
    _record(((None, body) for body in bodies), at)
    return bodies


def _clean(row: NewBody) -> NewBody:
    name = rules.clean_body_name(row.name)
    return replace(
        row,
        code=rules.clean_code(row.code),
        parent_code=rules.clean_code(row.parent_code) if row.parent_code else "",
        name=name,
        aliases=tuple(rules.clean_aliases(list(row.aliases), name)),
    )


def parents_first(rows: Sequence[NewBody]) -> list[NewBody]:
    """Order rows so that every parent stands before its children. Raises CodeTaken, WrongParent."""
    by_code: dict[str, NewBody] = {}
    for row in rows:
        if by_code.setdefault(row.code, row) is not row:
            raise rules.CodeTaken(code=row.code)
    done: dict[str, NewBody] = {}
    for row in rows:
        line = []
        step: NewBody | None = row
        while step is not None and step.code not in done:
            if step in line:
                raise rules.UnderItself
            line.append(step)
            step = by_code.get(step.parent_code)
        done.update({item.code: item for item in reversed(line)})
    return list(done.values())


def _check_parent(row: NewBody, parent: Body | None, codes: set[str], by: Actor) -> None:
    if row.parent_code and parent is None:
        raise NoParent(parent=row.parent_code)
    if not row.outside and not rules.may_stand_under(row.kind, parent.kind if parent else None):
        raise rules.WrongParent(parent=parent.name if parent else "—")
    if by.system or row.parent_code in codes:
        return
    if not (policy.may_add_top(by) if parent is None else policy.may_keep_unit(by, parent)):
        raise Forbidden


def _body_from(row: NewBody, places: dict[str, Place]) -> Body:
    if row.place_code and row.place_code not in places:
        raise NoParent(parent=row.place_code)
    return Body(
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        place=places.get(row.place_code),
        outside=row.outside,
        aliases=list(row.aliases),
        valid_from=row.valid_from,
    )


def index_bodies(bodies: Iterable[Body]) -> None:
    """Make bodies findable by name, short name, aliases and code, offices with their unit's name.

    A thousand offices are called 办公室: `教育局 办公室` finds the one.
    """
    bodies = list(bodies)
    paths = {body.path[: -Body.steplen] for body in bodies if body.kind in rules.INSIDE_KINDS}
    above = {b.path: entries.unit_words(b) for b in Body.objects.filter(path__in=paths)}
    search.index_many(
        KIND,
        [
            (b.pk, (entries.unit_words(b), b.code, above.get(b.path[: -Body.steplen], "")))
            for b in bodies
        ],
    )


def _record(pairs: Iterable[tuple[Body | None, Body | None]], at: datetime) -> None:
    changes.record_many(
        changes.change(
            KIND,
            (after or before).public_id,  # type: ignore[union-attr]
            before=dimensions(before),
            after=dimensions(after),
            at=at,
        )
        for before, after in pairs
    )


def dimensions(body: Body | None) -> dict[str, str | int | None] | None:
    """Give what the figures know of a body."""
    if body is None:
        return None
    return {"kind": body.kind, "path": body.path, "place": body.place_id}


@transaction.atomic
def edit_body(
    body: Body,
    *,
    name: str | None = None,
    short_name: str | None = None,
    aliases: Sequence[str] | None = None,
    place: Place | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Body:
    """Rename a body, mend what it is called by or where it sits; the old name stays findable.

    Raises Forbidden unless the actor keeps both the old and the new place.
    """
    at = at or clock.now()
    body = policy.body_for(by, body.public_id, "edit")
    if place is not None and not policy.may_settle(by, body.place, place):
        raise Forbidden
    before, old_name = dimensions(body), body.name
    if name is not None:
        body.name = rules.clean_body_name(name)
    if short_name is not None:
        body.short_name = short_name.strip()[:60]
    wanted = list(body.aliases if aliases is None else aliases)
    if body.name != old_name:
        wanted.append(old_name)
    body.aliases = rules.clean_aliases(wanted, body.name)
    if place is not None:
        body.place = place
    fields = ["name", "short_name", "aliases", "place"]
    body.save(update_fields=fields)
    index_bodies([body, *Body.objects.get_children(body)])
    entries.index_people(Person.objects.filter(unit=body, merged_into=None))
    if dimensions(body) != before:
        changes.record(KIND, body.public_id, before=before, after=dimensions(body), at=at)
    trail.record(by, "edit", KIND, body.public_id, fields, at=at)
    return body


@transaction.atomic
def move_body(body: Body, *, parent: Body, by: Actor, at: datetime | None = None) -> Body:
    """Hang a body with all below it under another parent. Raises WrongParent or UnderItself."""
    at = at or clock.now()
    body = policy.body_for(by, body.public_id, "edit")
    parent = policy.body_for(by, parent.public_id, "edit")
    if parent.path.startswith(body.path):
        raise rules.UnderItself
    if not rules.may_stand_under(body.kind, parent.kind):
        raise rules.WrongParent(parent=parent.name)
    before = dimensions(body)
    Body.objects.move(body, parent, pos="last-child")
    body = Body.objects.get(pk=body.pk)
    changes.record(KIND, body.public_id, before=before, after=dimensions(body), at=at)
    trail.record(by, "move", KIND, body.public_id, ["path"], at=at)
    return body


@transaction.atomic
def close_body(body: Body, *, last_day: date, by: Actor, at: datetime | None = None) -> Body:
    """Close a body nobody belongs to any more; it stays in the history. Raises StillInUse."""
    at = at or clock.now()
    body = policy.body_for(by, body.public_id, "edit")
    rules.check_closing(last_day, body.valid_from, *_in_use(body))
    before = dimensions(body)
    body.valid_to = last_day
    body.save(update_fields=["valid_to"])
    changes.record(KIND, body.public_id, before=before, after=None, at=at)
    trail.record(by, "close", KIND, body.public_id, ["valid_to"], at=at)
    return body


def _in_use(body: Body) -> tuple[int, int]:
    here = Q(unit=body) | Q(office=body) | Q(branch=body)
    people = Person.objects.filter(here, merged_into=None).exclude(status=LEFT).count()
    below = Body.objects.filter(path__startswith=body.path, valid_to=None).exclude(pk=body.pk)
    return people, below.count()
