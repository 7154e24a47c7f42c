"""Streams, their pushes and recordings, and what was watched; a file per subject."""

from groundwork.live.models.recording import Recording, RecordingPart
from groundwork.live.models.stream import Push, Stream
from groundwork.live.models.watching import Digest, OutsideFigure

__all__ = ["Digest", "OutsideFigure", "Push", "Recording", "RecordingPart", "Stream"]
