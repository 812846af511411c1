"""What this room asks of a network, so that it need not know torch."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from salviewer.core.saliency_map import SaliencyMap


class Predicts(Protocol):
    """A `models.Predictor`, as far as it is needed here. One call at a time."""

    name: str

    @property
    def device_title(self) -> str:
        """What computes, for people."""

    def predict(self, pixels: NDArray[np.uint8]) -> SaliencyMap:
        """Where people will look in a frame."""
