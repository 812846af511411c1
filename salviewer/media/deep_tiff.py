"""Read TIFF files for which Pillow has no pixel mode, such as RGB in 32-bit floats, with OpenCV."""

from __future__ import annotations

from typing import IO, NamedTuple

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from salviewer.first_use import cv2
from salviewer.media.colour import finite_range, to_bytes, value_span
from salviewer.media.formats import UnreadableError

_WIDTH, _HEIGHT, _BITS, _SAMPLES = 256, 257, 258, 277


class DeepTiff(NamedTuple):
    """An eight-bit image (L, RGB or RGBA) and a note on how its values were scaled."""

    image: Image.Image
    note: str


def read_deep_tiff(stream: IO[bytes], limit: int) -> DeepTiff | None:
    """Read the first page; None if this is not a TIFF, or one that OpenCV cannot read either.

    Raises:
        UnreadableError: it would take more than ``limit`` bytes.
    """
    stream.seek(0)
    head = stream.read(8)
    if head[:4] not in (b"II*\0", b"MM\0*"):
        return None
    tags = ImageFileDirectory_v2(head)
    stream.seek(tags.next)
    tags.load(stream)
    size = tags[_WIDTH] * tags[_HEIGHT]
    needed = size * tags.get(_SAMPLES, 1) * (2 * max(tags.get(_BITS, (1,))) / 8 + 5)
    if needed > limit:
        raise UnreadableError(f"it would take {needed / 2**30:.1f} GB of memory to open")
    stream.seek(0)
    loudness = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(0)  # otherwise it prints a line about every odd tag
    try:
        values = cv2.imdecode(np.frombuffer(stream.read(), np.uint8), cv2.IMREAD_UNCHANGED)
    finally:
        cv2.utils.logging.setLogLevel(loudness)
    if values is None or (values.ndim == 3 and values.shape[2] not in (3, 4)):
        return None
    if values.ndim == 3:
        values = values[..., [2, 1, 0, 3][: values.shape[2]]]
    span, note = (0.0, 255.0 if values.dtype == np.uint8 else 65535.0), ""
    if values.dtype not in (np.uint8, np.uint16):
        low, high = finite_range(values) or (0.0, 1.0)
        span, note = value_span(low, high, values.dtype.kind == "f")
    return DeepTiff(Image.fromarray(to_bytes(values, span)), note)
