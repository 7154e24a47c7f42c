"""How people come in: passwords, passkeys, lockout, sessions, single sign-on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from config.environment import Environment

_DOORS = "groundwork.access.adapters."
_PASSWORDS = "django.contrib.auth.password_validation."


def access_settings(env: Environment) -> dict[str, Any]:
    """Give Django, allauth and axes their settings."""
    return {
        "AUTH_USER_MODEL": "access.Account",
        "AUTHENTICATION_BACKENDS": ["axes.backends.AxesStandaloneBackend", f"{_DOORS}DoorBackend"],
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.Argon2PasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"{_PASSWORDS}MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
            {"NAME": f"{_PASSWORDS}CommonPasswordValidator"},
            {"NAME": f"{_PASSWORDS}NumericPasswordValidator"},
            {
                "NAME": f"{_PASSWORDS}UserAttributeSimilarityValidator",
                "OPTIONS": {"user_attributes": ("username", "email")},
            },
        ],
        "LOGIN_REDIRECT_URL": "/",
        "LOGIN_URL": "account_login",
        **_SESSIONS,
        **_ACCOUNT,
        **_LOCKOUT,
        **_mfa(env),
        **_single_sign_on(env),
    }


# The ceiling; access.rules.slips says how long a session lasts at a desk that others use too.
_SESSIONS = {
    "SESSION_COOKIE_NAME": "gw_session",
    "SESSION_COOKIE_AGE": 90 * 86_400,
    "CSRF_COOKIE_AGE": 90 * 86_400,
}

_ACCOUNT = {
    "ACCOUNT_ADAPTER": f"{_DOORS}AccountAdapter",
    "ACCOUNT_LOGIN_METHODS": {"username"},
    "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_SESSION_REMEMBER": True,
    "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
    "ACCOUNT_USER_DISPLAY": str,
    "ACCOUNT_RATE_LIMITS": {
        # Hundreds sit behind one office address: no limit counts an address alone, except a wide
        # one on failures, against trying one password on many numbers. The lock proper is axes'.
        # The key is a number at an address (AccountAdapter), or an account at the second step.
        "login": None,
        "login_failed": "3600/h/ip,60/h/key",
    },
}

# Five failures lock the pair of account and address for a quarter of an hour. The address alone
# would lock an office for one forgetful colleague; the account alone would let anybody outside
# lock the mayor out. It stands in the database: every process knows it.
_LOCKOUT = {
    "AXES_FAILURE_LIMIT": 5,
    "AXES_COOLOFF_TIME": timedelta(minutes=15),
    "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
    "AXES_RESET_ON_SUCCESS": True,
    "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,
    "AXES_NEVER_LOCKOUT_GET": True,
    "AXES_USERNAME_CALLABLE": f"{_DOORS}typed_name",
    "AXES_LOCKOUT_TEMPLATE": "access/locked.html",
    "AXES_ENABLE_ADMIN": False,
    "AXES_DISABLE_ACCESS_LOG": True,  # who came in when is in the trail
    "AXES_VERBOSE": False,
}


def _mfa(env: Environment) -> dict[str, Any]:
    return {
        "MFA_ADAPTER": f"{_DOORS}MfaAdapter",
        "MFA_SUPPORTED_TYPES": ["recovery_codes", "totp", "webauthn"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_TOTP_TOLERANCE": 1,  # phones' clocks differ
        # Browsers give passkeys to https and to http://localhost only; the latter for development.
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not env.https and not env.production,
        "MFA_RATE_LIMITS": {"webauthn_login": "600/m/ip"},  # nothing to guess, see allauth
    }


def _single_sign_on(env: Environment) -> dict[str, Any]:
    return {
        "SOCIALACCOUNT_ADAPTER": f"{_DOORS}SocialAdapter",
        "SOCIALACCOUNT_PROVIDERS": {
            "openid_connect": {"APPS": env.oidc_apps, "OAUTH_PKCE_ENABLED": True}
        },
        # A link, not a form: our own policy (form-action 'self') forbids a form that ends at the
        # provider. The provider's answer is still bound to this session by `state` and PKCE.
        "SOCIALACCOUNT_LOGIN_ON_GET": True,
        "SOCIALACCOUNT_AUTO_SIGNUP": False,
        "SOCIALACCOUNT_EMAIL_VERIFICATION": "none",
        "SOCIALACCOUNT_STORE_TOKENS": False,
    }
