"""Blank what a phone writes into a recording beside sound and picture: where, whose, which phone.

Nothing is decoded or moved: in MP4 the boxes `udta`, `meta` and `uuid` become `free` ones filled
with zeros (ISO/IEC 14496-12, 8.1.2), in MP3 the ID3 tags lose their frames. What is left plays as
before, since no offset changes.
"""

from __future__ import annotations

from collections.abc import Iterator

HEAD = 8  # bytes of a box before its content: size, kind
BLANKED = (b"udta", b"meta", b"uuid")
HOLDERS = (b"moov", b"trak", b"mdia", b"moof", b"traf")  # boxes in which such boxes lie
DEEPEST = 6
ID3_HEAD, ID3V1 = 10, 128


def blanked(content: bytes) -> bytes:
    """Give an MP4 or MP3 without what it says of its maker; anything else as it is."""
    if content[4:8] == b"ftyp":
        made = bytearray(content)
        for start, kind_at, end in _told(content, 0, len(content), DEEPEST):
            made[kind_at : kind_at + 4] = b"free"
            made[start:end] = bytes(end - start)
        return bytes(made)
    return _without_tags(content)


def _told(content: bytes, at: int, end: int, deep: int) -> Iterator[tuple[int, int, int]]:
    """Walk boxes; give of each that tells something where its content and its kind stand."""
    while at + HEAD <= end and deep:
        size, kind, head = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], HEAD
        if size == 1:  # the size stands behind the kind, in eight bytes
            size, head = int.from_bytes(content[at + 8 : at + 16]), HEAD + 8
        last = end if size == 0 else at + size
        if (size and size < head) or last > end:
            return  # cut off, or no box at all: whatever follows is not read as one
        if kind in BLANKED:
            yield at + head, at + 4, last
        elif kind in HOLDERS:
            yield from _told(content, at + head, last, deep - 1)
        at = last


def _without_tags(content: bytes) -> bytes:
    made = bytearray(content)
    if content[:3] == b"ID3" and len(content) > ID3_HEAD:
        size = 0
        for byte in content[6:ID3_HEAD]:  # seven bits of each
            size = size << 7 | byte & 0x7F
        end = min(len(content), ID3_HEAD + size)
        made[5] = 0  # flags: no extended header any more
        made[ID3_HEAD:end] = bytes(end - ID3_HEAD)
    if len(content) > ID3V1 and content[-ID3V1 : -ID3V1 + 3] == b"TAG":
        made[-ID3V1:] = bytes(ID3V1)
    return bytes(made)
