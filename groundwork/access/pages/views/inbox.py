"""The inbox, and remarks on the software."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.access import actions, policy
from groundwork.access.pages.forms import AnswerForm, RemarkForm
from groundwork.access.queries import notices, remarks
from groundwork.base.http import Request


@require_GET
@login_required
def inbox(request: Request) -> HttpResponse:
    """List what I was told, the newest first."""
    page = notices.inbox(request.actor, request.GET.get("after", ""))
    unread = notices.unread_count(request.actor)
    return render(request, "access/notices.html", {"page": page, "unread": unread})


@require_POST
@login_required
def open_notice(request: Request, public_id: str) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    notice = policy.notice_for(request.actor, public_id)
    actions.mark_read(notice, by=request.actor)
    inside = url_has_allowed_host_and_scheme(notice.url, {request.get_host()})
    return redirect(notice.url if notice.url and inside else "access:notices")


@require_POST
@login_required
def read_all(request: Request) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_all_read(by=request.actor)
    return redirect("access:notices")


@require_http_methods(["GET", "POST"])
@login_required
def remark(request: Request) -> HttpResponse:
    """Say what is wrong with the software."""
    first = {"page": request.GET.get("page", "")[:200]}
    form = RemarkForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        actions.send_remark(**form.cleaned_data, by=request.actor)
        messages.success(request, _("收到，谢谢。答复会到您的通知里。"))
        return redirect("access:remarks")
    status = 422 if form.errors else 200
    return render(request, "access/remark.html", {"form": form}, status=status)


@require_GET
@login_required
def remark_list(request: Request) -> HttpResponse:
    """List remarks: one's own, or everybody's for the city's operators."""
    open_only = request.GET.get("open") == "1"
    page = remarks.remarks_page(request.actor, request.GET.get("after", ""), open_only=open_only)
    answers = policy.answers_remarks(request.actor)
    context = {"page": page, "answers": answers, "open_only": open_only, "form": AnswerForm()}
    return render(request, "access/remarks.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def answer(request: Request, public_id: str) -> HttpResponse:
    """Answer a remark."""
    found = policy.remark_for(request.actor, public_id, "answer")
    form = AnswerForm(request.POST or None, initial={"answer": found.answer})
    if request.method == "POST" and form.is_valid():
        actions.answer_remark(found, answer=form.cleaned_data["answer"], by=request.actor)
        messages.success(request, _("已答复。"))
        return redirect("access:remarks")
    status = 422 if form.errors else 200
    return render(request, "access/answer.html", {"form": form, "remark": found}, status=status)
