"""Playlists and segments for those who must show who they are; all others never come here.

What everybody may watch is served before Django (`config.media`), or by nginx.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.live.media import files
from groundwork.live.policy.streams import stream_for, watch_files


@require_safe
def hls(request: Request, path: str) -> HttpResponse:
    """Give one file of a stream."""
    found = files.split(path)
    if found is None:
        raise NotFound
    public_id, rest = found
    watch_files(request.actor, stream_for(request.actor, public_id), rest)
    body = files.read(files.Places(Path(settings.LIVE_DIR)).stream(public_id), rest)
    if body is None:
        raise NotFound
    answer = HttpResponse(body, content_type=files.TYPES[Path(rest).suffix])
    answer["Cache-Control"] = f"private, {files.age(rest)}"
    return answer
