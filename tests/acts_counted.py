"""Acts that move numbers, to be done in any order: whatever was done, every sum must be right."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from groundwork.base import clock
from groundwork.base.actor import Actor, system
from groundwork.matters.actions import embargo, steps
from groundwork.matters.actions.merging import merge_matters
from groundwork.matters.actions.verdict import Said, rate_answer
from groundwork.matters.models import Matter
from groundwork.matters.tests.make import at_state, raise_one, receipt_at
from groundwork.registry.actions import edit_body, move_body
from groundwork.service.actions import visits
from groundwork.service.models import Visit
from groundwork.service.tests.make import a_visit
from groundwork.study.actions.roll import correct_roll
from tests import world_heard
from tests.cast import EVENING
from tests.world import World

CITY = system("tests")


@dataclass
class Town:
    """Where acts happen, and the dice that choose them."""

    world: World
    dice: random.Random
    at: datetime

    @property
    def cast(self):
        return self.world.cast

    def matter(self, *states: str) -> Matter | None:
        found = Matter.objects.filter(state__in=states, withheld_until=None).order_by("pk")
        return self.dice.choice(list(found)) if found else None


def raise_somewhere(town: Town) -> None:
    place = town.dice.choice(("chenglang", "dongsheng"))
    raise_one(town.cast, f"第{town.dice.random()}件", place=place, at=town.at)


def raise_backdated(town: Town) -> None:
    day = town.at - timedelta(days=town.dice.randrange(1, 400))
    state = town.dice.choice(("accepted", "answered", "solved", "unit_done", "withdrawn"))
    at_state(town.cast, state, words=f"第{town.dice.random()}件", at=day)


def accept(town: Town) -> None:
    if matter := town.matter("raised"):
        matter.accepted_at = town.at
        steps.move(matter, "accept", by=CITY, at=town.at, fields=["accepted_at"])


def close(town: Town) -> None:
    if matter := town.matter("answered"):
        verb = town.dice.choice(("confirm", "lapse"))
        steps.move(matter, verb, by=steps.BY_RAISER, at=town.at)


def reopen(town: Town) -> None:
    if matter := town.matter("solved", "unit_done"):
        steps.redo(matter, "reopen", by=CITY, at=town.at)


def keep_back(town: Town) -> None:
    if matter := town.matter("raised", "accepted"):
        until = town.at + timedelta(hours=town.dice.randrange(1, 30))
        embargo.withhold_matter(matter.public_id, until, "播出前不公开", by=CITY, at=town.at)


def visit(town: Town) -> None:
    place = town.cast.places[town.dice.choice(("chenglang", "dongsheng"))]
    day = town.at.date() - timedelta(days=town.dice.randrange(30))
    words = ("门口的路灯坏了。",) * town.dice.randrange(2)
    with clock.at(town.at):
        a_visit(town.cast, "staff", *words, place=place, day=min(day, EVENING.date()))


def withdraw_visit(town: Town) -> None:
    mine = Visit.objects.filter(withdrawn_at=None, account_id=town.cast.accounts["staff"].pk)
    if found := mine.order_by("pk").first():
        visits.withdraw_visit(found.public_id, by=town.cast.actor("staff"), at=town.at)


def move_a_body(town: Town) -> None:
    """Another district: its rolls of all years count there from now on."""
    body = town.cast.bodies["unit"]
    body.refresh_from_db()
    place = town.cast.places[town.dice.choice(("haishu", "yinzhou"))]
    edit_body(body, place=place, by=CITY, at=town.at)
    parent = town.cast.bodies[town.dice.choice(("haishu_party", "yinzhou_party"))]
    parent.refresh_from_db()
    body.refresh_from_db()
    if not body.path.startswith(parent.path):
        move_body(body, parent=parent, by=CITY, at=town.at)


def correct(town: Town) -> None:
    """Off the roll, or on it again."""
    sheet, person = town.world["sheet:last:unit"], town.cast.people["clerk"]
    there = sheet.evening.entries.filter(person=person, withdrawn=False).exists()
    correct_roll(
        sheet.public_id, person.public_id, took_part=not there, reason="记错了", by=CITY,
        at=town.at,
    )  # fmt: skip


def answer_and_hear(town: Town) -> None:
    """A back-dated answer, and what its raiser says of it now."""
    day = town.at - timedelta(days=town.dice.randrange(1, 60))
    receipt = receipt_at(town.cast, "answered", words=f"第{town.dice.random()}件", at=day)
    said = Said(satisfied=town.dice.random() < 0.5, answered=True)
    rate_answer(receipt.secret, said, by=Actor(), at=town.at)


def join(town: Town) -> None:
    """Who has the same is asked as well."""
    first = town.matter("answered")
    matter = raise_one(town.cast, f"第{town.dice.random()}件", at=town.at).matter
    if first:
        merge_matters(matter.public_id, first.public_id, by=CITY, at=town.at)


def watch(town: Town) -> None:
    world_heard.watched(town.cast, f"evening{town.dice.random()}", town.at - timedelta(hours=3))


ACTS: tuple[Callable[[Town], None], ...] = (
    raise_somewhere, raise_backdated, accept, close, reopen, keep_back, visit, withdraw_visit,
    move_a_body, correct, answer_and_hear, join, watch,
)  # fmt: skip
