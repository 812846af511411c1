"""Read a PNG's colour encoding from the chunks before its picture data."""

from __future__ import annotations

import struct
import zlib
from typing import IO, NamedTuple

from salviewer.media.encodings import BT709, Chromaticities, Encoding, encoding_of_code_points, is_srgb

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WANTED = (b"IHDR", b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM")
_LONGEST = 64  # most bytes of a chunk that is read


class PngHeader(NamedTuple):
    """Header and colour encoding of a PNG.

    Attributes:
        depth: bits per sample, 1 to 16; 0 if the header is broken.
        colour: PNG's colour type.
        encoding: of its colours, if given by numbers and not sRGB; None to use the ICC profile, or for sRGB.
        profile: whether the ICC profile applies, if there is one.
    """

    depth: int = 0
    colour: int = 0
    encoding: Encoding | None = None
    profile: bool = True


def read_png_header(stream: IO[bytes]) -> PngHeader:
    """Read the chunks before the picture; chunks with a wrong checksum are ignored.

    By the PNG specification, cICP has priority over iCCP, then sRGB, then gAMA with cHRM.

    Args:
        stream: seekable, at any position, which is kept.
    """
    place = stream.tell()
    try:
        return _header(_chunks(stream))
    finally:
        stream.seek(place)


def _chunks(stream: IO[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    stream.seek(0)
    if stream.read(8) != _SIGNATURE:
        return found
    while len(head := stream.read(8)) == 8:
        length, name = struct.unpack(">I4s", head)
        if name in (b"IDAT", b"IEND"):
            break
        if name in _WANTED and name not in found and (length <= _LONGEST or name == b"iCCP"):
            body = stream.read(min(length, _LONGEST))
            stream.seek(length - len(body), 1)
            sum_ = stream.read(4)
            if name == b"iCCP" or sum_ == struct.pack(">I", zlib.crc32(body, zlib.crc32(name))):
                found[name] = body
        else:
            stream.seek(length + 4, 1)
    return found


def _header(found: dict[bytes, bytes]) -> PngHeader:
    depth, colour = struct.unpack_from(">BB", found.get(b"IHDR", b"").ljust(10, b"\0"), 8)
    coded = _coded(found.get(b"cICP", b""))
    if coded is not None:
        return PngHeader(depth, colour, None if is_srgb(coded) else coded, profile=False)
    if b"iCCP" in found or b"sRGB" in found:
        return PngHeader(depth, colour)
    measured = _measured(found.get(b"gAMA", b""), found.get(b"cHRM", b""))
    return PngHeader(depth, colour, None if measured is None or is_srgb(measured) else measured)


def _coded(body: bytes) -> Encoding | None:
    if len(body) != 4 or body[2] != 0 or body[3] != 1:  # PNG only allows RGB and full range
        return None
    return encoding_of_code_points(body[0], body[1])


def _measured(gamma: bytes, chromaticities: bytes) -> Encoding | None:
    if len(gamma) != 4 or not 10_000 <= (value := int.from_bytes(gamma, "big")) <= 1_000_000:
        return None
    primaries: Chromaticities = BT709
    if len(chromaticities) == 32:
        given = tuple(part / 100_000 for part in struct.unpack(">8I", chromaticities))
        x, y = given[::2], given[1::2]
        area = (x[2] - x[1]) * (y[3] - y[1]) - (x[3] - x[1]) * (y[2] - y[1])
        if abs(area) > 0.01 and all(0 < each < 1 for each in y) and all(0 <= each < 1 for each in x):
            primaries = given
    return Encoding(primaries, 100_000 / value)
