"""Convert PNGs of 16 bits a channel, whose colours are given by numbers, before they are reduced to 8 bits.

Pillow keeps the upper byte alone. Where numbers stand for linear light, or PQ, that makes steps in the dark,
and colours that share the upper bytes with a transparent one would be transparent too. Of sRGB the upper byte
is at most one level from the exact value, whether pictures are scaled down or not: there Pillow is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from salviewer.first_use import cv2
from salviewer.media.colour import over_white
from salviewer.media.encodings import EncodedToSrgb, Encoding

_BYTES = 12
"""Of memory for a pixel: up to 8 here, and 4 of Pillow's picture."""


@dataclass(frozen=True, slots=True, eq=False)
class DeepPng:
    """A decoded PNG of 16 bits.

    Attributes:
        colours: uint16 (h, w, 1), (h, w, 3) in the order blue, green, red, or (h, w, 4) with alpha.
        encoding: of its colours.
        key: the value of grey, or (red, green, blue), that is transparent; None for none.
    """

    colours: NDArray[np.uint16]
    encoding: Encoding
    key: tuple[int, ...] | None

    def bands(self, rows: int) -> Iterator[Image.Image]:
        """Yield bands of ``rows`` rows, RGB in sRGB, over white where it is transparent."""
        to_srgb = EncodedToSrgb(self.encoding, deep=True)
        for top in range(0, self.colours.shape[0], rows):
            values = self.colours[top : top + rows]
            count = values.shape[2]
            rgb: NDArray[np.uint16] = values[..., [2, 1, 0]] if count >= 3 else values[..., [0, 0, 0]]
            band = to_srgb.convert(rgb)
            if self.key is not None:
                hidden = (rgb == np.array(self.key, np.uint16)).all(axis=-1)
                band = over_white(band, Image.fromarray(np.where(hidden, 0, 255).astype(np.uint8)))
            elif count == 4:
                alpha = ((values[..., 3].astype(np.uint32) + 128) // 257).astype(np.uint8)
                band = over_white(band, Image.fromarray(alpha))
            yield band


def read_deep_png(
    stream: IO[bytes],
    encoding: Encoding,
    size: tuple[int, int],
    limit: int,
    key: int | tuple[int, ...] | None = None,
) -> DeepPng | None:
    """Decode a whole PNG of 16 bits.

    Args:
        stream: the file.
        encoding: of its colours.
        size: width and height, from its header.
        limit: the most bytes to use; beyond, there is no conversion.
        key: the value of grey, or (red, green, blue), that is transparent, of 16 bits; None for none.

    Returns:
        None if it is too large, or another decoder must read it.
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
    if values.shape[2] not in (1, 3, 4):
        return None
    return DeepPng(values, encoding, (key,) * 3 if isinstance(key, int) else key)
