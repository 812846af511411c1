"""The Deep ConvNet with OpenVINO's own convolutions, to compare minimal filtering with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import checkout  # noqa: F401
import numpy as np
from numpy.typing import NDArray

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.engines import runtime
from salviewer.models.engines.graph import Graph, Value, Weights
from salviewer.models.engines.runtime import Precision
from salviewer.models.tables import LAYERS

Array = NDArray[np.float32]
Run = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


def plain_deep_convnet(weights: Weights) -> Any:
    """Build an ``openvino.Model`` with the inputs and outputs of ours."""
    return graph_of(weights, lambda graph, x, weight, bias: graph.convolution(x, weight, bias))


def graph_of(weights: Weights, convolve: Callable[[Graph, Value, Array, Array], Value]) -> Any:
    """Build it with other convolutions; ``convolve`` gets graph, value, weight and bias."""
    graph = Graph(ARCHITECTURES["deep_convnet"].input_size)
    ops, x, place = graph.ops, graph.stimulus, 0
    for index, (_, _, pooled) in enumerate(LAYERS):
        x = convolve(graph, x, weights[f"features.{place}.weight"], weights[f"features.{place}.bias"])
        x = ops.relu(x) if index < len(LAYERS) - 1 else x
        if index == 0:
            x = ops.lrn(x, graph.constant(np.array([1])), alpha=1e-4, beta=0.75, bias=1.0, size=5)
        x = graph.pooled(x) if pooled else x
        place += 2 + (index == 0) + pooled
    kernel = graph.constant(weights["upsample.weight"])
    raw = ops.convolution_backprop_data(x, kernel, [4, 4], None, [2, 2], [2, 2], [1, 1])
    return graph.finish(raw, "logits")


def compiled(model: Any, precision: Precision = "f32") -> Run:
    """Compile it for batches in sequence, with our engine's threads."""
    request = runtime.core().compile_model(model, "CPU", runtime.settings(precision)).create_infer_request()
    return lambda stimuli: np.stack([request.infer([one[None]])[0][0].copy() for one in stimuli])
