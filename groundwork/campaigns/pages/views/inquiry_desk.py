"""The editor's pages: seasons, evenings, the hour, checks to come."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.campaigns.actions import inquiry as acts
from groundwork.campaigns.actions import inquiry_jury as jury_acts
from groundwork.campaigns.pages.forms.inquiry import (
    EpisodeForm,
    HourForm,
    LinkForm,
    OffForm,
    SeasonForm,
)
from groundwork.campaigns.pages.views.forming import answer_form
from groundwork.campaigns.policy import inquiry as policy
from groundwork.campaigns.queries import inquiry_desk as queries
from groundwork.web.sending import form_page, tapped


def evening(public_id: str) -> str:
    """Give the address of an evening."""
    return reverse("campaigns:inquiry_episode", args=[public_id])


@login_required
@form_page
def season_new(request: Request) -> HttpResponse:
    """Begin a season."""
    by = request.actor
    policy.require_editor(by)
    form = SeasonForm(request.POST or None, places=list(policy.edited_places(by)))

    def act() -> str:
        made = acts.plan_season(acts.SeasonPlan(**form.cleaned_data), by=by, at=clock.now())
        return reverse("campaigns:inquiry_season", args=[made.public_id])

    back = reverse("campaigns:inquiry")
    return answer_form(request, form, act, title=_("开一季"), done=_("已建好。"), back=back)


@login_required
@form_page
def episode_new(request: Request, public_id: str) -> HttpResponse:
    """Plan an evening."""
    by = request.actor
    season = policy.season_for(by, public_id, plan=True)
    form = EpisodeForm(request.POST or None, places=list(policy.season_places(by, season)))

    def act() -> str:
        plan = acts.EpisodePlan(**form.cleaned_data)
        return evening(acts.plan_episode(public_id, plan, by=by, at=clock.now()).public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("排一期"),
        done=_("已排好，播出以前别人看不到。"),
        back=reverse("campaigns:inquiry_season", args=[season.public_id]),
    )


@login_required
@form_page
def hour(request: Request, public_id: str) -> HttpResponse:
    """Move the broadcast and every matter with it."""
    by, at = request.actor, clock.now()
    episode = policy.episode_for(by, public_id, "edit", at=at)
    form = HourForm(request.POST or None, initial={"airs_at": episode.airs_at})

    def act() -> str:
        said = form.cleaned_data
        acts.move_hour(public_id, said["airs_at"], said["text"], by=by, at=at)
        return evening(public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("改播出时间"),
        done=_("已改，每件诉求的公开时间一起改了。"),
        back=evening(public_id),
        lead=_("这一期里先不公开的诉求，公开时间一起改；被问单位和评议员会收到通知。"),
    )


@login_required
@form_page
def off(request: Request, public_id: str) -> HttpResponse:
    """Call an evening off."""
    by, at = request.actor, clock.now()
    policy.episode_for(by, public_id, "edit", at=at)
    form = OffForm(request.POST or None)

    def act() -> str:
        acts.call_off(public_id, form.cleaned_data["text"], by=by, at=at)
        return evening(public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("这一期不播了"),
        done=_("已定为不播，诉求按平常的办法办。"),
        back=evening(public_id),
        verb=_("不播了"),
        lead=_("节目单永远不公开；里面的诉求从现在起按平常的办法受理、派单。"),
    )


@login_required
@require_POST
def act(request: Request, public_id: str, verb: str) -> HttpResponse:
    """Take an evening one step on its way."""
    by, at = request.actor, clock.now()
    ways: dict[str, tuple[Callable[..., object], str]] = {
        "open_vote": (jury_acts.open_vote, _("评议开始了，评议员已收到通知。")),
        "close_vote": (jury_acts.close_vote, _("已截止并计数，谁点的什么不再保留。")),
        "follow": (acts.follow_episode, _("进入追踪。")),
        "close": (acts.close_episode, _("已结案。")),
        "reopen": (acts.reopen_episode, _("已重新追踪。")),
    }
    if verb not in ways:
        raise NotFound
    way, done = ways[verb]
    return tapped(request, lambda: way(public_id, by=by, at=at), done, evening(public_id))


@login_required
@form_page
def links(request: Request, public_id: str) -> HttpResponse:
    """Link evenings on the same problem."""
    by, at = request.actor, clock.now()
    episode = policy.episode_for(by, public_id, "edit", at=at)
    form = LinkForm(request.POST or None, others=queries.other_episodes(by, episode, at))

    def act_() -> str:
        acts.link_episodes(public_id, form.cleaned_data["other"], by=by, at=at)
        return evening(public_id)

    return answer_form(
        request,
        form,
        act_,
        title=_("同一问题的另一期"),
        done=_("已改。"),
        back=evening(public_id),
    )


@login_required
@require_safe
def checks(request: Request) -> HttpResponse:
    """List what waits to be looked at again."""
    at = clock.now()
    listing = queries.relapses(request.actor, at, request.GET.get("after", ""))
    context = {"listing": listing, "today": clock.day_of(at)}
    return render(request, "campaigns/inquiry/checks.html", context)
