"""Accept, decline, assign, hand out, press: who may, what follows, who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from groundwork.access.models import Notice
from groundwork.base import clock, search
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Change, TrailEntry
from groundwork.matters.actions.dispatch import (
    NotOutside,
    accept_and_assign,
    accept_matter,
    accept_matters_many,
    assign_matter,
    assign_matters_many,
    classify_matter,
    decline_matter,
    hand_out_matter,
    record_outside_answer,
    take_back_matter,
)
from groundwork.matters.actions.handling import return_matter
from groundwork.matters.actions.pressing import (
    end_supervision,
    remind_matter,
    supervise_matter,
)
from groundwork.matters.models import Matter
from groundwork.matters.policy import public_matters
from groundwork.matters.queries.terms import promise
from groundwork.matters.rules.handling import (
    AlreadyAssigned,
    LeadGone,
    NamedInComplaint,
    NotALead,
    NoText,
    ReturnedBefore,
)
from groundwork.matters.rules.states import WrongState
from groundwork.matters.tests.make import ANSWER, RAISED, at_state, raise_one, the_category
from groundwork.registry.actions.priorities import add_priority

HOUR = timedelta(hours=1)


def told(cast, who):
    """Name the kinds of notices somebody got."""
    return list(
        Notice.objects.filter(account=cast.accounts[who])
        .order_by("id")
        .values_list("kind", flat=True)
    )


def test_accepting_makes_the_promise_and_puts_right_what_the_raiser_chose(cast, at):
    matter = raise_one(cast, "路面有个大坑，电话 330203198001011232 是我的身份证。").matter
    roads = the_category("roads")
    done = accept_matter(
        matter.public_id,
        public_text="南门街道一处路面有坑。",
        category=roads,
        urgency="urgent",
        place=cast.places["dongsheng"],
        by=cast.actor("dispatcher"),
        at=at,
    )
    stored = Matter.objects.get(pk=matter.pk)
    until = promise(roads, "urgent", at)
    assert (stored.state, stored.accepted_at, done) == ("accepted", at, stored)
    assert (stored.reply_by, stored.solve_by) == (until.reply_by, until.solve_by)
    assert stored.due_at == until.reply_by
    assert (stored.category, stored.district) == (roads, cast.places["yinzhou"])
    assert list(search.matching("matters.public", "路面")) == [matter.pk]
    assert list(search.matching("matters.public", "大坑")) == []  # the raiser's words, not shown
    change = Change.objects.filter(kind="matters.matter").last()
    assert (change.before["state"], change.after["state"]) == ("raised", "accepted")
    assert TrailEntry.objects.filter(verb="accept", object_id=matter.public_id).exists()


def test_only_the_dispatchers_of_the_place_accept(cast, at):
    matter = raise_one(cast, place="dongsheng").matter
    with pytest.raises(NotFound):
        accept_matter(matter.public_id, by=cast.actor("district_operator"))  # of 海曙
    with pytest.raises(NotFound):
        accept_matter(matter.public_id, by=cast.actor("unit_handler"))
    with pytest.raises(Forbidden):
        accept_matter(matter.public_id, by=cast.actor("auditor"))
    assert Matter.objects.get(pk=matter.pk).state == "raised"
    assert accept_matter(matter.public_id, by=cast.actor("dispatcher")).state == "accepted"


def test_what_the_dispatcher_words_is_public_a_complaint_is_not(cast, at):
    by = cast.actor("dispatcher")
    shown, quiet = raise_one(cast).matter, raise_one(cast, "第二件。").matter
    complaint = raise_one(cast, "态度恶劣。", kind="complaint", concerns=cast.bodies["unit"]).matter
    accept_matter(shown.public_id, public_text="工地夜间施工。", by=by)
    accept_matter(quiet.public_id, by=by)
    accept_matter(complaint.public_id, public_text="态度恶劣。", by=by)
    assert list(public_matters(at)) == [shown]
    assert list(search.matching("matters.public", "态度")) == []


def test_a_decline_needs_a_reason_that_the_raiser_reads(cast, at):
    matter = raise_one(cast).matter
    by = cast.actor("dispatcher")
    with pytest.raises(NoText):
        decline_matter(matter.public_id, "  ", by=by)
    decline_matter(matter.public_id, "属于法院管辖。", by=by)
    step = matter.steps.get(verb="decline")
    assert (step.text, step.audience) == ("属于法院管辖。", "raiser")
    stored = Matter.objects.get(pk=matter.pk)
    assert (stored.state, stored.due_at, stored.closed_at) == ("declined", None, at)


def test_assigning_tells_the_lead_and_those_who_help_and_moves_no_deadline(cast, at):
    matter = at_state(cast, "accepted")
    before = matter.solve_by
    assign_matter(
        matter.public_id,
        cast.bodies["unit"],
        co=[cast.bodies["other_unit"], cast.bodies["unit"]],
        note="请先到现场。",
        by=cast.actor("dispatcher"),
    )
    stored = Matter.objects.get(pk=matter.pk)
    assert (stored.state, stored.lead, stored.solve_by) == ("assigned", cast.bodies["unit"], before)
    assert [row.body for row in stored.co_handlers.all()] == [cast.bodies["other_unit"]]
    assert told(cast, "unit_handler") == ["matters.assign"]
    assert told(cast, "other_handler") == ["matters.co_handle"]
    assert stored.steps.get(verb="note").audience == "staff"
    with pytest.raises(Forbidden):
        assign_matter(matter.public_id, cast.bodies["street"], by=cast.actor("unit_handler"))


def test_a_matter_that_is_with_a_lead_goes_elsewhere_only_when_the_dispatcher_insists(cast, at):
    matter = at_state(cast, "handling")
    by, other = cast.actor("dispatcher"), cast.bodies["other_unit"]
    with pytest.raises(AlreadyAssigned):
        assign_matter(matter.public_id, other, by=by)
    assign_matter(matter.public_id, other, insist=True, by=by)
    stored = Matter.objects.get(pk=matter.pk)
    assert (stored.state, stored.lead, stored.handler) == ("assigned", other, None)
    assert told(cast, "unit_handler") == ["matters.taken"]
    assert not stored.steps.filter(verb="assign").last().data["insisted"]  # it may return it once


def test_who_returned_it_gets_it_again_only_when_the_dispatcher_insists(cast, at):
    matter = at_state(cast, "assigned")
    by, unit = cast.actor("dispatcher"), cast.bodies["unit"]
    return_matter(matter.public_id, "属于水利局。", by=cast.actor("unit_handler"))
    with pytest.raises(ReturnedBefore):
        assign_matter(matter.public_id, unit, by=by)
    assign_matter(matter.public_id, unit, insist=True, by=by)
    assert Matter.objects.get(pk=matter.pk).steps.last().data["insisted"]


def test_a_complaint_never_goes_to_the_body_it_names_nor_below_it(cast, at):
    by = cast.actor("city_operator")
    matter = raise_one(
        cast, "窗口不办事。", kind="complaint", concerns=cast.bodies["haishu_party"]
    ).matter
    accept_matter(matter.public_id, by=by)
    for body in ("haishu_party", "unit", "office", "street"):
        with pytest.raises(NamedInComplaint):
            assign_matter(matter.public_id, cast.bodies[body], by=by)
        with pytest.raises(NamedInComplaint):
            assign_matter(
                matter.public_id, cast.bodies["other_unit"], co=[cast.bodies[body]], by=by
            )
    assign_matter(matter.public_id, cast.bodies["other_unit"], by=by)
    with pytest.raises(NamedInComplaint):  # nor does a later correction bring it there
        classify_matter(matter.public_id, concerns=cast.bodies["other_unit"], by=by)
    assert Matter.objects.get(pk=matter.pk).lead == cast.bodies["other_unit"]


@pytest.mark.parametrize("body", ["outside", "enterprise_body", "branch"])
def test_only_a_unit_of_the_city_can_be_a_lead(cast, at, body):
    matter = at_state(cast, "accepted")
    with pytest.raises(NotALead):
        assign_matter(matter.public_id, cast.bodies[body], by=cast.actor("dispatcher"))


def test_a_batch_says_what_went_and_what_did_not(cast, at):
    by = cast.actor("dispatcher")
    first, taken = raise_one(cast).matter, at_state(cast, "accepted")
    ids = [first.public_id, "nowhere", taken.public_id, first.public_id]
    batch = accept_matters_many(ids, by=by)
    assert batch.done == (first.public_id,)
    assert [(row.public_id, type(row.error)) for row in batch.refused] == [
        ("nowhere", NotFound),
        (taken.public_id, WrongState),
    ]
    leads = {first.public_id: cast.bodies["unit"], taken.public_id: cast.bodies["street"]}
    given = assign_matters_many(leads, by=by)
    assert given.refused == ()
    assigned = Matter.objects.filter(state="assigned")
    assert {row.public_id: row.lead for row in assigned} == leads
    assert Matter.objects.get(pk=first.pk).public_text == ""


def test_a_new_matter_is_accepted_and_assigned_as_one_act_or_not_at_all(cast, at):
    by, unit = cast.actor("dispatcher"), cast.bodies["unit"]
    fine = raise_one(cast, "路灯坏了。").matter
    named = raise_one(cast, "办事拖拉。", kind="complaint", concerns=unit).matter
    with pytest.raises(NamedInComplaint):
        accept_and_assign(named.public_id, unit, by=by)
    assert Matter.objects.get(pk=named.pk).state == "raised"
    leads = dict.fromkeys([fine.public_id, named.public_id], unit)
    batch = assign_matters_many(leads, fresh={fine.public_id: "一处路灯坏了。"}, by=by)
    assert [row.public_id for row in batch.refused] == [named.public_id]
    stored = Matter.objects.get(pk=fine.pk)
    assert (stored.state, stored.public_text) == ("assigned", "一处路灯坏了。")


def test_a_matter_is_taken_only_from_the_lead_the_dispatcher_saw(cast, at):
    matter = at_state(cast, "handling")
    by, unit, street = cast.actor("dispatcher"), cast.bodies["unit"], cast.bodies["street"]
    page = {"seen": unit.public_id, "by": by}  # two dispatchers have it open
    assign_matter(matter.public_id, cast.bodies["other_unit"], **page)
    with pytest.raises(AlreadyAssigned, match="鄞州区水利局"):
        assign_matter(matter.public_id, street, **page)
    with pytest.raises(AlreadyAssigned):  # nor does insisting upon a return take it unseen
        assign_matter(matter.public_id, street, insist=True, **page)
    return_matter(matter.public_id, "不归我们。", by=cast.actor("other_handler"))
    with pytest.raises(LeadGone):
        assign_matter(matter.public_id, street, **page)
    assert assign_matter(matter.public_id, street, seen="", by=by).lead == street


def test_a_body_outside_is_handed_the_matter_and_its_answer_is_recorded(cast, at):
    by = cast.actor("dispatcher")
    matter = at_state(cast, "accepted")
    with pytest.raises(NotOutside):
        hand_out_matter(matter.public_id, cast.bodies["unit"], "", by=by)
    hand_out_matter(matter.public_id, cast.bodies["outside"], "请贵中心核实。", by=by)
    with pytest.raises(NotFound):
        record_outside_answer(matter.public_id, ANSWER, by=cast.actor("unit_handler"))
    record_outside_answer(matter.public_id, ANSWER, by=by)
    stored = Matter.objects.get(pk=matter.pk)
    assert (stored.state, stored.answer) == ("answered", ANSWER)
    assert stored.steps.get(verb="answer").body == cast.bodies["outside"]
    with pytest.raises(WrongState):
        record_outside_answer(at_state(cast, "handling").public_id, ANSWER, by=by)


def test_what_a_body_outside_leaves_is_taken_back_and_assigned_anew(cast, at):
    by = cast.actor("dispatcher")
    matter = at_state(cast, "outside")
    take_back_matter(matter.public_id, "三次去函无回音。", by=by)
    stored = Matter.objects.get(pk=matter.pk)
    assert (stored.state, stored.lead, stored.due_at) == ("accepted", None, stored.reply_by)
    assert assign_matter(matter.public_id, cast.bodies["unit"], by=by).state == "assigned"


def test_a_reminder_reaches_the_handler_supervision_the_secretary_too(cast, at):
    matter = at_state(cast, "handling")
    remind_matter(matter.public_id, "请三天内答复。", by=cast.actor("dispatcher"), at=at)
    with pytest.raises(Forbidden):
        supervise_matter(matter.public_id, "请书记过问。", by=cast.actor("dispatcher"))
    supervise_matter(matter.public_id, "请书记过问。", by=cast.actor("city_operator"), at=at)
    with pytest.raises(WrongState):
        supervise_matter(matter.public_id, "又一次。", by=cast.actor("city_operator"), at=at)
    stored = Matter.objects.get(pk=matter.pk)
    assert (stored.reminded_at, stored.supervised) == (at, True)
    read = stored.steps.filter(audience="raiser")  # that somebody presses, not the words
    assert set(read.values_list("verb", "text")) == {("remind", ""), ("supervise", "")}
    assert told(cast, "unit_handler") == ["matters.remind", "matters.supervise"]
    assert "matters.supervise" in told(cast, "unit_secretary")
    end_supervision(matter.public_id, "已解决。", by=cast.actor("city_operator"), at=at)
    assert not Matter.objects.get(pk=matter.pk).supervised
    with pytest.raises(WrongState):
        remind_matter(at_state(cast, "solved").public_id, "快。", by=cast.actor("dispatcher"))


def test_a_new_urgency_moves_the_promise_from_the_acceptance_on(cast, at):
    matter = at_state(cast, "handling")
    by = cast.actor("dispatcher")
    classify_matter(matter.public_id, urgency="urgent", by=by, at=at)
    stored = Matter.objects.get(pk=matter.pk)
    until = promise(stored.category, "urgent", RAISED + HOUR)
    assert (stored.reply_by, stored.solve_by) == (until.reply_by, until.solve_by)
    assert stored.due_at == until.reply_by
    steps = stored.steps.count()
    classify_matter(matter.public_id, urgency="urgent", by=by, at=at)  # nothing new
    assert stored.steps.count() == steps


def test_which_central_task_it_serves_is_said_and_taken_back_and_moves_no_promise(cast, at):
    matter = at_state(cast, "handling")
    operator = cast.actor("city_operator")
    spring = add_priority(name="防疫复工", valid_from=at.date(), by=operator, at=at)
    client = cast.client("dispatcher")
    address = f"/matters/m/{matter.public_id}/do/classify/"
    with clock.at(at):
        form = client.get(address).context["form"]
        sent = {**form.initial, "checked": "on"}
        assert client.post(address, sent | {"priority": spring.public_id}).status_code == 302
        stored = Matter.objects.get(pk=matter.pk)
        assert (stored.priority, stored.solve_by) == (spring, matter.solve_by)
        assert stored.steps.last().data == {"fields": ["priority"]}
        assert "防疫复工" in client.get(f"/matters/m/{matter.public_id}/").content.decode()
        classify_matter(
            matter.public_id, urgency=stored.urgency, by=cast.actor("dispatcher"), at=at
        )
        assert Matter.objects.get(pk=matter.pk).priority == spring, "unsaid, it stays"
        assert client.post(address, sent | {"priority": ""}).status_code == 302
    assert Matter.objects.get(pk=matter.pk).priority is None


def test_the_wording_for_the_board_can_be_changed_and_taken_off(cast, at):
    matter = at_state(cast, "handling")
    by = cast.actor("dispatcher")
    classify_matter(matter.public_id, public_text="工地夜间打桩扰民。", by=by)
    assert list(search.matching("matters.public", "打桩")) == [matter.pk]
    assert matter.steps.last().verb == "publish"
    classify_matter(matter.public_id, public_text="", by=by)
    assert list(search.matching("matters.public", "打桩")) == []
    assert not public_matters(at).exists()


def test_what_is_withheld_can_be_accepted_by_nobody_before_its_hour(cast, at):
    matter = raise_one(cast, withheld_until=at + HOUR).matter
    assert matter.accept_by > at + HOUR  # and is not late then
    with pytest.raises(NotFound):
        accept_matter(matter.public_id, by=cast.actor("dispatcher"), at=at)
    accept_matter(matter.public_id, by=cast.actor("dispatcher"), at=at + HOUR)
