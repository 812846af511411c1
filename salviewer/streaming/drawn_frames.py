"""Draw the frames of an export, and scale those of another size to the first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from salviewer.core.planes import Planes, overlay_planes
from salviewer.core.resizing import fit, resize
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene, is_plain_overlay, render_scene
from salviewer.media.video.frames import Frame

Drawn = NDArray[np.uint8] | Planes
"""uint8, (H, W, 3) sRGB, or the same in planes."""


def draw(frame: Frame, saliency: SaliencyMap, scene: Scene, in_planes: bool) -> Drawn:
    """Draw a frame as `render_scene` does.

    Args:
        frame, saliency, scene: what is drawn.
        in_planes: whether the result may be planes, which take a quarter of the time. It is if the frame has
            them, and nothing but the heatmap lies over it.
    """
    if in_planes and frame.planes is not None and is_plain_overlay(scene):
        return overlay_planes(frame.planes, saliency, scene.settings, scene.style)
    return render_scene(frame.pixels, saliency, scene)


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame of an export, with its map and how it is drawn; None if only maps are wanted."""

    frame: Frame
    density: NDArray[np.float32]
    drawn: Drawn | None

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of what is drawn."""
        assert self.drawn is not None
        height, width = self.drawn.shape[:2]
        return width, height


class Shapes:
    """Scales all frames of a source to the size of the first.

    Attributes:
        note: a sentence about the first frame of another size; empty if there was none.
    """

    def __init__(self) -> None:
        self._first: Shown | None = None
        self.note = ""

    def knows(self, frame: Frame) -> bool:
        """Return whether the frame has the size of the first, or is the first."""
        return self._first is None or frame.pixels.shape == self._first.frame.pixels.shape

    def fit(self, shown: Shown) -> Shown:
        """Return the frame at the size of the file."""
        first = self._first = self._first or shown
        (high, wide), (height, width) = first.frame.pixels.shape[:2], shown.frame.pixels.shape[:2]
        if (high, wide) == (height, width):
            return shown
        self.note = self.note or (
            f"from {shown.frame.seconds:.2f} s on it is {width} x {height}; scaled to {wide} x {high}"
        )
        drawn = shown.drawn
        if drawn is not None and not isinstance(drawn, Planes):
            drawn = fit(drawn, first.size)
        density = shown.density
        if density.shape != first.density.shape:
            rows, columns = first.density.shape
            stretched = np.asarray(resize(density, (rows, columns)), np.float32)
            density = stretched / np.float32(stretched.sum(dtype=np.float64))
        return replace(shown, drawn=drawn, density=density)
