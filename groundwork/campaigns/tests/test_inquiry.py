"""The television inquiry's acts, each success beside its refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from groundwork.access.models import Notice
from groundwork.base import attachments
from groundwork.base.actor import NOBODY
from groundwork.base.errors import Forbidden, NotFound, RuleBroken
from groundwork.base.models import TrailEntry
from groundwork.campaigns.actions import inquiry, inquiry_clips, inquiry_items, inquiry_jury
from groundwork.campaigns.actions.retention import erase_due
from groundwork.campaigns.models import EpisodeItem, Juror, JuryVote, Revisit
from groundwork.campaigns.policy import inquiry as policy
from groundwork.campaigns.queries import inquiry as queries
from groundwork.campaigns.queries import inquiry_desk, inquiry_todo
from groundwork.campaigns.rules import inquiry as rules
from groundwork.campaigns.tests.make_inquiry import (
    AT,
    HOUR,
    PROMISE,
    QUESTION,
    TITLE,
    WHY,
    a_jury,
    a_question,
    a_season,
    an_episode,
    days,
)
from groundwork.matters.actions.dispatch import accept_matter, assign_matter
from groundwork.matters.actions.handling import answer_matter
from groundwork.matters.actions.raising import Teller, Telling
from groundwork.matters.actions.verdict import Said, confirm_matter, rate_answer
from groundwork.matters.models import Matter
from groundwork.matters.policy import visible_matters
from groundwork.matters.rules.embargo import HourPast, HourTooFar
from groundwork.matters.tests.make import CITY, at_state, raise_one, the_category
from tests.cast import EVENING

AFTER = HOUR + timedelta(hours=1)
HOURS = timedelta(hours=1)
LOOK = {"kind": "revisit", "found": "fine", "text": "去看过，井盖已经换成新的。"}


def editor(cast):
    return cast.actor("editor")


def look(**changes) -> inquiry_items.Look:
    return inquiry_items.Look(**(LOOK | {"day": AFTER.date()} | changes))


def promise(item, cast, at=AFTER, on=None, text=PROMISE):
    said = inquiry_items.Promise(text, on or (HOUR.date() + timedelta(days=3)), "局长")
    return inquiry_items.record_promise(item.public_id, said, by=editor(cast), at=at)


# ---- planning ------------------------------------------------------------------------------------
def test_an_evening_is_planned_by_an_editor_of_its_place_for_a_city_or_district(cast, at):
    season = a_season(cast)
    assert an_episode(cast, season, place="haishu").state == "planned"
    plan = inquiry.EpisodePlan("校门口的路", cast.places["city"], HOUR)
    for who in ("city_operator", "unit_secretary", "juror"):
        with pytest.raises(Forbidden):
            inquiry.plan_episode(season.public_id, plan, by=cast.actor(who), at=at)
    for place, hour, error in (
        ("chenglang", HOUR, rules.WrongPlace),
        ("city", at, HourPast),
        ("city", days(91), HourTooFar),
    ):
        with pytest.raises(error):
            an_episode(cast, season, place=place, airs_at=hour)


def test_a_question_goes_into_the_ledger_and_waits_for_the_hour(cast, at):
    episode = an_episode(cast)
    item = a_question(cast, episode)
    matter = item.matter
    assert (matter.door, matter.withheld_until) == ("television", HOUR)
    assert (matter.source_kind, matter.source_id) == ("campaigns.episode", episode.public_id)
    assert item.phase == "before"
    again = a_question(cast, episode, title="另一件")
    assert (item.order, again.order) == (0, 1)


def test_an_editor_of_a_district_makes_evenings_and_raises_problems_there_alone(cast, at):
    editor_ = cast.actor("editor")
    grant = replace(editor_.grants[0], place=cast.places["haishu"].path)
    by = replace(editor_, grants=(grant,))
    season = an_episode(cast).season
    hour = an_episode(cast, title="全市的下一期", season=season).airs_at
    when = inquiry.EpisodePlan("海曙的一期", cast.places["haishu"], hour)
    episode = inquiry.plan_episode(season.public_id, when, by=by, at=at)
    plan_for_all = replace(when, place=cast.places["city"])
    with pytest.raises(Forbidden):
        inquiry.plan_episode(season.public_id, plan_for_all, by=by, at=at)
    assert queries.season_page(by, season.public_id, at).episodes == [episode]
    plan = inquiry_items.ItemPlan(TITLE, QUESTION)
    for place, key in (("dongsheng", episode), ("chenglang", an_episode(cast, title="全市的"))):
        telling = Telling("井盖翻了。", the_category("roads"), cast.places[place], "television")
        with pytest.raises((Forbidden, NotFound)):
            inquiry_items.raise_question(key.public_id, telling, Teller(), plan, by=by, at=at)
    telling = Telling("井盖翻了。", the_category("roads"), cast.places["chenglang"], "television")
    assert inquiry_items.raise_question(episode.public_id, telling, Teller(), plan, by=by, at=at)


def test_what_is_said_on_the_air_names_no_door_and_no_phone(cast, at):
    item = a_question(
        cast, an_episode(cast), question="3幢502室的住户13800005678问，井盖什么时候盖好？"
    )
    assert "13800005678" not in item.question
    assert "502" not in item.question


def test_a_matter_on_the_board_or_of_the_own_crew_is_brought_on_by_its_number(cast, at):
    episode = an_episode(cast)
    plan = inquiry_items.ItemPlan(TITLE, QUESTION, cast.bodies["unit"])
    shown = at_state(cast, "handling")
    item = inquiry_items.put_matter(
        episode.public_id, shown.receipt.lower(), plan, by=editor(cast), at=at
    )
    shown.refresh_from_db()
    assert (item.matter, shown.withheld_until) == (shown, None)  # everybody reads it already
    crew = raise_one(cast, withheld_until=days(1), door="television").matter
    inquiry_items.put_matter(episode.public_id, crew.receipt, plan, by=editor(cast), at=at)
    crew.refresh_from_db()
    assert crew.withheld_until == HOUR
    hidden = at_state(cast, "handling", public_text="")
    with pytest.raises(NotFound):
        inquiry_items.put_matter(episode.public_id, hidden.receipt, plan, by=editor(cast), at=at)
    with pytest.raises(rules.PutAlready):
        inquiry_items.put_matter(episode.public_id, shown.receipt, plan, by=editor(cast), at=at)


def test_the_running_order_moves_by_one_and_stays_at_its_ends(cast, at):
    episode = an_episode(cast)
    items = [a_question(cast, episode, title=f"第{n}个问题") for n in range(3)]

    def order():
        return [items.index(row) for row in episode.items.order_by("order", "id")]

    inquiry_items.move_item(items[2].public_id, True, by=editor(cast), at=at)
    assert order() == [0, 2, 1]
    inquiry_items.move_item(items[0].public_id, True, by=editor(cast), at=at)
    inquiry_items.move_item(items[1].public_id, False, by=editor(cast), at=at)
    assert order() == [0, 2, 1]
    inquiry_items.move_item(items[0].public_id, False, by=editor(cast), at=at)
    assert order() == [2, 0, 1]
    with pytest.raises(rules.Aired):
        inquiry_items.move_item(items[0].public_id, True, by=editor(cast), at=AFTER)
    inquiry_items.drop_item(items[1].public_id, by=editor(cast), at=at)
    assert order() == [2, 0]
    with pytest.raises(rules.Aired):
        inquiry_items.drop_item(items[0].public_id, by=editor(cast), at=AFTER)


# ---- the hour ------------------------------------------------------------------------------------
def test_when_the_hour_moves_every_matter_that_waits_moves_with_it(cast, at):
    episode = an_episode(cast)
    waits = a_question(cast, episode).matter
    gone = a_question(cast, episode, title="撤回了的").matter
    Matter.objects.filter(pk=gone.pk).update(state="withdrawn", due_at=None, closed_at=at)
    board = at_state(cast, "handling")
    plan = inquiry_items.ItemPlan(TITLE, QUESTION, cast.bodies["unit"])
    inquiry_items.put_matter(episode.public_id, board.receipt, plan, by=editor(cast), at=at)
    later = HOUR + timedelta(days=7)
    inquiry.move_hour(episode.public_id, later, WHY, by=editor(cast), at=at)
    for matter in (waits, gone, board):
        matter.refresh_from_db()
    assert (waits.withheld_until, gone.withheld_until, board.withheld_until) == (later, later, None)
    assert not policy.visible_items(NOBODY, HOUR).exists()
    sooner = HOUR - timedelta(days=1)
    inquiry.move_hour(episode.public_id, sooner, WHY, by=editor(cast), at=at)
    waits.refresh_from_db()
    assert waits.withheld_until == sooner
    assert waits.steps.filter(verb="withhold").count() == 3
    for hour, when, error in (
        (at - HOURS, at, HourPast),
        (days(91), at, HourTooFar),
        (later, sooner, rules.Aired),
    ):
        with pytest.raises(error):
            inquiry.move_hour(episode.public_id, hour, WHY, by=editor(cast), at=when)
    with pytest.raises(NotFound):
        inquiry.move_hour(episode.public_id, later, WHY, by=cast.actor("city_operator"), at=at)


def test_a_matter_on_two_evenings_waits_for_the_first(cast, at):
    first, second = (
        an_episode(cast),
        an_episode(cast, title="区里的", place="haishu", airs_at=days(9)),
    )
    matter = a_question(cast, second).matter
    plan = inquiry_items.ItemPlan(TITLE, QUESTION, cast.bodies["unit"])
    inquiry_items.put_matter(first.public_id, matter.receipt, plan, by=editor(cast), at=at)
    matter.refresh_from_db()
    assert matter.withheld_until == HOUR
    inquiry.call_off(first.public_id, WHY, by=editor(cast), at=at)
    matter.refresh_from_db()
    assert matter.withheld_until == days(9)
    inquiry.link_episodes(second.public_id, first.public_id, by=editor(cast), at=at)
    assert list(first.linked.all()) == [second]
    inquiry.link_episodes(second.public_id, first.public_id, by=editor(cast), at=at)
    assert not first.linked.exists()


def test_what_is_called_off_is_never_shown_and_its_matters_go_their_ordinary_way(cast, at):
    episode = an_episode(cast)
    item = a_question(cast, episode)
    by = cast.actor("dispatcher")
    assert item.matter not in visible_matters(by, at)
    inquiry.call_off(episode.public_id, WHY, by=editor(cast), at=at)
    assert item.matter in visible_matters(by, at)
    assert not policy.visible_items(NOBODY, AFTER).exists()
    with pytest.raises(NotFound):
        policy.episode_for(NOBODY, episode.public_id, at=AFTER)
    aired = an_episode(cast, title="播了的")
    with pytest.raises(rules.Aired):
        inquiry.call_off(aired.public_id, WHY, by=editor(cast), at=AFTER)


# ---- before the hour -----------------------------------------------------------------------------
def test_the_questioned_unit_reads_a_problem_once_the_editor_lets_it(cast, at):
    item = a_question(cast, an_episode(cast))
    unit, other = cast.actor("unit_secretary"), cast.actor("other_secretary")
    with pytest.raises(NotFound):
        policy.item_for(unit, item.public_id, at=at)
    inquiry_items.show_item(item.public_id, by=editor(cast), at=at)
    assert policy.item_for(unit, item.public_id, at=at) == item
    for by in (other, cast.actor("staff"), cast.actor("city_operator"), NOBODY):
        with pytest.raises(NotFound):
            policy.item_for(by, item.public_id, at=at)
    with pytest.raises(NotFound):  # the evening itself is not shown with it
        policy.episode_for(unit, item.episode.public_id, at=at)
    notice = Notice.objects.get(kind="campaigns.inquiry")
    assert notice.account == cast.accounts["unit_handler"]
    assert TITLE not in notice.text
    inquiry_items.show_item(item.public_id, False, by=editor(cast), at=at)
    with pytest.raises(NotFound):
        policy.item_for(unit, item.public_id, at=at)
    nobody = a_question(cast, item.episode, body=None, title="还不知道问谁")
    with pytest.raises(rules.NoUnit):
        inquiry_items.show_item(nobody.public_id, by=editor(cast), at=at)


def test_a_complaint_is_not_for_the_unit_it_names_before_everybody_reads_it(cast, at):
    item = a_question(cast, an_episode(cast), kind="complaint", concerns=cast.bodies["unit"])
    with pytest.raises(rules.ComplainedOf):
        inquiry_items.show_item(item.public_id, by=editor(cast), at=at)
    EpisodeItem.objects.filter(pk=item.pk).update(shown_at=at)  # whatever a row says
    with pytest.raises(NotFound):
        policy.item_for(cast.actor("unit_secretary"), item.public_id, at=at)
    assert policy.item_for(cast.actor("unit_secretary"), item.public_id, at=HOUR) == item


def test_another_unit_asked_instead_has_not_been_shown_it(cast, at):
    item = a_question(cast, an_episode(cast))
    inquiry_items.show_item(item.public_id, by=editor(cast), at=at)
    plan = inquiry_items.ItemPlan(TITLE, QUESTION, cast.bodies["other_unit"])
    inquiry_items.edit_item(item.public_id, plan, by=editor(cast), at=at)
    for who in ("unit_secretary", "other_secretary"):
        with pytest.raises(NotFound):
            policy.item_for(cast.actor(who), item.public_id, at=at)
    with pytest.raises(rules.Aired):
        inquiry_items.edit_item(item.public_id, plan, by=editor(cast), at=AFTER)


# ---- the jury ------------------------------------------------------------------------------------
def test_a_jury_taps_until_it_is_counted_and_two_numbers_remain(cast, at):
    episode = an_episode(cast)
    item = a_question(cast, episode)
    juror = cast.actor("juror")
    with pytest.raises(rules.NoJury):
        inquiry_jury.open_vote(episode.public_id, by=editor(cast), at=at)
    # Only who holds the role may be declared.
    both = [cast.accounts["juror"], cast.accounts["staff"]]
    inquiry_jury.declare_jurors(episode.public_id, both, by=editor(cast), at=at)
    assert [seat.account for seat in Juror.objects.all()] == [cast.accounts["juror"]]
    inquiry_jury.open_vote(episode.public_id, by=editor(cast), at=at)
    assert Notice.objects.filter(account=cast.accounts["juror"]).exists()
    with pytest.raises(rules.WrongState):  # who sits there is settled
        inquiry_jury.declare_jurors(episode.public_id, [], by=editor(cast), at=at)
    assert inquiry_todo.todo(juror, at)
    inquiry_jury.vote(item.public_id, False, by=juror, at=at)
    inquiry_jury.vote(item.public_id, True, by=juror, at=at)  # thought better of it
    assert JuryVote.objects.get().satisfied
    assert not inquiry_todo.todo(juror, at)
    with pytest.raises(NotFound):
        inquiry_jury.vote(item.public_id, True, by=cast.actor("staff"), at=at)
    with pytest.raises(Forbidden):  # the editor finds it and has no vote
        inquiry_jury.vote(item.public_id, True, by=editor(cast), at=at)
    assert queries.item_page(editor(cast), item.public_id, at).jury is None
    inquiry_jury.close_vote(episode.public_id, by=editor(cast), at=at)
    item.refresh_from_db()
    assert (item.jury_n, item.jury_satisfied) == (1, 1)
    rate = queries.item_page(editor(cast), item.public_id, at).jury
    assert (rate.part, rate.whole, rate.percent) == (1, 1, None)  # under five no share
    assert not JuryVote.objects.exists()
    assert {row.fields == [] for row in TrailEntry.objects.filter(verb="vote")} == {True}
    with pytest.raises(rules.VoteOver):
        inquiry_jury.vote(item.public_id, True, by=juror, at=at)


def test_no_juror_judges_the_own_unit(cast, at):
    episode = an_episode(cast)
    item = a_question(cast, episode, body="street")
    a_jury(cast, episode)
    with pytest.raises(rules.OwnUnit):
        inquiry_jury.vote(item.public_id, True, by=cast.actor("juror"), at=at)
    page = inquiry_desk.jury_page(cast.actor("juror"), episode.public_id, at)
    assert [(one.own, one.said) for one in page.questions] == [(True, None)]
    assert page.left == 0


def test_who_sat_on_a_jury_is_forgotten_after_a_year(cast, at):
    episode = an_episode(cast)
    a_question(cast, episode)
    a_jury(cast, episode)
    later = HOUR + timedelta(days=366)
    assert erase_due(by=CITY, at=later) == 0  # still voting: odd, and nothing is lost by it
    inquiry_jury.close_vote(episode.public_id, by=editor(cast), at=AFTER)
    assert erase_due(by=CITY, at=HOUR + timedelta(days=364)) == 0
    assert erase_due(by=CITY, at=later) == 1
    assert not Juror.objects.exists()


# ---- afterwards ----------------------------------------------------------------------------------
def test_a_promise_keeps_its_words_and_earlier_ones_stay_in_the_history(cast, at):
    item = a_question(cast, an_episode(cast))
    promise(item, cast)
    promise(item, cast, text="五天内盖好。", on=HOUR.date() + timedelta(days=5))
    item.refresh_from_db()
    assert item.promise == "五天内盖好。"
    kept = item.steps.filter(verb="promise").values_list("text", flat=True)
    assert list(kept) == [PROMISE, "五天内盖好。"]
    assert Notice.objects.filter(kind="campaigns.inquiry", account=cast.accounts["unit_handler"])
    with pytest.raises(rules.BadDay):
        promise(item, cast, on=HOUR.date() - timedelta(days=1))
    said, by = inquiry_items.Promise(PROMISE, HOUR.date(), "局长"), cast.actor("unit_secretary")
    with pytest.raises(Forbidden):
        inquiry_items.record_promise(item.public_id, said, by=by, at=AFTER)
    nobody = a_question(cast, item.episode, body=None, title="还不知道问谁", at=AFTER)
    assert (nobody.phase, nobody.matter.withheld_until) == ("after", None)
    with pytest.raises(rules.NoUnit):
        promise(nobody, cast)


def test_the_unit_sees_its_promise_in_its_to_do_until_the_problem_ends(cast, at):
    item = a_question(cast, an_episode(cast))
    promise(item, cast)
    unit = cast.actor("unit_handler")
    [line] = inquiry_todo.todo(unit, AFTER)
    assert (TITLE in line.title, line.tone) == (True, "due")
    assert inquiry_todo.todo(unit, days(9))[0].tone == "late"
    assert not inquiry_todo.todo(cast.actor("other_handler"), AFTER)
    Matter.objects.filter(pk=item.matter_id).update(state="solved", closed_at=AFTER, due_at=None,
                                                    lead=cast.bodies["unit"])  # fmt: skip
    assert not inquiry_todo.todo(unit, AFTER)


def solve(cast, receipt, at):
    """Take the matter of a receipt its ordinary way after the hour."""
    key = receipt.matter.public_id
    accept_matter(key, public_text="校门口的窨井盖翻了。", by=CITY, at=at)
    assign_matter(key, cast.bodies["unit"], by=CITY, at=at)
    answer_matter(key, "井盖已换新的。", by=CITY, at=at)
    confirm_matter(receipt.secret, by=NOBODY, at=at)
    rate_answer(receipt.secret, Said(satisfied=True), by=NOBODY, at=at)


def on_air(cast):
    """Bring one problem on by its number; give it with its receipt."""
    receipt = raise_one(cast, withheld_until=HOUR, door="television")
    episode = an_episode(cast)
    plan = inquiry_items.ItemPlan(TITLE, QUESTION, cast.bodies["unit"])
    number = receipt.matter.receipt
    item = inquiry_items.put_matter(episode.public_id, number, plan, by=editor(cast), at=AT)
    return item, receipt


def test_from_the_raisers_own_word_on_a_check_is_owed_after_ninety_days(cast, at):
    item, receipt = on_air(cast)
    solve(cast, receipt, AFTER)
    item.refresh_from_db()
    due = HOUR.date() + timedelta(days=90)
    assert item.relapse_on == due
    page = queries.item_page(NOBODY, item.public_id, AFTER)
    assert (page.said.solved, page.said.satisfied, page.on_board) == (True, True, True)
    assert not inquiry_todo.todo(editor(cast), AFTER)
    then = HOUR + timedelta(days=90)
    [line] = inquiry_todo.todo(editor(cast), then)
    assert TITLE in line.title
    assert inquiry_desk.relapses(editor(cast), then).rows == [item]
    with pytest.raises(rules.StillOpen):
        follow_and_close(cast, item.episode, then)
    with pytest.raises(rules.TooEarly):
        inquiry_items.record_revisit(
            item.public_id, look(kind="relapse"), by=editor(cast), at=AFTER
        )
    check = look(kind="relapse", day=then.date())
    inquiry_items.record_revisit(item.public_id, check, by=editor(cast), at=then)
    item.refresh_from_db()
    assert item.relapse_on is None
    assert inquiry.close_episode(item.episode.public_id, by=editor(cast), at=then).state == "closed"
    assert inquiry.reopen_episode(item.episode.public_id, by=editor(cast), at=then)


def follow_and_close(cast, episode, at):
    inquiry.follow_episode(episode.public_id, by=editor(cast), at=at)
    inquiry.close_episode(episode.public_id, by=editor(cast), at=at)


def test_what_came_back_is_at_work_again_in_the_ledger(cast, at):
    item, receipt = on_air(cast)
    solve(cast, receipt, AFTER)
    then = HOUR + timedelta(days=91)
    back = look(kind="relapse", found="back", day=then.date(), text="井盖又翻了，孩子又绕着走。")
    inquiry_items.record_revisit(item.public_id, back, by=cast.actor("auditor"), at=then)
    receipt.matter.refresh_from_db()
    item.refresh_from_db()
    assert (receipt.matter.state, receipt.matter.redo_count) == ("redo", 1)
    assert item.relapse_on is None  # it is owed again once it ends again
    step = receipt.matter.steps.get(verb="reopen")
    assert step.data == {"revisit": Revisit.objects.get().public_id}
    assert Notice.objects.filter(kind="matters.reopen").exists()
    key = receipt.matter.public_id
    answer_matter(key, "换成防沉降的。", by=CITY, at=then)
    confirm_matter(receipt.secret, by=NOBODY, at=then)
    item.refresh_from_db()
    assert item.relapse_on == then.date() + timedelta(days=90)


def test_a_look_again_is_by_other_hands_after_the_hour_on_a_day_that_was(cast, at):
    item, _receipt = on_air(cast)
    act = inquiry_items.record_revisit
    with pytest.raises(rules.NotAired):
        act(item.public_id, look(), by=editor(cast), at=AT)
    for day in (HOUR.date() - timedelta(days=1), AFTER.date() + timedelta(days=1)):
        with pytest.raises(rules.BadDay):
            act(item.public_id, look(day=day), by=editor(cast), at=AFTER)
    for who in ("unit_secretary", "city_operator", "juror"):
        with pytest.raises(Forbidden):
            act(item.public_id, look(), by=cast.actor(who), at=AFTER)
    EpisodeItem.objects.filter(pk=item.pk).update(body=cast.bodies["bureau"])
    with pytest.raises(rules.OtherHands):  # the editor works there
        act(item.public_id, look(), by=editor(cast), at=AFTER)


# ---- clips ---------------------------------------------------------------------------------------
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\n井盖翻了三个月。\n"


def clip(cast, episode, at=AT, **values):
    plan = inquiry_clips.ClipPlan(**({"title": "夜里拍到的"} | values))
    return inquiry_clips.add_clip(episode.public_id, plan, by=editor(cast), at=at)


def test_a_clip_is_a_link_or_a_file_and_its_subtitles_are_webvtt(cast, at):
    episode = an_episode(cast)
    link = clip(cast, episode, url="https://tv.example.cn/v/1", subtitles=VTT)
    paper = clip(cast, episode, content=b"%PDF-1.7\n%", name="笔录.pdf", kind="evidence")
    assert (link.order, paper.order) == (0, 1)
    for values, error in (
        ({}, rules.OneSource),
        ({"url": "https://tv.example.cn/1", "content": b"%PDF-"}, rules.OneSource),
        ({"url": "http://tv.example.cn/1"}, rules.BadLink),
        ({"content": b"MZ\x00\x01", "name": "a.mp4"}, attachments.WrongType),
        ({"url": "https://tv.example.cn/1", "subtitles": "1\n00:00"}, RuleBroken),
    ):
        with pytest.raises(error):
            clip(cast, episode, **values)
    stored = paper.attachment
    inquiry_clips.drop_clip(paper.public_id, by=editor(cast), at=at)
    stored.refresh_from_db()
    assert not stored.file
    with pytest.raises(NotFound):
        inquiry_clips.drop_clip(link.public_id, by=cast.actor("unit_secretary"), at=at)
    with pytest.raises(Forbidden):
        inquiry_clips.drop_clip(link.public_id, by=cast.actor("unit_secretary"), at=AFTER)


def test_a_clip_of_a_problem_is_seen_with_the_problem(cast, at):
    episode = an_episode(cast)
    item = a_question(cast, episode)
    own = clip(cast, episode, url="https://tv.example.cn/v/1", item=item)
    whole = clip(cast, episode, url="https://tv.example.cn/v/2")
    unit = cast.actor("unit_secretary")
    assert not policy.visible_clips(unit, at).exists()
    inquiry_items.show_item(item.public_id, by=editor(cast), at=at)
    assert list(policy.visible_clips(unit, at)) == [own]
    assert list(policy.visible_clips(NOBODY, HOUR).order_by("id")) == [own, whole]
    assert not policy.visible_clips(NOBODY, EVENING).exists()


# ---- the season ----------------------------------------------------------------------------------
def test_a_season_counts_what_was_broadcast_and_the_raisers_own_word(cast, at):
    item, receipt = on_air(cast)
    a_question(cast, an_episode(cast, title="以后的", airs_at=days(20)), title="以后的问题")
    page = queries.season_page(NOBODY, item.episode.season.public_id, at)
    assert (page.problems.n, page.lines, page.episodes) == (0, [], [])
    solve(cast, receipt, AFTER)
    page = queries.season_page(NOBODY, item.episode.season.public_id, AFTER)
    assert [line.item for line in page.lines] == [item]
    assert (page.problems.n, page.units.n, page.solved.part) == (1, 1, 1)
    rate = page.words.rate("satisfied")
    assert (rate.part, rate.whole) == (1, 1)
    none = queries.season_page(NOBODY, item.episode.season.public_id, AFTER, open_only=True)
    assert none.lines == []


def test_what_its_matter_keeps_back_longer_is_not_shown_by_the_evening(cast, at):
    item, receipt = on_air(cast)
    Matter.objects.filter(pk=receipt.matter.pk).update(withheld_until=days(10))
    with pytest.raises(NotFound):
        policy.item_for(NOBODY, item.public_id, at=AFTER)
    assert not queries.episode_page(NOBODY, item.episode.public_id, AFTER).lines
    assert policy.item_for(NOBODY, item.public_id, at=days(10)) == item


def test_that_a_matter_of_the_board_comes_on_the_air_nobody_can_tell(cast, at):
    matter = at_state(cast, "handling")
    before = list(matter.steps.values_list("verb", flat=True))
    plan = inquiry_items.ItemPlan(TITLE, QUESTION, cast.bodies["unit"])
    key = an_episode(cast).public_id
    item = inquiry_items.put_matter(key, matter.receipt, plan, by=editor(cast), at=at)
    assert list(matter.steps.values_list("verb", flat=True)) == before
    with pytest.raises(NotFound):
        policy.item_for(cast.actor("dispatcher"), item.public_id, at=at)
