"""What everybody reads of the television inquiry, each from its hour on."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.campaigns.policy import inquiry as policy
from groundwork.campaigns.queries import inquiry as queries
from groundwork.web.downloads import ranged_file

WATCHED = ("video/mp4", "image/webp")  # shown in the page; all else is a download


@require_safe
def seasons(request: Request) -> HttpResponse:
    """List the seasons."""
    context = {
        "listing": queries.seasons(request.GET.get("after", "")),
        "edits": policy.may_edit(request.actor),
    }
    return render(request, "campaigns/inquiry/seasons.html", context)


@require_safe
def season(request: Request, public_id: str) -> HttpResponse:
    """Show a season: every problem broadcast with its state."""
    page = queries.season_page(
        request.actor,
        public_id,
        clock.now(),
        open_only=request.GET.get("show") == "open",
        after=request.GET.get("after", ""),
    )
    return render(request, "campaigns/inquiry/season.html", {"page": page, "season": page.season})


@require_safe
def episode(request: Request, public_id: str) -> HttpResponse:
    """Show an evening; its editor finds what to do here."""
    by, at = request.actor, clock.now()
    page = queries.episode_page(by, public_id, at)
    context = {"page": page, "episode": page.episode}
    return render(request, "campaigns/inquiry/episode.html", context)


@require_safe
def order(request: Request, public_id: str) -> HttpResponse:
    """Print the running order."""
    by, at = request.actor, clock.now()
    page = queries.episode_page(by, public_id, at)
    context = {"page": page, "episode": page.episode, "at": at}
    return render(request, "campaigns/inquiry/order.html", context)


@require_safe
def item(request: Request, public_id: str) -> HttpResponse:
    """Show one problem, the same to its editor, the questioned unit and who raised it."""
    page = queries.item_page(request.actor, public_id, clock.now())
    context = {"page": page, "item": page.item, "episode": page.episode}
    return render(request, "campaigns/inquiry/item.html", context)


@require_safe
def clip_file(request: Request, public_id: str) -> HttpResponseBase:
    """Give a clip's file: films and pictures in the page, papers as a download."""
    found = policy.clip_for(request.actor, public_id, at=clock.now())
    stored = found.attachment
    if stored is None or not stored.file:
        raise NotFound
    if stored.media_type in WATCHED:
        answer = ranged_file(request, stored.file, stored.media_type)
    else:
        answer = FileResponse(
            stored.file.open("rb"),
            as_attachment=True,
            filename=stored.name,
            content_type=stored.media_type,
        )
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def subtitles(request: Request, public_id: str) -> HttpResponse:
    """Give a clip's subtitles."""
    found = policy.clip_for(request.actor, public_id, at=clock.now())
    if not found.subtitles:
        raise NotFound
    answer = HttpResponse(found.subtitles, content_type="text/vtt; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    return answer
