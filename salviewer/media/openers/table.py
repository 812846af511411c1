"""The list of openers: a row for each kind of file that a picture can be in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import IO

from PIL import features

from salviewer.media.openers import sniffing

Recognises = Callable[[bytes, IO[bytes], str], bool]
"""Whether a file is of a kind, by its first 64 bytes, itself (at any position), and its suffix."""


@dataclass(frozen=True, slots=True)
class Opener:
    """One kind of file.

    Attributes:
        kind: its short name.
        suffixes: lower case, with the dot; a folder lists files that have one.
        by: who opens it: "pillow" (in this process), "process" (a process of its own, with limits) or
            "photoshop" (`media.photoshop`).
        plugin: Pillow's module, for those that Pillow opens.
        title: its name in messages.
        recognises: tells a file of this kind; None where Pillow's plugin does.
        options: the fields of `Opening` that matter.
        paged: whether a file may have several pages, which are pictures of their own.
        needs: a module that an extra installs; "" for none.
        extra: the name of that extra.
    """

    kind: str
    suffixes: tuple[str, ...]
    by: str = "pillow"
    plugin: str = ""
    title: str = ""
    recognises: Recognises | None = None
    options: frozenset[str] = frozenset()
    paged: bool = False
    needs: str = ""
    extra: str = ""

    @property
    def there(self) -> bool:
        """Whether this installation can open it."""
        if self.kind == "AVIF":
            return bool(features.check("avif"))
        return not self.needs or find_spec(self.needs) is not None

    @property
    def named(self) -> str:
        """Its name in messages."""
        return self.title or self.kind


_DRAWN = frozenset({"dpi"})
_PAGES = frozenset({"dpi", "password"})

OPENERS: tuple[Opener, ...] = (
    Opener("JPEG", (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"), plugin="JpegImagePlugin"),
    Opener("PNG", (".png", ".apng"), plugin="PngImagePlugin"),
    Opener("WEBP", (".webp",), plugin="WebPImagePlugin", title="WebP"),
    Opener("GIF", (".gif",), plugin="GifImagePlugin"),
    Opener("TIFF", (".tif", ".tiff"), plugin="TiffImagePlugin"),
    Opener("BMP", (".bmp", ".dib"), plugin="BmpImagePlugin"),
    Opener(
        "JPEG2000",
        (".jp2", ".j2k", ".jpx", ".jpf", ".j2c", ".jpc"),
        plugin="Jpeg2KImagePlugin",
        title="JPEG 2000",
    ),
    Opener("PPM", (".ppm", ".pgm", ".pbm", ".pnm", ".pfm"), plugin="PpmImagePlugin"),
    Opener("QOI", (".qoi",), plugin="QoiImagePlugin"),
    Opener("ICO", (".ico",), plugin="IcoImagePlugin"),
    Opener("PCX", (".pcx",), plugin="PcxImagePlugin"),
    Opener("SGI", (".sgi", ".rgb", ".rgba", ".bw"), plugin="SgiImagePlugin"),
    Opener("TGA", (".tga",), plugin="TgaImagePlugin"),
    Opener("AVIF", (".avif",), plugin="AvifImagePlugin"),
    Opener("PDF", (".pdf", ".ai"), "process", recognises=sniffing.pdf, options=_PAGES, paged=True),
    Opener("SVG", (".svg", ".svgz"), "process", recognises=sniffing.svg, options=_DRAWN),
    Opener("PSD", (".psd", ".psb"), "photoshop", recognises=sniffing.psd, paged=True),
    Opener(
        "HEIC",
        (".heic", ".heif", ".hif"),
        "process",
        recognises=sniffing.heic,
        needs="pillow_heif",
        extra="heic",
    ),
    Opener(
        "JXL",
        (".jxl",),
        "process",
        title="JPEG XL",
        recognises=sniffing.jxl,
        needs="pillow_jxl",
        extra="jxl",
    ),
)
"""Tried in this order. Formats that run another program (EPS), have no pixels (WMF) or no signature are left
out; TGA, which has no signature, is tried only for files with its suffix."""

PICTURE_SUFFIXES: frozenset[str] = frozenset(
    suffix for opener in OPENERS if opener.there for suffix in opener.suffixes
)
"""Suffixes of picture files, lower case with the dot, by which folders are listed."""

PAGED_SUFFIXES: frozenset[str] = frozenset(
    suffix for opener in OPENERS if opener.paged for suffix in opener.suffixes
)
"""Suffixes of files that may have several pages."""


def drawn_suffixes() -> frozenset[str]:
    """Return the suffixes of files that are drawn at a chosen resolution."""
    return frozenset(suffix for opener in OPENERS if "dpi" in opener.options for suffix in opener.suffixes)


def find_opener(prefix: bytes, stream: IO[bytes], suffix: str) -> Opener | None:
    """Return the row of a file that Pillow does not open by itself; None for any other file."""
    for opener in OPENERS:
        if opener.recognises is not None and opener.recognises(prefix, stream, suffix):
            return opener
    return None
