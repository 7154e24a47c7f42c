"""My account: as what I act, how I come in, what is kept about me."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.access import actions, policy, queries
from groundwork.access.pages.forms import CorrectionForm, NoticeSettingsForm
from groundwork.access.queries import notices as notice_queries
from groundwork.access.queries import own
from groundwork.base import clock
from groundwork.base.errors import NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.web.errors import say


@require_GET
@login_required
def me(request: Request) -> HttpResponse:
    """Show who I am here and lead to everything of my own."""
    context = {
        "doors": own.doors_of(request.actor),
        "choices": own.ways_to_act(request.actor),
        "unread": queries.unread_count(request.actor),
        "keeps": policy.keeps_accounts(request.actor),
        "sees_grants": policy.sees_grants(request.actor),
        "sees_trail": policy.reads_trail(request.actor),
    }
    return render(request, "access/me.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def act_as(request: Request) -> HttpResponse:
    """Choose as what to act, here and in the next session."""
    if request.method == "POST":
        by = request.actor
        assert by.account_id is not None
        chosen = actions.act_as(by.account_id, chosen=request.POST.get("as", ""), by=by)
        request.session[queries.ACTING_KEY] = chosen
        onward = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure())
        return redirect(onward if safe else "/")
    choices = own.ways_to_act(request.actor)
    return render(request, "access/act_as.html", {"choices": choices, "staff": queries.AS_STAFF})


@require_POST
@login_required
def language(request: Request) -> HttpResponse:
    """Choose the language of pages and letters."""
    locale, by = request.POST.get("language", ""), request.actor
    assert by.account_id is not None
    actions.set_locale(by.account_id, locale=locale, by=by)
    response = redirect("access:me")
    if locale in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            locale,
            max_age=settings.SESSION_COOKIE_AGE,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


@require_http_methods(["GET", "POST"])
@login_required
def notice_settings(request: Request) -> HttpResponse:
    """Choose how to be told, and when not."""
    by = request.actor
    assert by.account_id is not None
    wish = notice_queries.settings_of(by.account_id)
    first = {
        "email": own.email_of(by),
        "mail": wish.mail,
        "vendor": wish.vendor,
        "quiet_from": wish.quiet_from,
        "quiet_to": wish.quiet_to,
    }
    form = NoticeSettingsForm(request.POST or None, initial=first)
    if not notice_queries.has_vendor():
        del form.fields["vendor"]
    if request.method == "POST" and form.is_valid():
        chosen = {"vendor": wish.vendor, **form.cleaned_data}
        actions.choose_notices(by.account_id, **chosen, by=by)
        messages.success(request, _("通知设置已保存。"))
        return redirect("access:me")
    status = 422 if form.errors else 200
    return render(request, "access/notice_settings.html", {"form": form}, status=status)


@require_GET
@login_required
def own_data(request: Request) -> HttpResponse:
    """Show everything that is kept about me."""
    context = {"sections": own.own_data(request.actor), "form": CorrectionForm()}
    return render(request, "access/own_data.html", context)


@require_GET
@login_required
def own_data_export(request: Request, form: str) -> HttpResponse:
    """Give everything that is kept about me as a file."""
    made = own.EXPORTS.get(form)
    if made is None:
        raise NotFound
    actions.record_own_export(by=request.actor)
    response = HttpResponse(made.write(own.own_data(request.actor)), content_type=made.media_type)
    name = f"my-data-{clock.today():%Y%m%d}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def correct(request: Request) -> HttpResponse:
    """Ask the secretary to correct what is kept about me."""
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            actions.request_correction(text=form.cleaned_data["text"], by=request.actor)
        except RuleBroken as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("已转给本单位书记和内勤，他们改好后您会在这里看到。"))
            return redirect("access:own_data")
    context = {"sections": own.own_data(request.actor), "form": form}
    return render(request, "access/own_data.html", context, status=422)
