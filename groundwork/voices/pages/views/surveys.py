"""Pages of surveys for the unit that asks."""

from __future__ import annotations

from datetime import time, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden
from groundwork.base.http import Request
from groundwork.voices.actions import surveys as acts
from groundwork.voices.pages.forms.surveys import (
    QuestionForm,
    QuotaForm,
    SurveyForm,
    TakeUpForm,
    TextFilter,
)
from groundwork.voices.pages.views.forming import answer_form
from groundwork.voices.policy import surveys as policy
from groundwork.voices.queries import survey_files as files
from groundwork.voices.queries import surveys as queries
from groundwork.web.downloads import sheet_file
from groundwork.web.sending import form_page, tapped


@login_required
@require_GET
def surveys(request: Request) -> HttpResponse:
    """List the surveys of one's units."""
    by = request.actor
    if not policy.may_ask(by):
        raise Forbidden
    listing = queries.surveys(by, request.GET.get("after", ""))
    lines = [(row, queries.TONES[row.state]) for row in listing.rows]
    return render(request, "voices/surveys.html", {"lines": lines, "listing": listing})


def _page(public_id: str) -> str:
    return reverse("voices:survey", args=[public_id])


@login_required
@form_page
def survey_new(request: Request) -> HttpResponse:
    """Draft a survey."""
    by = request.actor
    if not policy.may_ask(by):
        raise Forbidden
    day = clock.today() + timedelta(days=1)
    initial = {
        "opens_at": clock.local(day, time(9)).replace(tzinfo=None),
        "closes_at": clock.local(day + timedelta(days=14), time(18)).replace(tzinfo=None),
    }
    bodies = list(policy.kept_bodies(by).select_related("place")[:300])
    form = SurveyForm(request.POST or None, by=by, bodies=bodies, initial=initial)

    def act() -> str:
        return _page(acts.draft_survey(form.plan(), by=by).public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("做一份问卷"),
        done=_("草稿已存，接着写问题。"),
        back=reverse("voices:surveys"),
        verb=_("存草稿"),
    )


@login_required
@require_GET
def survey(request: Request, public_id: str) -> HttpResponse:
    """Show a survey: questions, how many answered, the link."""
    by = request.actor
    found = policy.survey_for(by, public_id)
    link = request.build_absolute_uri(reverse("voices:survey_answer", args=[public_id]))
    context = {"page": queries.survey_page(by, found), "survey": found, "link": link}
    return render(request, "voices/survey.html", context)


@login_required
@form_page
def question_new(request: Request, public_id: str) -> HttpResponse:
    """Write a question."""
    by = request.actor
    found = policy.survey_for(by, public_id, "edit")
    form = QuestionForm(request.POST or None, earlier=list(found.questions.all()))

    def act() -> str:
        acts.add_question(public_id, form.new(), by=by)
        return _page(public_id)

    back = _page(public_id)
    return answer_form(
        request, form, act, title=_("加一道题"), done=_("已加上。"), back=back, verb=_("加上")
    )


@login_required
@require_POST
def question_drop(request: Request, public_id: str, key: str) -> HttpResponse:
    """Drop a question."""
    by = request.actor
    return tapped(
        request,
        lambda: acts.drop_question(public_id, key, by=by),
        _("已删去。"),
        _page(public_id),
    )


@login_required
@form_page
def quotas(request: Request, public_id: str, key: str) -> HttpResponse:
    """Say how many one wishes to have behind each option of a question."""
    by = request.actor
    found = policy.survey_for(by, public_id, "edit")
    question = queries.quota_question(found, key)
    form = QuotaForm(request.POST or None, options=queries.quota_fields(question, found))

    def act() -> str:
        acts.set_quotas(public_id, key, form.wanted(), by=by)
        return _page(public_id)

    return answer_form(
        request,
        form,
        act,
        title=_("想要多少人：%(question)s") % {"question": queries.text_of(question)},
        lead=_("不到的，只在结果旁边提醒本单位小心用；不催任何人，答的人看不到。空着就不提醒。"),
        done=_("已保存。"),
        back=_page(public_id),
    )


@login_required
@require_POST
def survey_open(request: Request, public_id: str) -> HttpResponse:
    """Open a survey."""
    by = request.actor
    done = _("已发布，到时自动开始和截止。")
    return tapped(request, lambda: acts.open_survey(public_id, by=by), done, _page(public_id))


@login_required
@require_POST
def survey_close(request: Request, public_id: str) -> HttpResponse:
    """Close a survey now."""
    by = request.actor
    done = _("已截止。")
    return tapped(request, lambda: acts.close_survey(public_id, by=by), done, _page(public_id))


@login_required
@require_POST
def survey_publish(request: Request, public_id: str) -> HttpResponse:
    """Publish the results."""
    by = request.actor
    done = _("结果已公布，谁都能看。")
    return tapped(request, lambda: acts.publish_survey(public_id, by=by), done, _page(public_id))


@require_GET
def results(request: Request, public_id: str) -> HttpResponse:
    """Show results as shares with n; everybody's once published."""
    by = request.actor
    found = policy.results_of(by, public_id)
    split = request.GET.get("by", "")
    keeps = policy.keeps(by, found.body)
    context = {
        "page": queries.results(found),
        "survey": found,
        "parts": queries.split(found, split) if split else [],
        "split": split,
        "keeps": keeps,
        "quotas": queries.wishes(found, keeps),
    }
    return render(request, "voices/survey_results.html", context)


@login_required
@require_GET
def texts(request: Request, public_id: str) -> HttpResponse:
    """List what was written."""
    by = request.actor
    found = policy.survey_for(by, public_id)
    form = TextFilter(request.GET)
    form.is_valid()
    q = form.cleaned_data.get("q", "")
    listing = queries.texts(by, found, q, request.GET.get("after", ""))
    context = {"survey": found, "listing": listing, "form": form, "q": q}
    return render(request, "voices/survey_texts.html", context)


@login_required
@form_page
def take_up(request: Request, key: str) -> HttpResponse:
    """Make a matter of what was written."""
    by = request.actor
    text = queries.text_to_take_up(by, key)
    form = TakeUpForm(request.POST or None, initial={"words": text.text})
    back = reverse("voices:survey_texts", args=[text.survey.public_id])

    def act() -> str:
        acts.take_up_text(key, **form.cleaned_data, by=by)
        return back

    done = _("已转成一件事，进了台账。")
    return answer_form(
        request, form, act, title=_("转成一件事"), done=done, back=back, verb=_("进台账")
    )


@login_required
@require_GET
def export(request: Request, public_id: str) -> HttpResponse:
    """Give answers, groups and codebook as xlsx, or one of them as CSV."""
    found = policy.survey_for(request.actor, public_id)
    kind = request.GET.get("kind", "xlsx")
    if kind == "xlsx":
        return sheet_file(files.as_xlsx(found), found.title)
    heads, rows = files.export_rows(found)
    tables = {"codebook": files.codebook, "groups": files.group_rows}
    lines = tables[kind](found) if kind in tables else [heads, *rows]
    response = HttpResponse(files.as_csv(lines), content_type="text/csv; charset=utf-8")
    name = f"{found.title} {kind}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "no-store"
    return response
