"""Pages of needs, offers and pairs: writing one down, answering for a side, passing on."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.errors import NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.campaigns.actions import supplies as acts
from groundwork.campaigns.pages.forms.alliances import DeclineForm, EntryForm, PassOnForm
from groundwork.campaigns.pages.reasons import reasons
from groundwork.campaigns.pages.views.forming import answer_form
from groundwork.campaigns.policy import alliances as policy
from groundwork.campaigns.queries import supplies as queries
from groundwork.campaigns.rules.alliance import ACCEPTS, Side
from groundwork.web.errors import say
from groundwork.web.sending import ask_first, form_page, tapped


def _alliance(public_id: str) -> str:
    return reverse("campaigns:alliance", args=[public_id])


@login_required
@form_page
def entry_new(request: Request, public_id: str) -> HttpResponse:
    """Write down what a member needs or offers."""
    by = request.actor
    member = policy.member_for(by, public_id, "speak")
    initial = {
        "side": request.GET.get("side", "need"),
        "kind": request.GET.get("kind", ""),
        "first_day": clock.today(),
    }
    form = EntryForm(request.POST or None, by=by, initial=initial)
    back = _alliance(member.alliance.public_id)

    def act() -> str:
        key = request.POST.get("client_key", "")
        acts.write_entry(public_id, form.plan(), client_key=key, by=by)
        return back

    return answer_form(
        request,
        form,
        act,
        title=_("%(name)s：需要什么，能提供什么") % {"name": member},
        done=_("已记下，有合适的会告诉两边。"),
        back=back,
        lead=_("只写要什么、多少、什么时候。价钱由双方自己谈，这里不写。"),
    )


@login_required
@form_page
def entry_withdraw(request: Request, public_id: str) -> HttpResponse:
    """Ask, then take a need or offer back."""
    by = request.actor
    found = policy.entry_for(by, public_id, "withdraw")
    back = _alliance(found.alliance.public_id)
    if request.method == "POST":
        done = _("已撤回，正在对接的两边都告诉了。")
        return tapped(request, lambda: acts.withdraw_entry(public_id, by=by), done, back)
    return ask_first(
        request,
        _("撤回“%(what)s”？") % {"what": found.what},
        consequence=_("正在对接的失效，已谈妥的不受影响。"),
        verb=_("撤回"),
        back=back,
    )


@login_required
@form_page
def entry_pass(request: Request, public_id: str) -> HttpResponse:
    """Make a matter for a unit of a need that nobody meets."""
    by = request.actor
    found = policy.entry_for(by, public_id, "pass_on")
    words = _("%(member)s需要“%(what)s”，%(n)s %(unit)s，联盟里没有找到。") % {
        "member": found.member,
        "what": found.what,
        "n": found.amount,
        "unit": found.get_unit_display(),
    }
    form = PassOnForm(request.POST or None, initial={"words": words})
    back = _alliance(found.alliance.public_id)

    def act() -> str:
        said = form.cleaned_data
        acts.pass_on(public_id, said["category"], said["words"], by=by)
        return back

    return answer_form(
        request,
        form,
        act,
        title=_("转给单位办理"),
        done=_("进了台账，企业自己也看得到进展。"),
        back=back,
        verb=_("进台账"),
    )


@login_required
@require_POST
def propose(request: Request, public_id: str) -> HttpResponse:
    """Propose the best pairs of an alliance."""
    by = request.actor
    policy.alliance_for(by, public_id, "keep")
    try:
        made = acts.propose_pairs(public_id, by=by)
    except RuleBroken as error:
        messages.error(request, say(error))
        return redirect(_alliance(public_id))
    n = len(made)
    if n:
        said = ngettext("找到 %(n)s 对，两边都告诉了。", "找到 %(n)s 对，两边都告诉了。", n)
        messages.success(request, said % {"n": n})
    else:
        messages.info(request, _("现在没有新的可以对接。"))
    return redirect(_alliance(public_id))


@login_required
@require_GET
def pair(request: Request, public_id: str) -> HttpResponse:
    """Show a pair with its reasons."""
    by = request.actor
    page = queries.pair_page(by, policy.pair_for(by, public_id))
    context = {
        "page": page,
        "pair": page.pair,
        "alliance": page.pair.need.alliance,
        "reasons": reasons(page.pair),
    }
    return render(request, "campaigns/alliances/pair.html", context)


def _side(name: str) -> Side:
    if name not in ACCEPTS:
        raise NotFound
    return cast(Side, name)


@login_required
@require_POST
def pair_accept(request: Request, public_id: str, side: str) -> HttpResponse:
    """Say yes for one side."""
    by = request.actor
    return tapped(
        request,
        lambda: acts.accept_pair(public_id, _side(side), by=by),
        _("已同意。两边都同意就算谈妥。"),
        reverse("campaigns:pair", args=[public_id]),
    )


@login_required
@form_page
def pair_decline(request: Request, public_id: str, side: str) -> HttpResponse:
    """Say no for one side, with the reason."""
    by = request.actor
    found = policy.pair_for(by, public_id)
    policy.require_side(by, found, _side(side))
    form = DeclineForm(request.POST or None)
    back = reverse("campaigns:pair", args=[public_id])

    def act() -> str:
        acts.decline_pair(public_id, _side(side), form.cleaned_data["reason"], by=by)
        return back

    return answer_form(
        request,
        form,
        act,
        title=_("这次不合适"),
        done=_("已告诉对方，还会再找。"),
        back=back,
        verb=_("不合适"),
    )
