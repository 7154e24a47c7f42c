"""After the shift: the lead's word, hours, absences heard, thanks, the certificate."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden, GroundworkError
from groundwork.base.http import Request
from groundwork.duty.actions import coming, settling, thanking
from groundwork.duty.models import Post
from groundwork.duty.pages.forms.gate import ContestForm, SettleForm, ThanksForm
from groundwork.duty.policy.gates import poster_gate, require_keeper
from groundwork.duty.policy.orders import order_for
from groundwork.duty.policy.posts import post_for
from groundwork.duty.queries import after as queries
from groundwork.matters.actions.knocking import Sender
from groundwork.web.errors import say
from groundwork.web.sending import sent

ACTS: dict[str, Callable[..., Post]] = {
    "approve": settling.approve_post,
    "excuse": settling.excuse_post,
    "uphold": settling.uphold_absence,
    "miss": coming.mark_missed,
}


@require_GET
@login_required
def hours(request: Request) -> HttpResponse:
    """List what waits for the community's word: hours, absences, thanks."""
    require_keeper(request.actor)
    found = queries.waiting(request.actor, clock.now())
    return render(request, "duty/hours.html", {"waiting": found})


@require_POST
@login_required
def approve(request: Request) -> HttpResponse:
    """Confirm the hours of those ticked."""
    require_keeper(request.actor)
    ids = request.POST.getlist("post")[: queries.MOST]
    answers = settling.approve_posts(ids, by=request.actor)
    done = answers.count(None)
    confirmed = [key for key, answer in zip(ids, answers, strict=True) if answer is None]
    thanking.thank_posts(confirmed, request.POST.get("thanks", "")[:300], by=request.actor)
    if done:
        text = ngettext("已确认 %(n)d 人的工时。", "已确认 %(n)d 人的工时。", done)
        messages.success(request, text % {"n": done})
    for error in dict.fromkeys(say(answer) for answer in answers if answer is not None):
        messages.warning(request, error)
    return redirect("duty:hours")


@require_POST
@login_required
def mark_come(request: Request, public_id: str) -> HttpResponse:
    """Write that somebody of the shift is here."""
    return _back(request, coming.mark_come(public_id, by=request.actor))


@require_POST
@login_required
def mark_gone(request: Request, public_id: str) -> HttpResponse:
    """Write that somebody of the shift went."""
    return _back(request, coming.mark_gone(public_id, by=request.actor))


@require_POST
@login_required
def mark_missed(request: Request, public_id: str) -> HttpResponse:
    """Note that somebody was not seen; they hear of it."""
    return _back(request, coming.mark_missed(public_id, by=request.actor))


def _back(request: Request, post: Post) -> HttpResponse:
    return redirect("duty:shift", post.shift.public_id)


@require_http_methods(["GET", "POST"])
@login_required
def settle(request: Request, public_id: str) -> HttpResponse:
    """Hear and decide on somebody who was not seen."""
    post = post_for(request.actor, public_id, "settle")
    form = SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = ACTS.get(request.POST.get("act", ""))
        try:
            if act is not None:
                act(public_id, form.cleaned_data["text"], by=request.actor)
                return redirect("duty:hours")
            form.add_error(None, gettext("请选择怎么认定。"))
        except GroundworkError as error:
            form.add_error(None, say(error))
    unseen = queries.unseen(post, clock.now())
    context = {"post": post, "form": form, "steps": post.steps.all(), "unseen": unseen}
    return render(request, "duty/settle.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def contest(request: Request, public_id: str) -> HttpResponse:
    """Let somebody say that they were there; the community then decides."""
    post = post_for(request.actor, public_id, "own")
    form = ContestForm(request.POST or None)

    def act() -> str:
        settling.contest_absence(public_id, form.cleaned_data["text"], by=request.actor)
        return reverse("duty:contest", args=[public_id])

    told = gettext("已转告社区，认定前会先看您的说明。")
    if (done := sent(request, form, act, told)) is not None:
        return done
    unseen = queries.unseen(post, clock.now())
    context = {"post": post, "form": form, "steps": post.steps.all(), "unseen": unseen}
    return render(request, "duty/contest.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def thank(request: Request, code: str) -> HttpResponse:
    """Take a resident's word of thanks at the gate's poster, without a name."""
    gate = poster_gate(code)
    form = ThanksForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            thanking.say_thanks(
                code, form.cleaned_data["text"], sender=_sender(request), by=request.actor
            )
            return render(request, "duty/thank_done.html", {"gate": gate})
        except GroundworkError as error:
            form.add_error(None, say(error))
    context = {"gate": gate, "form": form}
    return render(request, "duty/thank.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def thanks_show(request: Request, public_id: str) -> HttpResponse:
    """Let a resident's word reach those who stood there, or drop what is none."""
    if request.POST.get("drop"):
        thanking.drop_thanks(public_id, by=request.actor)
    else:
        thanking.show_thanks(public_id, by=request.actor)
    return redirect("duty:hours")


@require_GET
@login_required
def certificate(request: Request, public_id: str) -> HttpResponse:
    """Print the own shifts under an order that the community confirmed."""
    if request.actor.person_id is None:
        raise Forbidden
    order = order_for(request.actor, public_id)
    found = queries.certificate(request.actor, order)
    return render(request, "duty/certificate.html", {"certificate": found})


def _sender(request: Request) -> Sender:
    """Tell where thanks come from, for the limits: an address may be a whole office."""
    address = request.META.get("REMOTE_ADDR", "")
    account = request.actor.account_id
    return Sender(f"account {account}" if account else f"thanks {address}", address)
