"""Keep accounts: who may come in, slips on paper, roles, the trail."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.access import actions, policy
from groundwork.access.pages.forms import AccountFilter, ActingForm, GrantForm, TrailFilter
from groundwork.access.queries import accounts
from groundwork.access.queries import trail as trail_queries
from groundwork.base import clock
from groundwork.base.actor import Role
from groundwork.base.errors import Forbidden, GroundworkError
from groundwork.base.http import Request
from groundwork.registry.policy import body_for
from groundwork.web.errors import say
from groundwork.web.widgets import Choice


@require_GET
@login_required
def account_list(request: Request) -> HttpResponse:
    """List the accounts of the part of the tree that one keeps."""
    by = request.actor
    if not policy.keeps_accounts(by):
        raise Forbidden
    form = AccountFilter(request.GET)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    page = accounts.accounts_page(by, q, request.GET.get("after", ""))
    context = {"form": form, "q": q, "page": page, "units": accounts.units_kept(by)}
    return render(request, "access/accounts.html", context)


@require_GET
@login_required
def account(request: Request, public_id: str) -> HttpResponse:
    """Show one account: its slip, its roles."""
    by = request.actor
    found = policy.account_for(by, public_id, "view")
    context = {
        "account": found,
        "slip": accounts.last_slip(found),
        "grants": accounts.grants_of(found, by),
        "may_reset": found.pk != by.account_id and policy.may_reset(by, [found.pk]),
        "may_give": bool(policy.givable_roles(by)),
        "keeps": policy.keeps_accounts(by),
    }
    return render(request, "access/account.html", context)


@require_POST
@login_required
def switch_account(request: Request, public_id: str) -> HttpResponse:
    """Close an account, or open it again."""
    found = policy.account_for(request.actor, public_id, "close")
    if found.is_active:
        actions.close_account(found, by=request.actor)
        messages.success(request, _("账号已停用，所有设备马上退出。"))
    else:
        actions.reopen_account(found, by=request.actor)
        messages.success(request, _("账号已重新启用。"))
    return redirect("access:account", public_id)


@require_POST
@login_required
@never_cache
def issue_slip(request: Request, public_id: str) -> HttpResponse:
    """Print one account a new slip: the only time its code is seen."""
    found = policy.account_for(request.actor, public_id, "issue_slip")
    return _printed(request, [actions.issue_slip(found, by=request.actor)])


@require_POST
@login_required
@never_cache
def issue_slips(request: Request) -> HttpResponse:
    """Print the slips of a unit: the only time their codes are seen."""
    body = body_for(request.actor, request.POST.get("body", ""), "view")
    only_new = request.POST.get("who", "new") == "new"
    return _printed(request, actions.issue_slips([body], by=request.actor, only_new=only_new))


def _printed(request: Request, slips: list[actions.IssuedSlip]) -> HttpResponse:
    address = settings.PUBLIC_URL + reverse("access:slip")
    return render(request, "access/slips_print.html", {"slips": slips, "address": address})


@require_http_methods(["GET", "POST"])
@login_required
def give(request: Request, public_id: str) -> HttpResponse:
    """Give an account a role."""
    by = request.actor
    found = policy.account_for(by, public_id, "view")
    roles = policy.givable_roles(by)
    if not roles:
        raise Forbidden
    form = GrantForm(
        request.POST or None,
        roles=roles,
        find=lambda text: _choices(accounts.find_nodes(by, text)),
        initial={"valid_from": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        body, place = accounts.node(form.cleaned_data["node"])
        try:
            actions.grant_role(
                found,
                role=Role(form.cleaned_data["role"]),
                body=body,
                place=place,
                valid_from=form.cleaned_data["valid_from"],
                valid_to=form.cleaned_data["valid_to"],
                by=by,
            )
        except GroundworkError as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("身份已给，马上生效。"))
            return redirect("access:account", public_id)
    status = 422 if form.errors else 200
    return render(request, "access/give.html", {"form": form, "account": found}, status=status)


def _choices(nodes: list[accounts.Node]) -> list[Choice]:
    return [Choice(node.id, node.label, node.sub) for node in nodes]


@require_http_methods(["GET", "POST"])
@login_required
def act_for(request: Request, public_id: str) -> HttpResponse:
    """Let somebody act in the place of a grant's holder."""
    by = request.actor
    grant = policy.grant_for(by, public_id, "end")
    form = ActingForm(
        request.POST or None,
        find=lambda text: _choices(accounts.find_accounts(by, text)),
        initial={"valid_from": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        taker = policy.account_for(by, form.cleaned_data["person"], "view")
        try:
            actions.appoint_acting(
                grant,
                account=taker,
                valid_from=form.cleaned_data["valid_from"],
                valid_to=form.cleaned_data["valid_to"],
                by=by,
            )
        except GroundworkError as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("代理已安排。"))
            return redirect("access:account", taker.public_id)
    context = {"form": form, "grant": accounts.line_of(grant, by)}
    return render(request, "access/act_for.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def end_grant(request: Request, public_id: str) -> HttpResponse:
    """End a grant at once."""
    grant = policy.grant_for(request.actor, public_id, "end")
    actions.end_grant(grant, by=request.actor)
    messages.success(request, _("身份已结束，马上生效。"))
    return redirect("access:account", grant.account.public_id)


@require_GET
@login_required
def grant_list(request: Request) -> HttpResponse:
    """List who holds which role in one's part of the tree."""
    if not policy.sees_grants(request.actor):
        raise Forbidden
    rows, following = accounts.grants_page(request.actor, request.GET.get("after", ""))
    context = {
        "rows": rows,
        "following": following,
        "keeps": policy.keeps_accounts(request.actor),  # an auditor reads who holds what, no more
    }
    return render(request, "access/grants.html", context)


@require_GET
@login_required
def pick_node(request: Request) -> HttpResponse:
    """Answer what is typed with bodies and places."""
    if not policy.givable_roles(request.actor):
        raise Forbidden
    found = accounts.find_nodes(request.actor, request.GET.get("q", ""))
    return render(request, "web/parts/choices.html", {"choices": _choices(found)})


@require_GET
@login_required
def pick_account(request: Request) -> HttpResponse:
    """Answer what is typed with accounts of one's part of the tree."""
    if not policy.keeps_accounts(request.actor):
        raise Forbidden
    found = accounts.find_accounts(request.actor, request.GET.get("q", ""))
    return render(request, "web/parts/choices.html", {"choices": _choices(found)})


@require_GET
@login_required
def trail(request: Request) -> HttpResponse:
    """Show auditors who did what."""
    form = TrailFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows, following = trail_queries.trail_page(
        request.actor, **wanted, cursor=request.GET.get("after", "")
    )
    context = {"form": form, "rows": rows, "following": following}
    return render(request, "access/trail.html", context)
