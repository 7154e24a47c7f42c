"""Pages that read discussions: the list, one of them, a task, a question, what was said."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.http import Request
from groundwork.campaigns.policy import discussion as policy
from groundwork.campaigns.queries import discussion as queries
from groundwork.service.policy.visits import keeps

TITLES = {
    "suggestion": _("意见建议"),
    "practice": _("好做法"),
    "waiting": _("等审核的"),
    "own": _("我说过的"),
}


@login_required
@require_GET
def discussions(request: Request) -> HttpResponse:
    """List the discussions one takes part in."""
    by = request.actor
    policy.require_staff(by)
    listing = queries.campaigns(by, request.GET.get("after", ""))
    context = {"listing": listing, "may_lead": policy.may_lead(by)}
    return render(request, "campaigns/discussion/list.html", context)


@login_required
@require_GET
def discussion(request: Request, public_id: str) -> HttpResponse:
    """Show a discussion with its phases."""
    by = request.actor
    page = queries.campaign_page(by, policy.campaign_for(by, public_id), clock.today())
    context = {"page": page, "campaign": page.campaign}
    return render(request, "campaigns/discussion/page.html", context)


@login_required
@require_GET
def task(request: Request, public_id: str, task: str) -> HttpResponse:
    """Show a task with what units said of it."""
    by = request.actor
    campaign = policy.campaign_for(by, public_id)
    found = queries.seen_task(by, campaign, task, clock.today())
    page = queries.task_page(by, campaign, found, request.GET.get("after", ""))
    context = {
        "page": page,
        "campaign": campaign,
        "own_level": found.phase.campaign_id == campaign.pk,
        "keeps": keeps(by, campaign.body),
        "may_report": queries.may_report(by, campaign, found.phase.kind, clock.today()),
    }
    return render(request, "campaigns/discussion/task.html", context)


@login_required
@require_GET
def question(request: Request, public_id: str, question: str) -> HttpResponse:
    """Show a question with what was said."""
    by = request.actor
    campaign = policy.campaign_for(by, public_id)
    found = queries.seen_question(by, campaign, question, clock.today())
    after = request.GET.get("after", "")
    page = queries.words_of_question(by, campaign, found, after)
    context = {
        "page": page,
        "campaign": campaign,
        "question": found,
        "own_level": found.phase.campaign_id == campaign.pk,
        "keeps": keeps(by, campaign.body),
        "may_say": queries.may_say(by, campaign, "opinion", clock.today()),
    }
    return render(request, "campaigns/discussion/question.html", context)


@login_required
@require_GET
def words(request: Request, public_id: str, kind: str) -> HttpResponse:
    """List suggestions, practices, what waits, or one's own words."""
    by = request.actor
    campaign = policy.campaign_for(by, public_id)
    if kind not in TITLES:
        raise NotFound
    kept = keeps(by, campaign.body)
    if kind == "waiting" and not kept:
        raise Forbidden
    page = queries.words_of_kind(by, campaign, kind, request.GET.get("after", ""))
    context = {
        "page": page,
        "campaign": campaign,
        "kind": kind,
        "title": TITLES[kind],
        "may_say": queries.may_say(by, campaign, kind, clock.today()),
    }
    return render(request, "campaigns/discussion/words.html", context)
