"""Pages of rounds for the unit that asks."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.http import Request
from groundwork.service.actions import replies
from groundwork.service.actions import rounds as acts
from groundwork.service.models import Round
from groundwork.service.pages.forms.rounds import OutcomeForm, RoundForm, TakeUpForm
from groundwork.service.pages.views.forming import answer_form
from groundwork.service.policy import rounds as policy
from groundwork.service.queries import choices
from groundwork.service.queries import rounds as queries
from groundwork.web.sending import form_page, sent


@login_required
@require_GET
def rounds(request: Request) -> HttpResponse:
    """List the rounds of one's units."""
    by, at = request.actor, clock.now()
    if not policy.reads_rounds(by):
        raise Forbidden
    state = request.GET.get("state", "")
    state = state if state in Round.State.values else ""
    listing = queries.rounds(by, state=state, after=request.GET.get("after", ""))
    context = {
        "lines": [(found, *queries.state_word(found, at)) for found in listing.rows],
        "listing": listing,
        "state": state,
        "states": Round.State.choices,
        "may_ask": policy.may_ask(by),
        "running": queries.running(by),
    }
    return render(request, "service/rounds.html", context)


def _fresh(request: Request) -> dict[str, Any]:
    own = choices.own_unit(request.actor)
    tomorrow = clock.today() + timedelta(days=1)
    return {
        "body": own.public_id if own else "",
        "place": own.place.public_id if own and own.place else "",
        "opens_at": clock.local(tomorrow, time(9)).replace(tzinfo=None),
        "closes_at": clock.local(tomorrow + timedelta(days=14), time(18)).replace(tzinfo=None),
    }


@login_required
@form_page
def round_new(request: Request) -> HttpResponse:
    """Draft a round."""
    by = request.actor
    if not policy.may_ask(by):
        raise Forbidden
    form = RoundForm(request.POST or None, by=by, initial=_fresh(request))

    def act() -> str:
        made = acts.draft_round(form.plan(), by=by)
        return reverse("service:round", args=[made.public_id])

    return answer_form(
        request,
        form,
        act,
        title=_("发起征询"),
        done=_("草稿已存，看过以后再开始。"),
        back=reverse("service:rounds"),
        verb=_("存草稿"),
    )


@login_required
@require_GET
def round_page(request: Request, public_id: str) -> HttpResponse:
    """Show a round: its questions, replies, the matters that came out of it."""
    by, at = request.actor, clock.now()
    found = policy.round_for(by, public_id)
    page = queries.round_page(by, found, at, request.GET.get("after", ""))
    tone, word = queries.state_word(found, at)
    link = request.build_absolute_uri(reverse("service:ask", args=[found.public_id]))
    context = {"page": page, "round": found, "tone": tone, "word": word, "link": link}
    return render(request, "service/round.html", context)


def _initial(found: Round) -> dict[str, Any]:
    invites = found.invites.select_related("person", "body").order_by("id")
    named = [row.person.work_number if row.person else str(row.body) for row in invites]
    return {
        "title": found.title,
        "place": found.place.public_id,
        "audience": found.audience,
        "named": "\n".join(named),
        "why": found.why,
        "questions": "\n".join(found.questions.values_list("text", flat=True)),
        "opens_at": found.opens_at.astimezone(clock.ZONE).replace(tzinfo=None),
        "closes_at": found.closes_at.astimezone(clock.ZONE).replace(tzinfo=None),
    }


@login_required
@form_page
def round_edit(request: Request, public_id: str) -> HttpResponse:
    """Change a draft."""
    by = request.actor
    found = policy.round_for(by, public_id, "edit")
    form = RoundForm(request.POST or None, by=by, body=found.body, initial=_initial(found))
    back = reverse("service:round", args=[public_id])

    def act() -> str:
        acts.edit_round(public_id, form.plan(), by=by)
        return back

    return answer_form(request, form, act, title=_("修改征询"), done=_("已保存。"), back=back)


@login_required
@require_POST
def round_open(request: Request, public_id: str) -> HttpResponse:
    """Let a round begin."""
    acts.open_round(public_id, by=request.actor)
    messages.success(request, _("征询已发布，到时自动开始和截止。"))
    return redirect("service:round", public_id)


@login_required
@require_POST
def round_close(request: Request, public_id: str) -> HttpResponse:
    """End a round now."""
    acts.close_round(public_id, by=request.actor)
    messages.success(request, _("征询已截止。"))
    return redirect("service:round", public_id)


@login_required
@require_POST
def round_copy(request: Request, public_id: str) -> HttpResponse:
    """Draft the same round for the next month."""
    made = acts.copy_round(public_id, by=request.actor)
    messages.success(request, _("已按下个月同一天复制成草稿。"))
    return redirect("service:round", made.public_id)


@login_required
@form_page
def round_report(request: Request, public_id: str) -> HttpResponse:
    """Publish what came of a round."""
    by = request.actor
    found = policy.round_for(by, public_id, "report")
    form = OutcomeForm(request.POST or None)

    def act() -> str:
        acts.report_round(public_id, form.cleaned_data["outcome"], by=by)
        return reverse("service:outcome", args=[public_id])

    gone = sent(request, form, act, _("结果已公布。"))
    if gone:
        return gone
    context = {"form": form, "round": found, "page": queries.outcome(found, clock.now())}
    status = 422 if form.errors else 200
    return render(request, "service/round_report.html", context, status=status)


@login_required
@form_page
def take_up(request: Request, public_id: str) -> HttpResponse:
    """Turn an answer into a matter."""
    by = request.actor
    reply = policy.reply_for(by, public_id)
    question = request.POST.get("question") or request.GET.get("question", "")
    if question not in reply.answers:
        raise NotFound
    place = reply.place or reply.round.place
    initial = {
        "question": question,
        "words": reply.answers[question],
        "kind": "suggestion",
        "place": place.public_id,
    }
    form = TakeUpForm(request.POST or None, by=by, initial=initial)
    back = reverse("service:round", args=[reply.round.public_id])

    def act() -> str:
        replies.take_up(public_id, **form.cleaned_data, by=by)
        return back

    return answer_form(
        request,
        form,
        act,
        title=_("转成一件事"),
        done=_("已转成一件事，进了台账。"),
        back=back,
        verb=_("进台账"),
    )
