"""Streams, their pushes and recordings, and what was watched; a file per subject."""

from groundwork.live.models.recording import Recording, RecordingPart
from groundwork.live.models.stream import Push, Stream

__all__ = ["Push", "Recording", "RecordingPart", "Stream"]
