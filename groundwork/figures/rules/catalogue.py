"""Every figure, declared once: what it is called, what it counts, in one sentence each.

A definition that changes gets another edition by itself (`Figure.edition`); numbers of two
editions are never compared. `docs/figures.md` is made from this list.
"""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.base.errors import N_
from groundwork.figures.rules.kinds import (
    Counted,
    Distinct,
    Kind,
    PartOf,
    Per,
    Records,
    edition_of,
)


@dataclass(frozen=True)
class Figure:
    """One declared number. `beside` is the count that must stand next to it, by key."""

    key: str
    title: str  # Chinese, which is the msgid
    definition: str
    unit: str
    kind: Kind
    beside: str = ""

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
        if isinstance(self.kind, PartOf):
            return (self.kind.part, self.kind.whole)
        if isinstance(self.kind, Per):
            return (self.kind.number, self.kind.per)
        return (self.kind.records,)


_RAISED = Records("matters.matter", "raised")
_ENTERPRISE = _RAISED.only("enterprise")
_VISITS = Records("service.visit", "day")
_ROLLS = Records("study.roll", "evening")
_POSTS = Records("duty.post", "shift")

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
        Counted(Records("matters.matter", "closed").only("done")),
    ),
    Figure(
        "matters.confirmed",
        N_("本人确认解决的诉求"),
        N_("本时段内办结、由提出人自己确认解决的诉求。"),
        N_("件"),
        Counted(Records("matters.matter", "closed").only("done", "confirmed")),
    ),
    Figure(
        "matters.resolution_rate",
        N_("办结率"),
        N_("本时段提出并已受理的诉求里，到现在已经办结的。"),
        "",
        PartOf(_RAISED.only("accepted", "done"), _RAISED.only("accepted")),
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
        Per(Records("matters.matter", "closed").only("done"), _VISITS),
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
        "duty.people",
        N_("下沉值守的人"),
        N_("本时段至少到过一次岗的不同的人。"),
        N_("人"),
        Distinct(_POSTS, "people"),
    ),
)

FIGURES: dict[str, Figure] = {figure.key: figure for figure in CATALOGUE}
