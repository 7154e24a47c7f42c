"""When an order ends, or before: a deployment becomes a contact point, nothing typed again.

The desk joins the two areas: duty says who stood where, service sets the point up.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from groundwork.base.errors import Forbidden
from groundwork.base.http import Request
from groundwork.desk.pages.forms.deployments import DeploymentForm
from groundwork.desk.queries import deployments as queries
from groundwork.duty.models import Order
from groundwork.duty.policy.orders import order_for
from groundwork.duty.queries.deployments import Stood, deployment, reads_deployments
from groundwork.registry.models import Person
from groundwork.service.actions import points
from groundwork.web.sending import sent


@login_required
@require_GET
def deployments(request: Request, order: str) -> HttpResponse:
    """List units and communities under an order, as far as the reader answers for one of them."""
    found = order_for(request.actor, order)
    if not reads_deployments(request.actor):
        raise Forbidden
    lines = queries.lines(request.actor, found)
    return render(request, "desk/deployments.html", {"order": found, "lines": lines})


@login_required
@require_http_methods(["GET", "POST"])
def deployment_point(request: Request, order: str, unit: str, place: str) -> HttpResponse:
    """Show what would be taken over; the unit sets it up, the community asks for it."""
    by = request.actor
    found = order_for(by, order)
    stood = deployment(by, found, unit, place)
    may = queries.sides(by, stood.unit, stood.place)
    if not (may.keeps or may.asks):
        raise Forbidden
    made = points.points_of(queries.source_of(found), stood.unit, stood.place).first()
    if made is not None:
        return redirect("service:point", made.public_id)
    if request.method == "POST" and may.asks:
        return _asked(request, found, stood)
    people = queries.squad_of(stood)
    form = DeploymentForm(
        request.POST if request.method == "POST" else None,
        people=people,
        initial=_filled(stood, people),
    )

    def act() -> str:
        source = queries.source_of(found)
        made = points.open_point(
            body=stood.unit, place=stood.place, source=source, by=by, **form.values()
        )
        return reverse("service:point", args=[made.public_id])

    if (done := sent(request, form, act, _("联系点已设立，队伍里的人都收到了通知。"))) is not None:
        return done
    context = {"order": found, "stood": stood, "may": may, "form": form, "people": people}
    status = 422 if form.errors else 200
    return render(request, "desk/deployment_point.html", context, status=status)


def _filled(stood: Stood, people: Sequence[Person]) -> dict[str, object]:
    """Fill the form in from what was stood."""
    keys = [person.public_id for person in people]
    leads = stood.leader is not None and stood.leader.public_id in keys
    return {
        "name": _("%(unit)s驻%(place)s联系点")
        % {"unit": stood.unit.short_name or stood.unit.name, "place": stood.place.name},
        "weekdays": stood.weekdays,
        "squad": keys,
        "leader": stood.leader.public_id if leads and stood.leader else "",
    }


def _asked(request: Request, order: Order, stood: Stood) -> HttpResponse:
    url = reverse(
        "desk:deployment_point",
        args=[order.public_id, stood.unit.public_id, stood.place.public_id],
    )
    told = points.ask_for_point(
        stood.unit, stood.place, queries.source_of(order), url, by=request.actor
    )
    if told:
        messages.success(request, _("已告诉%(unit)s，点一下就能设立。") % {"unit": stood.unit})
    else:
        messages.info(request, _("已经问过了，请等单位答复。"))
    return redirect("desk:deployments", order.public_id)
