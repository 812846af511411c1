"""live_net in two parts: features of frames, computed once, and the map that its head makes of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from salviewer.models.catalog import find_model
from salviewer.models.engines import runtime
from salviewer.models.engines.graph import Weights
from salviewer.models.engines.live_net_graph import build_features
from salviewer.models.reading import read_arrays

SIZE = (240, 320)


class Teacher:
    """The shipped live_net on one thread.

    Attributes:
        weights: its arrays by name.
    """

    def __init__(self, model: str | Path = "live_net", threads: int = 1) -> None:
        self.weights = read_arrays(find_model(model))[1]
        settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1}
        graph = build_features(Weights(self.weights), SIZE)
        self._request = runtime.core().compile_model(graph, "CPU", settings).create_infer_request()
        self._head = self.weights["head.weight"].astype(np.float32)[0, :, 0, 0]
        self._prior = _raised(self.weights["prior"].astype(np.float32)[0, 0])

    def features(self, frames: np.ndarray) -> np.ndarray:
        """Return float32 (n, 64, 60, 80) of uint8 (n, 240, 320, 3)."""
        return np.stack(
            [self._request.infer([frame[None]], share_inputs=True)[0][0].copy() for frame in frames]
        )

    def maps_of(self, features: np.ndarray) -> np.ndarray:
        """Return densities at the features' size, (n, 60, 80), before they are raised and blurred."""
        logits = np.einsum("c,nchw->nhw", self._head, features) + self._prior
        full = np.exp(logits - logits.max((1, 2), keepdims=True))
        densities: np.ndarray = full / full.sum((1, 2), keepdims=True)
        return densities

    def maps(self, frames: np.ndarray) -> np.ndarray:
        """Return `maps_of` the `features` of frames."""
        return self.maps_of(self.features(frames))


def _raised(prior: np.ndarray) -> np.ndarray:
    import torch
    import torch.nn.functional as F

    size = (SIZE[0] // 4, SIZE[1] // 4)
    full = F.interpolate(torch.from_numpy(prior)[None, None], size=size, mode="bilinear", align_corners=False)
    return full[0, 0].numpy()
