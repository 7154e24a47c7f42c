"""Single sign-on against a real OpenID Connect provider in a process of its own."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from django.urls import reverse

from groundwork.access import actions
from groundwork.access.models import Account
from groundwork.access.tests import provider as names

CITY = "http://testserver"


# What is tried is the provider's protocol; no engine would answer otherwise.
pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def provider():
    """Start the provider; yield its issuer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    back = f"{CITY}/accounts/sso/oidc/callback/"
    command = [sys.executable, str(Path(names.__file__)), str(port), back]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        issuer = process.stdout.readline().strip()  # printed when it listens
        assert issuer, "the provider did not start"
        yield issuer
        process.terminate()


@pytest.fixture
def city(settings, provider, cast):
    app = {
        "provider_id": "oidc",
        "name": "浙里统一认证",
        "client_id": names.CLIENT_ID,
        "secret": names.CLIENT_SECRET,
        "settings": {"server_url": provider},
    }  # as config.environment makes it of OIDC_…; tests/test_doors.py holds the two together
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
    }
    return cast


def through_the_provider(address, username):
    """Walk the provider's pages as a browser would; return the address it sends back to."""
    browser = requests.Session()
    page = browser.get(address)
    assert page.status_code == 200
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.text).group(1)
    form = {"username": username, "password": names.PASSWORD, "csrfmiddlewaretoken": token}
    answer = browser.post(page.url, form, allow_redirects=False)
    while not answer.headers["Location"].startswith(CITY):
        step = requests.compat.urljoin(answer.url, answer.headers["Location"])
        answer = browser.get(step, allow_redirects=False)
    return answer.headers["Location"]


def come_in(client, username):
    start = client.get(reverse("openid_connect_login", args=["oidc"]))
    assert start.status_code == 302
    back = urlsplit(through_the_provider(start.url, username))
    return client.get(f"{back.path}?{back.query}", follow=False)


def test_the_sign_in_page_offers_the_provider_only_when_it_is_set(cast, client, settings):
    assert "统一认证" not in client.get(reverse("account_login")).content.decode()
    assert client.get(reverse("openid_connect_login", args=["oidc"])).status_code == 404


def test_somebody_with_an_account_comes_in_through_the_provider(city, client):
    assert "浙里统一认证" in client.get(reverse("account_login")).content.decode()
    answer = come_in(client, "NB0012")
    assert answer.status_code == 302
    assert answer.url == "/"
    account = city.accounts["staff"]
    assert account.username == "NB0012"
    assert client.session["_auth_user_id"] == str(account.pk)
    client.logout()
    assert come_in(client, "NB0012").url == "/"  # the second time by the stored tie


def test_somebody_without_an_account_is_turned_back_and_none_is_made(city, client):
    before = Account.objects.count()
    answer = come_in(client, "NOBODY9")
    assert answer.url == reverse("account_login")
    assert "没有账号" in client.get(answer.url).content.decode()
    assert "_auth_user_id" not in client.session
    assert Account.objects.count() == before


def test_a_closed_account_does_not_open_through_the_provider(city, client):
    actions.close_account(city.accounts["staff"], by=city.actor("unit_secretary"))
    answer = come_in(client, "NB0012")
    assert answer.url == reverse("account_login")
    assert "_auth_user_id" not in client.session


def test_an_account_closed_after_the_first_visit_stays_out_too(city, client):
    come_in(client, "NB0012")
    client.logout()
    actions.close_account(city.accounts["staff"], by=city.actor("unit_secretary"))
    assert "_auth_user_id" not in client.session
    come_in(client, "NB0012")
    assert "_auth_user_id" not in client.session


def test_an_answer_to_a_question_this_browser_never_asked_is_refused(city, client):
    start = client.get(reverse("openid_connect_login", args=["oidc"]))
    back = urlsplit(through_the_provider(start.url, "NB0012"))
    stranger = city.client("resident")
    stranger.get(f"{back.path}?{back.query}")
    assert "_auth_user_id" not in stranger.session
