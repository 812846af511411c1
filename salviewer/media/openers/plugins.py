"""HEIC and JPEG XL, by plugins of Pillow that are extras. Runs in the process that draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from PIL import Image

from salviewer.media.openers import limits
from salviewer.media.openers.drawn import Drawn
from salviewer.media.openers.refusals import UnreadableError

_MODES = ("L", "LA", "RGB", "RGBA", "I;16")
_BYTES = 12  # a pixel, while it is decoded


def decode(stream: IO[bytes], kind: str) -> Drawn:
    """Decode the first picture of a file.

    Raises:
        UnreadableError: it has too many pixels.
        Exception: any error of the plugin on damaged data.
    """
    Image.MAX_IMAGE_PIXELS = None  # the limit is in bytes
    if kind == "HEIC":
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 2
        pillow_heif.options.THUMBNAILS = False
        read: Callable[[IO[bytes]], Image.Image] = pillow_heif.HeifImageFile
    else:
        from pillow_jxl.JpegXLImagePlugin import JXLImageFile

        read = JXLImageFile
    image = read(stream)
    width, height = image.size
    if width * height * _BYTES > limits.MEMORY:
        raise UnreadableError(
            f"its {width} x {height} pixels would take more than"
            f" {limits.MEMORY / 2**30:g} GB of memory to open"
        )
    frames = int(getattr(image, "n_frames", 1))
    note = f"first of {frames} pictures" if frames > 1 else ""
    image.load()
    icc = image.info.get("icc_profile") or b""
    if image.mode not in _MODES:
        image = image.convert("RGBA" if "A" in image.mode else "RGB")
    return Drawn(image.mode, image.size, image.tobytes(), note, icc)
