"""Decode an opened image file to upright sRGB pixels in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from salviewer.first_use import cv2
from salviewer.media.colour import ToSrgb, finite_range, flatten, over_white, value_span
from salviewer.media.encodings import EncodedToSrgb, Encoding
from salviewer.media.formats import UnreadableError
from salviewer.media.png_strips import PngStrips

Bands = Callable[[int], Iterator[Image.Image]]

_BAND_PIXELS = 2_000_000
_STORED_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}
_SCRATCH_BYTES = {"WEBP": 12, "AVIF": 12, "JPEG2000": 16, "QOI": 8}
_ROWS_PER_STRIP = 278
_MOST_PIXELS_IN_STRIPS = 2**31
_FRAMES = {"GIF": "frames", "PNG": "frames", "WEBP": "frames", "AVIF": "frames", "TIFF": "pages"}


def load_within(image: ImageFile.ImageFile, stream: IO[bytes], max_pixels: int, limit: int) -> Bands:
    """Decode the first frame, or prepare a very large PNG for it; return the bands for ``srgb_pixels``.

    JPEG and JPEG 2000 with more than ``max_pixels`` are decoded at a fraction of their size.

    Raises:
        UnreadableError: it would take more than ``limit`` bytes.
        Exception: any error of the decoder on damaged data.
    """
    width, height = full_size = image.size
    needed = 0.0
    if isinstance(image, PngImageFile) and max_pixels < width * height <= _MOST_PIXELS_IN_STRIPS:
        png = PngStrips(stream)
        if png.possible:
            image.info.setdefault("exif", b"")  # otherwise Pillow decodes everything to find EXIF at the end
            return png.strips
    if isinstance(image, JpegImageFile):
        scale = _divisor(image.size, max_pixels, (1, 2, 4, 8))
        image.draft(None, (max(1, width // scale), max(1, height // scale)))
        width, height = image.size
        if "progressive" in image.info:  # libjpeg then keeps all coefficients, with two bytes each
            needed = 2.0 * _samples_per_pixel(image) * full_size[0] * full_size[1]
    elif isinstance(image, Jpeg2KImageFile):
        # Pillow rounds a reduced size to nearest, its decoder rounds up: usable only if they agree.
        agreed = [d for d in (1, 2, 4, 8) if all((n + d // 2) // d == math.ceil(n / d) for n in full_size)]
        scale = _divisor(image.size, max_pixels, agreed)
        image.reduce = int(math.log2(scale))
        width, height = width // scale, height // scale
        needed = 1.0 * full_size[0] * full_size[1]
    per_pixel = _STORED_BYTES.get(image.mode, 4) + _SCRATCH_BYTES.get(image.format or "", 0)
    if isinstance(image, TiffImageFile):
        per_pixel += 4 * min(1.0, image.tag_v2.get(_ROWS_PER_STRIP, height) / height)
    needed += per_pixel * width * height
    if needed > limit:
        raise UnreadableError(
            f"its {full_size[0]} x {full_size[1]} pixels would take {needed / 2**30:.1f} GB of memory"
            f" to open (the limit is {limit / 2**30:.1f} GB)"
        )
    if isinstance(image, TiffImageFile):  # avoids Pillow's limit on pixels in its load()
        if max(box[3] for _, box, *_ in image.tile if box) < image.tag_v2[257]:
            raise EOFError  # Pillow would leave rows without data black
        image.im = Image.new(image.mode, (image.tag_v2[256], image.tag_v2[257]), None).im
    image.load()
    return bands_of(image)


def bands_of(image: Image.Image) -> Bands:
    """Return a function from a number of rows to the bands of a decoded image."""

    def bands(rows: int) -> Iterator[Image.Image]:
        for top in range(0, image.height, rows):
            yield image.crop((0, top, image.width, min(top + rows, image.height)))

    return bands


def srgb_pixels(
    image: Image.Image, bands: Bands, max_pixels: int, encoding: Encoding | None = None, profile: bool = True
) -> tuple[NDArray[np.uint8], str]:
    """Return the pixels of an image, (H, W, 3) uint8 sRGB, C-contiguous, and a note on its colours.

    Works band by band to save memory. An image with more than ``max_pixels`` is averaged down by a whole
    number.

    Args:
        image: decoded or not; gives size, mode and profile.
        bands: a function from a number of rows to bands of that height, top down.
        encoding: of its colours, if given by numbers.
        profile: whether its ICC profile applies if there is no encoding.
    """
    width, height = image.size
    factor = 1
    while math.ceil(width / factor) * math.ceil(height / factor) > max_pixels:
        factor += 1
    rows = max(1, _BAND_PIXELS // (width * factor)) * factor
    span, note = _image_span(image, bands(rows))
    pixels = np.empty((math.ceil(height / factor), math.ceil(width / factor), 3), np.uint8)
    to_srgb: ToSrgb | EncodedToSrgb | None = None
    row = 0
    for band in bands(rows):
        flat, alpha = flatten(band, span)
        if factor > 1 and alpha is None:  # reduce first, so that the conversion is faster
            flat = flat.reduce(factor)
        if to_srgb is None and encoding is not None:
            to_srgb = EncodedToSrgb(encoding)
        elif to_srgb is None:
            to_srgb = ToSrgb(flat.mode, image.info.get("icc_profile") if profile else None)
        done = to_srgb(flat)
        if alpha is not None:
            done = over_white(done, alpha)
            done = done.reduce(factor) if factor > 1 else done
        pixels[row : row + done.height] = np.asarray(done)
        row += done.height
    assert to_srgb is not None
    return pixels, to_srgb.note or note


def turn_upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Undo an EXIF orientation from 1 to 8; any other number changes nothing."""
    turned: cv2.typing.MatLike = pixels
    if orientation in (5, 6, 7, 8):
        turned = cv2.transpose(turned)
    flip = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}.get(orientation)
    if flip is not None:
        turned = cv2.flip(turned, flip)
    return np.ascontiguousarray(turned, np.uint8)


def orientation_of(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 if there is none or the EXIF data are damaged."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # Pillow's parser may raise anything for broken tags
        return 1


def frames_note(image: Image.Image) -> str:
    """Return "first of N frames" for animations and documents, else "". Call it after decoding."""
    kind = _FRAMES.get(image.format or "")
    if kind is None:
        return ""
    try:
        frames = int(getattr(image, "n_frames", 1))
    except Exception:  # a later frame may be broken; only the first is shown
        return f"first of several {kind}"
    return f"first of {frames} {kind}" if frames > 1 else ""


def _image_span(image: Image.Image, bands: Iterator[Image.Image]) -> tuple[tuple[float, float], str]:
    if image.mode not in ("I", "F"):
        return (0.0, 1.0), ""
    if image.mode == "I" and image.format == "PPM":
        return (0.0, 65535.0), ""
    extremes = [value_range for band in bands if (value_range := finite_range(np.asarray(band)))]
    if not extremes:
        return (0.0, 1.0), ""
    return value_span(min(low for low, _ in extremes), max(high for _, high in extremes), image.mode == "F")


def _divisor(size: tuple[int, int], max_pixels: int, offered: Sequence[int]) -> int:
    for divisor in offered:
        if math.ceil(size[0] / divisor) * math.ceil(size[1] / divisor) <= max_pixels:
            return divisor
    return offered[-1]


def _samples_per_pixel(image: JpegImageFile) -> float:
    layers = [(horizontal, vertical) for _, horizontal, vertical, _ in image.layer]
    whole = max(h for h, _ in layers) * max(v for _, v in layers)
    return sum(h * v for h, v in layers) / whole
