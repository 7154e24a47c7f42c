"""Pages of named studios: the list, one with its members, visits and matters."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.registry.models import Body
from groundwork.service.actions import studios as acts
from groundwork.service.pages.forms.points import SquadForm
from groundwork.service.policy import points
from groundwork.service.policy import studios as policy
from groundwork.service.queries import choices
from groundwork.service.queries import studios as queries
from groundwork.web.sending import sent


@login_required
@require_GET
def studios(request: Request) -> HttpResponse:
    """List the studios in directory order."""
    by = request.actor
    points.require_staff(by)
    mine = request.GET.get("mine") == "1"
    page = queries.studios(by, mine=mine, after=request.GET.get("after", ""))
    own = choices.own_unit(by) if points.may_keep(by) else None
    context = {"page": page, "mine": mine, "own_unit": own}
    return render(request, "service/studios.html", context)


@login_required
@require_GET
def studio(request: Request, public_id: str) -> HttpResponse:
    """Show a studio: members, visits, matters."""
    found = policy.studio_for(request.actor, public_id)
    return _page(request, found, SquadForm(body=policy.home_of(found)))


def _page(request: Request, found: Body, form: SquadForm, status: int = 200) -> HttpResponse:
    after = request.GET.get("after", "")
    page = queries.studio_page(request.actor, found, clock.now(), after)
    context = {"page": page, "studio": found, "form": form}
    return render(request, "service/studio.html", context, status=status)


@login_required
@require_POST
def studio_join(request: Request, public_id: str) -> HttpResponse:
    """Take somebody into the studio."""
    by = request.actor
    found = policy.studio_for(by, public_id, "edit")
    form = SquadForm(request.POST, body=policy.home_of(found))

    def act() -> str:
        said = form.cleaned_data
        acts.join_studio(public_id, said["person"], leads=said["leads"], by=by)
        return reverse("service:studio", args=[public_id])

    return sent(request, form, act, _("已加入工作室。")) or _page(request, found, form, 422)


@login_required
@require_POST
def studio_leave(request: Request, public_id: str, person: str) -> HttpResponse:
    """End somebody's time in the studio."""
    by = request.actor
    found = policy.studio_for(by, public_id, "edit")
    member = policy.studio_member_for(by, found, person)
    acts.leave_studio(public_id, member.person, by=by)
    messages.success(request, _("已移出工作室，时间已记下。"))
    return redirect("service:studio", public_id)
