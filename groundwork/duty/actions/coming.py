"""Come and go: by the gate's code, by the poster with the lead's word, by the lead's list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from groundwork.base import clock, codes
from groundwork.base.actor import Actor, system
from groundwork.base.errors import N_, Forbidden, NotFound, RuleBroken
from groundwork.duty.actions import steps
from groundwork.duty.actions.settling import tell_missed
from groundwork.duty.models import Gate, Post
from groundwork.duty.policy.gates import gate_for
from groundwork.duty.policy.orders import require_was_open
from groundwork.duty.policy.posts import post_for, require_roll
from groundwork.duty.rules import posts as rules
from groundwork.duty.rules.log import told_at
from groundwork.matters.actions.knocking import Sender, count_knock

Way = Post.Way
RULE = system("worker")
AFTER = rules.GOING  # who has not signed out by then left at the shift's end
WINDOW = rules.EARLY
SLACK = 9  # steps: three minutes that a phone's clock may be off


class NoShiftHere(RuleBroken):
    """Tell somebody at a gate that they have no shift here about now."""

    code = "duty.no_shift_here"
    text = N_("您在这个卡口现在没有班次。换班或临时顶班请找带班。")


class ForgedGateCode(RuleBroken):
    """Refuse what no screen of this gate ever showed."""

    code = "duty.forged_code"
    text = N_("这不是本卡口的签到码，请扫卡口手机上的码。")


class NothingShown(RuleBroken):
    """Refuse a tap that names no code."""

    code = "duty.nothing_shown"
    text = N_("请扫卡口手机上的码，或者输入六位数。")


class TooEarly(RuleBroken):
    """Refuse to begin long before the shift."""

    code = "duty.too_early"
    text = N_("还没到签到时间，班次开始前 1 小时起可以签到。")


def come_by_code(gate_id: str, code: str, *, by: Actor, at: datetime | None = None) -> Post:
    """Check in, or out where already in, by the code the gate's phone showed.

    The code names its own moment, so a scan that waited for signal counts from when the screen
    showed it; one that comes late waits for the lead's word, for a photo of it may have travelled.
    """
    at = at or clock.now()
    gate = gate_for(by, gate_id)
    verdict = codes.check_token(gate.secret, rules.purpose(gate.public_id), code, at)
    if verdict is codes.Verdict.FORGED:
        raise ForgedGateCode
    fresh = verdict is codes.Verdict.GOOD
    seen = at if fresh else told_at(_moment(code), at)
    return _come_or_go(gate, Way.CODE, by=by, seen=seen, at=at, checked=fresh)


def come_by_digits(
    digits: str, *, by: Actor, said: datetime | None = None, at: datetime | None = None
) -> Post:
    """Check in, or out, by the six digits beside the code, at the gate of one's own shift.

    Digits that waited for signal are held against what the screen showed about the moment `said`
    by the phone; they count from then and wait for the lead's word. Six digits are few: every try
    is counted. Raises TooMany, NoShiftHere, ForgedGateCode.
    """
    at = at or clock.now()
    if by.person_id is None or by.account_id is None:
        raise Forbidden
    count_knock("send", Sender(f"duty.code {by.account_id}", ""), at=at)
    seen = told_at(said or at, at)
    gates = _own_gates(by, seen)
    if not gates:
        raise NoShiftHere
    for gate in gates:
        shows = (gate.secret, rules.purpose(gate.public_id), digits)
        if codes.check_short(*shows, at) is codes.Verdict.GOOD:
            return _come_or_go(gate, Way.CODE, by=by, seen=at, at=at, checked=True)
        if said is not None and codes.shown_about(*shows, seen, SLACK):
            return _come_or_go(gate, Way.CODE, by=by, seen=seen, at=at, checked=False)
    raise ForgedGateCode


def _own_gates(by: Actor, seen: datetime) -> list[Gate]:
    """Give the gates at which the person has a shift about `seen`."""
    gates = Gate.objects.filter(shifts__posts__in=_about(by, seen)).distinct()
    return list(gates.select_related("order__place", "place").order_by("pk")[:4])


def _moment(code: str) -> datetime:
    """Tell when the screen first showed a genuine code."""
    step = int(code.partition("-")[0], 16)
    return datetime.fromtimestamp(step * codes.STEP, UTC)


def come_by_poster(
    poster: str, *, by: Actor, said: datetime | None = None, at: datetime | None = None
) -> Post:
    """Say at the poster that one is here (or goes): it counts, and waits for the lead's word."""
    at = at or clock.now()
    gate = Gate.objects.select_related("order__place", "place").filter(poster=poster).first()
    if gate is None:
        raise NotFound
    seen = told_at(said or at, at)
    return _come_or_go(gate, Way.POSTER, by=by, seen=seen, at=at, checked=False)


@transaction.atomic
def _come_or_go(
    gate: Gate, way: str, *, by: Actor, seen: datetime, at: datetime, checked: bool
) -> Post:
    require_was_open(gate.order, seen, "checks_in", grace=rules.GOING)
    post = _own_post(gate, by, seen)
    if post.state == "standing":
        return leave(post, way, by=by, seen=seen, at=at)
    require_was_open(gate.order, seen, "checks_in")
    return arrive(post, way, by=by, seen=seen, at=at, checked=checked)


def _own_post(gate: Gate, by: Actor, seen: datetime) -> Post:
    """Lock the post that the person stands at a gate about `seen`. Raises NoShiftHere."""
    if by.person_id is None:
        raise Forbidden
    about = _about(by, seen).filter(shift__gate=gate)
    # Who stands goes first: the evening's end is not the next shift's beginning.
    rows = list(about.values_list("pk", "state").order_by("shift__starts_at"))
    if not rows:
        raise NoShiftHere
    pk = min(rows, key=lambda row: row[1] != "standing")[0]
    return (
        Post.objects.select_for_update(of=("self",))
        .select_related("shift__order", "shift__gate", "person")
        .get(pk=pk)
    )


def _about(by: Actor, seen: datetime) -> QuerySet[Post]:
    """Give the posts that the person stands, or is to stand, about `seen`."""
    return Post.objects.filter(
        shift__called_off_at=None,
        person=by.person_id,
        shift__starts_at__lte=seen + WINDOW,
        shift__ends_at__gte=seen - AFTER,
        state__in=(*rules.AHEAD, "missed", "standing", "stood"),
    )


def arrive(
    post: Post, way: str, *, by: Actor, seen: datetime, at: datetime, checked: bool = True
) -> Post:
    """Write that somebody came. Told twice is one coming; the lead's word only confirms it."""
    if post.came_at is not None and post.state != "missed":
        if checked and not post.came_checked:
            post.came_checked = True
            post.save(update_fields=["came_checked"])
        return post
    if seen < post.shift.starts_at - WINDOW:
        raise TooEarly
    steps.move(post, "come", by=by, at=at, came_at=seen, came_by=str(way), came_checked=checked)
    return post


def leave(post: Post, way: str, *, by: Actor, seen: datetime, at: datetime) -> Post:
    """Write that somebody went. Told twice is one going, and the first word counts.

    A tap within five minutes of coming is the same tap again, not a going.
    """
    if post.went_at is not None:
        return post
    if post.came_at is not None and seen - post.came_at < SAME_TAP:
        return post
    steps.move(post, "go", by=by, at=at, went_at=seen, went_by=str(way))
    return post


SAME_TAP = timedelta(minutes=5)


@transaction.atomic
def mark_come(post_id: str, *, by: Actor, at: datetime | None = None) -> Post:
    """Let the lead write, or confirm, that somebody of the shift is here."""
    at = at or clock.now()
    post = post_for(by, post_id, "lead", lock=True)
    require_roll(post.shift, at)
    # Written up afterwards, by memory: the shift's own start is as near as one knows.
    seen = at if at < post.shift.ends_at else post.shift.starts_at
    return arrive(post, Way.LEAD, by=by, seen=seen, at=at)


@transaction.atomic
def mark_gone(post_id: str, *, by: Actor, at: datetime | None = None) -> Post:
    """Let the lead write that somebody of the shift went."""
    at = at or clock.now()
    post = post_for(by, post_id, "lead", lock=True)
    require_roll(post.shift, at)
    end = post.shift.ends_at
    return leave(post, Way.LEAD, by=by, seen=at if at < end + AFTER else end, at=at)


@transaction.atomic
def mark_missed(post_id: str, text: str = "", *, by: Actor, at: datetime | None = None) -> Post:
    """Let the lead note that somebody was not seen; the person hears of it and may contest."""
    at = at or clock.now()
    post = post_for(by, post_id, "lead", lock=True)
    if at < post.shift.starts_at + rules.UNSEEN:
        raise rules.WrongState
    steps.move(post, "miss", by=by, at=at, text=text.strip()[:300], missed_at=at)
    tell_missed(post, by=by, at=at)
    return post


def close_standing(*, at: datetime | None = None) -> int:
    """Sign out, at their shift's end, who stood and did not; give how many. By the worker."""
    at = at or clock.now()
    keys = Post.objects.filter(state="standing", shift__ends_at__lte=at - AFTER)
    done = 0
    for pk in keys.order_by("pk").values_list("pk", flat=True)[:2000]:
        with transaction.atomic():
            post = (
                Post.objects.select_for_update(of=("self",))
                .select_related("shift__order", "shift__gate", "person")
                .get(pk=pk)
            )
            if post.state == "standing":
                end = post.shift.ends_at
                steps.move(post, "go", by=RULE, at=at, went_at=end, went_by=str(Way.RULE))
                done += 1
    return done
