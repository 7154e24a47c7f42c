"""Pages of assistance projects: the list, one project, its people, milestones, notes, report."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from groundwork.base import attachments, clock
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.http import Request
from groundwork.campaigns.actions import projects as acts
from groundwork.campaigns.pages.forms import projects as forms
from groundwork.campaigns.pages.views.forming import answer_form
from groundwork.campaigns.policy import projects as policy
from groundwork.campaigns.queries import projects as queries
from groundwork.campaigns.rules.project import VERBS
from groundwork.service.queries.choices import own_unit
from groundwork.web.sending import form_page


def _page(public_id: str) -> str:
    return reverse("campaigns:project", args=[public_id])


@login_required
@require_GET
def projects(request: Request) -> HttpResponse:
    """List the projects one may see."""
    by = request.actor
    policy.require_staff(by)
    listing = queries.projects(by, request.GET.get("after", ""))
    context = {"listing": listing, "may_start": policy.may_start(by)}
    return render(request, "campaigns/projects/list.html", context)


@login_required
@form_page
def project_new(request: Request) -> HttpResponse:
    """Start a project."""
    by = request.actor
    if not policy.may_start(by):
        raise Forbidden
    own = own_unit(by)
    first = {"body": own.public_id if own else "", "first_day": clock.today()}
    form = forms.ProjectForm(request.POST or None, by=by, initial=first)

    def act() -> str:
        return _page(acts.start_project(form.plan(), by=by).public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("建一个帮扶项目"),
        done=_("建好了，接着写节点、派人。"),
        back=reverse("campaigns:projects"),
        verb=_("建项目"),
    )


@login_required
@require_GET
def choices_sent(request: Request) -> HttpResponse:
    """Answer a field that looks for somebody to send."""
    found = queries.people_choices(request.actor, request.GET.get("q", "")[:60])
    rows = [{"id": one[0], "label": one[1], "sub": one[2]} for one in found]
    return render(request, "web/parts/choices.html", {"choices": rows})


@login_required
@require_GET
def project(request: Request, public_id: str) -> HttpResponse:
    """Show a project."""
    by = request.actor
    page = queries.project_page(by, policy.project_for(by, public_id), clock.today())
    return render(request, "campaigns/projects/page.html", {"page": page, "project": page.project})


@login_required
@require_GET
def project_report(request: Request, public_id: str) -> HttpResponse:
    """Show the report, to be read or printed: everything in it comes from the records."""
    by = request.actor
    project = policy.project_for(by, public_id)
    page = queries.project_page(by, project, clock.today(), most=queries.IN_REPORT)
    return render(
        request, "campaigns/projects/report.html", {"page": page, "project": page.project}
    )


@login_required
@form_page
def project_end(request: Request, public_id: str) -> HttpResponse:
    """End a project with its outcome."""
    by = request.actor
    policy.project_for(by, public_id, "keep")
    form = forms.EndForm(request.POST or None)

    def act() -> str:
        acts.end_project(public_id, form.cleaned_data["outcome"], by=by)
        return reverse("campaigns:project_report", args=[public_id])

    return answer_form(
        request,
        form,
        act,
        title=_("结束项目"),
        done=_("项目结束了，报告在这里。"),
        back=_page(public_id),
        verb=_("结束并出报告"),
    )


@login_required
@form_page
def posting_new(request: Request, public_id: str) -> HttpResponse:
    """Send somebody."""
    by = request.actor
    found = policy.project_for(by, public_id, "keep")
    first = max(clock.today(), found.first_day)
    form = forms.PostingForm(request.POST or None, by=by, initial={"first_day": first})

    def act() -> str:
        said = form.cleaned_data
        acts.send_person(public_id, said["person"], said["task"], said["first_day"], by=by)
        return _page(public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("派人去"),
        done=_("派出了，本人已收到通知。"),
        back=_page(public_id),
        verb=_("派出"),
    )


@login_required
@form_page
def posting_end(request: Request, public_id: str, posting: str) -> HttpResponse:
    """Say when somebody came back."""
    by = request.actor
    row = queries.posting_of(policy.project_for(by, public_id, "keep"), posting)
    form = forms.BackForm(request.POST or None, initial={"last_day": clock.today()})

    def act() -> str:
        acts.call_back(public_id, posting, form.cleaned_data["last_day"], by=by)
        return _page(public_id)

    title = _("%(name)s回来了") % {"name": row.person or row.task}
    return answer_form(request, form, act, title=title, done=_("已记下。"), back=_page(public_id))


@login_required
@form_page
def milestone_new(request: Request, public_id: str) -> HttpResponse:
    """Say what is to stand by when."""
    by = request.actor
    policy.project_for(by, public_id, "keep")
    form = forms.MilestoneForm(request.POST or None)

    def act() -> str:
        said = form.cleaned_data
        acts.add_milestone(public_id, said["what"], said["due_on"], by=by)
        return _page(public_id)

    return answer_form(
        request, form, act, title=_("加一个节点"), done=_("已记下。"), back=_page(public_id)
    )


@login_required
@form_page
def milestone_settle(request: Request, public_id: str, milestone: str, verb: str) -> HttpResponse:
    """Say what became of a milestone, or open it again."""
    by = request.actor
    row = queries.milestone_of(policy.project_for(by, public_id, "note"), milestone)
    if verb not in VERBS:
        raise NotFound
    form = forms.ResultForm(request.POST or None)
    titles = {"reach": _("做到了：%(what)s"), "drop": _("不做了：%(what)s")}
    title = titles.get(verb, _("重新打开：%(what)s")) % {"what": row.what}

    def act() -> str:
        acts.settle_milestone(public_id, milestone, verb, form.cleaned_data["words"], by=by)
        return _page(public_id)

    return answer_form(request, form, act, title=title, done=_("已记下。"), back=_page(public_id))


@login_required
@form_page
def note_new(request: Request, public_id: str) -> HttpResponse:
    """Write a note, or what a resident said."""
    by = request.actor
    policy.project_for(by, public_id, "note")
    first = {"kind": "note", "day": clock.today()}
    form = forms.NoteForm(request.POST or None, request.FILES or None, initial=first)

    def act() -> str:
        acts.write_note(public_id, form.plan(request.POST.get("client_key", "")), by=by)
        return _page(public_id)

    return answer_form(
        request, form, act, title=_("记一笔"), done=_("已记下。"), back=_page(public_id)
    )


@login_required
@require_GET
def note_picture(request: Request, public_id: str) -> HttpResponse:
    """Give the picture of a note one may read."""
    stored = queries.picture_of(request.actor, public_id)
    response = HttpResponse(attachments.read(stored), content_type=stored.media_type)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
