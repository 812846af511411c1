"""live_net as an OpenVINO graph; `salviewer.models.live_net` is the same network in torch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.models.architectures import Output
from salviewer.models.engines.graph import Array, Graph, Value, Weights
from salviewer.models.engines.runtime import Precision, openvino
from salviewer.models.tables import (
    BLUR_SIGMA,
    DECODER_EPSILON,
    ENCODER_EPSILON,
    LITE0,
    LITE2,
    MEMORY_RATE,
    MEMORY_RATES,
    MEMORY_STEP,
    TAPS,
    Stages,
    live_net_recurrent_state,
)


def build(weights: Weights, input_size: tuple[int, int], output: Output, precision: Precision) -> Any:
    """Build an ``openvino.Model``: uint8 (1, h, w, 3) to densities (1, h', w').

    Batch normalisation is folded into the convolutions before it. The graph is the same in every precision.

    Raises:
        KeyError: weights are missing.
    """
    return _build(weights, input_size, output, LITE0)


def build_large(weights: Weights, input_size: tuple[int, int], output: Output, precision: Precision) -> Any:
    """Build the graph of `salviewer.models.live_net.LargeLiveNet`, as `build` does."""
    return _build(weights, input_size, output, LITE2)


def build_recurrent(
    weights: Weights, input_size: tuple[int, int], output: Output, precision: Precision
) -> Any:
    """Build the graph of `salviewer.models.live_net_recurrent.LiveNetRecurrent`.

    Its inputs are ``stimulus``, ``state`` and ``seconds`` (1,), its outputs a density and the new state.
    """
    net = Layers(Graph(input_size), weights)
    graph, ops = net.graph, net.graph.ops
    x = net.features(LITE0)
    state = ops.parameter([1, *live_net_recurrent_state(input_size)], np.float32, name="state")
    seconds = ops.parameter([1], np.float32, name="seconds")
    x, after = net.remember(x, state, seconds)
    density = graph.density(net.logits(x, input_size, output), output)
    return openvino().Model([density, after], [graph.input, state, seconds], "salviewer")


def build_features(weights: Weights, input_size: tuple[int, int]) -> Any:
    """Build live_net up to its decoder, for training what comes after: features, (1, 64, h / 4, w / 4)."""
    net = Layers(Graph(input_size), weights)
    return openvino().Model([net.features(LITE0)], [net.graph.input], "features")


def encoder(graph: Graph, weights: Weights) -> list[Value]:
    """Build live_net's encoder alone: features at strides 4, 8, 16 and 32 of the graph's picture."""
    return Layers(graph, weights).encoder(graph.stimulus, LITE0)


def _build(weights: Weights, input_size: tuple[int, int], output: Output, table: Stages) -> Any:
    net = Layers(Graph(input_size), weights)
    return net.graph.finish(net.logits(net.features(table), input_size, output), output)


def peak_at_0(graph: Graph, logits: Value) -> Value:
    """Take the highest logit from all, which changes no density: a softmax does not see a constant.

    bfloat16 has 8 digits, so logits around 5 are off by up to 0.016, and densities by 1.6 %, when they are
    raised. Around 0, where densities are high, next to nothing is lost: the largest difference from float32,
    as a share of the peak, falls from 0.037 to 0.017 (median of 99 val pictures).
    """
    sides = graph.constant(np.array([2, 3]))
    return graph.ops.subtract(logits, graph.ops.reduce_max(logits, sides, True))


class Layers:
    """The layers of live_net's encoder and decoder, from its weights."""

    def __init__(self, graph: Graph, weights: Weights) -> None:
        self.graph = graph
        self._weights = weights

    def encoder(self, x: Value, table: Stages, then: str = "") -> list[Value]:
        """Return the features at strides 4, 8, 16 and 32.

        Args:
            x: the picture.
            table: the stages.
            then: a 1x1 convolution that alone takes the features at stride 32. They are its output then: it
                is merged with the one before it.
        """
        x = self._relu6(self._normed(x, "encoder.stem.0", "encoder.stem.1", stride=2))
        features = []
        for stage, (expansion, _, stride, _, repeats) in enumerate(table):
            for block in range(repeats):
                name = f"encoder.stages.{stage}.{block}"
                last = then if stage == len(table) - 1 else ""  # of one block
                x = self._inverted_residual(x, name, expansion, stride if block == 0 else 1, block > 0, last)
            if stage in TAPS:
                features.append(x)
        return features

    def features(self, table: Stages) -> Value:
        """Return the decoder's features at stride 4."""
        graph, last = self.graph, len(TAPS) - 1
        features = self.encoder(graph.stimulus, table, f"laterals.{last}")
        top = self.separable(features[last], f"merges.{last}")
        for level in reversed(range(last)):
            lateral = self.plain(features[level], f"laterals.{level}")
            lateral = graph.ops.add(lateral, graph.resized(top, graph.size(lateral)))
            top = self.separable(lateral, f"merges.{level}")
        return self.separable(top, "refine")

    def logits(self, features: Value, size: tuple[int, int], output: Output) -> Value:
        """Return full-size logits from the decoder's features, up to a constant if they are log-densities."""
        graph = self.graph
        logits = self.plain(features, "head")
        prior = graph.resized(graph.constant(self._weights["prior"]), graph.size(logits))
        logits = graph.ops.add(logits, prior)
        if output == "logits":
            logits = peak_at_0(graph, logits)
        return raised(graph, logits, size)

    def remember(self, x: Value, state: Value, seconds: Value) -> tuple[Value, Value]:
        """Take a step of `salviewer.models.live_net_recurrent.Memory`: features for the head, new state."""
        graph, ops, weights = self.graph, self.graph.ops, self._weights

        def number(value: float) -> Value:
            return graph.constant(np.float32(value))

        u = graph.convolution(x, weights["memory.down.weight"], None, 2)
        seconds = ops.reshape(seconds, graph.constant(np.array([1, 1, 1, 1])), False)
        known = ops.convert(ops.greater_equal(seconds, number(0)), np.float32)
        d = ops.multiply(ops.subtract(state, u), known)
        passed = ops.relu(seconds)
        interval = ops.log(ops.divide(ops.maximum(passed, number(MEMORY_STEP)), number(MEMORY_RATE)))
        interval = ops.multiply(interval, graph.constant(weights["memory.interval"].reshape(1, -1, 1, 1)))
        compared = ops.add(self.plain(ops.concat([u, d], 1), "memory.compare"), interval)
        gates = self.plain(ops.relu(compared), "memory.gates")
        rate, reset = ops.split(gates, graph.constant(np.int64(1)), 2).outputs()
        rate = ops.exp(ops.clamp(rate, *MEMORY_RATES))
        kept = ops.exp(ops.multiply(ops.negative(ops.divide(passed, number(MEMORY_RATE))), rate))
        reset = ops.multiply(ops.sigmoid(reset), d)
        change = graph.convolution(reset, weights["memory.candidate.weight"], None)
        change = ops.add(change, ops.multiply(kept, ops.subtract(d, change)))
        raised = graph.resized(graph.convolution(change, weights["memory.up.weight"], None), graph.size(x))
        return ops.add(x, raised), ops.add(u, change)

    def plain(self, x: Value, name: str) -> Value:
        """Apply a convolution with bias."""
        return self.graph.convolution(x, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def separable(self, x: Value, name: str) -> Value:
        """Apply a depthwise, then a 1x1 convolution, normalisation and ReLU."""
        depthwise = self._weights[f"{name}.0.weight"]
        x = self.graph.convolution(x, depthwise, None, groups=len(depthwise))
        return self.graph.ops.relu(self._normed(x, f"{name}.1", f"{name}.2", epsilon=DECODER_EPSILON))

    def _inverted_residual(
        self, x: Value, name: str, expansion: int, stride: int, residual: bool, then: str
    ) -> Value:
        y = x
        if expansion > 1:
            y = self._relu6(self._normed(y, f"{name}.expand.0", f"{name}.expand.1"))
        y = self._relu6(
            self._normed(y, f"{name}.depthwise.0", f"{name}.depthwise.1", stride=stride, depthwise=True)
        )
        if then:
            return self._merged(y, f"{name}.project", then)
        y = self._normed(y, f"{name}.project.0", f"{name}.project.1")
        return self.graph.ops.add(x, y) if residual else y

    def _merged(self, x: Value, name: str, then: str) -> Value:
        """Apply a 1x1 convolution with normalisation and another without anything in between, as one."""
        weight, bias = self._folded(f"{name}.0", f"{name}.1", ENCODER_EPSILON)
        after, shift = (self._weights[f"{then}.{part}"].astype(np.float64) for part in ("weight", "bias"))
        after = after[:, :, 0, 0]
        both = (after @ weight[:, :, 0, 0]).astype(np.float32)[:, :, None, None]
        return self.graph.convolution(x, both, (after @ bias + shift).astype(np.float32))

    def _normed(
        self,
        x: Value,
        name: str,
        norm: str,
        *,
        stride: int = 1,
        depthwise: bool = False,
        epsilon: float = ENCODER_EPSILON,
    ) -> Value:
        weight, bias = self._folded(name, norm, epsilon)
        return self.graph.convolution(x, weight, bias, stride, len(weight) if depthwise else 1)

    def _folded(self, name: str, norm: str, epsilon: float) -> tuple[Array, Array]:
        """Return weight and bias of a convolution and the normalisation after it."""
        weight = self._weights[f"{name}.weight"]
        spread = np.sqrt(self._weights[f"{norm}.running_var"] + np.float32(epsilon))
        gain = self._weights[f"{norm}.weight"] / spread
        bias = self._weights[f"{norm}.bias"] - self._weights[f"{norm}.running_mean"] * gain
        return weight * gain[:, None, None, None], bias

    def _relu6(self, x: Value) -> Value:
        return self.graph.ops.clamp(x, 0.0, 6.0)


def raised(graph: Graph, logits: Value, size: tuple[int, int]) -> Value:
    """Resize to full size bilinearly and blur, as `salviewer.models.live_net.raise_smoothly` does.

    Both are linear and separable, so one matrix per side does it all.
    """
    height, width = graph.size(logits)
    down = graph.constant(_raising(height, size[0]).astype(np.float32))
    right = graph.constant(_raising(width, size[1]).astype(np.float32))
    return graph.ops.matmul(graph.ops.matmul(down, logits, False, False), right, False, True)


def _raising(length: int, full: int) -> NDArray[np.float64]:
    """Return (full, length): bilinear resizing (half-pixel centres, repeated edges), then the Gaussian."""
    at = np.clip((np.arange(full) + 0.5) * length / full - 0.5, 0, length - 1)
    cells = np.arange(length)
    resized = np.maximum(1 - np.abs(at[:, None] - cells), 0)
    radius = math.ceil(3 * BLUR_SIGMA)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / BLUR_SIGMA) ** 2)
    padded = np.pad(resized, ((radius, radius), (0, 0)), "edge")
    blurred = sum(share * padded[tap : tap + full] for tap, share in enumerate(kernel / kernel.sum()))
    return np.asarray(blurred, np.float64)
