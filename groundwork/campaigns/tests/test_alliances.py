"""An alliance: who is in it, who works again; needs met with the word of both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Change, TrailEntry
from groundwork.campaigns import solver
from groundwork.campaigns.actions import alliances, supplies
from groundwork.campaigns.models import Entry, Link, Pair
from groundwork.campaigns.policy import alliances as policy
from groundwork.campaigns.queries import alliances as queries
from groundwork.campaigns.queries.supplies import pair_page
from groundwork.campaigns.rules import alliance as rules
from groundwork.campaigns.tests.make import (
    AT,
    TODAY,
    Town,
    a_member,
    an_alliance,
    an_enterprise,
    an_entry,
    days,
    speaker,
)
from groundwork.matters.models import Category, Matter
from groundwork.matters.policy import visible_matters
from groundwork.registry.models import Body


@pytest.fixture
def town(cast):
    return Town(cast)


def told(account) -> list[str]:
    rows = Notice.objects.filter(account=account, kind__startswith="campaigns.")
    return list(rows.order_by("id").values_list("text", flat=True))


# ---- who is in it --------------------------------------------------------------------------------
def test_a_leader_opens_an_alliance_and_a_neighbour_cannot_in_its_name(cast):
    made = an_alliance(cast)
    assert [(m.part, m.body.name) for m in made.members.all()] == [("lead", "甬江精密制造有限公司")]
    plan = alliances.AlliancePlan(
        "别人的", cast.bodies["branch"], made.place, made.members.get().body
    )
    with pytest.raises(Forbidden):
        alliances.open_alliance(plan, by=cast.actor("other_secretary"), at=AT)


@pytest.mark.parametrize("kind", Body.Kind)
def test_party_organisations_lead_and_nobody_else(kind):
    if kind in (Body.Kind.PARTY, Body.Kind.BRANCH, Body.Kind.TEMPORARY_BRANCH):
        rules.check_leader(kind, "它")
    else:
        with pytest.raises(rules.NotAPartyOrganisation):
            rules.check_leader(kind, "它")


def test_a_unit_lets_a_party_organisation_of_its_own_lead_and_its_people_read_along(cast, at):
    unit = cast.bodies["unit"]
    with pytest.raises(rules.NotAPartyOrganisation, match="海曙区教育局"):
        an_alliance(cast, led_by=unit)
    chief = cast.client("unit_secretary")
    form, find = reverse("campaigns:alliance_new"), reverse("campaigns:choices_leaders")
    offered = chief.get(form).content.decode()
    assert 'value="{}"'.format(cast.bodies["branch"].public_id) in offered
    for word in ("第一", "教育局"):  # by its own name, and by the unit's
        found = chief.get(find, {"q": word}).content.decode()
        assert cast.bodies["branch"].public_id in found
        assert not [one for one in ("unit", "other_branch", "office")
                    if cast.bodies[one].public_id in found]  # fmt: skip
    sent = {"name": "甬江联盟", "lead": cast.bodies["enterprise_body"].public_id,
            "place": cast.places["chenglang"].public_id}  # fmt: skip
    for other in (unit, cast.bodies["other_branch"]):
        refused = chief.post(form, sent | {"led_by": other.public_id})
        assert refused.status_code == 422
        assert "请选一个归您管的党组织" in refused.content.decode()
    english = cast.client("unit_secretary", locale="en")
    refused = english.post(form, sent | {"led_by": unit.public_id}).content.decode()
    assert "Choose a party organisation" in refused
    assert chief.post(form, sent | {"led_by": cast.bodies["branch"].public_id}).status_code == 302
    listed = cast.client("staff").get(reverse("campaigns:alliances")).content.decode()
    assert "海曙区教育局第一党支部" in listed
    outside = cast.client("outsider").get(reverse("campaigns:alliances")).content.decode()
    assert "甬江联盟" not in outside


def test_only_enterprises_with_a_place_join_once_and_there_is_one_lead(cast, town):
    with pytest.raises(rules.MemberAlready):
        a_member(cast, town.alliance, town.other_body)
    with pytest.raises(rules.NotAnEnterprise):
        a_member(cast, town.alliance, cast.bodies["street"])
    third = an_enterprise(cast, 2, "三江物流有限公司")
    with pytest.raises(rules.OneLead):
        a_member(cast, town.alliance, third, "lead")
    third.place = None
    with pytest.raises(rules.NoPlace):
        a_member(cast, town.alliance, third, "customer")


def test_a_member_leaves_with_its_links_but_not_while_something_is_open(town):
    by, ids = town.keeper, (town.other.public_id, town.lead.public_id)
    alliances.link_members(*ids, "外壳", by=by, at=AT)
    with pytest.raises(rules.LinkedAlready):
        alliances.link_members(*ids, by=by, at=AT)
    with pytest.raises(rules.LinkedToItself):
        alliances.link_members(ids[0], ids[0], by=by, at=AT)
    entry = town.offer()
    with pytest.raises(rules.Engaged):
        alliances.drop_member(ids[0], by=by, at=AT)
    supplies.withdraw_entry(entry.public_id, by=town.supplier, at=AT)
    alliances.drop_member(ids[0], by=by, at=AT)
    assert not Link.objects.exists()
    with pytest.raises(NotFound):
        policy.alliance_for(town.supplier, town.alliance.public_id)


def test_a_member_says_whether_it_works_again_and_if_not_why(town):
    who = town.other.public_id
    with pytest.raises(rules.ReasonNeeded):
        alliances.tell_resumed(who, "no", by=town.supplier, at=AT)
    with pytest.raises(rules.MoneyNamed):
        alliances.tell_resumed(who, "no", cause="funds", why="差 30 万元", by=town.supplier, at=AT)
    alliances.tell_resumed(
        who, "partly", cause="labour", why="外地工人没回来", by=town.supplier, at=AT
    )
    page = queries.alliance_page(town.keeper, town.alliance, AT)
    [line] = [line for line in page.members if line.member == town.other]
    assert (line.member.resumed, line.member.cause, line.member.said_at) == ("partly", "labour", AT)
    alliances.tell_resumed(who, "yes", cause="labour", why="旧的", by=town.keeper, at=AT)
    town.other.refresh_from_db()
    assert (town.other.resumed, town.other.cause, town.other.why) == ("yes", "", "")
    with pytest.raises(NotFound):  # another enterprise does not even know of it
        alliances.tell_resumed(who, "no", cause="other", by=town.enterprise, at=AT)


def test_an_alliance_closes_when_nothing_is_open_and_then_nothing_is_written(town):
    entry = town.need()
    with pytest.raises(rules.Engaged):
        alliances.close_alliance(town.alliance.public_id, by=town.keeper, at=AT)
    supplies.withdraw_entry(entry.public_id, by=town.enterprise, at=AT)
    alliances.close_alliance(town.alliance.public_id, by=town.keeper, at=AT)
    with pytest.raises(rules.AllianceClosed):
        town.need()
    with pytest.raises(rules.AllianceClosed):
        town.propose()


# ---- a need is met -------------------------------------------------------------------------------
def test_a_need_is_met_with_the_word_of_both_sides(cast, town):
    pair = town.pair()
    assert (pair.amount, pair.state) == (20, "proposed")
    [line] = told(cast.accounts["enterprise"])
    assert "姚江注塑" in line
    supplies.accept_pair(pair.public_id, "need", by=town.enterprise, at=AT)
    assert set(Entry.objects.values_list("state", flat=True)) == {"proposed"}
    done = supplies.accept_pair(pair.public_id, "offer", by=town.supplier, at=days(1))
    assert (done.state, done.settled_at) == ("agreed", days(1))
    assert set(Entry.objects.values_list("state", flat=True)) == {"agreed"}
    for account in (cast.accounts["enterprise"].pk, town.supplier.account_id):
        assert told(account)[-1].startswith("谈妥了：甬江精密制造有限公司要的“装配工”")
    assert TrailEntry.objects.filter(kind="campaigns.pair", verb="offer_accepts").exists()
    assert Change.objects.filter(kind="campaigns.entry", after__state="agreed").count() == 2


def test_the_reasons_of_a_pair_are_said(cast, town, at):
    pair = town.pair()
    address = reverse("campaigns:pair", args=[pair.public_id])
    page = cast.client("enterprise").get(address).content.decode()
    for reason in (
        "都是“人手”",
        "够：20 人",
        "11月24日到12月4日，日子都够",
        "在同一个街道（乡镇）",
    ):
        assert f"<li>{reason}</li>" in page
    assert pair_page(town.enterprise, pair).sides == ["need"]


def test_what_is_half_met_stays_open_for_the_rest(town):
    town.need(amount=30)
    town.offer(amount=12)
    [pair] = town.propose()
    assert pair.amount == 12
    supplies.accept_pair(pair.public_id, "need", by=town.enterprise, at=AT)
    supplies.accept_pair(pair.public_id, "offer", by=town.supplier, at=AT)
    need = Entry.objects.get(side="need")
    assert need.state == "open"
    town.offer(amount=40)
    [rest] = town.propose()
    assert rest.amount == 18
    [line] = queries.alliance_page(town.keeper, town.alliance, AT).needs
    assert line.left == 18


def test_whoever_says_no_says_why_and_nobody_is_asked_the_same_twice(cast, town):
    pair = town.pair()
    with pytest.raises(rules.ReasonNeeded):
        supplies.decline_pair(pair.public_id, "offer", "不行", by=town.supplier, at=AT)
    supplies.decline_pair(pair.public_id, "offer", "工人要证书，对不上", by=town.supplier, at=AT)
    assert "工人要证书" in told(cast.accounts["enterprise"])[-1]
    assert set(Entry.objects.values_list("state", flat=True)) == {"open"}
    assert town.propose() == []
    third = a_member(cast, town.alliance, an_enterprise(cast, 6, "北仑五金厂", "haishu"))
    an_entry(third, "offer", speaker(cast, third.body))
    [other] = town.propose()  # further away: before the refusal the nearer one was better
    assert other.offer.member == third


def test_nobody_is_matched_with_itself(town):
    town.need()
    an_entry(town.lead, "offer", town.enterprise)
    assert town.propose() == []


def test_what_is_withdrawn_while_pairs_are_looked_for_is_left_out(town, monkeypatch):
    town.need()
    offer, search = town.offer(), solver.match

    def match(*found):
        supplies.withdraw_entry(offer.public_id, by=town.supplier, at=AT)
        return search(*found)

    monkeypatch.setattr(solver, "match", match)
    assert town.propose() == []
    assert set(Entry.objects.values_list("state", flat=True)) == {"open", "withdrawn"}


def test_no_side_answers_for_the_other_and_an_outsider_knows_nothing(cast, town):
    pair = town.pair()
    with pytest.raises(Forbidden):
        supplies.accept_pair(pair.public_id, "offer", by=town.enterprise, at=AT)
    with pytest.raises(Forbidden):  # both enterprises have accounts of their own
        supplies.accept_pair(pair.public_id, "need", by=town.keeper, at=AT)
    with pytest.raises(NotFound):
        supplies.accept_pair(pair.public_id, "need", by=cast.actor("other_secretary"), at=AT)


def test_for_an_enterprise_without_an_account_the_leader_writes_down_its_word(cast, town):
    third = a_member(cast, town.alliance, an_enterprise(cast, 3, "慈城五金厂"))
    town.need()
    plan = supplies.EntryPlan(
        "offer", "labour", "装配工", 20, "people", TODAY, TODAY + timedelta(days=9)
    )
    supplies.write_entry(third.public_id, plan, by=town.keeper, at=AT)
    [pair] = town.propose()
    assert policy.sides(town.keeper, pair) == ["offer"]
    supplies.accept_pair(pair.public_id, "offer", by=town.keeper, at=AT)
    assert Pair.objects.get().state == "offer_said"


def test_whoever_comes_after_it_was_settled_is_told_and_both_were(cast, town):
    pair = town.pair()
    supplies.accept_pair(pair.public_id, "offer", by=town.supplier, at=AT)
    supplies.withdraw_entry(pair.need.public_id, by=town.enterprise, at=AT)
    with pytest.raises(rules.WrongPair):
        supplies.accept_pair(pair.public_id, "need", by=town.enterprise, at=AT)
    assert Pair.objects.get().state == "lapsed"
    assert Entry.objects.get(side="offer").state == "open"
    for account in (cast.accounts["enterprise"].pk, town.supplier.account_id):
        assert "失效" in told(account)[-1]


def test_a_pair_nobody_answered_lapses_with_its_last_day(cast, town):
    town.pair()
    assert supplies.lapse_due(at=days(10)) == 0
    with pytest.raises(rules.WrongPair):  # the clock has not come by yet
        supplies.accept_pair(Pair.objects.get().public_id, "need", by=town.enterprise, at=days(11))
    assert supplies.lapse_due(at=days(11)) == 1
    assert Pair.objects.get().state == "lapsed"
    assert supplies.lapse_due(at=days(11)) == 0
    assert town.propose(days(11)) == []  # both are over as well


def test_the_same_tap_twice_is_one_entry_and_nobody_writes_for_another(town):
    plan = supplies.EntryPlan("need", "labour", "装配工", 5, "people", TODAY, TODAY)
    who = town.lead.public_id
    first = supplies.write_entry(who, plan, client_key="k1", by=town.enterprise, at=AT)
    again = supplies.write_entry(who, plan, client_key="k1", by=town.enterprise, at=AT)
    assert first == again
    with pytest.raises(NotFound):
        supplies.write_entry(who, plan, by=town.supplier, at=AT)


# ---- what stays open -----------------------------------------------------------------------------
def test_a_need_that_nobody_meets_becomes_a_matter_of_the_enterprise(cast, town):
    entry = town.need(what="过江通行证明", kind="guarantees", unit="cases", amount=3)
    category = Category.objects.first()
    with pytest.raises(Forbidden):
        supplies.pass_on(entry.public_id, category, "请帮忙", by=town.enterprise, at=AT)
    supplies.pass_on(
        entry.public_id, category, "甬江精密需要三份过江通行证明。", by=town.keeper, at=AT
    )
    matter = Matter.objects.get(source_kind="campaigns.entry", source_id=entry.public_id)
    assert matter.place == town.lead.place
    assert matter.raisers.get().account_id == cast.accounts["enterprise"].pk
    with pytest.raises(rules.WrongEntry):
        supplies.pass_on(entry.public_id, category, "再来一次", by=town.keeper, at=AT)
    assert Matter.objects.count() == 1
    [line] = queries.alliance_page(cast.actor("city_operator"), town.alliance, AT).needs
    seen = visible_matters(cast.actor("city_operator"), AT).filter(pk=matter.pk).exists()
    assert (line.entry.state, line.matter == matter) == ("passed", seen)
    assert "转单位办理" in told(cast.accounts["enterprise"])[-1]


def test_an_offer_is_not_passed_on_nor_what_is_being_proposed(town):
    pair = town.pair()
    for entry in (pair.need, pair.offer):
        with pytest.raises(rules.WrongEntry):
            supplies.pass_on(
                entry.public_id, Category.objects.first(), "请帮忙", by=town.keeper, at=AT
            )


# ---- an enterprise sees its side -----------------------------------------------------------------
def test_an_enterprise_sees_its_own_side_and_nothing_of_a_third(cast, town):
    third = a_member(cast, town.alliance, an_enterprise(cast, 4, "宁海模具厂"), "customer")
    by = speaker(cast, third.body)
    alliances.tell_resumed(
        town.other.public_id, "no", cause="funds", why="周转不过来", by=town.supplier, at=AT
    )
    alliances.link_members(town.other.public_id, town.lead.public_id, by=town.keeper, at=AT)
    pair = town.pair()
    page = queries.alliance_page(by, town.alliance, AT)
    assert [line.member for line in page.members] == [third]
    assert [page.needs, page.offers, page.waiting, page.boxes[1:]] == [[], [], [], []]
    for act in (
        lambda: policy.entry_for(by, pair.need.public_id),
        lambda: policy.pair_for(by, pair.public_id),
        lambda: policy.member_for(by, town.other.public_id, "speak"),
    ):
        with pytest.raises(NotFound):
            act()
    beside = queries.alliance_page(town.enterprise, town.alliance, AT)
    assert [line.member for line in beside.members] == [town.lead]
    assert {box.member for box in beside.boxes} == {town.lead, town.other}  # its own supplier
    assert [line.entry.side for line in beside.needs + beside.offers] == ["need"]


def test_an_enterprise_reads_on_its_page_no_word_of_why_another_stands_still(cast, town, at):
    alliances.link_members(town.other.public_id, town.lead.public_id, by=town.keeper, at=AT)
    alliances.tell_resumed(
        town.other.public_id, "no", cause="funds", why="周转不过来", by=town.supplier, at=AT
    )
    address = reverse("campaigns:alliance", args=[town.alliance.public_id])
    page = cast.client("enterprise").get(address).content.decode()
    assert "姚江注塑有限公司" in page
    assert "周转" not in page
    assert "还没复工" not in page.partition("</svg>")[0]
    assert "周转不过来" in cast.client("unit_secretary").get(address).content.decode()


def test_the_page_asks_the_same_number_of_statements_however_many_are_in(
    cast, town, at, django_assert_max_num_queries
):
    by = cast.client("unit_secretary")
    address = reverse("campaigns:alliance", args=[town.alliance.public_id])
    town.pair()
    by.get(address)
    for n in range(5, 11):
        member = a_member(cast, town.alliance, an_enterprise(cast, n, f"{n}号配件厂"))
        alliances.link_members(member.public_id, town.lead.public_id, by=town.keeper, at=AT)
        town.need(amount=n)
        town.offer(amount=n)
    town.propose()
    with django_assert_max_num_queries(24):
        assert by.get(address).status_code == 200


def test_the_list_is_empty_crowded_or_forbidden(cast, at):
    address = reverse("campaigns:alliances")
    assert "还没有联盟" in cast.client("unit_secretary").get(address).content.decode()
    for n in range(3):
        an_alliance(cast, name=f"第{n}联盟")
    page = cast.client("city_operator").get(address).content.decode()
    assert page.index("第2联盟") < page.index("第0联盟")
    assert "第0联盟" not in cast.client("outsider").get(address).content.decode()
    assert cast.client("resident").get(address).status_code == 302
