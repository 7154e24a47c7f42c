"""What a document begins with: a text of each kind, its numbers taken from the place and period.

In these texts `{{key}}` is a number of the chosen period, `{{key|last_year}}` the same time of the
year before. They are documents, which this city writes in Chinese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from groundwork.base.errors import N_
from groundwork.figures.rules.briefing import Token
from groundwork.figures.rules.periods import Period, year_before


@dataclass(frozen=True)
class Template:
    """A beginning: for which kind of document, how it is called, and its text."""

    key: str
    kind: str
    name: str
    title: str
    text: str


_MONTHLY = """一、总的情况
{when}，{place}共提出诉求{{matters.raised}}件，去年同期{{matters.raised|last_year}}件；办结{{matters.done}}件。本时段提出并已受理的诉求，办结率{{matters.resolution_rate|whole}}；已经办结的，由提出人本人确认解决的占{{matters.confirmed_rate|whole}}。
二、服务企业、群众、基层
{when}共走访{{service.visits}}次，发现问题的走访占{{service.found_rate|whole}}。平均每次走访办结诉求{{matters.per_visit}}件，两者数的不是一样东西，不作百分比。
企业自己提出、已受理的诉求{{matters.enterprise}}件，办结率{{matters.enterprise_rate|whole}}。
三、周二夜学
参加夜学{{study.attendance}}人次，{{study.people}}人；举行夜学的单位{{study.bodies}}个。
四、下一步
"""
_MINUTES = """{when}的工作例会听取了诉求办理和走访情况的汇报。
一、会议指出
{when}办结诉求{{matters.done}}件，办结率{{matters.resolution_rate|whole}}。
二、会议议定
1.
"""
_LETTER = """现将{when}{place}诉求办理情况函告如下：
本时段提出诉求{{matters.raised}}件，办结率{{matters.resolution_rate|whole}}；本人确认解决率{{matters.confirmed_rate|whole}}。
请对尚未办结的逐件核对，于收函后十个工作日内函复。
"""

TEMPLATES: tuple[Template, ...] = (
    Template("monthly", "briefing", N_("一个时段的简报"), "{when}{place}工作简报", _MONTHLY),
    Template("minutes", "minutes", N_("工作例会纪要"), "{when}工作例会纪要", _MINUTES),
    Template("letter", "letter", N_("函告办理情况"), "关于{when}诉求办理情况的函", _LETTER),
)
BY_KEY = {template.key: template for template in TEMPLATES}
_NUMBER = re.compile(r"\{\{([a-z_]+\.[a-z_]+)((?:\|[a-z_]+)*)\}\}")


def begin(
    template: Template, *, when: str, place: str, place_code: str, period: Period
) -> tuple[str, str]:
    """Give title and text of a new document, every number a reference."""

    def token(found: re.Match[str]) -> str:
        how = found[2].split("|")
        asked = year_before(period) if "last_year" in how else period
        return str(Token(found[1], asked.key, place_code, "whole" in how))

    title = template.title.replace("{when}", when).replace("{place}", place)
    worded = template.text.replace("{when}", when).replace("{place}", place)
    return title, _NUMBER.sub(token, worded)
