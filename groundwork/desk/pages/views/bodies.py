"""Bodies: the tree, the card, every act on one body."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.base.text import tidy
from groundwork.desk.pages.forms import registry as forms
from groundwork.desk.pages.views.forming import choices_page, form_page
from groundwork.desk.pages.views.people import form_methods
from groundwork.registry import actions, policy, queries
from groundwork.registry.actions import NewBody
from groundwork.registry.models import Body
from groundwork.registry.rules.bodies import split_aliases
from groundwork.web.panels import panels_at

LONGEST = 60


@login_required
@require_safe
def bodies(request: Request) -> HttpResponse:
    """Show the top of the tree, or what a search finds."""
    q = tidy(request.GET.get("q", ""))[:LONGEST]
    return render(request, "desk/bodies.html", {"page": queries.bodies_page(request.actor, q=q)})


@login_required
@require_safe
def body(request: Request, public_id: str) -> HttpResponse:
    """Show the body card."""
    card = queries.body_card(request.actor, public_id, cursor=request.GET.get("after", ""))
    panels = panels_at("body", card.body, by=request.actor, at=clock.now())
    return render(request, "desk/body.html", {"card": card, "panels": panels})


def _card(subject: Body) -> str:
    return reverse("desk:body", args=[subject.public_id])


def _way(subject: Body, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "back": _card(subject),
        "crumbs": (_("单位目录"), reverse("desk:bodies"), str(subject), _card(subject), title),
    }


@login_required
@form_methods
def body_add(request: Request, public_id: str) -> HttpResponse:
    """Add a body below this one."""
    by = request.actor
    parent = policy.body_for(by, public_id, "edit")
    kind = request.GET.get("kind", "office")
    form = forms.BodyForm(request.POST or None, initial={"code": f"{parent.code}-", "kind": kind})

    def act(said: dict[str, Any]) -> str:
        row = NewBody(
            code=said["code"],
            name=said["name"],
            kind=said["kind"],
            parent_code=parent.code,
            short_name=said["short_name"],
            place_code=parent.place.code if parent.place else "",
        )
        return _card(actions.add_body(row, by=by))

    title = _("在“%(name)s”下新增") % {"name": parent}
    return form_page(request, form, act, done=_("已新增。"), verb=_("新增"), **_way(parent, title))


@login_required
@form_methods
def body_edit(request: Request, public_id: str) -> HttpResponse:
    """Rename a body."""
    by = request.actor
    subject = policy.body_for(by, public_id, "edit")
    initial = {
        "name": subject.name,
        "short_name": subject.short_name,
        "aliases": "、".join(subject.aliases),
    }
    form = forms.BodyEditForm(request.POST or None, initial=initial)

    def act(said: dict[str, Any]) -> str:
        actions.edit_body(
            subject,
            name=said["name"],
            short_name=said["short_name"],
            aliases=split_aliases(said["aliases"]),
            by=by,
        )
        return _card(subject)

    return form_page(
        request, form, act, done=_("已保存。"), verb=_("保存"), **_way(subject, _("修改名称"))
    )


@login_required
@form_methods
def body_move(request: Request, public_id: str) -> HttpResponse:
    """Hang a body under another parent."""
    by = request.actor
    subject = policy.body_for(by, public_id, "edit")
    form = forms.BodyMoveForm(request.POST or None, by=by)

    def act(said: dict[str, Any]) -> str:
        parent = policy.body_for(by, said["parent"], "edit")
        return _card(actions.move_body(subject, parent=parent, by=by))

    return form_page(
        request,
        form,
        act,
        done=_("已移动。"),
        verb=_("移动"),
        note=_("连同下面的机构一起移动；人员仍在原机构。"),
        **_way(subject, _("移动机构")),
    )


@login_required
@form_methods
def body_close(request: Request, public_id: str) -> HttpResponse:
    """Close a body."""
    by = request.actor
    subject = policy.body_for(by, public_id, "edit")
    form = forms.CloseForm(request.POST or None)

    def act(said: dict[str, Any]) -> str:
        actions.close_body(subject, last_day=said["last_day"], by=by)
        return _card(subject)

    return form_page(
        request,
        form,
        act,
        done=_("已撤销，历史保留。"),
        verb=_("撤销"),
        danger=True,
        note=_("撤销后不能再安排人员，历史保留。"),
        **_way(subject, _("撤销机构")),
    )


@login_required
@require_safe
def choices_bodies(request: Request) -> HttpResponse:
    """Answer a field that looks for any body."""
    return choices_page(request, queries.find_bodies(request.actor, request.GET.get("q", "")))


@login_required
@require_safe
def choices_units(request: Request) -> HttpResponse:
    """Answer a field that looks for a unit the actor keeps."""
    return choices_page(request, queries.find_units(request.actor, request.GET.get("q", "")))
