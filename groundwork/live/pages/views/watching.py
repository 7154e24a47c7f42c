"""What players ask: what is on now, the captions."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from groundwork.base import clock
from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.live.policy.streams import stream_for
from groundwork.live.queries.playing import playing, replay_of
from groundwork.live.rules.media import shift_captions

FRESH = 2  # seconds an edge may keep what is on now: thousands ask, one answer serves them


@require_safe
def now_json(request: Request, public_id: str) -> JsonResponse:
    """Say what there is to play now, for the player."""
    stream, now = stream_for(request.actor, public_id), clock.now()
    found = playing(stream, now)
    answer = JsonResponse(
        {
            "state": found.state,
            "hls": found.hls_url,
            "audio": found.audio_url,
            "replay": found.replay_url,
            "cut_short": found.cut_short,
            "captions": found.captions_url,
            "outside": found.outside_url,
            "started_at": found.started_at and found.started_at.isoformat(),
            "now": now.isoformat(),
        }
    )
    answer["Cache-Control"] = f"{'public' if stream.public else 'private'}, max-age={FRESH}"
    return answer


@require_safe
def captions(request: Request, public_id: str) -> HttpResponse:
    """Give the captions as WebVTT."""
    stream = stream_for(request.actor, public_id)
    if not stream.captions:
        raise NotFound
    replay = replay_of(stream)
    text = shift_captions(stream.captions, replay.shown_start or 0) if replay else stream.captions
    answer = HttpResponse(text, content_type="text/vtt; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=60"
    return answer
