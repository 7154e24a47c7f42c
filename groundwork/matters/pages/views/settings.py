"""What the office sets: categories, deadlines by version, routes, answer templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groundwork.base import clock
from groundwork.base.errors import Forbidden, GroundworkError
from groundwork.base.http import Request
from groundwork.matters.actions import settings as acts
from groundwork.matters.models import Category
from groundwork.matters.pages.forms import settings as forms_of
from groundwork.matters.pages.views.card import form_page
from groundwork.matters.policy import settings as policy
from groundwork.matters.queries import settings as queries
from groundwork.web.errors import say


def _form_page(
    request: Request,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    back: str,
    verb: str,
    done: str,
    **more: Any,
) -> HttpResponse:
    """Show a form; sent, act and go back to the list; a broken rule is said above the fields."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data)
            except Forbidden:
                raise
            except GroundworkError as error:
                form.add_error(None, say(error))
                status = error.status
            else:
                messages.success(request, done)
                return redirect(back)
    context = {"form": form, "title": title, "back": reverse(back), "verb": verb, **more}
    return render(request, "matters/settings_form.html", context, status=status)


@login_required
@require_safe
def overview(request: Request) -> HttpResponse:
    """Show which settings the reader opens."""
    return render(request, "matters/settings.html", {"doors": queries.doors(request.actor)})


# ---- categories ------------------------------------------------------------------------------
@login_required
@require_safe
def categories(request: Request) -> HttpResponse:
    """List the categories with their parts."""
    policy.check_sets_terms(request.actor)
    context = {"groups": queries.category_groups(), "today": clock.today()}
    return render(request, "matters/settings_categories.html", context)


@login_required
@form_page
def category_add(request: Request) -> HttpResponse:
    """Add a category."""
    policy.check_sets_terms(request.actor)
    form = forms_of.CategoryForm(request.POST or None, initial={"audience": "people"})
    return _form_page(
        request,
        form,
        lambda said: acts.add_category(**said, by=request.actor, at=clock.now()),
        title=_("新增类别"),
        back="matters:settings_categories",
        verb=_("新增"),
        done=_("类别已新增。"),
    )


@login_required
@form_page
def category_edit(request: Request, public_id: str) -> HttpResponse:
    """Change what a category is called and found by."""
    row = policy.category_for(request.actor, public_id)
    form = forms_of.CategoryEditForm(request.POST or None, initial=_initial(row))
    return _form_page(
        request,
        form,
        lambda said: acts.edit_category(public_id, **said, by=request.actor, at=clock.now()),
        title=str(row),
        back="matters:settings_categories",
        verb=_("保存"),
        done=_("已保存。"),
        category=row,
    )


def _initial(row: Category) -> dict[str, Any]:
    return {
        "name": row.name,
        "name_en": row.name_en,
        "audience": row.audience,
        "description": row.description,
        "words": "、".join(row.words),
        "order": row.order,
    }


@login_required
@form_page
def category_close(request: Request, public_id: str) -> HttpResponse:
    """Let a category be chosen until a day; what stands in it stays."""
    row = policy.category_for(request.actor, public_id)
    form = forms_of.CloseCategoryForm(request.POST or None, initial={"last_day": clock.today()})
    return _form_page(
        request,
        form,
        lambda said: acts.close_category(public_id, **said, by=request.actor, at=clock.now()),
        title=_("停用“%(name)s”") % {"name": row},
        back="matters:settings_categories",
        verb=_("停用"),
        done=_("已停用，已有的诉求不受影响。"),
        danger=True,
    )


# ---- deadlines -------------------------------------------------------------------------------
@login_required
@require_safe
def terms(request: Request) -> HttpResponse:
    """List the versions of deadlines, in force, to come and over."""
    policy.check_sets_terms(request.actor)
    context = {"versions": queries.versions(clock.today())}
    return render(request, "matters/settings_terms.html", context)


@login_required
@form_page
def term_write(request: Request) -> HttpResponse:
    """Write a new version from a day on."""
    by = request.actor
    policy.check_sets_terms(by)
    initial = {"urgency": "normal", "valid_from": clock.today()}
    form = forms_of.TermForm(request.POST or None, initial=initial)
    return _form_page(
        request,
        form,
        lambda said: acts.write_term(**said, by=by, at=clock.now()),
        title=_("定一版新期限"),
        back="matters:settings_terms",
        verb=_("保存"),
        done=_("新期限已定，到那天起生效。"),
    )


# ---- routes ----------------------------------------------------------------------------------
@login_required
@require_safe
def routes(request: Request) -> HttpResponse:
    """List the routes of the own places."""
    by = request.actor
    _check_routes(request)
    closed = "closed" in request.GET
    after = request.GET.get("after", "")
    listing = queries.routes_page(by, after, today=clock.today(), closed=closed)
    return render(request, "matters/settings_routes.html", {"listing": listing, "closed": closed})


def _check_routes(request: Request) -> None:
    if not queries.doors(request.actor).routes:
        raise Forbidden


@login_required
@form_page
def route_add(request: Request) -> HttpResponse:
    """Send a category's matters of a place to a body."""
    _check_routes(request)
    by = request.actor
    form = forms_of.RouteForm(request.POST or None, by=by)
    return _form_page(
        request,
        form,
        lambda said: acts.add_route(
            said["category"], said["place"], said["body"], by=by, at=clock.now()
        ),
        title=_("新增派单规则"),
        back="matters:settings_routes",
        verb=_("新增"),
        done=_("规则已新增，今天起生效。"),
    )


@login_required
@require_POST
def route_close(request: Request, public_id: str) -> HttpResponse:
    """End a route."""
    try:
        acts.close_route(public_id, by=request.actor, at=clock.now())
    except GroundworkError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, say(error))
    else:
        messages.success(request, _("规则已停用。"))
    return redirect("matters:settings_routes")


# ---- templates -------------------------------------------------------------------------------
@login_required
@require_safe
def templates(request: Request) -> HttpResponse:
    """List the answer templates of the own bodies."""
    _check_templates(request)
    context = {"templates": queries.templates(request.actor)}
    return render(request, "matters/settings_templates.html", context)


def _check_templates(request: Request) -> None:
    if not queries.doors(request.actor).templates:
        raise Forbidden


@login_required
@form_page
def template_write(request: Request) -> HttpResponse:
    """Write a new template."""
    _check_templates(request)
    return _template_page(request, "", {}, _("新写模板"))


@login_required
@form_page
def template_edit(request: Request, public_id: str) -> HttpResponse:
    """Write a template anew."""
    row = policy.template_for(request.actor, public_id)
    initial = {
        "body": row.body.public_id,
        "title": row.title,
        "category": row.category.public_id if row.category else "",
        "text": row.text,
    }
    return _template_page(request, public_id, initial, row.title, template=row)


def _template_page(
    request: Request, public_id: str, initial: dict[str, Any], title: str, **more: Any
) -> HttpResponse:
    by = request.actor
    bodies = queries.template_bodies(by)
    template = more.get("template")
    if template is not None and template.body not in bodies:
        bodies.append(template.body)
    form = forms_of.TemplateForm(request.POST or None, bodies=bodies, initial=initial)
    return _form_page(
        request,
        form,
        lambda said: acts.save_template(
            said["body"],
            title=said["title"],
            text=said["text"],
            category=said["category"],
            public_id=public_id,
            by=by,
            at=clock.now(),
        ),
        title=title,
        back="matters:settings_templates",
        verb=_("保存"),
        done=_("模板已保存。"),
        **more,
    )


@login_required
@require_POST
def template_delete(request: Request, public_id: str) -> HttpResponse:
    """Throw a template away."""
    acts.delete_template(public_id, by=request.actor, at=clock.now())
    messages.success(request, _("模板已删除。"))
    return redirect("matters:settings_templates")
