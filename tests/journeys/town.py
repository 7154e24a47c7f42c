"""What runs inside the journeys' city: the cast moves in. Called through `City.call`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import F

from groundwork.access.actions import issue_slip
from groundwork.access.models import Account
from groundwork.base import clock
from groundwork.base.actor import NOBODY, system
from groundwork.campaigns.models import Episode, EpisodeItem
from groundwork.duty.actions.lapse import lapse_orders
from groundwork.duty.models import Gate, LogEntry, Post, Shift
from groundwork.live.actions.streams import renew_key
from groundwork.live.queries.playing import stream_of
from groundwork.matters.actions import dispatch, handling, steps
from groundwork.matters.actions.raising import Teller, Telling, raise_matter
from groundwork.matters.models import Category, Matter, Sample, SampleItem
from groundwork.registry.models import Body, Place
from groundwork.service.models import Visit
from groundwork.study.actions.evening import create_evening
from groundwork.study.actions.plan import EveningPlan
from groundwork.study.actions.publishing import publish_evening
from groundwork.study.models import Evening, RollEntry
from tests import cast, matrix, world


def populate() -> dict[str, Any]:
    """Write cast and world as of now; return session keys, addresses and public ids."""
    at = clock.now()
    made = world.build(cast.build(), at)
    return {
        "sessions": {who: _session(account) for who, account in made.cast.accounts.items()},
        "pages": [vars(page) for page in matrix.pages(made)],
        "ids": {
            name: thing if isinstance(thing, str) else thing.public_id
            for name, thing in made.things.items()
            if isinstance(thing, str) or hasattr(thing, "public_id")
        },
        "at": at.isoformat(),
    }


def _session(account: Account) -> str:
    """Sign somebody in without the door; the door has a journey of its own."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    assert session.session_key
    return session.session_key


def let_time_pass(evening: str, minutes: int) -> None:
    """Move an evening so that it began `minutes` ago: the town has only the real clock."""
    row = Evening.objects.get(public_id=evening)
    length = row.ends_at - row.starts_at
    row.starts_at = clock.now() - timedelta(minutes=minutes)
    row.ends_at = row.starts_at + length
    row.save(update_fields=["starts_at", "ends_at"])


def an_evening_on_air() -> dict[str, str]:
    """Publish a public evening of 鄞州区水利局's own that began five minutes ago; give its key."""
    now = clock.now()
    host = Body.objects.select_related("place").get(code=cast.BODIES["other_unit"][1])
    above = Evening.objects.get(title="数字经济与宁波制造")
    at = now - timedelta(days=1)
    plan = EveningPlan(
        title="读懂全市经济运行月报", host=host, theme="professional", form="systematic",
        led_by="central_group", audience=(host,), broadcast="embedded", public=True,
        parent=above, starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(minutes=90),
    )  # fmt: skip
    by = system("town")
    evening = publish_evening(create_evening(plan, by=by, at=at).public_id, by=by, at=at)
    stream = stream_of("study.evening", evening.public_id)
    assert stream is not None
    return {
        "evening": evening.public_id,
        "stream": stream.public_id,
        "key": renew_key(stream.public_id, by=by),
    }


def name_of(who: str) -> str:
    """Name somebody of the cast."""
    return cast.PARTS[who].name


def on_the_roll(evening: str) -> list[str]:
    """Name who is on the roll of an evening, by how."""
    entries = RollEntry.objects.filter(evening__public_id=evening, withdrawn=False)
    return [f"{e.person.name} {e.source}" for e in entries.select_related("person").order_by("id")]


def new_slip(who: str) -> list[str]:
    """Print a slip for one of the cast; return work number and code."""
    account = Account.objects.get(person__name=cast.PARTS[who].name)
    issued = issue_slip(account, by=system("tests"))
    return [account.username, issued.code]


def visits_of(who: str) -> int:
    """Count the visits somebody of the cast recorded."""
    return Visit.objects.filter(visitors__person__work_number=_number(who)).count()


def _number(who: str) -> str:
    return f"NB{list(cast.PARTS).index(who) + 1:04d}"


def raise_many(n: int, place: str = "澄浪社区") -> int:
    """Let so many people say something in a community."""
    for number in range(n):
        telling = Telling(
            words=f"{number + 1}幢楼下的路灯不亮，晚上看不清路，请来修。",
            category=Category.objects.get(code="roads"),
            place=Place.objects.get(name=place),
            door="portal",
        )
        raise_matter(telling, Teller(), by=NOBODY)
    return n


def in_state(state: str) -> int:
    """Count the matters in a state."""
    return Matter.objects.filter(state=state).count()


def close_many(n: int) -> int:
    """Take so many matters to the raiser's own "solved"."""
    by = system("town")
    raise_many(n)
    lead = Body.objects.get(name="海曙区教育局")
    newest = Matter.objects.filter(state="raised").order_by("-pk")[:n]
    for key in list(newest.values_list("public_id", flat=True)):
        dispatch.accept_matter(key, by=by)
        dispatch.assign_matter(key, lead, by=by)
        handling.answer_matter(key, "路灯已经修好。", by=by)
        matter = Matter.objects.get(public_id=key)
        steps.move(matter, "confirm", by=steps.BY_RAISER, at=clock.now())
    return n


def let_the_act_happen(sample: str) -> None:
    """Move the public act of a sample into the past: the town has only the real clock."""
    row = Sample.objects.get(public_id=sample)
    row.published_at -= timedelta(hours=2)
    row.act_at = clock.now() - timedelta(hours=1)
    row.save(update_fields=["published_at", "act_at"])


def drawn(sample: str) -> list[str]:
    """Give the hashes that the city drew, in their order."""
    rows = SampleItem.objects.filter(sample__public_id=sample).order_by("position")
    return list(rows.values_list("receipt_hash", flat=True))


def gate_of(order: str) -> tuple[str, str]:
    """Name the only gate of an order, and what its poster's code says."""
    gate = Gate.objects.get(order__public_id=order)
    return gate.public_id, gate.poster


def stand_now(order: str) -> None:
    """Move an order's shifts, and who came, back by so much that they run: time here is real."""
    back, earlier = timedelta(minutes=90), timedelta(minutes=30)
    shifts = Shift.objects.filter(order__public_id=order)
    shifts.update(starts_at=F("starts_at") - back, ends_at=F("ends_at") - back)
    posts = Post.objects.filter(shift__order__public_id=order, came_at__isnull=False)
    posts.update(came_at=F("came_at") - earlier)


def runs_now(shift: str) -> None:
    """Let a shift have begun an hour ago: time here is real, and a journey is run at any hour."""
    start = clock.now() - timedelta(hours=1)
    end = start + timedelta(hours=5)
    Shift.objects.filter(public_id=shift).update(starts_at=start, ends_at=end)


def entries_of(gate: str) -> int:
    """Count the log of a gate."""
    return LogEntry.objects.filter(gate__public_id=gate).count()


def clear_logs() -> None:
    """Destroy the keys and logs of ended orders at once; the worker does it every minute."""
    lapse_orders()


def broadcast(episode: str, days: int = 0) -> None:
    """Let an evening's hour have come, so many days ago: the town has only the real clock."""
    row = Episode.objects.get(public_id=episode)
    at = clock.now() - timedelta(days=days, minutes=1)
    Episode.objects.filter(pk=row.pk).update(airs_at=at)
    Matter.objects.filter(episode_items__episode=row).update(withheld_until=at)


def solve_on_air(episode: str) -> None:
    """Take an evening's problems to their raisers' own word: solved, satisfied."""
    by, lead = system("town"), Body.objects.get(name="海曙区教育局")
    for matter in Matter.objects.filter(episode_items__episode__public_id=episode):
        key = matter.public_id
        dispatch.accept_matter(key, public_text="过街天桥的栏杆锈断了。", by=by)
        dispatch.assign_matter(key, lead, by=by)
        handling.answer_matter(key, "栏杆已经换新。", by=by)
        matter.refresh_from_db()
        steps.move(matter, "confirm", by=steps.BY_RAISER, at=clock.now())


def ninety_days_later(episode: str) -> None:
    """Move an evening and the end of its problems ninety-one days back."""
    broadcast(episode, 92)
    back = timedelta(days=91)
    items = EpisodeItem.objects.filter(episode__public_id=episode)
    Matter.objects.filter(episode_items__in=items).update(closed_at=F("closed_at") - back)
    for item in items:
        assert item.relapse_on is not None, "solved, and no look again is owed"
        item.relapse_on -= back
        item.save(update_fields=["relapse_on"])
