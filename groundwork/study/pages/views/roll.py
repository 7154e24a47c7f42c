"""The roll of a unit: tick, type back, correct, close, print, export."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import GroundworkError
from groundwork.base.http import Request
from groundwork.study.actions import export
from groundwork.study.actions import roll as actions
from groundwork.study.actions import sheet as sheets
from groundwork.study.models import AbsenceCategory, RollSheet, Source
from groundwork.study.pages.forms.roll import CorrectForm, TypedForm
from groundwork.study.policy import roll as policy
from groundwork.study.queries import roll as queries
from groundwork.study.queries import typed
from groundwork.web.downloads import sheet_file
from groundwork.web.errors import say


@require_http_methods(["GET", "POST"])
@login_required
def own_sheets(request: Request, evening: str) -> HttpResponse:
    """Go to the sheet one keeps of an evening, or list them; POST lays what is missing."""
    found = policy.rolled_evening_for(request.actor, evening)
    if request.method == "POST":
        sheets.open_sheet(evening, by=request.actor)
        return redirect("study:own_sheets", evening)
    mine = queries.own_sheets(found, request.actor)
    if len(mine) == 1:
        return redirect("study:sheet", mine[0].public_id)
    may_open = policy.tickable_units(request.actor).exists()
    return render(
        request, "study/roll_list.html", {"evening": found, "sheets": mine, "may_open": may_open}
    )


@require_GET
@login_required
def sheet(request: Request, sheet: str) -> HttpResponse:
    """Show a unit's roll: one row and one tap for each person, in pinyin order."""
    found = policy.sheet_for(request.actor, sheet)
    q = request.GET.get("q", "")
    page = "study/roll_rows.html" if request.htmx else "study/roll.html"
    everybody = queries.lines(found, request.actor)
    return render(request, page, _context(found, request.actor, everybody, q))


def _context(
    found: RollSheet, by: Actor, everybody: list[queries.Line], q: str = ""
) -> dict[str, object]:
    shown = queries.matching(everybody, q)
    at = clock.now()
    return {
        "sheet": found,
        "evening": found.evening,
        "lines": shown,
        "tally": queries.tally(everybody),
        "q": q,
        "may": {
            verb: policy.sheet_allows(by, found, verb)
            for verb in ("tick", "close", "correct", "export")
        },
        "is_over": at > found.evening.ends_at,
        "doors_open": at >= queries.doors_open(found.evening),
        "at": at,
    }


@require_POST
@login_required
def tick(request: Request, sheet: str) -> HttpResponse:
    """Tick one person; with htmx the row comes back and the sums with it."""
    person = request.POST.get("person", "")
    actions.tick_people(sheet, [person], by=request.actor)
    if not request.htmx:
        return redirect("study:sheet", sheet)
    found = policy.sheet_for(request.actor, sheet)
    everybody = queries.lines(found, request.actor)
    line = next(line for line in everybody if line.named(person))
    context = _context(found, request.actor, everybody)
    return render(request, "study/roll_ticked.html", {**context, "line": line})


@require_POST
@login_required
def tick_all(request: Request, sheet: str) -> HttpResponse:
    """Tick everybody expected who has no leave."""
    n = actions.tick_all(sheet, by=request.actor)
    said = ngettext("已点到 %(n)s 人。", "已点到 %(n)s 人。", n) % {"n": n}
    messages.success(request, said)
    return redirect("study:sheet", sheet)


@require_http_methods(["GET", "POST"])
@login_required
def correct(request: Request, sheet: str, person: str) -> HttpResponse:
    """Put one person on the roll or take them off, with a reason."""
    found = policy.sheet_for(request.actor, sheet, "correct")
    line = queries.line_of(found, request.actor, person)
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_roll(
                sheet,
                person,
                took_part=request.POST.get("took_part") == "yes",
                reason=form.cleaned_data["reason"],
                by=request.actor,
            )
        except GroundworkError as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("已更正，原因已记下。"))
            return redirect("study:sheet", sheet)
    context = {
        "sheet": found,
        "evening": found.evening,
        "line": line,
        "form": form,
        "corrections": queries.corrections(found, line.person),
        "categories": AbsenceCategory.choices,
    }
    status = 422 if form.errors else 200
    return render(request, "study/roll_correct.html", context, status=status)


@require_POST
@login_required
def absence(request: Request, sheet: str, person: str) -> HttpResponse:
    """Say why somebody was absent, on a closed sheet."""
    category = request.POST.get("category", "")
    sheets.set_absence(sheet, person, category, by=request.actor)
    messages.success(request, _("缺席原因已改。"))
    return redirect("study:sheet", sheet)


@require_http_methods(["GET", "POST"])
@login_required
def close(request: Request, sheet: str) -> HttpResponse:
    """Look the absent over, say why by category, close the sheet."""
    found = policy.sheet_for(request.actor, sheet, "close")
    if request.method == "POST":
        given = {
            key.removeprefix("why-"): request.POST[key]
            for key in request.POST
            if key.startswith("why-") and request.POST[key]
        }
        sheets.close_sheet(sheet, given, by=request.actor)
        messages.success(request, _("名册已封存。"))
        return redirect("study:sheet", sheet)
    if found.closed_at is not None:
        return redirect("study:sheet", sheet)
    everybody = queries.lines(found, request.actor)
    context = _context(found, request.actor, everybody)
    absent = [line for line in everybody if line.absent]
    context |= {"absent": absent, "categories": AbsenceCategory.choices}
    return render(request, "study/roll_close.html", context)


@require_GET
@login_required
def blank(request: Request, sheet: str) -> HttpResponse:
    """Print a sheet to sign by hand, in the order in which it is typed back."""
    found = policy.sheet_for(request.actor, sheet, "tick")
    lines = [line for line in queries.lines(found, request.actor) if not line.guest]
    context = {"sheet": found, "evening": found.evening, "lines": lines, "spare": range(5)}
    return render(request, "study/roll_print.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def type_back(request: Request, sheet: str) -> HttpResponse:
    """Read a typed or uploaded list, show who is meant, and tick them once confirmed."""
    found = policy.sheet_for(request.actor, sheet, "tick")
    if request.POST.getlist("person"):
        people = list(dict.fromkeys(request.POST.getlist("person")))
        n = actions.tick_people(sheet, people, source=Source.IMPORT, by=request.actor)
        said = ngettext("名册上新增 %(n)s 人。", "名册上新增 %(n)s 人。", n) % {"n": n}
        messages.success(request, said)
        return redirect("study:sheet", sheet)
    form = TypedForm(request.POST or None, request.FILES or None)
    context = {"sheet": found, "evening": found.evening, "form": form, "read": None}
    if request.method == "POST" and form.is_valid():
        try:
            written = typed.read_text(form.cleaned_data["typed"])
            upload = form.cleaned_data["sheet"]
            if upload is not None:
                written += typed.read_file(upload.read(typed.MOST_BYTES + 1))
            context["read"] = typed.resolve(found, written, request.actor)
        except GroundworkError as error:
            form.add_error(None, say(error))
    status = 422 if form.errors else 200
    return render(request, "study/roll_typed.html", context, status=status)


@require_GET
@login_required
def export_sheet(request: Request, sheet: str) -> HttpResponse:
    """Give the roll as xlsx; the trail says who took it."""
    found = policy.sheet_for(request.actor, sheet, "export")
    return sheet_file(export.export_sheet(found, by=request.actor), "roll")


@require_http_methods(["GET", "POST"])
@login_required
def open_sheets(request: Request) -> HttpResponse:
    """List the open rolls in scope; POST reminds their units in one tap."""
    at = clock.now()
    if request.method == "POST":
        n = sheets.remind_open_sheets(by=request.actor)
        said = ngettext("已提醒 %(n)s 个单位。", "已提醒 %(n)s 个单位。", n) % {"n": n}
        messages.success(request, said if n else _("一小时内都提醒过了。"))
        return redirect("study:open_sheets")
    context = {
        "listing": queries.open_sheets_page(request.actor, at, request.GET.get("after", "")),
        "may_remind": policy.may_remind(request.actor),
    }
    return render(request, "study/roll_open.html", context)
