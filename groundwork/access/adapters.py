"""What the sign-in libraries ask of this house: how accounts are found, what is said, how long."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundwork.access.models import Account
from groundwork.access.rules.slips import is_phone, session_life
from groundwork.base.rows import sole
from groundwork.base.text import tight

# What allauth would say in its own words, by the name of its message template.
_SAID: dict[str, str | Promise] = {
    "account/messages/password_changed.txt": gettext_lazy("密码已修改。"),
    "account/messages/password_set.txt": gettext_lazy("密码已设好。下次用工号和密码登录。"),
    "mfa/messages/totp_activated.txt": gettext_lazy("动态口令已启用。"),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("动态口令已停用。"),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy("新的恢复码已生成，旧的作废。"),
    "mfa/messages/webauthn_added.txt": gettext_lazy("通行密钥已添加。"),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("通行密钥已移除。"),
    "usersessions/messages/sessions_logged_out.txt": gettext_lazy("其他设备都已退出登录。"),
}


class DoorBackend(AuthenticationBackend):
    """Check a work number and password; load an account with all that the actor needs."""

    def get_user(self, user_id: int) -> Account | None:
        """Load the session's account in one statement; None when it may not come in."""
        accounts = Account.objects.select_related("person__unit", "person__home_community")
        account = sole(accounts.filter(pk=user_id))
        return account if account is not None and account.is_active else None


def typed_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Fold the name typed at the door, so that ` nb0001` and `NB0001` are locked together."""
    name = (credentials or {}).get("username") or request.POST.get("login", "")
    return tight(str(name)).upper()[:60]


class AccountAdapter(DefaultAccountAdapter):
    """Let in only accounts that the office opened, and speak in this house's words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("这个账号已停用。"),
        "username_password_mismatch": gettext_lazy("工号或密码不对。"),
        "incorrect_password": gettext_lazy("密码不对。"),
        "enter_current_password": gettext_lazy("请输入现在的密码。"),
        "too_many_login_attempts": gettext_lazy("试错次数太多，请过一会儿再试。"),
        "incorrect_code": gettext_lazy("验证码不对。"),
        "rate_limited": gettext_lazy("试得太快了，请稍等再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: accounts come with the first slip."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by number and address: by number alone, anybody locks the mayor out."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}@{self.get_client_ip(request)}"

    def login(self, request: HttpRequest, user: Account) -> None:
        """Sign in; where nobody was asked (passkey, single sign-on) the browser's kind decides."""
        super().login(request, user)
        if "_session_expiry" not in request.session:
            own = is_phone(request.headers.get("User-Agent", ""))
            request.session.set_expiry(int(session_life(own_device=own).total_seconds()))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say in the house's words what allauth reports; coming and going need no word."""
        text = message or _SAID.get(message_template or "")
        if text:
            quiet = level if level > messages.INFO else messages.SUCCESS
            messages.add_message(request, quiet, str(text), extra_tags=extra_tags)


class MfaAdapter(DefaultMFAAdapter):
    """Name keys in the reader's language and keep secrets encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": gettext_lazy(
            "先启用动态口令或通行密钥，才能生成恢复码。"
        ),
        "incorrect_code": gettext_lazy("验证码不对，请看手机上最新的一组。"),
    }

    def get_totp_issuer(self) -> str:
        """Name the city in the authenticator app."""
        return f"{_('地气')} {settings.CITY_NAME}"

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def _get_user_identifier(self, user: Account) -> str:
        return user.username

    def generate_authenticator_name(self, user: Account, type: str) -> str:
        """Number keys: 通行密钥 1, 通行密钥 2 …"""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("通行密钥 %(number)s") % {"number": count + 1}

    def encrypt(self, text: str) -> str:
        """Encrypt a TOTP secret or the seed of recovery codes."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt with today's key or one of SECRET_KEY_FALLBACKS."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (
        hashlib.sha256(("groundwork.access.mfa:" + str(key)).encode()).digest() for key in keys
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SocialAdapter(DefaultSocialAccountAdapter):
    """Match single sign-on to accounts that exist; it never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody signs up through the provider either."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Connect the provider's person to the account with the same work number."""
        if sociallogin.is_existing:
            return
        account = self._account_of(sociallogin)
        if account is None:
            raise ImmediateHttpResponse(
                _back(request, _("统一认证里的这个人在这里没有账号，请找本单位书记领登录条。"))
            )
        sociallogin.connect(request, account)

    def _account_of(self, sociallogin: SocialLogin) -> Account | None:
        data = sociallogin.account.extra_data
        claims = {**(data.get("id_token") or {}), **(data.get("userinfo") or {})} or data
        number = str(claims.get("work_number") or claims.get("preferred_username") or "").strip()
        if not number:
            return None
        return Account.objects.filter(username__iexact=number, is_active=True).first()

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Lead back to the sign-in page with a sentence instead of an error page."""
        raise ImmediateHttpResponse(
            _back(request, _("统一认证没有成功，请再试一次，或用工号和密码登录。"))
        )


def _back(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("account_login")
