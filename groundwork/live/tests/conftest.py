"""A folder of their own for the files of every test."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from groundwork.live.media.ffmpeg import ffmpeg


@pytest.fixture(autouse=True)
def live_dir(settings, tmp_path):
    settings.LIVE_DIR = tmp_path / "live"
    settings.DATA_DIR = tmp_path
    settings.LIVE_DIR.mkdir()
    return settings.LIVE_DIR


def film(path: Path, *, seconds: float = 7, video: str = "libx264", audio: str = "aac") -> Path:
    """Make a film of ffmpeg's test picture with a key frame every second."""
    command = [
        *(ffmpeg(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y"),
        *("-f", "lavfi", "-i", f"testsrc=s=160x90:r=10:d={seconds}"),
        *(("-f", "lavfi", "-i", f"sine=440:d={seconds}") if audio else ()),
        *("-c:v", video, "-g", "10", "-pix_fmt", "yuv420p"),
        *(("-c:a", audio) if audio else ()),
        str(path),
    ]
    subprocess.run(command, check=True)
    return path


@pytest.fixture(scope="session")
def a_film(tmp_path_factory) -> Path:
    """Seven seconds of H.264 and AAC."""
    return film(tmp_path_factory.mktemp("film") / "film.mp4")
