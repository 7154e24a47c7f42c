"""Write a draft: its text with its numbers beside it, and a number put where one says."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from groundwork.base import clock
from groundwork.base.errors import RuleBroken
from groundwork.base.http import Request
from groundwork.figures import policy
from groundwork.figures.actions import briefings as acts
from groundwork.figures.models import Briefing
from groundwork.figures.pages.forms import NumberForm, WordingForm
from groundwork.figures.pages.views.briefings import drawn_of, form_page, page_of
from groundwork.figures.pages.writing import line_of, names_for, offered_numbers
from groundwork.figures.queries import briefings as queries
from groundwork.figures.rules.briefing import put
from groundwork.figures.rules.marks import CURVE, Names, unspoken
from groundwork.web.errors import say
from groundwork.web.sending import sent


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: Request, public_id: str) -> HttpResponse:
    """Write a draft, its numbers beside the text; look at it and put numbers in without saving."""
    by = request.actor
    found = policy.briefing_for(by, public_id, "write")
    names = _names(request, found)
    typed = WordingForm.typed(request.POST)
    if "insert" in request.POST:
        mark = request.POST["insert"]
        typed["text"] = put(typed["text"].rstrip(), mark, 10**6, alone=CURVE in mark)
    if "insert" in request.POST or "preview" in request.POST:
        form = WordingForm(initial=typed, names=names)
        return _page(request, found, form, names, str(typed["text"]), preview=True)
    shown = WordingForm.shown(found, names)
    form = WordingForm(request.POST or None, initial=shown, names=names)

    def act() -> str:
        acts.edit_briefing(public_id, form.wording(), by=by, read=form.cleaned_data["read"])
        return page_of(public_id)

    text = typed["text"] if request.method == "POST" else shown["text"]
    return sent(request, form, act, _("已保存。")) or _page(request, found, form, names, text)


def _names(request: Request, found: Briefing) -> Names:
    """Name the numbers as they were named to the writer: by the text the writing began with."""
    begun = request.POST.get("read") or found.text
    try:
        return names_for(found, begun, clock.today())
    except RuleBroken:  # no text of ours
        return names_for(found, found.text, clock.today())


def _page(
    request: Request,
    found: Briefing,
    form: WordingForm,
    names: Names,
    text: str,
    *,
    preview: bool = False,
) -> HttpResponse:
    at = clock.now()
    wrong = ""
    try:
        kept = unspoken(text.replace("\r\n", "\n"), names)
        seen = queries.looks_while_writing(found, kept, at)
        paragraphs = queries.paragraphs(kept, seen)
    except RuleBroken as error:
        wrong = say(error)
        seen, paragraphs = queries.looks(found, at), []
    place, period, offered = offered_numbers(names, at)
    context: dict[str, Any] = {
        "form": form,
        "briefing": found,
        "back_url": page_of(found.public_id),
        "numbers": [line_of(look, names) for look in seen],
        "changed": sum(look.changed for look in seen),
        "offered": offered,
        "place": place,
        "period": period,
        "wrong": wrong if preview else "",
        "paragraphs": [(one, drawn_of(one)) for one in paragraphs] if preview else [],
    }
    status = 422 if form.errors else 200
    return render(request, "figures/writing.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def number(request: Request, public_id: str) -> HttpResponse:
    """Put a number into a draft."""
    by = request.actor
    found = policy.briefing_for(by, public_id, "write")
    places = [found.place, *policy.visible_places()]
    unique = list({place.pk: place for place in places}.values())
    form = NumberForm(request.POST or None, briefing=found, places=unique, today=clock.today())

    def act() -> str:
        acts.put_number(public_id, form.token(), int(form.cleaned_data["paragraph"]), by=by)
        return page_of(public_id)

    return form_page(request, form, act, _("插入一个数"), _("插入"), page_of(public_id))
