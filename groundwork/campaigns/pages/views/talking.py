"""Pages on which people say something, and on which it is settled; reports of units."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from groundwork.base import clock
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.http import Request
from groundwork.campaigns.actions import discussion as campaign_acts
from groundwork.campaigns.actions import talking as acts
from groundwork.campaigns.models import Contribution
from groundwork.campaigns.pages.forms import discussion as forms
from groundwork.campaigns.pages.views.forming import answer_form
from groundwork.campaigns.policy import discussion as policy
from groundwork.campaigns.queries import discussion as queries
from groundwork.service.policy.visits import keeps
from groundwork.web.downloads import ranged_file
from groundwork.web.sending import ask_first, form_page, tapped

Kind = Contribution.Kind


def _of(public_id: str) -> str:
    return reverse("campaigns:discussion", args=[public_id])


def _word(public_id: str) -> str:
    return reverse("campaigns:word", args=[public_id])


@login_required
@form_page
def word_new(request: Request, public_id: str, kind: str) -> HttpResponse:
    """Say something."""
    by = request.actor
    campaign = policy.campaign_for(by, public_id)
    if kind not in Kind.values:
        raise NotFound
    unit = queries.own_unit(by, campaign)
    if unit is None and (kind == Kind.PRACTICE or not policy.takes_part(by, campaign)):
        raise Forbidden
    question, lead = request.GET.get("q", ""), ""
    if kind == Kind.OPINION:
        lead = queries.seen_question(by, campaign, question, clock.today()).text
    form = forms.WordForm(
        request.POST or None,
        request.FILES or None,
        kind=kind,
        unit=unit,
        fresh=True,
        initial={"named": True},
    )

    def act() -> str:
        word = form.word(request.POST.get("client_key", ""), question)
        return _word(acts.contribute(public_id, word, by=by).public_id)

    titles = {"opinion": _("发言"), "suggestion": _("提意见建议"), "practice": _("交流好做法")}
    return answer_form(
        request,
        form,
        act,
        title=titles[kind],
        lead=lead,
        done=_("交上去了，看过就展示。"),
        back=_of(public_id),
        verb=_("发出去"),
    )


@login_required
@require_GET
def word(request: Request, public_id: str) -> HttpResponse:
    """Show what somebody said."""
    by = request.actor
    found = policy.word_for(by, public_id)
    line = queries.word_line(by, found, settles=keeps(by, found.campaign.body))
    context = {
        "line": line,
        "word": found,
        "adoptions": queries.adoptions_of(found),
        "may_adopt": queries.may_adopt(by, found),
        "may_rewrite": line.own and found.state in ("waiting", "refused"),
    }
    return render(request, "campaigns/discussion/word.html", context)


@login_required
@require_safe
def word_recording(request: Request, public_id: str) -> HttpResponseBase:
    """Give the recording of words one may read, from wherever the listener has moved to."""
    stored = policy.word_for(request.actor, public_id).recording
    if stored is None or not stored.file:
        raise NotFound
    answer = ranged_file(request, stored.file, stored.media_type)
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@form_page
def word_rewrite(request: Request, public_id: str) -> HttpResponse:
    """Write one's own words anew."""
    by = request.actor
    found = policy.word_for(by, public_id, "own")
    first = {"title": found.title, "text": found.text, "url": found.url}
    form = forms.WordForm(
        request.POST or None,
        request.FILES or None,
        kind=found.kind,
        unit=found.body,
        fresh=False,
        initial=first,
    )

    def act() -> str:
        acts.rewrite(public_id, form.word(), by=by)
        return _word(public_id)

    return answer_form(
        request, form, act, title=_("改一改再发"), lead=found.reason,
        done=_("交上去了，看过就展示。"), back=_word(public_id), verb=_("发出去"),
    )  # fmt: skip


@login_required
@form_page
def word_withdraw(request: Request, public_id: str) -> HttpResponse:
    """Take one's own words back, asked first."""
    by = request.actor
    policy.word_for(by, public_id, "own")
    if request.method == "GET":
        return ask_first(
            request,
            _("撤回这条发言？"),
            consequence=_("写的内容会清除，找不回来。已经转办的照常办理，要撤请到“我提出的”里撤。"),
            verb=_("撤回"),
            back=_word(public_id),
        )
    act = lambda: acts.withdraw_word(public_id, by=by)  # noqa: E731
    return tapped(request, act, _("撤回了。"), _word(public_id))


@login_required
@require_POST
def word_show(request: Request, public_id: str) -> HttpResponse:
    """Show what somebody said to everybody of the discussion."""
    by = request.actor
    policy.word_for(by, public_id, "settle")
    seen = request.POST.get("seen", "")
    act = lambda: acts.settle_word(public_id, "show", seen=seen, by=by)  # noqa: E731
    return tapped(request, act, _("展示了，本人已收到通知。"), _word(public_id))


@login_required
@form_page
def word_refuse(request: Request, public_id: str) -> HttpResponse:
    """Refuse to show it, with a reason."""
    by = request.actor
    found = policy.word_for(by, public_id, "settle")
    form = forms.RefuseForm(request.POST or None)

    def act() -> str:
        acts.settle_word(public_id, "refuse", form.cleaned_data["reason"], by=by)
        return _word(public_id)

    return answer_form(
        request, form, act, title=_("不展示"), lead=found.text,
        done=_("没有展示，本人已收到理由。"), back=_word(public_id), verb=_("不展示"),
    )  # fmt: skip


@login_required
@form_page
def word_take_up(request: Request, public_id: str) -> HttpResponse:
    """Make a matter of a suggestion."""
    by = request.actor
    found = policy.word_for(by, public_id, "settle")
    form = forms.TakeUpForm(request.POST or None)

    def act() -> str:
        acts.take_up(public_id, form.cleaned_data["category"], by=by)
        return _word(public_id)

    return answer_form(
        request, form, act, title=_("转去办理"), lead=found.text,
        done=_("转办了，答复会直接告诉提的人。"), back=_word(public_id), verb=_("转办"),
    )  # fmt: skip


@login_required
@form_page
def word_adopt(request: Request, public_id: str) -> HttpResponse:
    """Say that one's unit does as a practice says."""
    by = request.actor
    found = policy.word_for(by, public_id)
    if not queries.may_adopt(by, found):
        raise Forbidden
    own = queries.own_unit(by, found.campaign)
    form = forms.AdoptForm(
        request.POST or None, by=by, initial={"body": own.public_id if own else ""}
    )

    def act() -> str:
        acts.adopt(public_id, form.cleaned_data["body"], form.cleaned_data["words"], by=by)
        return _word(public_id)

    return answer_form(
        request, form, act, title=_("我们也这样做"), lead=found.title,
        done=_("记下了，也告诉了出主意的单位。"), back=_word(public_id),
    )  # fmt: skip


@login_required
@form_page
def task_report(request: Request, public_id: str, task: str) -> HttpResponse:
    """Say that a unit did a task."""
    by = request.actor
    campaign = policy.campaign_for(by, public_id)
    found = queries.seen_task(by, campaign, task, clock.today())
    own = queries.own_unit(by, campaign)
    if own is None:
        raise Forbidden
    first = {"body": own.public_id, "words": queries.own_report(found, own)}
    form = forms.ReportForm(request.POST or None, by=by, initial=first)

    def act() -> str:
        said = form.cleaned_data
        campaign_acts.report_task(public_id, task, said["body"], said["words"], by=by)
        return _of(public_id)

    return answer_form(
        request, form, act, title=_("报完成情况"), lead=found.what, done=_("已上报。"),
        back=_of(public_id),
    )  # fmt: skip
