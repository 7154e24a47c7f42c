"""Write the demo city's discussion in three phases, its copy in a district, what units found.

Each act by its own rules, at a moment on which its phase allowed it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from groundwork.base.actor import Actor, Grant, Role
from groundwork.base.clock import day_of
from groundwork.campaigns.actions import discussion, rectify, talking
from groundwork.campaigns.models import Campaign, Finding
from groundwork.campaigns.policy.discussion import campaign_for
from groundwork.campaigns.queries.rectify import problem_categories
from groundwork.campaigns.rules.discussion import Span
from groundwork.matters.models import Category
from groundwork.registry.models import Body, Person
from groundwork.study.models import Evening

TITLE = "“担当作为”责任大讨论"
ABOUT = "先把责任说清楚，再把问题找出来，最后一条一条改到位。说了什么不统计、不排名。"
BEFORE = {
    "discuss": "先想一想：手里的事，哪一件群众等得最久？",
    "rectify": "发言和意见里提到的问题，会列进对照检查清单。",
}
AFTER = "动员会开过了，讨论题和任务在下面，照着做就行。"
QUESTIONS = ("我们怎样让群众少跑一趟？", "遇到几家都管的事，谁先接？", "基层报的表，哪些可以不报？")
LOCAL = "老小区加装电梯的事怎样接得更快？"
TASKS = (("mobilise", "开一次动员会"), ("discuss", "每个支部讨论一次，写下一条实招"))
POINTS = (
    "答应群众的事有没有人盯到底", "几家都管的事有没有定下谁牵头", "遇到难事有没有先推给别人",
    "办事的路数能不能少一个环节", "忙的岗位有没有人手接得上",
)  # fmt: skip
OPINIONS = (
    "把要跑的几个窗口并成一个，先从开户登记做起。",
    "谁先接到电话谁先接，接了再找人，不让群众自己去问。",
    "能从系统里取的数不再要基层报，先停三张表看一看。",
)
SUGGESTIONS = (
    "一楼大厅加一张矮桌，坐轮椅的人也好填表。", "夜里值班电话的录音提示太长，老人听不完。",
    "把办事指南里的照片换成大字版。",
)  # fmt: skip
PRACTICE = ("周三晚间窗口", "每周三晚上开门两小时，白天上班的人也办得成；值班的人第二天上午补休。")
ADOPTED = "先在社保窗口试两个月，人手从轮休里调。"
# what was found, what shows it, what is done about it
FOUND = (
    (
        "群众的电话留言三天没人回。",
        "抽看留言登记，七条里三条过了三天。",
        "当天回，值班表写明谁回。",
    ),
    ("两个科室都说材料该对方收。", "同一户两天里跑了两个窗口。", "定一个科室先收，内部转。"),
    ("难办的来信先放着等别人问。", "登记本上有四封超过一周没动。", "来信三天内定人，写明下一步。"),
    ("办一件事要盖五个章。", "对照流程图数了一遍，两个章没有依据。", "去掉没有依据的两个章。"),
    ("窗口午间只有一个人。", "十一点半到一点半排队到门口。", "午间加一人，错开吃饭。"),
)
FIXED = "按写的改了，登记和值班表都能查，又抽看了一遍。"
SEEN = "到现场看了，登记和说的一样。"
BACK = "又抽看了一周，有两条过了三天，请再改。"


@dataclass(frozen=True)
class Scene:
    """Where it happens: who leads, who copies, which units speak, with whom."""

    top: Body
    district: Body | None
    units: Sequence[Body]
    people: Mapping[int, Sequence[Person]]  # by unit
    now: datetime
    by: Actor


def write_discussion(
    top: Body, district: Body | None, own: Body, people: Sequence[Person], now: datetime,
    *, by: Actor,
) -> int:  # fmt: skip
    """Lead one discussion in the city, copy it in a district; give how many there are."""
    staffed: dict[int, list[Person]] = {}
    for one in people:
        if one.unit_id is not None and one.status == "on_roll":
            staffed.setdefault(one.unit_id, []).append(one)
    units = Body.objects.filter(pk__in=staffed, kind=Body.Kind.UNIT, path__startswith=top.path)
    known = list(units.select_related("place").order_by("path")[:200])
    chosen = [own, *(one for one in known if one.pk != own.pk)]
    scene = Scene(top, district, chosen[: len(FOUND) + 1], staffed, now, by)
    made = _lead(scene)
    _speak(scene, made)
    _find(scene, made)
    if district is not None:
        _copy(scene, made)
    return Campaign.objects.count()


def _at(scene: Scene, back: int) -> datetime:
    return scene.now - timedelta(days=back)


def _day(scene: Scene, back: int) -> date:
    return day_of(_at(scene, back))


def _lead(scene: Scene) -> Campaign:
    """Lead it: the first phase is over, the second under way, the third has just opened."""
    spans = (
        Span("mobilise", _day(scene, 40), _day(scene, 31)),
        Span("discuss", _day(scene, 30), _day(scene, -10)),
        Span("rectify", _day(scene, 20), _day(scene, -60)),
    )
    at, by = _at(scene, 45), scene.by
    plan = discussion.CampaignPlan(TITLE, scene.top, spans, ABOUT)
    key = discussion.start_campaign(plan, by=by, at=at).public_id
    for phase in list(campaign_for(by, key).phases.all()):
        said = discussion.PhasePlan(
            phase.first_day, phase.last_day, phase.allows, BEFORE.get(phase.kind, ""),
            after=AFTER if phase.kind == "mobilise" else "",
        )  # fmt: skip
        discussion.set_phase(key, phase.kind, said, by=by, at=at)
    for text in QUESTIONS:
        discussion.add_question(key, text, by=by, at=at)
    for kind, what in TASKS:
        due = _day(scene, 31) if kind == "mobilise" else _day(scene, -5)
        discussion.add_task(key, kind, what, due, by=by, at=at)
    for what, category in zip(POINTS, problem_categories(), strict=False):
        discussion.add_task(key, "rectify", what, _day(scene, -30), category, by=by, at=at)
    made = discussion.move_campaign(key, "publish", by=by, at=at)
    evening = Evening.objects.filter(published_at__isnull=False, starts_at__lt=scene.now)
    last = evening.order_by("-starts_at", "-pk").first()
    if last is not None:
        talking.add_gathering(key, "evening", last.public_id, by=by, at=_at(scene, 2))
    return made


def _person(scene: Scene, n: int) -> Actor:
    unit = scene.units[n % len(scene.units)]
    one = scene.people[unit.pk][n % len(scene.people[unit.pk])]
    return Actor(person_id=one.pk, display_name=one.name, unit=unit.path)


def _chief(scene: Scene, unit: Body) -> Actor:
    grant = Grant(Role.UNIT_SECRETARY, body=unit.path, name=str(unit))
    label, one = f"{unit} · 单位书记", scene.people[unit.pk][-1]
    return Actor(person_id=one.pk, grants=(grant,), as_label=label, unit=unit.path)


def _speak(scene: Scene, campaign: Campaign) -> None:
    """Say, show, refuse, pass on, share a practice that another unit takes over."""
    key, by = campaign.public_id, scene.by
    questions = list(campaign.phases.get(kind="discuss").questions.all())
    for n, text in enumerate(OPINIONS):
        word = talking.Word("opinion", text, question=questions[n].public_id)
        said = talking.contribute(key, word, by=_person(scene, n), at=_at(scene, 20 - n))
        talking.settle_word(said.public_id, "show", by=by, at=_at(scene, 19 - n))
    for n, text in enumerate(SUGGESTIONS):
        word = talking.Word("suggestion", text, named=n != 1)
        said = talking.contribute(key, word, by=_person(scene, n + 3), at=_at(scene, 12 - n))
        if n < len(SUGGESTIONS) - 1:  # the last one waits for who tries it out
            talking.settle_word(said.public_id, "show", by=by, at=_at(scene, 11 - n))
        if n == 0:
            category = Category.objects.get(code="welfare")
            talking.take_up(said.public_id, category, by=by, at=_at(scene, 10))
    unit, other = scene.units[0], scene.units[1 % len(scene.units)]
    shared = talking.Word("practice", PRACTICE[1], title=PRACTICE[0], body=unit)
    made = talking.contribute(key, shared, by=_chief(scene, unit), at=_at(scene, 15))
    talking.settle_word(made.public_id, "show", by=by, at=_at(scene, 14))
    if other != unit:
        talking.adopt(made.public_id, other, ADOPTED, by=_chief(scene, other), at=_at(scene, 8))


def _find(scene: Scene, campaign: Campaign) -> None:
    """Let units find something with themselves: one came back after its check, one waits for one.

    None has ended for good: what the city solved is what its newspaper printed.
    """
    for n, (unit, texts) in enumerate(zip(scene.units, FOUND, strict=False)):
        key = _finding(scene, campaign, unit, n, texts).public_id
        if n in (1, 2):
            rectify.report_fixed(key, FIXED, by=_chief(scene, unit), at=_at(scene, 7 - n))
        if n == 1:
            for found, text, back in (("fixed", SEEN, 5), ("back", BACK, 2)):
                seen = rectify.Look(found, _day(scene, back), text)
                rectify.check_finding(key, seen, by=scene.by, at=_at(scene, back))


def _finding(
    scene: Scene, campaign: Campaign, unit: Body, n: int, texts: tuple[str, str, str]
) -> Finding:
    kinds = problem_categories()
    points = list(campaign.phases.get(kind="rectify").tasks.order_by("pk"))
    plan = rectify.FindingPlan(
        unit, kinds[n % len(kinds)], *texts, scene.people[unit.pk][0], _day(scene, -20 - n),
        point=points[n % len(points)].public_id,
    )  # fmt: skip
    return rectify.file_finding(campaign.public_id, plan, by=_chief(scene, unit), at=_at(scene, 12))


def _copy(scene: Scene, campaign: Campaign) -> None:
    """Copy it in the district, with a question of its own."""
    assert scene.district is not None
    at, by = _at(scene, 28), scene.by
    made = discussion.copy_campaign(campaign.public_id, scene.district, by=by, at=at)
    discussion.add_question(made.public_id, LOCAL, by=by, at=at)
    discussion.move_campaign(made.public_id, "publish", by=by, at=at)
