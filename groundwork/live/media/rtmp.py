"""The receiving side of RTMP without sockets: bytes go in, events come out.

After Adobe's "RTMP Specification 1.0" (2012): the handshake, the chunk stream and as much of the
commands as an encoder needs to publish. Everything a stranger may send is bounded; what does not
hold raises `ProtocolError`, and the connection is dropped.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from groundwork.live.media import amf

AUDIO, VIDEO, DATA = 8, 9, 18
_SET_CHUNK, _ABORT, _ACK, _CONTROL, _WINDOW, _BANDWIDTH = 1, 2, 3, 4, 5, 6
_DATA3, _COMMAND3, _COMMAND = 15, 17, 20

HANDSHAKE = 1536
MOST_MESSAGE = 8 << 20  # bytes; a key frame of 50 Mbit/s is a tenth of it
MOST_CHUNK = 1 << 20
MOST_CHANNELS = 64  # chunk stream ids in use; OBS uses 4
MOST_BEFORE_PUBLISH = 64 << 10  # bytes from somebody who has shown no key
WINDOW = 2_500_000  # bytes between two acknowledgements
OWN_CHUNK = 4096
STREAM = 1  # the one message stream we give


class ProtocolError(Exception):
    """Say that the other side does not speak RTMP, or too much of it."""


@dataclass(frozen=True)
class Publish:
    """The encoder wants to send under this name: the stream key."""

    name: str


@dataclass(frozen=True)
class Media:
    """Sound, pictures or data about them, with a time in milliseconds."""

    kind: int
    at: int
    data: bytes


@dataclass(frozen=True)
class Goodbye:
    """The encoder stops, properly."""


Event = Publish | Media | Goodbye


@dataclass
class _Channel:
    """The last header of a chunk stream, and the message being put together."""

    at: int = 0
    step: int = 0
    extended: bool = False
    length: int = 0
    kind: int = 0
    stream: int = 0
    got: bytearray = field(default_factory=bytearray)


class Session:
    """One connection. `feed` what came, send what `outgoing` gives, answer a `Publish`."""

    def __init__(self) -> None:
        self._in = bytearray()
        self._out = bytearray()
        self._state = "c0c1"
        self._chunk = 128
        self._channels: dict[int, _Channel] = {}
        self._received = self._acknowledged = 0
        self.published = False  # `accept` was called
        self._asked = False
        self._told_chunk = False  # the other side knows our chunks are larger than 128 bytes

    # --- bytes ---

    def feed(self, data: bytes) -> list[Event]:
        """Take bytes and give what they complete. Raises ProtocolError."""
        self._in += data
        self._received += len(data)
        if not self.published and self._received > MOST_BEFORE_PUBLISH:
            raise ProtocolError("much before a key")
        events: list[Event] = []
        if self._state != "open" and not self._shake_hands():
            return events
        at = 0
        while (end := self._read_chunk(at, events)) is not None:
            at = end
        del self._in[:at]
        if self._received - self._acknowledged >= WINDOW:
            self._acknowledged = self._received
            self._send(_ACK, (self._received & 0xFFFFFFFF).to_bytes(4, "big"))
        return events

    def outgoing(self) -> bytes:
        """Give the bytes to be sent and forget them."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def _shake_hands(self) -> bool:
        if self._state == "c0c1" and len(self._in) >= 1 + HANDSHAKE:
            if self._in[0] != 3:
                raise ProtocolError("not RTMP")
            asked = bytes(self._in[1 : 1 + HANDSHAKE])
            del self._in[: 1 + HANDSHAKE]
            own = bytes(8) + os.urandom(HANDSHAKE - 8)
            self._out += b"\x03" + own + asked
            self._state = "c2"
        if self._state == "c2" and len(self._in) >= HANDSHAKE:
            del self._in[:HANDSHAKE]
            self._state = "open"
        return self._state == "open"

    # --- chunks ---

    def _read_chunk(self, at: int, events: list[Event]) -> int | None:
        """Read one chunk; give where it ends, None while it is not all there."""
        data = self._in
        head = _basic_header(data, at)
        if head is None:
            return None
        fmt, number, at = head
        old = self._channels.get(number)
        if old is None:
            if fmt or len(self._channels) >= MOST_CHANNELS:
                raise ProtocolError("a chunk of nothing")
            old = _Channel()
        new = _message_header(data, at, fmt, old)
        if new is None:
            return None
        channel, at = new
        size = min(self._chunk, channel.length - len(channel.got))
        if len(data) < at + size:
            return None
        self._channels[number] = channel
        channel.got += data[at : at + size]
        if len(channel.got) >= channel.length:
            message, channel.got = bytes(channel.got), bytearray()
            self._message(channel.kind, channel.at, message, events)
        return at + size

    # --- messages ---

    def _message(self, kind: int, at: int, data: bytes, events: list[Event]) -> None:
        if kind in {AUDIO, VIDEO}:
            if self.published and data:
                events.append(Media(kind, at, data))
        elif kind in {DATA, _DATA3}:
            if self.published:
                events.append(Media(DATA, at, data[1:] if kind == _DATA3 else data))
        elif kind in {_COMMAND, _COMMAND3}:
            self._command(data[1:] if kind == _COMMAND3 else data, events)
        else:
            self._control(kind, data)

    def _control(self, kind: int, data: bytes) -> None:
        if kind == _SET_CHUNK and len(data) == 4:
            self._chunk = int.from_bytes(data, "big")
            if not 1 <= self._chunk <= MOST_CHUNK:
                raise ProtocolError("chunk size")
        elif kind == _ABORT and len(data) == 4:
            channel = self._channels.get(int.from_bytes(data, "big"))
            if channel is not None:
                channel.got = bytearray()
        elif kind == _CONTROL and data[:2] == b"\x00\x06":  # ping: answer with what it carried
            self._send(_CONTROL, b"\x00\x07" + data[2:6])

    def _command(self, data: bytes, events: list[Event]) -> None:
        try:
            values = amf.decode(data)
        except amf.BadAmf as fault:
            raise ProtocolError(str(fault)) from fault
        if len(values) < 2 or not isinstance(values[0], str):
            raise ProtocolError("no command")
        name, call = values[0], values[1]
        if name == "connect":
            self._connected(call)
        elif name == "createStream":
            self._send(_COMMAND, amf.encode("_result", call, None, STREAM))
        elif name == "publish":
            self._ask(values, events)
        elif name in {"FCUnpublish", "deleteStream", "closeStream"} and self.published:
            self.published = False
            events.append(Goodbye())
        elif name == "play":
            raise ProtocolError("nothing is played here")

    def _connected(self, call: Any) -> None:
        self._send(_WINDOW, WINDOW.to_bytes(4, "big"))
        self._send(_BANDWIDTH, WINDOW.to_bytes(4, "big") + b"\x02")
        self._send(_SET_CHUNK, OWN_CHUNK.to_bytes(4, "big"))
        properties = {"fmsVer": "FMS/3,0,1,123", "capabilities": 31}
        told = _status("status", "NetConnection.Connect.Success", "Connection succeeded.")
        self._send(_COMMAND, amf.encode("_result", call, properties, {**told, "objectEncoding": 0}))

    def _ask(self, values: list[Any], events: list[Event]) -> None:
        if self._asked:
            raise ProtocolError("a second publish")
        name = values[3] if len(values) > 3 else ""
        self._asked = True
        events.append(Publish(name.split("?")[0] if isinstance(name, str) else ""))

    def accept(self) -> None:
        """Answer a `Publish`: begin."""
        self.published = True
        self._send(_CONTROL, b"\x00\x00" + STREAM.to_bytes(4, "big"))
        self._tell("status", "NetStream.Publish.Start", "Go.")

    def refuse(self, code: str, words: str) -> None:
        """Answer a `Publish`, or end what runs, with a sentence that encoders show or log."""
        self.published = False
        self._tell("error", code, words)

    def _tell(self, level: str, code: str, words: str) -> None:
        self._send(_COMMAND, amf.encode("onStatus", 0, None, _status(level, code, words)), STREAM)

    def _send(self, kind: int, data: bytes, stream: int = 0) -> None:
        channel = 2 if kind < AUDIO else 3
        head = bytes([channel]) + bytes(3) + len(data).to_bytes(3, "big") + bytes([kind])
        self._out += head + stream.to_bytes(4, "little")
        # The other side reads chunks of 128 bytes until it was told of ours.
        size = 128 if not self._told_chunk else OWN_CHUNK
        for at in range(0, len(data), size):
            self._out += (bytes([0xC0 | channel]) if at else b"") + data[at : at + size]
        self._told_chunk = self._told_chunk or kind == _SET_CHUNK


def _status(level: str, code: str, words: str) -> dict[str, Any]:
    return {"level": level, "code": code, "description": words}


def _basic_header(data: bytearray, at: int) -> tuple[int, int, int] | None:
    """Read kind and number of a chunk; give them and where they end."""
    if len(data) <= at:
        return None
    fmt, number = data[at] >> 6, data[at] & 0x3F
    more = {0: 1, 1: 2}.get(number, 0)  # bytes of the number that follow
    if len(data) < at + 1 + more:
        return None
    if more:
        number = 64 + int.from_bytes(data[at + 1 : at + 1 + more], "little")
    return fmt, number, at + 1 + more


def _message_header(
    data: bytearray, at: int, fmt: int, old: _Channel
) -> tuple[_Channel, int] | None:
    """Read a message's header onto a copy of the channel; give it and where the header ends."""
    size = (11, 7, 3, 0)[fmt]
    if len(data) < at + size:
        return None
    if old.got and fmt < 3:
        raise ProtocolError("a message within a message")
    new = _Channel(old.at, old.step, old.extended, old.length, old.kind, old.stream, old.got)
    step = int.from_bytes(data[at : at + 3], "big") if fmt < 3 else new.step
    if fmt < 3:
        new.extended = step == 0xFFFFFF
    if fmt < 2:
        new.length, new.kind = int.from_bytes(data[at + 3 : at + 6], "big"), data[at + 6]
    if fmt == 0:
        new.stream = int.from_bytes(data[at + 7 : at + 11], "little")
    at += size
    if new.extended:
        if len(data) < at + 4:
            return None
        # Of a continued chunk too: every encoder in use repeats it there.
        step, at = int.from_bytes(data[at : at + 4], "big"), at + 4
    if new.length > MOST_MESSAGE:
        raise ProtocolError("a message too long")
    if not old.got:  # a message begins
        new.step = step
        new.at = step if fmt == 0 else (new.at + step) & 0xFFFFFFFF
    return new, at
