"""Duty written at once stands as if everybody had acted one by one."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from groundwork.base.actor import Actor, system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Change
from groundwork.desk.tests.test_bulk import seen_after
from groundwork.duty.actions import answering, coming, settling, supply
from groundwork.duty.actions.bulk_gates import NewGate, add_gates_many
from groundwork.duty.actions.bulk_plan import UnknownRows, put_plan
from groundwork.duty.actions.bulk_posts import (
    NOBODY,
    Act,
    Signer,
    Way,
    WrongOrder,
    walk_posts_many,
)
from groundwork.duty.actions.bulk_supply import Said, answer_many
from groundwork.duty.actions.gates import edit_gate
from groundwork.duty.actions.needs import add_gate
from groundwork.duty.actions.planning import Ask
from groundwork.duty.actions.publishing import publish_run
from groundwork.duty.actions.supply import Answer
from groundwork.duty.models import Gate, Order, PlanRun, Post, PostStep, Shift, Volunteer
from groundwork.duty.models.need import GateContact
from groundwork.duty.policy.orders import Shut
from groundwork.duty.rules.needs import GateThere, NotUnderOrder
from groundwork.duty.rules.posts import WrongState
from groundwork.duty.rules.times import BadTimes
from groundwork.duty.tests.make import AT, gate_of, order_of, post_of, shift_of
from groundwork.duty.tests.plans import TOMORROW, call_all, ready, times_of
from tests.cast import Cast

BY = system("tests")
LATER = AT + timedelta(days=20)
ROWS = (("chenglang", "东大门", "菜场对面"), ("dongsheng", "西门", ""))


# ---- gates ---------------------------------------------------------------------------------------
def gates_seen() -> object:
    """Describe the gates without keys and secrets."""
    return (
        list(
            Gate.objects.order_by("pk").values_list(
                "place__code", "township__code", "district__code", "name", "spot"
            )
        ),
        list(GateContact.objects.order_by("pk").values_list("gate__name", "person__name")),
        [len(gate.secret) + len(gate.poster) for gate in Gate.objects.all()],
    )


def test_gates_set_up_at_once_are_as_if_set_up_one_by_one(cast):
    order = order_of(cast)
    whom = cast.people["staff"]

    def one_by_one() -> None:
        for key, name, spot in ROWS:
            gate = add_gate(order.public_id, cast.places[key], name, spot, by=BY, at=AT)
            edit_gate(gate.public_id, name, spot, [whom], by=BY, at=AT)

    def at_once() -> None:
        rows = [NewGate(cast.places[key], name, spot, (whom,)) for key, name, spot in ROWS]
        add_gates_many(order.public_id, rows, by=BY, at=AT)

    assert seen_after(at_once, gates_seen) == seen_after(one_by_one, gates_seen)


def test_gates_at_once_keep_to_the_order_the_keeper_and_their_names(cast):
    order = order_of(cast, place=cast.places["haishu"])
    there = NewGate(cast.places["chenglang"], "东大门")
    refused = (
        ([there, there], BY, GateThere),
        ([NewGate(cast.places["dongsheng"], "东大门")], BY, NotUnderOrder),
        ([there], cast.actor("staff"), Forbidden),
    )
    for rows, by, error in refused:
        with pytest.raises(error):
            add_gates_many(order.public_id, rows, by=by, at=AT)
    assert not Gate.objects.exists()
    assert len(add_gates_many(order.public_id, [there], by=BY, at=AT)) == 1


# ---- answers -------------------------------------------------------------------------------------
ANSWERS = {
    "staff": Answer(times_of("evenings"), 2, ("driver", "dialect")),
    "colleague": Answer(times_of("any"), 4, ()),
    "unit_secretary": None,
}


def answers_seen() -> object:
    """Describe what people said."""
    return list(
        Volunteer.objects.order_by("person__work_number").values_list(
            "person__name", "times", "cap", "skills", "answered_at", "excused_at", "held_at"
        )
    )


def test_answers_taken_at_once_are_as_if_each_had_answered(cast):
    order = order_of(cast)
    supply.call_up(order.public_id, by=BY, at=AT)

    def one_by_one() -> None:
        for who, answer in ANSWERS.items():
            by = cast.actor(who)
            if answer is None:
                supply.excuse_self(order.public_id, by=by, at=AT)
            else:
                supply.answer_call(order.public_id, answer, by=by, at=AT)

    def at_once() -> None:
        rows = [Said(cast.people[who].pk, AT, answer) for who, answer in ANSWERS.items()]
        assert answer_many(order.public_id, rows, by=BY, at=LATER) == 3

    assert seen_after(at_once, answers_seen) == seen_after(one_by_one, answers_seen)


def test_answers_at_once_keep_to_the_rules_of_one(cast):
    order = order_of(cast)
    supply.call_up(order.public_id, by=BY, at=AT)
    me, nobody = cast.people["staff"].pk, 10**9
    refused = (
        (Said(me, AT, Answer({"week": {"9": []}}, 3, ())), BY, BadTimes),
        (Said(me, AT, Answer({}, 9, ())), BY, supply.BadAnswer),
        (Said(me, AT, Answer({}, 3, ("flying",))), BY, supply.BadAnswer),
        (Said(me, AT + timedelta(days=99), Answer()), BY, Shut),
        (Said(nobody, AT, Answer()), BY, NotFound),
        (Said(me, AT, Answer()), cast.actor("staff"), Forbidden),
    )
    for row, by, error in refused:
        with pytest.raises(error):
            answer_many(order.public_id, [row], by=by, at=LATER)
    assert not Volunteer.objects.exclude(answered_at=None).exists()


# ---- the plan ------------------------------------------------------------------------------------
@pytest.fixture
def planned(cast: Cast) -> tuple[Order, Shift]:
    """An order with a shift of tomorrow and people who can."""
    order = order_of(cast)
    shift = shift_of(gate_of(cast, order), days=1)
    call_all(cast, order, "staff dispatcher clerk")
    return order, shift


def posts_seen() -> object:
    """Describe who is posted."""
    return list(
        Post.objects.order_by("person__name").values_list(
            "person__name", "shift", "kind", "state", "source", "told_at"
        )
    ), list(Shift.objects.order_by("pk").values_list("pk", "wanted", "posted", "confirmed"))


def test_a_plan_from_elsewhere_is_published_as_a_computed_one_is(cast, planned):
    order, shift = planned
    said = [("staff", shift, "lead"), ("dispatcher", shift, "general")]
    keyed = [(cast.people[who].pk, one.pk, kind) for who, one, kind in said]

    def computed() -> None:
        publish_run(ready(cast, order, said).public_id, by=BY, at=AT)

    def brought() -> None:
        run = put_plan(order.public_id, Ask(TOMORROW, 7), keyed, by=BY, at=AT)
        assert (run.state, run.violations) == (PlanRun.State.READY, [])
        assert (run.parts["slots"], run.parts["open"]) == (3, 1)
        publish_run(run.public_id, by=BY, at=AT)

    assert seen_after(brought, posts_seen) == seen_after(computed, posts_seen)


def test_a_plan_from_elsewhere_is_judged_and_what_nobody_knows_is_refused(cast, planned):
    order, shift = planned
    me = cast.people["staff"].pk
    twice = [(me, shift.pk, "lead"), (me, shift.pk, "general")]
    run = put_plan(order.public_id, Ask(TOMORROW, 7), twice, by=BY, at=AT)
    assert {one["rule"] for one in run.violations} == {"twice"}
    PlanRun.objects.all().delete()
    with pytest.raises(UnknownRows):
        put_plan(order.public_id, Ask(TOMORROW, 7), [(10**9, shift.pk, "lead")], by=BY, at=AT)
    with pytest.raises(Forbidden):
        put_plan(order.public_id, Ask(TOMORROW, 7), [], by=cast.actor("staff"), at=AT)


# ---- the ways of posts ---------------------------------------------------------------------------
WHO = {
    "staff": "confirm come go approve",
    "colleague": "come go",
    "unit_secretary": "confirm decline",
    "branch_secretary": "miss contest approve",
    "clerk": "miss uphold",
    "handler": "confirm miss excuse absent_was_wrong",
}
HOURS = {"confirm": -20, "decline": -10, "come": 0, "go": 5, "miss": 1, "contest": 20,
         "approve": 40, "excuse": 45, "uphold": 24 * 5, "absent_was_wrong": 0}  # fmt: skip
TEXT = "说明的话"


def ways_of(cast: Cast) -> dict[str, list[str]]:
    """Give each of the cast the verbs of their way."""
    return {
        who: [verb for verb in said.split() if verb != "absent_was_wrong"]
        for who, said in WHO.items()
        if who in cast.people
    }


def moment(shift: Shift, verb: str) -> datetime:
    """Tell when a verb of a way is done."""
    return shift.starts_at + timedelta(hours=HOURS[verb])


def one_act(cast: Cast, who: str, post: Post, verb: str, at: datetime) -> None:
    """Do one act as a page does."""
    me, key = cast.actor(who), post.public_id
    if verb == "confirm":
        answering.confirm_post(key, by=me, at=at)
    elif verb == "decline":
        answering.decline_post(key, by=me, at=at)
    elif verb == "come":
        coming.mark_come(key, by=BY, at=at)
    elif verb == "go":
        coming.mark_gone(key, by=BY, at=at)
    elif verb == "miss":
        coming.mark_missed(key, by=BY, at=at)
    elif verb == "contest":
        settling.contest_absence(key, TEXT, by=me, at=at)
    elif verb == "approve":
        settling.approve_post(key, by=BY, at=at)
    elif verb == "excuse":
        settling.excuse_post(key, TEXT, by=BY, at=at)
    else:
        settling.uphold_absence(key, TEXT, by=BY, at=at)


def acts_of(cast: Cast, who: str, shift: Shift, verbs: list[str]) -> tuple[Act, ...]:
    """Say the same acts as rows."""
    actor = cast.actor(who)
    me = Signer(actor.account_id, actor.person_id, actor.display_name)
    desk = Signer(name=BY.display_name)
    return tuple(
        Act(
            verb,  # type: ignore[arg-type]
            moment(shift, verb),
            me if verb in ("confirm", "decline", "contest") else desk,
            TEXT if verb in ("contest", "excuse", "uphold") else "",
            way="lead" if verb in ("come", "go") else "",
        )
        for verb in verbs
    )


def ways_seen() -> object:
    """Describe posts, their steps, the counts, and what the figures were told in sum."""
    net: Counter[str] = Counter()
    for change in Change.objects.filter(kind="duty.post"):
        for side, sign in ((change.after, change.n), (change.before, -change.n)):
            if side is not None:
                net[str(sorted(side.items(), key=str))] += sign
    return (
        list(
            Post.objects.order_by("person__name").values_list(
                "person__name", "state", "answered_at", "came_at", "came_by", "came_checked",
                "went_at", "went_by", "missed_at", "settled_at",
            )
        ),
        list(
            PostStep.objects.order_by("post__person__name", "id").values_list(
                "post__person__name", "verb", "at", "account_id", "name", "text"
            )
        ),
        list(Shift.objects.values_list("posted", "confirmed", "present")),
        {key: n for key, n in net.items() if n},
    )  # fmt: skip


@pytest.fixture
def shift(cast: Cast) -> Shift:
    """A shift of tomorrow evening on which the cast stands."""
    made = shift_of(gate_of(cast, order_of(cast)), days=1, lead=1, general=9)
    for who in ways_of(cast):
        post_of(cast, made, who, state="planned")
    return made


def of(cast: Cast, who: str) -> Post:
    """Give somebody's post."""
    return Post.objects.get(person=cast.people[who])


def test_ways_walked_at_once_are_as_if_walked_act_by_act(cast, shift):
    ways = ways_of(cast)
    assert len(ways) >= 5

    def one_by_one() -> None:
        for who, verbs in ways.items():
            for verb in verbs:
                one_act(cast, who, of(cast, who), verb, moment(shift, verb))

    def at_once() -> None:
        rows = [
            Way(of(cast, who).pk, acts_of(cast, who, shift, verbs)) for who, verbs in ways.items()
        ]
        assert walk_posts_many(shift.order.public_id, rows, by=BY, at=LATER) == len(ways)

    single, many = seen_after(one_by_one, ways_seen), seen_after(at_once, ways_seen)
    for one, other in zip(many, single, strict=True):
        assert one == other


@pytest.mark.parametrize(
    ("who", "verb", "hours", "error"),
    [
        ("me", "go", 2, WrongState),  # never came
        ("me", "confirm", 1, WrongState),  # it has begun
        ("me", "release", -3, WrongState),  # has a bulk way of its own
        ("nobody", "confirm", -3, Forbidden),  # another's word
        ("nobody", "come", -5, coming.TooEarly),
        ("nobody", "come", 24 * 30, WrongOrder),  # later than now
        ("nobody", "miss", 0, WrongState),  # half an hour is not over
    ],
)
def test_a_way_that_the_single_acts_would_refuse_is_refused_whole(
    cast, shift, who, verb, hours, error
):
    actor: Actor = cast.actor("staff")
    me = Signer(actor.account_id, actor.person_id, actor.display_name)
    post, at = of(cast, "staff"), shift.starts_at + timedelta(hours=hours)
    act = Act(verb, at, me if who == "me" else NOBODY, TEXT)
    with pytest.raises(error):
        walk_posts_many(shift.order.public_id, [Way(post.pk, (act,))], by=BY, at=LATER)
    assert not PostStep.objects.exists()


def test_absences_at_once_wait_for_the_person_and_nobody_settles_their_own(cast, shift):
    actor: Actor = cast.actor("staff")
    me = Signer(actor.account_id, actor.person_id, actor.display_name)
    missed = Act("miss", shift.starts_at + timedelta(hours=1))
    next_day = shift.starts_at + timedelta(days=1)
    refused = (
        (Act("uphold", next_day, text=TEXT), settling.StillToHear),
        (Act("excuse", next_day, text=" "), settling.NoWords),
        (Act("excuse", next_day, me, TEXT), Forbidden),
    )
    post = of(cast, "staff")
    for act, error in refused:
        with pytest.raises(error):
            walk_posts_many(shift.order.public_id, [Way(post.pk, (missed, act))], by=BY, at=LATER)
    with pytest.raises(Forbidden):
        walk_posts_many(shift.order.public_id, [], by=cast.actor("colleague"), at=LATER)
    heard = Act("excuse", next_day, text=TEXT)
    walk_posts_many(shift.order.public_id, [Way(post.pk, (missed, heard))], by=BY, at=LATER)
    assert of(cast, "staff").state == "excused"


def test_two_thousand_posts_take_a_handful_of_statements(
    cast, shift, django_assert_max_num_queries
):
    ways = [Way(of(cast, who).pk, acts_of(cast, who, shift, v)) for who, v in ways_of(cast).items()]
    with django_assert_max_num_queries(20):
        walk_posts_many(shift.order.public_id, ways, by=BY, at=LATER)
