"""The settings of the broadcast, as `config.environment` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from config.environment import Reader


@dataclass(frozen=True)
class Live:
    """Where encoders push to, where the pictures lie, who serves them, how much room they leave."""

    folder: Path
    rtmp_port: int
    rtmp_url: str
    hls_url: str
    door_token: str
    keep_free_mb: int
    upload_mb: int


def read_live(reader: Reader, data_dir: Path, host: str) -> Live:
    """Read where encoders push to, where the pictures lie and how much room they leave."""
    port = reader.number("LIVE_RTMP_PORT", 1935, 0, 65535)
    shown = reader.text("LIVE_RTMP_URL", f"rtmp://{host or '127.0.0.1'}:{port}/live").rstrip("/")
    if urlsplit(shown).scheme not in {"rtmp", "rtmps"} or not urlsplit(shown).hostname:
        reader.faults.append(f"LIVE_RTMP_URL is {shown!r}; it must look like rtmp://host/live.")
    hls = reader.text("LIVE_HLS_URL")
    if hls and (urlsplit(hls).scheme not in {"http", "https"} or not urlsplit(hls).hostname):
        reader.faults.append(f"LIVE_HLS_URL is {hls!r}; it must look like https://cdn.host/hls/.")
    return Live(
        folder=Path(reader.text("LIVE_DIR", str(data_dir / "live"))).expanduser().absolute(),
        rtmp_port=port,
        rtmp_url=shown,
        hls_url=hls and hls.rstrip("/") + "/",
        keep_free_mb=reader.number("LIVE_KEEP_FREE_MB", 2048, 0, 1 << 30),
        upload_mb=reader.number("LIVE_UPLOAD_MB", 4096, 1, 1 << 20),
        door_token=reader.text("LIVE_DOOR_TOKEN"),
    )
