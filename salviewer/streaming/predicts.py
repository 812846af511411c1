"""The protocol of networks that streaming uses, without depending on torch."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from salviewer.core.saliency_map import SaliencyMap


class Predicts(Protocol):
    """The part of `models.Predictor` that is used here. One call at a time."""

    name: str

    @property
    def device_title(self) -> str:
        """Title of the device, for display."""

    def predict(self, pixels: NDArray[np.uint8]) -> SaliencyMap:
        """Predict where people will look in a frame."""
