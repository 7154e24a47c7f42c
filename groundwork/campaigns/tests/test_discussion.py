"""A discussion in three phases: who leads, copies, speaks; what is shown; what becomes a matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base import attachments, clock
from groundwork.base.actor import system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Attachment, Tombstone
from groundwork.campaigns.actions import discussion, talking
from groundwork.campaigns.actions.retention import erase_due
from groundwork.campaigns.models import Contribution, Phase, TaskReport
from groundwork.campaigns.policy import discussion as policy
from groundwork.campaigns.queries import discussion as queries
from groundwork.campaigns.rules import discussion as rules
from groundwork.campaigns.rules.inquiry import BadLink
from groundwork.campaigns.tests.make import AT, TODAY, days
from groundwork.campaigns.tests.make_discussion import (
    ASKED,
    SAID,
    WISHED,
    a_campaign,
    a_copy,
    say,
)
from groundwork.matters.actions.dispatch import accept_and_assign
from groundwork.matters.actions.handling import answer_matter
from groundwork.matters.models import Raiser
from groundwork.matters.policy.matter import raisers_seen
from groundwork.matters.tests.make import CITY, the_category


@pytest.fixture
def by(cast):
    return cast.actor("city_operator")


def ask(campaign, by):
    return discussion.add_question(campaign.public_id, ASKED, by=by, at=AT)


def add(campaign, by, kind="discuss", due=3):
    day = TODAY + timedelta(days=due)
    return discussion.add_task(campaign.public_id, kind, "开一次支部讨论会", day, by=by, at=AT)


def page(cast, who, campaign, today=TODAY):
    by = cast.actor(who)
    return queries.campaign_page(by, policy.campaign_for(by, campaign.public_id), today)


# ---- leading and copying -------------------------------------------------------------------------
def test_a_draft_is_its_keepers_and_a_published_one_everybody_s_below(cast, by):
    draft = a_campaign(cast, publish=False)
    with pytest.raises(NotFound):
        policy.campaign_for(cast.actor("staff"), draft.public_id)
    discussion.move_campaign(draft.public_id, "publish", by=by, at=AT)
    for who in ("staff", "outsider", "auditor"):
        assert policy.campaign_for(cast.actor(who), draft.public_id) == draft
        with pytest.raises(Forbidden):
            policy.campaign_for(cast.actor(who), draft.public_id, "keep")
    with pytest.raises(NotFound):
        policy.campaign_for(cast.actor("enterprise"), draft.public_id)
    with pytest.raises(Forbidden):  # not this secretary's to lead
        a_campaign(cast, who="unit_secretary")


def test_a_district_copies_the_city_s_reads_its_questions_and_adds_its_own(cast, by):
    city = a_campaign(cast)
    asked, task = ask(city, by), add(city, by)
    copy = a_copy(cast, city)
    own = cast.actor("district_operator")
    local = discussion.add_question(copy.public_id, "老小区的事怎样接得更快？", by=own, at=AT)
    line = page(cast, "staff", copy).phases[1]
    assert [(q.question, q.local) for q in line.questions] == [(asked, False), (local, True)]
    assert [(t.task, t.above) for t in line.tasks] == [(task, city.body)]
    assert [q.question for q in page(cast, "staff", city).phases[1].questions] == [asked]
    assert page(cast, "city_operator", city).copies == [copy]
    with pytest.raises(rules.CopiedAlready):
        a_copy(cast, city)
    with pytest.raises(Forbidden):
        discussion.copy_campaign(city.public_id, cast.bodies["unit"], by=own_other(cast), at=AT)
    with pytest.raises(rules.NotBelow):
        discussion.copy_campaign(city.public_id, cast.bodies["party"], by=by, at=AT)
    with pytest.raises(NotFound):  # of another district
        policy.campaign_for(cast.actor("outsider"), copy.public_id)
    with pytest.raises(NotFound):  # what comes from above is not the district's to delete
        discussion.drop_question(copy.public_id, asked.public_id, by=own, at=AT)


def own_other(cast):
    return cast.actor("other_secretary")


def test_days_moved_above_are_followed_by_copies_that_ran_with_them(cast, by):
    city = a_campaign(cast)
    copy = a_copy(cast, city)
    own = cast.actor("district_operator")
    of = {p.kind: p for p in Phase.objects.filter(campaign=copy)}
    later = discussion.PhasePlan(TODAY, TODAY + timedelta(days=15), rules.ALLOWS["discuss"])
    discussion.set_phase(city.public_id, "discuss", later, by=by, at=AT)
    of["discuss"].refresh_from_db()
    assert of["discuss"].last_day == later.last_day
    short = replace(later, last_day=TODAY + timedelta(days=8))
    discussion.set_phase(copy.public_id, "discuss", short, by=own, at=AT)
    discussion.set_phase(
        city.public_id, "discuss", replace(later, last_day=TODAY + timedelta(days=12)), by=by, at=AT
    )
    of["discuss"].refresh_from_db()
    assert of["discuss"].last_day == short.last_day, "it has its own days since"
    beyond = replace(later, last_day=TODAY + timedelta(days=90))
    with pytest.raises(rules.BeyondUpper):
        discussion.set_phase(copy.public_id, "discuss", beyond, by=own, at=AT)


def test_before_a_phase_opens_a_reader_sees_its_days_and_a_word_after_it_the_last_one(cast, by):
    city = a_campaign(cast)
    task = add(city, by, "rectify", due=9)
    shut = discussion.PhasePlan(
        TODAY + timedelta(days=5), TODAY + timedelta(days=60), ["finding"],
        before="先把问题想清楚。", about="一条一条对照。", after="台账还在，接着改。",
    )  # fmt: skip
    discussion.set_phase(city.public_id, "rectify", shut, by=by, at=AT)
    for name, n in (("before", 0), ("open", 6), ("after", 61)):
        line = page(cast, "staff", city, TODAY + timedelta(days=n)).phases[2]
        assert (line.when, bool(line.tasks)) == (name, name != "before")
    assert page(cast, "city_operator", city).phases[2].tasks, "its keepers prepare it"
    with clock.at(AT):
        address = reverse("campaigns:discussion", args=[city.public_id])
        text = cast.client("staff").get(address).content.decode()
    assert "先把问题想清楚。" in text
    assert "一条一条对照。" not in text
    assert "台账还在，接着改。" not in text
    with pytest.raises(NotFound):
        queries.seen_task(cast.actor("staff"), city, task.public_id, TODAY)
    assert queries.seen_task(cast.actor("staff"), city, task.public_id, days(6).date()) == task


# ---- tasks ---------------------------------------------------------------------------------------
def test_a_unit_reports_once_for_all_levels_and_only_while_the_phase_runs(cast, by):
    city = a_campaign(cast)
    task = add(city, by)
    copy = a_copy(cast, city)
    chief, unit = cast.actor("unit_secretary"), cast.bodies["unit"]
    report = lambda c, text, at=AT: discussion.report_task(  # noqa: E731
        c.public_id, task.public_id, unit, text, by=chief, at=at
    )
    report(copy, "周三开过了，实招是延时窗口。")
    assert page(cast, "unit_secretary", city).phases[1].tasks[0].own == TaskReport.objects.get()
    report(city, "周三开过了，又定了值班表。")
    assert TaskReport.objects.get().words == "周三开过了，又定了值班表。"
    with pytest.raises(rules.NotAllowedNow):
        report(city, "太晚了才报的一条。", days(11))
    with pytest.raises(Forbidden):
        discussion.report_task(
            city.public_id, task.public_id, unit, "替别人报。", by=own_other(cast), at=AT
        )
    with pytest.raises(rules.InUse):
        discussion.drop_task(city.public_id, task.public_id, by=by, at=AT)
    lines = queries.task_page(by, city, task).lines
    assert [line.body.path for line in lines] == sorted(line.body.path for line in lines)
    [own] = queries.task_page(chief, city, task).lines
    assert own.body == unit, "what others report is not this unit's business"


# ---- what people say -----------------------------------------------------------------------------
def test_what_is_said_waits_is_shown_or_refused_with_a_reason_and_its_author_is_told(cast, by):
    city = a_campaign(cast)
    asked = ask(city, by)
    word = say(cast, city, kind="opinion", text=SAID, question=asked.public_id)
    reader, author = cast.actor("colleague"), cast.actor("staff")
    assert queries.words_of_question(reader, city, asked).lines == []
    with pytest.raises(NotFound):
        policy.word_for(reader, word.public_id)
    with pytest.raises(rules.FewWords):
        talking.settle_word(word.public_id, "refuse", "不", by=by, at=AT)
    talking.settle_word(word.public_id, "refuse", "写了别人的姓名", by=by, at=AT)
    assert policy.word_for(author, word.public_id).reason == "写了别人的姓名"
    seen = Contribution.objects.get().digest
    talking.rewrite(
        word.public_id, talking.Word("opinion", SAID + "先从开户起。"), by=author, at=AT
    )
    with pytest.raises(rules.WrongWord):  # nobody shows what nobody read
        talking.settle_word(word.public_id, "show", seen=seen, by=by, at=AT)
    talking.settle_word(word.public_id, "show", by=by, at=AT)
    [line] = queries.words_of_question(reader, city, asked).lines
    assert line.speaker == f"单晓芸 · {cast.bodies['unit']}"
    kinds = Notice.objects.filter(account=cast.accounts["staff"]).values_list("kind", flat=True)
    assert list(kinds) == ["campaigns.word", "campaigns.word"]
    with pytest.raises(Forbidden):
        talking.withdraw_word(word.public_id, by=by, at=AT)
    talking.withdraw_word(word.public_id, by=author, at=AT)
    assert Contribution.objects.get().text == ""
    assert queries.words_of_question(reader, city, asked).lines == []


def test_a_phase_that_is_shut_a_stranger_and_a_bad_link_are_refused(cast, by):
    city = a_campaign(cast)
    copy = a_copy(cast, city)
    with pytest.raises(rules.NotAllowedNow):
        say(cast, city, at=days(-1))
    with pytest.raises(NotFound):
        say(cast, copy, "outsider")
    with pytest.raises(Forbidden):  # a practice is a unit's
        say(cast, city, kind="practice", title="晚间窗口")
    with pytest.raises(Forbidden):  # not this one's unit
        say(cast, city, "other_secretary", body=cast.bodies["unit"])
    with pytest.raises(BadLink):
        say(cast, city, url="javascript:alert(1)")
    first = say(cast, city, client_key="k")
    assert say(cast, city, client_key="k") == first
    discussion.move_campaign(city.public_id, "close", by=by, at=AT)
    with pytest.raises(rules.WrongCampaign):
        say(cast, city)


def test_a_suggestion_becomes_a_matter_and_its_author_gets_the_answer(cast, by):
    city = a_campaign(cast)
    word = say(cast, city)
    with pytest.raises(Forbidden):
        talking.take_up(word.public_id, the_category("welfare"), by=cast.actor("staff"), at=AT)
    receipt = talking.take_up(word.public_id, the_category("welfare"), by=by, at=AT)
    matter = receipt.matter
    assert (matter.text, matter.door) == (WISHED, "campaign")
    assert (matter.source_kind, matter.source_id) == ("campaigns.word", word.public_id)
    assert Raiser.objects.get(matter=matter).person == cast.people["staff"]
    with pytest.raises(rules.NoSuggestion):
        talking.take_up(word.public_id, the_category("welfare"), by=by, at=AT)
    accept_and_assign(matter.public_id, cast.bodies["bureau"], by=CITY, at=AT)
    answer_matter(matter.public_id, "矮桌下周放好。", by=CITY, at=AT)
    told = Notice.objects.filter(account=cast.accounts["staff"], kind="matters.own.answer")
    assert told.exists()
    with_words = cast.client("staff").get(reverse("campaigns:word", args=[word.public_id]))
    assert "矮桌下周放好。" in with_words.content.decode()


def test_who_did_not_sign_is_unknown_to_everybody(cast, by):
    city = a_campaign(cast)
    word = say(cast, city, named=False)
    talking.settle_word(word.public_id, "show", by=by, at=AT)
    for who, speaker in (("colleague", ""), ("city_operator", "")):
        shown = queries.words_of_kind(cast.actor(who), city, "suggestion").lines[0]
        assert shown.speaker == speaker
    matter = talking.take_up(word.public_id, the_category("welfare"), by=by, at=AT).matter
    accept_and_assign(matter.public_id, cast.bodies["unit"], by=CITY, at=AT)
    matter.refresh_from_db()
    assert not raisers_seen(cast.actor("unit_secretary"), matter).exists()
    for who in ("city_operator", "dispatcher"):  # whom the ledger tells who raised a matter
        page = cast.client(who).get(reverse("matters:matter", args=[matter.public_id]))
        assert "没有留名" in page.content.decode()
        assert cast.people["staff"].name not in page.content.decode()


def test_a_good_practice_is_a_unit_s_and_another_does_the_same_in_its_own_words(cast, by):
    city = a_campaign(cast)
    unit, other = cast.bodies["unit"], cast.bodies["other_unit"]
    more = {"kind": "practice", "title": "周三晚间窗口", "text": "每周三晚上开门两小时。"}
    word = say(cast, city, "unit_secretary", body=unit, **more)
    chief = own_other(cast)
    adopt = lambda body, text="先在水费窗口试。": talking.adopt(  # noqa: E731
        word.public_id, body, text, by=chief, at=AT
    )
    with pytest.raises(NotFound):
        adopt(other)
    talking.settle_word(word.public_id, "show", by=by, at=AT)
    with pytest.raises(Forbidden):
        adopt(cast.bodies["bureau"])
    adopt(other)
    adopt(other, "先在水费窗口试，一月起。")
    [line] = queries.adoptions_of(word)
    assert (line.body, line.words) == (other, "先在水费窗口试，一月起。")
    told = Notice.objects.filter(kind="campaigns.adoption")
    assert [one.account for one in told] == [cast.accounts["unit_secretary"]]


def test_two_years_after_the_end_nobody_is_named_and_what_was_said_stays(cast, by):
    city = a_campaign(cast)
    word = say(cast, city)
    talking.settle_word(word.public_id, "show", by=by, at=AT)
    discussion.move_campaign(city.public_id, "close", by=by, at=AT)
    worker = system("worker")
    erase_due(by=worker, at=days(700))
    assert Contribution.objects.get().person is not None
    erase_due(by=worker, at=days(740))
    left = Contribution.objects.get()
    assert (left.person, left.account_id, left.settled_by) == (None, None, None)
    assert left.text == WISHED
    assert Tombstone.objects.filter(kind="campaigns.campaign").exists()


# ---- pages ---------------------------------------------------------------------------------------
def test_a_discussion_s_page_asks_the_same_however_much_is_in_it(
    cast, by, at, django_assert_max_num_queries
):
    city = a_campaign(cast)
    copy = a_copy(cast, city)
    client = cast.client("unit_secretary")
    address = reverse("campaigns:discussion", args=[copy.public_id])
    client.get(address)
    for _n in range(4):
        ask(city, by)
        add(city, by)
    with django_assert_max_num_queries(26):
        assert client.get(address).content.decode().count(ASKED) == 4
    for n in range(5):
        word = say(cast, city, text=f"第{n}条意见建议。", client_key=str(n))
        talking.settle_word(word.public_id, "show", by=by, at=AT)
    listed = reverse("campaigns:words", args=[city.public_id, "suggestion"])
    with django_assert_max_num_queries(16):
        text = client.get(listed).content.decode()
    assert text.index("第4条") < text.index("第0条")


def test_what_is_long_or_not_now_is_folded_and_what_is_still_to_do_comes_first(cast, by, at):
    city = a_campaign(cast)
    for n in range(9):
        discussion.add_question(city.public_id, f"第{n}问：怎样少跑一趟？", by=by, at=AT)
        task = discussion.add_task(
            city.public_id, "discuss", f"第{n}项任务。", AT.date() + timedelta(days=n), by=by, at=AT
        )
        if n < 8:
            words = "开过了，实招是延时窗口。"
            chief, unit = cast.actor("unit_secretary"), cast.bodies["unit"]
            discussion.report_task(city.public_id, task.public_id, unit, words, by=chief, at=AT)
    address = reverse("campaigns:discussion", args=[city.public_id])
    text = cast.client("unit_secretary").get(address).content.decode()
    open_part, folded = text.split('<details class="fold more">', 1)
    assert "第4问" in open_part
    assert "第5问" in folded
    assert "另外 4 条" in folded
    assert text.index("第8项任务") < text.index("第0项任务")
    assert text.count('<details class="fold card flush"') == 2, "the phases that are not now"


def test_the_list_is_empty_crowded_or_forbidden_at_a_constant_price(
    cast, by, at, django_assert_max_num_queries
):
    address = reverse("campaigns:discussions")
    assert "还没有大讨论" in cast.client("staff").get(address).content.decode()
    for _n in range(4):
        a_campaign(cast)
    client = cast.client("staff")
    client.get(address)
    with django_assert_max_num_queries(12):
        assert client.get(address).content.decode().count("守土尽责大讨论") == 4
    assert cast.client("enterprise").get(address).status_code == 403


def test_the_forms_do_what_they_say_and_a_bad_one_says_why(cast, by, at):
    city = a_campaign(cast)
    key, keeper, staff = city.public_id, cast.client("city_operator"), cast.client("staff")
    url = lambda name, *more: reverse(f"campaigns:{name}", args=[key, *more])  # noqa: E731
    assert keeper.post(url("question_new"), {"text": ASKED}).status_code == 302
    task = {"kind": "discuss", "what": "开一次支部讨论会", "due_on": TODAY, "category": ""}
    assert keeper.post(url("task_new"), task).status_code == 302
    assert keeper.post(url("task_new"), task | {"due_on": days(90).date()}).status_code == 422
    said = {"text": WISHED, "named": "on"}
    assert staff.post(url("word_new", "suggestion"), said | {"text": "短"}).status_code == 422
    assert staff.post(url("word_new", "suggestion"), said).status_code == 302
    word = Contribution.objects.get()
    show = reverse("campaigns:word_show", args=[word.public_id])
    assert keeper.post(show, {"seen": word.digest}).status_code == 302
    word.refresh_from_db()
    assert word.state == "shown"
    assert "有发言等审核" not in keeper.get(url("discussion")).content.decode()


TUNE = b"ID3\x03\x00\x00\x00\x00\x00\x0a" + b"TPE1 Li Si" + b"\xff\xfb" + b"\0" * 400


def test_a_recording_is_heard_by_who_may_read_the_words_and_says_nothing_of_its_maker(cast, at):
    word = say(cast, a_campaign(cast), recording=TUNE, named=False)
    heard = reverse("campaigns:word_recording", args=[word.public_id])
    assert cast.client("colleague").get(heard).status_code == 404, "it waits for its keeper"
    part = cast.client("city_operator").get(heard, HTTP_RANGE="bytes=0-9")
    assert (part.status_code, part["Content-Type"]) == (206, "audio/mpeg")
    stored = Contribution.objects.get().recording
    assert (stored.account_id, stored.name) == (None, "recording.mp3")
    assert b"Li Si" not in attachments.read(stored)
    with pytest.raises(attachments.WrongType):
        say(cast, a_campaign(cast), recording=b"%PDF-1.7 ...")


def test_a_keeper_shows_no_recording_that_was_changed_meanwhile_and_a_withdrawn_one_is_gone(cast):
    word, keeper = say(cast, a_campaign(cast), recording=TUNE), cast.actor("city_operator")
    seen, own = word.digest, cast.actor("staff")
    anew = talking.Word("suggestion", WISHED, recording=TUNE + b"\0")
    again = talking.rewrite(word.public_id, anew, by=own, at=AT)
    with pytest.raises(rules.WrongWord):
        talking.settle_word(word.public_id, "show", seen=seen, by=keeper, at=AT)
    kept = again.recording
    assert Attachment.objects.exclude(file="").count() == 1, "the one before went with its file"
    talking.withdraw_word(word.public_id, by=own, at=AT)
    kept.refresh_from_db()
    assert (kept.file.name, Contribution.objects.get().recording) == ("", None)


def test_a_voice_is_erased_with_the_names(cast):
    campaign = a_campaign(cast)
    say(cast, campaign, recording=TUNE)
    discussion.move_campaign(campaign.public_id, "close", by=cast.actor("city_operator"), at=AT)
    erase_due(by=CITY, at=AT + timedelta(days=4000))
    word = Contribution.objects.get()
    assert (word.person, word.recording, word.text) == (None, None, WISHED)
    assert not Attachment.objects.exclude(file="").exists()
