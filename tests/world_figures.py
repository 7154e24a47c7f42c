"""Documents written from the world's figures: one published, one closed, one being written; the
open data of the month before.
"""

from __future__ import annotations

from typing import Any

from groundwork.base.actor import system
from groundwork.figures.actions import briefings as acts
from groundwork.figures.actions.briefings import Wording
from groundwork.figures.actions.editions import take_editions
from groundwork.figures.rules.periods import month_of
from groundwork.figures.rules.templates import BY_KEY, begin

CITY = system("tests")


def build(world: Any) -> None:
    """Write them through the city's own actions, as of the world's moment."""
    at, place = world.at, world["place:city"]
    period = month_of(at.date())

    def draft(key: str, public: bool) -> Any:
        title, text = begin(
            BY_KEY[key], when="本月", place=place.name, place_code=place.code, period=period
        )
        text = text.replace("〔待写：什么事，哪个单位办，几月几日前办完〕", "逐件核对。")
        wording = Wording("宁波市夜学简报", title, text, number="第1期", public=public)
        return acts.draft_briefing(BY_KEY[key].kind, place, wording, by=CITY, at=at)

    for name, key, public in (("briefing", "monthly", True), ("minutes", "minutes", False)):
        world.things[name] = draft(key, public)
        acts.send_briefing(world[name].public_id, by=CITY, at=at)
        acts.publish_briefing(world[name].public_id, by=CITY, at=at)
    world.things["briefing:draft"] = draft("letter", True)
    [world.things["edition"]] = take_editions(at=at)
