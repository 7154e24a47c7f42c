"""Merge what is the same, split what is several; nobody's link stops working."""

from __future__ import annotations

import pytest

from groundwork.access.models import Notice
from groundwork.base import outbox
from groundwork.base.errors import Forbidden, NotFound
from groundwork.matters.actions import steps
from groundwork.matters.actions.handling import answer_matter
from groundwork.matters.actions.merging import Part, merge_matters, split_matter
from groundwork.matters.actions.own import withdraw_matter
from groundwork.matters.actions.verdict import confirm_matter
from groundwork.matters.models import Matter
from groundwork.matters.policy import all_raisers, raiser_by_secret, raisers_seen
from groundwork.matters.queries.timeline import timeline
from groundwork.matters.rules.handling import IntoItself, NotTheSame, NotTheSameHour, PartsWrong
from groundwork.matters.rules.states import WrongState
from groundwork.matters.rules.verdicts import OthersStand
from groundwork.matters.tests.make import ANSWER, at_state, raise_one, receipt_at, the_category
from tests.cast import EVENING


def fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def parts_of(cast, *words):
    return [Part(text, the_category("parking")) for text in words]


def test_who_was_merged_reads_on_is_told_and_asked_where_the_matter_went(cast, at):
    one = receipt_at(cast, "handling", email="one@example.com")
    into = receipt_at(cast, "handling", lead="other_unit", words="又在打桩。", name="王先生")
    done = merge_matters(
        one.matter.public_id, into.matter.public_id, by=cast.actor("dispatcher"), at=at
    )
    assert (done, done.raisers_count) == (into.matter, 2)
    source = fresh(one.matter)
    assert (source.state, source.merged_into, source.due_at) == ("merged", into.matter, None)
    for who, kind in (("unit_handler", "merge"), ("other_handler", "absorb")):
        notices = Notice.objects.filter(account=cast.accounts[who], kind=f"matters.{kind}")
        assert notices.exists(), who
    answer_matter(into.matter.public_id, ANSWER, by=cast.actor("other_handler"), at=at)
    told = timeline(source, raiser_by_secret(one.secret), at)
    assert ANSWER in [entry.text for entry in told.standing.entries]
    letters = [message.payload for message in outbox.OutboxMessage.objects.order_by("id")]
    assert len(letters) == 2  # merged, answered
    # Who joined by merger may say it is solved; the word of who raised it decides.
    confirm_matter(one.secret, by=steps.BY_RAISER, at=at)
    assert fresh(into.matter).state == "answered"
    confirm_matter(into.secret, by=steps.BY_RAISER, at=at)
    assert fresh(into.matter).state == "solved"


def test_a_merged_raiser_is_known_to_the_new_lead_unless_confidential(cast, at):
    open_one = receipt_at(cast, "accepted", name="沈阿姨")
    hidden = receipt_at(cast, "accepted", name="某人", confidential=True)
    into = receipt_at(cast, "handling", name="王先生")
    for receipt in (open_one, hidden):
        merge_matters(receipt.matter.public_id, into.matter.public_id, by=cast.actor("dispatcher"))
    matter = fresh(into.matter)
    assert matter.confidential
    assert matter.raisers_count == 3
    seen = raisers_seen(cast.actor("unit_handler"), matter)
    assert {row.name for row in seen} == {"沈阿姨", "王先生"}
    assert raisers_seen(cast.actor("dispatcher"), matter).count() == 3


def test_mergers_in_a_row_are_one_hop(cast, at):
    a, b, c = (receipt_at(cast, "accepted") for _ in range(3))
    by = cast.actor("dispatcher")
    merge_matters(a.matter.public_id, b.matter.public_id, by=by)
    merge_matters(b.matter.public_id, c.matter.public_id, by=by)
    assert fresh(a.matter).merged_into == c.matter
    assert fresh(c.matter).raisers_count == 3
    assert all_raisers(c.matter).count() == 3


def test_one_of_several_cannot_withdraw_for_the_others(cast, at):
    one, into = receipt_at(cast, "accepted"), receipt_at(cast, "handling")
    by = cast.actor("dispatcher")
    merge_matters(one.matter.public_id, into.matter.public_id, by=by)
    for receipt in (one, into):
        with pytest.raises(OthersStand):
            withdraw_matter(receipt.secret, by=steps.BY_RAISER, at=at)


def test_what_must_stay_apart_is_not_merged(cast, at):
    by = cast.actor("dispatcher")
    plain, closed = at_state(cast, "handling"), at_state(cast, "solved")
    complaint = at_state(cast, "accepted", kind="complaint", concerns=cast.bodies["other_unit"])
    for source, into, error in (
        (plain, plain, IntoItself),
        (complaint, plain, NotTheSame),
        (plain, complaint, NotTheSame),
        (plain, closed, WrongState),
        (closed, plain, WrongState),
        (at_state(cast, "answered"), plain, WrongState),
    ):
        with pytest.raises(error):
            merge_matters(source.public_id, into.public_id, by=by)
    Matter.objects.filter(pk=plain.pk).update(withheld_until=EVENING.replace(day=1))
    with pytest.raises(NotTheSameHour):
        merge_matters(at_state(cast, "accepted").public_id, plain.public_id, by=by)
    with pytest.raises(Forbidden):
        merge_matters(
            plain.public_id, at_state(cast, "handling").public_id, by=cast.actor("unit_handler")
        )
    there = raise_one(cast, place="dongsheng").matter
    with pytest.raises(NotFound):
        merge_matters(plain.public_id, there.public_id, by=cast.actor("district_operator"))


def test_the_old_link_opens_every_part_and_nobody_elses(cast, at):
    receipt, stranger = receipt_at(cast, "handling", phone="13900001111"), raise_one(cast)
    made = split_matter(
        receipt.matter.public_id,
        parts_of(cast, "停车位被占。", "电梯坏了。"),
        by=cast.actor("dispatcher"),
        at=at,
    )
    assert list(receipt.matter.parts.order_by("pk")) == made
    for part in made:
        raiser = raiser_by_secret(f"{receipt.secret}.{part.public_id}")
        assert (raiser.matter, raiser.first, raiser.phone) == (part, True, "13900001111")
        with pytest.raises(NotFound):
            raiser_by_secret(f"{stranger.secret}.{part.public_id}")
    assert raiser_by_secret(receipt.secret).matter == receipt.matter
    whole = fresh(receipt.matter)
    part = fresh(made[0])
    assert (whole.state, part.state, part.split_from) == ("handling", "accepted", whole)
    assert (part.accepted_at, part.title) == (whole.accepted_at, "停车位被占")
    assert part.due_at == part.reply_by
    assert part.receipt != whole.receipt


def test_a_part_of_a_part_opens_too_and_is_confirmed_by_the_old_link(cast, at):
    receipt = receipt_at(cast, "handling")
    by = cast.actor("dispatcher")
    [part] = split_matter(receipt.matter.public_id, parts_of(cast, "停车。"), by=by, at=at)
    [grain] = split_matter(part.public_id, parts_of(cast, "违停。"), by=by, at=at)
    secret = f"{receipt.secret}.{part.public_id}.{grain.public_id}"
    assert raiser_by_secret(secret).matter == grain
    grain.refresh_from_db()
    grain.lead = cast.bodies["unit"]
    steps.move(grain, "assign", by=by, at=at, fields=("lead",))
    answer_matter(grain.public_id, ANSWER, by=cast.actor("unit_handler"), at=at)
    assert confirm_matter(secret, by=steps.BY_RAISER, at=at).state == "solved"


def test_a_complaint_stays_one_in_its_parts(cast, at):
    receipt = receipt_at(
        cast, "accepted", kind="complaint", concerns=cast.bodies["other_unit"], confidential=True
    )
    [part] = split_matter(
        receipt.matter.public_id, parts_of(cast, "另一件。"), by=cast.actor("dispatcher")
    )
    assert (part.kind, part.concerns, part.confidential) == (
        "complaint",
        cast.bodies["other_unit"],
        True,
    )


@pytest.mark.parametrize("words", [(), ("",), tuple("一二三四五六七八九十")])
def test_a_split_into_nothing_or_confetti_is_refused(cast, at, words):
    matter = at_state(cast, "handling")
    with pytest.raises(PartsWrong):
        split_matter(matter.public_id, parts_of(cast, *words), by=cast.actor("dispatcher"))
    with pytest.raises(WrongState):
        split_matter(
            at_state(cast, "answered").public_id,
            parts_of(cast, "停车。"),
            by=cast.actor("dispatcher"),
        )
