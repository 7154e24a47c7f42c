"""Pages of programmes, whole terms and tours."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundwork.base import clock
from groundwork.base.days import calendar
from groundwork.base.errors import Forbidden, RuleBroken
from groundwork.base.http import Request
from groundwork.study.actions import programme as acts
from groundwork.study.actions.publishing import publish_evenings
from groundwork.study.models import Evening
from groundwork.study.pages.forms.programme import ProgrammeForm, TermForm, TourForm
from groundwork.study.policy.evening import is_planner, plans_for, programme_for, series_for
from groundwork.study.queries import choices
from groundwork.study.queries import programme as queries
from groundwork.web.errors import say

form_page = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def programmes(request: Request) -> HttpResponse:
    """List programmes and tours."""
    by = request.actor
    context = {
        "programmes": queries.programmes(by)[:100],
        "tours": queries.tours(by)[:20],
        "planner": is_planner(by),
    }
    return render(request, "study/programmes.html", context)


@login_required
@require_safe
def programme(request: Request, public_id: str) -> HttpResponse:
    """Show a programme's evenings and how themes and forms are balanced."""
    by = request.actor
    page = queries.programme_page(by, programme_for(by, public_id))
    return render(request, "study/programme.html", {"page": page})


@login_required
@form_page
def programme_new(request: Request) -> HttpResponse:
    """Announce a programme."""
    by = request.actor
    if not is_planner(by):
        raise Forbidden
    form = ProgrammeForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.create_programme(**form.cleaned_data, by=by, at=clock.now())
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            return redirect("study:programme_term", made.public_id)
    return render(request, "study/programme_form.html", {"form": form, "programme": None})


@login_required
@form_page
def programme_edit(request: Request, public_id: str) -> HttpResponse:
    """Change a programme's frame."""
    by = request.actor
    found = programme_for(by, public_id, "edit")
    initial = {name: getattr(found, name) for name in ("name", "starts", "ends", "aim")}
    form = ProgrammeForm(request.POST or None, by=by, initial=initial, fixed_host=True)
    if request.method == "POST" and form.is_valid():
        try:
            acts.edit_programme(public_id, **form.cleaned_data, by=by, at=clock.now())
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            return redirect("study:programme", public_id)
    return render(request, "study/programme_form.html", {"form": form, "programme": found})


@login_required
@form_page
def programme_term(request: Request, public_id: str) -> HttpResponse:
    """Show a term's days with the reason of each move, and draft its evenings in one act."""
    by, at = request.actor, clock.now()
    found = programme_for(by, public_id, "edit")
    lines = queries.term_days(found, calendar(), at)
    form = TermForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.plan_term(public_id, form.plan(), days=form.chosen(), by=by, at=at)
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            n = len(made)
            said = ngettext("已拟好 %(n)s 场草稿。", "已拟好 %(n)s 场草稿。", n) % {"n": n}
            messages.success(request, said)
            return redirect("study:programme", public_id)
    context = {
        "form": form,
        "programme": found,
        "lines": lines,
        "free": any(line.free for line in lines),
        "unknown": any(not line.day.known for line in lines),
        "dropped": [line.day for line in lines if line.day.day is None],
    }
    return render(request, "study/programme_term.html", context)


@login_required
@require_POST
def programme_publish(request: Request, public_id: str) -> HttpResponse:
    """Publish a programme's drafts that lie ahead, all or none."""
    by = request.actor
    page = queries.programme_page(by, programme_for(by, public_id, "edit"))
    _publish(request, page.drafts)
    return redirect("study:programme", public_id)


def _publish(request: Request, drafts: list[Evening]) -> None:
    at = clock.now()
    ahead = [draft.public_id for draft in drafts if draft.starts_at > at]
    try:
        n = len(publish_evenings(ahead, by=request.actor, at=at))
    except RuleBroken as error:
        messages.error(request, say(error))
    else:
        said = ngettext("已发布 %(n)s 场。", "已发布 %(n)s 场。", n) % {"n": n}
        messages.success(request, said)


@login_required
@form_page
def tour_new(request: Request) -> HttpResponse:
    """Send speakers on tour."""
    by, at = request.actor, clock.now()
    if not is_planner(by):
        raise Forbidden
    form = TourForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        stops = [
            acts.Stop(s.body, s.starts_at, s.room, choices.parent_at(by, s.body, s.starts_at))
            for s in data["stops"]
        ]
        try:
            series, _stops = acts.create_tour(
                name=data["name"],
                host=data["host"],
                theme=data["theme"],
                speakers=data["speakers"],
                stops=stops,
                length=form.length(),
                by=by,
                at=at,
            )
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            return redirect("study:tour", series.public_id)
    return render(request, "study/programme_tour_form.html", {"form": form})


@login_required
@require_safe
def tour(request: Request, public_id: str) -> HttpResponse:
    """Show a tour's stops."""
    by = request.actor
    series = series_for(by, public_id)
    stops = list(queries.tour_evenings(by, series))
    drafts = [stop for stop in stops if stop.state == Evening.State.DRAFT]
    may_edit = plans_for(by, series.host)
    context = {"series": series, "stops": stops, "may_publish": may_edit and bool(drafts)}
    return render(request, "study/programme_tour.html", context)


@login_required
@require_POST
def tour_publish(request: Request, public_id: str) -> HttpResponse:
    """Publish a tour's stops that lie ahead, all or none."""
    by = request.actor
    series = series_for(by, public_id, "edit")
    stops = queries.tour_evenings(by, series)
    _publish(request, [stop for stop in stops if stop.state == Evening.State.DRAFT])
    return redirect("study:tour", public_id)
