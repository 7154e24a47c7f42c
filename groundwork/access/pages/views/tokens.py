"""Keys for programs: make one, see it once, revoke it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from groundwork.access import actions, queries
from groundwork.access.pages.forms import TokenForm
from groundwork.base.errors import RuleBroken
from groundwork.base.http import Request
from groundwork.web.errors import say


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def tokens(request: Request) -> HttpResponse:
    """List the own keys; a new one is shown this once."""
    form = TokenForm(request.POST or None)
    secret, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                secret = actions.issue_token(name=form.cleaned_data["name"], by=request.actor)
            except RuleBroken as error:
                form.add_error(None, say(error))
            else:
                form, status = TokenForm(), 200
    context = {"form": form, "secret": secret, "tokens": queries.own_tokens(request.actor)}
    return render(request, "access/tokens.html", context, status=status)


@require_POST
@login_required
def revoke(request: Request, public_id: str) -> HttpResponse:
    """End a key at once."""
    token = actions.revoke_token(public_id, by=request.actor)
    messages.success(request, _("“%(name)s”的密钥已撤销。") % {"name": token.name})
    return redirect("access:tokens")
