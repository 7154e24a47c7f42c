"""Write an import of bodies or places and take it back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from groundwork.base import changes, search
from groundwork.base.actor import Actor
from groundwork.registry.actions import bodies as body_actions
from groundwork.registry.actions import entries
from groundwork.registry.actions import places as place_actions
from groundwork.registry.actions.import_people import in_use
from groundwork.registry.models import Body, Person, Place
from groundwork.registry.queries.batches import Undo
from groundwork.registry.queries.checking import Checked, Values
from groundwork.registry.queries.places_check import place_plan
from groundwork.registry.rules.bodies import NewBody, clean_aliases

PLAIN = ("name", "short_name", "place_id", "aliases", "outside")


def write_bodies(checked: Checked, *, by: Actor, at: datetime) -> Undo:
    """Write the good rows: new bodies in directory order, then changes and moves."""
    values = dict(checked.rows)
    places = dict(Place.objects.filter(valid_to=None).values_list("pk", "code"))
    new = [_as_new(values[p.row], places) for p in checked.plan if p.do == "new"]
    made = body_actions.insert_bodies(new, by=by, at=at)
    undo = Undo(created={body.pk: 0 for body in made})
    for planned in checked.plan:
        if planned.do == "changed" and planned.pk:
            said = values[planned.row]
            after = {name: said[name] for name in planned.before}
            _apply(Body.objects.get(pk=planned.pk), after, at)
            undo.changed.append((planned.pk, planned.before, after))
    return undo


def _as_new(said: Values, places: dict[int, str]) -> NewBody:
    return NewBody(
        code=said["code"],
        name=said["name"],
        kind=said["kind"],
        parent_code=said.get("parent", ""),
        short_name=said.get("short_name", ""),
        place_code=places[said["place_id"]] if "place_id" in said else "",
        outside=said.get("outside", False),
        aliases=tuple(said.get("aliases", ())),
    )


def _apply(body: Body, values: Values, at: datetime) -> None:
    """Set plain fields, then move where another parent is said."""
    before = body_actions.dimensions(body)
    fields = [name for name in PLAIN if name in values]
    for name in fields:
        setattr(body, name, values[name])
    body.aliases = clean_aliases(body.aliases, body.name)
    body.save(update_fields=[name.removesuffix("_id") for name in {*fields, "aliases"}])
    if "parent" in values:
        _hang(body, values["parent"])
        body = Body.objects.get(pk=body.pk)
    body_actions.index_bodies([body])
    entries.index_people(Person.objects.filter(unit=body, merged_into=None))
    after = body_actions.dimensions(body)
    changes.record(body_actions.KIND, body.public_id, before=before, after=after, at=at)


def _hang(body: Body, parent_code: str) -> None:
    if parent_code:
        Body.objects.move(body, Body.objects.get(code=parent_code), pos="last-child")
    else:
        top = Body.objects.filter(depth=1).order_by("-path").first()
        assert top is not None
        Body.objects.move(body, top, pos="last-sibling")


def stuck_bodies(undo: Undo) -> set[int]:
    """Find bodies that changed or that other records name since the import."""
    stuck = in_use(Body, undo.created)
    bodies = Body.objects.in_bulk([*undo.created, *(row[0] for row in undo.changed)])
    stuck |= {pk for pk in undo.created if pk not in bodies}
    known = {body.path for pk, body in bodies.items() if pk in undo.created and pk not in stuck}
    for pk in undo.created:
        if pk in bodies and _has_foreign_child(bodies[pk], known):
            stuck.add(pk)
    for pk, _before, after in undo.changed:
        body = bodies.get(pk)
        if body is None or any(getattr(body, n) != after[n] for n in PLAIN if n in after):
            stuck.add(pk)
    return stuck


def bodies_concerned(undo: Undo, stuck: set[int]) -> set[int]:
    """Collect the bodies an undo would delete or change, and those they would go back under."""
    pks = {*undo.created, *(pk for pk, _before, _after in undo.changed)} - stuck
    back = [b["parent"] for pk, b, _after in undo.changed if b.get("parent") and pk not in stuck]
    bodies = Body.objects.filter(Q(pk__in=pks) | Q(code__in=back))
    return set(bodies.values_list("pk", flat=True))


def _has_foreign_child(body: Body, known: set[str]) -> bool:
    below = Body.objects.filter(path__startswith=body.path).values_list("path", flat=True)
    return any(path not in known and path != body.path for path in below)


def undo_bodies(undo: Undo, stuck: set[int], *, at: datetime) -> None:
    """Take back what is not stuck: restore the changed, delete the new from the leaves up."""
    for pk, before, _after in undo.changed:
        if pk not in stuck:
            _apply(Body.objects.get(pk=pk), before, at)
    gone = Body.objects.filter(pk__in=[pk for pk in undo.created if pk not in stuck])
    _delete(gone, body_actions.KIND, at)


def _delete(gone: Any, kind: str, at: datetime) -> None:
    rows = list(gone)
    changes.record_many(
        changes.change(kind, row.public_id, before={"path": row.path}, at=at) for row in rows
    )
    search.remove(kind, [row.pk for row in rows])
    gone.delete()  # treebeard keeps the children's count of the parents


def write_places(checked: Checked, *, day: date, at: datetime) -> Undo:
    """Write a directory file."""
    plan = place_plan(checked)
    touched = [*(place for place, _name in plan.renamed), *plan.reopened, *plan.closed]
    before = {place.pk: _place_values(place) for place in touched}
    made = place_actions.apply_plan(plan, day=day, at=at)
    return Undo(
        created={place.pk: 0 for place in made},
        changed=[
            (place.pk, before[place.pk], _place_values(place))
            for place in {place.pk: place for place in touched}.values()
        ],
    )


def _place_values(place: Place) -> Values:
    closed = place.valid_to.isoformat() if place.valid_to else None
    return {"name": place.name, "aliases": list(place.aliases), "valid_to": closed}


def stuck_places(undo: Undo) -> set[int]:
    """Find places that changed or that other records name since the import."""
    stuck = in_use(Place, undo.created)
    places = Place.objects.in_bulk([row[0] for row in undo.changed])
    for pk, _before, after in undo.changed:
        if pk not in places or _place_values(places[pk]) != after:
            stuck.add(pk)
    grids = Place.objects.filter(level=Place.Level.GRID).values_list("path", flat=True)
    made = Place.objects.in_bulk(list(undo.created))
    stuck |= {pk for pk, place in made.items() if any(g.startswith(place.path) for g in grids)}
    return stuck


def undo_places(undo: Undo, stuck: set[int], *, at: datetime) -> None:
    """Take back what is not stuck."""
    places = Place.objects.in_bulk([row[0] for row in undo.changed if row[0] not in stuck])
    for pk, before, _after in undo.changed:
        if pk in places:
            place = places[pk]
            place.name, place.aliases = before["name"], before["aliases"]
            closed = before["valid_to"]
            place.valid_to = date.fromisoformat(closed) if closed else None
    Place.objects.bulk_update(places.values(), ["name", "aliases", "valid_to"], batch_size=200)
    place_actions.index_places(places.values())
    paths = Place.objects.filter(pk__in=stuck).values_list("path", flat=True)
    kept = {path[: i * Place.steplen] for path in paths for i in range(1, len(path))}
    gone = [pk for pk in undo.created if pk not in stuck]
    _delete(Place.objects.filter(pk__in=gone).exclude(path__in=kept), place_actions.KIND, at)
