"""A real OpenID Connect provider (django-oauth-toolkit) as a process of its own on loopback.

    python provider.py PORT REDIRECT_URI

It knows two people by password; the name it vouches for is `preferred_username`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

CLIENT_ID, CLIENT_SECRET, PASSWORD = "groundwork", "a-secret-between-two-servers", "provider-pass"
PAGE = "<form method=post>{% csrf_token %}{{ form }}<button>in</button></form>"


def configure(port: int, folder: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    settings.configure(
        SECRET_KEY="provider",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        SESSION_COOKIE_NAME="provider_session",
        CSRF_COOKIE_NAME="provider_csrf",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "p.sqlite3"}
        },
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.locmem.Loader",
                            {"registration/login.html": PAGE},
                        )
                    ],
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
        LOGIN_URL="/login/",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": pem,
            "OIDC_ISS_ENDPOINT": f"http://127.0.0.1:{port}/o",
            "PKCE_REQUIRED": True,
            "SCOPES": {"openid": "-", "profile": "-", "email": "-"},
            "OAUTH2_VALIDATOR_CLASS": f"{__name__}.validator",
        },
    )


def validator(*args, **kwargs):
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Validator(OAuth2Validator):
        oidc_claim_scope = None

        def get_additional_claims(self, request):
            return {"preferred_username": request.user.username}

    return Validator(*args, **kwargs)


def serve(port: int, redirect_uri: str) -> None:
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import User
    from oauth2_provider.models import Application

    for name in ("NB0012", "NOBODY9"):
        User.objects.create_user(name, password=PASSWORD)
    Application.objects.create(
        name="city",
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=redirect_uri,
        skip_authorization=True,
        algorithm="RS256",
    )

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args):
            return

    with make_server("127.0.0.1", port, WSGIHandler(), handler_class=Quiet) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_port}/o\n")
        sys.stdout.flush()
        server.serve_forever()


def urls():
    from django.contrib.auth.views import LoginView
    from django.urls import include, path

    return [path("login/", LoginView.as_view()), path("o/", include("oauth2_provider.urls"))]


if __name__ == "__main__":
    sys.modules["provider"] = sys.modules[__name__]
    __name__ = "provider"  # the name under which settings find this module
    with tempfile.TemporaryDirectory() as directory:
        configure(int(sys.argv[1]), Path(directory))
        django.setup()
        urlpatterns = urls()
        serve(int(sys.argv[1]), sys.argv[2])
