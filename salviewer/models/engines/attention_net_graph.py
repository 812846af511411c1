"""attention_net as an OpenVINO graph; `salviewer.models.attention_net` is the same network in torch."""

from __future__ import annotations

from typing import Any

import numpy as np

from salviewer.models.architectures import Output
from salviewer.models.engines.graph import Graph, Value, Weights
from salviewer.models.engines.live_net_graph import Layers, peak_at_0, raised
from salviewer.models.engines.runtime import Precision
from salviewer.models.tables import (
    ATTENTION_HEADS,
    ATTENTION_LAYERS,
    ATTENTION_LEVELS,
    ATTENTION_WIDTH,
    FREQUENCIES,
    LITE2,
    PRIOR_SIZE,
    PRIORS,
    TAPS,
)

_EPSILON = 1e-5


def build(weights: Weights, input_size: tuple[int, int], output: Output, precision: Precision) -> Any:
    """Build an ``openvino.Model``: uint8 (1, h, w, 3) and true width / height (1,) to densities (1, h, w).

    The graph is the same in every precision.

    Raises:
        KeyError: weights are missing.
    """
    graph = Graph(input_size)
    net, attention = Layers(graph, weights), _Attention(graph, weights)
    features = net.encoder(graph.stimulus, LITE2)
    aspect = graph.ops.parameter([1], np.float32, name="aspect")
    graph.others.append(aspect)
    parts, sizes = [], []
    for index, level in enumerate(ATTENTION_LEVELS):
        entered = net.plain(features[level], f"entries.{index}")
        size = graph.size(entered)
        sizes.append(size)
        rows = attention.rows(entered)
        parts.append(graph.ops.add(rows, attention.places(size, aspect, level)))
    tokens = graph.ops.concat(parts, 0)
    for index in range(ATTENTION_LAYERS):
        tokens = attention.layer(tokens, f"layers.{index}")
    tokens = attention.normed(tokens, "norm")
    begin = 0
    for level, (height, width) in zip(ATTENTION_LEVELS, sizes, strict=True):
        features[level] = attention.grid(tokens, begin, height, width)
        begin += height * width
    top = None
    for level in reversed(range(len(TAPS))):
        lateral = net.plain(features[level], f"laterals.{level}")
        if top is not None:
            lateral = graph.ops.add(lateral, graph.resized(top, graph.size(lateral)))
        top = net.separable(lateral, f"merges.{level}")
    logits = net.plain(net.separable(top, "refine"), "head")
    logits = graph.ops.add(logits, graph.resized(attention.prior(tokens), graph.size(logits)))
    if output == "logits":
        logits = peak_at_0(graph, logits)
    return graph.finish(raised(graph, logits, input_size), output)


class _Attention:
    """The transformer's layers; tokens are (t, channels)."""

    def __init__(self, graph: Graph, weights: Weights) -> None:
        self._graph, self._ops, self._weights = graph, graph.ops, weights

    def rows(self, x: Value) -> Value:
        """Convert (1, channels, h, w) to tokens."""
        height, width = self._graph.size(x)
        return self._turned(self._shaped(x, ATTENTION_WIDTH, height * width), 1, 0)

    def grid(self, tokens: Value, begin: int, height: int, width: int) -> Value:
        """Convert some of the tokens to (1, channels, h, w)."""
        some = self._graph.constant(np.arange(begin, begin + height * width))
        part = self._ops.gather(tokens, some, self._graph.constant(np.int64(0)))
        return self._shaped(self._turned(part, 1, 0), 1, ATTENTION_WIDTH, height, width)

    def places(self, size: tuple[int, int], aspect: Value, level: int) -> Value:
        """Return what the places of a grid add to its tokens; see `attention_net.position_waves`."""
        height, width = size
        rows, columns = ((np.arange(side, dtype=np.float32) + 0.5) / side - 0.5 for side in size)
        frequencies = np.float32(np.pi) * 40 ** (np.arange(FREQUENCIES, dtype=np.float32) / (FREQUENCIES - 1))
        down = np.repeat(rows, width)[:, None] * frequencies
        right = np.tile(columns, height)[:, None] * frequencies
        side = self._ops.sqrt(aspect)
        angles = self._ops.concat(
            [
                self._ops.divide(self._constant(down), side),
                self._ops.multiply(self._constant(right), side),
            ],
            1,
        )
        ones = np.ones((height * width, 1), np.float32)
        last = self._ops.multiply(self._constant(ones), self._ops.log(aspect))
        marks = [self._constant(ones * float(level == one)) for one in ATTENTION_LEVELS]
        waves = self._ops.concat([self._ops.sin(angles), self._ops.cos(angles), last, *marks], 1)
        return self._linear(waves, "positions")

    def layer(self, x: Value, name: str) -> Value:
        """Apply an `attention_net.AttentionLayer`."""
        ops, head = self._ops, ATTENTION_WIDTH // ATTENTION_HEADS
        count = x.shape[0]
        every = self._linear(self.normed(x, f"{name}.before"), f"{name}.query_key_value")
        every = self._turned(self._shaped(every, count, 3, ATTENTION_HEADS, head), 1, 2, 0, 3)
        query, key, value = (
            self._ops.gather(every, self._graph.constant(np.int64(part)), self._graph.constant(np.int64(0)))
            for part in range(3)
        )
        query = ops.multiply(query, self._constant(np.float32(head**-0.5)))
        attention = ops.softmax(ops.matmul(query, key, False, True), 2)
        mixed = self._turned(ops.matmul(attention, value, False, False), 1, 0, 2)
        x = ops.add(x, self._linear(self._shaped(mixed, count, ATTENTION_WIDTH), f"{name}.output"))
        wide = ops.relu(self._linear(self.normed(x, f"{name}.between"), f"{name}.widen"))
        return ops.add(x, self._linear(wide, f"{name}.narrow"))

    def normed(self, x: Value, name: str) -> Value:
        """Apply layer normalisation."""
        channels = self._graph.constant(np.array([1]))
        x = self._ops.mvn(x, channels, True, _EPSILON, "inside_sqrt")
        x = self._ops.multiply(x, self._constant(self._weights[f"{name}.weight"][None]))
        return self._ops.add(x, self._constant(self._weights[f"{name}.bias"][None]))

    def prior(self, tokens: Value) -> Value:
        """Return the mixture of the priors, (1, 1, h, w)."""
        mean = self._ops.reduce_mean(tokens, self._graph.constant(np.array([0])), True)
        shares = self._ops.softmax(self._linear(mean, "gate"), 1)
        flat = self._weights["priors"].reshape(PRIORS, -1)
        mixed = self._ops.matmul(shares, self._constant(flat), False, False)
        return self._shaped(mixed, 1, 1, *PRIOR_SIZE)

    def _linear(self, x: Value, name: str) -> Value:
        y = self._ops.matmul(x, self._constant(self._weights[f"{name}.weight"]), False, True)
        return self._ops.add(y, self._constant(self._weights[f"{name}.bias"][None]))

    def _constant(self, value: Any) -> Value:
        return self._graph.constant(np.asarray(value, np.float32))

    def _shaped(self, x: Value, *shape: int) -> Value:
        return self._ops.reshape(x, self._graph.constant(np.array(shape)), False)

    def _turned(self, x: Value, *order: int) -> Value:
        return self._ops.transpose(x, self._graph.constant(np.array(order)))
