"""The dispatcher's pages: accept and assign in one tap, batches, merge and split."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms.boundfield import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import Forbidden, GroundworkError, NotFound
from groundwork.base.http import Request
from groundwork.matters.actions import dispatch as acts
from groundwork.matters.actions import handling, merging
from groundwork.matters.actions.batch import Batch
from groundwork.matters.models import Matter
from groundwork.matters.pages.forms import batches
from groundwork.matters.pages.forms import dispatch as forms_of
from groundwork.matters.pages.forms.handling import AnswerManyForm
from groundwork.matters.pages.views.card import form_page
from groundwork.matters.policy import matter_for
from groundwork.matters.policy.settings import visible_templates
from groundwork.matters.queries import alike
from groundwork.matters.queries.card import card_matter
from groundwork.matters.queries.queue import NoDesk, has_desk, picked
from groundwork.matters.queries.routing import Proposal, propose, propose_many
from groundwork.matters.queries.timeline import files_of
from groundwork.matters.rules.private import private_parts
from groundwork.registry.models import Body
from groundwork.web.errors import say

MOST_TEMPLATES = 20  # offered to begin with


def _settle(request: Request, form: forms.Form, act: Callable[[], object], done: str) -> int:
    """Do the act of a sent form: 0 where it is done, else the status of the page that says why."""
    if not form.is_valid():
        return 422
    try:
        act()
    except Forbidden:
        raise
    except GroundworkError as error:
        form.add_error(None, say(error))
        return error.status
    messages.success(request, done)
    return 0


@login_required
@form_page
def accept(request: Request, public_id: str) -> HttpResponse:
    """Accept a matter; the lead that the rule or the similar ones name is filled in."""
    by, at = request.actor, clock.now()
    matter_for(by, public_id, "accept", at=at)
    matter = card_matter(by, public_id, at)
    suggested = propose(matter, by=by, at=at)
    initial = forms_of.sorting_of(matter) | {
        "public_text": forms_of.wording_of(matter),
        "lead": suggested.body.public_id if suggested.body else "",
    }
    form = forms_of.AcceptForm(request.POST or None, by=by, matter=matter, initial=initial)
    status = 200
    if request.method == "POST":
        only = "only" in request.POST

        def act() -> None:
            _accept(form, public_id, only=only, by=by, at=at)

        status = _settle(request, form, act, _("已受理。") if only else _("已受理并派单。"))
        if not status:
            return redirect(_next(request))
    context = {
        "matter": matter,
        "form": form,
        "title": _("受理并派单"),
        "files": files_of(matter, by),
        "suggested": suggested,
        "can_merge": True,
        "warnings": private_parts(str(form["public_text"].value() or "")),
        "alike": alike.alike(by, matter, at),
    }
    return render(request, "matters/dispatch.html", context, status=status)


def _accept(
    form: forms_of.AcceptForm, public_id: str, *, only: bool, by: Actor, at: datetime
) -> None:
    said = form.cleaned_data
    sorting = form.sorting() | {"public_text": said["public_text"]}
    lead, co, note = said["lead"], form.co(), said["note"]
    if only or not lead:
        acts.accept_matter(public_id, by=by, at=at, **sorting)
    else:
        acts.accept_and_assign(public_id, lead, co=co, note=note, by=by, at=at, **sorting)


def _next(request: Request) -> str:
    """Go back to the list one came from."""
    return reverse("matters:queue")


@login_required
@form_page
def assign(request: Request, public_id: str) -> HttpResponse:
    """Give an accepted matter to a lead, or to another one."""
    by, at = request.actor, clock.now()
    matter_for(by, public_id, "assign", at=at)
    matter = card_matter(by, public_id, at)
    suggested = propose(matter, by=by, at=at)
    again = request.resolver_match is not None and request.resolver_match.url_name == "reassign"
    initial = {"lead": suggested.body.public_id if suggested.body and not again else ""}
    form = forms_of.AssignForm(request.POST or None, by=by, matter=matter, initial=initial)
    status = 200
    if request.method == "POST":

        def act() -> None:
            said = form.cleaned_data
            acts.assign_matter(
                public_id,
                said["lead"],
                co=form.co(),
                note=said["note"],
                insist=bool(said.get("insist")),
                seen=request.POST.get("seen", ""),
                by=by,
                at=at,
            )

        status = _settle(request, form, act, _("已派单。"))
        if not status:
            return redirect(_next(request))
        matter = card_matter(by, public_id, at)  # with whom it is now, where that was the reason
    context = {
        "matter": matter,
        "form": form,
        "title": _("改派") if again else _("派单"),
        "files": files_of(matter, by),
        "suggested": suggested,
        "can_merge": True,
        "again": again,
        "alike": alike.alike(by, matter, at),
    }
    return render(request, "matters/dispatch.html", context, status=status)


@login_required
@form_page
def merge(request: Request, public_id: str) -> HttpResponse:
    """Merge a matter into one that says the same."""
    by, at = request.actor, clock.now()
    matter_for(by, public_id, "merge", at=at)
    matter = card_matter(by, public_id, at)
    form = forms_of.MergeForm(request.POST or None, initial={"into": request.GET.get("into", "")})
    status = 200
    if request.method == "POST":
        into = alike.by_receipt(by, request.POST.get("into", ""), at)

        def act() -> None:
            if not into:
                raise NotFound
            merging.merge_matters(public_id, into, by=by, at=at)

        status = _settle(request, form, act, _("已并单，两边的提出人都看得到后面的进展。"))
        if not status:
            return redirect("matters:matter", into)
    context = {"matter": matter, "form": form, "alike": alike.alike(by, matter, at)}
    return render(request, "matters/dispatch_merge.html", context, status=status)


@login_required
@form_page
def split(request: Request, public_id: str) -> HttpResponse:
    """Give parts of a matter a way of their own."""
    by, at = request.actor, clock.now()
    matter_for(by, public_id, "split", at=at)
    matter = card_matter(by, public_id, at)
    initial = {f"category_{n}": matter.category.public_id for n in (1, 2, 3)}
    form = forms_of.SplitForm(request.POST or None, matter=matter, initial=initial)
    status = 200
    if request.method == "POST":

        def act() -> None:
            parts = [merging.Part(words, category) for words, category in form.parts()]
            merging.split_matter(public_id, parts, by=by, at=at)

        status = _settle(request, form, act, _("已拆单，请分别派单。"))
        if not status:
            return redirect("matters:matter", public_id)
    context = {"matter": matter, "form": form}
    return render(request, "matters/dispatch_split.html", context, status=status)


# ---- batches --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """One row of a batch: what is proposed for it and the fields that are its own."""

    row: Matter
    suggested: Proposal | None = None
    wording: batches.Wording | None = None
    lead: BoundField | None = None


def _ids(request: Request) -> list[str]:
    return list(dict.fromkeys(request.POST.getlist("matter")))


def _picked(request: Request) -> list[Matter]:
    """Give the matters that were ticked. Raises NoDesk where one has no desk at all."""
    if not has_desk(request.actor):
        raise NoDesk
    return picked(request.actor, _ids(request), clock.now())


def _none(request: Request) -> HttpResponse:
    messages.warning(request, _("还没有选诉求。"))
    return redirect(f"{reverse('matters:queue')}?pick")


def _result(
    request: Request,
    rows: Sequence[Matter],
    batch: Batch,
    done: str,
    leads: Mapping[str, Body] | None = None,
) -> HttpResponse:
    """Say of each matter whether it went, to whom, and why not."""
    why = {refused.public_id: refused.error for refused in batch.refused}
    went = leads or {}
    context = {
        "rows": [(row, why.get(row.public_id), went.get(row.public_id)) for row in rows],
        "done": len(batch.done),
        "refused": len(batch.refused),
        "title": done,
    }
    return render(request, "matters/dispatch_result.html", context)


@login_required
@require_POST
def accept_many(request: Request) -> HttpResponse:
    """Ask how the board words each of the ticked matters; sent, accept them all."""
    rows = _picked(request)
    if not rows:
        return _none(request)
    sent = "send" in request.POST
    form = batches.AcceptManyForm(request.POST if sent else None, rows=rows)
    if sent and form.is_valid():
        ids = [row.public_id for row in rows]
        batch = acts.accept_matters_many(
            ids, wordings=form.wordings(), by=request.actor, at=clock.now()
        )
        return _result(request, rows, batch, _("成批受理"))
    context = {
        "form": form,
        "ways": [Way(row, wording=form.wording(row)) for row in rows],
        "title": _("成批受理"),
        "verb": _("受理这些"),
    }
    return render(request, "matters/dispatch_many.html", context, status=422 if sent else 200)


@login_required
@require_POST
def assign_many(request: Request) -> HttpResponse:
    """Show to whom each ticked matter should go, by rule or likeness; sent, assign them all."""
    rows = _picked(request)
    if not rows:
        return _none(request)
    by, at = request.actor, clock.now()
    sent = "send" in request.POST
    suggested = propose_many(rows, by=by, at=at)
    bodies = {pk: found.body for pk, found in suggested.items() if found.body is not None}
    posted = request.POST if sent else None
    form = batches.AssignManyForm(posted, by=by, rows=rows, proposed=bodies)
    if sent and form.is_valid():
        batch = acts.assign_matters_many(
            form.leads,
            co=form.co(),
            note=form.cleaned_data["note"],
            fresh=form.wordings(),
            by=by,
            at=at,
        )
        return _result(request, rows, batch, _("成批派单"), form.leads)
    context = {
        "form": form,
        "ways": [
            Way(row, suggested[row.pk], form.wording(row), form.row_lead(row)) for row in rows
        ],
        "title": _("成批派单"),
        "verb": _("派单"),
    }
    return render(request, "matters/dispatch_many.html", context, status=422 if sent else 200)


@login_required
@require_POST
def answer_many(request: Request) -> HttpResponse:
    """Ask for the words to the ticked matters; sent, answer them all."""
    rows = _picked(request)
    if not rows:
        return _none(request)
    templates = list(visible_templates(request.actor)[:MOST_TEMPLATES])
    key = request.POST.get("template")
    chosen = next((one for one in templates if one.public_id == key), None)
    sent = "send" in request.POST and chosen is None
    begun = {"text": chosen.text if chosen else ""}
    form = AnswerManyForm(request.POST if sent else None, initial=begun)
    if sent and form.is_valid():
        batch = handling.answer_matters_many(
            [row.public_id for row in rows],
            form.cleaned_data["text"],
            by=request.actor,
            at=clock.now(),
        )
        return _result(request, rows, batch, _("成批答复"))
    context = {
        "form": form,
        "ways": [Way(row) for row in rows],
        "templates": templates,
        "title": _("成批答复"),
        "verb": _("答复这些"),
    }
    return render(request, "matters/dispatch_many.html", context, status=422 if sent else 200)
