"""Decode very large PNG files strip by strip.

A PNG is one compressed stream in which each row depends on the row above, and Pillow only decodes it whole.
Here the stream is inflated one strip of rows at a time. Each strip, preceded by the last row of the previous
one, is given to Pillow as a small PNG.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import IO

from PIL import Image
from PIL.PngImagePlugin import PngImageFile

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_RAW_COLOUR = {1: 0, 2: 4, 3: 2, 4: 6}
_PIECE = 1 << 20


class PngStrips:
    """A PNG file whose rows can be read in strips.

    Args:
        stream: a seekable PNG file, in use until the last strip.

    Attributes:
        possible: False for interlaced files and 16-bit colour, which cannot be read in strips.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        stream.seek(len(_SIGNATURE))
        _, _, header = next(self._chunks())
        self._width, self._height, depth, colour, _, _, interlace = struct.unpack(">2I5B", header)
        self._kind = bytes((depth, colour, 0, 0, 0))
        bits = depth * _CHANNELS.get(colour, 0)
        self._row_bytes = (self._width * bits + 7) // 8
        self._unit = max(1, bits // 8)  # PNG filters look back by this many bytes
        self.possible = interlace == 0 and bits > 0 and self._unit in _RAW_COLOUR

    def strips(self, rows: int) -> Iterator[Image.Image]:
        """Yield strips of ``rows`` rows; the last may be shorter.

        Raises:
            EOFError: the file ends before its picture does.
            OSError, zlib.error, SyntaxError: the file is damaged.
        """
        above = b""
        palette: list[tuple[bytes, bytes]] = []
        inflated = self._inflated(palette)
        pending = bytearray()
        left = self._height
        while left:
            rows = min(rows, left)
            left -= rows
            wanted = rows * (self._row_bytes + 1)
            while len(pending) < wanted:
                piece = next(inflated, None)
                if piece is None:
                    raise EOFError
                pending += piece
            filtered = bytes(pending[:wanted])
            del pending[:wanted]
            if above:
                filtered = b"\0" + above + filtered
            strip = self._decoded(filtered, self._width, self._kind, palette)
            raw = strip
            if self._kind[0] != 8 or self._kind[1] == 3:
                raw_kind = bytes((8, _RAW_COLOUR[self._unit], 0, 0, 0))
                raw = self._decoded(filtered, self._row_bytes // self._unit, raw_kind, [])
            first, end = strip.height - rows, strip.height
            above = raw.crop((0, end - 1, raw.width, end)).tobytes()
            yield strip.crop((0, first, strip.width, end))

    def _decoded(
        self, filtered: bytes, width: int, kind: bytes, extra: list[tuple[bytes, bytes]]
    ) -> PngImageFile:
        row_bytes = self._row_bytes + 1
        chunks = [(b"IHDR", struct.pack(">2I", width, len(filtered) // row_bytes) + kind), *extra]
        chunks += [(b"IDAT", zlib.compress(filtered, 0)), (b"IEND", b"")]
        packed = b"".join(
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(name)))
            for name, body in chunks
        )
        image = PngImageFile(io.BytesIO(_SIGNATURE + packed))
        image.load()
        return image

    def _inflated(self, palette: list[tuple[bytes, bytes]]) -> Iterator[bytes]:
        """Yield the inflated rows in pieces; append palette and transparency chunks to ``palette``."""
        self._stream.seek(len(_SIGNATURE))
        inflate = zlib.decompressobj()
        for name, last, body in self._chunks():
            if name in (b"PLTE", b"tRNS") and last:
                palette.append((name, body))
            if name == b"IDAT":
                while body and not inflate.eof:
                    yield inflate.decompress(body, _PIECE)
                    body = inflate.unconsumed_tail

    def _chunks(self) -> Iterator[tuple[bytes, bool, bytes]]:
        """Yield (name, whether this ends the chunk, body); a long body comes in pieces."""
        while True:
            head = self._stream.read(8)
            if len(head) < 8:
                return
            length, name = struct.unpack(">I4s", head)
            check = zlib.crc32(name)
            while True:
                body = self._stream.read(min(length, _PIECE))
                length -= len(body)
                check = zlib.crc32(body, check)
                if length and not body:
                    return
                if not length:
                    break
                yield name, False, body
            if self._stream.read(4) != struct.pack(">I", check):
                raise OSError("checksum of a chunk is wrong")
            yield name, True, body
