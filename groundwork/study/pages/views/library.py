"""Pages of the library: search, one material, add, change, download, topics."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundwork.base import clock, text
from groundwork.base.errors import Forbidden, NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.study.actions import library as acts
from groundwork.study.pages.forms.library import (
    LibraryFilter,
    MaterialForm,
    TopicForm,
    initial_of,
)
from groundwork.study.policy.evening import material_for, plans_anywhere
from groundwork.study.queries import library as queries
from groundwork.web.errors import say

form_page = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def library(request: Request) -> HttpResponse:
    """List the library, narrowed by words, theme and topic."""
    return render(request, "study/library.html", _library(request, TopicForm()))


def _library(request: Request, topic_form: TopicForm) -> dict[str, Any]:
    by = request.actor
    topics = list(queries.topics_in_use())
    form = LibraryFilter(request.GET or None, topics=topics)
    said = form.cleaned_data if form.is_valid() else {}
    q = text.tidy(said.get("q") or "")
    return {
        "listing": queries.materials(
            by,
            q=q,
            theme=said.get("theme") or "",
            topic=said.get("topic") or "",
            after=request.GET.get("after", ""),
        ),
        "form": form,
        "asked": any(said.values()),
        "may_add": queries.may_add(by),
        "topic_form": topic_form if plans_anywhere(by) else None,
    }


@login_required
@require_safe
def material(request: Request, public_id: str) -> HttpResponse:
    """Show one material and the evenings it was studied on."""
    by = request.actor
    page = queries.material_page(by, material_for(by, public_id))
    return render(
        request, "study/library_material.html", {"page": page, "may_plan": queries.may_add(by)}
    )


@login_required
@require_safe
def material_file(request: Request, public_id: str) -> FileResponse:
    """Hand out a material's file, always as a download: nothing uploaded runs in the page."""
    attachment = material_for(request.actor, public_id).attachment
    if attachment is None or not attachment.file:
        raise NotFound
    return FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type,
    )


@login_required
@form_page
def material_new(request: Request) -> HttpResponse:
    """Put something into the library."""
    by = request.actor
    if not queries.may_add(by):
        raise Forbidden
    form = MaterialForm(request.POST or None, request.FILES or None, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.add_material(**form.values(), by=by, at=clock.now())
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("已放入材料库。"))
            return redirect("study:material", made.public_id)
    return render(request, "study/library_form.html", {"form": form, "material": None})


@login_required
@form_page
def material_edit(request: Request, public_id: str) -> HttpResponse:
    """Change a material."""
    by = request.actor
    found = material_for(by, public_id, "edit")
    form = MaterialForm(
        request.POST or None,
        request.FILES or None,
        by=by,
        initial=initial_of(found),
        fixed_host=True,
    )
    if request.method == "POST" and form.is_valid():
        try:
            acts.edit_material(public_id, **form.values(), by=by, at=clock.now())
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("已保存。"))
            return redirect("study:material", public_id)
    return render(request, "study/library_form.html", {"form": form, "material": found})


@login_required
@require_POST
def topic_add(request: Request) -> HttpResponse:
    """Add a topic to the city's list."""
    form = TopicForm(request.POST)
    if form.is_valid():
        try:
            acts.add_topic(**form.cleaned_data, by=request.actor, at=clock.now())
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("专题已增加。"))
            return redirect("study:library")
    elif not plans_anywhere(request.actor):
        raise Forbidden
    return render(request, "study/library.html", _library(request, form), status=422)
