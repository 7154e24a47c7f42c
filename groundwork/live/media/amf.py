"""Read and write AMF0, the values inside RTMP's commands, of strangers: everything is bounded."""

from __future__ import annotations

import struct
from typing import Any

MOST_VALUES = 400  # in one message; OBS sends about 30
DEEPEST = 8
_NUMBER, _BOOLEAN, _STRING, _OBJECT, _NULL, _UNDEFINED, _MAP, _END, _ARRAY, _DATE, _LONG = (
    *(0, 1, 2, 3, 5, 6, 8, 9, 10, 11, 12),
)
_OBJECT_END = b"\x00\x00\x09"


class BadAmf(ValueError):
    """Say that bytes are no AMF0, or more of it than anybody needs."""


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.values = data, 0, 0

    def take(self, count: int) -> bytes:
        piece = self.data[self.at : self.at + count]
        if len(piece) < count:
            raise BadAmf("too short")
        self.at += count
        return piece

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def text(self, length_size: int = 2) -> str:
        return self.take(self.number(length_size)).decode("utf-8", "replace")

    def value(self, depth: int = 0) -> Any:
        self.values += 1
        if depth > DEEPEST or self.values > MOST_VALUES:
            raise BadAmf("too much")
        kind = self.number(1)
        if kind == _NUMBER:
            return struct.unpack(">d", self.take(8))[0]
        if kind == _BOOLEAN:
            return self.number(1) != 0
        if kind in {_STRING, _LONG}:
            return self.text(2 if kind == _STRING else 4)
        if kind in {_NULL, _UNDEFINED}:
            return None
        return self.compound(kind, depth)

    def compound(self, kind: int, depth: int) -> Any:
        if kind == _DATE:
            return struct.unpack(">dh", self.take(10))[0]
        if kind == _ARRAY:
            count = self.number(4)
            if count > MOST_VALUES:
                raise BadAmf("too much")
            return [self.value(depth + 1) for _ in range(count)]
        if kind == _MAP:
            self.take(4)  # a count that nobody keeps
        elif kind != _OBJECT:
            raise BadAmf(f"type {kind}")
        found: dict[str, Any] = {}
        while self.data[self.at : self.at + 3] != _OBJECT_END:
            name = self.text()
            found[name] = self.value(depth + 1)
        self.at += 3
        return found


def decode(data: bytes) -> list[Any]:
    """Read all values of a message. Raises BadAmf."""
    reader, found = _Reader(data), []
    while reader.at < len(data):
        found.append(reader.value())
    return found


def first_size(data: bytes) -> int:
    """Tell how many bytes the first value takes. Raises BadAmf."""
    reader = _Reader(data)
    reader.value()
    return reader.at


def encode(*values: Any) -> bytes:
    """Write values: None, bool, number, str and dict of these."""
    return b"".join(_encode(value) for value in values)


def _encode(value: Any) -> bytes:
    if value is None:
        return bytes([_NULL])
    if isinstance(value, bool):
        return bytes([_BOOLEAN, value])
    if isinstance(value, int | float):
        return bytes([_NUMBER]) + struct.pack(">d", value)
    if isinstance(value, str):
        return bytes([_STRING]) + _name(value)
    pairs = b"".join(_name(name) + _encode(inner) for name, inner in value.items())
    return bytes([_OBJECT]) + pairs + _OBJECT_END


def _name(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(2, "big") + raw
