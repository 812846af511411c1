"""Build OpenVINO graphs from arrays: the layers of our networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.models.architectures import Output
from salviewer.models.engines.minimal_filtering import (
    TILE,
    Plan,
    bilinear,
    evaluated_kernels,
    pixel_rows,
    plan,
)
from salviewer.models.engines.runtime import openvino, operations
from salviewer.models.preprocess import MEAN, STD

Array = NDArray[np.float32]
Value = Any
"""An output of an OpenVINO node; channels first unless stated otherwise."""


def shape_of(value: Value) -> tuple[int, ...]:
    """Return the shape of a node or of one of its outputs."""
    output = value.output(0) if hasattr(value, "output") else value
    return tuple(output.shape)


class Weights:
    """A network's arrays by name; keeps track of those that were used.

    Attributes:
        apart: whether a graph takes evaluated kernels as inputs after all others, instead of as constants.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], apart: bool = False) -> None:
        self._arrays = arrays
        self.apart = apart
        self.left = {name for name in arrays if not name.endswith("num_batches_tracked")}

    def __getitem__(self, name: str) -> Array:
        """Return an array as float32.

        Raises:
            KeyError: there is none of that name.
        """
        self.left.discard(name)
        return self._arrays[name].astype(np.float32)


class Graph:
    """Builds the graph of one network for one picture: uint8 (1, h, w, 3) in, density (1, h', w') out.

    Attributes:
        input: the parameter that takes the picture.
        stimulus: the picture as networks see it, float32 (1, 3, h, w), in -1..1.
        others: parameters beside the picture, in the order in which they are given.
        kernels: parameters for evaluated kernels, which come last; empty if they are constants.
    """

    def __init__(self, input_size: tuple[int, int], apart: bool = False) -> None:
        self.ops: Any = operations()
        self.input = self.ops.parameter([1, *input_size, 3], np.uint8, name="stimulus")
        pixels = self.ops.convert(self.input, np.float32)
        scaled = self.ops.multiply(pixels, self.constant(np.float32(1 / (255 * STD))))
        centred = self.ops.subtract(scaled, self.constant(np.float32(MEAN / STD)))
        self.others: list[Value] = []
        self.kernels: list[Value] = []
        self._apart = apart
        self.stimulus: Value = self.ops.transpose(centred, self.constant(np.array([0, 3, 1, 2])))

    def constant(self, value: NDArray[np.generic] | np.generic) -> Value:
        """Return a node for an array."""
        return self.ops.constant(np.asarray(value))

    def finish(self, raw: Value, output: Output) -> Any:
        """Complete the graph as an ``openvino.Model``, from the network's raw output (1, 1, h', w').

        Densities are those of `salviewer.models.engines.torch_engine.density`.
        """
        inputs = [self.input, *self.others, *self.kernels]
        return openvino().Model([self.density(raw, output)], inputs, "salviewer")

    def evaluated(self, weight: Array, tiling: Plan) -> list[Value]:
        """Return the blocks of a kernel as `evaluated_kernels` evaluates them, or inputs for them."""
        if not self._apart:
            return [self.constant(block) for block in evaluated_kernels(weight, tiling)]
        outputs, inputs = weight.shape[:2]
        shape = [tiling.points**2, inputs, outputs]
        made = [self.ops.parameter(shape, np.float32) for _ in range(tiling.blocks**2)]
        self.kernels += made
        return made

    def density(self, raw: Value, output: Output) -> Value:
        """Return (1, h', w') densities from the raw output (1, 1, h', w')."""
        ops = self.ops
        height, width = self.size(raw)
        flat = ops.reshape(raw, self.constant(np.array([1, height * width])), False)
        if output == "logits":
            result = ops.softmax(flat, 1)
        else:
            flat = ops.relu(flat)
            total = ops.reduce_sum(flat, self.constant(np.array([1])), True)
            shares = ops.divide(flat, ops.maximum(total, self.constant(np.float32(1e-30))))
            some = ops.greater(total, self.constant(np.float32(0)))
            result = ops.select(some, shares, self.constant(np.float32(1 / (height * width))))
        return ops.reshape(result, self.constant(np.array([1, height, width])), False)

    @staticmethod
    def size(value: Value) -> tuple[int, int]:
        """Return (height, width)."""
        shape = shape_of(value)
        return shape[2], shape[3]

    def convolution(
        self, x: Value, weight: Array, bias: Array | None, stride: int = 1, groups: int = 1
    ) -> Value:
        """Convolve with TensorFlow's "same" padding: an odd pixel goes to the right and lower border."""
        kernel = weight.shape[-1]
        begin, end = [], []
        for length in self.size(x):
            total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
            begin.append(total // 2)
            end.append(total - total // 2)
        how = self.ops.convolution
        if groups > 1:
            how, weight = self.ops.group_convolution, weight.reshape(groups, -1, *weight.shape[1:])
        y = how(x, self.constant(weight), [stride, stride], begin, end, [1, 1])
        return y if bias is None else self.ops.add(y, self.constant(bias.reshape(1, -1, 1, 1)))

    def pooled(self, x: Value) -> Value:
        """Apply max pooling, 3x3, stride 2, without padding."""
        pooled = self.ops.max_pool(x, [2, 2], [1, 1], [0, 0], [0, 0], [3, 3], "floor")
        return pooled.output(0)

    def resized(self, x: Value, size: tuple[int, int]) -> Value:
        """Resize bilinearly, as torch's ``interpolate`` with ``align_corners=False``."""
        return self.ops.interpolate(
            x,
            self.constant(np.array(size)),
            "linear_onnx",
            "sizes",
            axes=self.constant(np.array([2, 3])),
            coordinate_transformation_mode="half_pixel",
        )


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A layer as a list of pixels, (rows, channels), in the order of `order`.

    Attributes:
        value: the node.
        order: int (height, width), the row of each pixel.
    """

    value: Value
    order: NDArray[np.int32]

    @property
    def channels(self) -> int:
        """The number of channels."""
        return shape_of(self.value)[1]


def to_rows(graph: Graph, x: Value) -> Rows:
    """Convert from channels first to rows."""
    ops, (height, width) = graph.ops, graph.size(x)
    channels = shape_of(x)[1]
    y = ops.reshape(x, graph.constant(np.array([channels, height * width])), False)
    y = ops.transpose(y, graph.constant(np.array([1, 0])))
    return Rows(y, np.arange(height * width, dtype=np.int32).reshape(height, width))


def from_rows(graph: Graph, rows: Rows) -> Value:
    """Convert back to channels first."""
    ops, (height, width) = graph.ops, rows.order.shape
    y = ops.gather(rows.value, graph.constant(rows.order.ravel()), graph.constant(np.int64(0)))
    y = ops.transpose(y, graph.constant(np.array([1, 0])))
    return ops.reshape(y, graph.constant(np.array([1, rows.channels, height, width])), False)


def tiled_convolution(graph: Graph, x: Rows, weight: Array, bias: Array) -> Rows:
    """Convolve (odd kernel, "same" padding) and apply ReLU, by `minimal_filtering`."""
    ops = graph.ops
    height, width = x.order.shape
    tiling = plan(weight.shape[2], height, width)
    matrices = bilinear(TILE, tiling.taps)
    points, (down, right) = tiling.points, tiling.tiles
    y = _inputs_of_tiles(graph, x, tiling)
    length = down * right * x.channels
    once = graph.constant(matrices.inputs.astype(np.float32))
    each = graph.constant(matrices.inputs.astype(np.float32)[None])
    y = ops.matmul(once, _shaped(graph, y, points, points * length), False, False)
    y = ops.matmul(each, _shaped(graph, y, points, points, length), False, False)
    y = _products(graph, y, tiling, x.channels, weight)
    both = np.einsum("ai,bj->abij", matrices.outputs, matrices.outputs).reshape(TILE**2, points**2)
    cells = tiling.grid[0] * tiling.grid[1]
    outputs = weight.shape[0]
    y = _shaped(graph, y, points**2, cells * outputs)
    y = ops.matmul(graph.constant(both.astype(np.float32)), y, False, False)
    y = ops.add(_shaped(graph, y, TILE**2 * cells, outputs), graph.constant(bias[None]))
    return Rows(ops.relu(y), pixel_rows(tiling, height, width))


def _inputs_of_tiles(graph: Graph, x: Rows, tiling: Plan) -> Value:
    count = shape_of(x.value)[0]
    order = np.append(x.order.ravel(), np.int32(count))
    zero = graph.constant(np.zeros((1, x.channels), np.float32))
    padded = graph.ops.concat([x.value, zero], 0)
    return graph.ops.gather(padded, graph.constant(order[tiling.rows]), graph.constant(np.int64(0)))


def _products(graph: Graph, y: Value, tiling: Plan, channels: int, weight: Array) -> Value:
    """Sum the blocks' products at each point: (points^2, grid cells, output channels)."""
    ops, (rows, columns) = graph.ops, tiling.grid
    points = tiling.points**2
    kernels = graph.evaluated(weight, tiling)
    if tiling.blocks == 1:
        y = _shaped(graph, y, points, rows * columns, channels)
        return ops.matmul(y, kernels[0], False, False)
    y = _shaped(graph, y, points, *tiling.tiles, channels)
    total = None
    for index, kernel in enumerate(kernels):
        top, left = divmod(index, tiling.blocks)
        corners = [np.array(c) for c in ((top, left), (top + rows, left + columns), (1, 1), (1, 2))]
        part = ops.slice(y, *(graph.constant(corner) for corner in corners))
        part = _shaped(graph, part, points, rows * columns, channels)
        product = ops.matmul(part, kernel, False, False)
        total = product if total is None else ops.add(total, product)
    return total


def _shaped(graph: Graph, x: Value, *shape: int) -> Value:
    return graph.ops.reshape(x, graph.constant(np.array(shape)), False)
