"""Which file formats are opened, how a file is recognised, and what to say about one that is not."""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import PurePath
from typing import IO

from PIL import Image, ImageFile, features

# Tried in this order. Formats that run another program (EPS), hold no raster (WMF) or have no signature to be
# recognised by are left out; TGA, which has none, is tried only for a file that is called so.
_PLUGINS = {
    "JPEG": "JpegImagePlugin",
    "PNG": "PngImagePlugin",
    "WEBP": "WebPImagePlugin",
    "GIF": "GifImagePlugin",
    "TIFF": "TiffImagePlugin",
    "BMP": "BmpImagePlugin",
    "JPEG2000": "Jpeg2KImagePlugin",
    "PPM": "PpmImagePlugin",
    "QOI": "QoiImagePlugin",
    "PSD": "PsdImagePlugin",
    "ICO": "IcoImagePlugin",
    "PCX": "PcxImagePlugin",
    "SGI": "SgiImagePlugin",
    "TGA": "TgaImagePlugin",
}
if features.check("avif"):
    _PLUGINS["AVIF"] = "AvifImagePlugin"
for _module in _PLUGINS.values():
    import_module(f"PIL.{_module}")

PICTURE_SUFFIXES: frozenset[str] = frozenset(
    suffix
    for suffix, name in {
        **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"), "JPEG"),
        **dict.fromkeys((".png", ".apng"), "PNG"),
        **dict.fromkeys((".tif", ".tiff"), "TIFF"),
        **dict.fromkeys((".bmp", ".dib"), "BMP"),
        **dict.fromkeys((".jp2", ".j2k", ".jpx", ".jpf", ".j2c", ".jpc"), "JPEG2000"),
        **dict.fromkeys((".ppm", ".pgm", ".pbm", ".pnm", ".pfm"), "PPM"),
        **dict.fromkeys((".sgi", ".rgb", ".rgba", ".bw"), "SGI"),
        ".webp": "WEBP",
        ".gif": "GIF",
        ".qoi": "QOI",
        ".psd": "PSD",
        ".ico": "ICO",
        ".pcx": "PCX",
        ".tga": "TGA",
        ".avif": "AVIF",
    }.items()
    if name in _PLUGINS
)
"""Suffixes, lower case with the dot, of files that are likely to open; a folder is listed by them."""


class UnreadableError(Exception):
    """Why the bytes of a file cannot become a picture; ``str(error)`` is a clause for ``ImageError``."""


def open_image(stream: IO[bytes], name: str) -> ImageFile.ImageFile:
    """Recognises a picture by its first bytes and reads its header, no pixels.

    Like ``PIL.Image.open``, without its limit on pixels (the caller has one in bytes) and without touching
    Pillow's process-wide settings.

    Args:
        stream: seekable, at any position; must stay open while the image is in use.
        name: the file's name; its suffix matters only for TGA.

    Raises:
        UnreadableError: no format knows these bytes, or the header is broken.
    """
    stream.seek(0)
    prefix = stream.read(64)
    if not prefix:
        raise UnreadableError("the file is empty")
    recognised = ""
    for fmt in _PLUGINS:
        if fmt == "TGA" and PurePath(name).suffix.lower() != ".tga":
            continue
        factory: Callable[[IO[bytes], str], ImageFile.ImageFile]
        factory, accept = Image.OPEN[fmt]
        with suppress(SyntaxError, IndexError, TypeError, struct.error):
            if accept is not None:
                answer = accept(prefix)
                if not answer or isinstance(answer, str):  # a text says why this installation cannot
                    continue
                recognised = fmt
            stream.seek(0)
            return factory(stream, "")
    if recognised:
        raise UnreadableError(f"its {recognised} header is damaged or of a kind that is not supported")
    raise UnreadableError(_unrecognised(prefix, stream))


def _unrecognised(prefix: bytes, stream: IO[bytes]) -> str:
    stream.seek(0)
    start = stream.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<svg") or (
        start.startswith((b"<?xml", b"<!--", b"<!DOCTYPE")) and b"<svg" in start
    ):
        return "SVG drawings are not supported; export it as PNG first"
    if start.startswith(b"%PDF"):
        return "PDF documents are not supported; export the page as PNG first"
    if start.startswith((b"%!PS", b"\xc5\xd0\xd3\xc6")):
        return "PostScript and EPS are not supported; export it as PNG first"
    if prefix[4:8] == b"ftyp":
        brand = prefix[8:12]
        if brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"):
            return "HEIC pictures are not supported; export it as JPEG first"
        if brand in (b"avif", b"avis"):
            return "AVIF pictures are not supported by this installation"
        return "it is a video, not a picture"
    return "it is not a picture, or of a kind that is not supported"
