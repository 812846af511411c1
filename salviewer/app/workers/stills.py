"""Load a still picture for a file: the picture itself, or the first frame of a video."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer.errors import SourceError
from salviewer.first_use import cv2
from salviewer.media.images import DEFAULT_MAX_PIXELS, PICTURE_SUFFIXES, Picture, load_picture
from salviewer.media.video_suffixes import VIDEO_SUFFIXES, is_video

LISTED = PICTURE_SUFFIXES | VIDEO_SUFFIXES
"""Suffixes of files that a folder lists."""


def load_still(path: Path, max_pixels: int = DEFAULT_MAX_PIXELS) -> Picture:
    """Load a picture, or the first frame of a video, with at most `max_pixels`.

    Raises:
        ImageError: the picture cannot be opened.
        SourceError: the video cannot be opened.
    """
    if not is_video(path):
        return load_picture(path, max_pixels)
    from salviewer.media.video.opening import SourceChoice

    with closing(SourceChoice(str(path)).open()) as source:
        frame = source.read()
    if frame is None:
        raise SourceError(path, "it contains no frames")
    return still_of(frame.pixels, path, max_pixels)


def still_of(pixels: NDArray[np.uint8], path: Path | None, max_pixels: int = DEFAULT_MAX_PIXELS) -> Picture:
    """Return a frame as a picture; a larger one is reduced."""
    height, width = pixels.shape[:2]
    scale = min(1.0, (max_pixels / (width * height)) ** 0.5)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    pixels.flags.writeable = False
    return Picture(pixels, path, (width, height))
