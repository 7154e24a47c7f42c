"""Read and write the two files of a roster: the question, and the plan that answers it.

docs/roster-format.md describes both; `shapes` declares them, `reading` refuses nonsense.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta

import msgspec
import numpy as np

from groundwork.duty.solver import shapes, times
from groundwork.duty.solver.check import Verdict
from groundwork.duty.solver.instance import Instance, Ints, Plan
from groundwork.duty.solver.reading import LEVELS, instance_of
from groundwork.duty.solver.refusal import read

LEVEL_NAMES = tuple(LEVELS)


@dataclass(frozen=True)
class Document:
    """A roster file that was read: the instance and the day on which it begins."""

    instance: Instance
    first_day: date

    @property
    def digest(self) -> str:
        """Name the content: the same for the same question, however its file is laid out."""
        hashed = hashlib.sha256(self.first_day.isoformat().encode())
        for field in fields(self.instance):
            value = getattr(self.instance, field.name)
            if isinstance(value, np.ndarray):
                hashed.update(f"{field.name}:{value.size}:".encode())
                hashed.update(np.ascontiguousarray(value, "<i8").tobytes())
            else:
                plain = asdict(value) if field.name == "weights" else value
                hashed.update(f"{field.name}:".encode() + msgspec.json.encode(plain))
        return f"sha256:{hashed.hexdigest()}"


@dataclass(frozen=True)
class StatedPlan:
    """A plan file that was read: the plan, and what the file says about itself.

    A row that names nobody or nothing of the instance has -1 in the plan; `rows` holds what it
    says. Costs and bounds that the file leaves out are None here, and 0 in the plan.
    """

    plan: Plan
    rows: list[shapes.Row]
    instance: str
    version: str
    cost: int | None
    bound: int | None


def decode(content: bytes) -> Document:
    """Read a roster file, or raise Nonsense with the JSON path of the first fault."""
    return Document(*instance_of(read(content, shapes.Roster, shapes.MOST_BYTES)))


def decode_plan(content: bytes, instance: Instance) -> StatedPlan:
    """Read a plan file for `instance`, or raise Nonsense where it is no plan file at all."""
    told = read(content, shapes.PlanFile, shapes.MOST_BYTES)
    rows = told.assignments
    plan = Plan(
        person=_rows_of((row.person for row in rows), instance.person_ids),
        shift=_rows_of((row.shift for row in rows), instance.shift_ids),
        kind=_rows_of((row.kind for row in rows), instance.kinds),
        cost=told.cost or 0,
        bound=told.bound or 0,
        seconds=told.seconds or 0.0,
    )
    return StatedPlan(plan, rows, told.instance, told.version, told.cost, told.bound)


def _rows_of(names: Iterable[str], ids: tuple[str, ...]) -> Ints:
    """Turn ids into rows, -1 where there is none."""
    index = {name: row for row, name in enumerate(ids)}
    return np.array([index.get(name, -1) for name in names], np.int64)


def encode_plan(document: Document, plan: Plan, verdict: Verdict, *, version: str) -> bytes:
    """Write a plan file: the rows by person and start, what they cost and what is proven."""
    instance = document.instance
    order = np.lexsort((instance.shift_start[plan.shift], plan.person))
    rows = (
        shapes.Row(instance.person_ids[person], instance.shift_ids[shift], instance.kinds[kind])
        for person, shift, kind in zip(
            plan.person[order].tolist(),
            plan.shift[order].tolist(),
            plan.kind[order].tolist(),
            strict=True,
        )
    )
    head = {
        "format": shapes.PLAN_FORMAT,
        "instance": document.digest,
        "version": version,
        "cost": int(plan.cost),
        "bound": int(plan.bound),
        "gap": round(plan.gap, 6),
        "seconds": round(plan.seconds, 3),
        "slots": verdict.slots,
        "unfilled": verdict.unfilled,
        "parts": verdict.parts,
    }
    return _laid_out(head, {"assignments": rows})


def encode(document: Document) -> bytes:
    """Write a roster file that reads back as the same document."""
    instance = document.instance
    head = {
        "format": shapes.FORMAT,
        "first_day": document.first_day.isoformat(),
        "days": instance.days,
        "rest_minutes": instance.rest,
        "office": _office(document),
        "attributes": list(instance.attributes),
        "weights": _weights(instance),
    }
    return _laid_out(
        head,
        {
            "kinds": _kinds(instance),
            "places": _places(instance),
            "units": _units(instance),
            "people": _people(document),
            "gates": _gates(instance),
            "shifts": _shifts(document),
            "kept": _kept(instance),
            "locked": _locked(instance),
        },
    )


def _laid_out(head: dict[str, object], lists: dict[str, Iterable[object]]) -> bytes:
    """Write JSON with one row a line, so that people and `diff` can read it."""
    to_json = msgspec.json.Encoder().encode
    parts = [b"%s: %s" % (to_json(name), to_json(value)) for name, value in head.items()]
    for name, rows in lists.items():
        lines = b",\n  ".join(map(to_json, rows))
        parts.append(
            b"%s: [\n  %s\n]" % (to_json(name), lines) if lines else b"%s: []" % to_json(name)
        )
    return b"{\n" + b",\n".join(parts) + b"\n}\n"


def _office(document: Document) -> shapes.Office:
    """Write the office hours and the working days."""
    instance = document.instance
    return shapes.Office(
        start=times.hour_text(instance.office[0]),
        end=times.hour_text(instance.office[1]),
        working_days=[
            (document.first_day + timedelta(days=day)).isoformat()
            for day in np.flatnonzero(instance.workday).tolist()
        ],
    )


def _weights(instance: Instance) -> shapes.Weights:
    """Write the prices."""
    weights = instance.weights
    return shapes.Weights(
        travel=shapes.Travel(*(price if price >= 0 else None for price in weights.travel)),
        week=list(weights.week),
        unit=[shapes.Step(part, price) for part, price in weights.unit],
    )


def _named(instance: Instance, mask: int) -> list[str]:
    """Name the attributes of a mask."""
    return [name for bit, name in enumerate(instance.attributes) if mask >> bit & 1]


def _kinds(instance: Instance) -> Iterator[shapes.Kind]:
    """Write the kinds with their prices."""
    for kind, name in enumerate(instance.kinds):
        unfilled, mismatch = instance.weights.unfilled[kind], instance.weights.mismatch[kind]
        mask = int(instance.kind_mask[kind])
        yield shapes.Kind(name, unfilled, mismatch, _named(instance, mask))


def _places(instance: Instance) -> Iterator[shapes.Place]:
    """Write the tree."""
    columns = (instance.place_level.tolist(), instance.place_parent.tolist())
    for name, level, parent in zip(instance.place_ids, *columns, strict=True):
        above = instance.place_ids[parent] if parent >= 0 else None
        yield shapes.Place(name, LEVEL_NAMES[level], above)


def _units(instance: Instance) -> Iterator[shapes.Unit]:
    """Write the units; the staff only where more may be away than are in the file."""
    sizes = np.bincount(instance.person_unit, minlength=len(instance.unit_ids)).tolist()
    columns = (sizes, instance.unit_out.tolist(), instance.unit_share.tolist())
    for name, size, out, share in zip(instance.unit_ids, *columns, strict=True):
        yield shapes.Unit(name, max(0, size - out), out if out > size else None, share)


def _people(document: Document) -> Iterator[shapes.Person]:
    """Write the people with their windows."""
    instance = document.instance
    order = np.argsort(instance.window_person, kind="stable")
    starts = times.texts(instance.window_start[order], document.first_day)
    ends = times.texts(instance.window_end[order], document.first_day)
    sizes = np.bincount(instance.window_person, minlength=len(instance.person_ids)).tolist()
    spans = iter(map(shapes.Span, starts, ends))
    columns = (
        instance.person_place.tolist(),
        instance.person_unit.tolist(),
        instance.person_cap.tolist(),
        instance.person_mask.tolist(),
        sizes,
    )
    for name, place, unit, cap, mask, size in zip(instance.person_ids, *columns, strict=True):
        yield shapes.Person(
            name,
            instance.place_ids[place],
            instance.unit_ids[unit],
            cap,
            [next(spans) for _ in range(size)],
            _named(instance, mask),
        )


def _gates(instance: Instance) -> Iterator[shapes.Gate]:
    """Write the gates; what was closed is not in the instance."""
    for name, place in zip(instance.gate_ids, instance.gate_place.tolist(), strict=True):
        yield shapes.Gate(name, instance.place_ids[place])


def _shifts(document: Document) -> Iterator[shapes.Shift]:
    """Write the shifts with what they need."""
    instance = document.instance
    needs: list[dict[str, int]] = [{} for _ in instance.shift_ids]
    columns = (instance.need_shift, instance.need_kind, instance.need_count)
    for shift, kind, count in zip(*(column.tolist() for column in columns), strict=True):
        needs[shift][instance.kinds[kind]] = needs[shift].get(instance.kinds[kind], 0) + count
    rows = zip(
        instance.shift_ids,
        instance.shift_gate.tolist(),
        times.texts(instance.shift_start, document.first_day),
        times.texts(instance.shift_end, document.first_day),
        needs,
        strict=True,
    )
    for name, gate, start, end, wanted in rows:
        yield shapes.Shift(name, instance.gate_ids[gate], start, end, wanted)


def _kept(instance: Instance) -> Iterator[shapes.Kept]:
    """Write what had better stay."""
    columns = (instance.kept_person, instance.kept_shift, instance.kept_bonus)
    for person, shift, bonus in zip(*(column.tolist() for column in columns), strict=True):
        yield shapes.Kept(instance.person_ids[person], instance.shift_ids[shift], bonus)


def _locked(instance: Instance) -> Iterator[shapes.Row]:
    """Write what stands as it is."""
    columns = (instance.locked_person, instance.locked_shift, instance.locked_kind)
    for person, shift, kind in zip(*(column.tolist() for column in columns), strict=True):
        yield shapes.Row(
            instance.person_ids[person], instance.shift_ids[shift], instance.kinds[kind]
        )
