"""Tell the host what went wrong with a broadcast or a recording."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from groundwork.access.actions.notices import notify
from groundwork.base.errors import N_
from groundwork.live.models import Stream

WORDS: dict[str, str] = {
    "second": N_("“%(title)s”：有另一台设备用同一密钥推流，已被拒绝，先推的继续。"),
    "tight": N_(
        "“%(title)s”：服务器磁盘只够再录 %(minutes)s 分钟，到时停录，直播照常；请清出空间。"
    ),
    "disk": N_("“%(title)s”：服务器磁盘快满了，录制到此为止，之前的已保存。"),
    "full": N_("“%(title)s”：服务器磁盘已满，直播断了，录下的已保存。清出空间后用原密钥重新推流。"),
    "codec": N_("“%(title)s”：推来的编码不支持，请改用 H.264 和 AAC。"),
    "refused": N_("“%(title)s”：上传的录像无法使用，原因见直播页。"),
    "ready": N_("“%(title)s”的录像可以回看了。"),
}


def tell_host(stream: Stream, what: str, *, at: datetime, **more: object) -> None:
    """Put a notice into the inbox of who made the stream's key; once for each state of things."""
    if stream.key_made_by is None:
        return
    notify(
        [stream.key_made_by],
        kind=f"live.{what}",
        key=f"live.{what}:{stream.public_id}:{at:%Y%m%d%H}",
        text=WORDS[what],
        params={"title": stream.title, **more},
        url=reverse("live:stream", args=[stream.public_id]),
        at=at,
    )
