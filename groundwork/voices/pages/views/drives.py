"""Pages of drives: the list, one drive with its one tap, what the community saw."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import attachments, clock
from groundwork.base.http import Request
from groundwork.voices.actions import drives as acts
from groundwork.voices.pages.forms.drives import DriveForm, SpotForm, TapForm
from groundwork.voices.pages.views.forming import answer_form
from groundwork.voices.policy import drives as policy
from groundwork.voices.policy import home as home_policy
from groundwork.voices.queries import drives as queries
from groundwork.web.sending import form_page, sent, tapped


@login_required
@require_GET
def drives(request: Request) -> HttpResponse:
    """List the drives of one's communities."""
    by = request.actor
    listing = queries.drives(by, request.GET.get("after", ""))
    context = {"listing": listing, "keeps": home_policy.keeps_any(by)}
    return render(request, "voices/drives.html", context)


@login_required
@form_page
def drive_new(request: Request) -> HttpResponse:
    """Open a drive."""
    by = request.actor
    home_policy.require_keeper(by)
    today = clock.today()
    form = DriveForm(
        request.POST or None,
        places=list(home_policy.kept_communities(by)),
        initial={"first_day": today, "last_day": today + timedelta(days=30)},
    )

    def act() -> str:
        made = acts.open_drive(form.plan(), by=by)
        return reverse("voices:drive", args=[made.public_id])

    return answer_form(
        request,
        form,
        act,
        title=_("开一项活动"),
        done=_("已开始，到期自动结束。"),
        back=reverse("voices:drives"),
        verb=_("开始"),
        lead=_("没有上级依据的活动不开。不排名、不比数，照片可以不拍。"),
    )


@login_required
@require_GET
def drive(request: Request, public_id: str) -> HttpResponse:
    """Show a drive."""
    by = request.actor
    found = policy.drive_for(by, public_id)
    page = queries.drive_page(by, found, clock.now(), request.GET.get("after", ""))
    context = {"page": page, "drive": found, "tap": TapForm()}
    return render(request, "voices/drive.html", context)


def _back(public_id: str) -> str:
    return reverse("voices:drive", args=[public_id])


@login_required
@require_POST
def tap(request: Request, public_id: str) -> HttpResponse:
    """Take the one tap."""
    by = request.actor
    form = TapForm(request.POST, request.FILES)
    file = form.cleaned_data["picture"] if form.is_valid() else None
    content = file.read() if file else None
    return tapped(
        request,
        lambda: acts.state_done(public_id, content, by=by),
        _("收到，谢谢。"),
        _back(public_id),
    )


@login_required
@form_page
def spot(request: Request, public_id: str) -> HttpResponse:
    """Write down what was seen at a spot."""
    by = request.actor
    found = policy.drive_for(by, public_id, "keep")
    form = SpotForm(request.POST or None, request.FILES or None)

    def act() -> str:
        data = form.cleaned_data
        acts.visit_spot(
            public_id,
            data["spot"],
            fine=data["fine"] == "yes",
            note=data["note"],
            picture=data["picture"].read() if data["picture"] else None,
            client_key=request.POST.get("client_key", ""),
            by=by,
        )
        return _back(public_id)

    gone = sent(request, form, act, _("已记下。"))
    if gone:
        return gone
    context = {"form": form, "drive": found, "back_url": _back(public_id)}
    return render(request, "voices/spot.html", context, status=422 if form.errors else 200)


@login_required
@form_page
def shut(request: Request, public_id: str) -> HttpResponse:
    """Ask, then end a drive now."""
    by = request.actor
    found = policy.drive_for(by, public_id, "keep")
    if request.method == "POST":
        done = _("已结束，照片和名字都清除了。")
        return tapped(request, lambda: acts.shut_drive(public_id, by=by), done, _back(public_id))
    context = {
        "question": _("现在结束“%(title)s”？") % {"title": found.title},
        "consequence": _("大家点过的、拍过的一并清除，只留有多少。不能恢复。"),
        "verb": _("结束并清除"),
        "danger": True,
        "back_url": _back(public_id),
    }
    return render(request, "web/confirm.html", context)


@login_required
@require_GET
def picture(request: Request, public_id: str) -> HttpResponse:
    """Give a picture of a spot to its community, until the drive ends."""
    stored = queries.picture(request.actor, public_id)
    response = HttpResponse(attachments.read(stored), content_type=stored.media_type)
    response["Cache-Control"] = "no-store"
    return response
