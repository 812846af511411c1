import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import correlate

from salviewer.models.engines.graph import Graph, from_rows, shape_of, tiled_convolution, to_rows
from salviewer.models.engines.minimal_filtering import TILE, bilinear, plan
from salviewer.models.engines.runtime import core, openvino, settings

Array = NDArray[np.float32]


@pytest.mark.parametrize("taps", [1, 2, 3, 4, 5])
def test_the_matrices_compute_every_filter(taps: int) -> None:
    rng = np.random.default_rng(taps)
    x, g = rng.standard_normal(TILE + taps - 1), rng.standard_normal(taps)
    matrices = bilinear(TILE, taps)
    y = matrices.outputs @ ((matrices.kernels @ g) * (matrices.inputs @ x))
    assert np.allclose(y, np.correlate(x, g, "valid"), atol=1e-12)


def tiled(x: Array, *layers: tuple[Array, Array]) -> Array:
    """Through OpenVINO, one layer after another without a change of order in between."""
    graph = Graph((8, 8))
    source = graph.ops.parameter(list(x.shape), np.float32)
    rows = to_rows(graph, source)
    for weight, bias in layers:
        rows = tiled_convolution(graph, rows, weight, bias)
    model = openvino().Model([from_rows(graph, rows)], [source], "layers")
    result: Array = core().compile_model(model, "CPU", settings("f32")).create_infer_request().infer([x])[0]
    return result


def direct(x: Array, weight: Array, bias: Array) -> Array:
    """The definition: a correlation with zeros around, in double precision, then ReLU."""
    channels = [
        sum(correlate(a.astype(np.float64), b, "same", "direct") for a, b in zip(x[0], kernel, strict=True))
        + c
        for kernel, c in zip(weight, bias, strict=True)
    ]
    return np.maximum(np.stack(channels)[None], 0)


def layer(rng: np.random.Generator, outputs: int, inputs: int, kernel: int) -> tuple[Array, Array]:
    weight = rng.standard_normal((outputs, inputs, kernel, kernel)) / np.sqrt(inputs * kernel**2)
    return weight.astype(np.float32), rng.standard_normal(outputs).astype(np.float32)


@pytest.mark.parametrize("kernel", [3, 5, 7, 11, 13])
@pytest.mark.parametrize("size", [(1, 1), (5, 16), (15, 22)])
def test_tiles_give_the_convolution(kernel: int, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(kernel)
    x = rng.standard_normal((1, 6, *size)).astype(np.float32)
    weights = layer(rng, 4, 6, kernel)
    assert np.abs(tiled(x, weights) - direct(x, *weights)).max() < 2e-5


def test_a_layer_reads_the_order_in_which_the_one_before_left_its_pixels() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, 3, 13, 10)).astype(np.float32)
    layers = layer(rng, 5, 3, 5), layer(rng, 4, 5, 7), layer(rng, 3, 4, 3)
    expected = x
    for one in layers:
        expected = direct(expected, *one).astype(np.float32)
    assert np.abs(tiled(x, *layers) - expected).max() < 5e-5


def test_a_plan_reads_every_pixel_and_no_other() -> None:
    tiling = plan(7, 9, 6)
    assert (tiling.blocks, tiling.points) == (2, 7)
    assert set(tiling.rows) == set(range(9 * 6 + 1))
    assert shape_of(Graph((4, 4)).stimulus) == (1, 3, 4, 4)
