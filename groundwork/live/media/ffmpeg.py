"""How ffmpeg is called, and what it says of a file. It comes from a wheel, the same everywhere."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SECONDS = 2  # of a segment: a viewer is about three of them behind
RENDITIONS = ("source", "low", "audio")
# 256 + 56 kbit/s and the container's tenth stay below 400 kbit/s.
LOW_VIDEO, LOW_AUDIO, SOUND = 256, 56, 48
LOW_CODECS = "avc1.4d401e,mp4a.40.2"
PROBE_SECONDS = 60


@cache
def ffmpeg() -> str:
    """Give the program's path."""
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def _low(first: int) -> list[str]:
    """Encode the small picture and the two thrifty sounds, from output stream `first` on."""
    v, a = first, first
    return [
        *(f"-c:v:{v}", "libx264", "-preset:v", "veryfast", f"-profile:v:{v}", "main"),
        *(f"-level:v:{v}", "3.0", f"-pix_fmt:v:{v}", "yuv420p"),
        *(f"-filter:v:{v}", "scale=w=640:h=360:force_original_aspect_ratio=decrease:"
          "force_divisible_by=2", f"-fpsmax:v:{v}", "25"),
        *(f"-b:v:{v}", f"{LOW_VIDEO - 20}k", f"-maxrate:v:{v}", f"{LOW_VIDEO}k"),
        *(f"-bufsize:v:{v}", f"{LOW_VIDEO}k", f"-sc_threshold:v:{v}", "0"),
        *(f"-force_key_frames:v:{v}", f"expr:gte(t,n_forced*{SECONDS})"),
        *(f"-c:a:{a}", "aac", f"-b:a:{a}", f"{LOW_AUDIO}k", f"-ac:a:{a}", "1"),
        *(f"-c:a:{a + 1}", "aac", f"-b:a:{a + 1}", f"{SOUND}k", f"-ac:a:{a + 1}", "1"),
        "-ar", "44100",
    ]  # fmt: skip


def _hls(folder: Path) -> list[str]:
    names = ("v:0,a:0,name:source", "v:1,a:1,name:low", "a:2,name:audio")
    return [
        *("-f", "hls", "-hls_time", str(SECONDS), "-hls_list_size", "0"),
        # Only whole segments are listed: what is cut off by a crash is not half there.
        *("-hls_flags", "independent_segments+temp_file"),
        *("-hls_segment_filename", str(folder / "%v" / "%05d.ts")),
        *("-var_stream_map", " ".join(names), str(folder / "%v" / "index.m3u8")),
    ]


_MAPS = [part for which in ("v", "a", "v", "a", "a") for part in ("-map", f"0:{which}:0")]
_QUIET = ["-hide_banner", "-nostdin", "-loglevel", "error"]


def live_command(folder: Path) -> list[str]:
    """Make three renditions of an FLV that comes by the standard input; the first is a copy."""
    return [
        *(ffmpeg(), *_QUIET, "-f", "flv", "-analyzeduration", "10M", "-i", "pipe:0"),
        *(*_MAPS, "-c:v:0", "copy", "-c:a:0", "copy", *_low(1), *_hls(folder)),
        # What comes, as the host's page shows it.
        *("-map", "0:v:0", "-vf", "fps=1/4,scale=640:-2", "-q:v", "6", "-update", "1"),
        *("-atomic_writing", "1", "-f", "image2", str(folder / "still.jpg")),
    ]


def upload_command(source: Path, folder: Path, probe: Probe) -> list[str]:
    """Make the three renditions of a file: copied where browsers can play it as it is."""
    picture = ["-c:v:0", "copy"]
    if not probe.copies_video:
        picture = [
            *("-c:v:0", "libx264", "-preset:v", "veryfast", "-crf:v:0", "23"),
            *("-maxrate:v:0", "3000k", "-bufsize:v:0", "6000k", "-pix_fmt:v:0", "yuv420p"),
            *("-filter:v:0", "scale=w=1280:h=720:force_original_aspect_ratio=decrease:"
              "force_divisible_by=2"),
            *("-force_key_frames:v:0", f"expr:gte(t,n_forced*{SECONDS})"),
        ]  # fmt: skip
    sound = ["-c:a:0", "copy"] if probe.copies_audio else ["-c:a:0", "aac", "-b:a:0", "128k"]
    maps = _MAPS
    inputs = [*SAFE, "-i", _local(source)]
    if not probe.audio:  # a silent film gets silence, so that every rendition has its sound
        inputs += ["-f", "lavfi", "-i", f"anullsrc=r=44100:cl=mono:d={probe.seconds}"]
        maps = [part.replace("0:a", "1:a") for part in maps]
    return [
        *(ffmpeg(), *_QUIET, "-y", *inputs, *maps, *picture, *sound),
        *(*_low(1), *_hls(folder)),
    ]


@dataclass(frozen=True)
class Probe:
    """What a file holds."""

    seconds: float
    video: str = ""
    audio: str = ""
    width: int = 0
    height: int = 0
    pixels: str = ""
    turned: bool = False  # a phone held upright: browsers would not turn it back

    @property
    def copies_video(self) -> bool:
        """Tell whether every browser plays the pictures as they are."""
        plain = self.pixels in {"yuv420p", "yuvj420p"} and not self.turned
        return self.video == "h264" and plain

    @property
    def copies_audio(self) -> bool:
        """Tell whether every browser plays the sound as it is."""
        return self.audio == "aac"


def _local(path: Path) -> str:
    """Name a file so that it can be nothing else: no address, no list of other files."""
    return f"file:{path}"


# Containers of one's own only: a list (HLS, concat) would make ffmpeg open what it names.
CONTAINERS = "mov,mp4,matroska,webm,flv,mpegts,mpeg,avi,asf,ogg,mpegvideo"
SAFE = ["-protocol_whitelist", "file", "-format_whitelist", CONTAINERS]


def probe(path: Path) -> Probe | None:
    """Say what a file holds; None when it is no film that ffmpeg knows."""
    command = [ffmpeg(), "-hide_banner", "-nostdin", *SAFE, "-i", _local(path)]
    try:
        told = subprocess.run(  # noqa: S603 - our own program, the path is ours
            command, capture_output=True, timeout=PROBE_SECONDS, env=clean_env(), check=False
        ).stderr.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        return None
    return read_probe(told)


_DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)", re.M)
_VIDEO = re.compile(r"^  Stream #0:\d+.*?: Video: (\w+).*?, (\w+)(?:\(.*?\))?, (\d+)x(\d+)", re.M)
_AUDIO = re.compile(r"^  Stream #0:\d+.*?: Audio: (\w+)", re.M)
_STILL = re.compile(r"^  Stream #0:\d+.*\(attached pic\)\n?", re.M)  # a cover, no film


def read_probe(told: str) -> Probe | None:
    """Read what ffmpeg says of its input; None without a length or pictures."""
    told = _STILL.sub("", told)
    length, video, audio = _DURATION.search(told), _VIDEO.search(told), _AUDIO.search(told)
    if length is None or video is None:
        return None
    hours, minutes, seconds = length.groups()
    return Probe(
        int(hours) * 3600 + int(minutes) * 60 + float(seconds),
        video=video[1],
        audio=audio[1] if audio else "",
        pixels=video[2],
        width=int(video[3]),
        height=int(video[4]),
        turned="displaymatrix: rotation of" in told,
    )


def clean_env() -> dict[str, str]:
    """Give ffmpeg nothing of the city's secrets."""
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
