"""The child that makes HLS of what an encoder pushes."""

from __future__ import annotations

import asyncio
import ctypes
import signal
import sys
from pathlib import Path

from groundwork.live.media import ffmpeg
from groundwork.live.media.showing import SPARE, SPARE_BYTES

PATIENCE = 20.0  # seconds for the last segments after the last byte
_PR_SET_PDEATHSIG = 1


class Encoder:
    """One run of ffmpeg: FLV in by a pipe, segments out into a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start ffmpeg."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / SPARE).write_bytes(bytes(SPARE_BYTES))
        with (self.folder / "ffmpeg.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *ffmpeg.live_command(self.folder),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
                env=ffmpeg.clean_env(),
                # A SIGTERM for the city's process group is none for ffmpeg: it ends with its input.
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )

    async def write(self, data: bytes) -> bool:
        """Hand over bytes, as fast as they are worked on; say False when ffmpeg is gone."""
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(data)
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    @property
    def dead(self) -> bool:
        """Tell whether ffmpeg ended by itself."""
        return self._process is not None and self._process.returncode is not None

    async def finish(self) -> None:
        """Let ffmpeg write its last segments; kill it when it hangs."""
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), PATIENCE)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


def _die_with_parent() -> None:
    """End with the receiver, should it be killed outright: two must never write one folder."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
