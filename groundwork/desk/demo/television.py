"""Write the demo city's television inquiry: the season that ended, the one that runs.

At scale 1 the season that ended has the printed figures: 29 episodes, more than 130 units asked
(136 here), 315 problems that their raisers call solved, 301 of them satisfied. It ended before the
term that `figures` counts and after the year before, so that no other printed figure moves. What
was not solved is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from groundwork.access.models import Account
from groundwork.access.queries import actor_of_account
from groundwork.base.actor import Actor
from groundwork.base.clock import day_of, local
from groundwork.base.models import OutboxMessage
from groundwork.campaigns.actions import inquiry, inquiry_items, inquiry_jury, inquiry_many
from groundwork.campaigns.actions.inquiry_items import ItemPlan, Look, Promise
from groundwork.campaigns.actions.inquiry_many import AiredItem
from groundwork.campaigns.models import Episode, Season
from groundwork.campaigns.queries.inquiry_desk import juror_choices
from groundwork.desk.demo.cast import HS_ENFORCEMENT
from groundwork.desk.demo.figures import apportioned
from groundwork.desk.demo.geography import Geography
from groundwork.desk.demo.names import invent
from groundwork.desk.demo.words import TALK, Voices
from groundwork.matters.actions.bulk import Act, Row, record_matters_many
from groundwork.matters.actions.raising import Teller, Telling
from groundwork.matters.models import Category, Matter
from groundwork.registry.models import Body, Place

EPISODES, UNITS, FEWEST_UNITS = 29, 136, 4
PROBLEMS = {"satisfied": 301, "other": 14, "open": 9}
FEWEST_EPISODES, FEWEST = 3, {"satisfied": 6, "other": 1, "open": 1}
LAST = timedelta(days=175)  # the season's last evening before `until`
HOUR = time(20, 30)
JURORS = 41
SUBJECTS = ("道路出行", "环境卫生", "小区安全", "办事窗口", "看病和养老", "河道水质", "噪声扰民")
PROMISES = (
    (7, "一周内处理到位，全区同类问题月底前查一遍。"),
    (10, "十天内完工，完工那天请反映人到现场看。"),
    (15, "半个月内解决，办不到的当面说明原因。"),
)
OFFICES = ("局长", "副局长", "主任", "分管负责人")
SEEN = ("去看过，已经办好，附近住户也这么说。", "到现场看了，问题没有再出现。")
PARTLY = "到现场看了，大部分办好，还有一处没有收尾，已请单位接着办。"


@dataclass
class Scene:
    """The city that is asked, and who edits the programme."""

    geography: Geography
    city: Place
    editor: Actor
    rng: Random
    units: int

    def __post_init__(self) -> None:
        self.categories = {category.code: category for category in Category.objects.all()}
        self.voices = Voices(spring=False)
        self.asked: dict[int, tuple[Place, str, Body]] = {}


@dataclass(frozen=True)
class Problem:
    """One problem of an evening before it stands in the ledger."""

    row: Row
    plan: ItemPlan
    promise: Promise
    jury: tuple[int, int]


def write_television(
    places: dict[str, Place],
    bodies: dict[str, Body],
    units: set[str],
    scale: float,
    until: date,
    now: datetime,
    *,
    by: Actor,
    rng: Random,
) -> None:
    """Write the season that ended and the one that runs, as they stand at `now`."""
    account = Account.objects.get(demo=True, person__name="应思齐")
    scene = Scene(
        Geography(places.values(), bodies.values(), units),
        places["3302"],
        actor_of_account(account),
        rng,
        max(FEWEST_UNITS, round(UNITS * scale)),
    )
    _season_that_ended(scene, scale, until, now, by)
    _season_that_runs(scene, until, now, by)
    OutboxMessage.objects.filter(done_at=None).update(done_at=now)  # nobody is written to


def _season_that_ended(scene: Scene, scale: float, until: date, now: datetime, by: Actor) -> None:
    n = max(FEWEST_EPISODES, round(EPISODES * scale))
    exact = apportioned(PROBLEMS, scale)
    fates = [f for f in PROBLEMS for _ in range(max(exact[f], FEWEST[f]))]
    scene.rng.shuffle(fates)
    evenings = [_thursday(until - LAST - timedelta(days=7 * back)) for back in reversed(range(n))]
    season = _season(
        scene, f"{evenings[0].year}年民生问政", evenings[0].date(), evenings[-1].date()
    )
    for number, airs_at in enumerate(evenings):
        some = fates[number::n]
        problems = [_problem(scene, airs_at, fate, now) for fate in some]
        place = scene.city if number % 3 else _district(scene, problems[0])
        title = f"第{number + 1}期：{SUBJECTS[number % len(SUBJECTS)]}"
        plan = inquiry.EpisodePlan(title, place, airs_at)
        episode = inquiry_many.record_aired(season.public_id, plan, by=scene.editor, at=now)
        matters = record_matters_many(
            [_of(problem.row, episode) for problem in problems], by=by, at=now
        )
        last = number == n - 1
        rows = [_aired(scene, p, m, now, last) for p, m in zip(problems, matters, strict=True)]
        inquiry_many.record_items_many(episode.public_id, rows, by=scene.editor, at=now)


def _season(scene: Scene, title: str, first: date, last: date) -> Season:
    about = "每周四晚直播。问了什么、答应了什么、后来办得怎样，都列在这里。"
    plan = inquiry.SeasonPlan(title, scene.city, first, last, about)
    return inquiry.plan_season(plan, by=scene.editor, at=local(first, time(9)))


def _thursday(day: date) -> datetime:
    return local(day - timedelta(days=(day.weekday() - 3) % 7), HOUR)


def _district(scene: Scene, problem: Problem) -> Place:
    path = problem.row.telling.place.path[:8]
    return Place.objects.filter(path=path).first() or scene.city


def _of(row: Row, episode: Episode) -> Row:
    return replace(row, telling=replace(row.telling, source=(inquiry.EPISODE, episode.public_id)))


def _where(scene: Scene) -> tuple[Place, str, Body]:
    """Choose a place, a category and the unit that is asked, until so many units were."""
    if len(scene.asked) >= scene.units:
        return scene.rng.choice(list(scene.asked.values()))
    for _try in range(60):
        place = scene.geography.community(scene.rng)
        code = scene.voices.category(scene.rng, enterprise=False)
        lead = scene.geography.lead(code, TALK[code], place, scene.rng)
        if lead.pk not in scene.asked:
            break
    scene.asked[lead.pk] = place, code, lead
    return place, code, lead


def _problem(scene: Scene, airs_at: datetime, fate: str, now: datetime) -> Problem:
    """Invent a problem, the way it went in the ledger, what was promised and judged."""
    rng, (place, code, lead) = scene.rng, _where(scene)
    talk = TALK[code]
    what = rng.choice(talk.spots) + rng.choice(talk.told)
    days, words = rng.choice(PROMISES)
    phase = rng.choice(("before", "before", "on", "after"))
    raised = airs_at + timedelta(days=-rng.randrange(2, 6) if phase != "after" else 0, hours=1)
    telling = Telling(
        words=f"{place.name}{what}，大家等了很久。",
        category=scene.categories[code],
        place=place,
        door="television",
        withheld_until=airs_at if phase != "after" else None,
    )
    answer = rng.choice(talk.answers).format(lead=lead)
    acts = tuple(_acts(fate, airs_at, days, lead, answer, rng))
    public = f"{place.name}{what}。"
    return Problem(
        Row(
            telling, Teller(name=invent(rng)), raised, tuple(a for a in acts if a.at <= now), public
        ),
        ItemPlan(what, f"{place.name}{what}，什么时候能解决？", lead, phase),
        Promise(words, day_of(airs_at) + timedelta(days=days), rng.choice(OFFICES)),
        (JURORS, rng.randrange(round(JURORS * 0.55), JURORS + 1)),
    )


def _acts(
    fate: str, airs_at: datetime, days: int, lead: Body, answer: str, rng: Random
) -> Iterator[Act]:
    """Walk the way of a problem after its hour: accepted next morning, answered by the promise."""
    morning = (airs_at + timedelta(days=1)).replace(hour=9, minute=rng.randrange(5, 50))
    yield Act("accept", morning, label="受理派单员")
    yield Act("assign", morning + timedelta(hours=1), body=lead, label="受理派单员")
    yield Act("start", morning + timedelta(hours=5), label="承办人")
    if fate == "open":
        return
    done = morning + timedelta(days=rng.randrange(max(2, days - 4), days), hours=6)
    yield Act("answer", done, answer, label="承办人")
    said = done + timedelta(days=rng.randrange(1, 3), hours=3)
    yield Act("confirm", said, satisfied=fate == "satisfied")


def _aired(scene: Scene, problem: Problem, matter: Matter, now: datetime, last: bool) -> AiredItem:
    """Tell what was found afterwards; the last evening's checks are still to be done."""
    looks: list[Look] = []
    ended = day_of(matter.closed_at) if matter.closed_at else None
    if ended is not None:
        rng, day = scene.rng, ended + timedelta(days=7)
        partly = rng.random() < 0.04
        words = PARTLY if partly else rng.choice(SEEN)
        looks.append(Look("revisit", "partly" if partly else "fine", day, words))
        check = ended + timedelta(days=91)
        if not last and check <= day_of(now):
            looks.append(Look("relapse", "fine", check, rng.choice(SEEN)))
    return AiredItem(matter, problem.plan, problem.promise, problem.jury, tuple(looks))


# ---- the season that runs -----------------------------------------------------------------------
def _season_that_runs(scene: Scene, until: date, now: datetime, by: Actor) -> None:
    """Leave something for every desk: promises that come due, a jury's vote, what nobody reads."""
    airs_at = _thursday(until - timedelta(days=8))
    season = _season(scene, "本季民生问政", airs_at.date(), until + timedelta(days=100))
    problems = [_problem(scene, airs_at, "open", now) for _ in range(4)]
    plan = inquiry.EpisodePlan("第1期：群众等了很久的事", scene.city, airs_at)
    episode = inquiry_many.record_aired(season.public_id, plan, by=scene.editor, at=now)
    rows = [_of(problem.row, episode) for problem in problems]
    matters = record_matters_many(rows, by=by, at=now)
    aired = [_aired(scene, p, m, now, True) for p, m in zip(problems, matters, strict=True)]
    inquiry_many.record_items_many(episode.public_id, aired, by=scene.editor, at=now)
    _coming(scene, season, now)


def _coming(scene: Scene, season: Season, now: datetime) -> None:
    """Plan the next evening: kept back, shown to one unit, its jury is asked already."""
    editor, unit = scene.editor, scene.geography.named(HS_ENFORCEMENT)
    hour = local(day_of(now) + timedelta(days=3), HOUR)
    plan = inquiry.EpisodePlan("第2期：家门口的路", scene.city, hour)
    episode = inquiry.plan_episode(season.public_id, plan, by=editor, at=now)
    asked = (
        ("修了又坏的支路", "菜场前的支路修了三次又坏了三次，什么时候能真正修好？"),
        ("一下雨就漫水的校门口", "学校门口一下雨就漫水，孩子踩着砖头进去，谁来管？"),
    )
    for n, (title, question) in enumerate(asked):
        telling = Telling(question, scene.categories["roads"], scene.geography.home, "television")
        item, _receipt = inquiry_items.raise_question(
            episode.public_id, telling, Teller(name="栏目组"), ItemPlan(title, question, unit),
            by=editor, at=now,
        )  # fmt: skip
        if n == 0:
            inquiry_items.show_item(item.public_id, by=editor, at=now)
    jury = list(juror_choices(episode, day_of(now)))
    inquiry_jury.declare_jurors(episode.public_id, jury, by=editor, at=now)
    inquiry_jury.open_vote(episode.public_id, by=editor, at=now)
