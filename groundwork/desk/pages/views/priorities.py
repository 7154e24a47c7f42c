"""The city's central tasks."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groundwork.base import clock
from groundwork.base.errors import Forbidden
from groundwork.base.http import Request
from groundwork.desk.pages.forms import registry as forms
from groundwork.desk.pages.views.forming import form_page
from groundwork.desk.pages.views.people import form_methods
from groundwork.registry import actions, policy, queries


@login_required
@require_safe
def priorities(request: Request) -> HttpResponse:
    """List the central tasks."""
    context = {
        "priorities": queries.priorities_page(request.actor),
        "may_edit": policy.may_keep_priorities(request.actor),
        "today": clock.today(),
    }
    return render(request, "desk/priorities.html", context)


def _page(request: Request, form: forms.PriorityForm, act: Any, title: str) -> HttpResponse:
    back = reverse("desk:priorities")
    return form_page(
        request,
        form,
        act,
        title=title,
        done=_("已保存。"),
        back=back,
        verb=_("保存"),
        crumbs=(_("中心工作"), back, title),
    )


@login_required
@form_methods
def priority_add(request: Request) -> HttpResponse:
    """Add a central task."""
    if not policy.may_keep_priorities(request.actor):
        raise Forbidden

    def act(said: dict[str, Any]) -> str:
        actions.add_priority(**said, by=request.actor)
        return reverse("desk:priorities")

    return _page(request, forms.PriorityForm(request.POST or None), act, _("新增中心工作"))


@login_required
@form_methods
def priority_edit(request: Request, public_id: str) -> HttpResponse:
    """Mend a central task."""
    subject = policy.priority_for(request.actor, public_id, "edit")
    initial = {name: getattr(subject, name) for name in ("name", "valid_from", "valid_to")}

    def act(said: dict[str, Any]) -> str:
        actions.edit_priority(subject, **said, by=request.actor)
        return reverse("desk:priorities")

    form = forms.PriorityForm(request.POST or None, initial=initial)
    return _page(request, form, act, _("修改中心工作"))
