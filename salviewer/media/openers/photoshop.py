"""Photoshop files, PSD and PSB: the picture of the whole that Photoshop saves beside the layers.

Adobe Photoshop File Formats Specification, 2019. Layers are not composed: what they show together is what the
program that wrote the file saved as its composite. A file without one is refused.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from salviewer.media.openers.artboards import Artboard, find_artboards
from salviewer.media.openers.refusals import UnreadableError

_BITMAP, _GREY, _INDEXED, _RGB, _CMYK, _MULTI, _DUOTONE, _LAB = 0, 1, 2, 3, 4, 7, 8, 9
_CHANNELS = {_BITMAP: 1, _GREY: 1, _INDEXED: 1, _RGB: 3, _CMYK: 4, _MULTI: 1, _DUOTONE: 1, _LAB: 3}
_DEPTHS = (1, 8, 16, 32)
_SIDE = {1: 30_000, 2: 300_000}
_PROFILE, _VERSION = 1039, 1057  # image resources
_LAYERS_READ = 2**25  # bytes; records of layers come before their pixels
_NO_COMPOSITE = (
    "it has layers only, and no picture of them together; save it again with “Maximize compatibility”"
)
_TRUNCATED = "the file ends before the picture does; it is truncated or still being written"


@dataclass(frozen=True, slots=True)
class Document:
    """Where things are in a file.

    Attributes:
        version: 1 for PSD, 2 for PSB.
        channels: of the composite.
        size: (width, height).
        depth: bits of a value.
        mode: its colour mode, as the specification numbers it.
        palette: 768 bytes, for indexed colours.
        icc: the profile; b"" for none.
        composite: whether the composite shows the layers.
        layers: offset and size in bytes of the layer section; size 0 for none.
        data: offset of the composite.
        length: of the file.
    """

    version: int
    channels: int
    size: tuple[int, int]
    depth: int
    mode: int
    palette: bytes
    icc: bytes
    composite: bool
    layers: tuple[int, int]
    data: int
    length: int


def read(stream: IO[bytes], page: int | None, memory: int) -> tuple[Image.Image, str]:
    """Decode the composite.

    Args:
        stream: the file, seekable.
        page: an artboard, counted from one; None for all.
        memory: most bytes that may be taken.

    Returns:
        the image, with its profile in ``info``, and a note on what is not shown.

    Raises:
        UnreadableError: it has no composite, is damaged or too large, or lies about its size.
    """
    document = parse(stream)
    layers = _layer_count(stream, document)
    if not document.composite and layers:
        raise UnreadableError(_NO_COMPOSITE)
    wanted = _CHANNELS[document.mode]
    transparent = document.mode in (_RGB, _GREY) and document.channels > wanted and layers <= 0
    planes = _planes(stream, document, wanted + transparent, memory)
    image = _image(document, planes, transparent)
    boards = artboards_of(stream, document)
    if page is not None:
        if page > len(boards):
            raise UnreadableError(f"it has no artboard {page}, only {len(boards)}")
        image = image.crop(boards[page - 1].box)
    if document.icc:
        image.info["icc_profile"] = document.icc
    notes = []
    if abs(layers) > 1:
        notes.append(f"{abs(layers)} layers as one picture, as they were saved")
    if document.depth == 32:
        notes.append("values above white are clipped")
    if document.mode == _MULTI:
        notes.append("first of its channels")
    return image, "; ".join(notes)


def parse(stream: IO[bytes]) -> Document:
    """Read everything but pixels.

    Raises:
        UnreadableError: the file is damaged, or of a kind that is not supported.
    """
    length = stream.seek(0, 2)
    stream.seek(0)
    _, version, channels, height, width, depth, mode = struct.unpack(">4sH6xHIIHH", _take(stream, 26))
    if mode not in _CHANNELS or depth not in _DEPTHS or (depth == 1) != (mode == _BITMAP):
        raise UnreadableError("Photoshop files of this kind are not supported; export it as PNG first")
    if not (0 < width <= _SIDE[version] and 0 < height <= _SIDE[version] and channels >= _CHANNELS[mode]):
        raise UnreadableError("its PSD header is damaged")
    palette = _take(stream, _number(stream, 4), length)
    if mode == _INDEXED and len(palette) != 768:
        raise UnreadableError("its PSD header is damaged")
    resources = _resources(_take(stream, _number(stream, 4), length))
    told = resources.get(_VERSION, b"")
    size = _number(stream, 8 if version == 2 else 4)
    start = stream.tell()
    if start + size > length:
        raise UnreadableError(_TRUNCATED)
    icc = resources.get(_PROFILE, b"")
    composite = len(told) < 5 or told[4] != 0
    layers, data = (start, size), start + size
    return Document(
        version, channels, (width, height), depth, mode, palette, icc, composite, layers, data, length
    )


def artboard_names(stream: IO[bytes]) -> list[str]:
    """Return the names of a file's artboards; none if it has none.

    Raises:
        UnreadableError: the file is damaged.
    """
    return [board.name for board in artboards_of(stream, parse(stream))]


def artboards_of(stream: IO[bytes], document: Document) -> list[Artboard]:
    """Return the artboards of a file; none where it has none."""
    start, size = document.layers
    stream.seek(start)
    section = _take(stream, min(size, _LAYERS_READ))
    return find_artboards(section, document.version == 2, document.size) if section else []


def _resources(content: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while at + 12 <= len(content) and content[at : at + 4] in (b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR"):
        name = content[at + 6]
        at_size = at + 6 + name + 1 + (name + 1) % 2
        if at_size + 4 > len(content):
            break
        size = int.from_bytes(content[at_size : at_size + 4], "big")
        number = int.from_bytes(content[at + 4 : at + 6], "big")
        found.setdefault(number, content[at_size + 4 : at_size + 4 + size])
        at = at_size + 4 + size + size % 2
    return found


def _layer_count(stream: IO[bytes], document: Document) -> int:
    """Return the number of layers; negative if the first extra channel is the transparency of all."""
    start, size = document.layers
    wide = 8 if document.version == 2 else 4
    if size < wide + 2:
        return 0
    stream.seek(start)
    if not _number(stream, wide):  # files of 16 and 32 bits keep them elsewhere
        return 0
    return int.from_bytes(_take(stream, 2), "big", signed=True)


def _planes(stream: IO[bytes], document: Document, wanted: int, memory: int) -> list[NDArray[np.uint8]]:
    """Decode channels: (H, bytes of a row) each."""
    width, height = document.size
    row = (width * document.depth + 7) // 8
    if (needed := (wanted * 2 + 4) * row * height) > memory:
        raise UnreadableError(
            f"its {width} x {height} pixels would take {needed / 2**30:.1f} GB of memory"
            f" to open (the limit is {memory / 2**30:.1f} GB)"
        )
    stream.seek(document.data)
    compression = _number(stream, 2)
    if compression == 0:
        if document.length - stream.tell() < wanted * row * height:
            raise UnreadableError(_TRUNCATED)
        return [
            np.frombuffer(_take(stream, row * height), np.uint8).reshape(height, row) for _ in range(wanted)
        ]
    if compression != 1:
        raise UnreadableError("Photoshop files of this kind are not supported; export it as PNG first")
    wide = 4 if document.version == 2 else 2
    count = document.channels * height
    if count * wide > document.length - stream.tell():
        raise UnreadableError(_TRUNCATED)
    counts = np.frombuffer(_take(stream, count * wide), f">u{wide}").reshape(document.channels, height)
    sizes = counts.sum(axis=1, dtype=np.int64)
    if int(sizes[:wanted].sum()) > document.length - stream.tell():
        raise UnreadableError(_TRUNCATED)
    if int(counts[:wanted].min()) < 2 * -(-row // 128):  # 128 bytes of a row take two at least
        raise UnreadableError("its PSD data are damaged")
    return [_unpacked(_take(stream, int(size)), (row, height)) for size in sizes[:wanted]]


def _unpacked(packed: bytes, size: tuple[int, int]) -> NDArray[np.uint8]:
    try:
        return np.asarray(Image.frombytes("L", size, packed, "packbits", "L"))
    except ValueError as error:
        raise UnreadableError("its PSD data are damaged") from error


def _image(document: Document, planes: list[NDArray[np.uint8]], transparent: bool) -> Image.Image:
    width, height = document.size
    mode = document.mode
    if mode == _BITMAP:
        bits = np.unpackbits(planes[0], axis=1)[:, :width]
        return Image.fromarray((1 - bits) * np.uint8(255))
    values = [_eight_bits(plane, document.depth, mode) for plane in planes]
    if mode == _INDEXED:
        image = Image.fromarray(values[0])
        image = Image.frombuffer("P", (width, height), image.tobytes(), "raw", "P", 0, 1)
        image.putpalette(np.frombuffer(document.palette, np.uint8).reshape(3, 256).T.tobytes())
        return image.convert("RGB")
    bands = [Image.fromarray(each) for each in values]
    if mode == _CMYK:
        return Image.merge("CMYK", [Image.fromarray(255 - each) for each in values])
    if mode == _LAB:
        return Image.merge("LAB", bands)
    if len(bands) == 1:
        return bands[0]
    return Image.merge("RGBA" if mode == _RGB else "LA", bands) if transparent else Image.merge("RGB", bands)


def _eight_bits(plane: NDArray[np.uint8], depth: int, mode: int) -> NDArray[np.uint8]:
    if depth == 8:
        return plane
    if depth == 16:
        deep = plane.view(">u2")
        return np.asarray((deep.astype(np.uint32) * 255 + 32767) // 65535, np.uint8)
    linear = np.clip(np.nan_to_num(plane.view(">f4").astype(np.float32)), 0, 1)
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(encoded * 255), np.uint8)


def _number(stream: IO[bytes], size: int) -> int:
    return int.from_bytes(_take(stream, size), "big")


def _take(stream: IO[bytes], size: int, length: int | None = None) -> bytes:
    if length is not None and size > length:
        raise UnreadableError(_TRUNCATED)
    content = stream.read(size)
    if len(content) < size:
        raise UnreadableError(_TRUNCATED)
    return content
