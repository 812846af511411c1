"""Follow the most salient region from frame to frame, and record its path."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from salviewer.core.following import Box, Follower, Tracked
from salviewer.core.proposals import find_regions
from salviewer.media.tables import Table
from salviewer.media.video.frames import Frame

LONGEST_PATH = 216_000
"""Steps that are kept: two hours at 30 frames per second."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """The followed region's place in a frame with this size, (width, height) in pixels."""

    frame: int
    seconds: float
    tracked: Tracked
    size: tuple[int, int] = (1, 1)


class RegionFollower:
    """Follows the region with most attention, or a region that the user chose.

    Args:
        automatic: whether to follow the map's strongest region when the followed one is lost.
    """

    def __init__(self, automatic: bool = True) -> None:
        self._automatic = automatic
        self._follower = Follower()
        self._path: deque[PathStep] = deque(maxlen=LONGEST_PATH)

    @property
    def path(self) -> tuple[PathStep, ...]:
        """Its places so far; the oldest steps of a very long path are dropped."""
        return tuple(self._path)

    def choose(self, frame: Frame, box: Box) -> Tracked:
        """Follow this region from this frame on."""
        return self._note(frame, self._follower.begin(frame.pixels, box))

    def update(self, frame: Frame, density: NDArray[np.float32] | None) -> Tracked | None:
        """Find the region in the next frame; return None if nothing is followed.

        Args:
            density: the frame's map; None if there is none.
        """
        tracked = self._follower.update(frame.pixels)
        if tracked is None and self._automatic and density is not None:
            regions = find_regions(density, 1)
            if regions:
                best = regions[0]
                box = Box(best.left, best.top, best.right, best.bottom)
                tracked = self._follower.begin(frame.pixels, box)
        return None if tracked is None else self._note(frame, tracked)

    def clear(self) -> None:
        """Stop following and clear the path."""
        self._follower.stop()
        self._path.clear()

    def _note(self, frame: Frame, tracked: Tracked) -> Tracked:
        height, width = frame.pixels.shape[:2]
        self._path.append(PathStep(frame.index, frame.seconds, replace(tracked, trail=()), (width, height)))
        return tracked


_SIDES = ("left", "top", "right", "bottom")


def path_table(path: tuple[PathStep, ...]) -> Table:
    """Return a row per frame: track, frame, seconds, box in fractions, confidence, box in pixels."""
    return Table(
        ("track", "frame", "seconds", *_SIDES, "confidence", *(f"{side}_pixels" for side in _SIDES)),
        tuple(
            (
                step.tracked.track,
                step.frame,
                round(step.seconds, 6),
                *(round(getattr(step.tracked.box, side), 5) for side in _SIDES),
                round(step.tracked.confidence, 4),
                *(
                    round(getattr(step.tracked.box, side) * full, 1)
                    for side, full in zip(_SIDES, step.size * 2, strict=True)
                ),
            )
            for step in path
        ),
    )
