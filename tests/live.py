"""A real broadcast for tests: a city whose receiver runs, and ffmpeg as the encoder.

`on_air(city)` starts the receiver; `Encoder` pushes ffmpeg's own test picture with a stream's key.
Nothing here sleeps: `wait_until` asks the city until what must happen has happened.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundwork.live.media.ffmpeg import ffmpeg
from tests.city import City, free_port, wait_until

SCENES = "tests.live_scenes"


@dataclass
class Broadcast:
    """A city with a receiver, and one stream with its key."""

    city: City
    port: int
    stream: str
    key: str

    @property
    def url(self) -> str:
        """Say what an encoder sends to."""
        return f"rtmp://127.0.0.1:{self.port}/live/{self.key}"

    def now(self) -> dict[str, Any]:
        """Ask what players ask."""
        with urllib.request.urlopen(f"{self.city.url}/live/{self.stream}/now.json") as answer:
            return json.load(answer)

    def get(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        """Fetch something of the city as anybody would: status, body, headers."""
        try:
            with urllib.request.urlopen(self.city.url + path) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read(), dict(refused.headers)

    def facts(self) -> dict[str, Any]:
        """Read stream, pushes and the newest recording straight from the city's database."""
        with sqlite3.connect(f"file:{self.city.data}/city.sqlite3?mode=ro", uri=True) as database:
            database.row_factory = sqlite3.Row
            stream = database.execute(
                "SELECT * FROM live_stream WHERE public_id = ?", [self.stream]
            ).fetchone()
            pushes = database.execute(
                "SELECT * FROM live_push WHERE stream_id = ? ORDER BY id", [stream["id"]]
            ).fetchall()
            recording = database.execute(
                "SELECT r.*, (SELECT count(*) FROM live_recordingpart p"
                " WHERE p.recording_id = r.id) AS parts"
                " FROM live_recording r WHERE stream_id = ? ORDER BY id DESC",
                [stream["id"]],
            ).fetchone()
            told = database.execute(
                "SELECT kind FROM access_notice WHERE kind LIKE 'live.%' ORDER BY id"
            ).fetchall()
        found = dict(recording) if recording else {"state": None, "parts": 0}
        return {
            **found,
            "recorded": found["state"],
            "recording": found.get("public_id"),
            "state": stream["state"],
            "told": [notice["kind"] for notice in told],
            "endings": [push["ending"] for push in pushes],
            "found": [push["found"] for push in pushes],
        }

    def wait_for(self, **wished: Any) -> dict[str, Any]:
        """Wait until the facts are as wished: state="broken", parts=2 …"""
        found: dict[str, Any] = {}

        def there() -> bool:
            found.clear()
            found.update(self.facts())
            return all(found.get(name) == value for name, value in wished.items())

        wait_until(there, f"{wished}; last seen {found}")
        return found


def start_receiver(city: City, port: int = 0) -> int:
    """Start the city's receiver and wait until it listens; give its port."""
    port = port or free_port()
    city._start("receiver", "receive", "--port", str(port))
    wait_until(lambda: listens(port), "the receiver to listen")
    return port


def listens(port: int) -> bool:
    """Tell whether somebody listens on a port of this machine."""
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def on_air(city: City, **scene: Any) -> Broadcast:
    """Open a public stream that is due now, make its key, start the receiver."""
    made = city.call(f"{SCENES}:open_one", scene)
    return Broadcast(city, start_receiver(city), made["stream"], made["key"])


class Encoder:
    """ffmpeg, pushing its test picture: `with Encoder(url, seconds=6): …`, or `.finish()`."""

    def __init__(
        self,
        url: str,
        *,
        seconds: float = 6,
        realtime: bool = False,
        video: str = "libx264",
        audio: str = "aac",
        size: str = "320x180",
    ) -> None:
        pace = ["-re"] if realtime else []
        command = [
            *(ffmpeg(), "-hide_banner", "-loglevel", "error", "-nostdin"),
            *(*pace, "-f", "lavfi", "-i", f"testsrc=s={size}:r=25:d={seconds}"),
            *(*pace, "-f", "lavfi", "-i", f"sine=440:r=44100:d={seconds}"),
            *("-c:v", video, "-g", "50", "-pix_fmt", "yuv420p", "-b:v", "500k"),
            *(("-preset", "ultrafast") if video == "libx264" else ()),
            *(("-c:a", audio) if audio else ("-an",)),
            *("-f", "flv", url),
        ]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def finish(self) -> tuple[int, str]:
        """Wait for the end; give the exit code and what it complained of."""
        _out, said = self.process.communicate(timeout=120)
        return self.process.returncode, said

    def kill(self) -> None:
        """Tear the line: no goodbye."""
        self.process.kill()
        self.process.communicate()

    def __enter__(self) -> Encoder:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()


def decoded(source: str | Path, *, most: float = 600) -> tuple[float, str]:
    """Decode a playlist as a player would, to its end or so far; give seconds and complaints."""
    done = subprocess.run(
        [
            *(ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "warning", "-stats"),
            *("-allowed_extensions", "ALL", "-live_start_index", "0", "-i", str(source)),
            *("-t", str(most), "-map", "0", "-f", "null", "-"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    times = [part.split()[0] for part in done.stderr.split("time=")[1:]]
    hours, minutes, seconds = times[-1].split(":") if times else ("0", "0", "0")
    faults = [line for line in done.stderr.splitlines() if "rror" in line or "nvalid" in line]
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds), "\n".join(faults)
