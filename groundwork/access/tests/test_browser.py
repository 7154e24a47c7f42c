"""Passkeys, one-time codes and slips in a real Chromium with a virtual authenticator."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from groundwork.access import actions
from groundwork.access.models import Account
from groundwork.access.tests.make import sign_in
from tests.cast import PASSWORD, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def city(live_server, settings):
    """The cast behind a real server; passkeys need the name localhost, not an address."""
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.PUBLIC_URL = f"http://localhost:{urlsplit(live_server.url).port}"
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    cast = build()
    cast.url = settings.PUBLIC_URL
    return cast


@pytest.fixture
def phone(chromium, city):
    """A phone with a fingerprint reader that always says yes; faults of any page fail the test."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, locale="zh-CN", base_url=city.url
    )
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda line: faults.append(line.text) if "Content Security" in line.text else 0
    )
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    page.authenticator = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )["authenticatorId"]
    page.devtools = devtools
    yield page
    context.close()
    assert faults == []


def by_password(page, number):
    page.goto(reverse("account_login"))
    page.get_by_label("工号").fill(number)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def sign_out(page):
    page.goto(reverse("account_logout"))
    page.get_by_role("button", name="退出", exact=True).click()


def add_passkey(page):
    page.goto(reverse("mfa_add_webauthn"))
    if "reauthenticate" in page.url:
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="确认").click()
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("heading", name="恢复码")).to_be_visible()


def test_a_passkey_is_added_and_lets_in_without_number_or_password(city, phone):
    by_password(phone, "NB0012")
    add_passkey(phone)
    sign_out(phone)
    phone.goto(reverse("account_login"))
    phone.get_by_role("button", name="用通行密钥登录").click()
    phone.wait_for_url(lambda url: "login" not in url)
    phone.goto(reverse("access:me"))
    expect(phone.get_by_role("heading", name="单晓芸")).to_be_visible()


def test_a_passkey_of_another_authenticator_lets_nobody_in(city, phone):
    by_password(phone, "NB0012")
    add_passkey(phone)
    sign_out(phone)
    known = {"authenticatorId": phone.authenticator}
    [kept] = phone.devtools.send("WebAuthn.getCredentials", known)["credentials"]
    kept["privateKey"] = _another_key()  # the same name of a key, another key
    phone.devtools.send("WebAuthn.clearCredentials", known)
    phone.devtools.send("WebAuthn.addCredential", {**known, "credential": kept})
    phone.goto(reverse("account_login"))
    phone.get_by_role("button", name="用通行密钥登录").click()
    expect(phone.get_by_role("status")).to_contain_text("验证码不对")
    phone.goto(reverse("access:me"))
    assert "login" in phone.url


def _another_key():
    import base64

    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return base64.b64encode(made).decode()


def test_a_removed_passkey_lets_nobody_in(city, phone):
    by_password(phone, "NB0012")
    add_passkey(phone)
    phone.goto(reverse("mfa_list_webauthn"))
    phone.get_by_role("link", name="移除").click()
    phone.get_by_role("button", name="移除").click()
    expect(phone.get_by_text("还没有通行密钥")).to_be_visible()
    sign_out(phone)
    phone.goto(reverse("account_login"))
    phone.get_by_role("button", name="用通行密钥登录").click()
    expect(phone.get_by_role("status")).to_contain_text("验证码不对")


def test_one_time_codes_are_switched_on_and_asked_for(city, phone):
    by_password(phone, "NB0012")
    phone.goto(reverse("mfa_activate_totp"))
    phone.get_by_label("密码").fill(PASSWORD)
    phone.get_by_role("button", name="确认").click()
    phone.get_by_text("扫不了").click()
    secret = phone.locator("details .mono").inner_text()

    def code():
        return f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06d}"

    phone.get_by_label("输入验证器上的").fill(code())
    phone.get_by_role("button", name="启用").click()
    expect(phone.get_by_role("heading", name="恢复码")).to_be_visible()
    sign_out(phone)
    cache.clear()  # a code counts once, and this half minute's was just used
    by_password(phone, "NB0012")
    expect(phone.get_by_role("heading", name="还差一步")).to_be_visible()
    phone.get_by_label("动态口令或恢复码").fill(code())
    phone.get_by_role("button", name="登录", exact=True).click()
    phone.goto(reverse("access:me"))
    expect(phone.get_by_role("heading", name="单晓芸")).to_be_visible()


def test_the_code_on_a_printed_slip_lets_in_with_two_taps(city, phone, client):
    """Print as the secretary, scan as the staff: the address of the code, then the button."""
    actions.issue_slip(city.accounts["colleague"], by=city.actor("unit_secretary"))
    secretary = sign_in(client, city.accounts["unit_secretary"])
    url = reverse("access:issue_slip", args=[city.accounts["staff"].public_id])
    page = secretary.post(url, headers={"host": "localhost"}).content.decode()
    number = re.search(r"工号 <span class=\"mono\">(\w+)<", page).group(1)
    code = re.search(r"登录码 <span[^>]*>([0-9A-Z-]+)<", page).group(1)
    phone.goto(f"{reverse('access:slip')}#{number}/{code.replace('-', '')}")
    expect(phone.get_by_label("工号")).to_have_value("NB0012")
    assert "#" not in phone.url  # nothing left to be photographed or sent on
    phone.get_by_role("button", name="进去").click()
    phone.get_by_role("link", name="设密码").click()
    phone.get_by_label("新密码").fill("四明山-看云-2026")
    phone.get_by_label("再输一遍").fill("四明山-看云-2026")
    phone.get_by_role("button", name="设好").click()
    phone.goto(reverse("access:me"))
    expect(phone.get_by_role("heading", name="单晓芸")).to_be_visible()


@pytest.mark.parametrize(("width", "locale"), [(360, "zh-hans"), (1280, "en")])
def test_the_cards_of_the_demo_city_bar_nobody(chromium, city, settings, width, locale):
    """Every other page of this area is looked at with all pages: this one is the demo's alone."""
    settings.DEMO = True
    Account.objects.filter(person__isnull=False).update(demo=True)
    context = chromium.new_context(viewport={"width": width, "height": 760}, base_url=city.url)
    context.add_cookies([{"name": "django_language", "value": locale, "url": city.url}])
    page = context.new_page()
    page.goto(reverse("access:demo"))
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules})", WCAG)["violations"]
    wider = page.evaluate("document.documentElement.scrollWidth") > width
    context.close()
    assert [(v["id"], [n["html"][:90] for n in v["nodes"]]) for v in found] == []
    assert not wider
