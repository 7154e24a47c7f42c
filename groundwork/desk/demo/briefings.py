"""Write the demo city's documents: one published, one that waits to be checked, one in hand."""

from __future__ import annotations

from datetime import datetime

from groundwork.base.actor import Actor
from groundwork.base.clock import day_of
from groundwork.figures.actions import briefings as acts
from groundwork.figures.actions.briefings import Wording
from groundwork.figures.queries.briefings import silent_figures
from groundwork.figures.rules.periods import Period, before, month_of, year_before
from groundwork.figures.rules.templates import BY_KEY, begin
from groundwork.registry.models import Place

MARK = "宁波市机关效能简报"
TO_WRITE = "1. 〔待写：什么事，哪个单位办，几月几日前办完〕"
DECIDED = "1. 超过承诺时限的诉求由牵头单位逐件说明原因，下次例会前办完。"


def write_briefings(city: Place, now: datetime, *, by: Actor) -> None:
    """Write last month's briefing and publish it, this month's minutes, a letter in draft."""
    month = month_of(day_of(now))
    last = before(month)
    briefing = _draft("monthly", city, last, now, "第1期", by=by)
    acts.send_briefing(briefing, by=by, at=now)
    acts.publish_briefing(briefing, by=by, at=now)
    acts.send_briefing(_draft("minutes", city, last, now, "第1期", by=by), by=by, at=now)
    _draft("letter", city, month, now, "", by=by)


def _draft(key: str, city: Place, period: Period, now: datetime, number: str, *, by: Actor) -> str:
    template = BY_KEY[key]
    when = f"{period.first.year}年{period.first.month}月"
    title, text = begin(
        template,
        when=when,
        place=city.name,
        place_code=city.code,
        period=period,
        silent=silent_figures(city, year_before(period), now),
    )
    text = text.replace(TO_WRITE, DECIDED)
    wording = Wording(MARK, title, text, number=number, public=template.kind == "briefing")
    return acts.draft_briefing(template.kind, city, wording, by=by, at=now).public_id
