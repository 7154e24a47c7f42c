"""Every figure, declared once: what it is called, what it counts, in one sentence each.

A definition that changes gets another edition by itself (`Figure.edition`); numbers of two
editions are never compared. `docs/figures.md` is made from this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groundwork.base.errors import N_
from groundwork.figures.rules import on_air
from groundwork.figures.rules.kinds import (
    Counted,
    Distinct,
    Kind,
    MedianOf,
    PartOf,
    Per,
    Records,
    Sealed,
    ShareOf,
    Total,
    edition_of,
    records_of,
)


@dataclass(frozen=True)
class Figure:
    """One declared number. `beside` is the count that must stand next to it, by key.

    `city_only`: its records belong to no district, so that it is nobody's but the city's.
    `no_body`: it is never said of one unit, by rule: who watched. `until`: what the newest of its
    records still wait for, so that it falls at the end of every curve: to be solved, or to be
    spoken of by who raised them.
    """

    key: str
    title: str  # Chinese, which is the msgid
    definition: str
    unit: str
    kind: Kind
    beside: str = ""
    city_only: bool = False
    no_body: bool = False
    until: Literal["", "solved", "heard"] = ""

    @property
    def edition(self) -> str:
        """Name the definition: eight digits that change with what is counted."""
        return edition_of(self.kind)

    @property
    def source(self) -> str:
        """Name the source whose records it opens onto."""
        return self.kind.opens.source

    @property
    def records(self) -> tuple[Records, ...]:
        """All records it speaks of, those it opens onto first."""
        return records_of(self.kind)


_RAISED = Records("matters.matter", "raised")
_ENTERPRISE = _RAISED.only("enterprise")
_DONE = Records("matters.matter", "closed").only("done")
_VISITS = Records("service.visit", "day")
_ROLLS = Records("study.roll", "evening")
_POSTS = Records("duty.post", "shift")

_SHEETS = Records("study.sheet", "evening")
_CLOSED = _SHEETS.only("closed")
_STREAMS = Records("live.digest", "evening")
_SURVEYS = Records("voices.survey", "closed")
_SENDS = Records("web.form", "day")
_DAY = 24 * 60  # minutes


def _share(question: str, when: str, *conditions: str) -> ShareOf:
    """Make the share of those who said yes to one of the three questions after an answer."""
    asked = Records("matters.word", when).only(*conditions)
    said = asked.only(f"{question}_said")
    return ShareOf(said.only(f"{question}_yes"), said, asked)


CATALOGUE: tuple[Figure, ...] = (
    Figure(
        "matters.raised",
        N_("提出的诉求"),
        N_("本时段提出的诉求，各种渠道都算；并单的只算并入的那一件。"),
        N_("件"),
        Counted(_RAISED),
    ),
    Figure(
        "matters.done",
        N_("办结的诉求"),
        N_("本时段内办结的诉求：本人确认解决，或到期没有回音、单位称已办结。"),
        N_("件"),
        Counted(_DONE),
    ),
    Figure(
        "matters.confirmed",
        N_("本人确认解决的诉求"),
        N_("本时段内办结、由提出人自己确认解决的诉求。"),
        N_("件"),
        Counted(_DONE.only("confirmed")),
    ),
    Figure(
        "matters.resolution_rate",
        N_("办结率"),
        N_("本时段提出并已受理的诉求里，到现在已经办结的。"),
        "",
        PartOf(_RAISED.only("accepted", "done"), _RAISED.only("accepted")),
        until="solved",
    ),
    Figure(
        "matters.confirmed_rate",
        N_("本人确认解决率"),
        N_("本时段提出、已经办结的诉求里，由提出人自己确认解决的。"),
        "",
        PartOf(_RAISED.only("done", "confirmed"), _RAISED.only("done")),
    ),
    Figure(
        "matters.found_rate",
        N_("主动发现率"),
        N_("本时段提出的诉求里，由走访和巡查先发现的。"),
        "",
        PartOf(_RAISED.only("found"), _RAISED),
    ),
    Figure(
        "matters.enterprise",
        N_("受理的企业诉求"),
        N_("本时段企业自己提出、已受理的诉求。"),
        N_("件"),
        Counted(_ENTERPRISE.only("accepted")),
    ),
    Figure(
        "matters.enterprise_rate",
        N_("企业诉求办结率"),
        N_("本时段企业提出并已受理的诉求里，到现在已经办结的。"),
        "",
        PartOf(_ENTERPRISE.only("accepted", "done"), _ENTERPRISE.only("accepted")),
        until="solved",
    ),
    Figure(
        "matters.time_to_close",
        N_("办结用时"),
        N_("本时段办结的诉求，从提出到办结的自然时间，排在正中间的那一件用了几天。"),
        N_("天"),
        MedianOf(_DONE, "took", _DAY),
        beside="matters.office_days",
    ),
    Figure(
        "matters.office_days",
        N_("办结用的工作日"),
        N_(
            "本时段办结的诉求，从提出的次日到办结那天，按工作日历数，排在正中间的那一件用了几个工作日。"
        ),
        N_("个工作日"),
        MedianOf(_DONE, "office_days", 1),
        beside="matters.time_to_close",
    ),
    Figure(
        "matters.said_answered",
        N_("得到答复"),
        N_("本时段得到答复的诉求，说了有没有答复的提出人里，说“答复了”的。"),
        "",
        _share("answered", "answered"),
        until="heard",
    ),
    Figure(
        "matters.said_solved",
        N_("问题解决"),
        N_("本时段得到答复的诉求，说了解决没有的提出人里，说“解决了”的。"),
        "",
        _share("solved", "answered"),
        until="heard",
    ),
    Figure(
        "matters.said_satisfied",
        N_("对办理满意"),
        N_("本时段得到答复的诉求，说了满不满意的提出人里，说“满意”的。"),
        "",
        _share("satisfied", "answered"),
        until="heard",
    ),
    Figure(
        "matters.enterprise_satisfied",
        N_("企业满意率"),
        N_("本时段企业提出、已受理、得到答复的诉求，说了满不满意的企业里，说“满意”的。"),
        "",
        _share("satisfied", "raised", "enterprise", "accepted"),
    ),
    Figure(
        "service.visits",
        N_("走访"),
        N_("本时段内的走访，服务企业、群众、基层都算；没有发现问题的也算。"),
        N_("次"),
        Counted(_VISITS),
    ),
    Figure(
        "service.found_rate",
        N_("发现问题的走访"),
        N_("本时段的走访里，至少发现一个问题的。"),
        "",
        PartOf(_VISITS.only("found"), _VISITS),
    ),
    Figure(
        "matters.per_visit",
        N_("每次走访办结的诉求"),
        N_("本时段办结的诉求除以同时段的走访。两者数的不是一样东西，所以不是百分比。"),
        "",
        Per(_DONE, _VISITS),
    ),
    Figure(
        "study.attendance",
        N_("夜学参加人次"),
        N_("本时段已结束的夜学名册上的人次，一人一场计一次，不计时长。"),
        N_("人次"),
        Counted(_ROLLS),
        beside="study.people",
    ),
    Figure(
        "study.people",
        N_("参加夜学的人"),
        N_("本时段名册上的不同的人，参加几场都计一人。"),
        N_("人"),
        Distinct(_ROLLS, "people"),
        beside="study.attendance",
    ),
    Figure(
        "study.bodies",
        N_("举行夜学的单位"),
        N_("本时段至少有一人在名册上的单位，按参加时的单位计。"),
        N_("个"),
        Distinct(_ROLLS, "bodies"),
    ),
    Figure(
        "study.evenings",
        N_("举行的夜学"),
        N_("本时段已结束、至少有一人在名册上的夜学。"),
        N_("场"),
        Distinct(_ROLLS, "evenings"),
    ),
    Figure(
        "study.rolled",
        N_("有名册的单位"),
        N_("本时段已结束的夜学，应参加的单位里名册上有人或已封存的；一个单位一场计一次。"),
        "",
        PartOf(_SHEETS.only("rolled"), _SHEETS),
    ),
    Figure(
        "study.coverage",
        N_("夜学覆盖率"),
        N_("本时段已封存的名册，封存时应到的人里参加了的；一人一场计一次，不计时长。"),
        "",
        PartOf(_CLOSED.summed("expected/here"), _CLOSED.summed("expected")),
    ),
    Figure(
        "live.viewers",
        N_("收看直播的人次"),
        N_(
            "本时段各场直播去重后的收看人数相加；看两场的计两次。收看不记是谁，所以没有跨场的人数。"
        ),
        N_("人次"),
        Sealed(_STREAMS.summed("viewers")),
        no_body=True,
    ),
    Figure(
        "live.plays",
        N_("直播播放次数"),
        N_("本时段各场直播的播放次数相加；同一人重新打开也算。"),
        N_("次"),
        Sealed(_STREAMS.summed("plays")),
        no_body=True,
    ),
    Figure(
        "duty.people",
        N_("下沉值守的人"),
        N_("本时段至少到过一次岗的不同的人。"),
        N_("人"),
        Distinct(_POSTS, "people"),
        beside="duty.shifts",
    ),
    Figure(
        "duty.shifts",
        N_("到岗的值守"),
        N_("本时段到了岗的值守，一人一班计一次；不同的人另有一个数。"),
        N_("人次"),
        Counted(_POSTS),
        beside="duty.people",
    ),
    Figure(
        "voices.answers",
        N_("问卷的答卷"),
        N_("本时段截止的问卷收到的答卷，请人来答的和扫码就能答的都算。"),
        N_("份"),
        Total(_SURVEYS.summed("answers")),
    ),
    Figure(
        "voices.reply",
        N_("问卷答复率"),
        N_("本时段截止、请人来答的问卷，请到的人里交了答卷的；一人一份问卷计一次。"),
        "",
        PartOf(
            _SURVEYS.only("invited").summed("invited/answered"),
            _SURVEYS.only("invited").summed("invited"),
        ),
    ),
    Figure(
        "forms.sends",
        N_("提交的表单"),
        N_("本时段全市提交的各张表，从打开到提交超过两小时的不算。"),
        N_("张次"),
        Counted(_SENDS),
        city_only=True,
    ),
    Figure(
        "forms.minutes",
        N_("填表用时合计"),
        N_("本时段全市各张表从打开到提交用时的合计，不记是谁；超过两小时的不算。"),
        N_("分钟"),
        Total(_SENDS.summed("seconds"), 60),
        city_only=True,
    ),
    Figure(
        "forms.each",
        N_("填一张表的用时"),
        N_("本时段全市提交的表，从打开到提交，排在正中间的那一张用了几分钟。"),
        N_("分钟"),
        MedianOf(_SENDS, "seconds", 60),
        city_only=True,
    ),
    *(Figure(*row, no_body=row[0] in on_air.NO_BODY) for row in on_air.ROWS),
)

FIGURES: dict[str, Figure] = {figure.key: figure for figure in CATALOGUE}

# What most people come for; the page shows these first and the others folded by what they are of.
CHIEF = (
    "matters.raised",
    "matters.done",
    "matters.resolution_rate",
    "matters.time_to_close",
    "matters.said_satisfied",
    "service.visits",
    "matters.per_visit",
    "study.attendance",
    "study.people",
    "study.coverage",
    "live.viewers",
    "duty.people",
)
