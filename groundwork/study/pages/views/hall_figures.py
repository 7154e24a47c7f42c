"""How many watched: our figures with their definitions, the broadcaster's own beside them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groundwork.base import clock
from groundwork.base.errors import NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.live.actions.watching import record_outside_figure
from groundwork.live.queries.playing import stream_of
from groundwork.study.pages.forms.hall import OutsideFigureForm
from groundwork.study.pages.views.hall import open_to_all
from groundwork.study.policy.hall import allows, hall_for
from groundwork.study.queries.audience_figures import KIND, figures_page
from groundwork.web.errors import say


@require_safe
@open_to_all
def figures(request: Request, evening: str) -> HttpResponse:
    """Show what is known of the audience; nobody in it."""
    return _page(request, evening, None)


@require_POST
@login_required
def outside(request: Request, evening: str) -> HttpResponse:
    """Record what the broadcaster says, with who said it and when; nothing is ever changed."""
    found = hall_for(request.actor, evening, "state_figure")
    stream = stream_of(KIND, found.public_id)
    if stream is None:
        raise NotFound
    form = OutsideFigureForm(request.POST)
    if form.is_valid():
        try:
            record_outside_figure(
                stream.public_id, **form.cleaned_data, by=request.actor, at=clock.now()
            )
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("已记下。记下的数字不能改，有误请再记一条说明。"))
            return redirect("study:hall_figures", evening)
    return _page(request, evening, form)


def _page(request: Request, evening: str, form: OutsideFigureForm | None) -> HttpResponse:
    found = hall_for(request.actor, evening)
    page = figures_page(found)
    if form is None and page.stream is not None and allows(request.actor, found, "state_figure"):
        form = OutsideFigureForm()
    context = {"evening": found, "page": page, "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "study/hall_figures.html", context, status=status)
