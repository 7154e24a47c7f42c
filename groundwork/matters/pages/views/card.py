"""One matter for the staff: its page, its files, its raisers, and the plain acts upon it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundwork.base import attachments, clock
from groundwork.base.errors import Forbidden, GroundworkError, NotFound
from groundwork.base.http import Request
from groundwork.matters.actions import dispatch as dispatching
from groundwork.matters.actions import handling, pressing, reading, requests
from groundwork.matters.models import Matter
from groundwork.matters.pages.forms import dispatch as dispatch_forms
from groundwork.matters.pages.forms import handling as forms_of
from groundwork.matters.policy import matter_for
from groundwork.matters.queries import card as queries
from groundwork.matters.queries import choices
from groundwork.web.errors import say
from groundwork.web.panels import panels_at

form_page = require_http_methods(["GET", "HEAD", "POST"])
Said = dict[str, Any]
Act = Callable[..., object]


@dataclass(frozen=True)
class Way:
    """How one act is asked for and done."""

    form: Callable[..., forms.Form] | None
    act: Act  # act(request, public_id, said)
    done: str | Promise
    note: str | Promise = ""


def _plain(do: Callable[..., object]) -> Act:
    """Make an act of an action that takes one text."""
    return lambda by, at, public_id, said: do(public_id, said["text"], by=by, at=at)


def _stored(files: list[Any], by: Any, at: Any) -> tuple[Any, ...]:
    return tuple(attachments.store(file.read(), name=file.name, by=by, at=at) for file in files)


def _answer(by: Any, at: Any, public_id: str, said: Said) -> object:
    matter_for(by, public_id, "answer", at=at)  # before a file is kept
    with transaction.atomic():
        files = _stored(said["papers"], by, at)
        return handling.answer_matter(public_id, said["text"], files=files, by=by, at=at)


# What a slug of `queries.card.ACTS` does; those with pages of their own are in views/dispatch.
WAYS: dict[str, Way] = {
    "start": Way(
        None,
        lambda by, at, public_id, said: handling.start_matter(public_id, by=by, at=at),
        gettext_lazy("已接单，请在期限内作首次回复。"),
    ),
    "answer": Way(forms_of.AnswerForm, _answer, gettext_lazy("已答复，正在请提出人确认。")),
    "reply": Way(
        forms_of.ReplyForm, _plain(handling.first_reply), gettext_lazy("首次回复已发给提出人。")
    ),
    "contribute": Way(
        forms_of.ContributeForm, _plain(handling.contribute), gettext_lazy("已转给主办单位。")
    ),
    "note": Way(forms_of.NoteForm, _plain(handling.add_note), gettext_lazy("备注已写上。")),
    "return": Way(
        forms_of.ReturnForm, _plain(handling.return_matter), gettext_lazy("已退回派单员。")
    ),
    "extend": Way(
        forms_of.ExtendForm,
        lambda by, at, public_id, said: requests.ask_extension(
            public_id, said["until"], said["text"], by=by, at=at
        ),
        gettext_lazy("已申请，等管理员批复。批复前原期限不变。"),
    ),
    "dispute": Way(
        forms_of.DisputeForm,
        _plain(requests.dispute_assignment),
        gettext_lazy("已提交管理员裁定。裁定前请继续办理。"),
    ),
    "hand-over": Way(
        forms_of.HandOverForm,
        lambda by, at, public_id, said: handling.hand_over_matter(
            public_id, said["person"], by=by, at=at
        ),
        gettext_lazy("已转给同事。"),
    ),
    "remind": Way(forms_of.RemindForm, _plain(pressing.remind_matter), gettext_lazy("已催办。")),
    "supervise": Way(
        forms_of.SuperviseForm, _plain(pressing.supervise_matter), gettext_lazy("已列入督办。")
    ),
    "end-supervision": Way(
        forms_of.EndSupervisionForm,
        _plain(pressing.end_supervision),
        gettext_lazy("督办已结束。"),
    ),
    "hand-out": Way(
        dispatch_forms.HandOutForm,
        lambda by, at, public_id, said: dispatching.hand_out_matter(
            public_id, said["body"], said["text"], by=by, at=at
        ),
        gettext_lazy("已转给外单位，答复到了请回来登记。"),
    ),
    "take-back": Way(
        forms_of.TakeBackForm,
        _plain(dispatching.take_back_matter),
        gettext_lazy("已收回，请另派。"),
    ),
    "outside-answer": Way(
        forms_of.OutsideAnswerForm,
        _plain(dispatching.record_outside_answer),
        gettext_lazy("已登记，正在请提出人确认。"),
    ),
    "decline": Way(
        forms_of.DeclineForm,
        _plain(dispatching.decline_matter),
        gettext_lazy("已告知提出人不予受理。"),
        gettext_lazy("提出人会逐字看到理由，并可请求再看一次。"),
    ),
    "classify": Way(
        dispatch_forms.ClassifyForm,
        lambda by, at, public_id, said: dispatching.classify_matter(
            public_id,
            public_text=said["public_text"],
            by=by,
            at=at,
            **_sorting(said),
        ),
        gettext_lazy("已更正。"),
    ),
}


def _sorting(said: Said) -> Said:
    sorting = {name: said[name] for name in ("category", "kind", "urgency", "place", "concerns")}
    return sorting | {"priority": said.get("priority", "")}


@login_required
@require_safe
def card(request: Request, public_id: str) -> HttpResponse:
    """Show one matter, and at the bottom what its reader may do now."""
    at = clock.now()
    found = queries.card_of(request.actor, public_id, at)
    panels = panels_at("matter", found.matter, by=request.actor, at=at)
    context = {"card": found, "matter": found.matter, "panels": panels}
    return render(request, "matters/card.html", context)


@login_required
@form_page
def act(request: Request, public_id: str, slug: str) -> HttpResponse:
    """Ask for what an act needs and do it; an act without a form is done by its button."""
    by, at = request.actor, clock.now()
    way, offered = WAYS.get(slug), queries.BY_SLUG.get(slug)
    if way is None or offered is None:
        raise NotFound
    matter = _matter(request, public_id, offered)
    form = _form(request, way, slug, matter) if way.form else None
    error: GroundworkError | None = None
    sent = request.method == "POST"
    if sent and (form is None or form.is_valid()):
        try:
            way.act(by, at, public_id, form.cleaned_data if form else {})
        except Forbidden:
            raise
        except GroundworkError as refused:
            error = refused
        else:
            messages.success(request, str(way.done))
            return _onward(request, public_id, slug)
    if form is not None and error is not None:
        form.add_error(None, say(error))
    context = {
        "matter": matter,
        "act": offered,
        "form": form,
        "error": None if form else error,
        "note": way.note,
        "templates": choices.templates_for(matter) if slug == "answer" else [],
        "possible": queries.fits(offered, matter),
    }
    status = error.status if error else 422 if sent else 200
    return render(request, _template(slug), context, status=status)


def _template(slug: str) -> str:
    return "matters/card_classify.html" if slug == "classify" else "matters/card_act.html"


def _matter(request: Request, public_id: str, offered: queries.Act) -> Matter:
    """Fetch the matter for the act, with what its page names."""
    at = clock.now()
    matter_for(request.actor, public_id, offered.verb, at=at)
    return queries.card_matter(request.actor, public_id, at)


def _form(request: Request, way: Way, slug: str, matter: Matter) -> forms.Form:
    assert way.form is not None
    more: dict[str, Any] = {}
    if slug == "hand-over":
        more = {"matter": matter}
    elif slug == "hand-out":
        more = {"by": request.actor}
    elif slug == "classify":
        initial = dispatch_forms.sorting_of(matter) | {"public_text": matter.public_text}
        more = {"by": request.actor, "matter": matter, "initial": initial}
    elif slug == "answer":
        more = {"initial": {"text": _template_text(request, matter)}}
    return way.form(request.POST or None, request.FILES or None, **more)


def _template_text(request: Request, matter: Matter) -> str:
    """Begin an answer with the template chosen in the address."""
    chosen = request.GET.get("template", "")
    texts = {row.public_id: row.text for row in choices.templates_for(matter)} if chosen else {}
    return texts.get(chosen, "")


def _onward(request: Request, public_id: str, slug: str) -> HttpResponse:
    """Go back to the matter; where it has left the actor's sight, to the desk."""
    try:
        queries.card_matter(request.actor, public_id, clock.now())
    except NotFound:
        return redirect("matters:queue")
    return redirect("matters:matter", public_id)


@login_required
@require_POST
def reveal(request: Request, public_id: str) -> HttpResponse:
    """Show the raisers' telephones once; the trail keeps who looked."""
    known = reading.reveal_raisers(public_id, by=request.actor, at=clock.now())
    found = queries.card_of(request.actor, public_id, clock.now())
    context = {"card": found, "matter": found.matter, "known": known}
    return render(request, "matters/card.html", context)


@login_required
@require_safe
def file(request: Request, public_id: str, file_id: str) -> HttpResponse:
    """Give a file of a matter that the reader sees; of a picture, asked so, a small one."""
    stored = queries.file_of(request.actor, public_id, file_id, clock.now()).attachment
    shown = stored.media_type.startswith("image/")
    content = attachments.read(stored)
    if shown and request.GET.get("size") == "small":
        content = attachments.small(content)
    response = HttpResponse(content, content_type=stored.media_type)
    response["Content-Disposition"] = "inline" if shown else f'attachment; filename="{file_id}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@form_page
def decide(request: Request, public_id: str) -> HttpResponse:
    """Grant or refuse what a lead asks for."""
    by, at = request.actor, clock.now()
    asked = queries.request_for(by, public_id, at)
    form = forms_of.DecideForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                requests.decide_request(
                    public_id,
                    request.POST.get("granted") == "yes",
                    form.cleaned_data["decision"],
                    by=by,
                    at=at,
                )
            except Forbidden:
                raise
            except GroundworkError as error:
                form.add_error(None, say(error))
                status = error.status
            else:
                messages.success(request, _("已批复，申请单位会收到通知。"))
                return redirect("matters:matter", asked.matter.public_id)
    context = {"asked": asked, "matter": asked.matter, "form": form}
    return render(request, "matters/card_decide.html", context, status=status)
