"""What a document begins with: a text of each kind, its numbers taken from the place and period.

In these texts `{{key}}` is a number of the chosen period, `{{key|last_year}}` the same time of the
year before. They are documents, which this city writes in Chinese: a headline, what matters most
in the first sentence, then section by section only what the numbers bear. What a hand must write
stands in 〔待写：…〕, with which nothing is sent.
"""

from __future__ import annotations

import re
from collections.abc import Collection
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


_MONTHLY = """\
{when}，{place}群众和企业共提出诉求{{matters.raised}}件，办结{{matters.done}}件；各级各单位走访{{service.visits}}次；周二夜学参加{{study.attendance}}人次。
一、诉求办理
提出诉求{{matters.raised}}件，去年同期{{matters.raised|last_year}}件；办结{{matters.done}}件，去年同期{{matters.done|last_year}}件。提出并已受理的诉求，办结率{{matters.resolution_rate|whole}}；其中已办结的，由提出人本人确认解决的占{{matters.confirmed_rate|whole}}。
企业自己提出、已受理的诉求{{matters.enterprise}}件，办结率{{matters.enterprise_rate|whole}}。
二、走访服务
走访企业、群众和基层{{service.visits}}次，去年同期{{service.visits|last_year}}次；至少发现一个问题的走访占{{service.found_rate|whole}}。平均每次走访对应办结诉求{{matters.per_visit}}件；走访和诉求不是同一样东西，不作百分比。
三、周二夜学
举行夜学的单位{{study.bodies}}个，参加{{study.people}}人、{{study.attendance}}人次，去年同期{{study.attendance|last_year}}人次。
"""
_MINUTES = """\
{when}工作例会听取诉求办理和走访服务情况汇报，议定下一步事项。
一、基本情况
{when}，{place}提出诉求{{matters.raised}}件，办结{{matters.done}}件，办结率{{matters.resolution_rate|whole}}；走访{{service.visits}}次，至少发现一个问题的走访占{{service.found_rate|whole}}。
二、议定事项
1. 〔待写：什么事，哪个单位办，几月几日前办完〕
"""
_LETTER = """\
现将{when}{place}诉求办理情况函告如下：
{when}提出诉求{{matters.raised}}件，去年同期{{matters.raised|last_year}}件；提出并已受理的诉求，办结率{{matters.resolution_rate|whole}}；已办结的，由提出人本人确认解决的占{{matters.confirmed_rate|whole}}。
请对尚未办结的诉求逐件核对，于收函后十个工作日内函复。
"""

TEMPLATES: tuple[Template, ...] = (
    Template(
        "monthly",
        "briefing",
        N_("一个时段的简报"),
        "{when}{place}诉求办理、走访服务和夜学情况",
        _MONTHLY,
    ),
    Template("minutes", "minutes", N_("工作例会纪要"), "{when}{place}工作例会纪要", _MINUTES),
    Template("letter", "letter", N_("函告办理情况"), "关于{when}{place}诉求办理情况的函", _LETTER),
)
BY_KEY = {template.key: template for template in TEMPLATES}
_LAST_YEAR = re.compile(r"，去年同期\{\{([a-z_.]+)\|last_year\}\}(?:件|人次|次)")
_NUMBER = re.compile(r"\{\{([a-z_]+\.[a-z_]+)((?:\|[a-z_]+)*)\}\}")


def begin(
    template: Template,
    *,
    when: str,
    place: str,
    place_code: str,
    period: Period,
    silent: Collection[str] = (),
) -> tuple[str, str]:
    """Give title and text of a new document, every number a reference.

    `silent` figures counted nothing a year before: no document compares itself with nothing.
    """

    def token(found: re.Match[str]) -> str:
        how = found[2].split("|")
        asked = year_before(period) if "last_year" in how else period
        return str(Token(found[1], asked.key, place_code, "whole" in how))

    title = template.title.replace("{when}", when).replace("{place}", place)
    worded = template.text.replace("{when}", when).replace("{place}", place)
    worded = _LAST_YEAR.sub(lambda found: "" if found[1] in silent else found[0], worded)
    return title, _NUMBER.sub(token, worded)
