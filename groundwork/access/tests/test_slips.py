"""One-time slips: issued by the thousand, used once, worthless to everybody else."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.urls import reverse

from groundwork.access import actions
from groundwork.access.models import Account, Slip
from groundwork.access.queries import make_actor
from groundwork.access.rules import slips as rules
from groundwork.base import clock, trail
from groundwork.base.actor import Role, system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import TrailEntry
from groundwork.registry.models import Person


@pytest.fixture
def slip(cast):
    return actions.issue_slip(cast.accounts["staff"], by=cast.actor("unit_secretary"))


def enter(client, number, code, **more):
    return client.post(reverse("access:slip"), {"number": number, "code": code, **more})


# ---- rules ---------------------------------------------------------------------------------
def test_a_code_is_read_however_it_is_typed():
    assert rules.read_code("7k3f-9qwd-xm") == "7K3F9QWDXM"
    assert rules.read_code(" 7K3F 9QWD XM ") == "7K3F9QWDXM"
    assert rules.read_code("OIl0-0000-00") == "0110000000"
    assert rules.group_code("7K3F9QWDXM") == "7K3F-9QWD-XM"
    for wrong in ("", "7K3F-9QWD", "7K3F-9QWD-XMM", "七K3F-9QWD-XM", "7K3F9QWDX'"):
        assert rules.read_code(wrong) == ""


def test_a_code_has_fifty_bits():
    assert len(rules.SIGNS) ** rules.LENGTH >= 2**50
    assert len({actions.slips.draw_code() for _ in range(500)}) == 500


# ---- issue ---------------------------------------------------------------------------------
def test_only_the_digest_of_a_code_is_kept(cast, slip):
    kept = Slip.objects.get()
    assert slip.code not in repr(slip)
    assert kept.digest == actions.slips.digest_of(slip.code)
    assert slip.code not in str(vars(kept))
    assert kept.expires_at - kept.issued_at == timedelta(days=30)


def test_accounts_are_opened_in_the_act_that_issues_slips(cast):
    unit = cast.bodies["unit"]
    fresh = Person.objects.create(
        name="范小满", sort_key="fan4 xiao3 man3", initials="fxm", work_number="NB0999", unit=unit
    )
    issued = actions.issue_slips([unit], by=cast.actor("district_operator"))
    assert "NB0999" in {one.number for one in issued}
    account = Account.objects.get(person=fresh)
    assert not account.has_usable_password()
    # The secretary's own slip is among them: the district may give that role. Everybody once.
    assert len(issued) == len({one.number for one in issued}) == 6


def test_nobody_prints_a_way_into_a_role_they_could_not_give(cast):
    """A unit secretary keeps the accounts of the unit, but not the city operator's among them."""
    bureau = cast.bodies["bureau"]
    who = actions.grant_role(
        cast.accounts["handler"], role=Role.UNIT_SECRETARY, body=bureau, by=system("test")
    )
    secretary = make_actor(cast.accounts["handler"], who)
    numbers = {one.number for one in actions.issue_slips([bureau], by=secretary)}
    assert cast.accounts["city_operator"].username not in numbers
    assert cast.accounts["auditor"].username not in numbers
    assert cast.accounts["handler"].username not in numbers  # nor one for oneself
    for barred in ("city_operator", "auditor", "handler"):
        with pytest.raises(Forbidden):
            actions.issue_slip(cast.accounts[barred], by=secretary)


def test_slips_are_issued_in_scope_only(cast):
    for who in ("staff", "branch_secretary", "handler", "auditor", "community_secretary"):
        with pytest.raises((Forbidden, NotFound)):
            actions.issue_slips([cast.bodies["unit"]], by=cast.actor(who))
    with pytest.raises(Forbidden):
        actions.issue_slips([cast.bodies["unit"]], by=cast.actor("other_secretary"))
    with pytest.raises(NotFound):
        actions.issue_slip(cast.accounts["staff"], by=cast.actor("other_secretary"))
    assert not Slip.objects.exists()


def test_a_new_slip_revokes_the_last(cast, slip, client):
    second = actions.issue_slip(cast.accounts["staff"], by=cast.actor("clerk"))
    assert Slip.objects.filter(revoked_at=None).count() == 1
    page = enter(client, slip.number, slip.code)
    assert "作废" in page.content.decode()
    assert enter(client, second.number, second.code).status_code == 302


def test_only_new_leaves_out_who_has_come_in_before(cast):
    Account.objects.filter(pk=cast.accounts["staff"].pk).update(last_login=clock.now())
    unit, by = [cast.bodies["unit"]], cast.actor("unit_secretary")
    numbers = {one.number for one in actions.issue_slips(unit, by=by, only_new=True)}
    assert cast.accounts["staff"].username not in numbers
    assert cast.accounts["colleague"].username in numbers


def test_issuing_a_thousand_slips_costs_no_statement_a_person(cast, django_assert_max_num_queries):
    unit = cast.bodies["unit"]
    Person.objects.bulk_create(
        Person(
            name=f"人{i}",
            sort_key=f"ren2 {i:04d}",
            initials="r",
            work_number=f"M{i:05d}",
            unit=unit,
        )
        for i in range(1000)
    )
    with django_assert_max_num_queries(60):
        issued = actions.issue_slips([unit], by=cast.actor("unit_secretary"))
    assert len(issued) >= 1000
    assert Slip.objects.count() == len(issued)


def test_issuing_leaves_a_trace_without_names_or_codes(cast, slip):
    row = TrailEntry.objects.get(verb="issue_slip")
    assert row.object_id == cast.accounts["staff"].public_id
    assert slip.code not in str(vars(row))


# ---- the printed page ------------------------------------------------------------------------
def test_the_printed_sheet_shows_codes_once_and_only_to_the_keeper(cast, client):
    data = {"body": cast.bodies["unit"].public_id, "who": "all"}
    url = reverse("access:issue_slips")
    answer = cast.client("unit_secretary").post(url, data)
    page = answer.content.decode()
    assert "单晓芸" in page
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}", page)
    assert "<svg" in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert cast.client("staff").post(url, data).status_code == 403
    assert cast.client("other_secretary").post(url, data).status_code == 403
    assert client.post(url, data).status_code == 302
    assert cast.client("unit_secretary").get(url).status_code == 405


# ---- use -----------------------------------------------------------------------------------
def test_a_slip_lets_in_and_leads_to_a_password(cast, slip, client):
    answer = enter(client, slip.number.lower(), rules.group_code(slip.code))
    assert answer.status_code == 302
    assert answer.url == reverse("access:keys")
    assert "单晓芸" in client.get(answer.url).content.decode()
    new = {"password1": "甬江潮水-2026", "password2": "甬江潮水-2026"}
    assert client.post(reverse("account_set_password"), new).status_code == 302
    assert Account.objects.get(username=slip.number).check_password("甬江潮水-2026")


def test_a_used_slip_says_so_and_lets_nobody_in(cast, slip, client):
    enter(client, slip.number, slip.code)
    client.post(reverse("account_logout"))
    answer = enter(client, slip.number, slip.code)
    assert answer.status_code == 422
    assert "用过了" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_old_slip_says_so_and_lets_nobody_in(cast, slip, client):
    with clock.at(clock.now() + timedelta(days=30, seconds=1)):
        answer = enter(client, slip.number, slip.code)
    assert "有效期" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    with clock.at(clock.now() + timedelta(days=29)):
        assert enter(client, slip.number, slip.code).status_code == 302


def test_somebody_elses_number_with_a_genuine_code_is_wrong(cast, slip, client):
    answer = enter(client, cast.accounts["colleague"].username, slip.code)
    assert "对不上" in answer.content.decode()
    assert Slip.objects.get().used_at is None


def test_a_closed_account_does_not_open_by_slip(cast, slip, client):
    actions.close_account(cast.accounts["staff"], by=cast.actor("unit_secretary"))
    assert enter(client, slip.number, slip.code).status_code == 422
    assert "_auth_user_id" not in client.session


def test_guessing_locks_this_number_here_and_nobody_else(cast, slip, client):
    for _ in range(5):
        enter(client, slip.number, "0000-0000-00")
    answer = enter(client, slip.number, slip.code)
    assert answer.status_code == 429
    assert "15 分钟" in answer.content.decode()
    assert Slip.objects.get().used_at is None
    other = actions.issue_slip(cast.accounts["colleague"], by=cast.actor("unit_secretary"))
    assert enter(client, other.number, other.code).status_code == 302  # a colleague, same office
    elsewhere = client.post(
        reverse("access:slip"),
        {"number": slip.number, "code": slip.code},
        REMOTE_ADDR="10.1.2.3",
    )
    assert elsewhere.status_code == 302  # the owner, on another network
    assert AccessAttempt.objects.filter(failures_since_start__gte=5).count() == 1


def test_a_slip_ends_every_older_way_in(cast, slip, client):
    """Password, passkey, codes and open sessions: the owner no longer knows who holds them."""
    from allauth.mfa.models import Authenticator

    phone = cast.client("staff")
    Authenticator.objects.create(user=cast.accounts["staff"], type="totp", data={"secret": "x"})
    assert phone.get(reverse("access:me")).status_code == 200
    assert enter(client, slip.number, slip.code).status_code == 302
    assert phone.get(reverse("access:me")).status_code == 302
    assert not Authenticator.objects.exists()
    assert not Account.objects.get(username=slip.number).has_usable_password()


def test_the_session_lasts_on_the_own_phone_and_ends_with_the_day_at_a_desk(cast, slip, client):
    enter(client, slip.number, slip.code, own_device="on")
    assert client.session.get_expiry_age() == 90 * 86_400
    client.logout()
    again = actions.issue_slip(cast.accounts["staff"], by=cast.actor("unit_secretary"))
    enter(client, again.number, again.code)
    assert client.session.get_expiry_age() == 12 * 3600


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_at_once_one_wins(transactional_db):
    from tests.cast import build

    cast = build()
    slip = actions.issue_slip(cast.accounts["staff"], by=system("test"))
    start, outcomes = threading.Barrier(4), []

    def use():
        try:
            start.wait()
            actions.use_slip(slip.number, slip.code)
            outcomes.append("in")
        except rules.SlipUsed:
            outcomes.append("used")
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "used", "used", "used"]
    assert TrailEntry.objects.filter(verb="use_slip").count() == 1
    assert list(trail.verify()) == []
