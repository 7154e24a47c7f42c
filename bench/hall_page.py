"""Two thousand people open the hall within ten seconds: page, playlists, two segments.

    python -m bench.hall_page [--openings 2000] [--seconds 10]

A real nginx with the lines of `deploy/nginx.conf` in front of the real server; HLS of ffmpeg's test
picture. Openings start when they are due, however many are still under way (an open loop), and
each is timed from the moment it was due. One in twenty is signed in: no edge keeps that page. In
the same run, before and after, a tenth as many open the trivial view through the same nginx, which
no edge keeps either. The last line is one JSON object: `ratio` is the p95 of the hall's page
against the p95 of the trivial view, `ratio_opening` that of the whole opening with its five
requests; `errors` counts whatever was not answered 200 in full, `kept_by_nginx` the share of
playlists and segments that its cache gave without asking the city. `nginx_cpu_us` and `city_cpu_us`
are what one opening costs each of them, for docs/scale.md.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.common import TRIVIAL
from bench.live import spent
from tests.city import City, free_port, migrated, wait_until

ROOT = Path(__file__).resolve().parent.parent
STAFF_EVERY = 20
WARM = 20
PATIENCE = 30  # seconds until an answer counts as none


# ---- inside the city ------------------------------------------------------------------------
def prepare() -> dict[str, Any]:
    """Write a public evening that is on air, a session of somebody on its roll; say where."""
    from bench.common import sign_in
    from bench.hall import _accounts, _unit
    from groundwork.base import clock
    from groundwork.base.actor import system
    from groundwork.live.models import Stream
    from groundwork.live.queries.playing import stream_of
    from groundwork.study.actions.evening import create_evening
    from groundwork.study.actions.plan import EveningPlan, SpeakerPlan
    from groundwork.study.actions.publishing import publish_evening
    from groundwork.study.models import QuizQuestion

    now, unit, by = clock.now(), _unit(), system("bench")
    accounts = _accounts(unit, 20, now)
    plan = EveningPlan(
        title="全市机关夜学", host=unit, audience=(unit,), theme="political", form="systematic",
        led_by="central_group", starts_at=now - _minutes(5), ends_at=now + _minutes(115),
        broadcast="embedded", public=True,
        speakers=tuple(SpeakerPlan(f"宣讲员{n}", "一线的三件小事") for n in range(8)),
    )  # fmt: skip
    before = now - _minutes(60 * 24)
    evening = publish_evening(create_evening(plan, by=by, at=before).public_id, by=by, at=before)
    QuizQuestion.objects.create(evening=evening, order=1, text="?", choices=["1", "2"], right=0)
    stream = stream_of("study.evening", evening.public_id)
    assert stream is not None
    Stream.objects.filter(pk=stream.pk).update(state="on_air", started_at=now)
    return {
        "hall": f"/study/evenings/{evening.public_id}/hall/",
        "stream": stream.public_id,
        "cookies": ["; ".join(f"{k}={v}" for k, v in sign_in(a).items()) for a in accounts],
    }


def _minutes(n: int) -> Any:
    from datetime import timedelta

    return timedelta(minutes=n)


# ---- the picture and the servers ------------------------------------------------------------
def show_picture(root: Path, stream: str) -> None:
    """Write six live segments of ffmpeg's test picture, as a running broadcast has them."""
    from groundwork.live.media.ffmpeg import ffmpeg
    from groundwork.live.media.files import Places

    folder = Places(root).stream(stream)
    folder.mkdir(parents=True, exist_ok=True)
    Places(root).say_open(stream, True)
    subprocess.run(
        [
            *(ffmpeg(), "-hide_banner", "-loglevel", "error", "-nostdin"),
            *("-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=12"),
            *("-f", "lavfi", "-i", "sine=440:r=44100:d=12"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-b:v", "330k", "-maxrate", "330k"),
            *("-bufsize", "660k", "-g", "50", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "48k"),
            *("-f", "hls", "-hls_time", "2", "-hls_list_size", "6", "-hls_flags", "omit_endlist"),
            *("-hls_segment_filename", str(folder / "low-%d.ts"), str(folder / "low.m3u8")),
        ],
        check=True,
    )
    (folder / "master.m3u8").write_text(
        "#EXTM3U\n#EXT-X-VERSION:6\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=400000,CODECS="avc1.42c01e,mp4a.40.2",RESOLUTION=640x360\n'
        "low.m3u8\n"
    )


def nginx_conf(port: int, city: int, folder: Path, ingests: Sequence[int] = ()) -> str:
    """Take `deploy/nginx.conf` as it stands but for what only a real host has: TLS, its paths.

    `city` and `ingests` are the ports that they listen on.
    """
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, count=1, flags=re.S)
    text = re.sub(r"^\s*ssl_.*\n", "", text, flags=re.M)
    text = re.sub(r"^\s*listen \[::\]:443.*\n", "", text, flags=re.M)
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port} backlog=4096;")
    text = re.sub(r"server 127\.0\.0\.1:8000\b", f"server 127.0.0.1:{city}", text)
    for old, own in zip((8101, 8102), ingests, strict=False):
        text = text.replace(f"server 127.0.0.1:{old};", f"server 127.0.0.1:{own};")
    text = text.replace("/var/cache/nginx", str(folder / "cache"))
    return (
        f"daemon off; {_user()} worker_processes 1;\n"
        f"pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        "events { worker_connections 4096; }\nhttp {\n"
        "types { text/html html; application/vnd.apple.mpegurl m3u8; video/mp2t ts; }\n"
        f"client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"{text}\n}}\n"
    )


def _user() -> str:
    """Let nginx read what this user wrote, also where that is root."""
    return f"user {getpass.getuser()};" if os.geteuid() == 0 else ""


# ---- the people -----------------------------------------------------------------------------
@dataclass
class Seen:
    """How long each took from the moment it was due, and what went wrong."""

    page: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    bytes: int = 0
    pieces: int = 0  # playlists and segments
    kept: int = 0  # of these, answered out of nginx's cache

    def p95(self, times: list[float]) -> float:
        """Give the time under which 95 of a hundred stayed."""
        return statistics.quantiles(times, n=20)[-1]


class Browser:
    """One connection; reads answers with a length and chunked ones."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.hit = False  # the last answer came out of nginx's cache

    async def get(self, path: str, cookie: str = "") -> bytes:
        """Fetch a path in full. Raises OSError for any other status than 200."""
        said = f"Cookie: {cookie}\r\n" if cookie else ""
        self.writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Accept-Language: zh-CN,zh;q=0.9\r\n{said}\r\n".encode()
        )
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        self.hit = b"\r\nx-cache: hit" in head
        length = re.search(rb"content-length: (\d+)", head)
        if length:
            body = await self.reader.readexactly(int(length[1]))
        else:
            body = await self._chunked()
        if status != 200:
            raise OSError(f"{path}: {status}")
        return body

    async def _chunked(self) -> bytes:
        body = b""
        while size := int(await self.reader.readline(), 16):
            body += await self.reader.readexactly(size)
            await self.reader.readline()
        await self.reader.readline()
        return body


Visit = Callable[[Browser, int, float, Seen], Awaitable[None]]


async def come(port: int, n: int, seconds: float, visit: Visit) -> Seen:
    """Let `n` people come, evenly over so many seconds, whoever is still there."""
    seen, started = Seen(), time.perf_counter()

    async def one(i: int) -> None:
        due = started + seconds * i / n
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    await visit(Browser(reader, writer), i, due, seen)
                finally:
                    writer.close()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as fault:
            seen.errors.append(f"{type(fault).__name__} {fault}")

    await asyncio.gather(*(one(i) for i in range(n)))
    return seen


def opening(place: dict[str, Any]) -> Visit:
    """Open the hall as a phone does: the page, the playlists, the first two segments."""
    folder, staff = f"/live/hls/{place['stream']}/", place["cookies"]

    async def visit(browser: Browser, i: int, due: float, seen: Seen) -> None:
        cookie = staff[i // STAFF_EVERY % len(staff)] if i % STAFF_EVERY == 0 else ""
        page = await browser.get(place["hall"], cookie)
        if b"data-player" not in page:
            raise OSError("a page without its player")
        seen.page.append(time.perf_counter() - due)

        async def piece(name: str) -> bytes:
            body = await browser.get(folder + name)
            seen.pieces, seen.kept = seen.pieces + 1, seen.kept + browser.hit
            return body

        master = (await piece("master.m3u8")).decode()
        variant = next(line for line in master.splitlines() if line.endswith(".m3u8"))
        playlist = (await piece(variant)).decode()
        segments = [line for line in playlist.splitlines() if line.endswith(".ts")]
        for name in segments[-3:-1]:
            segment = await piece(name)
            if segment[:1] != b"\x47":
                raise OSError("a segment that is none")
            seen.bytes += len(segment)
        seen.whole.append(time.perf_counter() - due)

    return visit


def trivially(place: dict[str, Any]) -> Visit:
    """Open the trivial view, signed in as its session wants."""

    async def visit(browser: Browser, i: int, due: float, seen: Seen) -> None:
        await browser.get(TRIVIAL, place["cookies"][i % len(place["cookies"])])
        seen.page.append(time.perf_counter() - due)

    return visit


def main() -> None:
    """Run the bench; its last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--openings", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=10.0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="groundwork-hall-page-") as home:
        folder = Path(home)
        city = City(
            migrated(folder / "city"), DJANGO_SETTINGS_MODULE="bench.settings", WEB_PROCESSES="2"
        )
        place = city.call("bench.hall_page:prepare")
        show_picture(city.data / "live", place["stream"])
        port = free_port()
        (folder / "cache").mkdir()
        (folder / "nginx.conf").write_text(nginx_conf(port, city.port, folder))
        city.start_server()
        nginx = subprocess.Popen(
            [shutil.which("nginx") or "/usr/sbin/nginx", "-c", f"{folder}/nginx.conf"]
        )
        try:
            wait_until(lambda: _answers(port, place["hall"]), "nginx to answer")
            server = city.processes["server"].pid
            found = measure(port, place, args.openings, args.seconds, (nginx.pid, server))
            print(json.dumps(found))
        finally:
            nginx.terminate()
            nginx.wait()
            city.stop()


def _answers(port: int, path: str) -> bool:
    async def ask() -> bool:
        try:
            return not (await come(port, 1, 0.01, _plain(path))).errors
        except OSError:
            return False

    return asyncio.run(ask())


def _plain(path: str) -> Visit:
    async def visit(browser: Browser, i: int, due: float, seen: Seen) -> None:
        await browser.get(path)

    return visit


def measure(
    port: int, place: dict[str, Any], n: int, seconds: float, pids: tuple[int, int]
) -> dict[str, Any]:
    """Let a few come to the trivial view, the crowd to the hall, and a few once more."""
    for visit in (trivially(place), opening(place)):
        asyncio.run(come(port, WARM, 1.0, visit))
    plain = asyncio.run(come(port, n // 20, seconds / 2, trivially(place)))
    before = [spent(pid) for pid in pids]
    hall = asyncio.run(come(port, n, seconds, opening(place)))
    nginx_s, city_s = (spent(pid) - was for pid, was in zip(pids, before, strict=True))
    again = asyncio.run(come(port, n // 20, seconds / 2, trivially(place)))
    plain.page += again.page
    plain.errors += again.errors
    for fault in (hall.errors + plain.errors)[:5]:
        print(fault)
    page, whole, yard = hall.p95(hall.page), hall.p95(hall.whole), plain.p95(plain.page)
    print(f"trivial p95 {1000 * yard:.0f} ms, page p95 {1000 * page:.0f} ms, "
          f"opening p95 {1000 * whole:.0f} ms, {hall.bytes / 1e6:.0f} MB of picture")  # fmt: skip
    return {
        "name": "hall_page",
        "openings": n,
        "seconds": seconds,
        "errors": len(hall.errors) + len(plain.errors),
        "ratio": round(page / yard, 2),
        "ratio_opening": round(whole / yard, 2),
        "p95_ms": round(1000 * page, 1),
        "opening_p95_ms": round(1000 * whole, 1),
        "trivial_p95_ms": round(1000 * yard, 1),
        "mb": round(hall.bytes / 1e6),
        "nginx_cpu_us": round(1e6 * nginx_s / n),
        "city_cpu_us": round(1e6 * city_s / n),
        "load": round(os.getloadavg()[0], 1),
        "kept_by_nginx": round(hall.kept / max(1, hall.pieces), 4),
    }


if __name__ == "__main__":
    main()
