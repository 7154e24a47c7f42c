"""The host's page: the key, what comes, recordings, captions."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.live.actions import captions, recordings, streams
from groundwork.live.pages.forms import CaptionsForm, TrimForm, UploadForm
from groundwork.live.policy.recordings import recording_for
from groundwork.live.policy.streams import stream_for
from groundwork.live.queries.hosting import host_page, still_path
from groundwork.web.sending import sent


@login_required
@require_GET
@never_cache
def stream(request: Request, public_id: str) -> HttpResponse:
    """Show the host's page; htmx asks every few seconds for what comes."""
    if request.htmx:
        found = stream_for(request.actor, public_id, "host")
        page = host_page(found, clock.now())
        return render(request, "live/parts/state.html", {"page": page, "stream": found})
    return _page(request, public_id)


def _page(
    request: Request, public_id: str, *, key: str = "", status: int = 200, **forms: Form
) -> HttpResponse:
    found = stream_for(request.actor, public_id, "host")
    context = {
        "page": host_page(found, clock.now()),
        "stream": found,
        "key": key,
        "upload": forms.get("upload") or UploadForm(),
        "captions": forms.get("captions") or CaptionsForm(),
    }
    return render(request, "live/stream.html", context, status=status)


@login_required
@require_GET
@never_cache
def still(request: Request, public_id: str) -> HttpResponse:
    """Give the latest picture of what an encoder sends."""
    path = still_path(stream_for(request.actor, public_id, "host"))
    if path is None:
        raise NotFound
    return HttpResponse(path.read_bytes(), content_type="image/jpeg")


@login_required
@require_POST
@never_cache
def key(request: Request, public_id: str) -> HttpResponse:
    """Make a new key and show it this once."""
    made = streams.renew_key(public_id, by=request.actor)
    return _page(request, public_id, key=made)


def _act(request: Request, public_id: str, act: Callable[..., object], done: str) -> HttpResponse:
    act(public_id, by=request.actor)
    messages.success(request, done)
    return redirect("live:stream", public_id)


@login_required
@require_POST
def close(request: Request, public_id: str) -> HttpResponse:
    """End the broadcast."""
    return _act(request, public_id, streams.close_stream, _("直播已结束，录像处理好后可以回看。"))


@login_required
@require_POST
def reopen(request: Request, public_id: str) -> HttpResponse:
    """Take back an end that came by mistake."""
    return _act(request, public_id, streams.reopen_stream, _("可以用原来的密钥继续推流。"))


@login_required
@require_POST
def upload(request: Request, public_id: str) -> HttpResponse:
    """Take an uploaded recording."""
    stream_for(request.actor, public_id, "host")
    form = UploadForm(request.POST, request.FILES)

    def act() -> str:
        recordings.upload_recording(public_id, form.cleaned_data["file"], by=request.actor)
        return reverse("live:stream", args=[public_id])

    done = sent(request, form, act, _("已收到，正在处理；处理好后会通知您。"))
    return done or _page(request, public_id, status=422, upload=form)


@login_required
@require_POST
def put_captions(request: Request, public_id: str) -> HttpResponse:
    """Take captions, or with none in the form take them away."""
    stream_for(request.actor, public_id, "host")
    if "remove" in request.POST:
        return _act(
            request,
            public_id,
            lambda public_id, by: captions.put_captions(public_id, "", by=by),
            _("字幕已删除。"),
        )
    form = CaptionsForm(request.POST, request.FILES)

    def act() -> str:
        captions.put_captions(public_id, form.cleaned_data["file"], by=request.actor)
        return reverse("live:stream", args=[public_id])

    done = sent(request, form, act, _("字幕已保存。"))
    return done or _page(request, public_id, status=422, captions=form)


@login_required
@require_GET
def trim_page(request: Request, public_id: str) -> HttpResponse:
    """Ask from where to where a replay is shown."""
    return _trim_page(request, public_id, None)


def _trim_page(request: Request, public_id: str, form: TrimForm | None) -> HttpResponse:
    recording = recording_for(request.actor, public_id)
    page = host_page(recording.stream, clock.now())
    line = next((one for one in page.recordings if one.recording.pk == recording.pk), None)
    if line is None:
        raise NotFound
    start = {"start": line.start if recording.trim_start else ""}
    end = {"end": line.end if recording.trim_end else ""}
    context = {
        "form": form or TrimForm(initial=start | end),
        "stream": recording.stream,
        "line": line,
    }
    return render(request, "live/trim.html", context, status=422 if form else 200)


@login_required
@require_POST
def trim(request: Request, public_id: str) -> HttpResponse:
    """Cut start and end off a replay."""
    recording = recording_for(request.actor, public_id)
    form = TrimForm(request.POST)

    def act() -> str:
        said = form.cleaned_data
        recordings.trim_recording(public_id, said["start"] or 0, said["end"], by=request.actor)
        return reverse("live:stream", args=[recording.stream.public_id])

    return sent(request, form, act, _("已按新的起止显示。")) or _trim_page(request, public_id, form)


@login_required
@require_POST
def show(request: Request, public_id: str) -> HttpResponse:
    """Show a recording as the replay, or take it away."""
    shown = request.POST.get("shown") == "1"
    recording = recordings.show_recording(public_id, shown, by=request.actor)
    messages.success(request, _("回看已开放。") if shown else _("回看已撤下。"))
    return redirect("live:stream", recording.stream.public_id)
