"""Make a recording watchable: its renditions, its length, what of it is shown."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from groundwork.live.media import ffmpeg, files, hls

STALLED = 120  # seconds in which ffmpeg wrote nothing: it hangs
RECENT = 15  # segments of each rendition from which the pace is taken: half a minute
NICE = 10  # an upload may take its time; the city's pages may not
_PR_SET_PDEATHSIG = 1


def parts(folder: Path) -> list[Path]:
    """List the folders of a recording's parts, in order."""
    found = [p for p in folder.glob("p*") if p.name[1:].isdigit()]
    return sorted(found, key=lambda p: int(p.name[1:]))


def segments(folder: Path, rendition: str) -> list[hls.Segment]:
    """List the segments of a rendition that were kept, through all parts."""
    return [one for one in listed(folder, rendition) if path_of(folder, one).exists()]


def listed(folder: Path, rendition: str) -> list[hls.Segment]:
    """List the segments of a rendition that ever were; a part without it has none."""
    found: list[hls.Segment] = []
    for part in parts(folder):
        number = int(part.name[1:])
        try:
            text = (part / rendition / "index.m3u8").read_text()
        except FileNotFoundError:
            continue
        found += [
            hls.Segment(f"p{number}-{rendition}-{one.name}", one.seconds, number)
            for one in hls.read(text, number)
        ]
    return found


def path_of(folder: Path, segment: hls.Segment) -> Path:
    """Find the file of a segment by the name that viewers see."""
    part, rendition, name = segment.name.split("-", 2)
    return folder / part / rendition / name


def lengths(folder: Path) -> dict[str, float]:
    """Tell how long each part is, by its folder's name: what can be heard throughout."""
    found: dict[str, float] = {part.name: 0.0 for part in parts(folder)}
    for segment in segments(folder, "low"):
        found[f"p{segment.part}"] += segment.seconds
    return found


def pace(folder: Path) -> float:
    """Tell how many bytes a second the newest segments of all renditions take; 0: none yet."""
    total = 0.0
    for name in ffmpeg.RENDITIONS:
        seconds = size = 0.0
        for one in listed(folder, name)[-RECENT:]:
            path = path_of(folder, one)
            if path.exists():
                seconds, size = seconds + one.seconds, size + path.stat().st_size
        total += size / seconds if seconds else 0
    return total


def publish(
    source: Path, target: Path, start: float, end: float | None
) -> tuple[float, float] | None:
    """Link what lies between two times where viewers fetch; give from when to when that is.

    Whoever watches meanwhile keeps the pieces that are in both. None when nothing is left.
    """
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    shown = None
    for name in ffmpeg.RENDITIONS:
        kept, begins = hls.within(segments(source, name), start, end)
        if name == "low" and kept:
            shown = begins, begins + hls.length(kept)
        for segment in kept:
            files.link(path_of(source, segment), fresh / segment.name)
        files.write(fresh / f"{name}.m3u8", hls.whole(kept))
    if shown is None:
        shutil.rmtree(fresh)
        return None
    files.write(fresh / "master.m3u8", master(source, fresh))
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return shown


def master(source: Path, shown: Path) -> str:
    """Write the master playlist for the segments that are there."""
    renditions = []
    for name in ffmpeg.RENDITIONS:
        sizes = [
            ((shown / segment.name).stat().st_size, segment.seconds)
            for segment in segments(source, name)
            if (shown / segment.name).exists()
        ]
        if sizes:
            renditions.append(rendition(name, sizes, codecs_of(source)))
    return hls.master(renditions)


def rendition(name: str, sizes: list[tuple[int, float]], source_codecs: str) -> hls.Rendition:
    """Describe a rendition by its segments: (bytes, seconds) each."""
    peak, average = hls.rates(sizes)
    codecs = {"source": source_codecs, "audio": "mp4a.40.2"}.get(name, ffmpeg.LOW_CODECS)
    return hls.Rendition(name, peak, average, codecs)


def codecs_of(folder: Path) -> str:
    """Give the codecs of the source's copy as noted beside it; else the usual ones."""
    try:
        return (folder / "codecs").read_text().strip()
    except FileNotFoundError:
        return "avc1.640028,mp4a.40.2"


def encode(
    folder: Path,
    problem_of: Callable[[float, int, int], str],
    has_room: Callable[[], bool],
) -> str:
    """Make the renditions of the file `upload` in a folder; give a problem's code, or "".

    Begins anew whenever it was cut off: what is half done bears another name until it is whole.
    """
    source, whole, half = folder / "upload", folder / "p1", folder / "half"
    if whole.exists():
        return ""
    found = ffmpeg.probe(source)
    if found is None:
        return "no_film"
    if problem := problem_of(found.seconds, found.width, found.height):
        return problem
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir()
    try:
        if problem := _run(ffmpeg.upload_command(source, half, found), half, has_room):
            return problem
        half.rename(whole)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    if sum(lengths(folder).values()) < found.seconds / 2:
        shutil.rmtree(whole)
        return "broken"
    return ""


def _run(command: list[str], folder: Path, has_room: Callable[[], bool]) -> str:
    with subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ffmpeg.clean_env(),
        preexec_fn=_humble if sys.platform == "linux" else None,
    ) as running:
        quiet, size = 0, -1
        while True:
            try:
                return "" if running.wait(1) == 0 else "broken" if has_room() else "disk"
            except subprocess.TimeoutExpired:
                now = files.used_bytes(folder)
                quiet, size = (0, now) if now != size else (quiet + 1, size)
                if not has_room() or quiet >= STALLED:
                    running.kill()
                    return "broken" if quiet >= STALLED else "disk"


def _humble() -> None:
    """Give way to the city, and die with the worker: two must never write one folder."""
    os.nice(NICE)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
