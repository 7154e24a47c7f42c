"""Pages of visits: the lists, the twenty-second form, one visit, what a phone's queue sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden, GroundworkError, NotFound
from groundwork.base.http import Request
from groundwork.service.actions import visits as acts
from groundwork.service.actions.export import export_visits
from groundwork.service.pages.forms.points import PatrolForm
from groundwork.service.pages.forms.visits import ProblemForm, VisitFilter, VisitForm
from groundwork.service.pages.views.forming import as_queued, as_sent
from groundwork.service.policy import visits as policy
from groundwork.service.policy.points import may_patrol
from groundwork.service.queries import choices, suggesting
from groundwork.service.queries import visits as queries
from groundwork.web.downloads import sheet_file
from groundwork.web.errors import say
from groundwork.web.sending import ask_first, form_page


@login_required
@require_GET
def visits(request: Request) -> HttpResponse:
    """List visits from one side: mine, my units', at my places, received."""
    by = request.actor
    form, wanted = _wanted(request)
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "form": form,
        "wanted": wanted,
        "sides": [(side, SIDE_NAMES[side]()) for side in policy.sides(by)],
        "listing": queries.visits(by, wanted),
        "n": queries.counted(by, wanted),
        "held": queries.held(by),
        "may_record": policy.may_record(by),
        "query": query.urlencode(),
        "narrowed": any(
            (wanted.service, wanted.since, wanted.until, wanted.found, wanted.place, wanted.unit)
        ),
    }
    return render(request, "service/visits.html", context)


SIDE_NAMES = {
    "mine": lambda: _("我走访的"),
    "unit": lambda: _("本单位"),
    "place": lambda: _("本地"),
    "received": lambda: _("到我们企业的"),
}


def _wanted(request: Request) -> tuple[VisitFilter, queries.Wanted]:
    sides = policy.sides(request.actor)
    if not sides:
        raise Forbidden
    side = request.GET.get("side")
    form = VisitFilter(request.GET or None)
    said: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    return form, queries.Wanted(
        side=next((one for one in sides if one == side), sides[0]),
        service=said.get("service") or "",
        found=bool(said.get("found")),
        since=said.get("since"),
        until=said.get("until"),
        place=choices.place_of(said.get("place") or ""),
        unit=choices.body_of(said.get("unit") or ""),
        after=request.GET.get("after", ""),
    )


@login_required
@require_GET
def visits_export(request: Request) -> HttpResponse:
    """Give the list with its filter as a spreadsheet."""
    _form, wanted = _wanted(request)
    content = export_visits(wanted, by=request.actor)
    return sheet_file(content, f"visits-{clock.today():%Y%m%d}")


@login_required
@never_cache
@form_page
def visit_new(request: Request) -> HttpResponse:
    """Record a visit; also what a phone's queue sends when the line is back."""
    by = request.actor
    policy.require_recorder(by)
    if request.method == "GET":
        initial = {
            "day": clock.today(),
            "service": choices.last_service(by),
            "where": request.GET.get("where", ""),
            "studio": request.GET.get("studio", ""),
        }
        return render(
            request, "service/visit_form.html", {"form": VisitForm(by=by, initial=initial)}
        )
    form = VisitForm(request.POST, by=by)
    key = request.POST.get("client_key", "")[:40]
    done = _record(form, key, request)
    queued = "HX-Request" in request.headers
    if done is not None:
        if queued:
            return render(request, "service/visit_done_note.html", {"done": done})
        messages.success(request, done_words(done))
        return redirect("service:visit", done.visit.public_id)
    if queued and key:
        held = acts.hold_visit(key, as_queued(request.POST), by=by)
        page = "service/visit_held_note.html"
        return render(request, page, {"form": form, "held": held}, status=422)
    return render(request, "service/visit_form.html", {"form": form, "key": key}, status=422)


def _record(form: VisitForm, key: str, request: Request) -> acts.Recorded | None:
    if not form.is_valid():
        return None
    try:
        return acts.record_visit(form.plan(key), by=request.actor)
    except (Forbidden, NotFound):
        raise
    except GroundworkError as error:
        form.add_error(None, say(error))
        return None


def done_words(done: acts.Recorded) -> str:
    """Say what was written down."""
    n = len(done.receipts)
    if not n:
        return _("走访已记下。")
    said = ngettext("走访已记下，%(n)s 个问题进了台账。", "走访已记下，%(n)s 个问题进了台账。", n)
    return said % {"n": n}


@login_required
@never_cache
@require_GET
def visit_held(request: Request, public_id: str) -> HttpResponse:
    """Show a visit or patrol that the queue sent and the form refused, to be mended."""
    by = request.actor
    held = policy.held_for(by, public_id)
    context: dict[str, object] = {"key": held.client_key, "held": held}
    if held.area is not None:
        walked = PatrolForm(as_sent(held.fields), area=held.area)
        walked.is_valid()
        if not may_patrol(by, held.area):
            walked.add_error(
                None, _("这片巡查区现在不由您走，请把看见的转告责任人，或者“替人提”。")
            )
        context |= {"form": walked, "area": held.area}
        return render(request, "service/patrol_form.html", context)
    form = VisitForm(as_sent(held.fields), by=by)
    form.is_valid()
    context["form"] = form
    return render(request, "service/visit_form.html", context)


@login_required
@require_POST
def visit_drop(request: Request, public_id: str) -> HttpResponse:
    """Drop a held visit or patrol."""
    acts.drop_held(public_id, by=request.actor)
    messages.success(request, _("已丢弃。"))
    return redirect("service:visits")


@login_required
@require_GET
def visit(request: Request, public_id: str) -> HttpResponse:
    """Show one visit: who, where, what was brought and found, what became of it."""
    by = request.actor
    page = queries.visit_page(by, policy.visit_for(by, public_id), clock.now())
    return render(request, "service/visit.html", {"page": page, "visit": page.visit})


@login_required
@form_page
def visit_add(request: Request, public_id: str) -> HttpResponse:
    """Add a problem to a visit."""
    by = request.actor
    found = policy.visit_for(by, public_id, "add")
    policy.require_recorder(by)
    form = ProblemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.add_problem(public_id, form.problem(), form.contact(), by=by)
        except GroundworkError as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("问题进了台账。"))
            return redirect("service:visit", public_id)
    status = 422 if form.errors else 200
    context = {"form": form, "visit": found}
    return render(request, "service/visit_add.html", context, status=status)


@login_required
@form_page
def visit_withdraw(request: Request, public_id: str) -> HttpResponse:
    """Withdraw a visit recorded by mistake, after asking."""
    by = request.actor
    if request.method == "POST":
        acts.withdraw_visit(public_id, by=by)
        messages.success(request, _("已撤回。"))
        return redirect("service:visits")
    found = policy.visit_for(by, public_id, "withdraw")
    return ask_first(
        request,
        _("撤回这次走访？"),
        consequence=_("记录从各处清单里消失。还没有受理的问题一起撤回，已受理的照常办理。"),
        verb=_("撤回"),
        back=reverse("service:visit", args=[found.public_id]),
    )


@login_required
@require_GET
def choices_where(request: Request) -> HttpResponse:
    """Answer the search for a place or an enterprise."""
    policy.require_recorder(request.actor)
    found = choices.find_where(request.actor, request.GET.get("q", "")[:60])
    return render(request, "web/parts/choices.html", {"choices": found})


@login_required
@require_GET
def category_hint(request: Request) -> HttpResponse:
    """Say which category the words of a problem suggest."""
    policy.require_recorder(request.actor)
    said = (request.GET[name] for name in request.GET if name.startswith("problem_"))
    words = next(said, "")[:500].strip()
    suggested = suggesting.suggested(words) if words else None
    return render(request, "service/parts/category_hint.html", {"suggested": suggested})


@require_GET
def worker(request: Request) -> HttpResponse:
    """Give the script that keeps the form of a visit open where there is no signal."""
    response = render(request, "service/worker.js", content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
