"""Builders of matters for the tests of every area: raised, or already on its way.

    receipt = raise_one(cast)                      # receipt.matter, receipt.secret
    matter = at_state(cast, "handling")            # led by 海曙区教育局, as of Tuesday morning
    receipt = receipt_at(cast, "answered", lead="other_unit", confidential=True)

The clock of the cast stands at Tuesday 24 November 2026, 18:20; these were raised on Monday.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

from django.apps import apps

from groundwork.base.actor import system
from groundwork.base.clock import ZONE
from groundwork.matters.actions import steps
from groundwork.matters.actions.raising import Receipt, Teller, Telling, raise_matter
from groundwork.matters.actions.wording import index_words
from groundwork.matters.models import Category, Matter
from groundwork.matters.queries.terms import promise
from groundwork.matters.rules import states

RAISED = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)  # a Monday, and a working day
WORDS = "夜里十一点工地还在打桩，老人睡不着。请管一管。"
ANSWER = "已约谈施工单位，夜间十点后停止打桩。"
CITY = system("tests")
# The verbs that lead there, an hour apart from RAISED on.
WAYS: dict[str, tuple[states.Verb, ...]] = {
    "raised": (),
    "accepted": ("accept",),
    "declined": ("decline",),
    "assigned": ("accept", "assign"),
    "handling": ("accept", "assign", "start"),
    "outside": ("accept", "hand_out"),
    "answered": ("accept", "assign", "start", "answer"),
    "solved": ("accept", "assign", "start", "answer", "confirm"),
    "unit_done": ("accept", "assign", "start", "answer", "lapse"),
    "redo": ("accept", "assign", "start", "answer", "refuse"),
    "withdrawn": ("withdraw",),
    "merged": ("accept", "merge"),
}


def raise_one(
    cast, words=WORDS, *, place="chenglang", category="noise", at=RAISED, **more
) -> Receipt:
    """Raise a matter; `more` are fields of Telling or Teller. Gives the Receipt."""
    teller = {key: more.pop(key) for key in Teller.__dataclass_fields__ if key in more}
    telling = {"door": "portal"} | more
    return raise_matter(
        Telling(words, the_category(category), cast.places[place], **telling),
        Teller(**({"name": "沈阿姨", "phone": "13800005678"} | teller)),
        by=steps.BY_RAISER,
        at=at,
    )


def the_category(code: str) -> Category:
    """Give one of the first categories, written anew where a test's flush took them away."""
    if not Category.objects.exists():
        import_module("groundwork.matters.migrations._first_settings").write(apps, None)
    return Category.objects.get(code=code)


def at_state(cast, state, *, lead="unit", public_text=WORDS, at=RAISED, **more) -> Matter:
    """Give a matter that stands in `state`, led by the cast's body `lead` where one leads."""
    return receipt_at(cast, state, lead=lead, public_text=public_text, at=at, **more).matter


def receipt_at(cast, state, *, lead="unit", public_text=WORDS, at=RAISED, **more) -> Receipt:
    """Give such a matter with the secret of its raiser."""
    receipt = raise_one(cast, at=at, **more)
    for hour, verb in enumerate(WAYS[state], 1):
        _go(cast, receipt.matter, verb, lead, public_text, at + timedelta(hours=hour))
    return receipt


def _go(cast, matter: Matter, verb: states.Verb, lead: str, public_text: str, at: datetime) -> None:
    values: dict[str, object] = {}
    data: dict[str, object] = {}
    body = None
    if verb == "accept":
        until = promise(matter.category, matter.urgency, at)
        values = {"accepted_at": at, "public_text": public_text}
        values |= {"reply_by": until.reply_by, "solve_by": until.solve_by}
    elif verb in ("assign", "hand_out"):
        body = cast.bodies["outside" if verb == "hand_out" else lead]
        values = {"lead": body, "assigned_at": at}
        data = {"lead": body.public_id}
    elif verb == "answer":
        values = {"answered_at": at, "replied_at": at, "answer": ANSWER}
        body = matter.lead
    elif verb == "merge":
        values = {"merged_into": raise_one(cast, at=at).matter}
    for name, value in values.items():
        setattr(matter, name, value)
    by = steps.BY_RAISER if verb in ("confirm", "refuse", "withdraw") else CITY
    text = {"answer": ANSWER, "decline": "不属于本市管辖。"}.get(verb, "")
    if verb == "refuse":
        steps.redo(matter, verb, by=by, at=at, text="夜里还在打桩。")
    else:
        fields = list(values)
        steps.move(matter, verb, by=by, at=at, text=text, fields=fields, data=data, body=body)
    if verb == "accept":
        index_words(matter)
