"""Pages of alliances: the list, one alliance, its members and their links."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden
from groundwork.base.http import Request
from groundwork.campaigns.actions import alliances as acts
from groundwork.campaigns.pages.forms.alliances import (
    AllianceForm,
    LinkForm,
    MemberForm,
    ResumedForm,
)
from groundwork.campaigns.pages.views.forming import answer_form
from groundwork.campaigns.policy import alliances as policy
from groundwork.campaigns.queries import alliances as queries
from groundwork.web.sending import ask_first, form_page, tapped


@login_required
@require_GET
def alliances(request: Request) -> HttpResponse:
    """List the alliances one may see."""
    by = request.actor
    policy.require_reader(by)
    listing = queries.alliances(by, request.GET.get("after", ""))
    leaders = queries.leader_names(listing.rows)
    context = {
        "listing": listing,
        "rows": [(row, leaders[row.pk]) for row in listing.rows],
        "may_open": policy.may_open(by),
    }
    return render(request, "campaigns/alliances/list.html", context)


@login_required
@form_page
def alliance_new(request: Request) -> HttpResponse:
    """Open an alliance."""
    by = request.actor
    if not policy.may_open(by):
        raise Forbidden
    own = queries.own_leader(by)
    form = AllianceForm(
        request.POST or None, by=by, initial={"led_by": own.public_id if own else ""}
    )

    def act() -> str:
        made = acts.open_alliance(form.plan(), by=by)
        return _page(made.public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("建一个产业联盟"),
        done=_("联盟建好了，接着把供货方和客户加进来。"),
        back=reverse("campaigns:alliances"),
        verb=_("建联盟"),
    )


def _page(public_id: str) -> str:
    return reverse("campaigns:alliance", args=[public_id])


@login_required
@require_GET
def alliance(request: Request, public_id: str) -> HttpResponse:
    """Show an alliance: to its leaders all of it, to an enterprise its own side."""
    by = request.actor
    found = policy.alliance_for(by, public_id)
    page = queries.alliance_page(by, found, clock.now())
    leader = queries.leader_names([found])[found.pk]
    context = {"page": page, "alliance": found, "leader": leader}
    return render(request, "campaigns/alliances/page.html", context)


@login_required
@form_page
def alliance_close(request: Request, public_id: str) -> HttpResponse:
    """Ask, then close."""
    by = request.actor
    found = policy.alliance_for(by, public_id, "keep")
    if request.method == "POST":
        return tapped(
            request,
            lambda: acts.close_alliance(public_id, by=by),
            _("联盟已结束，记录都在。"),
            _page(public_id),
        )
    return ask_first(
        request,
        _("结束“%(name)s”？") % {"name": found.name},
        consequence=_("不能再写需求和对接；以前的记录都看得到。"),
        verb=_("结束联盟"),
        back=_page(public_id),
    )


@login_required
@form_page
def member_new(request: Request, public_id: str) -> HttpResponse:
    """Take an enterprise in."""
    by = request.actor
    policy.alliance_for(by, public_id, "keep")
    form = MemberForm(request.POST or None, by=by)

    def act() -> str:
        acts.add_member(public_id, **form.cleaned_data, by=by)
        return _page(public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("加一家企业"),
        done=_("加进来了，有账号的企业已收到通知。"),
        back=_page(public_id),
        verb=_("加进联盟"),
    )


@login_required
@form_page
def member_drop(request: Request, public_id: str) -> HttpResponse:
    """Ask, then let a member go."""
    by = request.actor
    found = policy.member_for(by, public_id, "keep")
    back = _page(found.alliance.public_id)
    if request.method == "POST":
        done = _("已移出联盟。")
        return tapped(request, lambda: acts.drop_member(public_id, by=by), done, back)
    return ask_first(
        request,
        _("把“%(name)s”移出联盟？") % {"name": found},
        consequence=_("它的供货关系一并去掉，办过的对接都留着。"),
        verb=_("移出"),
        back=back,
    )


@login_required
@form_page
def member_resumed(request: Request, public_id: str) -> HttpResponse:
    """Say whether a member works again, and why not."""
    by = request.actor
    found = policy.member_for(by, public_id, "speak")
    initial = {"resumed": found.resumed, "cause": found.cause, "why": found.why}
    form = ResumedForm(request.POST or None, initial=initial)
    back = _page(found.alliance.public_id)

    def act() -> str:
        said = form.cleaned_data
        acts.tell_resumed(public_id, said["resumed"], cause=said["cause"], why=said["why"], by=by)
        return back

    title = _("%(name)s：复工情况") % {"name": found}
    return answer_form(request, form, act, title=title, done=_("已记下。"), back=back)


@login_required
@form_page
def link_new(request: Request, public_id: str) -> HttpResponse:
    """Say who supplies whom."""
    by = request.actor
    found = policy.alliance_for(by, public_id, "keep")
    form = LinkForm(request.POST or None, members=queries.other_members(by, found))

    def act() -> str:
        said = form.cleaned_data
        acts.link_members(said["supplier"], said["customer"], said["what"], by=by)
        return _page(public_id)

    return answer_form(
        request, form, act, title=_("谁给谁供货"), done=_("已记下。"), back=_page(public_id)
    )


@login_required
@require_POST
def link_drop(request: Request, public_id: str, customer: str) -> HttpResponse:
    """Take a link back."""
    by = request.actor
    member = policy.member_for(by, public_id, "keep")
    return tapped(
        request,
        lambda: acts.unlink_members(public_id, customer, by=by),
        _("已去掉。"),
        _page(member.alliance.public_id),
    )


@login_required
@require_GET
def choices_leaders(request: Request) -> HttpResponse:
    """Answer a field that looks for a party organisation of one's own."""
    if not policy.may_open(request.actor):
        raise Forbidden
    return _choices(request, queries.find_leaders(request.actor, request.GET.get("q", "")[:60]))


@login_required
@require_GET
def choices_enterprises(request: Request) -> HttpResponse:
    """Answer a field that looks for an enterprise."""
    return _choices(request, queries.find_enterprises(request.actor, request.GET.get("q", "")[:60]))


def _choices(request: Request, found: Sequence[tuple[str, str, str]]) -> HttpResponse:
    rows = [{"id": one[0], "label": one[1], "sub": one[2]} for one in found]
    return render(request, "web/parts/choices.html", {"choices": rows})
