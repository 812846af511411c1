"""Convert PNGs of 16 bits a channel, whose colours are given by numbers, before they are reduced to 8 bits.

Pillow keeps the upper byte alone. Where numbers stand for linear light, or PQ, that makes steps in the dark.
"""

from __future__ import annotations

from typing import IO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from salviewer.media.colour import over_white
from salviewer.media.encodings import EncodedToSrgb, Encoding

_BYTES = 14  # of memory for a pixel
_ROWS_PIXELS = 2_000_000


def read_deep_png(
    stream: IO[bytes], encoding: Encoding, size: tuple[int, int], limit: int
) -> Image.Image | None:
    """Read and convert a whole PNG of 16 bits.

    Args:
        stream: the file.
        encoding: of its colours.
        size: width and height, from its header.
        limit: the most bytes to use; beyond, there is no conversion.

    Returns:
        an RGB image in sRGB, over white where it is transparent; None if it is too large, or another decoder
        must read it.
    """
    if _BYTES * size[0] * size[1] > limit:
        return None
    stream.seek(0)
    read = cv2.imdecode(np.frombuffer(stream.read(), np.uint8), cv2.IMREAD_UNCHANGED)
    if read is None or read.dtype != np.uint16 or read.shape[:2] != size[::-1]:
        return None
    values = np.asarray(read, np.uint16)
    if values.ndim == 2:
        values = values[..., None]
    count = values.shape[2]
    if count not in (1, 3, 4):
        return None
    colours: NDArray[np.uint16] = values[..., [2, 1, 0]] if count >= 3 else values[..., [0, 0, 0]]
    to_srgb = EncodedToSrgb(encoding, deep=True)
    rows = max(1, _ROWS_PIXELS // size[0])
    image = Image.new("RGB", size)
    for top in range(0, size[1], rows):
        image.paste(to_srgb.convert(colours[top : top + rows]), (0, top))
    if count == 4:
        alpha = ((values[..., 3].astype(np.uint32) + 128) // 257).astype(np.uint8)
        image = over_white(image, Image.fromarray(alpha))
    return image
