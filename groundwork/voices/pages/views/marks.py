"""Pages of likes and bricks: lists of texts, one mark, writing one, a word to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from groundwork.base import clock
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.http import Request
from groundwork.registry.models import Person, Place
from groundwork.voices.actions import marks as acts
from groundwork.voices.models import Mark
from groundwork.voices.pages.forms.marks import MarkForm, WhomForm, WordForm
from groundwork.voices.pages.views.forming import answer_form
from groundwork.voices.policy import home as home_policy
from groundwork.voices.policy import marks as policy
from groundwork.voices.queries import marks as queries
from groundwork.web.sending import form_page


def _side_names() -> dict[str, str]:
    return {
        "me": _("关于我的"),
        "written": _("本社区写的"),
        "unit": _("关于本单位的"),
        "level": _("申诉到我这里的"),
    }


@login_required
@require_GET
def marks(request: Request) -> HttpResponse:
    """List marks of one side."""
    by = request.actor
    sides = policy.sides(by)
    if not sides:
        raise Forbidden
    wanted = request.GET.get("side", "")
    side = next((one for one in sides if one == wanted), sides[0])
    names = _side_names()
    context = {
        "listing": queries.marks(by, side, request.GET.get("after", "")),
        "side": side,
        "sides": [(one, names[one]) for one in sides],
        "keeps": home_policy.keeps_any(by),
        "reads_year": policy.reads_year(by),
    }
    return render(request, "voices/marks.html", context)


@login_required
@form_page
def mark_new(request: Request) -> HttpResponse:
    """Find whom, then write."""
    by = request.actor
    home_policy.require_keeper(by)
    places = list(home_policy.kept_communities(by))
    if request.GET.get("person"):
        return _write(request, *_whom(request, places))
    data = {"place": places[0].public_id} if len(places) == 1 else {}
    asked = request.GET.get("q") is not None
    form = WhomForm({**data, **request.GET.dict()} if asked else None, places=places)
    found = []
    if asked and form.is_valid():
        place = form.cleaned_data["place"]
        found = [(one, place) for one in queries.people_to_mark(by, place, form.cleaned_data["q"])]
    context = {"form": form, "found": found, "asked": asked}
    return render(request, "voices/mark_whom.html", context)


def _whom(request: Request, places: list[Place]) -> tuple[Person, Place]:
    wanted = request.GET.get("place", "")
    place = next((one for one in places if one.public_id == wanted), None)
    if place is None:
        raise NotFound
    people = policy.markable(request.actor, place).select_related("unit")
    person = people.filter(public_id=request.GET["person"]).first()
    if person is None:
        raise NotFound
    return person, place


def _write(request: Request, person: Person, place: Place) -> HttpResponse:
    by, at = request.actor, clock.now()
    form = MarkForm(
        request.POST or None,
        happenings=queries.what_happened(by, person, place, at),
        initial={"happened": request.GET.get("happened", "")},
    )

    def act() -> str:
        data = form.cleaned_data
        made = acts.write_mark(data["kind"], person, place, form.thing(), data["text"], by=by)
        return reverse("voices:mark", args=[made.public_id])

    return answer_form(
        request,
        form,
        act,
        title=_("写给%(name)s（%(unit)s）") % {"name": person.name, "unit": person.unit},
        done=_("已请本人先看。"),
        back=reverse("voices:mark_new"),
        verb=_("署名写下"),
    )


@login_required
@require_GET
def mark(request: Request, public_id: str) -> HttpResponse:
    """Show a mark with every word said."""
    by = request.actor
    page = queries.mark_page(by, policy.mark_for(by, public_id))
    verbs = [(verb, _verbs()[verb][0]) for verb in page.may]
    return render(request, "voices/mark.html", {"page": page, "mark": page.mark, "verbs": verbs})


def _verbs() -> dict[str, tuple[str, str, str]]:
    """Give each verb its button, what the form says first, and what is said after."""
    return {
        "reply": (_("说明"), _("说完以后，单位同时看到评议和您的说明。只说一次。"), _("已说明。")),
        "adopt": (_("采纳"), _("本人和社区都会看到理由。"), _("已认定，双方都告诉了。")),
        "refuse": (_("不采纳"), _("本人和社区都会看到理由。"), _("已认定，双方都告诉了。")),
        "appeal": (_("申诉"), _("交给上一级认定，只有一次，结果为准。"), _("已申诉。")),
        "correct": (_("更正"), _("更正和评议一样大，看过评议的人都会收到。"), _("已更正。")),
        "withdraw": (_("收回"), _("收回也要写原因，看过评议的人都会收到。"), _("已收回。")),
    }


@login_required
@form_page
def say(request: Request, public_id: str, verb: str) -> HttpResponse:
    """Say a word to a mark."""
    by, verbs = request.actor, _verbs()
    if verb not in verbs:
        raise NotFound
    policy.mark_for(by, public_id, verb)  # type: ignore[arg-type]
    title, lead, done = verbs[verb]
    form = WordForm(request.POST or None)
    back = reverse("voices:mark", args=[public_id])
    writing: dict[str, Callable[..., Mark]] = {
        "reply": acts.reply_to_mark,
        "appeal": acts.appeal_mark,
        "correct": acts.correct_mark,
        "withdraw": acts.withdraw_mark,
    }

    def act() -> str:
        text = form.cleaned_data["text"]
        if verb in writing:
            writing[verb](public_id, text, by=by)
        else:
            decided: Any = verb
            acts.decide_mark(public_id, decided, text, by=by)
        return back

    return answer_form(request, form, act, title=title, done=done, back=back, verb=title, lead=lead)


@login_required
@require_GET
def year(request: Request) -> HttpResponse:
    """Show a unit's year: what communities said, as texts."""
    by = request.actor
    if not policy.reads_year(by):
        raise Forbidden
    this = clock.today().year
    asked = request.GET.get("year", "")
    shown = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this
    listing = queries.unit_year(by, shown, request.GET.get("after", ""))
    context = {"listing": listing, "year": shown, "years": [this, this - 1]}
    return render(request, "voices/marks_year.html", context)
