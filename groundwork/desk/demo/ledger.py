"""Write the ledger and the service of the demo city: visits, matters, points, rounds, a sample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from groundwork.access.models import Account
from groundwork.base.actor import Actor
from groundwork.base.clock import day_of, local
from groundwork.base.days import calendar
from groundwork.base.errors import N_
from groundwork.base.models import OutboxMessage
from groundwork.desk.demo import matters, service, studios
from groundwork.desk.demo.cast import CAST, DRC, HS_ENFORCEMENT
from groundwork.desk.demo.figures import Term
from groundwork.desk.demo.geography import Geography
from groundwork.desk.demo.photos import draw_photos
from groundwork.desk.demo.ways import all_ways
from groundwork.desk.demo.words import Voices
from groundwork.matters.actions import calling, sampling
from groundwork.matters.actions.commonness import count_words
from groundwork.matters.actions.raising import Teller
from groundwork.matters.actions.settings import add_route, save_template
from groundwork.matters.models import Category
from groundwork.registry.models import Body, Person, Place

Progress = Callable[[str, int, int], None]
PHOTOS = 6
SPRING = date(2020, 2, 1), date(2020, 8, 1)
TEMPLATES = (
    (HS_ENFORCEMENT, "路面修补", "您反映的______已于______修补完工，请您路过时看看。"),
    (HS_ENFORCEMENT, "噪声扰民", "已约谈______，商定______以后停工，再有请拨______。"),
    (DRC, "要素保障", "已协调______，______前办妥，其间______不受影响。"),
)


@dataclass
class Scene:
    """The directory that the ledger is written over."""

    units: set[str]
    bodies: dict[str, Body]
    places: dict[str, Place]
    people: Sequence[Person]


def write_ledger(
    scene: Scene,
    scale: float,
    seed: int,
    until: date,
    now: datetime,
    progress: Progress,
    *,
    by: Actor,
) -> None:
    """Write it all as it stands at `now`."""
    rng, on_foot = (Random(f"{what} {seed}") for what in ("ledger", "patrols"))  # noqa: S311 - a demo
    days, term = calendar(), Term.until(until)
    geography = Geography(scene.places.values(), scene.bodies.values(), scene.units)
    outs = service.units_out(geography, scene.people)
    service.write_points(outs, scale, until, by=by, rng=rng)
    walks = service.write_areas(outs, scale, until, by=by, rng=rng)
    walks += service.write_cells(geography, outs, scale, until, seed, by=by)
    ways = all_ways(term, now, scale, days, rng)
    named = studios.write_studios(outs, until, by=by)
    visits = studios.in_their_name(service.plan_visits(outs, term, scale, days, rng), named)
    service.find(visits, [way for way in ways if not way.before], rng)
    patrols = service.plan_patrols(walks, term, days, on_foot)
    service.write_patrols(patrols, ways, by=by, at=now, rng=on_foot)
    ways.sort(key=lambda way: way.raised)
    progress(N_("走访"), 0, len(visits))
    service.write_visits(visits, by=by, at=now)
    progress(N_("走访"), len(visits), len(visits))
    spring = SPRING[0] <= term.last < SPRING[1]
    book = matters.Ledger(
        geography,
        (Voices(spring=False), Voices(spring=spring)),
        visits,
        patrols,
        days,
        draw_photos(PHOTOS, by=by, at=now, rng=rng),
        now,
    )
    _write_settings(scene, until, by=by)
    matters.write_matters(
        ways, book, lambda n, total: progress(N_("诉求"), n, total), by=by, rng=rng
    )
    rows = matters.cast_rows(
        book, _staff(), _enterprise(scene), geography.named(HS_ENFORCEMENT), geography.home
    )
    matters.write_cast(rows, by=by, at=now)
    count_words(at=now)
    service.write_rounds(scene.bodies["3302-D"], scene.places["3302"], now, by=by)
    _write_samples(scene.places["3302"], term, now, by=by)
    calling.open_calls(at=now)
    OutboxMessage.objects.filter(done_at=None).update(done_at=now)  # nobody is written to


def _staff() -> Teller:
    """Make the raiser of what the staff card raised on behalf of others."""
    part = next(part for part in CAST if part.key == "staff")
    account = Account.objects.select_related("person").get(demo=True, person__name=part.name)
    return Teller(name=part.name, person=account.person, account_id=account.pk)


def _enterprise(scene: Scene) -> Body:
    return next(body for body in scene.bodies.values() if body.kind == Body.Kind.ENTERPRISE)


def _write_settings(scene: Scene, until: date, *, by: Actor) -> None:
    """Set two routes and a few answer templates, as an office would."""
    at = local(until - timedelta(days=180), time(10))
    named = {body.name: body for body in scene.bodies.values()}
    for code in ("roads", "noise"):
        category = Category.objects.get(code=code)
        add_route(category, scene.places["330203"], named[HS_ENFORCEMENT], by=by, at=at)
    for unit, title, text in TEMPLATES:
        save_template(named[unit], title=title, text=text, by=by, at=at)


def _write_samples(city: Place, term: Term, now: datetime, *, by: Actor) -> None:
    """Publish one sample that was checked, and one whose draw is to come."""
    first, last = term.last - timedelta(days=60), term.last - timedelta(days=31)
    at = now - timedelta(days=20)
    done = sampling.publish_sample(
        _plan("上月办结诉求抽样核查", city, first, last, at + timedelta(days=1)), by=by, at=at
    )
    sampling.draw_sample(
        done.public_id, "083542", "公证员现场记录", by=by, at=at + timedelta(days=1, hours=1)
    )
    for item in done.items.order_by("position"):
        sampling.record_finding(
            item.public_id, "true", "已上门核实。", by=by, at=at + timedelta(days=6)
        )
    sampling.close_sample(done.public_id, by=by, at=at + timedelta(days=16))
    soon = local(day_of(now) + timedelta(days=2), time(20, 30))
    sampling.publish_sample(
        _plan("本月办结诉求抽样核查", city, last + timedelta(days=1), term.last, soon),
        by=by,
        at=now - timedelta(hours=3),
    )


def _plan(title: str, city: Place, first: date, last: date, act_at: datetime) -> sampling.Plan:
    return sampling.Plan(
        title=title,
        place=city,
        closed_from=first,
        closed_to=last,
        most_false=Decimal("0.1"),
        confidence=Decimal("0.95"),
        seed_source="当晚 20:30 福利彩票 3D 与七乐彩开奖号码，按公布顺序连写",
        act_at=act_at,
    )
