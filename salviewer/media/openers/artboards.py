"""The artboards of Photoshop files: named rectangles of the whole, kept with groups of layers."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_WIDE_IN_PSB = frozenset(
    {b"LMsk", b"Lr16", b"Lr32", b"Layr", b"Mt16", b"Mt32", b"Mtrn", b"Alph", b"FMsk", b"lnk2", b"FEid"}
    | {b"FXid", b"PxSD"}
)
"""Blocks whose length has eight bytes in large files."""
_LAYERS = frozenset({b"Lr16", b"Lr32", b"Layr"})
_ARTBOARD = frozenset({b"artb", b"artd", b"abdd"})
_SIGNATURES = (b"8BIM", b"8B64")
_MOST_LAYERS = 10_000
_DEEPEST = 8


class _BrokenError(Exception):
    """The layers are not as the specification says; a file without artboards is the result."""


@dataclass(frozen=True, slots=True)
class Artboard:
    """A name, and (left, top, right, bottom) in pixels of the composite."""

    name: str
    box: tuple[int, int, int, int]


def find_artboards(section: bytes, large: bool, size: tuple[int, int]) -> list[Artboard]:
    """Return a file's artboards in the order of its layers, from the top; none if they are damaged.

    Args:
        section: the layer and mask section, without its length, or the start of it: pixels come last.
        large: whether it is of a PSB.
        size: (width, height) of the composite, to which boxes are cut; those outside are left out.
    """
    try:
        found = list(_artboards(_layers(section, large), large))
    except (_BrokenError, struct.error, IndexError, UnicodeDecodeError):
        return []
    kept = []
    for board in reversed(found):
        left, top, right, bottom = board.box
        box = (max(left, 0), max(top, 0), min(right, size[0]), min(bottom, size[1]))
        if box[0] < box[2] and box[1] < box[3]:
            kept.append(Artboard(board.name, box))
    return kept


class _Bytes:
    """Reads numbers from bytes, and never past their end."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    @property
    def left(self) -> int:
        return len(self.content) - self.at

    def take(self, size: int) -> bytes:
        if not 0 <= size <= self.left:
            raise _BrokenError
        self.at += size
        return self.content[self.at - size : self.at]

    def number(self, size: int = 4) -> int:
        return int.from_bytes(self.take(size), "big")

    def text(self) -> str:
        return self.take(2 * self.number()).decode("utf-16-be").rstrip("\0")

    def key(self) -> bytes:
        return self.take(self.number() or 4)


def _layers(section: bytes, large: bool) -> bytes:
    """Return the records of layers: of eight bits at the start, of others in a block further down."""
    wide = 8 if large else 4
    reader = _Bytes(section)
    if size := reader.number(wide):
        return reader.take(min(size, reader.left))
    reader.take(reader.number())
    for key, content in _blocks(reader, large):
        if key in _LAYERS:
            return content
    return b""


def _artboards(records: bytes, large: bool) -> Iterator[Artboard]:
    reader = _Bytes(records)
    if reader.left < 2:
        return
    count = abs(int.from_bytes(reader.take(2), "big", signed=True))
    for _ in range(min(count, _MOST_LAYERS)):
        reader.take(16)
        reader.take(reader.number(2) * (10 if large else 6))
        reader.take(12)
        extra = _Bytes(reader.take(reader.number()))
        extra.take(extra.number())
        extra.take(extra.number())
        length = extra.number(1)
        name = extra.take(length).decode("latin-1")
        extra.take(-(length + 1) % 4)
        box = None
        for key, content in _blocks(extra, large):
            if key == b"luni":
                name = _Bytes(content).text()
            elif key in _ARTBOARD:
                box = _box(content)
        if box is not None:
            yield Artboard(name, box)


def _blocks(reader: _Bytes, large: bool) -> Iterator[tuple[bytes, bytes]]:
    while reader.left >= 12:
        if reader.take(4) not in _SIGNATURES:
            return
        key = reader.take(4)
        size = reader.number(8 if large and key in _WIDE_IN_PSB else 4)
        yield key, reader.take(min(size, reader.left) if key in _LAYERS else size)
        while reader.left and reader.content[reader.at] == 0:  # padding, to two or four bytes
            reader.at += 1


def _box(content: bytes) -> tuple[int, int, int, int] | None:
    reader = _Bytes(content)
    reader.take(4)  # the version of descriptors
    values = _descriptor(reader, _DEEPEST)
    sides = [values.get(key) for key in (b"Left", b"Top ", b"Rght", b"Btm ")]
    if not all(isinstance(side, int | float) and abs(side) < 1e7 for side in sides):
        return None
    left, top, right, bottom = (round(side) for side in sides if side is not None)
    return left, top, right, bottom


def _descriptor(reader: _Bytes, deep: int) -> dict[bytes, float]:
    """Return the numbers of a descriptor and of those in it, up to one of an unknown kind."""
    found: dict[bytes, float] = {}
    reader.text()
    reader.key()
    for _ in range(reader.number()):
        key, kind = reader.key(), reader.take(4)
        if kind == b"doub":
            found[key] = struct.unpack(">d", reader.take(8))[0]
        elif kind == b"long":
            found[key] = int.from_bytes(reader.take(4), "big", signed=True)
        elif kind == b"UntF":
            reader.take(4)
            found[key] = struct.unpack(">d", reader.take(8))[0]
        elif kind == b"bool":
            reader.take(1)
        elif kind == b"TEXT":
            reader.text()
        elif kind == b"enum":
            reader.key()
            reader.key()
        elif kind == b"Objc" and deep:
            found |= {
                name: value for name, value in _descriptor(reader, deep - 1).items() if name not in found
            }
        else:
            break
    return found
