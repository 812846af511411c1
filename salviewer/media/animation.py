"""Write a few pictures as an animated WebP."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from salviewer.media.saving import atomic_path


def save_animation(path: Path, frames: Sequence[NDArray[np.uint8]], seconds: Sequence[float]) -> None:
    """Write frames one after the other; the last stays for a second, then it begins again.

    Args:
        path: ends in ``.webp``; an existing file is replaced.
        frames: uint8 (H, W, 3), of one size, at least one.
        seconds: how long each is shown.

    Raises:
        ExportError: the file cannot be written.
    """
    first, *others = [Image.fromarray(frame) for frame in frames]
    milliseconds = [max(20, round(1000 * each)) for each in seconds]
    milliseconds[-1] += 1000
    with atomic_path(path) as scratch:
        first.save(
            scratch, "WEBP", save_all=True, append_images=others, duration=milliseconds, loop=0, quality=80
        )
