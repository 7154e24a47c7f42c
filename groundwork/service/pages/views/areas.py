"""Pages of patrol areas: my grid, one area, a round through it, what service did at a place."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.errors import Forbidden, GroundworkError, NotFound
from groundwork.base.http import Request
from groundwork.registry.policy import place_for
from groundwork.service.actions import areas as acts
from groundwork.service.actions.visits import hold_patrol
from groundwork.service.pages.forms.points import AreaForm, PatrolForm, today
from groundwork.service.pages.views.forming import answer_form, as_queued
from groundwork.service.policy import points as policy
from groundwork.service.queries import choices
from groundwork.service.queries import community as queries
from groundwork.service.queries import points as listing
from groundwork.web.errors import say
from groundwork.web.sending import ask_first, form_page


@login_required
@require_GET
def areas(request: Request) -> HttpResponse:
    """List my areas, or all that I may read, with how much the city finds by itself."""
    by, at = request.actor, clock.now()
    policy.require_staff(by)
    mine = request.GET.get("all") != "1"
    context = {
        "listing": listing.patrol_areas(by, mine=mine, after=request.GET.get("after", "")),
        "mine": mine,
        "month": clock.today().replace(day=1),
        "may_keep": policy.may_keep(by),
        "rate": queries.found_first(at, since=at - queries.LATELY),
        "sentence": queries.found_first_sentence(),
        "at": at,
    }
    return render(request, "service/areas.html", context)


@login_required
@form_page
def area_new(request: Request) -> HttpResponse:
    """Lay out a patrol area."""
    by = request.actor
    if not policy.may_keep(by):
        raise Forbidden
    own = choices.own_unit(by)
    form = AreaForm(request.POST or None, by=by, initial={"body": own.public_id if own else ""})

    def act() -> str:
        made = acts.open_area(**form.cleaned_data, by=by)
        return reverse("service:area", args=[made.public_id])

    return answer_form(
        request,
        form,
        act,
        title=_("划一片巡查区"),
        done=_("巡查区已划好。"),
        back=reverse("service:areas"),
    )


@login_required
@require_GET
def area(request: Request, public_id: str) -> HttpResponse:
    """Show a patrol area: places, who is responsible, rounds, what they found."""
    by = request.actor
    found = policy.area_for(by, public_id)
    page = listing.area_page(by, found, clock.now(), request.GET.get("after", ""))
    return render(request, "service/area.html", {"page": page, "area": found})


@login_required
@form_page
def area_edit(request: Request, public_id: str) -> HttpResponse:
    """Change an area, also who is responsible."""
    by = request.actor
    found = policy.area_for(by, public_id, "edit")
    keeper = found.keepers.filter(valid_to=None).select_related("person").first()
    initial = {
        "name": found.name,
        "places": "\n".join(place.code for place in choices.area_places(found)),
        "keeper": keeper.person.work_number if keeper else "",
    }
    form = AreaForm(request.POST or None, by=by, body=found.body, initial=initial)
    back = reverse("service:area", args=[public_id])

    def act() -> str:
        acts.edit_area(public_id, **form.cleaned_data, by=by)
        return back

    return answer_form(request, form, act, title=_("修改巡查区"), done=_("已保存。"), back=back)


@login_required
@form_page
def area_close(request: Request, public_id: str) -> HttpResponse:
    """Give up a patrol area, after asking."""
    by = request.actor
    found = policy.area_for(by, public_id, "edit")
    if request.method == "POST":
        acts.close_area(public_id, by=by)
        messages.success(request, _("巡查区已结束。"))
        return redirect("service:area", public_id)
    return ask_first(
        request,
        _("结束巡查区“%(name)s”？") % {"name": found.name},
        consequence=_("责任人今天结束，巡查记录都保留。"),
        verb=_("结束"),
        back=reverse("service:area", args=[public_id]),
    )


@login_required
@never_cache
@form_page
def patrol(request: Request, public_id: str) -> HttpResponse:
    """Record a round through an area; also what a phone's queue sends."""
    by = request.actor
    key = request.POST.get("client_key", "")[:40]
    queued = "HX-Request" in request.headers and bool(key)
    try:
        found = policy.area_for(by, public_id, "patrol")
    except (Forbidden, NotFound) as error:
        if not queued:
            raise
        return _held(request, public_id, key, {"refusal": say(error)})
    if request.method == "GET":
        form = PatrolForm(area=found, initial=today())
        return render(request, "service/patrol_form.html", {"form": form, "area": found})
    form = PatrolForm(request.POST, area=found)
    done = _record(public_id, form, key, request)
    if done is None and queued:
        return _held(request, public_id, key, {"form": form})
    if done is None:
        context = {"form": form, "area": found, "key": key}
        return render(request, "service/patrol_form.html", context, status=422)
    if queued:
        return render(request, "service/patrol_done_note.html", {"done": done, "area": found})
    messages.success(request, _("巡查已记下。"))
    return redirect("service:area", public_id)


def _held(request: Request, public_id: str, key: str, context: dict[str, object]) -> HttpResponse:
    """Keep what a phone sent and could not be written down, and say why."""
    held = hold_patrol(public_id, key, as_queued(request.POST), by=request.actor)
    page = "service/patrol_refused_note.html"
    return render(request, page, context | {"held": held}, status=422)


def _record(public_id: str, form: PatrolForm, key: str, request: Request) -> acts.Patrolled | None:
    if not form.is_valid():
        return None
    try:
        return acts.record_patrol(public_id, form.plan(key), by=request.actor)
    except (Forbidden, NotFound):
        raise
    except GroundworkError as error:
        form.add_error(None, say(error))
        return None


@require_GET
def place(request: Request, public_id: str) -> HttpResponse:
    """Show what service did at a community: visits, squads, patrols; names only for the staff."""
    by, at = request.actor, clock.now()
    found = place_for(by, public_id, "view")
    context = {
        "page": queries.community(found, by, at),
        "place": found,
        "sentence": queries.found_first_sentence(),
        "staff": not by.is_anonymous and by.person_id is not None,
        "at": at,
    }
    return render(request, "service/place.html", context)
