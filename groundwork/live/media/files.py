"""Where the files of a stream lie, and which of them may be fetched.

    live/recordings/<recording>/p1/source/00000.ts   what ffmpeg made of one push
    live/hls/<stream>/               what viewers may fetch now: playlists, and hard links to the
                                     segments of the last minute; in r/<recording>/ the replay's
    live/open/<stream> -> ../hls/<stream>            while everybody may: nginx looks here

Nothing else is ever served: what a host cut off or took away has no link.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

_PATH = re.compile(
    r"(?P<stream>[a-z0-9]{12})/(?P<rest>(?:r/[a-z0-9]{12}/)?[a-z0-9-]{1,40}\.(?:m3u8|ts))"
)
TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t"}
PLAYLIST_AGE, REPLAY_AGE = 1, 30  # seconds
SEGMENT_AGE, EDGE_AGE = 86_400, 60
LARGEST = 64 << 20  # bytes of a segment that is read at once


@dataclass(frozen=True)
class Places:
    """The folders, below one root."""

    root: Path

    def recording(self, recording: str) -> Path:
        """Give the folder of a recording."""
        return self.root / "recordings" / recording

    def stream(self, stream: str) -> Path:
        """Give the folder from which viewers fetch."""
        return self.root / "hls" / stream

    def open(self, stream: str) -> Path:
        """Give the link that stands while everybody may watch."""
        return self.root / "open" / stream

    def say_open(self, stream: str, everybody: bool) -> None:
        """Open or shut a stream for those who show no account."""
        link = self.open(stream)
        if everybody and not link.is_symlink():
            link.parent.mkdir(parents=True, exist_ok=True)
            try:
                link.symlink_to(Path("..") / "hls" / stream)
            except FileExistsError:
                return  # somebody else was quicker
        elif not everybody:
            link.unlink(missing_ok=True)


def split(path: str) -> tuple[str, str] | None:
    """Read "stream/…" of an address; None for anything that is no file of a stream."""
    found = _PATH.fullmatch(path)
    return (found["stream"], found["rest"]) if found else None


def age(rest: str) -> str:
    """Say how long whoever stands between may keep a file."""
    if rest.endswith(".ts"):
        return f"max-age={SEGMENT_AGE}, immutable"
    return f"max-age={REPLAY_AGE if rest.startswith('r/') else PLAYLIST_AGE}"


def edge_age(rest: str) -> int:
    """Say how many seconds the city's own nginx may keep a file."""
    return EDGE_AGE if rest.endswith(".ts") else PLAYLIST_AGE


def read(folder: Path, rest: str) -> bytes | None:
    """Read a file whole, so that a slow phone holds nothing of ours; None when there is none."""
    try:
        with (folder / rest).open("rb") as file:
            return file.read(LARGEST)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def write(path: Path, text: str) -> None:
    """Put a text in its place in one go: nobody reads half of it."""
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        made.write_text(text, encoding="utf-8")
        made.replace(path)
    except OSError:  # a full disk: what stood there before stays whole
        made.unlink(missing_ok=True)
        raise


def link(source: Path, target: Path) -> None:
    """Give a file a second name; on a disk without such names, copy it."""
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:
        shutil.copyfile(source, target)


def free_bytes(folder: Path) -> int:
    """Tell how much room an ordinary user has left where a folder is."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def used_bytes(folder: Path) -> int:
    """Tell how many bytes lie in a folder."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
