"""The problems of an evening: bring them on, order them, write down what came of them; clips."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.campaigns.actions import inquiry_clips as clip_acts
from groundwork.campaigns.actions import inquiry_items as acts
from groundwork.campaigns.pages.forms.inquiry import (
    ClipForm,
    ItemForm,
    LookForm,
    MatterForm,
    PromiseForm,
    QuestionForm,
)
from groundwork.campaigns.pages.views.forming import answer_form
from groundwork.campaigns.pages.views.inquiry_desk import evening
from groundwork.campaigns.policy import inquiry as policy
from groundwork.web.sending import ask_first, form_page, tapped


def _page(public_id: str) -> str:
    return reverse("campaigns:inquiry_item", args=[public_id])


@login_required
@form_page
def question_new(request: Request, public_id: str) -> HttpResponse:
    """Write a problem into the ledger and onto the evening."""
    by, at = request.actor, clock.now()
    policy.episode_for(by, public_id, "edit", at=at)
    form = QuestionForm(request.POST or None)

    def act() -> str:
        telling = form.telling(request.POST.get("client_key", ""))
        acts.raise_question(public_id, telling, form.teller(), form.plan(), by=by, at=at)
        return evening(public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("登记一个问题"),
        done=_("已登记进诉求台账，到播出时公开。"),
        back=evening(public_id),
        lead=_("登记的就是诉求：播出以前哪里都查不到，播出以后按平常的办法受理、派单、答复。"),
    )


@login_required
@form_page
def matter_put(request: Request, public_id: str) -> HttpResponse:
    """Bring a matter on by its number."""
    by, at = request.actor, clock.now()
    policy.episode_for(by, public_id, "edit", at=at)
    form = MatterForm(request.POST or None)

    def act() -> str:
        acts.put_matter(public_id, form.cleaned_data["receipt"], form.plan(), by=by, at=at)
        return evening(public_id)

    if form.is_bound and form.is_valid() and not _known(request, form.cleaned_data["receipt"]):
        form.add_error("receipt", _("没有找到：不在公开台账上，也不是登记了到时公开的。"))
    return answer_form(
        request,
        form,
        act,
        title=_("放进一件诉求"),
        done=_("已放进这一期。"),
        back=evening(public_id),
        lead=_("已在公开台账上的仍然公开；上节目这件事播出以前谁也看不到。"),
    )


def _known(request: Request, receipt: str) -> bool:
    try:
        policy.matter_by_receipt(request.actor, receipt, clock.now())
    except NotFound:
        return False
    return True


@login_required
@form_page
def edit(request: Request, public_id: str) -> HttpResponse:
    """Put words, unit and phase right."""
    by, at = request.actor, clock.now()
    item = policy.item_for(by, public_id, "edit", at=at)
    initial = {
        "title": item.title,
        "question": item.question,
        "phase": item.phase,
        "body": item.body.public_id if item.body else "",
    }
    form = ItemForm(request.POST or None, initial=initial)

    def act() -> str:
        acts.edit_item(public_id, form.plan(), by=by, at=at)
        return _page(public_id)

    return answer_form(
        request, form, act, title=_("改这个问题"), done=_("已改。"), back=_page(public_id)
    )


@login_required
@require_POST
def move(request: Request, public_id: str, way: str) -> HttpResponse:
    """Move a problem up or down the running order."""
    by, at = request.actor, clock.now()
    if way not in ("up", "down"):
        raise NotFound
    item = policy.item_for(by, public_id, "edit", at=at)
    acts.move_item(public_id, way == "up", by=by, at=at)
    return redirect(f"{evening(item.episode.public_id)}#{public_id}")


@login_required
@require_POST
def show(request: Request, public_id: str, way: str) -> HttpResponse:
    """Let the questioned unit read a problem before the hour, or no longer."""
    by, at = request.actor, clock.now()
    if way not in ("yes", "no"):
        raise NotFound
    shown = way == "yes"
    done = _("被问单位现在看得到，已通知它准备。") if shown else _("不再给被问单位看。")
    return tapped(
        request,
        lambda: acts.show_item(public_id, shown, by=by, at=at),
        done,
        _page(public_id),
    )


@login_required
@form_page
def drop(request: Request, public_id: str) -> HttpResponse:
    """Ask, then take a problem off the evening."""
    by, at = request.actor, clock.now()
    item = policy.item_for(by, public_id, "edit", at=at)
    if request.method == "POST":
        back = evening(item.episode.public_id)
        drops = lambda: acts.drop_item(public_id, by=by, at=at)  # noqa: E731
        return tapped(request, drops, _("已撤下。"), back)
    return ask_first(
        request,
        _("把“%(title)s”撤下节目？") % {"title": item.title},
        consequence=_("诉求还在台账里，公开时间不变。"),
        verb=_("撤下"),
        back=_page(public_id),
    )


@login_required
@form_page
def promise(request: Request, public_id: str) -> HttpResponse:
    """Write down what was promised on the air."""
    by, at = request.actor, clock.now()
    policy.item_for(by, public_id, "edit", at=at)
    form = PromiseForm(request.POST or None)

    def act() -> str:
        acts.record_promise(public_id, form.promise(), by=by, at=at)
        return _page(public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("记下承诺"),
        done=_("已记下，单位会收到通知。"),
        back=_page(public_id),
    )


@login_required
@form_page
def look(request: Request, public_id: str) -> HttpResponse:
    """Write down what was found by going there."""
    by, at = request.actor, clock.now()
    item = policy.item_for(by, public_id, "look", at=at)
    due = item.relapse_on is not None and item.relapse_on <= clock.day_of(at)
    form = LookForm(request.POST or None, due=due)

    def act() -> str:
        acts.record_revisit(public_id, form.look(), by=by, at=at)
        return _page(public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("登记回访情况"),
        done=_("已记下。"),
        back=_page(public_id),
        lead=_("由被问单位和承办单位以外的人去看。"),
    )


@login_required
@form_page
def clip_new(request: Request, public_id: str) -> HttpResponse:
    """Add a clip or a piece of evidence."""
    by, at = request.actor, clock.now()
    episode = policy.episode_for(by, public_id, "edit", at=at)
    items = list(episode.items.order_by("order", "id"))
    form = ClipForm(request.POST or None, request.FILES or None, items=items)

    def act() -> str:
        clip_acts.add_clip(public_id, form.plan(), by=by, at=at)
        return evening(public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("加短片或佐证"),
        done=_("已加上，和节目一起公开。"),
        back=evening(public_id),
    )


@login_required
@form_page
def clip_drop(request: Request, public_id: str) -> HttpResponse:
    """Ask, then take a clip away."""
    by, at = request.actor, clock.now()
    clip = policy.clip_for(by, public_id, at=at, edit=True)
    back = evening(clip.episode.public_id)
    if request.method == "POST":
        drops = lambda: clip_acts.drop_clip(public_id, by=by, at=at)  # noqa: E731
        return tapped(request, drops, _("已删去。"), back)
    return ask_first(
        request,
        _("删去“%(title)s”？") % {"title": clip.title},
        consequence=_("上传的文件一并清除，不能恢复。"),
        verb=_("删去短片"),
        back=back,
    )
