"""What nginx asks before it lets an encoder in (`on_publish` of its RTMP module)."""

from __future__ import annotations

import hmac
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from groundwork.base.errors import NotFound
from groundwork.base.http import Request
from groundwork.live.actions.pushing import check_push
from groundwork.live.media.files import free_bytes
from groundwork.live.rules.pushing import Refused

LOOPBACK = {"127.0.0.1", "::1"}


@csrf_exempt
@require_POST
def on_publish(request: Request) -> HttpResponse:
    """Say whether a key is good: 204, or 403 with the reason's code. Nobody but nginx may ask."""
    if not _is_nginx(request):
        raise NotFound
    root = Path(settings.LIVE_DIR)
    root.mkdir(parents=True, exist_ok=True)
    try:
        check_push(request.POST.get("name", ""), free=free_bytes(root))
    except Refused as refusal:
        return HttpResponse(refusal.code, status=403, content_type="text/plain")
    return HttpResponse(status=204)


def _is_nginx(request: Request) -> bool:
    token: str = settings.LIVE_DOOR_TOKEN
    if token:
        return hmac.compare_digest(request.GET.get("token", "").encode(), token.encode())
    # Behind a proxy REMOTE_ADDR is the visitor's (see config.wsgi); should a proxy not say so, the
    # name it was asked for still gives the visitor away.
    host = request.get_host().rsplit(":", 1)[0]
    return request.META.get("REMOTE_ADDR") in LOOPBACK and host in {*LOOPBACK, "localhost", "[::1]"}
