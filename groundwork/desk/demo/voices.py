"""Write the demo city's registrations, calls, marks, a drive and three surveys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from groundwork.base.actor import Actor, Grant, Role
from groundwork.base.clock import day_of
from groundwork.desk.demo.cast import CAST, HOME
from groundwork.figures.rules.spring import SURVEYS
from groundwork.registry.models import Body, Person, Place
from groundwork.voices.actions import calls, drives, home, marks, surveys
from groundwork.voices.actions.many import answers_many

TRIED = "叶坤"  # the staff member of the cast
CALLS = ("周六清洁家园", "教老人用手机", "送药上门", "修一修楼道灯")
SAW = "周六来得早，带着邻居把楼道清了一遍，走的时候把工具都归了位。"
MISSED = "说好周六来帮忙，没有来，也没有打电话，现场少一个人手。"
REPLY = "那天临时通知防汛值守，没来得及说一声，是我疏忽，下周六补上。"
REASON = "向本人和社区都问过，情况如上，提醒今后提前说明。"
# By the key of the printed share; whole shares at full scale: 231 of 1,000, 220, 718.
SHARES = {
    "voices.survey.off_centre": 231,
    "voices.survey.dull_forms": 220,
    "voices.survey.improved": 718,
}
ASKED = 2000  # answers to each at scale 1


def write_voices(
    unit: Body, people: Sequence[Person], scale: float, now: datetime, *, by: Actor, rng: Random
) -> None:
    """Write what communities and members say to each other, by the rules of each act."""
    living = [one for one in people if one.home_community_id and one.status == "on_roll"]
    tried, near, waiting = _neighbours(living)
    there = {one.pk for one in (*tried, *near, *waiting)}
    away = [one for one in living if one.pk not in there]
    far = rng.sample(away, min(len(away), max(12, round(600 * scale))))
    chosen = [*near, *far]
    _registrations(chosen, now, by)
    _registrations(waiting, now, by, confirmed=False)
    for n, person in enumerate((*near[:3], *far[:: max(1, len(far) // 24)])):
        _calls(person, CALLS[n % len(CALLS)], now, by)
    for person in near[3:4]:
        _calls(person, CALLS[-1], now, by, confirmed=False)
    for n, person in enumerate([*tried, *chosen][:8]):
        _mark(person, n, now, by)
    place = _home(chosen[0])
    plan = drives.DrivePlan(
        place, "垃圾分类", "我家分好类再投放。", "市生活垃圾分类管理条例",
        day_of(now) - timedelta(days=10), day_of(now) + timedelta(days=30),
    )  # fmt: skip
    drives.open_drive(plan, by=by, at=now - timedelta(days=10))
    _surveys(unit, scale, now, by, rng)


def _neighbours(
    living: Sequence[Person],
) -> tuple[Sequence[Person], Sequence[Person], Sequence[Person]]:
    """Give who lives where the cast does: who is tried out, who has registered, who waits.

    The one tried out registers by hand; the community's secretary finds something to confirm.
    """
    home = Place.objects.filter(code=HOME).first()
    there = [one for one in living if home and one.home_community_id == home.pk]
    tried = [one for one in there if one.name == TRIED]
    others = [one for one in there if one.name not in {part.name for part in CAST}]
    return tried[:1], others[1:9], others[:1]


def _home(person: Person) -> Place:
    assert person.home_community_id is not None
    return Place.objects.get(pk=person.home_community_id)


def _actor(person: Person) -> Actor:
    return Actor(person_id=person.pk, display_name=person.name)


def _registrations(
    people: Sequence[Person], now: datetime, by: Actor, *, confirmed: bool = True
) -> None:
    at = now - timedelta(days=60 if confirmed else 1)
    places = Place.objects.in_bulk({one.home_community_id for one in people})
    for person in people:
        assert person.home_community_id is not None
        place = places[person.home_community_id]
        if place.level == Place.Level.COMMUNITY and place.valid_to is None:
            asked = home.register_home(place, since=day_of(at), by=_actor(person), at=at)
            if confirmed:
                home.confirm_home(asked.public_id, by=by, at=at + timedelta(days=1))


def _calls(person: Person, title: str, now: datetime, by: Actor, *, confirmed: bool = True) -> None:
    place = _home(person)
    for days in (-9, 5):
        start = (now + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
        plan = calls.CallPlan(
            place, "hour", title, f"{place.name}服务大厅", start,
            start + timedelta(hours=2), 4,
        )  # fmt: skip
        posted = calls.post_call(plan, by=by, at=start - timedelta(days=14))
        taken = calls.take_call(posted.public_id, by=_actor(person), at=start - timedelta(days=13))
        if days < 0 and confirmed:
            calls.confirm_taking(taken.public_id, by=by, at=start + timedelta(hours=3))


def _mark(person: Person, n: int, now: datetime, by: Actor) -> None:
    place = _home(person)
    at = now - timedelta(days=3)
    happened = marks.Happened(day_of(at) - timedelta(days=1), CALLS[0])
    grant = Grant(Role.COMMUNITY_SECRETARY, place=place.path, name=str(place))
    chief = Actor(grants=(grant,), display_name="竺春华", as_label=f"{place} · 社区书记")
    kind, words = ("brick", MISSED) if n % 4 == 3 else ("like", SAW)
    mark = marks.write_mark(kind, person, place, happened, words, by=chief, at=at)
    if kind == "brick":
        marks.reply_to_mark(mark.public_id, REPLY, by=_actor(person), at=at + timedelta(days=1))
        if n > 3:
            decided = at + timedelta(days=2)
            marks.decide_mark(mark.public_id, "refuse", REASON, by=by, at=decided)


def _surveys(unit: Body, scale: float, now: datetime, by: Actor, rng: Random) -> None:
    assert unit.place is not None
    at = now - timedelta(days=30)
    n = max(100, round(ASKED * scale))
    for key, title in SURVEYS.items():
        plan = surveys.SurveyPlan(
            title=title, body=unit, place=unit.place, authority="市委办公室年度征询计划",
            opens_at=at, closes_at=at + timedelta(days=14),
        )  # fmt: skip
        made = surveys.draft_survey(plan, by=by, at=at)
        new = surveys.NewQuestion("single", title, options=(("是", "Yes"), ("否", "No")))
        surveys.add_question(made.public_id, new, by=by, at=at)
        surveys.open_survey(made.public_id, by=by, at=at)
        yes = round(n * SHARES[key] / 1000)
        said = [{"q1": "a1"}] * yes + [{"q1": "a2"}] * (n - yes)
        answers_many(made.public_id, said, by=by, at=at)
        ends = at + timedelta(days=14)
        surveys.close_survey(made.public_id, by=by, at=ends, rng=rng)
        surveys.publish_survey(made.public_id, by=by, at=ends)
