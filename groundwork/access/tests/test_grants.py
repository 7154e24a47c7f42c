"""Roles: who gives them where, for how long, and that taking one away works at once."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from django.urls import reverse

from groundwork.access import actions, policy
from groundwork.access.actions.accounts import PersonGone
from groundwork.access.actions.grants import move_grants
from groundwork.access.models import Account, Grant
from groundwork.access.queries import actor_of_account, grants_in_force, make_actor
from groundwork.access.rules import grants as rules
from groundwork.base import clock
from groundwork.base.actor import Role, system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Change, TrailEntry
from groundwork.registry import signals
from groundwork.registry.actions import leave_person, merge_people, retire_person, return_person
from groundwork.registry.models import Person


# ---- the table -------------------------------------------------------------------------------
def test_every_role_has_its_nodes_and_somebody_who_gives_it():
    assert set(rules.NODES) == set(Role)
    for role in set(Role) - {Role.STAFF}:
        assert rules.NODES[role], role
        assert Role.CITY_OPERATOR in rules.givers_of(role)
    assert rules.givers_of(Role.STAFF) == ()


def test_below_the_city_nobody_gives_the_own_role_or_a_wider_one():
    order = list(Role)
    for giver, role in product(rules.GIVES, Role):
        if giver is not Role.CITY_OPERATOR and role in rules.GIVES[giver]:
            assert order.index(role) > order.index(giver), (giver, role)


@pytest.mark.parametrize(
    ("who", "role", "node", "allowed"),
    [
        ("city_operator", Role.DISTRICT_OPERATOR, "haishu", True),
        ("city_operator", Role.AUDITOR, "bureau", True),
        ("district_operator", Role.UNIT_SECRETARY, "unit", True),
        ("district_operator", Role.UNIT_SECRETARY, "other_unit", False),
        ("district_operator", Role.COMMUNITY_SECRETARY, "chenglang", True),
        ("district_operator", Role.COMMUNITY_SECRETARY, "dongsheng", False),
        ("district_operator", Role.DISTRICT_OPERATOR, "haishu", False),
        ("district_operator", Role.AUDITOR, "haishu", False),
        ("unit_secretary", Role.CLERK, "unit", True),
        ("unit_secretary", Role.BRANCH_SECRETARY, "branch", True),
        ("unit_secretary", Role.CLERK, "other_unit", False),
        ("unit_secretary", Role.UNIT_SECRETARY, "unit", False),
        ("community_secretary", Role.GATE_LEAD, "chenglang", True),
        ("community_secretary", Role.GATE_LEAD, "liujin", False),
        ("clerk", Role.SPEAKER, "unit", False),
        ("staff", Role.SPEAKER, "unit", False),
        ("auditor", Role.AUDITOR, "city", False),
    ],
)
def test_who_gives_what_where(cast, who, role, node, allowed):
    given = {"body": cast.bodies.get(node), "place": cast.places.get(node)}
    given = {key: value for key, value in given.items() if value is not None}

    def give():
        return actions.grant_role(
            cast.accounts["colleague"], role=role, **given, by=cast.actor(who)
        )

    if allowed:
        assert give().role == role
    else:
        with pytest.raises(Forbidden):
            give()


def test_a_role_stands_only_at_its_kind_of_node(cast):
    by = system("test")
    with pytest.raises(rules.WrongNode):
        actions.grant_role(
            cast.accounts["staff"], role=Role.COMMUNITY_SECRETARY, place=cast.places["city"], by=by
        )
    with pytest.raises(rules.WrongNode):
        actions.grant_role(
            cast.accounts["staff"], role=Role.UNIT_SECRETARY, body=cast.bodies["office"], by=by
        )
    with pytest.raises(rules.WrongNode):
        actions.grant_role(cast.accounts["staff"], role=Role.STAFF, body=cast.bodies["unit"], by=by)


# ---- time ------------------------------------------------------------------------------------
def test_a_grant_holds_from_its_first_to_its_last_day(cast, at):
    staff, day = cast.accounts["staff"], at.date()
    actions.grant_role(
        staff,
        role=Role.CLERK,
        body=cast.bodies["unit"],
        valid_from=day + timedelta(days=1),
        valid_to=day + timedelta(days=2),
        by=system("test"),
    )
    held = [bool(grants_in_force(staff, on=day + timedelta(days=n))) for n in range(4)]
    assert held == [False, True, True, False]


def test_the_same_role_is_not_given_twice_in_the_same_time(cast, at):
    def give(start, end):
        return actions.grant_role(
            cast.accounts["staff"],
            role=Role.CLERK,
            body=cast.bodies["unit"],
            valid_from=start,
            valid_to=end,
            by=system("test"),
        )

    give(date(2026, 12, 1), date(2026, 12, 31))
    for start, end in ((date(2026, 12, 31), None), (date(2026, 1, 1), date(2026, 12, 1))):
        with pytest.raises(rules.AlreadyHeld):
            give(start, end)
    with pytest.raises(rules.RunsBackward):
        give(date(2027, 2, 1), date(2027, 1, 1))
    give(date(2027, 1, 1), None)


def test_taking_a_role_away_works_with_the_next_request(cast):
    client = cast.client("unit_secretary")
    assert client.get(reverse("access:accounts")).status_code == 200
    actions.end_grant(cast.grants["unit_secretary"], by=cast.actor("district_operator"))
    assert client.get(reverse("access:accounts")).status_code == 403


def test_only_who_could_give_a_role_may_end_it(cast):
    grant = cast.grants["unit_secretary"]
    for who, refused in (
        ("clerk", Forbidden),
        ("unit_secretary", Forbidden),
        ("other_secretary", NotFound),
        ("staff", NotFound),
    ):
        with pytest.raises(refused):
            actions.end_grant(grant, by=cast.actor(who))
    actions.end_grant(grant, by=cast.actor("city_operator"))
    with pytest.raises(rules.AlreadyOver):
        actions.end_grant(grant, by=cast.actor("city_operator"))


def test_giving_and_ending_leave_trail_and_change_without_names(cast):
    row = actions.grant_role(
        cast.accounts["staff"],
        role=Role.CLERK,
        body=cast.bodies["unit"],
        by=cast.actor("unit_secretary"),
    )
    actions.end_grant(row, by=cast.actor("unit_secretary"))
    verbs = TrailEntry.objects.filter(object_id=row.public_id).values_list("verb", flat=True)
    assert list(verbs) == ["grant_role", "end_grant"]
    first, last = Change.objects.filter(kind="grant")
    assert first.after["role"] == "clerk"
    assert last.after is None  # it never covered a whole day


# ---- acting --------------------------------------------------------------------------------------
def test_an_acting_holder_holds_the_role_and_the_header_says_for_whom(cast, at):
    day = at.date()
    row = actions.appoint_acting(
        cast.grants["unit_secretary"],
        account=cast.accounts["colleague"],
        valid_from=day,
        valid_to=day + timedelta(days=7),
        by=cast.actor("district_operator"),
    )
    actor = make_actor(cast.accounts["colleague"], row)
    assert actor.has(Role.UNIT_SECRETARY)
    assert actor.grants[0].acting_for == "周国平"
    assert "代周国平" in actor.as_label
    assert grants_in_force(cast.accounts["unit_secretary"])  # the holder keeps it
    assert grants_in_force(cast.accounts["colleague"], on=day + timedelta(days=8)) == []


def test_acting_needs_an_end_within_a_year_and_somebody_else(cast, at):
    grant, by = cast.grants["unit_secretary"], cast.actor("district_operator")
    day = at.date()

    def appoint(who, end):
        actions.appoint_acting(
            grant, account=cast.accounts[who], valid_from=day, valid_to=end, by=by
        )

    for end in (None, day + timedelta(days=400)):
        with pytest.raises(rules.ActingNeedsEnd):
            appoint("colleague", end)
    with pytest.raises(rules.RunsBackward):
        appoint("colleague", day - timedelta(days=1))
    with pytest.raises(rules.ActingForOneself):
        appoint("unit_secretary", day)
    with pytest.raises(Forbidden):
        actions.appoint_acting(
            grant,
            account=cast.accounts["colleague"],
            valid_from=day,
            valid_to=day,
            by=cast.actor("unit_secretary"),
        )


def appoint_colleague(cast, at, *, grant="unit_secretary", last=date(2027, 11, 1)):
    """Let the colleague act in a grant of the cast from today on."""
    return actions.appoint_acting(
        cast.grants[grant],
        account=cast.accounts["colleague"],
        valid_from=at.date(),
        valid_to=last,
        by=system("test"),
        at=at,
    )


@pytest.mark.parametrize("how", ["ended", "handed over", "left", "merged"])
def test_who_acts_in_a_grant_loses_it_with_the_grant(cast, at, how):
    appoint_colleague(cast, at)
    assert actor_of_account(cast.accounts["colleague"]).has(Role.UNIT_SECRETARY)
    holder, by = cast.people["unit_secretary"], cast.actor("district_operator")
    if how == "ended":
        actions.end_grant(cast.grants["unit_secretary"], by=by, at=at)
    elif how == "handed over":
        signals.handed_over.send(None, person=holder, successor=cast.people["staff"], by=by, at=at)
    elif how == "left":
        signals.left.send(None, person=holder, by=by, at=at)
    else:
        signals.merged.send(None, person=holder, into=cast.people["staff"], by=by, at=at)
    assert not actor_of_account(cast.accounts["colleague"]).has(Role.UNIT_SECRETARY)
    heir = how in ("handed over", "merged")
    assert actor_of_account(cast.accounts["staff"]).has(Role.UNIT_SECRETARY) is heir


def test_ending_one_grant_leaves_those_who_act_in_another(cast, at):
    appoint_colleague(cast, at)
    actions.end_grant(cast.grants["clerk"], by=system("test"), at=at)
    assert actor_of_account(cast.accounts["colleague"]).has(Role.UNIT_SECRETARY)


def test_acting_keeps_within_the_days_of_its_grant(cast, at):
    grant = cast.grants["unit_secretary"]
    grant.valid_to = at.date() + timedelta(days=7)
    grant.save(update_fields=["valid_to"])
    with pytest.raises(rules.ActingBeyondGrant):
        appoint_colleague(cast, at, last=at.date() + timedelta(days=8))
    acting = appoint_colleague(cast, at, last=at.date() + timedelta(days=7))
    with pytest.raises(rules.ActingForActing):
        actions.appoint_acting(
            acting,
            account=cast.accounts["staff"],
            valid_from=at.date(),
            valid_to=at.date(),
            by=system("test"),
            at=at,
        )
    grant.valid_to = at.date() - timedelta(days=1)
    grant.save(update_fields=["valid_to"])
    with pytest.raises(rules.AlreadyOver):
        appoint_colleague(cast, at, last=at.date())


# ---- as what -------------------------------------------------------------------------------------
def test_without_a_choice_the_widest_role_acts(cast):
    staff = cast.accounts["staff"]
    for role, node in ((Role.SPEAKER, "unit"), (Role.UNIT_SECRETARY, "unit"), (Role.CLERK, "unit")):
        actions.grant_role(staff, role=role, body=cast.bodies[node], by=system("test"))
    assert actor_of_account(staff).has(Role.UNIT_SECRETARY)
    clerk = staff.grants.get(role=Role.CLERK)
    actions.act_as(staff.pk, chosen=clerk.public_id, by=cast.actor("staff"))
    actor = actor_of_account(Account.objects.get(pk=staff.pk))
    assert actor.has(Role.CLERK)
    assert not actor.has(Role.UNIT_SECRETARY)  # one acts as one thing


def test_nobody_chooses_for_another(cast):
    with pytest.raises(Forbidden):
        actions.act_as(cast.accounts["staff"].pk, chosen="-", by=cast.actor("colleague"))
    with pytest.raises(NotFound):
        actions.act_as(
            cast.accounts["staff"].pk,
            chosen=cast.grants["clerk"].public_id,
            by=cast.actor("staff"),
        )


# ---- the directory moves on --------------------------------------------------------------------
def test_a_hand_over_moves_what_its_hand_could_give(cast, at):
    """The secretary hands over the clerk's desk, the clerk's role with it, not the auditor's."""
    actions.grant_role(
        cast.accounts["clerk"], role=Role.AUDITOR, body=cast.bodies["unit"], by=system("test")
    )
    signals.handed_over.send(
        None,
        person=cast.people["clerk"],
        successor=cast.people["colleague"],
        by=cast.actor("unit_secretary"),
        at=at,
    )
    assert [row.role for row in grants_in_force(cast.accounts["colleague"])] == [Role.CLERK]
    assert [row.role for row in grants_in_force(cast.accounts["clerk"])] == [Role.AUDITOR]


def test_a_merge_closes_the_duplicate_and_moves_its_roles(cast, at):
    phone = cast.client("clerk")
    signals.merged.send(
        None,
        person=cast.people["clerk"],
        into=cast.people["colleague"],
        by=cast.actor("unit_secretary"),
        at=at,
    )
    assert not Account.objects.get(pk=cast.accounts["clerk"].pk).is_active
    assert [row.role for row in grants_in_force(cast.accounts["colleague"])] == [Role.CLERK]
    assert phone.get(reverse("access:me")).status_code == 302


def test_roles_end_with_whoever_leaves(cast, at):
    signals.left.send(None, person=cast.people["clerk"], by=cast.actor("unit_secretary"), at=at)
    assert grants_in_force(cast.accounts["clerk"]) == []


def test_roles_end_and_the_door_shuts_whoever_marks_that_somebody_left(cast, at):
    """The clerk could not end the secretary's role; that the secretary left, the clerk may say."""
    phone = cast.client("unit_secretary")
    with pytest.raises(Forbidden):
        actions.end_grant(cast.grants["unit_secretary"], by=cast.actor("clerk"), at=at)
    leave_person(cast.people["unit_secretary"], since=at.date(), by=cast.actor("clerk"), at=at)
    account = Account.objects.get(pk=cast.accounts["unit_secretary"].pk)
    assert grants_in_force(account) == []
    assert not account.is_active
    assert phone.get(reverse("access:me")).status_code == 302
    with pytest.raises(PersonGone):
        actions.reopen_account(account, by=cast.actor("clerk"), at=at)
    return_person(cast.people["unit_secretary"], since=at.date(), by=cast.actor("clerk"), at=at)
    actions.reopen_account(account, by=cast.actor("clerk"), at=at)
    assert Account.objects.get(pk=account.pk).is_active
    assert grants_in_force(account) == []  # back at work, without the office


def test_who_retires_keeps_the_account_and_no_role(cast, at):
    retire_person(cast.people["unit_secretary"], since=at.date(), by=cast.actor("clerk"), at=at)
    account = Account.objects.get(pk=cast.accounts["unit_secretary"].pk)
    assert account.is_active
    assert grants_in_force(account) == []


@pytest.mark.parametrize("way", [("unit_secretary", "colleague"), ("colleague", "unit_secretary")])
def test_who_could_not_close_both_accounts_merges_neither(cast, at, way):
    duplicate, into = (cast.people[who] for who in way)
    with pytest.raises(Forbidden):
        merge_people(duplicate, into=into, by=cast.actor("clerk"), at=at)
    assert Person.objects.get(pk=duplicate.pk).merged_into is None
    assert Account.objects.get(pk=duplicate.account.pk).is_active
    merge_people(duplicate, into=into, by=cast.actor("district_operator"), at=at)
    closed = Account.objects.get(pk=duplicate.account.pk)
    assert not closed.is_active
    assert actor_of_account(into.account).has(Role.UNIT_SECRETARY)


def test_the_account_of_a_merged_entry_stays_closed(cast, at):
    merge_people(cast.people["colleague"], into=cast.people["staff"], by=system("test"), at=at)
    account = Account.objects.get(pk=cast.accounts["colleague"].pk)
    with pytest.raises(PersonGone):
        actions.reopen_account(account, by=cast.actor("clerk"), at=at)
    page = cast.client("clerk").get(reverse("access:account", args=[account.public_id]))
    assert reverse("access:switch_account", args=[account.public_id]) not in page.content.decode()
    assert not Account.objects.get(pk=account.pk).is_active


def test_an_ended_role_keeps_nobody_from_a_new_slip(cast, at):
    staff, by = cast.accounts["staff"], cast.actor("unit_secretary")
    grant = Grant.objects.create(
        account=staff,
        role=Role.DISTRICT_OPERATOR,
        place=cast.places["haishu"],
        valid_from=date(2020, 1, 1),
        valid_to=at.date(),
    )
    with pytest.raises(Forbidden):
        actions.issue_slip(staff, by=by, at=at)
    grant.valid_to = at.date() - timedelta(days=1)
    grant.save(update_fields=["valid_to"])
    assert actions.issue_slip(staff, by=by, at=at).account_id == staff.pk


def test_moving_a_role_somebody_has_already_does_not_double_it(cast, at):
    taker = cast.accounts["colleague"]
    actions.grant_role(taker, role=Role.CLERK, body=cast.bodies["unit"], by=system("test"))
    move_grants(
        giver=cast.accounts["clerk"], taker=taker, by=system("test"), since=at.date(), at=at
    )
    assert Grant.objects.filter(account=taker).count() == 1


# ---- pages ---------------------------------------------------------------------------------------
def test_a_role_is_given_and_ended_on_the_pages(cast):
    client, staff = cast.client("unit_secretary"), cast.accounts["staff"]
    url = reverse("access:give", args=[staff.public_id])
    page = client.get(url).content.decode()
    assert "内勤" in page
    assert "单位书记</option>" not in page
    node = f"b-{cast.bodies['unit'].public_id}"
    form = {"role": "clerk", "node": node, "valid_from": f"{clock.today()}"}
    assert client.post(url, form).status_code == 302
    grant = staff.grants.get()
    wrong = {**form, "node": f"b-{cast.bodies['other_unit'].public_id}"}
    assert client.post(url, wrong).status_code == 422
    forged = {**form, "role": "city_operator"}
    assert client.post(url, forged).status_code == 422
    assert cast.client("staff").get(url).status_code == 403
    assert cast.client("other_secretary").get(url).status_code == 404
    end = reverse("access:end_grant", args=[grant.public_id])
    assert cast.client("staff").post(end).status_code == 403
    assert client.post(end).status_code == 302
    assert not staff.grants.exists()


def test_an_acting_holder_is_appointed_on_the_page(cast):
    client = cast.client("district_operator")
    url = reverse("access:act_for", args=[cast.grants["unit_secretary"].public_id])
    today = clock.today()
    form = {
        "person": cast.accounts["colleague"].public_id,
        "valid_from": f"{today}",
        "valid_to": f"{today + timedelta(days=3)}",
    }
    assert client.get(url).status_code == 200
    assert client.post(url, form).status_code == 302
    assert cast.accounts["colleague"].grants.get().acting_for == cast.accounts["unit_secretary"]
    assert cast.client("unit_secretary").get(url).status_code == 403
    assert cast.client("other_secretary").get(url).status_code == 404


def test_what_is_typed_finds_nodes_and_accounts_in_scope(cast):
    client = cast.client("unit_secretary")
    assert "基教科" in client.get(reverse("access:pick_node"), {"q": "基教"}).content.decode()
    found = client.get(reverse("access:pick_account"), {"q": "毛建军"}).content.decode()
    assert "毛建军" in found
    assert "戴向东" not in client.get(
        reverse("access:pick_account"), {"q": "戴向东"}
    ).content.decode().replace("没有找到", "")
    for name in ("access:pick_node", "access:pick_account"):
        assert cast.client("staff").get(reverse(name), {"q": "毛"}).status_code == 403


def test_grants_are_seen_in_scope_only(cast):
    seen = set(policy.visible_grants(cast.actor("unit_secretary")).values_list("role", flat=True))
    assert seen == {"unit_secretary", "branch_secretary", "clerk", "handler"}
    assert set(policy.visible_grants(cast.actor("staff"))) == set()
