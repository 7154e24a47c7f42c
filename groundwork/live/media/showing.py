"""What viewers see of a broadcast while it runs: its last seconds, through every broken line."""

from __future__ import annotations

from pathlib import Path

from groundwork.live.media import ffmpeg, files, hls, replay

SPARE = "spare"  # a file that is given up for the lists when the disk is full
SPARE_BYTES = 1 << 20


class Showing:
    """One stream's live playlists, made from what ffmpeg has finished so far."""

    def __init__(self, recording: Path, target: Path, *, part: int) -> None:
        self.recording, self.target, self.part = recording, target, part
        self.kept = hls.KEPT
        self.cut: dict[str, int] = {}  # from which segment on nothing is kept, by rendition
        self._seen: dict[str, int] = {}
        self._lists: dict[str, str] = {}  # the longest list of this part that ffmpeg ever wrote
        self._hidden: dict[str, int] = {}

    def update(self, *, over: bool = False) -> int:
        """Link what is new, write the playlists, let go of what is old; give what this part has."""
        self.target.mkdir(parents=True, exist_ok=True)
        grown = False
        for name in ffmpeg.RENDITIONS:
            self._remember(name)
            found = replay.listed(self.recording, name)
            if found and (over or len(found) > self._seen.get(name, 0)):
                self._show(name, found, over=over)
                self._seen[name], grown = len(found), True
        if grown and len(self._seen) == len(ffmpeg.RENDITIONS):
            files.write(self.target / "master.m3u8", self._master())
        return sum(one.part == self.part for one in replay.listed(self.recording, "low"))

    def _remember(self, name: str) -> None:
        path = self.recording / f"p{self.part}" / name / "index.m3u8"
        text = path.read_text() if path.exists() else ""
        if len(hls.read(text, 1)) >= len(hls.read(self._lists.get(name, ""), 1)):
            self._lists[name] = text

    def restore(self) -> None:
        """Put back the lists that ffmpeg lost: on a full disk it leaves an empty one behind.

        The spare room that was kept for this is given free first.
        """
        folder = self.recording / f"p{self.part}"
        (folder / SPARE).unlink(missing_ok=True)
        for name, best in self._lists.items():
            path = folder / name / "index.m3u8"
            text = path.read_text() if path.exists() else ""
            if len(hls.read(text, 1)) < len(hls.read(best, 1)):
                files.write(path, best)

    def seconds(self) -> float:
        """Tell how much of this part is there."""
        found = replay.listed(self.recording, "low")
        return hls.length(one for one in found if one.part == self.part)

    def hide_before(self) -> None:
        """Show nothing any more of what was until now: the rehearsal is over."""
        self._hidden = {n: len(replay.listed(self.recording, n)) for n in ffmpeg.RENDITIONS}
        self._seen = {}
        for path in self.target.glob("*.*"):
            path.unlink(missing_ok=True)

    def save_room(self) -> None:
        """Keep fewer of the segments that only slow players still fetch."""
        self.kept = hls.KEPT_TIGHT

    def pace(self) -> float:
        """Tell how many bytes a second what comes takes."""
        return replay.pace(self.recording)

    def stop_keeping(self) -> None:
        """Keep of the recording what is there, and of what follows only what viewers see."""
        self.save_room()
        if not self.cut:
            self.cut = {n: len(replay.listed(self.recording, n)) for n in ffmpeg.RENDITIONS}

    def let_go(self) -> None:
        """Drop what was not to be kept."""
        for name, first in self.cut.items():
            for one in replay.listed(self.recording, name)[first:]:
                replay.path_of(self.recording, one).unlink(missing_ok=True)

    def _show(self, name: str, found: list[hls.Segment], *, over: bool) -> None:
        hidden = self._hidden.get(name, 0)
        for one in found[max(hidden, len(found) - hls.SHOWN) :]:
            source = replay.path_of(self.recording, one)
            if source.exists():
                files.link(source, self.target / one.name)
        text = hls.live(found, over=over, hidden=hidden)
        if len(found) > hidden:
            files.write(self.target / f"{name}.m3u8", text)
        # A few more than one grows by at a time: an encoder may catch up after a stall.
        gone = max(0, len(found) - self.kept)
        for one in found[max(0, gone - 2 * hls.KEPT) : gone]:
            (self.target / one.name).unlink(missing_ok=True)
        if name in self.cut:
            for one in found[self.cut[name] : gone]:
                replay.path_of(self.recording, one).unlink(missing_ok=True)

    def _master(self) -> str:
        renditions = []
        codecs = replay.codecs_of(self.recording)
        for name in ffmpeg.RENDITIONS:
            found = replay.listed(self.recording, name)[-hls.KEPT :]
            sizes = [(self._size(one), one.seconds) for one in found]
            renditions.append(replay.rendition(name, [s for s in sizes if s[0]], codecs))
        return hls.master(renditions)

    def _size(self, segment: hls.Segment) -> int:
        try:
            return replay.path_of(self.recording, segment).stat().st_size
        except FileNotFoundError:
            return 0


def clear(target: Path) -> None:
    """Remove the live files of a stream that is over; replays stay."""
    for path in target.glob("*.*"):
        if path.is_file():
            path.unlink(missing_ok=True)
