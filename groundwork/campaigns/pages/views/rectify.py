"""Pages of the rectification ledger: the list, one finding, filing one, looking again."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.errors import Forbidden
from groundwork.base.http import Request
from groundwork.campaigns.actions import rectify as acts
from groundwork.campaigns.pages.forms import rectify as forms
from groundwork.campaigns.pages.views.forming import answer_form
from groundwork.campaigns.policy import discussion as discussions
from groundwork.campaigns.policy import rectify as policy
from groundwork.campaigns.queries import discussion as discussion_queries
from groundwork.campaigns.queries import rectify as queries
from groundwork.web.sending import form_page


@login_required
@require_GET
def ledger(request: Request, public_id: str) -> HttpResponse:
    """List what was found, as far as the reader may know."""
    by = request.actor
    campaign = discussions.campaign_for(by, public_id)
    category, done = request.GET.get("category", ""), request.GET.get("done") == "1"
    after = request.GET.get("after", "")
    listing = queries.ledger(by, campaign, category=category, done=done, after=after)
    context = {
        "campaign": campaign,
        "listing": listing,
        "categories": queries.problem_categories(),
        "category": category,
        "done": done,
        "at": clock.now(),
        "unit": discussion_queries.own_unit(by, campaign),
    }
    return render(request, "campaigns/discussion/ledger.html", context)


@login_required
@form_page
def finding_new(request: Request, public_id: str) -> HttpResponse:
    """File what one's unit found with itself."""
    by = request.actor
    campaign = discussions.campaign_for(by, public_id)
    own = discussion_queries.own_unit(by, campaign)
    if own is None:
        raise Forbidden
    point, first, lead = request.GET.get("point", ""), {"body": own.public_id}, ""
    if point:
        task = discussion_queries.seen_task(by, campaign, point, clock.today())
        lead = task.what
        first["category"] = task.category.public_id if task.category else ""
    form = forms.FindingForm(request.POST or None, by=by, initial=first)

    def act() -> str:
        plan = form.plan(point, request.POST.get("client_key", ""))
        return _page(acts.file_finding(public_id, plan, by=by).public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("登记问题"),
        lead=lead,
        done=_("记进台账了，责任人已收到通知。"),
        back=reverse("campaigns:findings", args=[public_id]),
        verb=_("记进台账"),
    )


def _page(public_id: str) -> str:
    return reverse("campaigns:finding", args=[public_id])


@login_required
@require_GET
def finding(request: Request, public_id: str) -> HttpResponse:
    """Show a finding as its matter stands."""
    by = request.actor
    page = queries.finding_page(by, policy.finding_for(by, public_id), clock.now())
    context = {"page": page, "finding": page.finding, "matter": page.finding.matter}
    return render(request, "campaigns/discussion/finding.html", context)


@login_required
@form_page
def finding_fix(request: Request, public_id: str) -> HttpResponse:
    """Say that it is put right."""
    by = request.actor
    found = policy.finding_for(by, public_id, "fix")
    form = forms.FixForm(request.POST or None)

    def act() -> str:
        acts.report_fixed(public_id, form.cleaned_data["text"], by=by)
        return _page(public_id)

    return answer_form(
        request, form, act, title=_("报整改完成"), lead=found.matter.title,
        done=_("报上了，等别人来核对。"), back=_page(public_id), verb=_("报完成"),
    )  # fmt: skip


@login_required
@form_page
def finding_check(request: Request, public_id: str) -> HttpResponse:
    """Say whether it is put right."""
    by = request.actor
    found = policy.finding_for(by, public_id, "check")
    form = forms.CheckForm(request.POST or None, initial={"day": clock.today()})

    def act() -> str:
        acts.check_finding(public_id, form.look(), by=by)
        return _page(public_id)

    return answer_form(
        request, form, act, title=_("登记核对情况"), lead=found.matter.title, done=_("已记下。"),
        back=_page(public_id),
    )  # fmt: skip
