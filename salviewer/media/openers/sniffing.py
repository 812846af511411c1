"""Tell documents and drawings by their first bytes, whatever their names."""

from __future__ import annotations

import zlib
from typing import IO

_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
_START = 2048


def pdf(prefix: bytes, stream: IO[bytes], suffix: str) -> bool:
    """Recognise a PDF, or an Illustrator file with one inside; readers allow bytes before its first line."""
    if prefix.startswith(b"%PDF"):
        return True
    return suffix in {".pdf", ".ai"} and b"%PDF-" in _start(stream)[:1024]


def svg(prefix: bytes, stream: IO[bytes], suffix: str) -> bool:
    """Recognise an SVG drawing, also compressed by gzip."""
    if prefix.startswith(b"\x1f\x8b"):
        return is_svg(unpacked_start(_start(stream)))
    return prefix.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1] == b"<" and is_svg(_start(stream))


def is_svg(start: bytes) -> bool:
    """Return whether a text's first bytes are those of an SVG drawing."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.decode("utf-16", "ignore").encode()
    start = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    marked_up = start.startswith((b"<?xml", b"<!--", b"<!DOCTYPE"))
    return start.startswith((b"<svg", b"<svg:svg")) or (marked_up and (b"<svg" in start or b":svg" in start))


def psd(prefix: bytes, stream: IO[bytes], suffix: str) -> bool:
    """Recognise a Photoshop file, also a large one (PSB)."""
    return prefix[:4] == b"8BPS" and prefix[4:6] in (b"\0\1", b"\0\2")


def heic(prefix: bytes, stream: IO[bytes], suffix: str) -> bool:
    """Recognise pictures of the HEIF family that are no AVIF."""
    return prefix[4:8] == b"ftyp" and prefix[8:12] in _HEIC and b"avif" not in prefix[16:64]


def jxl(prefix: bytes, stream: IO[bytes], suffix: str) -> bool:
    """Recognise JPEG XL, bare or in its container."""
    return prefix.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"))


def unpacked_start(packed: bytes) -> bytes:
    """Return the first bytes of what gzip compressed; b"" if it is damaged."""
    try:
        return zlib.decompressobj(wbits=31).decompress(packed, _START)
    except zlib.error:
        return b""


def _start(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read(_START)
