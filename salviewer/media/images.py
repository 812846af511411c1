"""Open any picture file as upright sRGB in bounded memory, or explain why it cannot be opened."""

from __future__ import annotations

import errno
import io
import logging
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from salviewer.errors import ImageError, LockedImageError
from salviewer.media.colour import srgb_profile
from salviewer.media.decoding import (
    Bands,
    bands_of,
    frames_note,
    load_within,
    orientation_of,
    srgb_pixels,
    turn_upright,
)
from salviewer.media.deep_png import DeepPng, read_deep_png
from salviewer.media.deep_tiff import read_deep_tiff
from salviewer.media.encodings import SRGB, EncodedToSrgb
from salviewer.media.formats import PICTURE_SUFFIXES, UnreadableError, open_image, why_not
from salviewer.media.listing import find_pictures
from salviewer.media.openers.names import number_of, typed
from salviewer.media.openers.options import Opening, opening_of
from salviewer.media.openers.pages import page_note
from salviewer.media.openers.reading import read
from salviewer.media.openers.refusals import LockedError
from salviewer.media.openers.table import find_opener
from salviewer.media.png_header import PngHeader, read_png_header
from salviewer.media.quiet_tiff import silence_libtiff

__all__ = ["DEFAULT_MAX_PIXELS", "MEMORY_LIMIT", "PICTURE_SUFFIXES", "Picture"]
__all__ += ["decode_picture", "find_pictures", "load_picture"]

DEFAULT_MAX_PIXELS = 110_000_000
"""Pixels of the largest picture kept at full size; phones take up to 108 million, medium format 102."""

MEMORY_LIMIT = 3 * 2**30
"""Most bytes of memory for decoding; a picture that needs more is refused before it is decoded."""

SCREEN_KEY = "salviewer-screen"
"""The text in a PNG file of a web page with the rows of one screen."""

_MOST_SCREENS = 100  # of a page; a file that tells more is not believed
_NO_HEADER = PngHeader()

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture, as used in the whole program.

    Attributes:
        pixels: (H, W, 3) uint8, sRGB, upright, C-contiguous, read-only.
        path: the file it came from; None for pasted image data.
        full_size: (width, height) in pixels of the upright original; larger than ``pixels`` if it was scaled
            down.
        note: a remark for the status line, or "": "first of 12 frames; shown at 1/4 of its size ...".
        icc: the sRGB profile if the original carried one, to be embedded on export; else None.
        screen: rows of one screen, of a web page's picture that holds several; else 0. Predict such a picture
            by `core.screens.predict_in_screens`.
    """

    pixels: NDArray[np.uint8]
    path: Path | None
    full_size: tuple[int, int]
    note: str = ""
    icc: bytes | None = None
    screen: int = 0


def load_picture(
    path: str | os.PathLike[str], max_pixels: int = DEFAULT_MAX_PIXELS, opening: Opening | None = None
) -> Picture:
    """Open a picture file, or a page of a document.

    Of a document of several pages, the first is opened; ``b.pdf#page=2`` and the path of a page in a list
    (`media.openers.names`) are one page. Documents are drawn within `media.openers.limits`.

    A picture with more than ``max_pixels`` is scaled down by a whole number while it is read. This takes

    - JPEG (not progressive): 4 bytes for each pixel of the scaled-down picture, JPEG 2000 20 bytes;
    - PNG (not interlaced, not 16-bit colour): some strips, 100 MB at most for 30,000 pixels of width; one of
      16 bits with gAMA, cHRM or cICP: 12 bytes per pixel, or its upper bytes where that exceeds the limit;
    - other formats: the memory of the whole picture: 1 byte per pixel (grey), 4 (colour) or 16 (WebP, AVIF).
      A picture that would take more than ``MEMORY_LIMIT`` is refused before it is decoded.

    The result takes 3 more bytes per pixel, and 3 more while a picture is turned upright.

    Thread-safe: Pillow's process-wide state is not changed.

    Args:
        path: the file or page.
        max_pixels: of the result.
        opening: resolution and password of documents; None for what the program uses.

    Raises:
        LockedImageError: a document needs a password.
        ImageError: the file is missing, unreadable, not a picture, damaged, truncated, or too large.
    """
    try:
        path = typed(path)
    except ValueError as error:
        raise ImageError(path, "this is not a valid file name") from error
    number = number_of(path)
    file = path if number is None else path.parent
    try:
        if not stat.S_ISDIR(mode := file.stat().st_mode) and not stat.S_ISREG(mode):
            raise ImageError(path, "it is a pipe or a device, not a picture file")
        if stat.S_ISDIR(mode):
            raise ImageError(path, "it is a folder, not a picture")
        with open(file, "rb", opener=_open_without_waiting) as stream:
            document = _Document(file, number, opening or opening_of(file))
            return _decode(stream, path, path, max_pixels, document)
    except OSError as error:
        raise ImageError(path, _reason_of_oserror(error)) from error
    except ValueError as error:
        raise ImageError(path, "this is not a valid file name") from error


def decode_picture(
    data: bytes, name: str, max_pixels: int = DEFAULT_MAX_PIXELS, opening: Opening | None = None
) -> Picture:
    """Decode the bytes of a pasted or dropped picture file; ``name`` is used in errors.

    Of a document, the first page is opened.

    Raises:
        ImageError: as ``load_picture``.
    """
    return _decode(io.BytesIO(data), name, None, max_pixels, _Document(None, None, opening or opening_of()))


@dataclass(frozen=True, slots=True)
class _Document:
    """Where a document is on disk, if it is, which page is meant, and how to open it."""

    file: Path | None
    page: int | None
    opening: Opening

    def read(self, stream: IO[bytes], name: str, max_pixels: int) -> tuple[Image.Image, str] | None:
        """Open it if it is one; None for what Pillow opens.

        Raises:
            UnreadableError: it is one, and cannot be opened.
        """
        stream.seek(0)
        suffix = Path(name).suffix.lower()
        opener = find_opener(stream.read(64), stream, suffix)
        if opener is None:
            if self.page is not None:
                raise UnreadableError("it has no pages")
            return None
        image, note = read(
            opener, stream, self.file, suffix, self.page, self.opening, max_pixels, MEMORY_LIMIT
        )
        page = page_note(self.file, self.page, self.opening) if self.file is not None else ""
        return image, "; ".join(filter(None, (page, note)))


def _open_without_waiting(name: str, flags: int) -> int:
    """Open without blocking, in case the file has become a pipe since it was checked."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _reason_of_oserror(error: OSError) -> str:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "there is no such file"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "you do not have permission to read it"
    return f"it cannot be read ({(error.strerror or 'unknown reason').lower()})"


def _decode(
    stream: IO[bytes], name: str | Path, path: Path | None, max_pixels: int, document: _Document
) -> Picture:
    fmt = "TIFF"
    try:
        if (drawn := document.read(stream, str(document.file or name), max_pixels)) is not None:
            return _picture(drawn[0], bands_of(drawn[0]), drawn[0].size, drawn[1], path, max_pixels)
        silence_libtiff()
        try:
            image = open_image(stream, str(name))
        except UnreadableError:
            if (deep := read_deep_tiff(stream, MEMORY_LIMIT)) is None:
                raise
            whole = bands_of(deep.image)
            return _picture(deep.image, whole, deep.image.size, deep.note, path, max_pixels)
        fmt = image.format or "image"
        full_size = image.size
        header = read_png_header(stream) if isinstance(image, PngImageFile) else PngHeader()
        bands = load_within(image, stream, max_pixels, MEMORY_LIMIT)
        if header.depth == 16 and (deep_png := _deep_png(image, header, stream)) is not None:
            note = EncodedToSrgb(deep_png.encoding).note
            done = PngHeader(profile=False)
            return _picture(image, deep_png.bands, full_size, note, path, max_pixels, done)
        if (header.depth, header.colour) == (16, 2) and isinstance(image.info.get("transparency"), tuple):
            # Pillow keeps the upper byte of 16-bit colours, and all 16 bits of the one that is transparent
            image.info["transparency"] = tuple(value >> 8 for value in image.info["transparency"])
        return _picture(image, bands, full_size, "", path, max_pixels, header)
    except LockedError as error:
        raise LockedImageError(name, str(error)) from error
    except UnreadableError as error:
        raise ImageError(name, str(error)) from error
    except MemoryError as error:
        raise ImageError(name, "there is not enough memory to open it") from error
    except Image.DecompressionBombError as error:
        raise ImageError(name, "it has more pixels than can be opened safely") from error
    except Exception as error:  # decoders may raise anything for broken data
        _log.debug("decoding %s", name, exc_info=True)
        raise ImageError(name, why_not(fmt, error)) from error


def _deep_png(image: Image.Image, header: PngHeader, stream: IO[bytes]) -> DeepPng | None:
    """Return a PNG of 16 bits that Pillow's upper bytes do not do justice to; None if they do, or must."""
    key = image.info.get("transparency")
    key = key if isinstance(key, int | tuple) else None
    by_profile = header.profile and "icc_profile" in image.info
    if header.encoding is None and (by_profile or not isinstance(key, tuple)):
        return None
    return read_deep_png(stream, header.encoding or SRGB, image.size, MEMORY_LIMIT, key)


def _picture(
    image: Image.Image,
    bands: Bands,
    full_size: tuple[int, int],
    note: str,
    path: Path | None,
    max_pixels: int,
    header: PngHeader = _NO_HEADER,
) -> Picture:
    orientation = orientation_of(image)
    has_profile = bool(image.info.get("icc_profile"))
    pixels, colour_note = srgb_pixels(image, bands, max_pixels, header.encoding, header.profile)
    notes = [note or frames_note(image), colour_note]
    pixels = turn_upright(pixels, orientation)
    if orientation in (5, 6, 7, 8):
        full_size = full_size[1], full_size[0]
    if (times := round(max(full_size) / max(pixels.shape[:2]))) > 1:
        notes.append(f"shown at 1/{times} of its {full_size[0]} x {full_size[1]} pixels")
    pixels.setflags(write=False)
    note = "; ".join(filter(None, notes))
    icc = srgb_profile() if has_profile else None
    return Picture(pixels, path, full_size, note, icc, _screen_of(image, full_size, pixels.shape[0]))


def _screen_of(image: Image.Image, full_size: tuple[int, int], height: int) -> int:
    """Return the rows of one screen that a web page's picture tells, 0 for none."""
    told = str(image.info.get(SCREEN_KEY, ""))
    if not isinstance(image, PngImageFile) or not re.fullmatch(r"[0-9]{2,5}", told):
        return 0
    rows = round(int(told) * height / full_size[1])
    return rows if rows >= 16 and height / _MOST_SCREENS <= rows < height else 0
