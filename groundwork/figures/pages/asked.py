"""What an address of a figure asks for, and what every page of figures says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.figures import policy
from groundwork.figures.pages.periods import called, choices, name_of, period_of
from groundwork.figures.queries.occasions import occasions
from groundwork.figures.queries.parts import splits_of
from groundwork.figures.queries.source import BODY, Line, Scope
from groundwork.figures.queries.sources import SOURCES
from groundwork.figures.rules.catalogue import Figure
from groundwork.figures.rules.kinds import Records
from groundwork.figures.rules.periods import Period
from groundwork.registry.models import Body, Place
from groundwork.web.declared import all_declared


@dataclass(frozen=True)
class Asked:
    """What an address asks for: whose figures, of which period, as of now.

    `body` cuts to a unit and all below it, whether a place is named (`placed`) or not. `parts` are
    what the address cuts further by: the names of splits, and a key of each.
    """

    place: Place
    period: Period
    at: datetime
    body: Body | None = None
    placed: bool = False
    parts: tuple[tuple[str, Any], ...] = ()

    @property
    def scope(self) -> Scope:
        """Whose records are counted."""
        if self.body is None:
            return Scope("place", self.place.path, self.parts)
        if not self.placed:
            return Scope("body", self.body.path, self.parts)
        return Scope("place", self.place.path, ((BODY, self.body.path), *self.parts))

    @property
    def kept_place(self) -> dict[str, str]:
        """What of the address stays when another place or period is chosen."""
        return {name: said for name, said in self.query.items() if name not in ("place", "period")}

    @property
    def name(self) -> str:
        """What its records are of: a place, a unit, or a unit's at a place."""
        if self.body is None:
            return self.place.name
        return f"{self.body} · {self.place.name}" if self.placed else str(self.body)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures that a place or a unit has."""
        return policy.figures_of_bodies() if self.body else policy.figures_of(self.place)

    @property
    def key(self) -> str:
        """Name what is asked for, for what is kept of it."""
        unit = f"{self.body.pk}-{self.placed}" if self.body else ""
        return ".".join([str(self.place.pk), unit, self.period.key, *_said(self.parts).values()])

    @property
    def back(self) -> str:
        """The figures of this place or unit, and period."""
        return replace(self, parts=()).url("figures:figures")

    @property
    def query(self) -> dict[str, str]:
        """What stands in an address of the same."""
        asked = {} if self.body and not self.placed else {"place": self.place.public_id}
        if self.body:
            asked["body"] = self.body.public_id
        return {**asked, **_said(self.parts), "period": self.period.key}

    def url(self, page: str, *args: str, place: Place | None = None, **more: str) -> str:
        """Address another page of the same place, unit, parts and period; or of another place."""
        asked = replace(self, place=place, placed=True) if place else self
        return f"{reverse(page, args=args)}?{urlencode(asked.query | more)}"

    def body_url(self, page: str, body: Body, *args: str) -> str:
        """Address a page of a unit: at this place where the place is a part of the city."""
        placed = self.placed and self.place.level != Place.Level.CITY
        return replace(self, body=body, placed=placed).url(page, *args)


def _said(parts: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Write keys of splits as they stand in an address; "none" is those that have none."""
    return {name: key_of(known) for name, known in parts}


def asked_of(request: Request, *, own: bool = False) -> Asked:
    """Read what a request asks for; where it names no place the city, or if `own` the reader's.

    Raises NotFound for a place or a unit without figures.
    """
    at = clock.now()
    named, unit = request.GET.get("place", ""), request.GET.get("body", "")
    mine = policy.own_place(request.actor) if own and not named and not unit else None
    return Asked(
        mine or policy.place_for(named),
        period_of(request.GET.get("period", ""), clock.day_of(at)),
        at,
        policy.body_for(request.actor, unit) if unit else None,
        placed=bool(named or mine),
    )


def figure_asked(request: Request, key: str) -> tuple[Asked, Figure]:
    """Read which figure is asked for, and of which of its parts.

    Raises NotFound, also for a part that its reader may not know by name.
    """
    asked = asked_of(request)
    found = policy.figure_for(key, asked.place, asked.body)
    parts = []
    for name, split in splits_of(found, inside=not request.actor.is_anonymous).items():
        said = request.GET.get(name)
        if said is None:
            continue
        keys = {key_of(known): known for known, _name in split.names()}
        if said not in keys:
            raise NotFound
        parts.append((name, keys[said]))
    return replace(asked, parts=tuple(parts)), found


def key_of(known: object) -> str:
    """Write a key of a split as it stands in an address."""
    return "none" if known is None else str(known)


def cuts_of(asked: Asked, figure: Figure) -> list[tuple[str, str, str]]:
    """Say what the address cuts by: the split, the part, and the address without it."""
    said = []
    for name, key in asked.parts:
        split = SOURCES[figure.source].splits[name]
        rest = replace(asked, parts=tuple(part for part in asked.parts if part[0] != name))
        called = dict(split.names())[key]
        said.append((str(split.name), called, rest.url("figures:figure", figure.key)))
    return said


PARTS = ("part", "whole", "asked")  # what `Figure.records` are called in an address


def opened_of(figure: Figure, which: str) -> Records:
    """Give the records behind a figure: its part, what it is a part of, or who of it was asked.

    Raises NotFound.
    """
    names = PARTS[: len(figure.records)]
    if which not in names:
        raise NotFound
    return figure.records[names.index(which)]


def common(asked: Asked, by: Actor) -> dict[str, object]:
    """Give what every page of figures shows above: the period, the place, what to choose."""
    today = clock.day_of(asked.at)
    named = {period.key: said for said, period in occasions(by, asked.at)}
    offered = [(p.key, name_of(p)) for p in choices(today, asked.period) if p.key not in named]
    return {
        "asked": asked,
        "period_name": called(name_of(asked.period), named.get(asked.period.key, "")),
        "periods": [*offered, *named.items()],
        "places": policy.visible_places(),
    }


def say_records(records: Records) -> str:
    """Say in words which records are counted and by which of their moments."""
    source = SOURCES[records.source]
    met = _("、").join(str(source.conditions[name].name) for name in sorted(records.where))
    words = {"source": source.name, "met": met, "when": source.times[records.when].name}
    said = (
        _("%(source)s里%(met)s的，按%(when)s归入时段")
        if met
        else _("全部%(source)s，按%(when)s归入时段")
    )
    if not records.sums:
        return said % words
    added = _("；%(measure)s相加") % {"measure": source.measures[records.sums].name}
    return said % words + added


def named(lines: list[Line], records: Records) -> list[Line]:
    """Call groups what people call them: a form by who wants it and what it asks for."""
    if SOURCES[records.source].key != "web.form":
        return lines
    forms = {form.key: form for form in all_declared()}
    return [
        replace(line, title=str(form.owner), sub=form.asks or _("只有一个按钮"))
        if (form := forms.get(line.title))
        else replace(line, title=_("已经停用的表"), sub="")
        for line in lines
    ]
