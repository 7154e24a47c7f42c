"""The audited sample, from the list to the published result."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base import attachments, clock, outbox
from groundwork.base.actor import system
from groundwork.base.clock import ZONE
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import TrailEntry
from groundwork.matters.actions import sampling as actions
from groundwork.matters.actions.retention import erase_texts
from groundwork.matters.models import Matter, Sample, SampleItem
from groundwork.matters.policy.audit import item_for, sample_for
from groundwork.matters.queries import sampling as queries
from groundwork.matters.rules import sampling as rules
from groundwork.matters.tests.make import at_state

NOW = datetime(2026, 11, 24, 18, 20, tzinfo=ZONE)
ACT = NOW + timedelta(days=2)
LATER = ACT + timedelta(hours=1)
SEED = "03 11 15 20 27 32 + 09"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after_the_draw():
    """Hold the clock: what is sent at LATER must be due then, on whatever day the suite runs."""
    with clock.at(LATER):
        yield


def plan(cast, **changes):
    values = {
        "title": "十一月办结真实性核查",
        "place": cast.places["haishu"],
        "closed_from": date(2026, 11, 1),
        "closed_to": date(2026, 11, 30),
        "most_false": Decimal("0.01"),
        "confidence": Decimal("0.95"),
        "seed_source": "福彩双色球第2026134期开奖号码",
        "act_at": ACT,
    }
    return actions.Plan(**(values | changes))


def closures(cast, n=6, **more):
    return [at_state(cast, "solved", **more) for _ in range(n)]


def published(cast, **changes):
    return actions.publish_sample(plan(cast, **changes), by=cast.actor("auditor"), at=NOW)


def drawn(cast, **changes):
    sample = published(cast, **changes)
    return actions.draw_sample(
        sample.public_id, SEED, "中国福彩网", by=cast.actor("auditor"), at=LATER
    )


def find(item, finding, note="上门看过", *, by, at=LATER):
    return actions.record_finding(item.public_id, finding, note, by=by, at=at)


def test_the_list_holds_the_closures_of_its_place_and_period_and_nothing_that_comes_later(cast):
    inside = [*closures(cast, 4), at_state(cast, "unit_done")]
    closures(cast, 2, place="dongsheng")
    at_state(cast, "answered")
    at_state(cast, "withdrawn")
    at_state(cast, "solved", withheld_until=NOW + timedelta(days=1))
    at_state(cast, "solved", at=datetime(2026, 10, 20, 9, 0, tzinfo=ZONE))
    sample = published(cast)
    at_state(cast, "solved")
    hashes = {rules.receipt_hash(sample.public_id, matter.receipt) for matter in inside}
    assert set(rules.hashes_in(queries.list_bytes(sample))) == hashes
    assert (sample.population, sample.size) == (5, 5)
    preview = queries.preview(
        place=sample.place,
        closed_from=sample.closed_from,
        closed_to=sample.closed_to,
        most_false=sample.most_false,
        confidence=sample.confidence,
        at=NOW,
    )
    assert (preview.population, preview.withheld, preview.size_binomial) == (6, 1, 299)


def test_only_an_auditor_of_the_place_publishes_and_only_before_the_act(cast):
    closures(cast, 1)
    with pytest.raises(Forbidden):
        actions.publish_sample(plan(cast), by=cast.actor("dispatcher"), at=NOW)
    with pytest.raises(rules.SeedTooEarly):
        published(cast, act_at=NOW)
    with pytest.raises(rules.NothingToSample):
        published(cast, place=cast.places["yinzhou"])
    assert not Sample.objects.exists()


def test_the_draw_waits_for_the_act_and_is_the_one_that_anybody_gets(cast):
    matters = closures(cast)
    sample = published(cast)
    auditor = cast.actor("auditor")
    with pytest.raises(rules.SeedTooEarly):
        actions.draw_sample(sample.public_id, SEED, "网", by=auditor, at=ACT - timedelta(minutes=1))
    with pytest.raises(rules.SeedTooShort):
        actions.draw_sample(sample.public_id, "583", "网", by=auditor, at=LATER)
    with pytest.raises(Forbidden):
        actions.draw_sample(sample.public_id, SEED, "网", by=cast.actor("handler"), at=LATER)
    actions.draw_sample(sample.public_id, SEED, "网", by=auditor, at=LATER)
    items = list(SampleItem.objects.filter(sample=sample))
    expected = rules.draw(
        rules.hashes_in(queries.list_bytes(sample)), "03111520273209", sample.size
    )
    assert [item.receipt_hash for item in items] == expected
    by_hash = {rules.receipt_hash(sample.public_id, m.receipt): m.pk for m in matters}
    assert all(by_hash[item.receipt_hash] == item.matter_id for item in items)


def test_there_is_no_second_draw_but_the_same_seed_twice_is_one_tap_too_many(cast):
    closures(cast)
    sample, auditor = drawn(cast), cast.actor("auditor")
    before = list(SampleItem.objects.values_list("receipt_hash", flat=True))
    again = actions.draw_sample(sample.public_id, SEED, "x", by=auditor, at=LATER)
    assert again.witness == "中国福彩网"
    with pytest.raises(rules.DrawnAlready):
        actions.draw_sample(sample.public_id, "999999", "x", by=auditor, at=LATER)
    assert list(SampleItem.objects.values_list("receipt_hash", flat=True)) == before
    assert TrailEntry.objects.filter(verb="draw").count() == 1


def test_a_list_that_was_changed_is_not_drawn_from(cast):
    closures(cast)
    sample = published(cast)
    other = attachments.store(
        rules.listing(["0" * 64]), name="x.txt", by=system("tests"), allowed=(attachments.TEXT,)
    )
    Sample.objects.filter(pk=sample.pk).update(hashes=other)
    with pytest.raises(actions.ListBroken):
        actions.draw_sample(sample.public_id, SEED, "网", by=cast.actor("auditor"), at=LATER)


def test_what_is_erased_or_gone_meanwhile_stays_as_its_hash(cast):
    matters = closures(cast)
    sample = published(cast)
    erase_texts([matters[0].public_id], NOW)
    Matter.objects.filter(pk=matters[1].pk).update(receipt="GONE")  # as if it had been deleted
    actions.draw_sample(sample.public_id, SEED, "网", by=cast.actor("auditor"), at=LATER)
    auditor = cast.actor("auditor")
    erased = SampleItem.objects.get(matter=matters[0])
    gone = SampleItem.objects.get(matter=None)
    for item in (erased, gone):
        with pytest.raises(actions.GoneIsUnknown):
            find(item, "true", by=auditor)
        assert find(item, "unknown", "内容已删除", by=auditor).finding == "unknown"


def test_a_false_closure_goes_back_to_work_and_raiser_and_unit_are_told(
    cast, django_capture_on_commit_callbacks
):
    closures(cast, 5, email="shen@example.com", confidential=True)
    drawn(cast)
    item, auditor = SampleItem.objects.first(), cast.actor("auditor")
    with pytest.raises(actions.SayWhy):
        find(item, "false", " ", by=auditor)
    find(item, "false", "路灯仍不亮", by=auditor)
    item.matter.refresh_from_db()
    assert (item.matter.state, item.matter.redo_count) == ("redo", 1)
    told = set(Notice.objects.values_list("account__person__name", "kind"))
    assert {("裘晓峰", "matters.sample"), ("裘晓峰", "matters.reopen")} <= told
    outbox.deliver_due(at=LATER)
    assert [letter.to for letter in mail.outbox if "经核查没有解决" in letter.body] == [
        ["shen@example.com"]
    ]
    find(item, "false", "路灯仍不亮，拍了照", by=auditor)  # mended: it is reopened once
    item.matter.refresh_from_db()
    assert item.matter.redo_count == 1
    find(item, "false", "路灯仍不亮，拍了照", by=auditor)  # the same again is no mending
    find(item, "true", "记错了一盏", by=auditor)
    before = SampleItem.objects.get(pk=item.pk).findings_before
    assert [(what, note) for _at, what, note in before] == [
        ("并未解决", "路灯仍不亮，拍了照"),
        ("并未解决", "路灯仍不亮"),
    ]
    address = reverse("matters:sample_item", args=[item.public_id])
    assert "改过的结论" in cast.client("auditor").get(address).content.decode()


def test_a_bad_finding_is_published_only_after_the_lead_was_heard(cast):
    closures(cast, 5)
    sample, auditor = drawn(cast), cast.actor("auditor")
    items = list(SampleItem.objects.all())
    for item in items[1:]:
        find(item, "true", by=auditor)
    with pytest.raises(rules.NotAllFound):
        actions.close_sample(sample.public_id, by=auditor, at=LATER)
    find(items[0], "false", "3幢502室没有来过", by=auditor)
    with pytest.raises(rules.NotAllFound):
        actions.close_sample(sample.public_id, by=auditor, at=LATER)
    with pytest.raises(NotFound):
        actions.reply_to_finding(items[0].public_id, "x", by=cast.actor("other_handler"), at=LATER)
    actions.reply_to_finding(
        items[0].public_id, "当天去过，王桂芳女士不在", by=cast.actor("unit_handler"), at=LATER
    )
    page = queries.sample_page(sample, cast.actor("resident"), LATER)
    assert page.shown is None
    closed = actions.close_sample(sample.public_id, by=auditor, at=LATER)
    page = queries.sample_page(closed, cast.actor("resident"), LATER)
    assert (page.shown.rate.part, page.shown.rate.whole) == (4, 5)
    text = cast.client("resident").get(reverse("matters:sample", args=[sample.public_id]))
    assert all(word in text.content.decode() for word in ("没有来过", "当天去过"))
    assert not [word for word in ("502", "王桂芳") if word in text.content.decode()]
    with pytest.raises(rules.SampleOver):
        find(items[1], "unknown", by=auditor)
    with pytest.raises(rules.SampleOver):
        actions.reply_to_finding(
            items[0].public_id, "再说一句", by=cast.actor("unit_handler"), at=LATER
        )


def test_a_lead_that_says_nothing_has_its_days_and_no_more(cast):
    closures(cast, 5)
    sample, auditor = drawn(cast), cast.actor("auditor")
    for item in SampleItem.objects.all():
        find(item, "false", by=auditor)
    first = SampleItem.objects.first()
    over = first.reply_by + timedelta(minutes=1)
    with pytest.raises(rules.ReplyOver):
        actions.reply_to_finding(first.public_id, "迟了", by=cast.actor("unit_handler"), at=over)
    assert actions.close_sample(sample.public_id, by=auditor, at=over).state == "closed"


def test_nobody_checks_the_own_units_closures_nor_sees_who_raised_them(cast):
    closures(cast, 5, lead="bureau")  # where the auditor works
    drawn(cast)
    item, auditor = SampleItem.objects.first(), cast.actor("auditor")
    assert item_for(auditor, item.public_id, "view", at=LATER)
    with pytest.raises(Forbidden):
        find(item, "true", by=auditor)
    with pytest.raises(Forbidden):
        actions.reveal_raiser(item.public_id, by=auditor, at=LATER)


def test_the_checking_auditor_sees_the_number_and_the_trail_says_so(cast):
    closures(cast, 5, phone="13800005678")
    drawn(cast)
    item = SampleItem.objects.first()
    found = actions.reveal_raiser(item.public_id, by=cast.actor("auditor"), at=LATER)
    assert found == [("沈阿姨", "13800005678")]
    assert TrailEntry.objects.filter(verb="reveal_phone", object_id=item.public_id).exists()
    with pytest.raises(Forbidden):
        actions.reveal_raiser(item.public_id, by=cast.actor("unit_handler"), at=LATER)


def test_everybody_reads_a_sample_and_its_list_byte_for_byte(cast, client, at):
    closures(cast, 5)
    sample = drawn(cast)
    find(SampleItem.objects.first(), "false", "门牌十二号还是黑的", by=cast.actor("auditor"))
    page = client.get(reverse("matters:sample", args=[sample.public_id])).content.decode()
    assert sample.hashes_digest in page
    assert "03111520273209" in page
    assert "门牌十二号" not in page
    assert "沈阿姨" not in page
    listed = client.get(reverse("matters:sample_list", args=[sample.public_id])).content
    assert listed == queries.list_bytes(
        sample_for(cast.actor("resident"), sample.public_id, "view")
    )


def test_an_auditor_goes_the_whole_way_on_the_pages(cast, at):
    closures(cast, 5)
    client = cast.client("auditor")
    said = {
        "title": "十一月核查",
        "place": cast.places["haishu"].public_id,
        "closed_from": "2026-11-01",
        "closed_to": "2026-11-24",
        "most_false": "0.01",
        "confidence": "0.95",
        "seed_source": "双色球",
        "act_at": "2026-11-24T18:21",
    }
    page = client.post(reverse("matters:sample_new"), said)
    assert "要查" in page.content.decode()
    assert not Sample.objects.exists()
    client.post(reverse("matters:sample_new"), {**said, "publish": "1"})
    sample = Sample.objects.get()
    early = client.post(
        reverse("matters:sample_draw", args=[sample.public_id]), {"seed": SEED, "witness": "网"}
    )
    assert early.status_code == 422
    Sample.objects.update(act_at=at)
    client.post(
        reverse("matters:sample_draw", args=[sample.public_id]), {"seed": SEED, "witness": "网"}
    )
    for item in SampleItem.objects.all():
        address = reverse("matters:sample_item", args=[item.public_id])
        assert client.get(address).status_code == 200
        assert client.post(address, {"finding": "true"}).status_code == 302
    client.post(reverse("matters:sample_close", args=[sample.public_id]))
    page = client.get(reverse("matters:sample", args=[sample.public_id])).content.decode()
    assert "100%" in page
    assert "件全部属实" in page


def test_a_list_of_samples_takes_the_same_statements_however_many(
    cast, client, at, django_assert_max_num_queries
):
    closures(cast, 5)
    for _ in range(6):
        drawn(cast)
    with django_assert_max_num_queries(4):
        client.get(reverse("matters:samples"))
    sample = Sample.objects.first()
    with django_assert_max_num_queries(6):
        client.get(reverse("matters:sample", args=[sample.public_id]))
