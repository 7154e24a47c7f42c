"""Pages of contact points and their squads."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden
from groundwork.base.http import Request
from groundwork.service.actions import points as acts
from groundwork.service.pages.forms.points import PointEditForm, PointForm, SquadForm
from groundwork.service.pages.views.forming import answer_form
from groundwork.service.policy import points as policy
from groundwork.service.queries import choices
from groundwork.service.queries import points as queries
from groundwork.web.sending import ask_first, form_page, sent


@login_required
@require_GET
def points(request: Request) -> HttpResponse:
    """List contact points by place."""
    by = request.actor
    policy.require_staff(by)
    place = choices.place_of(request.GET.get("place", ""))
    mine = request.GET.get("mine") == "1"
    listing = queries.contact_points(by, place=place, mine=mine, after=request.GET.get("after", ""))
    context = {
        "lines": [(point, queries.weekdays_text(point.weekdays)) for point in listing.rows],
        "listing": listing,
        "place": place,
        "mine": mine,
        "may_keep": policy.may_keep(by),
    }
    return render(request, "service/points.html", context)


@login_required
@form_page
def point_new(request: Request) -> HttpResponse:
    """Set up a contact point."""
    by = request.actor
    if not policy.may_keep(by):
        raise Forbidden
    own = choices.own_unit(by)
    initial = {"body": own.public_id if own else ""}
    form = PointForm(request.POST or None, by=by, initial=initial)

    def act() -> str:
        made = acts.open_point(**form.cleaned_data, by=by)
        return reverse("service:point", args=[made.public_id])

    return answer_form(
        request,
        form,
        act,
        title=_("设立联系点"),
        done=_("联系点已设立。"),
        back=reverse("service:points"),
    )


@login_required
@require_GET
def point(request: Request, public_id: str) -> HttpResponse:
    """Show a contact point: squad, days, visits, matters."""
    by = request.actor
    found = policy.point_for(by, public_id)
    return _page(request, public_id, SquadForm(body=found.body))


def _page(request: Request, public_id: str, form: SquadForm, status: int = 200) -> HttpResponse:
    by = request.actor
    found = policy.point_for(by, public_id)
    page = queries.point_page(by, found, clock.now(), request.GET.get("after", ""))
    context = {"page": page, "point": found, "form": form}
    return render(request, "service/point.html", context, status=status)


@login_required
@form_page
def point_edit(request: Request, public_id: str) -> HttpResponse:
    """Change a contact point's name and days."""
    by = request.actor
    found = policy.point_for(by, public_id, "edit")
    initial = {"name": found.name, "weekdays": [str(day) for day in found.weekdays]}
    form = PointEditForm(request.POST or None, initial=initial)
    back = reverse("service:point", args=[public_id])

    def act() -> str:
        acts.edit_point(public_id, **form.cleaned_data, by=by)
        return back

    return answer_form(request, form, act, title=_("修改联系点"), done=_("已保存。"), back=back)


@login_required
@require_POST
def squad_join(request: Request, public_id: str) -> HttpResponse:
    """Take somebody into the squad."""
    by = request.actor
    found = policy.point_for(by, public_id, "edit")
    form = SquadForm(request.POST, body=found.body)

    def act() -> str:
        said = form.cleaned_data
        acts.join_squad(public_id, said["person"], leads=said["leads"], by=by)
        return reverse("service:point", args=[public_id])

    return sent(request, form, act, _("已加入队伍。")) or _page(request, public_id, form, 422)


@login_required
@require_POST
def squad_leave(request: Request, public_id: str, person: str) -> HttpResponse:
    """End somebody's time in the squad."""
    by = request.actor
    policy.point_for(by, public_id, "edit")
    member = policy.member_for(by, public_id, person)
    acts.leave_squad(public_id, member.person, by=by)
    messages.success(request, _("已移出队伍，时间已记下。"))
    return redirect("service:point", public_id)


@login_required
@form_page
def point_close(request: Request, public_id: str) -> HttpResponse:
    """Give up a contact point, after asking."""
    by = request.actor
    found = policy.point_for(by, public_id, "edit")
    if request.method == "POST":
        acts.close_point(public_id, by=by)
        messages.success(request, _("联系点已结束。"))
        return redirect("service:point", public_id)
    return ask_first(
        request,
        _("结束联系点“%(name)s”？") % {"name": found.name},
        consequence=_("队伍今天结束，走访记录和队员的起止日期都保留。"),
        verb=_("结束"),
        back=reverse("service:point", args=[public_id]),
    )


@login_required
@require_GET
def choices_units(request: Request) -> HttpResponse:
    """Answer the search for a unit of one's own."""
    if not policy.may_keep(request.actor):
        raise Forbidden
    found = choices.unit_choices(request.actor, request.GET.get("q", "")[:60])
    return render(request, "web/parts/choices.html", {"choices": found})


@require_GET
def choices_places(request: Request) -> HttpResponse:
    """Answer the search for a community; the directory of places is public."""
    found = choices.place_choices(request.actor, request.GET.get("q", "")[:60])
    return render(request, "web/parts/choices.html", {"choices": found})


@login_required
@require_GET
def choices_areas(request: Request) -> HttpResponse:
    """Answer the search for a place of any level."""
    found = choices.any_places(request.actor, request.GET.get("q", "")[:60])
    return render(request, "web/parts/choices.html", {"choices": found})
