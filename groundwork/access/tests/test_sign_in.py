"""Password, lockout, one-time codes, sessions: who comes in, and who does not."""

from __future__ import annotations

import re
import time

import pytest
import time_machine
from allauth.account import app_settings
from allauth.core.internal.ratelimit import parse_rates
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.urls import reverse

from groundwork.access import actions
from groundwork.access.models import Account
from groundwork.base.models import TrailEntry
from tests.cast import PASSWORD


def enter(client, account, password=PASSWORD, **more):
    data = {"login": account.username, "password": password}
    return client.post(reverse("account_login"), {**data, **more.pop("data", {})}, **more)


def is_in(client):
    return "_auth_user_id" in client.session


def test_the_right_password_lets_in_and_a_wrong_one_does_not(cast, client):
    staff = cast.accounts["staff"]
    answer = enter(client, staff, "wrong")
    assert "工号或密码不对" in answer.content.decode()
    assert not is_in(client)
    assert enter(client, staff).status_code == 302
    assert is_in(client)
    assert TrailEntry.objects.filter(verb="sign_in", account_id=staff.pk).count() == 1


def test_a_work_number_is_understood_in_any_case(cast, client):
    data = {"login": cast.accounts["staff"].username.lower(), "password": PASSWORD}
    assert client.post(reverse("account_login"), data).status_code == 302


def test_the_answer_does_not_tell_whether_a_number_exists(cast, client):
    def said(name):
        page = client.post(reverse("account_login"), {"login": name, "password": "x"})
        return re.findall(r"role=\"alert\".*?</div>", page.content.decode(), re.S)

    assert said(cast.accounts["staff"].username) == said("NB8888") != []


def test_five_failures_lock_this_number_at_this_address_only(cast, client):
    staff, colleague = cast.accounts["staff"], cast.accounts["colleague"]
    for number in range(5):
        answer = enter(client, staff, "wrong")
        assert answer.status_code == (429 if number == 4 else 200)
    assert enter(client, staff).status_code == 429  # the right password, too late
    assert not is_in(client)
    assert enter(client, colleague).status_code == 302  # the next desk
    client.logout()
    assert enter(client, staff, REMOTE_ADDR="10.9.9.9").status_code == 302  # at home


def test_nobody_locks_another_out_from_elsewhere(cast, client):
    mayor = cast.accounts["city_operator"]
    for number in range(61):  # past every count of one number
        enter(client, mayor, "wrong", REMOTE_ADDR=f"10.0.{number}.9")
    assert enter(client, mayor, REMOTE_ADDR="192.168.5.5").status_code == 302
    assert is_in(client)


def test_an_office_address_is_wide_and_the_second_step_narrow():
    """A second code has six digits: whoever has the password meets a count by account."""
    rates = parse_rates(app_settings.RATE_LIMITS["login_failed"])
    hourly = {rate.per: rate.amount for rate in rates if rate.duration == 3600}
    assert hourly == {"ip": 3600, "key": 60}


def test_the_lock_opens_after_a_quarter_of_an_hour(cast, client):
    staff = cast.accounts["staff"]
    for _ in range(5):
        enter(client, staff, "wrong")
    with time_machine.travel(time.time() + 16 * 60, tick=True):
        assert enter(client, staff).status_code == 302


def test_a_closed_account_does_not_open_and_its_sessions_end_at_once(cast, client):
    enter(client, cast.accounts["staff"])
    assert client.get(reverse("access:me")).status_code == 200
    actions.close_account(cast.accounts["staff"], by=cast.actor("unit_secretary"))
    assert client.get(reverse("access:me")).status_code == 302
    enter(client, cast.accounts["staff"])
    assert client.get(reverse("access:me")).status_code == 302
    actions.reopen_account(
        Account.objects.get(pk=cast.accounts["staff"].pk), by=cast.actor("unit_secretary")
    )
    assert enter(client, cast.accounts["staff"]).status_code == 302


def test_an_account_without_a_password_opens_with_none(cast, client):
    account = cast.accounts["staff"]
    Account.objects.filter(pk=account.pk).update(password="!")
    for password in ("!", "", " "):
        enter(client, account, password)
        assert not is_in(client)


@pytest.mark.parametrize(("tick", "seconds"), [({"own_device": "on"}, 90 * 86_400), ({}, 43_200)])
def test_a_session_lasts_by_the_readers_choice(cast, client, tick, seconds):
    enter(client, cast.accounts["staff"], data=tick)
    assert client.session.get_expiry_age() == seconds


def test_a_phone_is_offered_the_long_session_and_a_desk_is_not(cast, client):
    ticked = 'id="own_device" checked'
    phone = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/79 Mobile Safari/537.36"
    assert ticked in client.get(reverse("account_login"), headers={"user-agent": phone}).text
    assert ticked not in client.get(reverse("account_login")).text


def test_a_changed_password_ends_the_other_sessions(cast, client):
    other = cast.client("staff")
    enter(client, cast.accounts["staff"])
    new = {"oldpassword": PASSWORD, "password1": "三江口-2026-潮", "password2": "三江口-2026-潮"}
    wrong = {**new, "oldpassword": "nein"}
    assert client.post(reverse("account_change_password"), wrong).status_code == 200
    assert client.post(reverse("account_change_password"), new).status_code == 302
    assert client.get(reverse("access:me")).status_code == 200
    assert other.get(reverse("access:me")).status_code == 302


@pytest.mark.parametrize("weak", ["1234567", "12345678901", "password", "NB0012nb"])
def test_a_weak_password_is_refused(cast, client, weak):
    enter(client, cast.accounts["staff"])
    new = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert client.post(reverse("account_change_password"), new).status_code == 200
    assert Account.objects.get(pk=cast.accounts["staff"].pk).check_password(PASSWORD)


# ---- one-time codes --------------------------------------------------------------------------
def code_of(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06d}"


@pytest.fixture
def secret(cast, client):
    """Switch one-time codes on for the staff, through the pages; leave signed out."""
    enter(client, cast.accounts["staff"])
    start = client.get(reverse("mfa_activate_totp"))
    assert start.url.startswith(reverse("account_reauthenticate"))
    client.post(start.url, {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    client.recovery = client.get(done.url).context["unused_codes"]
    client.logout()
    return secret


def test_with_codes_on_the_password_alone_lets_nobody_in(cast, client, secret):
    answer = enter(client, cast.accounts["staff"])
    assert answer.url == reverse("mfa_authenticate")
    assert client.get(reverse("access:me")).status_code == 302
    page = client.post(reverse("mfa_authenticate"), {"code": "123456"})
    assert "验证码不对" in page.content.decode()
    assert not is_in(client)


def test_password_and_code_let_in_and_a_code_works_once(cast, client, secret):
    cache.clear()  # the fixture used this half minute's code already
    enter(client, cast.accounts["staff"])
    code = code_of(secret)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert is_in(client)
    client.logout()
    enter(client, cast.accounts["staff"])
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert not is_in(client)


def test_a_recovery_code_lets_in_once(cast, client, secret):
    enter(client, cast.accounts["staff"])
    code = client.recovery[0]
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert is_in(client)
    client.logout()
    enter(client, cast.accounts["staff"])
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert not is_in(client)


def test_the_secret_is_not_readable_in_the_database(cast, client, secret):
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_the_session_choice_survives_the_second_step(cast, client, secret):
    cache.clear()
    enter(client, cast.accounts["staff"], data={"own_device": "on"})
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.session.get_expiry_age() == 90 * 86_400


# ---- the list of devices -----------------------------------------------------------------------
def test_other_devices_are_listed_and_signed_out(cast, client):
    phone = cast.client("resident")
    android = "Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0"
    enter(phone, cast.accounts["staff"], headers={"user-agent": android})
    enter(client, cast.accounts["staff"])
    assert "Android · 微信" in client.get(reverse("usersessions_list")).content.decode()
    assert client.post(reverse("usersessions_list")).status_code == 302
    assert phone.get(reverse("access:me")).status_code == 302
    assert client.get(reverse("access:me")).status_code == 200
