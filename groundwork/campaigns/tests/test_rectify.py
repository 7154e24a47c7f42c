"""Findings of self-checks: matters of their unit, checked by somebody else, reopened when back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base.errors import Forbidden, NotFound
from groundwork.campaigns.actions import discussion
from groundwork.campaigns.models import Finding, FindingCheck
from groundwork.campaigns.policy import rectify as policy
from groundwork.campaigns.queries import rectify as queries
from groundwork.campaigns.rules import discussion as discussion_rules
from groundwork.campaigns.rules import rectify as rules
from groundwork.campaigns.tests.make import AT, days
from groundwork.campaigns.tests.make_discussion import SOON, a_campaign, a_copy, find, fix, look
from groundwork.matters.models import Category, Matter
from groundwork.matters.queries.intake import offered_categories
from groundwork.matters.rules.states import WrongState


@pytest.fixture
def copy(cast):
    return a_copy(cast, a_campaign(cast))


def state(finding) -> str:
    return Matter.objects.values_list("state", flat=True).get(pk=finding.matter_id)


def test_five_kinds_of_problems_are_data_that_nobody_else_is_offered(db):
    kinds = queries.problem_categories()
    assert [one.name for one in kinds] == [
        "责任落实", "组织领导", "担当意识", "工作方法", "人员力量",
    ]  # fmt: skip
    people = offered_categories(Category.Audience.PEOPLE)
    assert not {one.pk for one in kinds} & {one.pk for one in (*offered_categories(), *people)}


def test_a_finding_is_a_matter_of_its_unit_in_the_owner_s_hands_due_on_the_day_said(cast, copy):
    found = find(cast, copy, client_key="k")
    matter = found.matter
    assert (matter.state, matter.lead, matter.handler) == (
        "handling", cast.bodies["unit"], cast.people["staff"],
    )  # fmt: skip
    assert matter.solve_by.date() == days(20).date()
    assert (matter.source_kind, matter.source_id) == ("campaigns.finding", found.public_id)
    assert matter.public_text == "", "the board counts it and does not show it"
    told = Notice.objects.filter(account=cast.accounts["staff"], kind="matters.hand_over")
    assert told.count() == 1
    assert find(cast, copy, client_key="k") == found
    assert Matter.objects.count() == 1


def test_no_unit_files_for_another_early_or_in_a_stranger_s_hands(cast, copy):
    with pytest.raises(NotFound):
        find(cast, copy, "other_secretary", body=cast.bodies["other_unit"])
    with pytest.raises(Forbidden):
        find(cast, copy, body=cast.bodies["street"])
    with pytest.raises(rules.NotOwned):
        find(cast, copy, owner=cast.people["outsider"])
    with pytest.raises(rules.BadDueDay):
        find(cast, copy, due_on=SOON.date())
    discussion.move_campaign(copy.public_id, "close", by=cast.actor("district_operator"), at=AT)
    with pytest.raises(discussion_rules.WrongCampaign):
        find(cast, copy)
    assert not Matter.objects.exists()


def test_it_is_put_right_checked_by_another_hand_and_at_work_again_when_it_comes_back(cast, copy):
    found = find(cast, copy)
    with pytest.raises(rules.NothingToCheck):
        look(cast, found)
    with pytest.raises(Forbidden):
        fix(cast, found, "colleague")
    fix(cast, found)
    assert state(found) == "answered"
    with pytest.raises(WrongState):
        fix(cast, found)
    with pytest.raises(Forbidden):  # may read it, does not look after the discussion
        look(cast, found, who="unit_secretary")
    promised = Matter.objects.get(pk=found.matter_id).solve_by
    look(cast, found, "back")
    assert state(found) == "redo"
    assert Matter.objects.get(pk=found.matter_id).solve_by == promised  # not its category's months
    fix(cast, found, "clerk")
    look(cast, found, who="auditor")
    assert state(found) == "solved"
    with pytest.raises(rules.NothingToCheck):
        look(cast, found)
    look(cast, found, "back", at=days(100))
    assert state(found) == "redo"
    assert [one.found for one in found.checks.all()] == ["back", "fixed", "back"]
    verbs = list(found.matter.steps.order_by("id").values_list("verb", flat=True))
    assert [v for v in verbs if v in ("answer", "confirm", "reopen")] == [
        "answer", "reopen", "answer", "confirm", "reopen",
    ]  # fmt: skip


def test_who_answers_for_it_never_checks_it(cast, copy):
    found = find(cast, copy)
    fix(cast, found)
    Matter.objects.filter(pk=found.matter_id).update(handler=cast.people["auditor"])
    with pytest.raises(rules.OwnHands):
        look(cast, found, who="auditor")
    assert not FindingCheck.objects.exists()


def test_a_unit_reads_its_own_and_whoever_leads_reads_all_in_the_order_written(cast, copy):
    first, second = find(cast, copy), find(cast, copy, words="值班表只有一个人会排。")
    own = cast.actor("colleague")
    assert queries.ledger(own, copy).rows == [second, first]
    assert queries.ledger(cast.actor("unit_handler"), copy).rows == []
    with pytest.raises(NotFound):
        policy.finding_for(cast.actor("outsider"), first.public_id)
    fix(cast, first)
    look(cast, first)
    chief = cast.actor("district_operator")
    assert queries.ledger(chief, copy).rows == [second]
    assert queries.ledger(chief, copy, done=True).rows == [first]
    kinds = queries.problem_categories()
    assert queries.ledger(chief, copy, category=kinds[1].code).rows == []
    assert [row.title for row in queries.todo(cast.actor("staff"), SOON)] == [second.matter.title]


def test_a_body_s_page_shows_what_is_still_open_to_whom_may_read_it(cast, copy, at):
    found = find(cast, copy)
    address = reverse("desk:body", args=[cast.bodies["unit"].public_id])
    title = found.matter.title
    for who in ("colleague", "district_operator"):
        assert title in cast.client(who).get(address).content.decode()
    for who in ("outsider", "unit_handler"):
        assert title not in cast.client(who).get(address).content.decode()
    fix(cast, found)
    look(cast, found)
    assert title not in cast.client("colleague").get(address).content.decode()


def test_the_ledger_asks_the_same_however_long_it_is(cast, copy, at, django_assert_max_num_queries):
    for n in range(4):
        find(cast, copy, words=f"第{n}个问题没有人盯。")
    client = cast.client("district_operator")
    address = reverse("campaigns:findings", args=[copy.public_id])
    client.get(address)
    with django_assert_max_num_queries(14):
        text = client.get(address).content.decode()
    assert text.index("第3个问题") < text.index("第0个问题")
    assert Finding.objects.count() == 4


def test_the_ledger_speaks_of_a_finding_as_one_and_of_no_raiser_who_waits(cast, copy, at):
    found = find(cast, copy)
    fix(cast, found)
    page = reverse("matters:matter", args=[found.matter.public_id])
    shown = cast.client("unit_secretary").get(page).content.decode()
    assert "单位在对照检查里找到的问题，记进了台账。" in shown
    assert "单位报了整改完成，等别人来核对。" in shown
    assert reverse("campaigns:finding", args=[found.public_id]) in shown
    for strange in ("提出人提交了这件事", "请提出人确认是否解决", "等提出人说解决了没有"):
        assert strange not in shown
    english = cast.client("unit_secretary", locale="en").get(page).content.decode()
    assert "A unit found this with itself" in english
