"""Pages of the planner: ask for a plan, watch it, read what it would do, publish or drop it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden, GroundworkError, NotFound
from groundwork.base.http import Request
from groundwork.duty.actions import planning, publishing
from groundwork.duty.models import PlanRun
from groundwork.duty.pages.forms.plan import PlanForm
from groundwork.duty.policy.orders import order_for
from groundwork.duty.policy.runs import calls, run_for
from groundwork.duty.queries import runs as queries
from groundwork.web.errors import say

form_page = require_http_methods(["GET", "POST"])
UNDER_WAY = (PlanRun.State.QUEUED, PlanRun.State.RUNNING)


@login_required
@form_page
def runs(request: Request, public_id: str) -> HttpResponse:
    """Ask for a plan, and list those asked for before."""
    by, at = request.actor, clock.now()
    order = order_for(by, public_id, "plan")
    form = PlanForm(request.POST or None, order=order)
    if request.method == "POST" and form.is_valid():
        try:
            run = planning.ask_plan(public_id, form.ask(), by=by)
        except (Forbidden, NotFound):
            raise
        except GroundworkError as error:
            form.add_error(None, say(error))
        else:
            return redirect("duty:run", run.public_id)
    wanted, left = queries.estimate(order, at)
    context = {
        "order": order,
        "form": form,
        "runs": queries.runs_of(order),
        "calls": calls(order, at),
        "slots": wanted,
        "left": left,
        "fallen": queries.fallen(order, at),
    }
    return render(request, "duty/runs.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def replan(request: Request, public_id: str) -> HttpResponse:
    """Ask with one tap for a plan around those who fell out; nothing is published with it."""
    run = planning.ask_replan(public_id, by=request.actor)
    return redirect("duty:run", run.public_id)


@login_required
@never_cache
@require_GET
def run(request: Request, public_id: str) -> HttpResponse:
    """Show one run; while it computes, htmx asks for the part that changes every two seconds."""
    found = run_for(request.actor, public_id)
    under_way = found.state in UNDER_WAY
    if request.htmx and under_way:
        return render(request, "duty/parts/run_progress.html", _progress(found))
    if request.htmx:  # it is done: the whole page is another one now
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    page = queries.run_page(found)
    context = {
        "run": found,
        "page": page,
        "sentence": queries.gap_sentence(page),
        "under_way": under_way,
        **_progress(found),
    }
    return render(request, "duty/run.html", context)


def _progress(found: PlanRun) -> dict[str, object]:
    so_far = found.progress
    gap = queries.gap_of(so_far.get("cost"), so_far.get("bound"))
    return {
        "run": found,
        "seconds": so_far.get("seconds", 0),
        "gap": f"{gap * 100:.2f}%" if gap is not None else "",
        "aim": f"{found.aim * 100:g}%",
    }


@login_required
@require_POST
def stop(request: Request, public_id: str) -> HttpResponse:
    """Stop with the best plan so far."""
    planning.stop_run(public_id, by=request.actor)
    messages.success(request, _("正在停止，会保留目前最好的排法。"))
    return redirect("duty:run", public_id)


@login_required
@require_POST
def publish(request: Request, public_id: str) -> HttpResponse:
    """Publish a plan."""
    done = publishing.publish_run(public_id, by=request.actor)
    text = _(
        "已发布：新排 %(given)s 个班次，取消 %(taken)s 个，%(kept)s 个不变。每人会收到一条通知。"
    )
    messages.success(request, text % vars(done))
    if done.left_out:
        text = _("有 %(n)s 个班次因为刚刚有人变动而没有排进去，可以再补排一次。")
        messages.warning(request, text % {"n": done.left_out})
    return redirect("duty:run", public_id)


@login_required
@require_POST
def drop(request: Request, public_id: str) -> HttpResponse:
    """Put a plan aside."""
    run = planning.drop_run(public_id, by=request.actor)
    messages.success(request, _("没有采用，谁也没有收到通知。"))
    return redirect("duty:runs", run.order.public_id)
