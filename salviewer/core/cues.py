"""Combine the network's maps of successive frames with motion and objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from salviewer.core import motion, proposals
from salviewer.core.fusion import Cue, FusionWeights, fuse
from salviewer.core.temporal import HALF_LIFE_LIMITS, CutDetector, TemporalFilter

HALF_LIFE = 100.0


@dataclass(frozen=True, slots=True)
class CueSettings:
    """Settings to combine the maps of a video.

    Attributes:
        weights: of the network's map, motion and object proposals.
        half_life: of the smoothing over time, in milliseconds, 0..10000; 0 does not smooth.
        detector: the object detector, ``FILE.py:FUNCTION`` as in `streaming.detector`; "" for regions of the
            map itself. Only a name here: the caller loads it and passes its boxes to `Cues.update`.

    Raises:
        ValueError: a half-life outside its range.
    """

    weights: FusionWeights = field(default_factory=FusionWeights)
    half_life: float = HALF_LIFE
    detector: str = ""

    def __post_init__(self) -> None:
        low, high = HALF_LIFE_LIMITS
        if not low <= self.half_life <= high:
            raise ValueError(f"a half-life lies in {low:g}..{high:g} milliseconds, not {self.half_life:g}")


class Cues:
    """Combines maps, with a state of previous frames. Frames must be given in order of time."""

    def __init__(self, settings: CueSettings | None = None) -> None:
        self.settings = settings or CueSettings()
        self._cuts = CutDetector()
        self._filter = TemporalFilter(self.settings.half_life)
        self._grey: NDArray[np.uint8] | None = None
        self._seconds = 0.0

    def update(
        self,
        pixels: NDArray[np.uint8],
        density: NDArray[np.float32],
        seconds: float,
        boxes: Sequence[proposals.Region] | None = None,
    ) -> NDArray[np.float32]:
        """Compute the map of this frame.

        The state moves along with the picture before it is mixed in, so that it leaves no trail. A cut to
        another scene, or a frame older than the last, resets it.

        Args:
            pixels: uint8, (H, W, 3) sRGB.
            density: the network's map, float32, (h, w), sums to 1.
            seconds: time of the frame.
            boxes: of a detector, used instead of regions of the map.

        Returns:
            float32, (h, w), sums to 1.
        """
        small = motion.reduced(pixels)
        grey = motion.grey_of(small)
        before, passed = self._grey, seconds - self._seconds
        cut = self._cuts.is_cut(small) or before is None or before.shape != grey.shape or passed < 0
        self._grey, self._seconds = grey, seconds
        if cut:
            self._filter.reset()
        weights = self.settings.weights
        back = None
        if before is not None and not cut and (weights.uses("motion") or self._filter.half_life):
            back = motion.flow(grey, before)
        if back is not None and (kept := self._filter.density) is not None:
            self._filter.carry(motion.move_map(kept, back))
        maps: dict[Cue, NDArray[np.float32] | None] = {"network": density}
        if weights.uses("motion") and back is not None:
            maps["motion"] = motion.motion_map(back, _shape(density), max(passed, 1e-3))
        if weights.uses("regions"):
            own = boxes is None
            maps["regions"] = (
                proposals.region_map(density) if own else proposals.box_map(boxes or (), density)
            )
        return self._filter.update(fuse(maps, weights), seconds)

    def reset(self) -> None:
        """Forget all previous frames."""
        self._cuts.reset()
        self._filter.reset()
        self._grey = None


def _shape(density: NDArray[np.float32]) -> tuple[int, int]:
    rows, columns = density.shape
    return rows, columns
