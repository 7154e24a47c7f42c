"""The ways in: password or passkey, a one-time slip, the demo city's cards."""

from __future__ import annotations

from allauth.account import views as library
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.access import actions
from groundwork.access.models import Account
from groundwork.access.pages.forms import SlipForm
from groundwork.access.queries import accounts
from groundwork.access.rules.slips import SlipWrong, is_phone, session_life
from groundwork.base.errors import NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.web.errors import say


def _is_phone(request: HttpRequest) -> bool:
    return is_phone(request.headers.get("User-Agent", ""))


def _let_session_last(request: HttpRequest) -> None:
    life = session_life(own_device=request.POST.get("own_device") == "on")
    request.session.set_expiry(int(life.total_seconds()))


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Come in by work number and password; the library's page, with our say on how long."""
    more = {"own_device": _is_phone(request), "demo": settings.DEMO}
    response: HttpResponse = library.LoginView.as_view(extra_context=more)(request)
    if request.method == "POST" and 300 <= response.status_code < 400:
        _let_session_last(request)
    return response


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("code")
def slip(request: Request) -> HttpResponse:
    """Come in by a one-time slip; then set a password or a passkey."""
    form = SlipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number, code = form.cleaned_data["number"], form.cleaned_data["code"]
        credentials = {"username": number}
        if not AxesProxyHandler.is_allowed(request, credentials):
            locked: HttpResponse = get_lockout_response(request, credentials=credentials)
            return locked
        try:
            account = actions.use_slip(number, code)
        except RuleBroken as error:
            if isinstance(error, SlipWrong):
                user_login_failed.send(__name__, credentials=credentials, request=request)
            form.add_error(None, say(error))
        else:
            return _enter(request, account, "slip", reverse("access:keys"))
    own = request.POST.get("own_device") == "on" if request.POST else _is_phone(request)
    status = 422 if form.errors else 200
    return render(request, "access/slip.html", {"form": form, "own_device": own}, status=status)


def _enter(request: HttpRequest, account: Account, method: str, onward: str) -> HttpResponse:
    record_authentication(request, account, method=method, reauthenticated=True)
    response: HttpResponse = perform_login(request, Login(user=account, redirect_url=onward))
    _let_session_last(request)
    return response


@require_GET
@login_required
def keys(request: Request) -> HttpResponse:
    """Offer a password and a passkey to whoever came in by a slip."""
    return render(request, "access/keys.html")


@require_GET
@never_cache
def demo(request: Request) -> HttpResponse:
    """Show the demo city's cast; exists nowhere else."""
    if not settings.DEMO:
        raise NotFound
    return render(request, "access/demo.html", {"cards": accounts.demo_cards()})


@require_POST
def demo_enter(request: Request, public_id: str) -> HttpResponse:
    """Come in as one of the demo city's cast, with one tap."""
    account = actions.sign_in_demo(public_id, by=request.actor)
    if request.user.is_authenticated:
        request.session.flush()
    return _enter(request, account, "demo", reverse("desk:home"))
