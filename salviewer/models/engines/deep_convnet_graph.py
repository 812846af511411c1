"""The Deep ConvNet as an OpenVINO graph; `salviewer.models.deep_convnet` is the same network in torch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from salviewer.models.architectures import Output
from salviewer.models.engines.graph import (
    Array,
    Graph,
    Rows,
    Value,
    Weights,
    from_rows,
    tiled_convolution,
    to_rows,
)
from salviewer.models.engines.minimal_filtering import evaluated_kernels, plan
from salviewer.models.engines.runtime import Precision
from salviewer.models.tables import LAYERS


def build(weights: Weights, input_size: tuple[int, int], output: Output, precision: Precision) -> Any:
    """Build an ``openvino.Model``: uint8 (1, h, w, 3), and `kernels` if apart, to densities (1, h', w').

    Convolutions are plain: minimal filtering does not pay for the first layer, with few inputs, and the last,
    with few outputs, and would lose too many digits in bfloat16.

    Raises:
        KeyError: weights are missing.
    """
    graph = Graph(input_size, weights.apart)
    ops, x = graph.ops, convolved(graph, weights, precision, len(LAYERS))
    weight = graph.constant(weights["upsample.weight"])
    one = graph.constant(np.array([0, 0, 1, 1]))
    x = ops.pad(x, one, one, "edge")  # four more pixels of padding cut it off again
    raw = ops.convolution_backprop_data(x, weight, [4, 4], None, [6, 6], [6, 6], [1, 1])
    return graph.finish(raw, output)


def kernels(weights: Weights) -> Iterator[Array]:
    """Yield what the graph in float32 takes after the picture: evaluated kernels, (n, inputs, outputs).

    Raises:
        KeyError: weights are missing.
    """
    for place, (_, kernel, _) in list(zip(_places(), LAYERS, strict=True))[1:-1]:
        yield from evaluated_kernels(weights[f"features.{place}.weight"], plan(kernel, 1, 1))


def _places() -> list[int]:
    """Return the number of each convolution among all layers: ReLU, normalisation and pooling count too."""
    found, place = [], 0
    for index, (_, _, pooled) in enumerate(LAYERS):
        found.append(place)
        place += 2 + (index == 0) + pooled
    return found


def convolved(graph: Graph, weights: Weights, precision: Precision, count: int) -> Value:
    """Return what the first ``count`` convolutions make of the picture, (1, channels, h, w).

    Raises:
        KeyError: weights are missing.
    """
    ops, x = graph.ops, graph.stimulus
    plain = precision == "bf16"
    for index, (place, (_, _, pooled)) in enumerate(zip(_places()[:count], LAYERS[:count], strict=True)):
        weight, bias = weights[f"features.{place}.weight"], weights[f"features.{place}.bias"]
        first, last = index == 0, index == len(LAYERS) - 1
        if plain:
            x = graph.convolution(x, weight, bias)
            x = x if first or last else ops.relu(x)
        elif first or last:
            x = graph.convolution(from_rows(graph, x) if last else x, weight, bias)
        else:
            x = tiled_convolution(graph, to_rows(graph, x) if LAYERS[index - 1][2] else x, weight, bias)
        if first:
            x = ops.lrn(ops.relu(x), graph.constant(np.array([1])), alpha=1e-4, beta=0.75, bias=1.0, size=5)
        if pooled:
            x = graph.pooled(x if first or plain else from_rows(graph, x))
    return from_rows(graph, x) if isinstance(x, Rows) else x
