"""The settings of the doors as an office gives them: what holds, and what production refuses."""

from __future__ import annotations

import pytest

from config.environment import Faults, load
from config.settings.access import access_settings

PRODUCTION = {
    "GROUNDWORK_ENV": "production",
    "SECRET_KEY": "k3J9-Zx7Qw2Lp8Rt5Vn1Bm6Hd4Gf0Sy+Ca/Ue=Io",
    "PUBLIC_URL": "https://study.example.gov.cn",
}


@pytest.fixture
def made(tmp_path):
    """Give the settings made of an environment."""
    return lambda **more: load({"DATA_DIR": str(tmp_path), **more})


def test_passwords_are_hashed_with_argon2(made):
    hashers = access_settings(made())["PASSWORD_HASHERS"]
    assert hashers[0].endswith("Argon2PasswordHasher")


def test_production_refuses_demo_cards(made):
    assert made(DEMO="1").demo
    assert not made(**PRODUCTION).demo
    with pytest.raises(Faults, match="DEMO"):
        made(**PRODUCTION, DEMO="1")


def test_production_takes_passkeys_from_https_only(made):
    name = "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"
    assert access_settings(made())[name]
    assert not access_settings(made(**PRODUCTION))[name]


def test_single_sign_on_is_off_until_a_provider_is_named_and_then_complete(made):
    assert made().oidc_apps == []
    with pytest.raises(Faults, match="OIDC_CLIENT_ID"):
        made(OIDC_ISSUER="https://id.example")
    [app] = made(
        OIDC_ISSUER="https://id.example",
        OIDC_CLIENT_ID="groundwork",
        OIDC_CLIENT_SECRET="secret",
        OIDC_NAME="浙里统一认证",
    ).oidc_apps
    assert app == {
        "provider_id": "oidc",
        "name": "浙里统一认证",
        "client_id": "groundwork",
        "secret": "secret",
        "settings": {"server_url": "https://id.example"},
    }
    with pytest.raises(Faults, match="OIDC_ISSUER"):
        made(
            **PRODUCTION,
            OIDC_ISSUER="http://id.example",
            OIDC_CLIENT_ID="a",
            OIDC_CLIENT_SECRET="b",
        )


@pytest.mark.parametrize("address", ["ftp://x.example", "messenger", "https://"])
def test_a_messengers_address_is_checked_and_never_repeated(made, address):
    assert made(NOTICE_WEBHOOK="https://u:p@m.example/x").notice_webhook
    with pytest.raises(Faults) as caught:
        made(NOTICE_WEBHOOK=f"{address}#p4ss")
    assert "NOTICE_WEBHOOK" in str(caught.value)
    assert "p4ss" not in str(caught.value)
