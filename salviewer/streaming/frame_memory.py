"""Predict the frames of a source, with the memory of a network that has one."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from salviewer.core import motion
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.temporal import CutDetector
from salviewer.core.video_state import cell_flow, grey_for_flow, moved
from salviewer.streaming.predicts import Predicts

LONGEST = 1.0
"""Seconds between two frames after which the memory is empty: the longest in its training."""


@runtime_checkable
class Recurrent(Predicts, Protocol):
    """The part of `models.Predictor` that a network with a memory needs."""

    @property
    def recurrent(self) -> bool:
        """Whether the network has a memory."""

    def step(
        self, pixels: NDArray[np.uint8], state: NDArray[np.float32] | None, seconds: float
    ) -> tuple[SaliencyMap, NDArray[np.float32]]:
        """Predict the next frame of a video."""


class FrameMemory:
    """Predicts frame after frame; a network without a memory predicts each by itself.

    The state moves along with the picture from frame to frame (`core.video_state`), and is empty at the
    start, after a cut, a jump back in time or one of more than `LONGEST`, and with frames of another size.

    Args:
        predictor: the network.
    """

    def __init__(self, predictor: Predicts) -> None:
        self._plain = predictor
        self._recurrent: Recurrent | None = None
        if isinstance(predictor, Recurrent) and predictor.recurrent:
            self._recurrent = predictor
        self._cuts = CutDetector()
        self._state: NDArray[np.float32] | None = None
        self._grey: NDArray[np.uint8] | None = None
        self._seconds = 0.0

    @property
    def empty(self) -> bool:
        """Whether there is no state."""
        return self._state is None

    def predict(self, pixels: NDArray[np.uint8], seconds: float) -> SaliencyMap:
        """Predict a frame as `Predictor.predict` does.

        Args:
            pixels: uint8 (H, W, 3).
            seconds: the frame's time.
        """
        if self._recurrent is None:
            return self._plain.predict(pixels)
        small = motion.reduced(pixels)
        grey = grey_for_flow(small)
        before, passed = self._grey, seconds - self._seconds
        state = self._state
        if self._cuts.is_cut(small) or not 0 <= passed <= LONGEST:
            state = None
        if state is None or before is None or before.shape != grey.shape:
            state = None
        else:
            state = moved(state, cell_flow(grey, before, (state.shape[1], state.shape[2])))
        saliency, self._state = self._recurrent.step(pixels, state, passed)
        self._grey, self._seconds = grey, seconds
        return saliency

    def reset(self) -> None:
        """Forget all previous frames."""
        self._cuts.reset()
        self._state = self._grey = None
