"""What keepers do with a discussion: lead, copy, set phases, tasks, questions and talks."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.http import Request
from groundwork.campaigns.actions import discussion as acts
from groundwork.campaigns.actions import talking
from groundwork.campaigns.pages.forms import discussion as forms
from groundwork.campaigns.pages.views.forming import answer_form
from groundwork.campaigns.policy import discussion as policy
from groundwork.campaigns.rules.discussion import VERBS
from groundwork.service.queries.choices import own_unit
from groundwork.web.sending import form_page, tapped


def page_of(public_id: str) -> str:
    """Give the address of a discussion."""
    return reverse("campaigns:discussion", args=[public_id])


@login_required
@form_page
def discussion_new(request: Request) -> HttpResponse:
    """Draft a discussion."""
    by = request.actor
    if not policy.may_lead(by):
        raise Forbidden
    own = own_unit(by)
    form = forms.CampaignForm(
        request.POST or None, by=by, initial={"body": own.public_id if own else ""}
    )

    def act() -> str:
        return page_of(acts.start_campaign(form.plan(), by=by).public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("发起大讨论"),
        done=_("草稿建好了，接着写问题和任务，再发布。"),
        back=reverse("campaigns:discussions"),
        verb=_("存为草稿"),
    )


@login_required
@form_page
def discussion_edit(request: Request, public_id: str) -> HttpResponse:
    """Put title and description right."""
    by = request.actor
    found = policy.campaign_for(by, public_id, "keep")
    first = {"title": found.title, "about": found.about}
    form = forms.TitleForm(request.POST or None, initial=first)

    def act() -> str:
        acts.edit_campaign(public_id, **form.cleaned_data, by=by)
        return page_of(public_id)

    return answer_form(
        request, form, act, title=_("修改名称和说明"), done=_("已保存。"), back=page_of(public_id)
    )


@login_required
@form_page
def discussion_copy(request: Request, public_id: str) -> HttpResponse:
    """Copy a discussion for a body below."""
    by = request.actor
    policy.campaign_for(by, public_id)
    if not policy.may_lead(by):
        raise Forbidden
    own = own_unit(by)
    form = forms.CopyForm(
        request.POST or None, by=by, initial={"body": own.public_id if own else ""}
    )

    def act() -> str:
        return page_of(acts.copy_campaign(public_id, form.cleaned_data["body"], by=by).public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("参照制定一份"),
        lead=_("上级的问题和任务不用抄，都看得到，答一次两级都算。这里只加本地的。"),
        done=_("已参照制定，可以加本地的问题和任务，再发布。"),
        back=page_of(public_id),
        verb=_("参照制定"),
    )


@login_required
@require_POST
def discussion_move(request: Request, public_id: str, verb: str) -> HttpResponse:
    """Publish, end or open again."""
    by = request.actor
    policy.campaign_for(by, public_id, "keep")
    if verb not in VERBS:
        raise NotFound
    done = {"publish": _("已发布。"), "close": _("已结束。"), "reopen": _("已重新打开。")}[verb]

    def act() -> object:
        return acts.move_campaign(public_id, verb, by=by)

    return tapped(request, act, done, page_of(public_id))


@login_required
@form_page
def phase_edit(request: Request, public_id: str, kind: str) -> HttpResponse:
    """Set a phase."""
    by = request.actor
    phase = acts.phase_of(policy.campaign_for(by, public_id, "keep"), kind)
    names = ("first_day", "last_day", "allows", "before", "about", "after")
    form = forms.PhaseForm(
        request.POST or None, initial={name: getattr(phase, name) for name in names}
    )

    def act() -> str:
        acts.set_phase(public_id, kind, form.plan(), by=by)
        return page_of(public_id)

    return answer_form(
        request, form, act, title=phase.get_kind_display(), done=_("已保存。"),
        back=page_of(public_id),
    )  # fmt: skip


@login_required
@form_page
def task_new(request: Request, public_id: str) -> HttpResponse:
    """Ask every unit to do or to check something."""
    by = request.actor
    found = policy.campaign_for(by, public_id, "keep")
    kind = request.GET.get("kind", "mobilise")
    last = found.phases.filter(kind=kind).values_list("last_day", flat=True).first()
    form = forms.TaskForm(request.POST or None, initial={"kind": kind, "due_on": last})

    def act() -> str:
        said = form.cleaned_data
        what, category = said["what"], said["category"]
        acts.add_task(public_id, said["kind"], what, said["due_on"], category, by=by)
        return page_of(public_id)

    return answer_form(
        request, form, act, title=_("加一项任务"), done=_("已加上。"), back=page_of(public_id)
    )


@login_required
@require_POST
def task_drop(request: Request, public_id: str, task: str) -> HttpResponse:
    """Take a task back."""
    by = request.actor
    policy.campaign_for(by, public_id, "keep")
    drop = lambda: acts.drop_task(public_id, task, by=by)  # noqa: E731
    return tapped(request, drop, _("已删去。"), page_of(public_id))


@login_required
@form_page
def question_new(request: Request, public_id: str) -> HttpResponse:
    """Put a question up."""
    by = request.actor
    policy.campaign_for(by, public_id, "keep")
    form = forms.QuestionForm(request.POST or None)

    def act() -> str:
        acts.add_question(public_id, form.cleaned_data["text"], by=by)
        return page_of(public_id)

    return answer_form(
        request, form, act, title=_("出一个讨论题"), done=_("已加上。"), back=page_of(public_id)
    )


@login_required
@require_POST
def question_drop(request: Request, public_id: str, question: str) -> HttpResponse:
    """Take a question back."""
    by = request.actor
    policy.campaign_for(by, public_id, "keep")
    drop = lambda: acts.drop_question(public_id, question, by=by)  # noqa: E731
    return tapped(request, drop, _("已删去。"), page_of(public_id))


@login_required
@form_page
def gathering_new(request: Request, public_id: str) -> HttpResponse:
    """Lay an evening or a visit beside the discussion."""
    by = request.actor
    policy.campaign_for(by, public_id, "keep")
    form = forms.GatheringForm(request.POST or None)

    def act() -> str:
        talking.add_gathering(public_id, *form.cleaned_data["of"], by=by, at=clock.now())
        return page_of(public_id)

    return answer_form(
        request, form, act, title=_("加一场宣讲或沙龙"), done=_("已加上。"),
        back=page_of(public_id),
    )  # fmt: skip


@login_required
@require_POST
def gathering_drop(request: Request, public_id: str, gathering: str) -> HttpResponse:
    """Take an evening or a visit off again."""
    by = request.actor
    policy.campaign_for(by, public_id, "keep")
    drop = lambda: talking.drop_gathering(public_id, gathering, by=by)  # noqa: E731
    return tapped(request, drop, _("已撤下。"), page_of(public_id))
