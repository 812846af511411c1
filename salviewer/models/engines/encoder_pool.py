"""Mean features of live_net's encoder, a vector a picture: what the kind of a picture is found by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.models.engines import runtime

TAKEN = (2, 3)
"""Of the encoder's four features: those at strides 16 and 32."""

CHANNELS = 112 + 320
"""Of the vector: the channels of both."""

Pool = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""One picture, uint8 (h, w, 3), to float32 (``CHANNELS``,)."""


def make_pool(weights: Mapping[str, NDArray[Any]], size: tuple[int, int]) -> Pool:
    """Make it with OpenVINO where that is installed, else with torch, on the processor.

    Args:
        weights: of a live_net, from `read_arrays`.
        size: (height, width) of the pictures it will be given.
    """
    return with_openvino(weights, size) if runtime.present() else with_torch(weights)


def with_openvino(weights: Mapping[str, NDArray[Any]], size: tuple[int, int]) -> Pool:
    """Compile the encoder in float32; not kept in the cache, for it is small."""
    from salviewer.models.engines.graph import Graph, Weights
    from salviewer.models.engines.live_net_graph import encoder

    graph = Graph(size)
    features = encoder(graph, Weights(weights))
    sides = graph.constant(np.array([2, 3]))
    means = [graph.ops.reduce_mean(features[place], sides, False) for place in TAKEN]
    model = runtime.openvino().Model([graph.ops.concat(means, 1)], [graph.input], "kinds")
    compiled = runtime.core().compile_model(model, "CPU", runtime.settings("f32"))

    def pool(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = compiled([picture[None]])[0][0].copy()
        return vector

    return pool


def with_torch(weights: Mapping[str, NDArray[Any]]) -> Pool:
    """Do the same with torch."""
    import torch

    from salviewer.models.checkpoints import to_tensor
    from salviewer.models.lite_encoder import LiteEncoder
    from salviewer.models.preprocess import normalised

    network = LiteEncoder()
    own = {name: value for name, value in weights.items() if name.startswith("encoder.")}
    network.load_state_dict(
        {name[len("encoder.") :]: to_tensor(value).float() for name, value in own.items()}
    )
    network.eval()

    def pool(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        with torch.inference_mode():
            x = torch.from_numpy(normalised(picture)).permute(2, 0, 1)[None]
            features = network(x)
            vector: NDArray[np.float32] = torch.cat([features[place].mean((2, 3)) for place in TAKEN], 1)[
                0
            ].numpy()
        return vector

    return pool
