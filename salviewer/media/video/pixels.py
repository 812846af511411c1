"""Convert a decoded frame for display: upright, sRGB, without combs, in a screen's range."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.media.video import hdr, interlacing

_BT709, _UNSPECIFIED, _BT601 = 1, 2, (5, 6)
_HIGH_DEFINITION = 720  # lines from which untagged video counts as BT.709, as in players


def remarks_on(frame: Any) -> tuple[str, ...]:
    """Return remarks on how frames like this one are shown."""
    said = []
    if frame.color_trc in (hdr.PQ, hdr.HLG):
        said.append(hdr.NOTE)
    if frame.interlaced_frame:
        said.append(interlacing.NOTE)
    return tuple(said)


def to_rgb(frame: Any) -> NDArray[np.uint8]:
    """Convert a decoded frame to uint8 (H, W, 3) sRGB, upright."""
    size = {"width": frame.width, "height": frame.height}
    rotation = frame.rotation
    transfer, lines = frame.color_trc, frame.height
    space = frame.colorspace
    if frame.interlaced_frame and lines > 1:
        frame = interlacing.first_field(frame)
    pixels: NDArray[np.uint8]
    if transfer in (hdr.PQ, hdr.HLG):
        wide = frame.reformat(**size, format="rgb48le", src_colorspace=9, threads=1)  # BT.2020
        pixels = hdr.to_sdr(wide.to_ndarray(), transfer)
    else:
        if space == _BT709 or (space == _UNSPECIFIED and lines >= _HIGH_DEFINITION):
            chosen = "ITU709"
        elif space in (_UNSPECIFIED, *_BT601):
            chosen = "ITU601"
        else:
            chosen = None
        if frame.format.name != "rgb24" or frame.height != lines:
            frame = frame.reformat(**size, format="rgb24", src_colorspace=chosen, threads=1)
        pixels = frame.to_ndarray()
    turns = round(rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels
