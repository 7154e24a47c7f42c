"""Rounds of consultation: the table walked, asking, answering, what becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base.actor import NOBODY, system
from groundwork.base.clock import ZONE
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.numbers import Rate
from groundwork.matters.actions import steps
from groundwork.matters.actions.knocking import Sender, TooMany
from groundwork.matters.models import Door, Knock, Matter, Raiser
from groundwork.matters.rules import intake
from groundwork.matters.tests.make import raise_one
from groundwork.service.actions import replies, rounds
from groundwork.service.models import RoundInvite, RoundReply
from groundwork.service.policy import rounds as policy
from groundwork.service.queries import rounds as queries
from groundwork.service.queries.todo import todo
from groundwork.service.rules import rounds as rules
from groundwork.service.tests.make import AT, a_round, roads

AFTER = AT + timedelta(days=15)


def answer(asked, text="早上七点四十最堵。", **more):
    """Answer the first question."""
    return replies.Answer({str(asked.questions.first().pk): text}, **more)


def first(asked):
    """Name the first question."""
    return str(asked.questions.first().pk)


@pytest.mark.parametrize("state", rules.STATES)
@pytest.mark.parametrize("verb", rules.VERBS)
def test_the_table_says_every_step_and_refuses_every_other(state, verb):
    if (state, verb) in rules.STEPS:
        assert rules.step(state, verb) == rules.STEPS[state, verb]
    else:
        with pytest.raises(rules.WrongState):
            rules.step(state, verb)


def test_every_state_is_reached_from_a_draft_and_the_last_is_never_left():
    reached = {"draft"}
    for _ in rules.STATES:
        reached |= {after for (before, _verb), after in rules.STEPS.items() if before in reached}
    assert reached == set(rules.STATES)
    assert {after for (before, _v), after in rules.STEPS.items() if before == "reported"} == {
        "reported"
    }


@pytest.mark.parametrize(
    ("day", "month_later"),
    [((2026, 1, 31), (2026, 2, 28)), ((2026, 12, 5), (2027, 1, 5)), ((2024, 1, 30), (2024, 2, 29))],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day, month_later):
    later = rules.next_month(datetime(*day, 9, tzinfo=ZONE))
    assert later == datetime(*month_later, 9, tzinfo=ZONE)


def test_every_act_keeps_to_the_table(cast):
    asked, chief = a_round(cast, opened=False), cast.actor("unit_secretary")
    with pytest.raises(rules.WrongState):
        rounds.close_round(asked.public_id, by=chief, at=AT)
    with pytest.raises(NotFound):  # a draft is nowhere to answer
        replies.send_reply(asked.public_id, answer(asked), by=NOBODY, at=AT)
    rounds.open_round(asked.public_id, by=chief, at=AT)
    with pytest.raises(rules.WrongState):
        rounds.report_round(asked.public_id, "办了。", by=chief, at=AT)
    rounds.close_round(asked.public_id, by=chief, at=AT)
    with pytest.raises(rules.WrongState):
        replies.send_reply(asked.public_id, answer(asked), by=NOBODY, at=AT)
    assert rounds.report_round(asked.public_id, "办了。", by=chief, at=AT).state == "reported"


def test_a_neighbour_neither_reads_nor_ends_a_round(cast):
    asked = a_round(cast)
    with pytest.raises(NotFound):
        rounds.close_round(asked.public_id, by=cast.actor("other_secretary"), at=AT)
    with pytest.raises(Forbidden):
        rounds.close_round(asked.public_id, by=cast.actor("auditor"), at=AT)
    plan = rounds.RoundPlan(
        "越界", cast.bodies["other_unit"], asked.place, "all", AT, AFTER, ("问？",)
    )
    with pytest.raises(Forbidden):
        rounds.draft_round(plan, by=cast.actor("unit_secretary"), at=AT)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"questions": ()}, rules.NoQuestions),
        ({"audience": "named"}, rules.NobodyAsked),
        ({"closes_at": AT - timedelta(days=1)}, rules.BadTimes),
    ],
)
def test_a_round_that_cannot_be_answered_is_not_opened(cast, change, error):
    with pytest.raises(error):
        a_round(cast, **({"audience": "all"} | change))


# --- answering ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["person", "body"])
def test_no_engine_lets_a_round_name_one_twice(cast, kind):
    asked = a_round(cast)
    named = {"person": cast.people["staff"], "body": cast.bodies["enterprise_body"]}[kind]
    RoundInvite.objects.create(round=asked, **{kind: named})
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundInvite.objects.create(round=asked, **{kind: named})


def test_whoever_answers_says_what_needs_doing_and_gets_its_receipt(cast):
    asked = a_round(cast)
    said = answer(asked, to_do=frozenset([first(asked)]), phone="13905740001", client_key="a")
    taken = replies.send_reply(asked.public_id, said, by=NOBODY, at=AT)
    matter = Matter.objects.get()
    assert (matter.door, matter.source_kind, matter.source_id) == (
        Door.ROUND,
        "service.round",
        asked.public_id,
    )
    assert taken.receipts[0].secret
    assert Raiser.objects.get().phone == "13905740001"
    assert RoundReply.objects.get().matters == 1
    again = replies.send_reply(asked.public_id, said, by=NOBODY, at=AT)
    assert (again.reply, again.fresh) == (taken.reply, False)
    assert again.receipts[0].secret == taken.receipts[0].secret  # the answer may have been lost
    assert Matter.objects.count() == 1


def test_the_links_of_a_named_answer_are_given_again_to_its_sender_alone(cast):
    people = (cast.people["staff"], cast.people["colleague"])
    asked = a_round(cast, "named", people=people)
    said = answer(asked, to_do=frozenset([first(asked)]), client_key="a")
    taken = replies.send_reply(asked.public_id, said, by=cast.actor("staff"), at=AT)
    again = replies.send_reply(asked.public_id, said, by=cast.actor("staff"), at=AT)
    assert [r.secret for r in again.receipts] == [r.secret for r in taken.receipts] != []
    with pytest.raises(Forbidden):
        replies.send_reply(asked.public_id, said, by=cast.actor("colleague"), at=AT)


def test_a_round_to_all_keeps_no_account_and_cards_are_masked(cast):
    asked = a_round(cast)
    said = answer(asked, "我的证 330203199001011234 丢了", to_do=frozenset([first(asked)]))
    reply = replies.send_reply(asked.public_id, said, by=cast.actor("staff"), at=AT).reply
    assert reply.account_id is None
    assert Raiser.objects.get().account_id is None  # nor with what is to be done
    assert "330203199001011234" not in str(reply.answers)


def test_who_is_named_answers_once_and_who_is_not_finds_nothing(cast):
    firm = cast.bodies["enterprise_body"]
    asked = a_round(cast, "named", people=(cast.people["staff"],), enterprises=(firm,))
    assert Notice.objects.filter(kind="service.round").count() == 2
    for who in ("staff", "enterprise"):
        assert [line.chip for line in todo(cast.actor(who), AT)] == ["征询"]
        replies.send_reply(asked.public_id, answer(asked), by=cast.actor(who), at=AT)
        with pytest.raises(rules.AlreadyReplied):
            replies.send_reply(asked.public_id, answer(asked), by=cast.actor(who), at=AT)
        assert todo(cast.actor(who), AT) == []
    assert RoundReply.objects.get(body=firm).account_id == cast.accounts["enterprise"].pk
    for who in ("colleague", "resident"):
        with pytest.raises(NotFound):
            replies.send_reply(asked.public_id, answer(asked), by=cast.actor(who), at=AT)


def test_the_answer_rate_counts_those_asked_by_name_who_answered_and_nobody_else(cast):
    firm, people = cast.bodies["enterprise_body"], (cast.people["staff"], cast.people["colleague"])
    asked, chief = a_round(cast, "named", people=people, enterprises=(firm,)), "unit_secretary"

    def rate():
        return queries.round_page(cast.actor(chief), asked, AT).answered

    assert rate() == Rate(0, 3)
    for n, who in enumerate(("staff", "enterprise"), 1):
        replies.send_reply(asked.public_id, answer(asked), by=cast.actor(who), at=AT)
        assert rate() == Rate(n, 3)
    for account_id in range(10**6, 10**6 + 5):  # answers of nobody who was asked
        RoundReply.objects.create(round=asked, account_id=account_id, received_at=AT)
    assert rate() == Rate(2, 3)
    RoundReply.objects.update(account_id=None)  # the names have had their time
    assert rate() is None
    to_all = a_round(cast)
    replies.send_reply(to_all.public_id, answer(to_all), by=NOBODY, at=AT)
    assert queries.round_page(cast.actor(chief), to_all, AT).answered is None


@pytest.mark.parametrize("hidden", [True, False])
def test_an_enterprise_that_wants_to_stay_unknown_stands_beside_no_words_of_its_own(
    cast, at, hidden
):
    firm = cast.bodies["enterprise_body"]
    asked = a_round(cast, "enterprises")
    said = answer(asked, to_do=frozenset([first(asked)]), confidential=hidden)
    reply = replies.send_reply(asked.public_id, said, by=cast.actor("enterprise"), at=AT).reply
    address = reverse("service:round", args=[asked.public_id])
    text = cast.client("unit_secretary").get(address).content.decode()
    assert "早上七点四十最堵" in text
    assert (firm.name in text) is not hidden
    taken = replies.take_up(
        reply.public_id,
        question=first(asked),
        words="错峰放学。",
        category=roads(),
        place=asked.place,
        by=cast.actor("unit_secretary"),
        at=AT,
    )
    assert {taken.matter.confidential, *_confidential()} == {hidden}


def _confidential():
    return Raiser.objects.values_list("confidential", flat=True)


def test_the_enterprises_of_a_place_are_asked_and_no_others(cast):
    here = a_round(cast, "enterprises")
    there = a_round(cast, "enterprises", place=cast.places["yinzhou"])
    firm = cast.actor("enterprise")
    assert list(policy.asked(firm)) == [here]
    with pytest.raises(NotFound):
        replies.send_reply(there.public_id, answer(there), by=firm, at=AT)
    assert not policy.asked(cast.actor("staff")).exists()


def test_a_flood_from_one_browser_is_stopped_and_a_neighbour_is_not(cast, monkeypatch):
    monkeypatch.setitem(intake.LIMITS, "send", intake.Limits(browser=3, address=100))
    asked = a_round(cast)

    def send(browser):
        replies.send_reply(
            asked.public_id, answer(asked), by=NOBODY, sender=Sender(browser, "10.0.0.1"), at=AT
        )

    for _ in range(3):
        send("one")
    with pytest.raises(TooMany):
        send("one")
    send("two")
    assert RoundReply.objects.count() == 4
    assert Knock.objects.exists()


def test_nothing_is_taken_before_the_hour_nor_after_it(cast):
    asked = a_round(cast, opens_at=AT + timedelta(hours=1))
    with pytest.raises(NotFound):
        replies.send_reply(asked.public_id, answer(asked), by=NOBODY, at=AT)
    with pytest.raises(rules.NotNow):
        replies.send_reply(asked.public_id, answer(asked), by=NOBODY, at=AFTER)
    soon = AT + timedelta(hours=2)
    with pytest.raises(rules.NothingSaid):
        replies.send_reply(asked.public_id, answer(asked, " "), by=NOBODY, at=soon)


def test_the_clock_tells_those_asked_when_it_begins_and_ends_it(cast):
    asked = a_round(cast, "named", people=(cast.people["staff"],), opens_at=AT + timedelta(hours=1))
    assert not Notice.objects.filter(kind="service.round").exists()
    assert rounds.run_rounds(at=AT) == (0, 0)
    assert rounds.run_rounds(at=AT + timedelta(hours=1)) == (1, 0)
    assert rounds.run_rounds(at=AT + timedelta(hours=2)) == (0, 0)
    assert Notice.objects.filter(kind="service.round").count() == 1
    assert rounds.run_rounds(at=AFTER) == (0, 1)
    asked.refresh_from_db()
    assert asked.state == "closed"


def test_the_unit_turns_an_answer_into_a_matter(cast):
    asked, chief = a_round(cast), cast.actor("unit_secretary")
    reply = replies.send_reply(asked.public_id, answer(asked), by=NOBODY, at=AT).reply
    taking = {
        "question": first(asked),
        "words": "东门口划接送区。",
        "category": roads(),
        "place": cast.places["chenglang"],
    }
    with pytest.raises(NotFound):
        replies.take_up(reply.public_id, **taking, by=cast.actor("other_secretary"), at=AT)
    with pytest.raises(NotFound):
        replies.take_up(reply.public_id, **(taking | {"question": "0"}), by=chief, at=AT)
    matter = replies.take_up(reply.public_id, **taking, by=chief, at=AT).matter
    assert (matter.kind, matter.door, matter.source_id) == (
        "suggestion",
        Door.ROUND,
        asked.public_id,
    )


def test_a_round_is_asked_again_a_month_later(cast):
    asked = a_round(cast, "named", people=(cast.people["staff"],))
    copy = rounds.copy_round(asked.public_id, by=cast.actor("unit_secretary"), at=AT)
    assert (copy.state, copy.opens_at) == (
        "draft",
        datetime(2026, 12, 24, 17, 20, tzinfo=ZONE),
    )
    assert copy.closes_at - copy.opens_at == asked.closes_at - asked.opens_at
    assert copy.questions.count() == 2
    assert copy.invites.get().person == cast.people["staff"]


# --- the outcome ----------------------------------------------------------------------------------


def test_the_outcome_counts_what_is_not_shown_and_never_what_is_withheld(cast, at):
    asked, chief = a_round(cast), cast.actor("unit_secretary")
    for text in ("划接送区。", "装路灯。", "暂缓公开。"):
        said = answer(asked, text, to_do=frozenset([first(asked)]))
        replies.send_reply(asked.public_id, said, by=NOBODY, at=AT)
    shown, _raised, withheld = Matter.objects.order_by("id")
    shown.public_text, shown.accepted_at = "校门口划接送区", AT
    steps.move(shown, "accept", by=system("tests"), at=AT, fields=["public_text", "accepted_at"])
    Matter.objects.filter(pk=withheld.pk).update(withheld_until=AFTER)
    rounds.close_round(asked.public_id, by=chief, at=AT)
    address = reverse("service:outcome", args=[asked.public_id])
    assert cast.client("resident").get(address).status_code == 404
    rounds.report_round(asked.public_id, "十二月起试行。", by=chief, at=AT)
    page = queries.outcome(asked, AT)
    assert (page.replies, page.marked, page.unshown) == (3, 1, 0)  # one not shown is no number
    assert page.few_unshown
    text = cast.client("resident").get(address).content.decode()
    assert "十二月起试行" in text
    assert "校门口划接送区" in text
    assert "装路灯" not in text
    assert "不到5件" in text
    soon = {"source_kind": "service.round", "source_id": asked.public_id}
    for n in range(4):
        Matter.objects.filter(pk=raise_one(cast, f"第{n}件。").matter.pk).update(**soon)
    page = queries.outcome(asked, AT)
    assert (page.marked, page.unshown, page.few_unshown) == (6, 5, False)


def test_a_resident_answers_on_the_phone_without_an_account(cast, at):
    asked = a_round(cast)
    client = cast.client("resident")
    address = reverse("service:ask", args=[asked.public_id])
    assert asked.title in client.get(reverse("service:asking")).content.decode()
    key = first(asked)
    values = {f"answer_{key}": "东门最堵", f"do_{key}": "on", "client_key": "k"}
    page = client.post(address, values).content.decode()
    assert Matter.objects.get().receipt in page
    assert client.post(address, {"client_key": "l"}).status_code == 422
    assert client.post(address, values | {"phone": "abc", "client_key": "m"}).status_code == 422
    assert RoundReply.objects.count() == 1


@pytest.mark.parametrize("name", ["rounds", "asking"])
def test_the_lists_cost_as_much_for_many(cast, at, name):
    client, address = cast.client("unit_secretary"), reverse(f"service:{name}")

    def statements():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    a_round(cast)
    client.get(address)
    few = statements()
    for n in range(6):
        a_round(cast, title=f"第{n}次")
    assert statements() == few
