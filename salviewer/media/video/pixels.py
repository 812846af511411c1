"""Convert decoded frames for display (upright, sRGB, no combs, in a screen's range), and back for a codec."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.planes import Planes
from salviewer.media.video import hdr, interlacing
from salviewer.media.video.libav import load_av

_BT709, _UNSPECIFIED, _BT601 = 1, 2, (5, 6)
_LIMITED, _FULL = 1, 2  # ranges: of video, of JPEG
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
        if _is_bt709(space, lines):
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


def planes_of(frame: Any) -> Planes | None:
    """Return a decoded frame's own planes, not copied, if `to_rgb` would only convert colours; else None."""
    plain = frame.format.name == "yuv420p" and frame.color_range != _FULL
    plain = plain and _is_bt709(frame.colorspace, frame.height)
    turned = frame.interlaced_frame or frame.rotation or frame.color_trc in (hdr.PQ, hdr.HLG)
    if not plain or turned or frame.width % 2 or frame.height % 2:
        return None
    views = [_view(plane) for plane in frame.planes]
    for values in views:
        values.setflags(write=False)
    return Planes(*views)


def frame_of(drawn: NDArray[np.uint8] | Planes) -> Any:
    """Convert uint8 (H, W, 3) sRGB, or planes, to PyAV's frame in 4:2:0, BT.709, limited range."""
    av = load_av()
    if not isinstance(drawn, Planes):
        rgb = av.VideoFrame.from_ndarray(np.ascontiguousarray(drawn), "rgb24")
        return rgb.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG", threads=1)
    height, width = drawn.luma.shape
    frame = av.VideoFrame(width, height, "yuv420p")
    frame.colorspace, frame.color_range = _BT709, _LIMITED
    for plane, values in zip(frame.planes, (drawn.luma, drawn.blue, drawn.red), strict=True):
        _view(plane)[:] = values
    return frame


def _is_bt709(space: int, lines: int) -> bool:
    return space == _BT709 or (space == _UNSPECIFIED and lines >= _HIGH_DEFINITION)


def _view(plane: Any) -> NDArray[np.uint8]:
    values: NDArray[np.uint8] = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
    return values[:, : plane.width]
