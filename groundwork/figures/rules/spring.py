"""What was printed of the city in the spring of 2020, and what each number has to be held against.

The rows stand in the order in which the article prints them. `figure` and `period` name what this
city's own records say; where no figure of the catalogue can say it, the row says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groundwork.base.errors import N_

TERM = "to-2020-05"
WEEKS = "2020-02-10_2020-03-31"  # in which the city went back to work
CALLED = "2020-02-01_2020-03-01"
BUSIEST = "busiest"  # not a period: the week of the term with the fullest rolls

Match = Literal["exact", "at_least"]
Verdict = Literal["same", "differs", "empty", "no_share", "elsewhere"]


@dataclass(frozen=True)
class Printed:
    """One printed number: what it is called, as it stood there, and what is said about it.

    `goal` is what the records must show, exactly or at least; None where they cannot.
    """

    key: str
    title: str
    printed: str
    note: str
    figure: str = ""
    period: str = TERM
    goal: float | None = None
    match: Match = "exact"


_SURVEY = N_("同名问卷公布的结果里选了第一项的，连同有效份数；少于五份不出百分比。")
_SEASON = N_("当时最近办完的一季问政里，播出过的。")

ROWS: tuple[Printed, ...] = (
    Printed(
        "study.minutes_min", N_("一场夜学至少多长"), N_("90分钟"),
        N_("是规则，不是统计：短于 90 分钟的夜学发布不了。"), goal=90, match="at_least",
    ),
    Printed(
        "study.units", N_("一起学的单位"), N_("上千家"),
        N_("人最多的一周里，名册上至少有一人的单位；一个单位多少人都算一家。"),
        "study.bodies", BUSIEST, 1000, "at_least",
    ),
    Printed(
        "study.staff", N_("一起学的机关干部"), N_("数万人"),
        N_("同一周名册上的不同的人；参加几场都算一人。"),
        "study.people", BUSIEST, 10_000, "at_least",
    ),
    Printed(
        "live.viewers", N_("一晚的网上观看"), N_("120多万网民"),
        N_("看的人最多的那一晚，至少播放了一分钟的浏览器个数；播放次数和同时在线是另外两个数。"),
        goal=1_200_000, match="at_least",
    ),
    Printed(
        "duty.staff", N_("下沉值守的机关干部"), "28,000",
        N_("至少到过一次岗的不同的人；排了班没有到的不算。"), "duty.people", CALLED, 28_000,
    ),
    Printed(
        "service.visits.resumption", N_("复工复产期间的走访"), "37,168",
        N_("没有发现问题的走访也算。"), "service.visits", WEEKS, 37_168,
    ),
    Printed(
        "matters.resolved.resumption", N_("复工复产期间解决的问题"), "36,810",
        N_("由提出人自己确认解决的；去年同期按同一个定义数。"), "matters.confirmed", WEEKS, 36_810,
    ),
    Printed(
        "service.visits.to_may", N_("截至5月的走访"), "144,105",
        N_("没有发现问题的走访也算。"), "service.visits", TERM, 144_105,
    ),
    Printed(
        "matters.resolved.to_may", N_("截至5月解决的问题"), "143,836",
        N_("由提出人自己确认解决的。"), "matters.confirmed", TERM, 143_836,
    ),
    Printed(
        "matters.resolution_rate.to_may", N_("印作“办结率”的数"), "99.8%",
        N_(
            "143,836 ÷ 144,105 是解决的问题除以走访的次数，两者数的不是一样东西，不是百分比。"
            "办结率要除以受理的诉求，在旁边。"
        ),
    ),
    Printed(
        "matters.enterprise.accepted", N_("受理的企业诉求"), "310",
        N_("企业自己提出、已受理的。"), "matters.enterprise", TERM, 310,
    ),
    Printed(
        "matters.enterprise.resolved", N_("解决的企业诉求"), "300",
        N_("受理的企业诉求里已经办结的，连同分母一起看。"), "matters.enterprise_rate", TERM, 300,
    ),
    Printed(
        "matters.enterprise.satisfaction", N_("企业满意率"), "96.3%",
        N_(
            "说了满不满意的企业里说满意的；没有回答的不算满意，也不算不满意，"
            "回答的比例写在旁边。"
        ),
        goal=96.3,
    ),
    Printed("campaigns.episodes", N_("电视问政的期数"), "29", _SEASON, goal=29),
    Printed(
        "campaigns.units_questioned", N_("被问的单位"), N_("130余家"),
        N_("同一季里被问到的不同的单位。"), goal=130, match="at_least",
    ),
    Printed(
        "campaigns.problems_solved", N_("问政解决的问题"), "315",
        N_("一个问题就是台账里的一件诉求；由提出人自己确认解决的，连同问到的问题一起看。"),
        goal=315,
    ),
    Printed(
        "campaigns.satisfaction", N_("对解决的满意率"), "95.6%",
        N_("满意是提出人自己的话，和台账里的其他诉求一样问、一样数。"), goal=95.6,
    ),
    Printed(
        "voices.survey.off_centre", N_("觉得工作没有围绕中心的"), "23.1%", _SURVEY, goal=23.1,
    ),
    Printed("voices.survey.dull_forms", N_("觉得形式单一的"), "22%", _SURVEY, goal=22),
    Printed("voices.survey.improved", N_("觉得作风有改进的"), "71.8%", _SURVEY, goal=71.8),
)  # fmt: skip


# The printed shares are of three surveys: by these names they are known.
SURVEYS: dict[str, str] = {
    "voices.survey.off_centre": "您觉得机关党建工作没有围绕中心吗？",
    "voices.survey.dull_forms": "您觉得机关党建的形式单一吗？",
    "voices.survey.improved": "您觉得机关干部的作风有改进吗？",
}


def judge(row: Printed, found: float | None, records: int) -> Verdict:
    """Tell how the records stand to what was printed; nothing to compare is not the same."""
    if row.key == "matters.resolution_rate.to_may":
        return "no_share"
    if row.goal is None or found is None:
        return "elsewhere" if row.goal is None else "empty"
    if not records:
        return "empty"
    met = round(found, 1) == row.goal if row.match == "exact" else found >= row.goal
    return "same" if met else "differs"
